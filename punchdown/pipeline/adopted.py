"""What the report of an import says of each device and of each guess."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from punchdown.adopt import Adopted, Note
from punchdown.values import Change, DeviceReport, Finding, Position, Severity, Verdict, finding_id
from punchdown.values.adopted import Advice, Fate, SeenDevice, SeenLine

_REMARK = re.compile(r' comment "[^"]*"$')
_NOTED = {"question": Severity.HIGH, "left-out": Severity.MEDIUM, "guessed": Severity.UNKNOWN, "secret": Severity.LOW}


def row(site: str, seen: SeenDevice, made: Adopted, change: Change | None, *, read: bool) -> DeviceReport:
    """A device's part of the report. ``change`` is what a plan would do to it, None where it is in no definition;
    ``read``: its lines are known, since it or its saved configuration was read."""
    name = made.names.get(seen.name, seen.name)
    counted = (_counted(name, seen, change),) if read else ()
    findings = (*counted, *(_advised(name, seen, item) for item in seen.advice),
                *_unmanaged(name, seen))
    return DeviceReport(name, site, seen.platform, seen.role, "in-order" if seen.name in made.names else "skipped",
                        findings)


def counts(lines: Iterable[SeenLine]) -> tuple[int, int, int]:
    """(recognised, unmanaged, the device's own)."""
    fates = [line.fate for line in lines]
    return fates.count(Fate.RECOGNISED), fates.count(Fate.UNMANAGED), fates.count(Fate.OWN)


def _counted(name: str, seen: SeenDevice, change: Change | None) -> Finding:
    recognised, unmanaged, own = counts(seen.lines)
    share = 100 * recognised / ((recognised + unmanaged) or 1)
    plan = ""
    if change is not None:
        verdicts = [item.verdict for item in change.differences]
        plan = (f"; a plan would add {verdicts.count(Verdict.MISSING)}, take away {verdicts.count(Verdict.EXTRA)} "
                f"({_otherwise(seen, change)} of them recognised and said otherwise, or left out) and move "
                f"{verdicts.count(Verdict.REORDERED)}")
    return Finding(finding_id("import", name, "counted"), name, "import", Severity.LOW,
                   f"{recognised} of {recognised + unmanaged} lines recognised ({share:.0f} %), {unmanaged} unmanaged, "
                   f"{own} the device's own{plan}")


def _otherwise(seen: SeenDevice, change: Change) -> int:
    """How many of the recognised lines the definition does not render again."""
    gone = Counter(item.line for item in change.differences if item.verdict is Verdict.EXTRA)
    said = Counter(line.shown or _REMARK.sub("", line.line.text) for line in seen.lines if line.fate is Fate.RECOGNISED)
    return (gone & said).total()


def _advised(name: str, seen: SeenDevice, advice: Advice) -> Finding:
    first = advice.lines[0]
    more = f" and {len(advice.lines) - 1} more" if len(advice.lines) > 1 else ""
    return Finding(finding_id("import", name, advice.title), name, "import", Severity(advice.severity),
                   f"{'against the guideline' if advice.controls else 'mind'}: {advice.title}{more}",
                   line=first.text, document=first.document,
                   controls=advice.controls, position=Position(seen.source, first.number, 1))


def _unmanaged(name: str, seen: SeenDevice) -> Iterator[Finding]:
    """What no definition says, in groups of what begins alike."""
    groups: dict[str, list[SeenLine]] = {}
    for line in seen.lines:
        if line.fate is Fate.UNMANAGED:
            section = line.within or line.line.text
            within = "interface" if section.startswith("interface ") and line.within else ""
            groups.setdefault(f"{within} {' '.join((line.line.text if within else section).split()[:2])}".strip(),
                              []).append(line)
    for group, lines in groups.items():
        count = f"{len(lines)} line{'' if len(lines) == 1 else 's'}"
        gone = any(line.within.startswith("interface ") for line in lines)
        yield Finding(finding_id("import", name, "unmanaged", group), name, "import", Severity.LOW,
                      f"unmanaged: {group} ({count})", lines[0].note or (
                          "a plan takes them off the ports that the definition names" if gone else ""),
                      line=lines[0].line.text, document=lines[0].line.document,
                      position=Position(seen.source, lines[0].line.number, 1))


def noted(site: str, note: Note) -> Finding:
    """What a person has to know or to decide."""
    where = f"{note.device} {note.line}: ".lstrip() if note.line else ""
    return Finding(finding_id("import", site, note.kind, *note.path, note.device, note.line, note.title), "", "import",
                   _NOTED[note.kind], f"{note.kind.replace('-', ' ')}: {where}{note.title}",
                   field=".".join(note.path))
