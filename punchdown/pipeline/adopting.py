"""Sites out of what runs already: read, adopt, check, render, compare. Writes to no device."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from punchdown.adopt import HEAD, Adopted, Known, Note, adopt, ask_netbox, read_netbox
from punchdown.compiler import compile_estate
from punchdown.devices import Operator, Target, run_all
from punchdown.devices.rest import RestReader
from punchdown.errors import DeviceError, InputError, PlanError, PunchdownError
from punchdown.loader import load_estate
from punchdown.model import Diagnostic
from punchdown.model.diagnostics import suggest
from punchdown.pipeline.adopted import noted, row
from punchdown.pipeline.checking import check
from punchdown.pipeline.select import Selection
from punchdown.pipeline.work import Context, limits_of
from punchdown.platforms import Fingerprint, platform, platform_names
from punchdown.platforms.adoption import Adopter, adopter_of
from punchdown.render import render_device
from punchdown.secrets import UNKNOWN
from punchdown.values import (
    Change,
    DeviceReport,
    Finding,
    Report,
    RunningConfig,
    RunningDocument,
)
from punchdown.values.adopted import SeenDevice

_MAX_BYTES = 8 * 2**20
_NETBOX = """Written by `punchdown import` from NetBox; no device was asked. Read every line before you apply it;
what was guessed says so."""
_DEVICE = re.compile(r"  '?([a-z0-9-]+)'?:")


class NotRecognised(InputError):
    """Nothing that was given is a running configuration of a platform that can be imported."""


@dataclass(frozen=True, slots=True)
class Import:
    """A definition and what there is to say of it. ``text`` is the site's file."""

    site: str
    text: str
    report: Report


@dataclass(frozen=True, slots=True)
class _Box:
    """A device as it was read, and what it runs, masked; None where nobody asked it."""

    seen: SeenDevice
    running: RunningConfig | None


def import_folder(folder: Path, site: str, admins: Iterable[str], now: str) -> Import:
    """The definition of a site out of saved configurations: a file, or a folder of files, for each device.

    Raises:
        NotRecognised: nothing in the folder is a configuration that is understood.
    """
    boxes, strange = [], []
    for name, path, files in _saved(folder):
        room = next((item for item in _adopters() if any(map(item[1].recognises, files.values()))), None)
        if room is None:
            strange.append(Note("left-out", f"{path.name} is no running configuration that is understood"))
        else:
            boxes.append(_box(name, str(path), room[1], room[0], files))
    if not boxes:
        known = ", ".join(name for name, _ in _adopters())
        raise NotRecognised([f"{folder} holds no running configuration that is understood (of {known})"])
    return _import(site, boxes, admins, now, notes=tuple(strange))


def import_live(context: Context, targets: Iterable[Target], site: str, admins: Iterable[str]) -> Import:
    """The definition of a site out of devices that are read now; those that can't be read are told.

    Raises:
        PlanError: the platform of a target can't be imported.
        DeviceError: no device could be read.
    """
    operator = Operator.load(context.operator)
    wanted = {target.device: target for target in targets}
    adopters = dict(_adopters())
    for target in wanted.values():
        if target.platform.name not in adopters:
            raise PlanError(f"{target.device}: {target.platform.name} can't be imported (known: {', '.join(adopters)})")
    results = run_all(wanted.values(), lambda reader: adopters[wanted[reader.device].platform.name].fetch(
        reader, operator.secrets.fingerprint), operator=operator, limits=limits_of(context, operator),
        progress=context.progress)
    boxes, rows = [], []
    for name, result in results.items():
        room = wanted[name].platform.name
        if isinstance(result, PunchdownError):
            rows.append(DeviceReport(name, site, room, "", "failed", error=str(result)))
        else:
            documents = {document.name: document.text for document in result.documents}
            boxes.append(_Box(adopters[room].read(name, name, documents), result))
    if not boxes:
        raise DeviceError(", ".join(wanted), "import", "; ".join(row.error for row in rows))
    return _import(site, boxes, admins, context.now, tuple(rows))


def import_netbox(context: Context, url: str, site: str, token: str, admins: Iterable[str],
                  authorities: Path | None = None) -> Import:
    """The definition of a site out of what NetBox knows of it; no device is asked.

    Args:
        site: the site's slug in NetBox, and its name here.
        token: name of the operator's secret that holds the token.
        authorities: certificates that NetBox's own is signed by; None: those that the machine trusts.

    Raises:
        ConnectError: NetBox does not answer, or not as NetBox does.
        InputError: the address, the token or the certificates are none; the definition does not check clean.
        PlanError: it has no such site.
        SecretError: there is no such token.
    """
    reader = RestReader(url, Operator.load(context.operator).secrets.resolve(token), authorities)
    answers = ask_netbox(reader.rows, site)
    if "devices" not in answers:
        known = [slug for row in answers["sites"] if isinstance(slug := row.get("slug"), str)]
        raise PlanError(f"{reader}: there is no site with the slug {site!r} that the token may see; "
                        f"{suggest(site, known) or 'there is none at all'}")
    seen = read_netbox(answers, {name: platform(name).capabilities.roles for name in platform_names()})
    return _import(site, [_Box(device, None) for device in seen.devices], admins, context.now, netbox=seen)


