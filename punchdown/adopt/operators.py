"""Who runs the devices: the servers that check logins, and who polls, as a site's ``management`` says it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from punchdown.adopt.hosts import Hosts
from punchdown.adopt.words import Note, name_of
from punchdown.values.adopted import SeenDevice, SeenLogins, SeenSnmp

T = TypeVar("T")


def add_operators(found: Hosts, devices: Iterable[SeenDevice]) -> dict[str, Any]:
    """``aaa`` and ``snmp`` of the site, with the hosts that they name; what no definition says is told. Roles are
    written where devices of another role differ."""
    known = [device for device in devices if not device.refused]
    data: dict[str, Any] = {}
    if (logins := _most(device.login_check for device in known)) and (said := _aaa(found, logins)):
        data["aaa"] = {**said, **_roles(known, {device.role for device in known if device.login_check == logins})}
    if (snmp := _most(device.snmp for device in known)) and (said := _snmp(found, snmp)):
        data["snmp"] = {**said, **_roles(known, {device.role for device in known if device.snmp == snmp})}
    for device in known:
        for what, own, most in (("logins", device.login_check, logins), ("SNMP", device.snmp, snmp)):
            if own and own != most:
                found.notes.append(Note("left-out", f"{what} of {device.shown_name} differ from the other devices'", (),
                                        device.name, own.line.text))
    return data


def _most(values: Iterable[T | None]) -> T | None:
    votes = Counter(value for value in values if value is not None)
    return votes.most_common(1)[0][0] if votes else None


def _roles(devices: Iterable[SeenDevice], roles: set[str]) -> dict[str, list[str]]:
    return {"roles": sorted(roles)} if {device.role for device in devices} != roles else {}


def _hosts(found: Hosts, addresses: Iterable[str], name: str, kind: str, line: str) -> list[str]:
    """The hosts of addresses; those that stand in no segment are told."""
    made = []
    for address in addresses:
        host = found.add(address, f"{name}-{address.rpartition('.')[2]}", kind)
        if host:
            made.append(host)
        else:
            found.notes.append(Note("left-out", f"{address} ({name}) stands in no segment", line=line))
    return made


def _aaa(found: Hosts, seen: SeenLogins) -> dict[str, Any]:
    kind = "radius-server" if seen.method == "radius" else "application"
    servers = [host for host in _hosts(found, seen.servers, seen.method, kind, seen.line.text)
               if kind != "radius-server" or found.data[host]["kind"] == kind]
    if not servers:
        return {}
    return {"method": seen.method, "servers": servers, **({} if seen.accounting else {"accounting": False})}


def _snmp(found: Hosts, seen: SeenSnmp) -> dict[str, Any]:
    managers = _hosts(found, seen.managers, "monitoring", "application", seen.line.text)
    if not managers or name_of(seen.user, "") != seen.user:
        found.notes.append(Note("left-out", "SNMPv3 without a manager in a segment, or with a user of no plain name",
                                line=seen.line.text))
        return {}
    found.notes.append(Note("secret", f"put the keys of the SNMPv3 user into the secrets snmp-auth-{seen.user} and "
                            f"snmp-priv-{seen.user}", ("management", "snmp")))
    if seen.guessed:
        found.notes.append(Note("guessed", seen.guessed, ("management", "snmp"), line=seen.line.text))
    return {"user": seen.user, "authentication": seen.authentication, "privacy": seen.privacy, "managers": managers,
            **({} if seen.traps else {"traps": False})}


def tell_secrets(found: Iterable[SeenDevice], names: Mapping[str, str], notes: list[Note]) -> None:
    """What the operator has to fill in: names only, the values were never kept."""
    found = tuple(found)
    keyed = (device for device in found if device.name in names and any(server.secret for server in device.servers))
    notes += [Note("secret", f"put the key of its RADIUS servers into the secret radius-{names[device.name]}",
                   ("devices", names[device.name]), device.name) for device in keyed]
    notes += [Note("secret", f"put the key of its login servers into the secret {device.login_check.method}-"
                   f"{names[device.name]}", ("devices", names[device.name]), device.name)
              for device in found if device.login_check and device.name in names]
