"""VLANs of several devices as segments: which are taken, what they are called, what is in them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Interface, IPv4Network, IPv6Interface
from typing import Any

from punchdown.adopt.words import Note, name_of, unique
from punchdown.adopt.zones import SIGNALLING, is_management, tells, zone_of, zones_by_access
from punchdown.values.adopted import SeenDevice, SeenLeg, SeenPort

OWN_PREFIX = "PD-"
WIDE = 64
"""A trunk's list of more VLANs than this is one of convenience: nobody meant each of them."""
LONGEST = 26
"""Characters of a segment's name: switches take VLAN names of 32, and some of them are ours."""
PARKING = 999
_PARKED = re.compile(r"park|unused|black.?hole|dead|quarantine|disabled")
_VOICE = 22
"""Bits of the widest prefix that a segment of phones may have: as wide is one broadcast domain (PD1205)."""


@dataclass
class Plan:
    """Segments by VLAN number; ``data`` as the definition writes them, the first of a zone is the site's. ``main`` maps
    a zone to its VLAN."""

    names: dict[int, str] = field(default_factory=dict)
    data: dict[str, dict[str, Any]] = field(default_factory=dict)
    zones: dict[int, str] = field(default_factory=dict)
    networks: dict[int, IPv4Network] = field(default_factory=dict)
    main: dict[str, int] = field(default_factory=dict)
    parking: int = PARKING
    management: int = 0
    moved: int = 0
    site_prefix: IPv4Network | None = None
    comments: dict[tuple[str, ...], str] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)

    def segment_at(self, address: str) -> str:
        """The segment that an address lies in, empty when none does."""
        network = IPv4Network(address)
        return next((self.names[vlan] for vlan, own in self.networks.items() if network.subnet_of(own)), "")


    def holds(self, prefix: str) -> bool:
        """Whether a prefix overlaps one of the site's."""
        return any(IPv4Network(prefix).overlaps(network) for network in self.networks.values())

    def is_end(self, address: str) -> bool:
        """Whether an address belongs to a prefix itself, or to its broadcast."""
        return any(IPv4Address(address) in {network.network_address, network.broadcast_address}
                   for network in self.networks.values())

    def is_first(self, address: str) -> bool:
        """Whether this is the first address of a segment, where its router is taken to be."""
        return any(IPv4Address(address) == network.network_address + 1 and "router" not in self.data[self.names[vlan]]
                   for vlan, network in self.networks.items())


def make_plan(devices: Iterable[SeenDevice], prefixes: Mapping[int, str], admins: Collection[str],
              prefixes6: Mapping[int, str]) -> Plan:
    """The segments of a site. VLANs that nobody named and nothing uses are left out; ``prefixes`` and
    ``prefixes6`` are known for sure."""
    found = tuple(devices)
    use = _Use(found)
    plan = Plan(management=_management(found, admins), parking=use.parking)
    named = use.names()
    taken = sorted(({*named} | use.used()) - {1, plan.parking})
    if plan.management == 1:
        plan.moved = plan.management = _free({*taken, plan.parking})
        taken.append(plan.moved)
        named[plan.moved] = "management"
    legs = _legs(found)
    if plan.moved and 1 in legs:
        legs[plan.moved] = legs[1]
    hints = {vlan: prefix for device in found for vlan, prefix in device.hints}
    unsure: list[int] = []
    hints = {**_by_filters(found, named, use, {*legs, *hints, *prefixes}), **hints, **prefixes}
    for vlan in sorted(taken, key=lambda vlan: vlan not in legs):
        zone, sure = zone_of(named.get(vlan, ""), use.voice[vlan] > 0, vlan == plan.management)
        sure = sure or use.beside_phones[vlan] > 0
        name = unique(name_of(named.get(vlan, "").removeprefix(OWN_PREFIX), f"vlan-{vlan}", LONGEST), plan.data)
        plan.names[vlan], plan.zones[vlan] = name, zone
        if vlan in hints and vlan not in {*legs, *prefixes}:
            plan.comments["segments", name] = f"guessed: its prefix, by what filters say of {hints[vlan]}"
            plan.notes.append(Note("guessed", f"the prefix of {name}, by what filters say", ("segments", name)))
        own = _prefixes(plan, vlan, legs.get(vlan), hints.get(vlan, ""))
        if zone == "voice" and vlan in plan.networks and plan.networks[vlan].prefixlen < _VOICE:
            own |= _narrowed(plan, vlan, legs.get(vlan))
        six = {"prefix6": prefixes6[vlan]} if own and vlan in prefixes6 else {}
        plan.data[name] = {"vlan": vlan, **own, **six, "zone": zone}
        if not sure:
            unsure.append(vlan)
            plan.comments["segments", name] = f"guessed: nothing tells the zone of VLAN {vlan}; it has no phones"
    _zones_by_access(plan, found, unsure)
    _order(plan, use)
    _plan_prefix(plan)
    if plan.moved:
        note = f"managed in VLAN 1, which can't be a segment: VLAN {plan.moved} is proposed instead"
        plan.notes.append(Note("guessed", note, ("segments", plan.names[plan.moved])))
        plan.comments["segments", plan.names[plan.moved]] = note
    return plan


