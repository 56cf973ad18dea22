"""A switch that runs already, read into the words from which a definition is written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from ipaddress import ip_network

from punchdown.platforms.adoption import denials, gathered
from punchdown.platforms.cisco_ios.access_lists import Entry, dscp_number, parse_entry, port_number
from punchdown.platforms.cisco_ios.adopt_globals import Globals, banner, read_root
from punchdown.platforms.cisco_ios.adopt_guards import guards, sensors
from punchdown.platforms.cisco_ios.adopt_operators import asked_for_ports, login_check, snmp
from punchdown.platforms.cisco_ios.adopt_ports import read_port
from punchdown.platforms.cisco_ios.adopt_subscribers import speaks_new_style, with_control_policy
from punchdown.platforms.cisco_ios.capabilities import DOCUMENT
from punchdown.platforms.cisco_ios.control_policies import STYLE
from punchdown.platforms.cisco_ios.masking import mask
from punchdown.platforms.cisco_ios.models import has_mls_qos
from punchdown.platforms.cisco_ios.policy_lists import AccessList, access_lists
from punchdown.platforms.cisco_ios.policy_sections import Section, sections
from punchdown.platforms.contract import Fingerprint, Reader
from punchdown.platforms.lines import PREFIX
from punchdown.values import RunningConfig, RunningDocument
from punchdown.values.adopted import Fate, Opening, SeenDevice, SeenLine, SeenPort, SeenVlan
from punchdown.values.policy import LineRef

_SIGNS = (re.compile(r"^interface (?:\S*Ethernet|\S*GigE|Vlan|Port-channel) ?\d", re.MULTILINE),
          re.compile(r"^ switchport |^line vty |^ip (?:cef|forward-protocol|ssh|http)|^no ip http ", re.MULTILINE))
_OTHERS = re.compile(r"^(?: switchport pvid |ssh-server enable|feature |! device: .*EOS|management api |ASA Version"
                     r"| nameif |; J\d|set )|^transceiver qsfp", re.MULTILINE)
_PORT = re.compile(r"interface (?!Vlan|Loopback|Tunnel|Null|BDI|nve|Async|Dialer|Serial)(?:[A-Za-z-]+) ?[\d/]+",
                   re.IGNORECASE)
_LIST = re.compile(r"(?:ip|ipv6) access-list .+|access-list \d+ .+")
VLANS = "show vlan brief"
_VLAN_ROW = re.compile(r"^(\d{1,4}) +(\S+) +(?:active|act/\S+|suspended)", re.MULTILINE)


class IosAdopter:
    """See :class:`punchdown.platforms.adoption.Adopter`."""

    def recognises(self, text: str) -> bool:
        """Interfaces, and lines that only IOS has."""
        return all(sign.search(text) for sign in _SIGNS) and not _OTHERS.search(text)

    def masked(self, files: Mapping[str, str], fingerprint: Fingerprint) -> Mapping[str, str]:
        """The running configuration, and ``show vlan brief`` where somebody saved it as well."""
        found: dict[str, str] = {}
        for text in files.values():
            if self.recognises(text):
                found[DOCUMENT] = mask(text.replace("\r", ""), fingerprint)
            elif "VLAN Name" in text and _VLAN_ROW.search(text):
                found[VLANS] = text
        return found

    def fetch(self, reader: Reader, fingerprint: Fingerprint) -> RunningConfig:
        """The running configuration, and the VLANs, which some switches keep elsewhere. Raises DeviceError."""
        text = reader.show("show running-config", timeout=90.0).output
        documents = self.masked({DOCUMENT: text}, fingerprint)
        vlans = reader.show(VLANS).output.replace("\r", "")
        return RunningConfig(reader.device, "cisco_ios", tuple(
            RunningDocument(name, body) for name, body in {**documents, VLANS: vlans}.items()))

    def read(self, name: str, source: str, documents: Mapping[str, str]) -> SeenDevice:
        """A switch; what it is called stands in its text."""
        text = documents.get(DOCUMENT, "")
        return _Reading(name, source, text, documents.get(VLANS, "")).device()


class _Reading:
    """One configuration, section by section."""

    def __init__(self, name: str, source: str, text: str, vlans: str) -> None:
        self._name, self._source, self._text, self._vlan_text = name, source, text, vlans
        self._sections = sections(DOCUMENT, text)
        self._found = Globals()
        self._ports: dict[str, SeenPort] = {}
        self._lines: list[SeenLine] = []

    def device(self) -> SeenDevice:
        """The switch as its text shows it."""
        for section in self._sections:
            self._read(section)
        found, lists = self._found, access_lists(self._sections)
        shown = found.hostname or self._name
        asked = asked_for_ports(self._sections)
        self._ports |= {name: replace(self._ports[name], mirrors=ports)
                        for name, ports in sensors(self._sections).items() if name in self._ports}
        return SeenDevice(
            name=self._name, shown_name=shown, platform="cisco_ios", role=self._role(), source=self._source,
            lines=tuple(self._lines), advice=(*gathered(found.advice), *denials(
                ((item.name, item.entries) for item in lists if item.kind == "extended"), PREFIX)),
            model=next(filter(has_mls_qos, found.models.values()), ""), version=found.version, refused=found.refused,
            authentication=STYLE if speaks_new_style(self._sections) else "classic",
            vlans=(*found.vlans, *self._shown_vlans()),
            vlans_known=found.transparent or bool(found.vlans) or bool(self._vlan_text),
            ports=tuple(self._ports.values()), legs=tuple(found.legs), router=found.router, ntp=tuple(found.ntp),
            syslog=tuple(found.syslog), dns=tuple(found.dns), banner=tuple(banner(self._text)),
            session_minutes=found.session_minutes, logins=self._logins(lists),
            servers=tuple(server for server in found.servers if asked is None or {server.name, server.address} & asked),
            login_check=login_check(self._sections), snmp=snmp(self._sections, _single(lists)),
            guards=guards(self._sections), change_of_authorization=any(
                section.text == "aaa server radius dynamic-author" for section in self._sections),
            dead_minutes=found.dead_minutes, tree_mode=found.tree_mode, tree_root=found.tree_root,
            loop_guard=found.loop_guard, openings=tuple(_openings(lists)), secrets=tuple(found.secrets),
            own_names=tuple(_own_names(lists)), hints=tuple(self._hints(lists)), marks=tuple(self._marks()))

    def _read(self, section: Section) -> None:
        if _PORT.fullmatch(section.text):
            port, lines, wrong = read_port(section)
            self._ports[port.name] = with_control_policy(port, section, self._sections)
            self._found.advice += wrong
            self._lines += lines
        elif _LIST.fullmatch(section.text):
            self._lines += _list_lines(section)
        else:
            self._lines += read_root(self._found, section)

    def _hints(self, lists: tuple[AccessList, ...]) -> Iterator[tuple[int, str]]:
        """Prefixes of VLANs without an interface: around the hosts that a port's filter names, and of the voice VLAN by
        the classes of ours, which trust marks of its prefix only."""
        by_name = {item.name: item for item in lists if item.kind == "extended"}
        for port in self._ports.values():
            if port.mode == "access" and port.list_name in by_name:
                hosts = {str(ip_network(f"{source}/24", strict=False)) for source in _senders(by_name[port.list_name])}
                if len(hosts) == 1:
                    yield port.access_vlan, hosts.pop()
        voice = {port.voice_vlan for port in self._ports.values()} - {0}
        marked = {_prefix(entry.source) for name, item in by_name.items() if name.startswith(f"{PREFIX}mark-")
                  for entry in _entries(item)}
        if len(voice) == 1 and len(marked) == 1:
            yield voice.pop(), marked.pop()

    def _marks(self) -> Iterator[tuple[str, int]]:
        """The marks that our own classes give."""
        for section in self._sections:
            if section.text == f"policy-map {PREFIX}phone-and-pc":
                names = [line.text.removeprefix(f"class {PREFIX}") for line in section.body]
                for name, said in zip(names, [line.text for line in section.body][1:], strict=False):
                    if said.startswith("set dscp ") and not name.startswith("class "):
                        yield name, dscp_number(said.removeprefix("set dscp "))

    def _role(self) -> str:
        """A switch with more trunks than ports for users stands in the middle."""
        trunks = sum(port.mode == "trunk" for port in self._ports.values())
        return "core-switch" if trunks * 2 > len(self._ports) or self._found.tree_root else "access-switch"

    def _shown_vlans(self) -> Iterator[SeenVlan]:
        """VLANs that only ``show vlan brief`` tells."""
        known = {vlan.id for vlan in self._found.vlans}
        for row in _VLAN_ROW.finditer(self._vlan_text):
            number = int(row[1])
            if number not in known and number != 1 and not 1002 <= number <= 1005:
                name = "" if re.fullmatch(rf"VLAN0*{number}", row[2]) else row[2]
                line = self._vlan_text[:row.start()].count("\n") + 1
                yield SeenVlan(number, name, LineRef(VLANS, line, " ".join(row[0].split())))

    def _logins(self, lists: tuple[AccessList, ...]) -> tuple[str, ...] | None:
        """The prefixes that every list of the terminal lines lets in."""
        if self._found.open_vty or not self._found.access_classes:
            return None
        permitted: list[str] = []
        for item in lists:
            if item.name in self._found.access_classes and item.kind == "standard":
                permitted += [prefix for _, text in item.entries if (prefix := _permitted(text))]
        return tuple(dict.fromkeys(permitted))


def _list_lines(section: Section) -> list[SeenLine]:
    """Lists that we made follow from the definition; any other is the device's."""
    ours = section.text.rpartition(" ")[2].startswith(PREFIX)
    fate = Fate.RECOGNISED if ours else Fate.UNMANAGED
    return [SeenLine(section.head, fate), *(SeenLine(line, fate, section.text) for line in section.body)]


