"""``python bench/check.py [SITES ...]``: check, which renders nothing, against libyaml and pydantic alone, by size.

Every figure comes from a process of its own, so that memory is that of one job. ``check`` is what the verb does: read,
validate, judge each site, hold the sites against one another; once in one process, once on all cores.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml
from ground import keep
from many import DEVICES, PORTS, SWITCHES, make_many

from punchdown.compiler import check_claims, judge
from punchdown.loader import Files, load_site, site_paths
from punchdown.model.site import Site
from punchdown.pipeline import Selection, check
from punchdown.pipeline.memory import few_collections

NOW = "2026-01-01T00:00:00Z"
SIZES = (10, 30, 100, 300, 1000)
ROUNDS = 2


def processor(work: Callable[[], object]) -> float:
    """Seconds of processor time of one run in this process, so that others on the machine do not count."""
    start = time.process_time()
    work()
    return time.process_time() - start


def wall(work: Callable[[], object]) -> float:
    """Seconds that one waits for one run."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def warm_up() -> None:
    """Load what is loaded once: the platforms and the catalogue."""
    with tempfile.TemporaryDirectory() as folder:
        check(make_many(Path(folder) / "estate", 1), Selection(), NOW)


def bare(estate: Path) -> dict[str, float]:
    """libyaml and pydantic alone over the same files, with the same setting of the cycle collector."""
    paths = sorted((estate / "sites").glob("*.yml"))
    data: list[Any] = []
    with few_collections():
        read = processor(lambda: data.extend(yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader) for path in paths))
        validated = processor(lambda: [Site.model_validate(item) for item in data])
    return {"yaml": read, "pydantic": validated}


def stages(estate: Path) -> dict[str, float]:
    """The stages of a check, each over all sites."""
    warm_up()
    files = Files(estate)
    paths = site_paths(files)
    kept: dict[str, Any] = {}
    with few_collections():
        read = processor(lambda: [files.with_profiles(path) for path in paths])
        loaded = processor(lambda: kept.update(sites=[load_site(files, path) for path in paths]))
        judged = processor(lambda: kept.update(judged=[judge(site) for site in kept["sites"]]))
        claims = [claim for item in kept["judged"] for claim in item.claims]
        between = processor(lambda: check_claims(claims, lambda _claim: ""))
    return {"reading": read, "validation": loaded, "site checks": judged, "between sites": between}


def one_process(estate: Path) -> dict[str, float]:
    """The verb in this process."""
    warm_up()
    return {"check": processor(lambda: check(estate, Selection(), NOW, workers=1))}


def all_cores(estate: Path) -> dict[str, float]:
    """The verb on all cores."""
    warm_up()
    return {"check": wall(lambda: check(estate, Selection(), NOW))}


def touched(estate: Path) -> dict[str, float]:
    """The verb for one site again, after all were checked and that one was touched."""
    cache = estate.parent / "cache"
    check(estate, Selection(), NOW, cache=cache)
    path = estate / "sites" / "s0007.yml"
    path.write_text(path.read_text() + "# touched\n")
    return {"check": processor(lambda: check(estate, Selection(sites=("s0007",)), NOW, cache=cache))}


JOBS = {job.__name__: job for job in (bare, stages, one_process, all_cores, touched)}


def measured(job: str, estate: Path) -> dict[str, float]:
    """The fastest of a few processes; ``memory`` is the largest of one process, in MiB."""
    rounds = [json.loads(subprocess.run([sys.executable, __file__, "--job", job, str(estate)], check=True,
                                        capture_output=True, text=True).stdout) for _ in range(ROUNDS)]
    best: dict[str, float] = min(rounds, key=lambda item: sum(value for key, value in item.items() if key != "memory"))
    return best


def do(job: str, estate: Path) -> None:
    """One job in this process; prints its figures."""
    told = JOBS[job](estate)
    largest = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(json.dumps({**told, "memory": largest / 1024}))


def main() -> None:
    """Measure by size, print and keep."""
    sizes = [int(word) for word in sys.argv[1:]] or list(SIZES)
    rows, split = [], []
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            estate = make_many(Path(folder) / "estate", size)
            alone, parts = measured("bare", estate), measured("stages", estate)
            single, many, again = (measured(job, estate) for job in ("one_process", "all_cores", "touched"))
        base = alone["yaml"] + alone["pydantic"]
        rows.append((f"{size:,}", f"{base:.3f}", f"{single['check']:.2f}", f"{single['check'] / base:.2f}",
                     f"{many['check']:.2f}", f"{single['check'] / size * 1000:.1f}",
                     f"{single['memory']:.0f}", f"{again['check']:.2f}"))
        split.append((f"{size:,}", *(f"{alone[key] / size * 1000:.2f}" for key in ("yaml", "pydantic")),
                      *(f"{parts[key] / size * 1000:.2f}" for key in (
                          "reading", "validation", "site checks", "between sites"))))
    setting = (f"Sites of {DEVICES} devices, {SWITCHES * PORTS} ports; fastest of {ROUNDS} processes, warmed up "
               "by one site. Seconds of processor time but for those on the clock.")
    packages = ("punchdown", "pyyaml", "pydantic")
    keep("Check", setting, ("sites", "libyaml + pydantic, s", "check in one process, s", "times the bare",
                            "on all cores, s on the clock", "ms a site", "MiB", "one site touched, s"),
         rows, packages)
    keep("Check, by stage (ms a site)", setting, ("sites", "libyaml alone", "pydantic alone", "reading with places",
                                                  "reading and validation", "site checks", "between sites"),
         split, packages)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--job"]:
        do(sys.argv[2], Path(sys.argv[3]))
    else:
        main()
