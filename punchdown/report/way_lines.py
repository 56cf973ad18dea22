"""The way between two configurations in words: what holds after every command; what does not, why and for how long."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from punchdown.report.printable import printable
from punchdown.values.proof import Answer
from punchdown.values.way import Breach, Invariant, Way

HOLDS = {
    Invariant.PROTECTION: "at no step does anything open that is closed before and after",
    Invariant.CONTINUITY: "at no step does a declared flow stop that is open before and after",
    Invariant.MANAGEMENT: "at no step is an operator shut out of a device",
}
MOST = 8
NAMED = 4
"""Devices of a wave that are named rather than counted."""


def way_texts(way: Way) -> Iterator[tuple[str, bool]]:
    """Lines and whether they are good news."""
    if way.waves:
        yield _waves(way), True
    if way.fault:
        yield printable(way.fault), False
        return
    if not way.states:
        yield from ((printable(text), False) for text in way.unjudged)
        return
    count, states = _several(way.commands, "command"), _several(way.states, "state")
    yield f"{count} lead through {states} that differ in what they let through, each proved", True
    for invariant in Invariant:
        breaches = [item for item in way.breaches if item.invariant is invariant]
        if not breaches:
            yield HOLDS[invariant], True
        for breach in breaches[:MOST]:
            yield breach_text(breach), False
        if len(breaches) > MOST:
            yield f"{invariant}: and {len(breaches) - MOST} more", False
    for text in way.unjudged:
        yield printable(text), False


def breach_text(breach: Breach) -> str:
    """``protection: after command 7 of sw-1, '...', 10.20.32.7 can open TCP 1752 on mivb-1; for 2 commands, until ...``
    """
    claim = breach.claim
    sure = "" if claim.answer is Answer.REFUTED else "perhaps "
    who = " without authentication" if breach.unauthenticated else ""
    where = next((hop for hop in reversed(claim.hops) if hop.line is not None), None)
    line = f" ({where.device}: {where.line.text.strip()})" if where is not None and where.line is not None else ""
    until = f", until {breach.until[0]} gets {_command(breach.until[1])!r}" if breach.until[0] else ""
    moment = f"after command {breach.number} of {breach.device}, {_command(breach.command)!r}"
    duration = f"for {_several(breach.commands, 'command')}{until}"
    return printable(f"{breach.invariant}: {moment}, {sure}{claim.meaning}{who}{line}; {duration}")


def way_groups(ways: tuple[Way, ...]) -> Iterator[tuple[str, tuple[tuple[str, bool], ...]]]:
    """By site, for pages."""
    for site, found in groupby(ways, key=lambda way: way.site):
        yield site, tuple(text for way in found for text in way_texts(way))


def _waves(way: Way) -> str:
    """``3 waves: sw-1; then 20 devices; then fw-1; 240 commands, about 2 minutes by a rule of thumb``"""
    told = [", ".join(wave) if len(wave) <= NAMED else f"{len(wave)} devices" for wave in way.waves]
    effort = f"{_several(way.commands, 'command')}, about {_several(max(1, round(way.seconds / 60)), 'minute')}"
    return printable(f"{_several(len(way.waves), 'wave')}: {'; then '.join(told)}; {effort} {way.basis}".rstrip())


def _command(text: str) -> str:
    first = text.strip().splitlines()[0] if text.strip() else text
    return first if len(first) <= 60 else f"{first[:57]}..."


def _several(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
