"""Encrypted paths to other sites: the VPNs that firewalls end, and the networks behind them."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Network
from typing import Any

from punchdown.adopt.hosts import Hosts
from punchdown.adopt.words import Note, name_of, unique
from punchdown.values.adopted import SeenDevice, SeenVpn

_ANYWHERE = "0.0.0.0/0"


def add_vpns(found: Hosts, devices: Iterable[SeenDevice]) -> dict[str, dict[str, Any]]:
    """``vpns`` of the firewall, and the remotes that they lead to. One that no definition can say is told; what lies
    behind it, or behind another router of the site, is reached by nothing else."""
    written: dict[str, dict[str, Any]] = {}
    walls = tuple(devices)
    for device in walls:
        for vpn in device.vpns:
            reason = (device.refused and f"{device.shown_name} is not in the definition") or _unfit(found, vpn)
            if reason:
                found.far |= dict.fromkeys((item for item in vpn.remote if item != _ANYWHERE), "")
                found.notes.append(Note("left-out", f"the VPN to {vpn.peer}: {reason}", line=vpn.line.text))
                continue
            name = unique(name_of(vpn.name, "vpn"), {*written, *found.plan.data, *found.data, *found.remotes})
            remote = remote_name(found, vpn.remote[0], f"far-{name}")
            found.remotes[remote] = {"kind": "network", "prefixes": list(vpn.remote), "via": name}
            found.far |= dict.fromkeys(vpn.remote, remote)
            written[name] = {"peer": vpn.peer, "remote": remote, "local": [_segment(found, item) for item in vpn.local]}
            if vpn.shared_secret:
                written[name]["authentication"] = "shared-secret"
                found.notes.append(Note("secret", f"put the key of the VPN {name} into the secret vpn-{name}",
                                        ("firewall", "vpns", name), device.name))
    found.far = {**dict.fromkeys((prefix for device in walls for prefix in device.elsewhere), ""), **found.far}
    return written


def remote_name(found: Hosts, prefix: str, otherwise: str) -> str:
    """What a network beyond the site is called: as the device calls it, or else."""
    return unique(name_of(found.called.get(prefix, ""), otherwise), {*found.data, *found.plan.data, *found.remotes})


def alike_remote(found: Hosts, prefix: str, via: str) -> str:
    """The remote that has the name of this prefix already, by the same way; empty when there is none."""
    called = found.called.get(prefix, "")
    return next((name for other, name in found.far.items() if called and name and found.called.get(other) == called
                 and found.remotes[name].get("via", "wan") == via), "")


def behind_vpn(found: Hosts, prefix: str) -> str:
    """The remote of exactly this prefix that a VPN leads to, empty when there is none."""
    name = found.far.get(prefix, "")
    return name if name and found.remotes[name].get("via", "wan") not in {"wan", *found.plan.data} else ""


def near_vpn(found: Hosts, prefix: str) -> bool:
    """Whether some of it lies behind a VPN, of which a definition says the whole network alone."""
    return any(IPv4Network(prefix).overlaps(IPv4Network(other)) for other, name in found.far.items()
               if not name or behind_vpn(found, other))


def _unfit(found: Hosts, vpn: SeenVpn) -> str:
    """Why no definition says it, empty when one does."""
    if not found.has_wan:
        return "nothing shows the outside"
    if vpn.unfit:
        return vpn.unfit
    if not vpn.local or not vpn.remote:
        return "nothing tells which networks it joins"
    strange = [prefix for prefix in vpn.local if not _segment(found, prefix)]
    if strange:
        return f"{', '.join(strange)} is no segment"
    if taken := [prefix for prefix in vpn.remote if near_vpn(found, prefix)]:
        return f"{', '.join(taken)} is reached by another VPN as well"
    inside = [prefix for prefix in vpn.remote if found.plan.holds(prefix) or prefix == _ANYWHERE]
    return f"{', '.join(inside)} is on this side as well" if inside else ""


def _segment(found: Hosts, prefix: str) -> str:
    return next((name for vlan, name in found.plan.names.items() if str(found.plan.networks.get(vlan)) == prefix), "")
