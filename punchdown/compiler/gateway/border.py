"""A border gateway's forms against one another and against the site around it.

Source: Security and the Mitel Teleworker (December 2025); MBG online help, IP blocking.
"""

from __future__ import annotations

from ipaddress import IPv4Address, ip_network

from punchdown.compiler.gateway.advice import deployment_mode
from punchdown.compiler.gateway.gateway import Gateway
from punchdown.compiler.gateway.reading import Row
from punchdown.model.diagnostics import suggest


def check_border_gateway(gateway: Gateway) -> None:
    """Note contradictions of one border gateway; other products have none of these forms."""
    if "deployment" in gateway.forms:
        _streaming(gateway)
        _sides(gateway)
    if "ip-blocking" in gateway.forms:
        _blocking(gateway)
    _devices(gateway)
    _web(gateway)
    _media(gateway)
    _administration(gateway)
    _reached(gateway)


def _streaming(gateway: Gateway) -> None:
    public = str(gateway.host.public or "")
    if deployment_mode(gateway) != "server-only" or not public:
        return
    for field in ("set-side-streaming-address", "icp-side-streaming-address"):
        cell = gateway.cell("deployment", field)
        if cell and cell.value != public:
            gateway.context.error("streaming-address", cell.path, f"{cell.value} is not the public address {public} of "
                                  f"{gateway.name} [mbg-streaming-address-dmz]", "leave it out, `public` gives it")


def _sides(gateway: Gateway) -> None:
    context = gateway.context
    wan, lan = (gateway.cell("deployment", f"{side}-interface-address") for side in ("wan", "lan"))
    if lan is None:
        return
    inside = IPv4Address(str(lan.value))
    home = next((name for name, segment in context.site.segments.items() if inside in segment.prefix), "")
    if wan and home and IPv4Address(str(wan.value)) in context.site.segments[home].prefix:
        context.error("gateway-one-network", lan.path, f"{inside} and {wan.value} are both in {home} "
                      "[mbg-server-gateway-role]")
    elif not home or context.site.segments[home].zone not in {"voice", "call-control"}:
        context.warning("gateway-lan-segment", lan.path, f"{inside} is in {home or 'no segment of the site'} "
                        "[segregation-mbg-lan-side-voice-only]", f"the phones' segment is {context.voice!r}")


def _blocking(gateway: Gateway) -> None:
    context, rows = gateway.context, gateway.rows("ip-blocking", "lists")
    for row in rows:
        prefixes = context.site.firewall.netblocks.get(str(row.get("list-name")), ())
        if any(ip_network(prefix).version == 6 for prefix in prefixes):
            context.error("blocking-ipv6", row.at("list-name"), f"{row.get('list-name')} has IPv6 prefixes, and the "
                          "file takes IPv4 only [mbg-ip-blocking-lists]")
    status, mode = gateway.cell("ip-blocking", "status"), gateway.cell("ip-blocking", "rules-mode")
    denies = mode is None or mode.value == "Block/Permit/Deny"
    active = status is None or status.value != "Off"
    if denies and active and gateway.exposed and not any(row.get("list-mode") == "permit" for row in rows):
        context.error("blocking-denies-all", mode.path if mode else gateway.forms["ip-blocking"].path,
                      f"{gateway.name} exposes {', '.join(gateway.exposed)}, and no permit list lets anybody in "
                      "[mbg-ip-blocking]", "add a list with `list-mode: permit`")


def _devices(gateway: Gateway) -> None:
    rows = [*gateway.rows("minet-devices", "devices"), *gateway.rows("sip-devices", "devices")]
    icps = {str(row.get("name")) for row in gateway.rows("deployment", "icps")}
    for row in rows:
        icp = str(row.get("configured-icp"))
        if icp and icp not in icps:
            gateway.context.error("setting-reference", row.at("configured-icp"), f"there is no ICP {icp!r}",
                                  suggest(icp, sorted(icps)) or "declare it in `deployment: icps:`")
    for row in gateway.rows("sip-devices", "devices"):
        if _one_credential(row):
            gateway.context.warning("sip-one-credential", row.at("icp-side-username"),
                                    f"{row.get('set-side-username')} has the same credential on both sides "
                                    "[mbg-sip-two-level-credentials]", "write `icp-side-username` and `-password`")


def _one_credential(row: Row) -> bool:
    """Blank on the ICP side silently means the set side's."""
    return any(row.get(f"icp-side-{part}") in {"", row.get(f"set-side-{part}")} for part in ("username", "password"))


def _web(gateway: Gateway) -> None:
    context = gateway.context
    mode = gateway.cell("webrtc", "mode")
    if mode and mode.value == "anonymous" and not gateway.cell("webrtc", "anonymous-destination"):
        context.error("setting-missing", mode.path, "anonymous WebRTC calls need one inside number "
                      "[mbg-webrtc-anonymous-destination]", "write `anonymous-destination`")
    state = gateway.cell("web-services", "web-service-state")
    if state and state.value == "stopped" and gateway.rows("web-services", "consumers"):
        context.error("setting-ignored", state.path, "the web service is stopped, and consumers are declared",
                      "start it, or declare no consumers")


def _media(gateway: Gateway) -> None:
    cell = gateway.cell("settings", "media-port-range")
    if cell is None:
        return
    first, _, last = str(cell.value).partition("-")
    open_ports = [part for kind, parts in gateway.context.service(gateway.name, "media").transports if kind == "udp"
                  for part in parts]
    if not any(part.first <= int(first) and int(last or first) <= part.last for part in open_ports):
        gateway.context.error("media-range", cell.path, f"media on {cell.value}, and filters open "
                              f"{', '.join(f'{part.first}-{part.last}' for part in open_ports)} for it")


def _administration(gateway: Gateway) -> None:
    """Who uses Server Manager or a shell by `uses` is not locked out by the form."""
    context = gateway.context
    allowed = gateway.cell("remote-access", "allowed-administration")
    if allowed and isinstance(allowed.value, tuple):
        prefixes = [ip_network(prefix) for prefix in allowed.value]
        for client in sorted({*gateway.clients.get("admin-https", ()), *gateway.clients.get("ssh", ())}):
            host = context.site.hosts.get(client)
            if host and not any(host.address in prefix for prefix in prefixes):
                context.error("administration-shut", allowed.path, f"{client} administers {gateway.name} and is in "
                              "none of the allowed networks [admin-mbg-encrypted-and-source-limited]",
                              f"add {client!r}")
    shell = gateway.cell("remote-access", "ssh-access")
    if shell and shell.value == "No access" and (users := gateway.clients.get("ssh", ())):
        context.error("administration-shut", shell.path, f"{', '.join(users)} uses ssh@{gateway.name}, and SSH has no "
                      "access [admin-mbg-ssh-disabled]", "'local networks only', or no such flow")


def _reached(gateway: Gateway) -> None:
    """What the forms switch on, somebody may reach."""
    mode = gateway.cell("webrtc", "mode")
    wanted = {
        "web-proxy": gateway.rows("web-proxy", "sites")[:1],
        "minet-tls": gateway.rows("minet-devices", "devices")[:1],
        "sip-tls": gateway.rows("sip-devices", "devices")[:1],
        "webrtc": (mode,) if mode and mode.value != "off" else (),
    }
    for service, places in wanted.items():
        for place in places:
            if service not in gateway.exposed and service not in gateway.clients:
                gateway.context.warning("setting-unreached", place.path, f"{gateway.name} serves {service} by its "
                                        "forms, and nobody may reach it", f"`expose: [{service}]`")
