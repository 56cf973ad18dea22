"""Ports of a switch as roles, ranges and exceptions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from punchdown.adopt.segments import WIDE, Plan
from punchdown.adopt.words import Note, key_of, name_of, runs, split_port, text_of, unique, within
from punchdown.values.adopted import SeenDevice, SeenPort

USER_ROLES = frozenset({"phone-and-pc", "phone", "pc", "printer"})
_ZONE_ROLES = {"call-control": "pbx", "server": "application"}


@dataclass(frozen=True, slots=True)
class Shared:
    """What all ports of the site have in common. ``hosts``: filter name to host; ``host_mode`` empty: no port asks who
    plugs in."""

    plan: Plan
    hosts: Mapping[str, str]
    host_mode: str = ""


@dataclass
class Ports:
    """A switch's ports as a definition writes them, and what could not be written."""

    data: dict[str, Any] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)


def ports_of(device: SeenDevice, shared: Shared, prefix: str) -> Ports:
    """``ports``, ``exceptions`` and ``aggregations`` of one switch; ``prefix`` is what its platform puts before a
    number."""
    found = Ports()
    specs: dict[str, dict[int, dict[str, Any]]] = {}

    def note(port: SeenPort, title: str) -> None:
        found.notes.append(Note("left-out", title, (), device.name, port.name))

    def of(port: SeenPort) -> Callable[[str], None]:
        return lambda title: note(port, title)

    for port in device.ports:
        place = split_port(port.name)
        if port.unread:
            note(port, f"left out: {port.unread}")
        if port.bundle or (not port.mode and not port.closed and not port.mirrors):
            continue
        if place is None or port.mode == "routed":
            note(port, "a routed port" if place else "a port whose name no definition can write")
            continue
        spec = _spec(port, shared, of(port))
        if "mirrors" in spec:
            spec["mirrors"] = _keys(filter(None, map(split_port, port.mirrors)), prefix)
        if spec:
            specs.setdefault(place[0], {})[place[1]] = spec
    ports, exceptions = _written(specs, prefix)
    bundles = dict(_bundles(device, shared, prefix, of))
    found.data = {key: value for key, value in (("ports", ports), ("exceptions", exceptions),
                                                ("aggregations", bundles)) if value}
    return found


def name_legs(devices: Mapping[str, dict[str, Any]], plan: Plan) -> None:
    """Ports that are described as the leg of a gateway of this site (``fw-1/phones``) and lie in that segment lead
    there."""
    zones = {"pbx": "call-control", "application": "server", "pc": "data"}
    own = {role: plan.names[plan.main[zone]] for role, zone in zones.items() if zone in plan.main}
    legs = {f"{name}/{segment}": segment for name, item in devices.items() for segment in item.get("routes", ())}
    for item in devices.values():
        for key, spec in item.get("ports", {}).items():
            told = spec.get("description", "") if isinstance(spec, dict) else ""
            if told in legs and (spec.get("segment") or own.get(spec["role"], "")) == legs[told]:
                item["ports"][key] = told


def _spec(port: SeenPort, shared: Shared, note: Callable[[str], None]) -> dict[str, Any]:
    """One port, empty where no definition can say it."""
    if port.closed:
        spec: dict[str, Any] = {"role": "unused"}
    elif port.mirrors:
        spec = {"role": "mirror", "mirrors": []}
    elif port.mode == "trunk":
        spec = _trunk(port, shared, note)
    else:
        spec = _access(port, shared, note)
    if not spec:
        return {}
    role = spec["role"]
    if (described := text_of(port.description)) and described != role:
        spec["description"] = described
    if described != port.description.strip():
        note(f"its description can't be kept as it is; kept: {described!r}")
    if role in USER_ROLES and shared.host_mode:
        if port.auth is None:
            spec["dot1x"] = False
        elif port.auth.host_mode != shared.host_mode:
            spec["host_mode"] = port.auth.host_mode
    if port.poe and not port.closed:
        spec["poe"] = port.poe
    if within(port.max_macs, 1, 128) and not port.closed:
        spec["max_macs"] = port.max_macs
    return spec


def _access(port: SeenPort, shared: Shared, note: Callable[[str], None]) -> dict[str, Any]:
    plan, host = shared.plan, shared.hosts.get(port.list_name, "")
    if host:
        return {"role": host}
    if port.voice_vlan:
        return _phone(port, plan, note)
    if port.access_vlan not in plan.names:
        note(f"open in VLAN {port.access_vlan}, which is no segment")
        return {}
    zone, name = plan.zones[port.access_vlan], plan.names[port.access_vlan]
    first = plan.main[zone] == port.access_vlan
    if zone in {"data", "guest"}:
        return {"role": "pc"} if zone == "data" and first else {"role": "pc", "segment": name}
    role = _ZONE_ROLES.get(zone, "application")
    return {"role": role} if zone in _ZONE_ROLES and first else {"role": role, "segment": name}


