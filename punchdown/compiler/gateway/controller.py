"""A call controller's forms against one another and against the flows of the site."""

from __future__ import annotations

from ipaddress import IPv4Address

from punchdown.compiler.gateway.gateway import Gateway
from punchdown.compiler.gateway.reading import Path
from punchdown.model.diagnostics import suggest
from punchdown.values import GatewaySetting

_RECORDS = ("station-message-detail-recording", "external-smdr", "internal-smdr")
_BUILT_IN = ("ROOT", "SYSTEM", "REMOTE", "NO ACCESS", "siteAdmin")
"""Policies that every system has; source: MiVoice Business Security Guidelines 9.4, Admin Policies; public help."""
_METHODS = {"PPPoE": ("pppoe-user-name", "pppoe-password"),
            "Static": ("static-ip-address", "subnet-mask", "default-gateway")}
"""Way to get the WAN address to the fields that it needs."""
LEVELS = {
    "tls-level-sip": ("sip-tls",), "tls-level-ip-sets": ("minet-tls",), "tls-level-ip-trunks": ("ip-trunk-tls",),
    "tls-level-mitai": ("mitai",), "tls-level-all": ("sip-tls", "minet-tls", "ip-trunk-tls", "mitai"),
}
"""TLS level to the services it governs; the other levels have no service in the catalogue."""


def check_controller(gateway: Gateway, settings: tuple[GatewaySetting, ...]) -> None:
    """Note contradictions of one controller."""
    values = {(item.form, item.field): item for item in settings if not item.entry}
    _records(gateway, values)
    _encryption(gateway, values)
    _levels(gateway)
    _banner(gateway, values)
    _wan(gateway)
    _policies(gateway)


def _records(gateway: Gateway, values: dict[tuple[str, str], GatewaySetting]) -> None:
    if "smdr-options" not in gateway.forms:
        return
    context, path = gateway.context, gateway.forms["smdr-options"].path
    takers = gateway.clients.get("smdr", ())
    on = [field for field in _RECORDS if values["smdr-options", field].value == "Yes"]
    if takers and not on:
        context.error("smdr-off", path, f"{', '.join(takers)} uses smdr@{gateway.name}, and no record option is Yes "
                      "[audit-mivb-smdr-options]", f"options: {', '.join(_RECORDS)}")
    if on and not takers:
        context.warning("smdr-nobody", _written(gateway, "smdr-options", on[0]),
                        f"{gateway.name} writes records, and no host uses smdr@{gateway.name} [acl-smdr]")


def _encryption(gateway: Gateway, values: dict[tuple[str, str], GatewaySetting]) -> None:
    voice, srtp = "voice-encryption-enabled", "voice-video-srtp-encryption-enabled"
    if gateway.cell("system-options", voice) and values["system-options", voice].value == "No" \
            and values["system-options", srtp].value == "Yes":
        gateway.context.error("setting-ignored", _written(gateway, "system-options", voice),
                              "Voice/Video SRTP Encryption is Yes, and off while Voice Encryption is No "
                              "[srtp-mivb-srtp-enabled]", f"switch {voice} on, or {srtp} off as well")


def _levels(gateway: Gateway) -> None:
    for field, services in LEVELS.items():
        cell = gateway.cell("system-security-management", field)
        if cell is None or cell.value == "High":
            continue
        used = sorted({f"{client} ({service})" for service in services for client in (
            *gateway.clients.get(service, ()), *_zones(gateway, service))})
        if used:
            gateway.context.warning("tls-level-used", cell.path,
                                    f"{cell.value} opens older TLS to {', '.join(used)} [tls-mivb-application-levels]")


def _zones(gateway: Gateway, service: str) -> list[str]:
    clients = gateway.context.kind(gateway.host).clients
    return [segment for zone, names in clients.items() if service in names
            for segment in gateway.context.segments_of_zone(zone)]


