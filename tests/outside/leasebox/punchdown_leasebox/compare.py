"""Differences section by section; the remediation line by line."""

from __future__ import annotations

from punchdown.values import (
    Change,
    ConfigLine,
    Difference,
    IntendedConfig,
    Provenance,
    RunningConfig,
    Step,
    Verdict,
)
from punchdown_leasebox.lines import DOCUMENT, FAMILIES, OURS, SINGLE, parsed


def compare(intended: IntendedConfig, running: RunningConfig) -> Change:
    """Lines that lack, that are too many, or that stand in another order than was asked; pools of others are told."""
    text = running.text(DOCUMENT)
    wanted, present = parsed(intended.document(DOCUMENT).text), parsed(text)
    sources = _sources(intended.document(DOCUMENT).lines)
    foreign = [name for name in present if name and name not in wanted and not name.startswith(f"pool {OURS}")]
    told = tuple(foreign) + tuple(line for line in present[""] if line.split()[0] not in FAMILIES)
    found: list[Difference] = []
    steps: list[Step] = []
    for section in dict.fromkeys((*wanted, *present)):
        if section in foreign:
            continue
        if section not in wanted:
            found.append(Difference(Verdict.EXTRA, DOCUMENT, (), section, Provenance(),
                                    f"{section} leases addresses that no segment has", "high"))
            steps.append(Step(f"no {section}", "nobody asks for it any more"))
            continue
        mine = [line for line in present.get(section, []) if section or line.split()[0] in FAMILIES]
        differ = [item for first in dict.fromkeys(line.split()[0] for line in (*wanted[section], *mine))
                  for item in _family(section, first, wanted[section], mine, sources)]
        if section and (differ or section not in present):
            steps.append(Step(section, "the pool"))
        found += [difference for difference, _ in differ]
        steps += [step for _, group in differ for step in group]
    return Change(running.device, running.platform, tuple(found), tuple(steps), running.digest, told)


def _family(section: str, first: str, wanted: list[str], present: list[str],
            sources: dict[tuple[str, str], Provenance]) -> list[tuple[Difference, list[Step]]]:
    """The lines with one first word: a single one is replaced; several are written anew where their order is wrong."""
    ours, theirs = ([line for line in lines if line.split()[0] == first] for lines in (wanted, present))
    path, indent = ((section,), " ") if section else ((), "")
    missing, extra = ([line for line in one if line not in other] for one, other in ((ours, theirs), (theirs, ours)))
    known = Provenance() if not ours else sources[section, ours[0]]
    found = [(Difference(Verdict.EXTRA, DOCUMENT, path, line, known), [Step(f"{indent}no {line}", "not asked for")])
             for line in extra if not (first in SINGLE and missing)]
    kept = [line for line in theirs if line in ours]
    if kept != [line for line in ours if line in theirs] or (missing and ours[:len(kept)] != kept):
        again = [Step(f"{indent}{word}{line}", "their order counts") for word in ("no ", "") for line in
                 (kept if word else ours)]
        found += [(Difference(Verdict.REORDERED, DOCUMENT, path, kept[0], sources[section, kept[0]]), again)]
        return found + [(Difference(Verdict.MISSING, DOCUMENT, path, line, sources[section, line]), [])
                        for line in missing]
    return found + [(Difference(Verdict.MISSING, DOCUMENT, path, line, sources[section, line]),
                     [Step(f"{indent}{line}", f"asked for by {sources[section, line].field}")]) for line in missing]


def _sources(lines: tuple[ConfigLine, ...]) -> dict[tuple[str, str], Provenance]:
    found, section = {}, ""
    for line in lines:
        section = section if line.text.startswith(" ") else line.text if line.text.startswith("pool ") else ""
        found[section, line.text.strip()] = line.source
    return found