def _narrowed(plan: Plan, vlan: int, legs: tuple[SeenLeg, ...] | None) -> dict[str, str]:
    """The part of a prefix around the device's own address that a segment of phones may have."""
    name, wide = plan.names[vlan], plan.networks[vlan]
    inside = IPv4Interface(legs[0].address).ip if legs else wide.network_address
    plan.networks[vlan] = IPv4Network(f"{inside}/{_VOICE}", strict=False)
    plan.comments["segments", name] = f"guessed: a part of {wide}, which is wider than a segment of phones may be"
    plan.notes.append(Note("question", f"{name} is {wide}, wider than a segment of phones may be (/{_VOICE}): which "
                           "part of it do phones have?", ("segments", name)))
    return {"prefix": str(plan.networks[vlan])}


class _Use:
    """How often each VLAN is used, by what."""

    def __init__(self, devices: tuple[SeenDevice, ...]) -> None:
        self._devices = devices
        self.access: Counter[int] = Counter()
        self.voice: Counter[int] = Counter()
        self.beside_phones: Counter[int] = Counter()
        self._closed: Counter[int] = Counter()
        for device in devices:
            for port in device.ports:
                self._count(port)
        self.parking = self._parking()

    def _count(self, port: SeenPort) -> None:
        if port.closed:
            self._closed[port.access_vlan] += 1
        elif port.mode == "access":
            self.access[port.access_vlan] += 1
            if port.voice_vlan:
                self.voice[port.voice_vlan] += 1
                self.beside_phones[port.access_vlan] += 1

    def names(self) -> dict[int, str]:
        """The name that most devices give a VLAN."""
        votes: dict[int, Counter[str]] = {}
        for device in self._devices:
            for vlan in device.vlans:
                if vlan.name:
                    votes.setdefault(vlan.id, Counter())[vlan.name] += 1
        return {vlan: counted.most_common(1)[0][0] for vlan, counted in votes.items()}

    def _parking(self) -> int:
        """The VLAN of ports that are shut, where nothing else is in it."""
        named = {vlan for vlan, name in self.names().items() if _PARKED.search(name.lower())}
        legs = {leg.vlan for device in self._devices for leg in device.legs if leg.address}
        idle = [vlan for vlan, _ in self._closed.most_common()
                if vlan != 1 and not self.voice[vlan] and vlan not in legs and not self.access[vlan]]
        named = {vlan for vlan in named if vlan not in legs and not self.voice[vlan]}
        taken = {*self.access, *self.voice, *legs}
        return next(iter([*sorted(named), *idle]), PARKING if PARKING not in taken else _free(taken))

    def used(self) -> set[int]:
        """VLANs with a port or an address in them, or that a trunk names one by one."""
        found = {*self.access, *self.voice}
        for device in self._devices:
            found |= {leg.vlan for leg in device.legs if leg.address and leg.vlan}
            known = {vlan.id for vlan in device.vlans}
            for port in device.ports:
                if port.mode == "trunk" and not port.closed and port.tagged and len(port.tagged) <= WIDE:
                    found |= {vlan for vlan in port.tagged if not device.vlans_known or vlan in known}
                if port.auth and not port.closed:
                    found |= {port.auth.critical_vlan, port.auth.guest_vlan, port.auth.auth_fail_vlan} - {0}
        return {vlan for vlan in found if 1 < vlan < 4095}


def _free(taken: set[int]) -> int:
    wanted: list[int] = [99, 199, 299, *range(4000, 4090)]
    return next(vlan for vlan in wanted if vlan not in taken)


def management_leg(device: SeenDevice, admins: Collection[str]) -> SeenLeg | None:
    """The interface through which a device is managed: beside its administrators, marked, named so, beside its router,
    or the only one. None for a gateway that shows nothing of it."""
    legs = [leg for leg in device.legs if leg.address and leg.vlan]
    names = {vlan.id: vlan.name.lower() for vlan in device.vlans}

    def rank(leg: SeenLeg) -> tuple[int, int]:
        words = f"{names.get(leg.vlan, '')} {leg.description.lower()}"
        routed = bool(device.router) and IPv4Address(device.router) in IPv4Interface(leg.address).network
        near = any(IPv4Address(admin) in IPv4Interface(leg.address).network for admin in admins)
        return (16 * near + 8 * leg.management + 4 * is_management(words) + 2 * routed, -leg.vlan)

    best = max(legs, key=rank, default=None)
    return None if best and device.role == "firewall" and len(legs) > 1 and not rank(best)[0] else best


