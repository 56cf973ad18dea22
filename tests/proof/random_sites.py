"""Random site definitions: other segments, hosts, uses, flows and places each time; every one of them checks clean."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from punchdown.platforms import platform as platform_of

PBX_SERVICES = ("smdr", "pms", "admin-https", "ssh", "sip-tls", "minet-tls", "media", "sip")
SEGMENTS = {"call-control": "call-control", "phones": "voice", "office": "data", "guests": "data", "servers": "server",
            "dmz": "dmz", "management": "management"}
"""Names and zones of segments that a site may have."""
NEEDED = ("call-control", "phones", "office", "management")
FLOWS = (("office", "ssh"), ("office", "admin-https"), ("phones", "sip"), ("office", "minet-tls"), ("phones", "pms"))


@st.composite
def definitions(draw: st.DrawFn, switches: tuple[str, ...], firewall: str = "linux_nftables") -> dict[str, Any]:
    """A site with one switch for each named platform, a firewall, and hosts on any of their ports. No host shares a
    segment with machines that anybody may plug in: these could take its address, and the proof says so.
    IPv6 stands on sites with one switch."""
    names = [name for name in SEGMENTS if name in NEEDED or draw(st.booleans())]
    vlans = draw(st.lists(st.integers(2, 250), min_size=len(names), max_size=len(names), unique=True))
    site: dict[str, Any] = {
        "site": "porto", "prefix": f"10.{draw(st.integers(1, 250))}.0.0/16",
        "segments": {name: {"vlan": vlan, "zone": SEGMENTS[name]} for name, vlan in zip(names, vlans, strict=True)},
        "dot1x": {"servers": ["radius-1"]}, "services": {"dns": ["radius-1"]}, "qos": {"profile": "mitel-default"},
        "firewall": {"wan": {"address": "198.51.100.2/24", "router": "198.51.100.1"}, "reject": draw(st.booleans()),
                     "ping": draw(st.booleans()), "netblocks": {"homes": ["203.0.113.64/26"]}}}
    if len(switches) == 1 and draw(st.booleans()):
        site["prefix6"] = "2001:db8:50::/48"
    site["hosts"] = _hosts(draw, names)
    wanted = draw(st.lists(st.sampled_from(FLOWS), max_size=3, unique=True))
    site["flows"] = [{"from": segment, "to": "pbx-1", "service": service} for segment, service in wanted]
    site["devices"] = _devices(draw, switches, firewall, names, list(site["hosts"]))
    return site


def _hosts(draw: st.DrawFn, names: list[str]) -> dict[str, Any]:
    hosts: dict[str, Any] = {
        "radius-1": {"kind": "radius-server", "segment": "management", "address": 5},
        "pbx-1": {"kind": "mivoice-business", "segment": "call-control", "address": draw(st.integers(10, 40))},
        "neighbour": {"kind": "application", "segment": "call-control", "address": draw(st.integers(50, 90))},
        "admin-1": {"kind": "admin", "segment": "management", "address": 100,
                    "uses": _uses(draw, ("admin-https", "ssh"), "pbx-1")}}
    if draw(st.booleans()):
        hosts["pbx-2"] = {"kind": "mivoice-business", "segment": "call-control", "address": draw(st.integers(100, 120))}
    for number in range(draw(st.integers(0, 3))):
        segment = draw(st.sampled_from([name for name in ("servers", "call-control") if name in names]))
        target = draw(st.sampled_from([name for name in hosts if name.startswith("pbx")]))
        hosts[f"app-{number}"] = {"kind": "application", "segment": segment, "address": 130 + 7 * number,
                                  "uses": _uses(draw, PBX_SERVICES, target)}
    if "dmz" in names:
        hosts["mbg-1"] = {
            "kind": "border-gateway", "segment": "dmz", "address": 10, "public": "198.51.100.10",
            "hairpin": draw(st.booleans()), "uses": ["minet-tls@pbx-1", "media@phones"],
            "expose": [{"service": service, "from": draw(st.sampled_from(["any", "homes"]))}
                       for service in draw(st.lists(st.sampled_from(["minet-tls", "sip-tls", "media"]), unique=True))]}
    return hosts


def _uses(draw: st.DrawFn, services: tuple[str, ...], target: str) -> list[str]:
    return [f"{name}@{target}" for name in draw(st.lists(st.sampled_from(services), max_size=3, unique=True))]


def model_with_dot1x(name: str) -> str:
    """A model of a platform that authenticates ports; empty when every one does."""
    return next((model for model in platform_of(name).capabilities.dot1x_models if model != "*"), "")


def _devices(draw: st.DrawFn, switches: tuple[str, ...], firewall: str, names: list[str],
             hosts: list[str]) -> dict[str, Any]:
    """Every host on a port of some switch, the firewall's legs on the first, each other switch behind the first."""
    devices: dict[str, Any] = {"fw-1": {"role": "firewall", "platform": firewall, "management": 1, "routes": names}}
    homes = {host: draw(st.integers(0, len(switches) - 1)) for host in hosts}
    for number, platform in enumerate(switches):
        on_it: list[Any] = [host for host, home in homes.items() if home == number]
        on_it += ["phone-and-pc", "phone-and-pc", "pc", "unused"]
        on_it += [{"role": "pc", "segment": "guests"}] if "guests" in names else []
        if number == 0:
            on_it += [f"fw-1/{name}" for name in names]
            on_it += [f"sw-{other + 1}" for other in range(1, len(switches))]
        else:
            on_it += ["sw-1"]
        places = draw(st.lists(st.integers(1, 24), min_size=len(on_it), max_size=len(on_it), unique=True))
        prefix = "p" if platform == "openvswitch" else ""
        devices[f"sw-{number + 1}"] = {
            "role": "access-switch" if number else "core-switch", "platform": platform, "management": 11 + number,
            **({"model": model} if (model := model_with_dot1x(platform)) else {}),
            "ports": {f"{prefix}{place}": what for place, what in zip(places, on_it, strict=True)}}
    return devices