def _permitted(text: str) -> str:
    """The prefix of a standard list's permit, empty for anything else."""
    words = text.split()
    if words[:1] != ["permit"] or len(words) < 2 or words[1] == "any":
        return ""
    words = words[1:] if words[1] != "host" else words[2:]
    return _prefix(" ".join(words[:2]) if len(words) > 1 and words[1][0].isdigit() else f"host {words[0]}")


def _single(lists: tuple[AccessList, ...]) -> dict[str, tuple[str, ...]]:
    """Standard list to the single addresses that it permits."""
    return {item.name: tuple(prefix.removesuffix("/32") for _, text in item.entries
                             if (prefix := _permitted(text)).endswith("/32"))
            for item in lists if item.kind == "standard"}


def _prefix(words: str) -> str:
    """A canonical address word in CIDR form; empty for any, and for a wildcard that is no prefix."""
    if words == "any":
        return ""
    try:
        return str(ip_network(words.removeprefix("host ") if words.startswith("host ") else words.replace(" ", "/"),
                              strict=False))
    except ValueError:
        return ""


def _entries(item: AccessList) -> Iterator[Entry]:
    """The entries that are understood."""
    for _, text in item.entries:
        with suppress(ValueError):
            yield parse_entry(text)


def _senders(item: AccessList) -> list[str]:
    """The single addresses that a list permits to send, who asks for one (DHCP) left out."""
    return [entry.source.removeprefix("host ") for entry in _entries(item)
            if entry.action == "permit" and entry.source.startswith("host ") and entry.source != "host 0.0.0.0"]


