"""A border gateway's forms against one another and against the site around it.

Source: Security and the Mitel Teleworker (December 2025); MBG online help, IP blocking.
"""

from __future__ import annotations

from ipaddress import IPv4Address, ip_network

from punchdown.catalog.form_values import like
from punchdown.compiler.gateway.advice import deployment_mode
from punchdown.compiler.gateway.gateway import Gateway
from punchdown.compiler.gateway.reading import Row


def check_border_gateway(gateway: Gateway) -> None:
    """Note contradictions of one border gateway; other products have none of these forms."""
    if "deployment" in gateway.forms:
        _streaming(gateway)
        _sides(gateway)
    if "ip-blocking" in gateway.forms:
        _blocking(gateway)
    _devices(gateway)
    _web(gateway)


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
                                  like(icp, sorted(icps)) or "declare it in `deployment: icps:`")
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
