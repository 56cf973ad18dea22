"""What NetBox knows of a site, in the words of devices: its answers go in as plain data.

Source: answers of NetBox 3.7 and 4.6 (``tests/adopt/netbox/``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from ipaddress import IPv4Interface, IPv4Network, IPv6Network, ip_network

from punchdown.adopt.netbox_ask import Answers
from punchdown.adopt.netbox_rows import (
    Row,
    alive,
    choice,
    field_of,
    id_of,
    interface4,
    many,
    number_in,
    slug_of,
    text_in,
)
from punchdown.adopt.words import Note, unique
from punchdown.values.adopted import SeenDevice, SeenLeg, SeenPort, SeenVlan
from punchdown.values.policy import LineRef

_PLATFORMS = {
    "ios": "cisco_ios", "ios_xe": "cisco_ios", "iosxe": "cisco_ios", "cisco_ios_xe": "cisco_ios",
    "cisco_iosxe": "cisco_ios", "nftables": "linux_nftables", "ovs": "openvswitch", "open_vswitch": "openvswitch",
    "junos": "juniper_junos", "asa": "cisco_asa", "fortios": "fortinet_fortios", "procurve": "hp_procurve",
    "arubaos_switch": "hp_procurve", "aruba_os_switch": "hp_procurve",
}
"""Slugs that people give to platforms, with underscores, where they are not called as ours."""
_SWITCH = (("core-switch", re.compile(r"core|dist|spine|aggregation")),
           ("access-switch", re.compile(r"access|switch|edge|floor|leaf")))
_FIREWALL = re.compile(r"firewall|\bfw\b")
_NO_SWITCH = re.compile(r"router|access.?point|\bap\b|wireless|wlan|wifi|server|panel|console|phone|gateway")
_END = re.compile(r"voice|voip|phone|telefon|teleph|\bpc\b|workstation|desktop|printer|thin.?client")
"""Roles of devices at the end of a cable that are no neighbour of a switch."""
_VOICE = re.compile(r"voice|voip|phone|telefon|teleph")
_LEGS = re.compile(r"lan\d{1,4}|wan0|lo")
_OUR_LEGS = {"linux_nftables": _LEGS, "fortinet_fortios": _LEGS}
"""Platforms that know the interfaces of a gateway by such names alone."""
_MODEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._/-]{0,62}")
_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Known:
    """A site as NetBox has it. ``prefixes`` maps a VLAN to its IPv4 prefix, ``prefixes6`` to its IPv6 prefix."""

    devices: tuple[SeenDevice, ...]
    prefixes: Mapping[int, str]
    prefixes6: Mapping[int, str]
    notes: tuple[Note, ...]


def read_netbox(answers: Answers, platforms: Mapping[str, Iterable[str]]) -> Known:
    """The devices of a site, with their ports. ``answers`` as they were asked for; ``platforms`` maps the names that
    this version knows to the roles that they can have."""
    reader = _Reader(answers, platforms)
    devices = tuple(reader.devices())
    return Known(devices, reader.prefixes, reader.prefixes6, tuple(reader.notes()))


class _Reader:
    def __init__(self, answers: Answers, platforms: Mapping[str, Iterable[str]]) -> None:
        self._platforms = platforms
        self._rows = {id_of(row): row for row in answers.get("devices", ())}
        self._notes: list[Note] = []
        self._left: dict[str, list[str]] = {}
        by_device: dict[int, list[Row]] = {}
        for row in answers.get("interfaces", ()):
            by_device.setdefault(id_of(row.get("device")), []).append(row)
        self._interfaces = by_device
        used = {id_of(row.get("untagged_vlan")) for rows in by_device.values() for row in rows}
        vlans = [row for row in answers.get("vlans", ()) if alive(row) or id_of(row) in used]
        self._voice = {number_in(row, "vid") for row in vlans
                       if _VOICE.search(f"{text_in(row, 'name')} {slug_of(row, 'role')}".lower())}
        self._vlans = tuple(self._seen_vlans(vlans))
        self.prefixes: dict[int, str] = {}
        self.prefixes6: dict[int, str] = {}
        self._read_prefixes(answers.get("prefixes", ()))
        self._addresses: dict[int, list[IPv4Interface]] = {}
        for row in answers.get("addresses", ()):
            if row.get("assigned_object_type") == "dcim.interface" and (address := interface4(row)) and alive(row):
                self._addresses.setdefault(id_of(row.get("assigned_object")), []).append(address)

    def notes(self) -> Iterator[Note]:
        """What a person has to know, devices that stay out first, by reason."""
        for reason, names in self._left.items():
            shown = ", ".join(names[:_SHOWN]) + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")
            are = "is" if len(names) == 1 else "are"
            yield Note("left-out", f"{shown} {are} not in the definition: {reason}", (), names[0])
        yield from self._notes

    def devices(self) -> Iterator[SeenDevice]:
        """Switches and firewalls that can be configured here; a stack is one device."""
        taken: set[str] = set()
        for number, row in self._rows.items():
            shown = text_in(row, "name").strip() or f"device-{number}"
            role, platform = role_of(row), self._platform(row)
            reason = self._why_not(row, role, platform)
            master = self._master(row)
            if master != number and reason == "":
                continue
            if reason:
                self._left.setdefault(reason, []).append(shown)
                continue
            name = unique(shown, taken)
            taken.add(name)
            own = [self._rows[member] for member in self._members(number)]
            yield self._device(row, name, shown, role, platform, own)

    def _why_not(self, row: Row, role: str, platform: str) -> str:
        slug = slug_of(row, "platform")
        if not alive(row):
            return f"status {choice(row, 'status')}"
        if not role:
            return f"role {slug_of(row, 'role') or slug_of(row, 'device_role') or 'none'} is no switch and no firewall"
        if not platform:
            return f"platform {slug} is not known here" if slug else "no platform"
        return "" if role in self._platforms[platform] else f"{platform} can be no {role} here"

    def _platform(self, row: Row) -> str:
        """Our name of a device's platform, empty when there is none."""
        slug = slug_of(row, "platform").replace("-", "_")
        name = _PLATFORMS.get(slug, slug)
        return name if name in self._platforms else ""

    def _master(self, row: Row) -> int:
        """The device that a stack is managed by: its master, else its first member with an address."""
        stack = id_of(row.get("virtual_chassis"))
        if not stack:
            return id_of(row)
        master = id_of(field_of(row.get("virtual_chassis"), "master"))
        if master in self._rows and alive(self._rows[master]):
            return master
        members = sorted((item for item in self._rows.values()
                          if id_of(item.get("virtual_chassis")) == stack and alive(item)),
                         key=lambda item: (not item.get("primary_ip4"), number_in(item, "vc_position")))
        return id_of(members[0]) if members else id_of(row)

    def _members(self, number: int) -> list[int]:
        return [number, *(other for other, row in self._rows.items()
                          if other != number and alive(row) and self._master(row) == number)]

    def _device(self, row: Row, name: str, shown: str, role: str, platform: str, members: list[Row]) -> SeenDevice:
        source = f"netbox:device:{id_of(row)}"
        interfaces = [item for member in members for item in self._interfaces.get(id_of(member), ())]
        lags = {id_of(item): number for number, item in enumerate(
            (item for item in interfaces if choice(item, "type") == "lag"), 1)}
        ports: dict[str, SeenPort] = {}
        for item in interfaces:
            port = self._port(item, lags, source)
            if port and port.name in ports:
                self._notes.append(Note("left-out", "two members of the stack have a port of this name; one was taken",
                                        (), name, port.name))
            elif port:
                ports[port.name] = port
        model = text_in(row.get("device_type"), "model")
        firewall = role == "firewall"
        legs = tuple(self._legs(row, interfaces, source))
        if firewall and len(legs) < 2:
            self._notes.append(Note("question", f"NetBox has no address of {shown} in other segments than its own: "
                                                "write all that it routes", (), name))
        if platform == "cisco_asa":
            self._notes.append(Note("question", f"NetBox does not know the `nameif` of {shown}'s interfaces: "
                                                "lanVLAN and wan0 are taken", (), name))
        return SeenDevice(
            name=name, shown_name=shown, platform=platform, role=role, source=source, vlans=self._vlans,
            model=model if _MODEL.fullmatch(model) else "", refused=_refused(row, platform, legs),
            vlans_known=True, ports=() if firewall else tuple(ports.values()), legs=legs)

    def _legs(self, row: Row, interfaces: list[Row], source: str) -> Iterator[SeenLeg]:
        """Its interfaces with an address in a VLAN, by the prefix that holds it; the primary address is the one that it
        is managed at."""
        primary = interface4(row.get("primary_ip4"))
        found = [(text_in(item, "name"), address) for item in interfaces
                 for address in self._addresses.get(id_of(item), ())]
        if primary and not any(address.ip == primary.ip for _, address in found):
            found.append(("primary", primary))
        for name, address in found:
            for vlan, prefix in self.prefixes.items():
                network = IPv4Network(prefix)
                if address.ip in network:
                    yield SeenLeg(name, vlan, f"{address.ip}/{network.prefixlen}", LineRef(source, 0, str(address)),
                                  management=primary is not None and address.ip == primary.ip)

    def _port(self, row: Row, lags: Mapping[int, int], source: str) -> SeenPort | None:
        kind, name = choice(row, "type"), text_in(row, "name").strip()
        if kind in {"virtual", "bridge"} or row.get("mgmt_only") or not name:
            return None
        lag, own = lags.get(id_of(row.get("lag")), 0), lags.get(id_of(row), 0)
        peers = [item["device"] for item in many(row, "connected_endpoints") if isinstance(item.get("device"), Mapping)]
        peer = next((text_in(item, "name") for item in peers), "")
        base = SeenPort(name, LineRef(source, 0, name), closed=row.get("enabled") is False,
                        description=text_in(row, "description") or peer, bundle=lag or own, is_bundle=bool(own),
                        bundle_mode="active" if lag else "")
        return self._with_vlans(base, row, neighbour=any(not self._is_end(item) for item in peers))

    def _with_vlans(self, base: SeenPort, row: Row, *, neighbour: bool) -> SeenPort:
        """The port with its VLANs: one voice VLAN beside the untagged one is a phone's, unless a cable leads to a
        neighbour."""
        mode, untagged = choice(row, "mode"), number_in(row.get("untagged_vlan"), "vid")
        tagged = tuple(sorted({number for item in many(row, "tagged_vlans") if (number := number_in(item, "vid"))}))
        if mode == "access":
            return replace(base, mode="access", access_vlan=untagged or 1)
        if mode == "tagged" and not neighbour and untagged and len(tagged) == 1 and tagged[0] in self._voice:
            return replace(base, mode="access", access_vlan=untagged, voice_vlan=tagged[0])
        if mode in {"tagged", "tagged-all"}:
            return replace(base, mode="trunk", tagged=tagged if mode == "tagged" else None, native_vlan=untagged or 1)
        return base

    def _is_end(self, peer: Row) -> bool:
        """Whether a device is a phone or a PC, by its role."""
        row = self._rows.get(id_of(peer), {})
        return bool(_END.search((slug_of(row, "role") or slug_of(row, "device_role")).replace("-", " ")))

    def _seen_vlans(self, rows: Iterable[Row]) -> Iterator[SeenVlan]:
        names: dict[int, str] = {}
        for row in rows:
            number, name = number_in(row, "vid"), text_in(row, "name")
            if not 1 < number < 4095 or 1002 <= number <= 1005:
                continue
            if number in names:
                self._notes.append(Note("question", f"VLAN {number} stands in NetBox more than once: {names[number]!r} "
                                                    f"and {name!r}; the definition has one of them"))
            else:
                names[number] = name
                yield SeenVlan(number, name, LineRef(f"netbox:vlan:{id_of(row)}", 0, name))

    def _read_prefixes(self, rows: Iterable[Row]) -> None:
        """The active prefixes of each VLAN; the first of a VLAN counts."""
        for row in rows:
            vlan = number_in(row.get("vlan"), "vid")
            try:
                network: IPv4Network | IPv6Network = ip_network(text_in(row, "prefix"))
            except ValueError:
                continue
            if not vlan or not alive(row):
                continue
            known = self.prefixes if isinstance(network, IPv4Network) else self.prefixes6
            if vlan in known and known[vlan] != str(network):
                self._notes.append(Note("left-out", f"VLAN {vlan} has more than one prefix in NetBox: {network} is not "
                                                    "in the definition"))
            known.setdefault(vlan, str(network))