def _openings(lists: tuple[AccessList, ...]) -> Iterator[Opening]:
    """What permits of extended lists open. A line for replies says it the other way round."""
    for item in lists:
        for line, text in item.entries if item.kind == "extended" else ():
            with suppress(ValueError):
                entry = parse_entry(text)
                if entry.action == "permit" and entry.protocol in {"tcp", "udp"}:
                    yield from _opening(item.name, line, entry)


def _opening(name: str, line: LineRef, entry: Entry) -> Iterator[Opening]:
    forth = (entry.source, entry.destination, entry.destination_port)
    back = (entry.destination, entry.source, entry.source_port)
    client, server, ports = back if entry.source_port and not entry.destination_port else forth
    words = ports.split()
    if words[:1] in (["eq"], ["range"]) and _prefix(server):
        yield Opening(_prefix(client), _prefix(server), entry.protocol, port_number(entry.protocol, words[1]),
                      port_number(entry.protocol, words[-1]), name, line)


def _own_names(lists: tuple[AccessList, ...]) -> Iterator[tuple[str, str]]:
    """Hosts behind a filter of ours: the list says whose it is, its lines where that host is. A host that is only
    guarded has no name there."""
    for item in lists:
        name = item.name.removeprefix(f"{PREFIX}from-")
        if name != item.name and item.kind == "extended" and (senders := _senders(item)):
            yield senders[0], "" if name == senders[0] else name


ADOPTER = IosAdopter()