def _banner(gateway: Gateway, values: dict[tuple[str, str], GatewaySetting]) -> None:
    form = "system-security-management"
    if form not in gateway.forms or values[form, "banner-text"].value:
        return
    cell, hint = gateway.cell(form, "login-banner"), "write `banner-text`, or `management: banner:` for the whole site"
    if cell is None:
        gateway.context.warning("setting-default-against", gateway.forms[form].path, "Login Banner and its text are "
                                "left out; advised: a text of the company's policy [admin-mivb-login-banner]", hint)
    elif cell.value is True:
        gateway.context.error("setting-ignored", cell.path, "the login banner is on and has no text "
                              "[admin-mivb-login-banner]", hint)


def _wan(gateway: Gateway) -> None:
    """The fields of the chosen method and no others; a remote access that is on has a password."""
    context, method = gateway.context, gateway.cell("wan-settings", "ip-address-method")
    for chosen, fields in _METHODS.items() if method else ():
        for field in fields:
            cell = gateway.cell("wan-settings", field)
            if cell and method and method.value != chosen:
                context.error("setting-ignored", cell.path, f"{field} has no effect while the address comes by "
                              f"{method.value} [wan-address-method]", f"`ip-address-method: {chosen}`, or no {field}")
            elif cell is None and method and method.value == chosen:
                context.error("setting-missing", method.path, f"{chosen} needs {field!r} [wan-address-method]")
    static = gateway.cell("wan-settings", "static-ip-address")
    inside = [name for name, segment in context.site.segments.items()
              if static and IPv4Address(str(static.value)) in segment.prefix]
    if static and inside:
        context.error("gateway-one-network", static.path, f"{static.value} of the WAN port is in {inside[0]} "
                      "[wan-address-method]", "the address that the provider gave")
    access, password = gateway.cell("pptp", "pptp"), gateway.cell("pptp", "password")
    if access and access.value == "Enabled" and not (password and password.value):
        context.error("setting-missing", access.path, "PPTP is on and its password is blank [wan-pptp-strong-password]",
                      "write `password: <secret:NAME>`")


def _policies(gateway: Gateway) -> None:
    context = gateway.context
    declared = [str(row.get("policy-name")) for row in gateway.rows("admin-policies", "policies")]
    for row in gateway.rows("admin-policies", "policies"):
        if row.get("policy-name") == "ROOT":
            context.error("setting-read-only", row.at("policy-name"), "the policy ROOT can't be changed "
                          "[admin-mivb-policies-defaults]", "make a policy of another name")
    seen: set[tuple[object, object]] = set()
    for row in gateway.rows("admin-policies", "members"):
        _known(gateway, "policy", str(row.get("policy")), [*_BUILT_IN[1:], *declared], row.at("policy"))
        pair = row.get("policy"), row.get("form-name")
        if pair in seen:
            context.error("setting-twice", row.at("form-name"), f"{pair[1]} stands twice in the policy {pair[0]}")
        seen.add(pair)
    users = {str(row.get("login-id")): row for row in gateway.rows("user-authorization-profiles")}
    for row in users.values():
        if "policy" in row.cells:
            _known(gateway, "policy", str(row.get("policy")), [*_BUILT_IN, *declared], row.at("policy"))
    for row in gateway.rows("mixml-applications"):
        user = users.get(str(row.get("user")))
        if user is None:
            _known(gateway, "user authorization profile", str(row.get("user")), list(users), row.at("user"))
        elif user.get("application-access", False) is not True:
            context.error("setting-ignored", row.at("user"), f"the profile {row.get('user')} has no Application access "
                          "[admin-mivb-mixml-user-and-certificate]", "`application-access: true` in the profile")


def _known(gateway: Gateway, what: str, name: str, known: list[str], path: Path) -> None:
    if name not in known:
        gateway.context.error("setting-reference", path, f"there is no {what} {name!r}", suggest(name, known))


def _written(gateway: Gateway, form: str, field: str) -> Path:
    cell = gateway.cell(form, field)
    return cell.path if cell else gateway.forms[form].path