def _refused(row: Row, platform: str, legs: Iterable[SeenLeg]) -> str:
    """Why a device can't be configured: what NetBox lacks of it, or what a gateway's interfaces are called."""
    primary = interface4(row.get("primary_ip4"))
    if primary is None:
        return "NetBox has no primary IPv4 address of it"
    if not any(leg.management for leg in legs):
        return f"no prefix of a VLAN of the site holds its primary address {primary.ip}"
    known = _OUR_LEGS.get(platform)
    strange = sorted({leg.name for leg in legs if known and not known.fullmatch(leg.name) and leg.name != "primary"})
    return f"its interfaces are called {', '.join(strange)}: this platform knows lanVLAN and wan0" if strange else ""


def role_of(row: Row) -> str:
    """The role of a device here, by its slug, empty when it is no switch and no firewall. NetBox calls it ``role``,
    before 3.6 ``device_role``.

    >>> [role_of({"role": {"slug": slug}}) for slug in ("access-switch", "dist", "core-router", "access-point", "fw")]
    ['access-switch', 'core-switch', '', '', 'firewall']
    """
    slug = (slug_of(row, "role") or slug_of(row, "device_role")).replace("-", " ")
    if _FIREWALL.search(slug):
        return "firewall"
    if _NO_SWITCH.search(slug) and "switch" not in slug:
        return ""
    return next((role for role, pattern in _SWITCH if pattern.search(slug)), "")
