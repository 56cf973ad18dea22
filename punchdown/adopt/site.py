"""A whole site out of what its devices show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Interface
from typing import Any, TypeVar, get_args

from punchdown.adopt.access import add_access
from punchdown.adopt.edge import add_edge
from punchdown.adopt.guards import add_guards, most, users
from punchdown.adopt.hosts import Hosts, add_router, hosts_of, without_access
from punchdown.adopt.legs import placed, tell
from punchdown.adopt.operators import add_operators, tell_secrets
from punchdown.adopt.ports import Shared, name_legs, ports_of
from punchdown.adopt.segments import Plan, make_plan, management_leg
from punchdown.adopt.vpns import add_vpns
from punchdown.adopt.words import Note, name_of, text_of, unique, within
from punchdown.adopt.write import Path, site_text
from punchdown.catalog import marks
from punchdown.model.operation import Qos
from punchdown.values.adopted import SeenAuth, SeenDevice

HEAD = """Written by `punchdown import` from running configurations. Read every line before you apply it;
what was guessed says so."""
_VENDOR = "08:00:0F"
"""The vendor's prefix of its phones (IEEE registration of Mitel Corporation)."""
T = TypeVar("T")
_SWITCHES = frozenset({"access-switch", "core-switch"})


@dataclass(frozen=True, slots=True)
class Adopted:
    """``text`` is the site's file. ``names`` maps a device's own name to the definition's, for those that are in it."""

    site: str
    text: str
    notes: tuple[Note, ...]
    names: Mapping[str, str]


def adopt(site: str, devices: Iterable[SeenDevice], prefixes: Mapping[str, str], admins: Iterable[str] = (), *,
          access: bool = True, networks: Mapping[int, str] | None = None, networks6: Mapping[int, str] | None = None,
          head: str = HEAD) -> Adopted:
    """The definition of a site.

    Args:
        site: its name.
        devices: what they show.
        prefixes: platform to what it puts before a port's number.
        admins: addresses that may log in, beside those that the devices name.
        networks: VLAN to its prefix, where something else than the devices tells it; ``networks6`` the same for IPv6.
        head: the first comment of the file.
        access: take over who may reach what; without it, hosts stand alone.
    """
    found = tuple(sorted(devices, key=lambda item: item.shown_name.lower()))
    logins = tuple(admins)
    found, proposed = placed(found)
    plan = make_plan(found, networks or {}, logins, networks6 or {})
    tell(plan, proposed)
    hosts = hosts_of(found, plan)
    for address in logins:
        hosts.add(address, f"admin-{address.rpartition('.')[2]}", "admin")
    vpns = add_vpns(hosts, found)
    operators = add_operators(hosts, found)
    guards = add_guards(hosts, found)
    add_access(hosts, found)
    if not access:
        without_access(hosts)
    if not any(device.role == "firewall" and not device.refused for device in found):
        add_router(hosts, found)
    firewall = add_edge(hosts, found) if access else {}
    if firewall and vpns:
        firewall["vpns"] = vpns
    auth = _auth(found)
    notes = [*plan.notes, *hosts.notes]
    comments: dict[Path, str] = {**plan.comments, **hosts.comments}
    shared = Shared(plan, hosts.lists, auth.host_mode if auth else "")
    written, names = _devices(found, plan, hosts, shared, prefixes, logins, notes, comments)
    name_legs(written, plan)
    data: dict[str, Any] = {"site": site}
    if plan.site_prefix:
        data["prefix"] = str(plan.site_prefix)
    data["segments"] = plan.data
    if hosts.data:
        data["hosts"] = hosts.data
    asked: dict[str, Any] = {"remotes": hosts.remotes, "flows": hosts.flows, "custom_services": hosts.custom}
    data |= {key: items for key, items in asked.items() if items}
    if firewall:
        data["firewall"] = firewall
    data |= _site_wide(found, plan, hosts, auth, notes, comments)
    if operators:
        data["management"] = {**data.get("management", {}), **operators}
    if guards:
        data["protection"] = guards
    if plan.parking != 999:
        data["parking_vlan"] = plan.parking
    data["devices"] = written
    _routers(found, plan)
    _aside(hosts, plan, notes)
    tell_secrets(found, names, notes)
    return Adopted(site, site_text(data, comments, head), tuple(_without_answered(notes, hosts)), names)


def _without_answered(notes: list[Note], hosts: Hosts) -> Iterable[Note]:
    answered = any(item["kind"] == "admin" for item in hosts.data.values())
    return (note for note in notes if not (answered and note.kind == "question" and note.path == ("hosts",)))