def _adopters() -> Iterator[tuple[str, Adopter]]:
    for name in platform_names():
        adopter = adopter_of(platform(name))
        if adopter is not None:
            yield name, adopter


def _saved(folder: Path) -> Iterator[tuple[str, Path, dict[str, str]]]:
    """(name, path, texts by file name) of each device; no text of what is larger than a configuration."""
    for path in sorted(folder.iterdir()):
        if path.is_dir():
            files = {item.name: _text(item) for item in sorted(path.iterdir()) if _fits(item)}
        else:
            files = {path.name: _text(path)} if _fits(path) else {}
        if files or path.is_file():
            yield path.stem if path.is_file() else path.name, path, files


def _fits(path: Path) -> bool:
    return path.is_file() and path.stat().st_size <= _MAX_BYTES


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8", errors="replace")


def _unknown(_secret: str) -> str:
    """Saved texts are read without the operator's key: that there is a secret is all that is known of it."""
    return UNKNOWN


def _box(name: str, source: str, adopter: Adopter, room: str, files: Mapping[str, str],
         fingerprint: Fingerprint = _unknown) -> _Box:
    documents = adopter.masked(files, fingerprint)
    running = RunningConfig(name, room, tuple(RunningDocument(key, text) for key, text in documents.items()))
    return _Box(adopter.read(name, source, documents), running)


def _import(site: str, boxes: list[_Box], admins: Iterable[str], now: str, failed: tuple[DeviceReport, ...] = (), *,
            notes: tuple[Note, ...] = (), netbox: Known | None = None, access: bool = True) -> Import:
    prefixes = {name: platform(name).capabilities.port_prefix for name in platform_names()}

    logins = tuple(admins)
    made = adopt(site, (box.seen for box in boxes), prefixes, logins, access=access,
                 networks=netbox.prefixes if netbox else None, networks6=netbox.prefixes6 if netbox else None,
                 head=_NETBOX if netbox else HEAD)
    try:
        warnings, changes = _tried(made, boxes, now)
    except InputError as error:
        unfit = _unfit(error, made)
        if not unfit and not access:
            raise
        why = next((item.message for item in error.diagnostics
                    if isinstance(item, Diagnostic) and item.severity == "error"), str(error))
        lost = () if unfit else (Note("question", f"who may reach what is not taken over: {why}"),)
        boxes = [replace(box, seen=replace(box.seen, refused=unfit.get(box.seen.name, box.seen.refused)))
                 for box in boxes]
        return _import(site, boxes, logins, now, failed, notes=(*lost, *notes), netbox=netbox,
                       access=access and bool(unfit))
    rows = [*failed, *(row(site, box.seen, made, changes.get(box.seen.name), read=box.running is not None)
                       for box in boxes)]
    told = tuple(noted(site, note) for note in (*notes, *(netbox.notes if netbox else ()), *made.notes))
    report = Report("import", site, now, tuple(sorted(rows, key=lambda item: item.device)), (*told, *warnings))
    return Import(site, made.text, report)


def _unfit(error: InputError, made: Adopted) -> dict[str, str]:
    """Own names of devices that their platform does not take as the definition has them, to the reason."""
    names = {name: own for own, name in made.names.items()}
    lines = made.text.splitlines()
    found: dict[str, str] = {}
    for item in error.diagnostics:
        if isinstance(item, Diagnostic) and item.name == "platform-refuses":
            above = (match[1] for line in reversed(lines[:item.position.line]) if (match := _DEVICE.match(line)))
            name = next(above, "")
            found |= {names[name]: item.message} if name in names else {}
    return found


def _tried(made: Adopted, boxes: list[_Box], now: str) -> tuple[tuple[Finding, ...], dict[str, Change]]:
    """What a check says of the definition, and what it would change on each device.

    Raises:
        InputError: the definition does not check clean.
    """
    with TemporaryDirectory() as folder:
        return _tried_in(Path(folder), made, boxes, now)


def _tried_in(folder: Path, made: Adopted, boxes: list[_Box],
              now: str) -> tuple[tuple[Finding, ...], dict[str, Change]]:
    (folder / "sites").mkdir()
    (folder / "punchdown.yml").write_text(f"estate: {made.site}\n", encoding="utf-8")
    (folder / "sites" / f"{made.site}.yml").write_text(made.text, encoding="utf-8")
    if not made.names:
        load_estate(folder)
        return (), {}
    warnings = check(folder, Selection(), now).warnings
    intents = {intent.device: intent for compiled in compile_estate(load_estate(folder)).values()
               for intent in compiled.devices}
    changes = {}
    for box in boxes:
        if box.seen.name in made.names and box.running is not None:
            intent = intents[made.names[box.seen.name]]
            changes[box.seen.name] = platform(intent.platform).compare(intent, render_device(intent), box.running, {})
    return tuple(_placeless(item) for item in warnings), changes


def _placeless(finding: Finding) -> Finding:
    """A warning of the check, without the place in a folder that is gone."""
    return Finding(finding.id, finding.device, "import", finding.severity, finding.title, finding.meaning,
                   expected=finding.expected, hint=finding.hint)
