"""What NetBox knows of a site, in the words of devices: its answers go in as plain data.

Source: NetBox 4.6 REST API, serializers of sites, devices, interfaces, VLANs, prefixes and cables; before 4.2 a prefix
has a ``site`` where it has a ``scope`` now.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from ipaddress import IPv4Interface, IPv4Network
from typing import Any

from punchdown.values.adopted import SeenDevice, SeenLeg, SeenPort, SeenVlan
from punchdown.values.policy import LineRef

QUERIES: Mapping[str, str] = {
    "sites": "/api/dcim/sites/?slug={site}",
    "devices": "/api/dcim/devices/?site={site}",
    "interfaces": "/api/dcim/interfaces/?site={site}",
    "vlans": "/api/ipam/vlans/?site={site}",
    "prefixes": "/api/ipam/prefixes/?site={site}",
    "cables": "/api/dcim/cables/?site={site}",
}
"""What is asked for: name to path below the server, with the site's slug."""
_PLATFORMS = {
    "ios": "cisco_ios", "ios_xe": "cisco_ios", "iosxe": "cisco_ios", "cisco_ios_xe": "cisco_ios",
    "cisco_iosxe": "cisco_ios", "nftables": "linux_nftables", "ovs": "openvswitch", "open_vswitch": "openvswitch",
}
"""Slugs that people give to platforms, with underscores, where they are not called as ours."""
_ROLES = (("firewall", re.compile(r"firewall|\bfw\b")), ("core-switch", re.compile(r"core|dist|spine|aggregation")),
          ("access-switch", re.compile(r"access|switch|edge|floor")))
_VOICE = re.compile(r"voice|voip|phone|telefon|teleph")
_ALIVE = frozenset({"", "active"})
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Known:
    """A site as NetBox has it. ``prefixes`` maps a VLAN to its prefix; ``others`` are devices that nothing here
    configures: (name, why)."""

    devices: tuple[SeenDevice, ...]
    prefixes: Mapping[int, str]
    others: tuple[tuple[str, str], ...]


def read_netbox(answers: Mapping[str, Iterable[Row]], platforms: Iterable[str]) -> Known:
    """The devices of a site, with their ports. ``answers`` by the names of :data:`QUERIES`, all pages of each joined;
    ``platforms`` are the names that this version knows."""
    vlans = [row for row in answers.get("vlans", ()) if _alive(row) and _number(row.get("vid"))]
    prefixes = dict(_prefixes(answers.get("prefixes", ())))
    peers = dict(_peers(answers.get("cables", ())))
    by_device: dict[int, list[Row]] = {}
    for row in answers.get("interfaces", ()):
        by_device.setdefault(_id(row.get("device")), []).append(row)
    voice = {_number(row["vid"]) for row in vlans
             if _VOICE.search(f"{_text(row, 'name')} {_slug(row, 'role')}".lower())}
    reader = _Reader(tuple(_vlans(vlans)), prefixes, peers, frozenset(voice), frozenset(platforms))
    devices: list[SeenDevice] = []
    others: list[tuple[str, str]] = []
    for row in answers.get("devices", ()):
        role, platform = _role(row), reader.platform(row)
        name = _text(row, "name") or f"device-{_id(row)}"
        if not _alive(row):
            others.append((name, "it is not active"))
        elif not role:
            called = _slug(row, "role") or _slug(row, "device_role") or "none"
            others.append((name, f"its role {called} is no switch and no firewall"))
        elif not platform:
            others.append((name, f"its platform {_slug(row, 'platform') or 'none'} is not known here"))
        else:
            devices.append(reader.device(row, name, role, platform, by_device.get(_id(row), [])))
    return Known(tuple(devices), prefixes, tuple(others))