def _phone(port: SeenPort, plan: Plan, note: Callable[[str], None]) -> dict[str, Any]:
    """A port with a voice VLAN: the site's own two need no word, one other can be named."""
    if port.voice_vlan not in plan.names:
        note(f"its voice VLAN {port.voice_vlan} is no segment")
        return {}
    voice = plan.names[port.voice_vlan]
    own_voice = plan.main.get("voice") == port.voice_vlan
    if port.access_vlan == plan.parking:
        return {"role": "phone"} if own_voice else {"role": "phone", "segment": voice}
    if port.access_vlan not in plan.names or port.access_vlan == port.voice_vlan:
        note(f"phones beside VLAN {port.access_vlan}, which is no segment for PCs")
        return {}
    own_data = plan.main.get("data") == port.access_vlan
    if own_voice:
        return {"role": "phone-and-pc"} if own_data else {
            "role": "phone-and-pc", "segment": plan.names[port.access_vlan]}
    if own_data:
        return {"role": "phone-and-pc", "segment": voice}
    note(f"VLAN {port.access_vlan} beside voice VLAN {port.voice_vlan}: a port can name one segment of its own")
    return {}


def _trunk(port: SeenPort, shared: Shared, note: Callable[[str], None]) -> dict[str, Any]:
    """A trunk to a neighbour: the segments that it carries, and one untagged where that is an access point's."""
    plan = shared.plan
    every = port.tagged is None or len(port.tagged) > WIDE
    carried = [name for vlan, name in sorted(plan.names.items()) if every or vlan in (port.tagged or ())]
    if every:
        note("carries every VLAN: the definition names the segments of the site")
    elif lost := [vlan for vlan in port.tagged or () if vlan not in {*plan.names, 1, plan.parking}]:
        note(f"VLANs that nothing uses here are left off: {', '.join(map(str, lost))}")
    native = plan.names.get(port.native_vlan, "")
    tagged = [name for name in carried if name != native]
    if native and port.native_vlan != plan.parking:
        return {"role": "access-point", "segment": native, "segments": tagged} if tagged else _access(
            replace(port, access_vlan=port.native_vlan, voice_vlan=0, list_name=""), shared, note)
    if not carried:
        note("a trunk that carries nothing")
        return {}
    return {"role": "uplink", "segments": carried}


def _written(specs: Mapping[str, Mapping[int, dict[str, Any]]], prefix: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Ports that are alike as ranges; those that differ in a word as exceptions to theirs."""
    ports: dict[str, Any] = {}
    exceptions: dict[str, Any] = {}
    for own, by_number in specs.items():
        for row in runs(by_number):
            for part in _alike(row, by_number):
                base = dict(_common(by_number[number] for number in part))
                ports[key_of(own, part, prefix)] = base["role"] if set(base) == {"role"} else base
                for number in part:
                    if other := {key: value for key, value in by_number[number].items() if base.get(key) != value}:
                        exceptions[key_of(own, [number], prefix)] = other
    return ports, exceptions


def _alike(row: list[int], specs: Mapping[int, dict[str, Any]]) -> Iterator[list[int]]:
    """A row cut where ports differ in more than an exception can say."""
    part: list[int] = []
    for number in row:
        if part and _kind(specs[part[0]]) != _kind(specs[number]):
            yield part
            part = []
        part.append(number)
    if part:
        yield part


def _kind(spec: Mapping[str, Any]) -> tuple[object, ...]:
    """What ports of one range have in common: all but the description."""
    return tuple(sorted((key, str(value)) for key, value in spec.items() if key != "description"))


def _common(specs: Iterator[dict[str, Any]]) -> dict[str, Any]:
    """The words that every port of a range has."""
    items = list(specs)
    return {key: value for key, value in items[0].items() if all(item.get(key) == value for item in items)}


def _keys(places: Iterable[tuple[str, int]], default: str) -> list[str]:
    """Ports by prefix and number, as a list of a definition."""
    by_prefix: dict[str, list[int]] = {}
    for prefix, number in places:
        by_prefix.setdefault(prefix, []).append(number)
    return [key_of(prefix, row, default) for prefix, numbers in by_prefix.items() for row in runs(numbers)]


def _bundles(device: SeenDevice, shared: Shared, prefix: str,
             note_of: Callable[[SeenPort], Callable[[str], None]]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Aggregations: what the logical port carries, or its first member where it says nothing."""
    taken: list[str] = []
    for number in sorted({port.bundle for port in device.ports if port.bundle}):
        own = [port for port in device.ports if port.bundle == number]
        members = [port for port in own if not port.is_bundle]
        logical = next((port for port in own if port.is_bundle), own[0])
        carrier = logical if logical.mode else members[0] if members else logical
        places = [place for port in members if (place := split_port(port.name))]
        if carrier.mode != "trunk" or not members or len(places) != len(members):
            note_of(logical)("several ports as one link that is no trunk")
            continue
        if not within(number, 1, 128):
            note_of(logical)("a link of several ports whose number no definition takes (1 to 128)")
            continue
        spec = _trunk(carrier, shared, note_of(logical))
        if not spec.get("segments"):
            note_of(logical)("several ports as one link that carries no segment tagged")
            continue
        name = unique(name_of(text_of(logical.description), f"po{number}"), taken)
        taken.append(name)
        mode = members[0].bundle_mode
        yield name, {"number": number, "ports": _keys(places, prefix), "segments": spec["segments"],
                     **({"mode": mode} if mode != "active" else {})}