def _management(devices: tuple[SeenDevice, ...], admins: Collection[str]) -> int:
    """The VLAN that most devices are managed in, 0 when none shows one."""
    votes = Counter(leg.vlan for device in devices if (leg := management_leg(device, admins)))
    return votes.most_common(1)[0][0] if votes else 0


def _legs(devices: tuple[SeenDevice, ...]) -> dict[int, tuple[SeenLeg, ...]]:
    found: dict[int, tuple[SeenLeg, ...]] = {}
    for device in devices:
        for leg in device.legs:
            if leg.address:
                found[leg.vlan] = (*found.get(leg.vlan, ()), leg)
    return found


def _by_filters(devices: tuple[SeenDevice, ...], names: dict[int, str], use: _Use, known: set[int]) -> dict[int, str]:
    """Prefixes by what filters let phones do: where controllers are reached, and from where. Only where one VLAN of the
    zone is without a prefix."""
    found: dict[int, str] = {}
    openings = [item for device in devices for item in device.openings if tells(item)]
    servers = {str(IPv4Network(item.server).supernet(new_prefix=24)) for item in openings if item.server[-3:] == "/32"}
    clients = {item.client for item in openings
               if item.client and item.client[-3:] != "/32" and item.first in SIGNALLING}
    for zone, prefixes in (("call-control", servers), ("voice", clients)):
        vlans = [vlan for vlan in {*names, *use.used()} - known
                 if zone_of(names.get(vlan, ""), use.voice[vlan] > 0, False) == (zone, True)]
        if len(vlans) == len(prefixes) == 1:
            found[vlans[0]] = prefixes.pop()
    return found


def _prefixes(plan: Plan, vlan: int, legs: tuple[SeenLeg, ...] | None, hint: str) -> dict[str, str]:
    """The prefixes of a segment, by an interface in it or by what suggests one; none that overlaps another."""
    if not legs and not hint:
        return {}
    network = IPv4Interface(legs[0].address).network if legs else IPv4Network(hint)
    if network.prefixlen > 30 or any(network.overlaps(other) for other in plan.networks.values()):
        return {}
    plan.networks[vlan] = network
    six = next((leg.address6 for leg in legs or () if leg.address6), "")
    return {"prefix": str(network), **({"prefix6": str(IPv6Interface(six).network)} if six else {})}


def _zones_by_access(plan: Plan, devices: tuple[SeenDevice, ...], unsure: list[int]) -> None:
    """Zones that neither names nor phones tell, by what filters let through; phones that are known to be elsewhere are
    not looked for."""
    known = {zone for vlan, zone in plan.zones.items() if vlan not in unsure}
    for vlan, zone in zones_by_access(devices, plan.networks).items():
        if vlan in unsure and not (zone == "voice" and "voice" in known):
            name = plan.names[vlan]
            plan.zones[vlan] = plan.data[name]["zone"] = zone
            plan.comments["segments", name] = "guessed: its zone, by what filters let through"


def _order(plan: Plan, use: _Use) -> None:
    """The segment that is used most comes first of its zone; the others by number."""
    for zone in dict.fromkeys(plan.zones.values()):
        own = [vlan for vlan, its in plan.zones.items() if its == zone]
        counts = use.voice if zone == "voice" else use.access
        plan.main[zone] = plan.management if zone == "management" and plan.management else max(
            own, key=lambda vlan: (counts[vlan], vlan in plan.networks, -vlan))
    vlans = sorted(plan.names, key=lambda vlan: (plan.main[plan.zones[vlan]] != vlan, vlan))
    plan.data = {plan.names[vlan]: plan.data[plan.names[vlan]] for vlan in vlans}


def _plan_prefix(plan: Plan) -> None:
    """Segments whose prefix no device shows get one out of a plan around what is known."""
    missing = [name for name, item in plan.data.items() if "prefix" not in item]
    if not missing:
        return
    known = plan.networks.get(plan.management) or next(iter(plan.networks.values()), IPv4Network("10.0.0.0/24"))
    around = known.supernet(new_prefix=min(known.prefixlen, 16))
    plan.site_prefix = around if around.is_private else IPv4Network("10.0.0.0/16")
    plan.comments["prefix",] = "guessed: gives a prefix to segments whose own no device shows; write the right ones"
    for name in missing:
        plan.notes.append(Note("guessed", f"no device shows the prefix of {name}", ("segments", name)))
