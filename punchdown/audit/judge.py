"""The state of one control on one site, from what shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from punchdown.audit.claims import CLAIMS
from punchdown.audit.facts import SiteFacts
from punchdown.audit.looks import looked_at
from punchdown.audit.proofs import proved, refuted, summed
from punchdown.audit.statements import attestations, expired, waivers
from punchdown.audit.traits import lacking
from punchdown.catalog.controls import Control, controls, open_reasons
from punchdown.values import (
    ControlResult,
    ControlState,
    Gap,
    LineEvidence,
    ProofEvidence,
    Sighting,
    SiteAudit,
    Statement,
)

_SWITCHES = {"core-switch", "access-switch"}
_BEFORE_GATEWAYS = {*_SWITCHES, "firewall"}
ROLES = {
    "switch": _SWITCHES, "firewall": {"firewall"}, "radius": {"radius"}, "dhcp": {"dhcp"},
    "gateway-mivb": _BEFORE_GATEWAYS, "gateway-mbg": _BEFORE_GATEWAYS, "gateway-mivoice5000": _BEFORE_GATEWAYS,
}
"""Places of the catalogue to the roles of devices whose lines count there. For a gateway those in front of it do."""


@dataclass(frozen=True, slots=True)
class _Shown:
    """What machines show. ``possible``: there is a device that could show it."""

    possible: bool
    lines: tuple[LineEvidence, ...] = ()
    sightings: tuple[Sighting, ...] = ()
    gaps: tuple[Gap, ...] = ()
    looks: bool = False
    proofs: tuple[ProofEvidence, ...] = ()

    @property
    def holds(self) -> bool:
        return self.possible and (self.looks or bool(self.lines)) and not self.gaps


@dataclass(frozen=True, slots=True)
class _Words:
    """What people say of the control, as of a day."""

    spoken: tuple[Statement, ...]
    waiver: Statement | None
    as_of: str

    @property
    def valid(self) -> Statement | None:
        return next((item for item in self.spoken if item.valid), None)

    @property
    def all(self) -> tuple[Statement, ...]:
        return (*self.spoken, *((self.waiver,) if self.waiver else ()))


WRITTEN = ("site", "profile")
"""Sources of settings that somebody wrote down."""


def _against(control: Control, facts: SiteFacts) -> tuple[Gap, ...]:
    """Settings that somebody wrote against the papers' advice."""
    return tuple(
        Gap(f"{item.host}: {item.label} is {_value(item.value)}; advised: {item.advice or _value(item.recommended)}",
            item.provenance.position)
        for item in facts.settings.get(control.id, ()) if item.against and item.source in WRITTEN)


def _differs(control: Control, facts: SiteFacts, as_of: str) -> tuple[Gap, ...]:
    """What an export shows otherwise than the definition asks."""
    return tuple(
        Gap(f"{item.setting.host}: {item.record + ': ' if item.record else ''}{item.setting.label} "
            f"{'is not there' if item.state == 'missing' else 'differs'} in {item.file} of {item.day}",
            item.setting.provenance.position)
        for item in facts.read.get(control.id, ()) if item.state in {"different", "missing"} and item.day <= as_of)


def _exported(control: Control, facts: SiteFacts, as_of: str) -> str:
    """What it rests on when exports show each setting that serves the control as the definition asks, else empty.

    A field that nobody may see, has no column or was left to the product's default leaves the control to people.
    """
    asked = [item for item in facts.settings.get(control.id, ()) if item.rendering != "read-only"]
    seen = {item.setting: item for item in facts.read.get(control.id, ())
            if item.state == "in-order" and item.day <= as_of}
    if control.open != "forms" or not asked or any(item.against or item not in seen for item in asked):
        return ""
    files = sorted({item.file for item in seen.values()})
    oldest = min(item.day for item in seen.values())
    count = f"{len(asked)} field{'' if len(asked) == 1 else 's'}"
    return f"{count} read from {', '.join(files)}; the oldest is of {oldest}"


def _value(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value) or "blank"


def _shown(control: Control, facts: SiteFacts, as_of: str) -> _Shown:
    against = (*_against(control, facts), *_differs(control, facts, as_of))
    if control.shown is None:
        return _Shown(possible=bool(against), gaps=against)
    if control.shown.looks:
        seen = looked_at(control.shown.looks, facts, as_of)
        return _Shown(seen.whole or bool(against or seen.gaps), (), seen.sightings, (*against, *seen.gaps),
                      looks=seen.whole)
    roles = set().union(*(ROLES.get(place, set()) for place in control.places))
    if not any(intent.role in roles for intent in facts.intents):
        return _Shown(possible=False)
    answers = [CLAIMS[name](facts) for name in control.shown.claims]
    if any(answer is None for answer in answers):
        return _Shown(possible=False)
    gaps = [*against, *(gap for answer in answers if answer for gap in answer)]
    lines = tuple(item for item in facts.lines.get(control.id, ()) if _role_of(facts, item.device) in roles)
    if not lines:
        gaps.append(Gap("no device has a line for it in its intended configuration"))
    sightings = facts.seen.get(control.id, ())
    gaps += [Gap(f"{item.device}: the verification of {item.at} found that this does not hold: {item.title}")
             for item in sightings if item.holds is False]
    proofs = proved(control, facts)
    return _Shown(True, lines, sightings, (*gaps, *refuted(proofs)), proofs=proofs)


