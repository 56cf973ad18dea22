"""Attestations and waivers: do they speak of controls that exist, and can both be true?"""

from __future__ import annotations

from punchdown.catalog.controls import closest_control, controls
from punchdown.compiler.context import SiteContext


def check_statements(context: SiteContext) -> None:
    """Note every unknown control, every attestation that counts on no day, every control with both."""
    site = context.site
    for name, item in site.attestations.items():
        for number, control in enumerate(item.controls):
            place = ("attestations", name, "controls", str(number))
            _known(context, control, place)
            if control in site.waivers:
                context.warning("attested-and-waived", place, f"{control} is waived as well",
                                f"the waiver: {context.loaded.positions.at(('waivers', control))}")
        if item.valid_until < item.when:
            context.error("attestation-dates", ("attestations", name, "valid_until"),
                          f"{item.valid_until} is before {item.when}")
    for control in site.waivers:
        _known(context, control, ("waivers", control))


def _known(context: SiteContext, control: str, place: tuple[str, ...]) -> None:
    if control not in controls():
        close = closest_control(control)
        context.error("control-unknown", place, f"there is no control {control!r}",
                      f"did you mean {close!r}?" if close else "")
