"""``check``: every site judged, from the cache where none of its files changed, on all cores where many did.

The cache only saves time: nothing that is sent to a device is ever made from it.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import current_process, get_context
from pathlib import Path

from punchdown.compiler import Claim, Judgement, check_claims, judge
from punchdown.errors import InputError
from punchdown.loader import Files, load_site, misnamed, read_head, site_paths, stray
from punchdown.model import Diagnostic
from punchdown.model.diagnostics import in_order
from punchdown.pipeline.cache import Cache, Entry
from punchdown.pipeline.memory import few_collections
from punchdown.pipeline.select import Selection
from punchdown.values import DeviceReport, Finding, Report, Severity, finding_id

_WORTH_A_PROCESS = 40
"""Sites below which another process costs more than it saves."""


@few_collections()
def check(estate: Path, selection: Selection, now: str, *, cache: Path | None = None,
          workers: int | None = None) -> Report:
    """Load, validate and cross-check everything; no device is touched and nothing is rendered.

    Args:
        now: ISO 8601; on its day waivers must count.
        cache: folder of what was found the last time; None: look at every site anew.
        workers: processes; None: as many as there are cores.

    Raises:
        InputError: the definition is wrong, all faults at once.
        PlanError: the selection takes no device, or names what is not there.
    """
    files = Files(estate.absolute())
    name = read_head(files).estate
    judged = _judgements(files, site_paths(files), cache, workers or _cores())
    between = _between(files, list(judged.values()))
    day = now[:10]
    told = [*(item for site in judged.values() for item in site.diagnostics if item.counts(day)), *between]
    if any(item.severity == "error" for item in told):
        raise InputError(in_order(told))
    rows = tuple(
        DeviceReport(device.name, item.site, device.platform, device.role, "in-order")
        for item in sorted(judged.values(), key=lambda item: item.site) for device in item.devices
        if selection.names(item.site, device.name, device.role, device.platform))
    selection.require([(item.site, device.name, device.role, device.platform)
                       for item in judged.values() for device in item.devices])
    chosen = {row.site for row in rows}
    warnings = in_order([*(item for site in judged.values() if site.site in chosen for item in site.diagnostics
                           if item.counts(day)), *between])
    return Report("check", name, now, rows, tuple(map(_warning, warnings)))


def _cores() -> int:
    """Processes that may be used: one where this one may have no children, or has threads that a fork would lose."""
    alone = threading.active_count() == 1 and not current_process().daemon
    return len(os.sched_getaffinity(0)) if alone else 1


def _between(files: Files, judged: list[Judgement]) -> list[Diagnostic]:
    """What the sites say against one another, and the files that look like sites and are none."""
    paths = {path.stem: path for path in site_paths(files)}

    def excerpt(claim: Claim) -> str:
        loaded = load_site(files, paths.get(claim.site, files.root / claim.position.file))
        return "" if isinstance(loaded, list) else loaded.positions.excerpt(claim.position)

    return [*check_claims((claim for item in judged for claim in item.claims), excerpt), *stray(files)]


def _warning(item: Diagnostic) -> Finding:
    return Finding(finding_id("check", item.code, item.message), "", "check", Severity.LOW,
                   f"{item.code}: {item.message}", expected=item.expected, position=item.position, hint=item.hint,
                   excerpt=item.excerpt)


def _judgements(files: Files, paths: list[Path], folder: Path | None, workers: int) -> dict[Path, Judgement]:
    """Path of a site to its judgement, sorted by path."""
    cache = Cache(folder, files) if folder is not None else None
    known = {path: entry for path in paths if cache and (entry := cache.fresh(path))}
    missing = [path for path in paths if path not in known]
    made = dict(_judged(files, missing, workers))
    if cache and (made or cache.size != len(paths)):
        cache.write({**known, **made})
    return {path: (known.get(path) or made[path]).judgement for path in paths}


def _judged(files: Files, paths: list[Path], workers: int) -> Iterable[tuple[Path, Entry]]:
    if workers < 2 or len(paths) < _WORTH_A_PROCESS:
        return _judge_some(files, paths)
    size = -(-len(paths) // (workers * 4))
    shares = [paths[start:start + size] for start in range(0, len(paths), size)]
    with ProcessPoolExecutor(workers, mp_context=get_context("fork")) as pool:
        return [pair for pairs in pool.map(_judge_share, ((files.root, share) for share in shares)) for pair in pairs]


def _judge_share(share: tuple[Path, list[Path]]) -> list[tuple[Path, Entry]]:
    root, paths = share
    return _judge_some(Files(root), paths)


def _judge_some(files: Files, paths: list[Path]) -> list[tuple[Path, Entry]]:
    return [(path, _judge_one(files, path)) for path in paths]


def _judge_one(files: Files, path: Path) -> Entry:
    files.used.clear()
    loaded = load_site(files, path)
    if isinstance(loaded, list):
        return Entry((), Judgement("", diagnostics=tuple(loaded)))
    judged = judge(loaded, misnamed(loaded, path))
    files.forget(path)
    return Entry(files.inputs(), judged)
