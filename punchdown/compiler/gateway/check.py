"""All that can be wrong with the settings of a site's gateways, told with their places."""

from __future__ import annotations

from punchdown.compiler.context import SiteContext
from punchdown.compiler.gateway.border import check_border_gateway
from punchdown.compiler.gateway.controller import check_controller
from punchdown.compiler.gateway.forwards import check_forwards
from punchdown.compiler.gateway.gateway import Gateway, read_gateways
from punchdown.compiler.gateway.resolve import host_settings
from punchdown.values import GatewaySetting

_WRITTEN = ("site", "profile")


def check_gateways(context: SiteContext, *, names_hold: bool) -> None:
    """Note what is wrong with the written settings: each value, each table, and, where the names of the site hold,
    what contradicts the rest of it.
    """
    site = context.site
    if not site.gateway_settings and not any(host.settings for host in site.hosts.values()):
        return
    for gateway in read_gateways(context):
        if not gateway.forms:
            continue
        settings = host_settings(gateway)
        _advice(gateway, settings)
        if names_hold:
            check_forwards(gateway)
            check_controller(gateway, settings)
            check_border_gateway(gateway)


def _advice(gateway: Gateway, settings: tuple[GatewaySetting, ...]) -> None:
    """A waiver of the named control silences it until its last day is over."""
    waivers = gateway.context.site.waivers
    for item in settings:
        named = item.controls[:1]
        if not item.against:
            continue
        until = max((waivers[control].until.isoformat() for control in named if control in waivers), default="")
        controls = "".join(f" [{control}]" for control in named)
        advised = f"advised: {item.advice or _shown(item.recommended)}{controls}"
        if item.source in _WRITTEN:
            path = tuple(item.provenance.field.split("."))
            gateway.context.warning("setting-against", path, f"{item.label} is {_shown(item.value)}; {advised}",
                                    f"the waiver counted until {until}" if until else "", until)
        elif item.form in gateway.forms and not item.entry and item.field not in gateway.forms[item.form].refused:
            gateway.context.warning("setting-default-against", gateway.forms[item.form].path,
                                    f"{item.label} is left out, its default is {_shown(item.value)}; {advised}",
                                    f"write {item.field!r}", until)


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "blank" if value == "" else str(value)