class _Reader:
    def __init__(self, vlans: tuple[SeenVlan, ...], prefixes: Mapping[int, str], peers: Mapping[int, str],
                 voice: frozenset[int], platforms: frozenset[str]) -> None:
        self._vlans, self._prefixes, self._peers = vlans, prefixes, peers
        self._voice, self._platforms = voice, platforms

    def platform(self, row: Row) -> str:
        """Our name of a device's platform, empty when there is none."""
        slug = _slug(row, "platform").replace("-", "_")
        name = _PLATFORMS.get(slug, slug)
        return name if name in self._platforms else ""

    def device(self, row: Row, name: str, role: str, platform: str, interfaces: list[Row]) -> SeenDevice:
        """One device with its ports."""
        source = f"netbox:device:{_id(row)}"
        lags = {_id(item): number for number, item in enumerate(
            (item for item in interfaces if _choice(item, "type") == "lag"), 1)}
        ports = tuple(port for item in interfaces if (port := self._port(item, lags, source)))
        address = _address(row.get("primary_ip4"))
        return SeenDevice(
            name=name, shown_name=name, platform=platform, role=role, source=source, vlans=self._vlans,
            vlans_known=True, ports=ports if role != "firewall" else (), legs=tuple(self._leg(address, source)))

    def _leg(self, address: str, source: str) -> Iterator[SeenLeg]:
        """The management interface, by the device's primary address and the prefix that holds it."""
        for vlan, prefix in self._prefixes.items():
            network = IPv4Network(prefix)
            if address and IPv4Interface(address).ip in network:
                yield SeenLeg("primary", vlan, f"{IPv4Interface(address).ip}/{network.prefixlen}",
                              LineRef(source, 0, address), management=True)

    def _port(self, row: Row, lags: Mapping[int, int], source: str) -> SeenPort | None:
        kind, name = _choice(row, "type"), _text(row, "name")
        if kind == "virtual" or row.get("mgmt_only") or not name:
            return None
        lag = lags.get(_id(row.get("lag")), 0)
        own = lags.get(_id(row), 0)
        untagged = _number(_field(row.get("untagged_vlan"), "vid"))
        tagged = tuple(sorted(number for item in row.get("tagged_vlans") or ()
                              if (number := _number(_field(item, "vid")))))
        peer = self._peers.get(_id(row), "")
        base = SeenPort(name, LineRef(source, 0, name), closed=row.get("enabled") is False,
                        description=_text(row, "description") or peer, bundle=lag or own, is_bundle=bool(own),
                        bundle_mode="active" if lag else "")
        return _with_vlans(base, _choice(row, "mode"), untagged, tagged, self._voice, cabled=bool(peer))


def _with_vlans(base: SeenPort, mode: str, untagged: int, tagged: tuple[int, ...], voice: frozenset[int], *,
                cabled: bool) -> SeenPort:
    """The port with its VLANs: one voice VLAN beside the untagged one is a phone's, unless a cable leads to a
    device."""
    if mode == "access":
        return replace(base, mode="access", access_vlan=untagged or 1)
    if mode == "tagged" and not cabled and untagged and len(tagged) == 1 and tagged[0] in voice:
        return replace(base, mode="access", access_vlan=untagged, voice_vlan=tagged[0])
    if mode in {"tagged", "tagged-all"}:
        return replace(base, mode="trunk", tagged=tagged if mode == "tagged" else None, native_vlan=untagged or 1)
    return base


def _prefixes(rows: Iterable[Row]) -> Iterator[tuple[int, str]]:
    """(VLAN, IPv4 prefix) of active prefixes; the first of a VLAN counts."""
    seen: set[int] = set()
    for row in rows:
        vlan = _number(_field(row.get("vlan"), "vid"))
        try:
            network = IPv4Network(str(row.get("prefix")))
        except ValueError:
            continue
        if vlan and vlan not in seen and _alive(row):
            seen.add(vlan)
            yield vlan, str(network)


def _peers(rows: Iterable[Row]) -> Iterator[tuple[int, str]]:
    """(interface, name of the device at the other end) of every cable between two interfaces."""
    for row in rows:
        ends = [[item for item in row.get(key) or () if item.get("object_type") == "dcim.interface"]
                for key in ("a_terminations", "b_terminations")]
        for near, far in (ends, ends[::-1]):
            for item in near:
                name = next((_text(other["object"].get("device") or {}, "name") for other in far
                             if isinstance(other.get("object"), Mapping)), "")
                if name and (number := _number(item.get("object_id"))):
                    yield number, name


def _vlans(rows: Iterable[Row]) -> Iterator[SeenVlan]:
    for row in rows:
        number = _number(row["vid"])
        if 1 < number < 4095 and not 1002 <= number <= 1005:
            yield SeenVlan(number, _text(row, "name"), LineRef(f"netbox:vlan:{_id(row)}", 0, _text(row, "name")))


def _role(row: Row) -> str:
    """The role of a device, by its slug: NetBox calls it ``role``, before 4.0 ``device_role``."""
    slug = (_slug(row, "role") or _slug(row, "device_role")).replace("-", " ")
    return next((role for role, pattern in _ROLES if pattern.search(slug)), "")


def _alive(row: Row) -> bool:
    return _choice(row, "status") in _ALIVE


def _choice(row: Row, key: str) -> str:
    value = row.get(key)
    found = value.get("value") if isinstance(value, Mapping) else value
    return found if isinstance(found, str) else ""


def _field(value: Any, key: str) -> Any:
    return value.get(key) if isinstance(value, Mapping) else None


def _slug(row: Row, key: str) -> str:
    found = _field(row.get(key), "slug")
    return found if isinstance(found, str) else ""


def _text(row: Row, key: str) -> str:
    value = row.get(key)
    return value if isinstance(value, str) else ""


def _number(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def _id(value: Any) -> int:
    return _number(_field(value, "id"))


def _address(value: Any) -> str:
    text = _field(value, "address")
    try:
        return str(IPv4Interface(text)) if isinstance(text, str) else ""
    except ValueError:
        return ""
