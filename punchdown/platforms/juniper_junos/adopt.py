"""An EX switch that runs already, read into the words from which a definition is written.

Both forms of a saved configuration are read: ``display set`` and braces. Source: fact sheet, all sections.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, ip_interface, ip_network

from punchdown.platforms.adoption import Found, denials, gathered, judged
from punchdown.platforms.contract import Fingerprint, Reader
from punchdown.platforms.juniper_junos.adopt_filters import in_order, logins, marks, openings, own_names, senders
from punchdown.platforms.juniper_junos.adopt_lines import advice, told
from punchdown.platforms.juniper_junos.adopt_operators import (
    address,
    changes_authorization,
    login_check,
    radius_servers,
    secrets,
    snmp,
)
from punchdown.platforms.juniper_junos.adopt_ports import guards, opens_for_all, plain, read_ports
from punchdown.platforms.juniper_junos.adopt_text import PortTexts
from punchdown.platforms.juniper_junos.capabilities import DOCUMENT
from punchdown.platforms.juniper_junos.change import CONFIGURATION
from punchdown.platforms.juniper_junos.curly import flat, is_curly
from punchdown.platforms.juniper_junos.masking import mask
from punchdown.platforms.juniper_junos.policy_filters import filters
from punchdown.platforms.juniper_junos.policy_text import Text
from punchdown.platforms.juniper_junos.statements import Words, whole
from punchdown.platforms.lines import PREFIX
from punchdown.values import RunningConfig, RunningDocument
from punchdown.values.adopted import SeenDevice, SeenLeg, SeenVlan
from punchdown.values.policy import LineRef

_STATEMENT = re.compile(r"^(?:set|deactivate) ", re.MULTILINE)
_SWITCH = re.compile(r"\bethernet-switching\b|^set vlans \S+ vlan-id |^ +vlan-id \d+;", re.MULTILINE)
_NAMES = r"interface-range \S+|irb|vlan|vme|me0|(?:ge|mge|xe|et)-[\d/:]+"
_PORTS = re.compile(rf"^set (?:vlans|interfaces (?:{_NAMES})) |^ +(?:inactive: )?(?:{_NAMES}) \{{|^vlans \{{",
                    re.MULTILINE)
_FIREWALL = re.compile(r"^set security (?:zones|policies|nat) |^ +security-zone \S+ \{", re.MULTILINE)
_OLDER = re.compile(r"^set (?:ethernet-switching-options|interfaces .* port-mode|vlans \S+ l3-interface vlan\.)",
                    re.MULTILINE)
_APART = re.compile(r"^set interfaces (?:me0|vme|em0|fxp0) unit \d+ family inet6? (?:address|dhcp)", re.MULTILINE)
_NO_TEXT = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]")
_VERSION = re.compile(r"^set version ([A-Za-z0-9][\w.-]{0,40})$", re.MULTILINE)
_KEPT = re.compile(r"(?:set|deactivate|protect) ")
_WIDE = ("a range names ports by a pattern: a plan writes their settings onto each port, and the range goes on giving "
         "its own until somebody removes it")


class JunosAdopter:
    """See :class:`punchdown.platforms.adoption.Adopter`."""

    def recognises(self, text: str) -> bool:
        """Statements or braces of a switch; what has zones is a firewall, what switches nothing a router."""
        shown = text.replace("\r", "")
        return bool((_STATEMENT.search(shown) or is_curly(shown)) and _PORTS.search(shown) and _SWITCH.search(shown)
                    and not _FIREWALL.search(shown))

    def masked(self, files: Mapping[str, str], fingerprint: Fingerprint) -> Mapping[str, str]:
        """The configuration as statements, line by line, so that a line's number stays the file's. Text stays text:
        what could end a line is taken out of it."""
        shown = next((text for text in files.values() if self.recognises(text)), None)
        if shown is None:
            return {}
        lines = _NO_TEXT.sub(" ", shown.replace("\r", "").replace("\t", " "))
        lines = flat(lines) if is_curly(lines) else lines
        return {DOCUMENT: mask("\n".join(line if _KEPT.match(line) else "" for line in lines.split("\n")), fingerprint)}

    def fetch(self, reader: Reader, fingerprint: Fingerprint) -> RunningConfig:
        """The active configuration. Raises DeviceError."""
        text = reader.show(CONFIGURATION, timeout=90.0).output
        return RunningConfig(reader.device, "juniper_junos", tuple(
            RunningDocument(name, body) for name, body in self.masked({DOCUMENT: text}, fingerprint).items()))

    def read(self, name: str, source: str, documents: Mapping[str, str]) -> SeenDevice:
        """A switch; what it is called stands in its text."""
        return _Reading(name, source, documents.get(DOCUMENT, "")).device()


class _Reading:
    """One configuration as the facts that its statements set."""

    def __init__(self, name: str, source: str, text: str) -> None:
        self._name, self._source, self._shown = name, source, text
        self._text = Text(DOCUMENT, text)
        self._places = PortTexts(self._text)
        self._ports = read_ports(self._text, self._places)
        self._tables = filters(self._text)

    def device(self) -> SeenDevice:
        """The switch as its text shows it."""
        root = any(one.words[-2] == "bridge-priority" and one.words[-1] in {"0k", "4k"}
                   for one in self._text.under("protocols") if len(one.words) > 3)
        trunks = sum(port.mode == "trunk" for port in self._ports)
        version = _VERSION.search(self._shown)
        return SeenDevice(
            name=self._name, shown_name=self._value("system", "host-name") or self._name, platform="juniper_junos",
            role="core-switch" if root or trunks * 2 > len(self._ports) else "access-switch", source=self._source,
            lines=tuple(told(self._shown)), version=version[1] if version else "",
            advice=(*gathered(self._advice()), *denials(in_order(self._tables), PREFIX)),
            refused=self._refused(),
            vlans=tuple(self._vlans()), vlans_known=True, ports=self._ports, legs=tuple(self._legs()),
            router=address(self._value("routing-options", "static", "route", "0.0.0.0/0", "next-hop")),
            ntp=self._addresses("system", "ntp", "server"), syslog=self._addresses("system", "syslog", "host"),
            dns=self._addresses("system", "name-server"), banner=self._banner(), session_minutes=self._minutes(),
            logins=logins(self._text), servers=tuple(radius_servers(self._text)),
            dead_minutes=self._dead_minutes(),
            tree_mode="rapid-pvst" if "vstp" in self._trees() else "", tree_root=root, loop_guard=any(
                one.words[-2:] == ("bpdu-timeout-action", "block") for one in self._text.under("protocols")),
            openings=tuple(openings(self._tables)), own_names=tuple(own_names(self._tables)),
            marks=tuple(dict.fromkeys(marks(self._text))), hints=tuple(self._hints()),
            secrets=tuple(secrets(self._text)), login_check=login_check(self._text), snmp=snmp(self._text),
            guards=guards(self._text), change_of_authorization=changes_authorization(self._text))

    def _refused(self) -> str:
        if _OLDER.search(self._shown):
            return "its software is without ELS, it says VLANs and filters otherwise"
        if not any(leg.address for leg in self._legs()) and _APART.search(self._shown):
            return "it is managed by a port of its own beside the network, not in a VLAN"
        return "it runs MSTP, which does not go with RSTP or VSTP" if "mstp" in self._trees() else ""

    def _value(self, *path: str) -> str:
        """The word behind a path, ``*`` is any; empty where there is none."""
        return next((one.words[len(path)] for one in self._text.under(path[0]) if len(one.words) > len(path) and all(
            part in {"*", word} for part, word in zip(path, one.words, strict=False))), "")

    def _addresses(self, *path: str) -> tuple[str, ...]:
        found = (address(one.words[len(path)]) for one in self._text.under(*path) if len(one.words) > len(path))
        return tuple(dict.fromkeys(filter(None, found)))

    def _vlans(self) -> Iterator[SeenVlan]:
        """VLANs; the number that is part of a name of ours is not the segment's."""
        told_of: set[int] = set()
        for one in self._text.under("vlans"):
            if one.words[2:3] == ("vlan-id",) and 1 < (number := self._text.number(one.words[1])) < 4095:
                name = one.words[1]
                own = name.removesuffix(f"-{number}") if name.startswith(PREFIX) else name
                if number not in told_of:
                    told_of.add(number)
                    yield SeenVlan(number, own, one.line)

    def _legs(self) -> Iterator[SeenLeg]:
        """Interfaces of VLANs: the unit of ``irb`` (``vlan`` on older software) that a VLAN names."""
        vlans = {one.words[3]: self._text.number(one.words[1]) for one in self._text.under("vlans")
                 if one.words[2:3] == ("l3-interface",) and len(one.words) > 3}
        for unit, rows in self._units():
            addresses = {family: next((found for words, _ in rows if words[:3] == ("family", family, "address")
                                       and len(words) > 3 and (found := _with_length(words[3]))), "")
                         for family in ("inet", "inet6")}
            line = next((line for words, line in rows if words[:3] == ("family", "inet", "address")), rows[0][1])
            if vlan := vlans.get(unit, 0):
                described = next((words[1] for words, _ in rows if words[:1] == ("description",) and words[1:]), "")
                yield SeenLeg(unit, vlan, addresses["inet"], line, addresses["inet6"], described, management=any(
                    words[-1] == f"{PREFIX}management" for words, _ in rows))

    def _units(self) -> Iterator[tuple[str, list[tuple[Words, LineRef]]]]:
        found: dict[str, list[tuple[Words, LineRef]]] = {}
        for one in self._text.under("interfaces"):
            if one.words[1:3] in {("irb", "unit"), ("vlan", "unit")} and len(one.words) > 4:
                found.setdefault(f"{one.words[1]}.{one.words[3]}", []).append((one.words[4:], one.line))
        yield from found.items()

    def _banner(self) -> tuple[str, ...]:
        text = self._value("system", "login", "message")
        return tuple(plain(line).rstrip() for line in text.split("\\n")) if text else ()

    def _minutes(self) -> int:
        """After how long a session ends: in our class of logins, else in any."""
        said = {one.words[3]: whole(one.words[5]) for one in self._text.under("system", "login", "class")
                if one.words[4:5] == ("idle-timeout",) and len(one.words) > 5}
        return max(said.get(f"{PREFIX}operators", next(iter(said.values()), 0)), 0)

    def _dead_minutes(self) -> int:
        return max(whole(self._value("access", "profile", "*", "radius", "options", "revert-interval")), 0) // 60

    def _trees(self) -> set[str]:
        return {one.words[1] for one in self._text.under("protocols") if len(one.words) > 1}

    def _hints(self) -> Iterator[tuple[int, str]]:
        """Prefixes of VLANs without an interface: around the hosts that the filter of a port names."""
        by_name = dict(senders(self._tables))
        for port in self._ports:
            hosts = {str(ip_network(f"{item}/24", strict=False)) for item in by_name.get(port.list_name, ())}
            if port.mode == "access" and len(hosts) == 1:
                yield port.access_vlan, hosts.pop()

    def _advice(self) -> Iterator[Found]:
        yield from advice(self._text)
        first = self._text.statements[0].line if self._text.statements else LineRef(DOCUMENT, 1, "")
        if logins(self._text) is None:
            yield "logins are tried from any address", first, ("segregation-managed-switches",), "medium"
        for port in self._ports:
            yield from judged(port)
            if port.auth is not None and opens_for_all(self._places.elsewhere("dot1x", port.name)):
                yield ("one station authenticates for all behind a port", port.line,
                       ("dot1x-enabled-on-access-switches",), "high")
        for one in self._places.wide:
            yield _WIDE, one.line, (), "medium"


def _with_length(word: str) -> str:
    """An address with its length, empty for what is none or never routed."""
    with suppress(ValueError):
        found = ip_interface(word)
        return str(found) if "/" in word and not _never_routed(found.ip) else ""
    return ""


def _never_routed(address: IPv4Address | IPv6Address) -> bool:
    return (address.is_link_local or address.is_loopback or address.is_multicast or address.is_unspecified
            or address.is_reserved)


ADOPTER = JunosAdopter()