def _role_of(facts: SiteFacts, device: str) -> str:
    return next((intent.role for intent in facts.intents if intent.device == device), "")


def _enforced(shown: _Shown) -> tuple[ControlState, str]:
    """Verified only when each device that has lines for it was seen to hold."""
    if shown.looks:
        oldest = min(item.at for item in shown.sightings)
        count = len(shown.sightings)
        return ControlState.VERIFIED, f"{count} look{'' if count == 1 else 's'} from outside, the oldest of {oldest}"
    devices = sorted({item.device for item in shown.lines})
    count = sum(len(item.lines) for item in shown.lines)
    told = f"{count} line{'' if count == 1 else 's'} on {', '.join(devices)}{summed(shown.proofs)}"
    watched = {item.device for item in shown.sightings}
    if watched >= set(devices) and all(item.holds for item in shown.sightings):
        first = min(item.at for item in shown.sightings)
        return ControlState.VERIFIED, f"{told}; {len(shown.sightings)} observations hold, the oldest of {first}"
    return ControlState.ENFORCED, told


def _vouched(spoken: Statement) -> str:
    return f"{spoken.who} vouches for it since {spoken.when}, until {spoken.until}: {spoken.text}"


def _left(words: _Words, why: str) -> tuple[ControlState, str]:
    """The state of what neither a machine nor a valid word meets."""
    if words.waiver and words.waiver.valid:
        return ControlState.WAIVED, f"waived until {words.waiver.until}: {words.waiver.text} ({why})"
    past = [item for item in words.all if item.until < words.as_of]
    if past:
        latest = max(past, key=lambda item: item.until)
        return ControlState.EXPIRED, f"the {latest.kind} {latest.name} counted until {latest.until}; {why}"
    return ControlState.MISSING, why


def _state(control: Control, shown: _Shown, words: _Words, exported: str, settings: int) -> tuple[ControlState, str]:
    if shown.holds:
        state, why = _enforced(shown)
        if control.shown and control.shown.attest:
            if words.valid:
                return state, f"{why}; {_vouched(words.valid)}"
            return _left(words, f"{why}; the part that no machine sees needs a person's word")
        return state, why
    if shown.possible:
        gap, more = shown.gaps[0], len(shown.gaps) - 1
        return _left(words, gap.text + (f" (and {more} more)" if more else ""))
    if exported:
        return ControlState.EXPORTED, exported
    if words.valid:
        return ControlState.ATTESTED, _vouched(words.valid)
    return _left(words, _unshown(control, settings))


def _unshown(control: Control, settings: int) -> str:
    if control.open:
        asked = f"; the definition asks for it in {settings} field{'' if settings == 1 else 's'}" if settings else ""
        return f"nobody vouches for it; {open_reasons()[control.open]}{asked}"
    if control.shown and control.shown.looks:
        return "nobody looked from where it is reached (`punchdown verify --probe PLACE`), and nobody vouches for it"
    if control.shown:
        return "no device of the definition could show it, and nobody vouches for it"
    return "nobody vouches for it, and only a person can"


def _result(control: Control, facts: SiteFacts, words: _Words) -> ControlResult:
    def result(state: ControlState, why: str, shown: _Shown) -> ControlResult:
        return ControlResult(
            control.id, control.domain, control.paper, control.section, control.title, control.severity, state, why,
            shown.lines, shown.sightings, settings, facts.read.get(control.id, ()), shown.proofs, words.all,
            shown.gaps)

    settings = facts.settings.get(control.id, ())
    reason = lacking(facts.plain, control)
    if reason:
        return result(ControlState.NOT_APPLICABLE, reason, _Shown(possible=False))
    shown = _shown(control, facts, words.as_of)
    asked = sum(item.source != "undeclared" and not item.against for item in settings)
    return result(*_state(control, shown, words, _exported(control, facts, words.as_of), asked), shown)


def audit_site(facts: SiteFacts, as_of: date) -> SiteAudit:
    """Every control once, in the order of the catalogue; attestations and waivers count as of a day."""
    spoken, waived = attestations(facts.loaded, as_of), waivers(facts.loaded, as_of)
    results = tuple(_result(item, facts, _Words(spoken.get(name, ()), waived.get(name), as_of.isoformat()))
                    for name, item in controls().items())
    return SiteAudit(facts.site.site, results, expired(facts.loaded, as_of))