def _devices(
    found: tuple[SeenDevice, ...], plan: Plan, hosts: Hosts, shared: Shared, prefixes: Mapping[str, str],
    logins: tuple[str, ...], notes: list[Note], comments: dict[Path, str],
) -> tuple[dict[str, Any], dict[str, str]]:
    """Devices as the definition writes them, and their own names to those."""
    written: dict[str, Any] = {}
    names: dict[str, str] = {}
    segment = plan.names.get(plan.management, "")
    network = plan.networks.get(plan.management)
    known = any(item["kind"] == "admin" for item in hosts.data.values())
    for device in found:
        leg = management_leg(device, logins)
        address = str(IPv4Interface(leg.address).ip) if leg else ""
        reason = device.refused or ("" if leg and network and IPv4Address(address) in network else
                                    f"managed at {address or 'no address'}, not in {segment or 'any segment'}")
        if not device.refused and device.role == "firewall" and not known:
            reason = "nothing tells who may log in to it, and its rules would shut everybody out (--admin ADDRESS)"
        if reason:
            notes.append(Note("left-out", f"{device.shown_name} is not in the definition: {reason}", (), device.name))
            continue
        others = (label for label, item in hosts.data.items() if item["address"] != address)
        name = unique(name_of(device.shown_name, "device"), {*written, *others})
        host = hosts.at(address)
        if host and host != name:
            notes.append(Note("left-out", f"{device.shown_name} has the address of the host {host}", (), device.name))
            continue
        names[device.name] = name
        item: dict[str, Any] = {"role": device.role, "platform": device.platform}
        if device.model:
            item["model"] = device.model
        if device.authentication != "classic":
            item["authentication"] = device.authentication
        if device.version:
            item["version"] = device.version
        item["management"] = address
        if device.role in _SWITCHES:
            ports = ports_of(device, shared, prefixes[device.platform])
            item |= ports.data
            notes += ports.notes
        else:
            item["routes"] = [plan.names[its.vlan] for its in device.legs if its.vlan in plan.names and its.address]
            _router_addresses(device, plan)
        written[name] = item
        if name != device.shown_name:
            comments["devices", name] = f"calls itself {text_of(device.shown_name)}"
    return written, names


def _auth(found: tuple[SeenDevice, ...]) -> SeenAuth | None:
    """The access control that most ports have, None where none has any."""
    votes = Counter(port.auth for port in users(found) if port.auth)
    servers = any(device.servers for device in found)
    return votes.most_common(1)[0][0] if votes and servers else None


def _first(found: Iterable[tuple[T, ...]]) -> list[T]:
    """What most devices say, in their order."""
    votes = Counter(item for item in found if item)
    return list(votes.most_common(1)[0][0]) if votes else []


def _site_wide(found: tuple[SeenDevice, ...], plan: Plan, hosts: Hosts, auth: SeenAuth | None, notes: list[Note],
               comments: dict[Path, str]) -> dict[str, Any]:
    """Settings of the site, where they differ from what is taken anyway."""
    data: dict[str, Any] = {}
    services = {key: _first(getattr(device, key) for device in found) or hosts.shared.get(key, [])
                for key in ("ntp", "syslog", "dns")}
    if any(services.values()):
        data["services"] = {key: value for key, value in services.items() if value}
    if management := _management(found, notes):
        data["management"] = management
    data |= _dot1x(found, plan, hosts, auth, notes, comments)
    if tree := _tree(found):
        data["spanning_tree"] = tree
    if profile := _marks(found):
        data["qos"] = {"profile": profile}
    return data


def _management(found: tuple[SeenDevice, ...], notes: list[Note]) -> dict[str, Any]:
    data: dict[str, Any] = {}
    minutes = int(most(device.session_minutes for device in found))
    if 1 <= minutes <= 120 and minutes != 15:
        data["session_timeout_minutes"] = minutes
    told = " ".join(_first(device.banner for device in found))  # some devices show several lines as one
    banner = max((list(device.banner) for device in found if " ".join(device.banner) == told), key=len, default=[])
    kept = [text_of(line) for line in banner]
    while kept and not kept[-1]:
        kept.pop()
    if kept and kept == banner:
        data["banner"] = kept
    elif banner:
        notes.append(Note("left-out", "the login banner holds what no definition can say"))
    return data


def _dot1x(found: tuple[SeenDevice, ...], plan: Plan, hosts: Hosts, auth: SeenAuth | None, notes: list[Note],
           comments: dict[Path, str]) -> dict[str, Any]:
    """Port access control, with the servers that the switches ask."""
    servers = [host for address in dict.fromkeys(server.address for device in found for server in device.servers)
               if (host := hosts.at(address))]
    if auth is None or not servers:
        return {}
    first = next(server for device in found for server in device.servers)
    data: dict[str, Any] = {"servers": servers}
    ports = {"auth_port": (first.auth_port, 1812), "accounting_port": (first.accounting_port, 1813)}
    data |= {key: value for key, (value, default) in ports.items() if value != default and within(value, 1, 65535)}
    dead = next((device.dead_minutes for device in found if device.servers), 0)
    timers = {"timeout_seconds": (first.timeout_seconds, 3), "retries": (first.retries, 2), "dead_minutes": (dead, 5)}
    limits = {"timeout_seconds": (1, 60), "retries": (0, 10), "dead_minutes": (0, 1440)}
    if changed := {key: value for key, (value, default) in timers.items()
                   if value != default and within(value, *limits[key])}:
        data["timers"] = changed
    if any(device.change_of_authorization for device in found):
        data["change_of_authorization"] = True
    if auth.host_mode != "multi-domain":
        data["host_mode"] = auth.host_mode
    if auth.dead != "critical":
        data["dead"] = auth.dead
    for key, vlan in (("critical_segment", auth.critical_vlan), ("guest_segment", auth.guest_vlan),
                      ("auth_fail_segment", auth.auth_fail_vlan)):
        if vlan in plan.names:
            data[key] = plan.names[vlan]
    if within(auth.reauth_seconds, 1, 86400):
        data["reauth_seconds"] = auth.reauth_seconds
    if auth.tx_period_seconds != 10 and within(auth.tx_period_seconds, 1, 60):
        data["tx_period_seconds"] = auth.tx_period_seconds
    made: dict[str, Any] = {"dot1x": data}
    if auth.mab and "voice" in plan.main:
        note = "ports fall back to MAC addresses; list those that may come in, instead of a vendor's prefix"
        made["mac_lists"] = {"by-mac": {"kind": "phone", "vendors": [_VENDOR]}}
        comments["mac_lists", "by-mac"] = f"guessed: {note}"
        notes.append(Note("guessed", note, ("mac_lists", "by-mac")))
    return made


def _marks(found: tuple[SeenDevice, ...]) -> str:
    """The set of marks that the switches give, empty for the one that is taken anyway, or for none that is known."""
    seen = dict(_first(device.marks for device in found))
    fitting = [name for name in get_args(Qos.model_fields["profile"].annotation)
               if seen and {key: dscp for key, (dscp, _) in marks(name).items()} == seen]
    return "" if not fitting or Qos().profile in fitting else fitting[0]


def _tree(found: tuple[SeenDevice, ...]) -> dict[str, Any]:
    data: dict[str, Any] = {}
    switches = [device for device in found if device.role in _SWITCHES]
    modes = {device.tree_mode for device in switches}
    if len(modes) == 1 and (mode := modes.pop()):
        data["mode"] = mode
    roots = [name_of(device.shown_name, "device") for device in switches if device.tree_root]
    if len(roots) == 1:
        data["root"] = roots[0]
    if roots and any(port.root_guard for device in switches if device.tree_root for port in device.ports):
        data["root_guard"] = True
    if switches and all(device.loop_guard for device in switches):
        data["loop_guard"] = True
    return data


def _routers(found: tuple[SeenDevice, ...], plan: Plan) -> None:
    """The router of the management segment, where it is not the first address."""
    network = plan.networks.get(plan.management)
    routers = Counter(device.router for device in found if device.router and network
                      and IPv4Address(device.router) in network)
    if network and routers:
        router = routers.most_common(1)[0][0]
        if router != str(network.network_address + 1):
            item = plan.data[plan.names[plan.management]]
            item["router"] = router


def _aside(hosts: Hosts, plan: Plan, notes: list[Note]) -> None:
    """A host that has the first address of its segment, where a router is taken to be: another one is proposed."""
    for name, item in hosts.data.items():
        vlan = plan.data[item["segment"]]["vlan"]
        if "routes" not in item and vlan in plan.networks and plan.is_first(item["address"]):
            plan.data[item["segment"]]["router"] = str(plan.networks[vlan].broadcast_address - 1)
            notes.append(Note("guessed", f"{name} has the first address of {item['segment']}: its router has the last",
                              ("segments", item["segment"])))


def _router_addresses(device: SeenDevice, plan: Plan) -> None:
    """The address of each segment's router, where it is not the first."""
    for leg in device.legs:
        network = plan.networks.get(leg.vlan)
        address = IPv4Interface(leg.address).ip
        if network and address in network and address != network.network_address + 1:
            plan.data[plan.names[leg.vlan]]["router"] = str(address)
