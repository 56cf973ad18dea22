"""A switch that runs already, read into the words from which a definition is written.

Source: fact sheet, all sections. A line is recognised when everything that it sets is what a definition says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from ipaddress import ip_interface, ip_network

from punchdown.platforms.adoption import denials, gathered, judged
from punchdown.platforms.contract import Fingerprint, Reader
from punchdown.platforms.hp_procurve.adopt_operators import (
    KNOWN,
    POLLS_ONLY,
    asked_for_ports,
    guards,
    login_check,
    snmp,
)
from punchdown.platforms.hp_procurve.adopt_ports import is_known, opens_for_all, read_ports
from punchdown.platforms.hp_procurve.capabilities import DOCUMENT
from punchdown.platforms.hp_procurve.compare import version
from punchdown.platforms.hp_procurve.masking import mask
from punchdown.platforms.hp_procurve.normalise import Entry, Tree, sequence, tree_of
from punchdown.platforms.lines import PREFIX
from punchdown.values import RunningConfig, RunningDocument
from punchdown.values.adopted import Fate, Opening, SeenDevice, SeenLeg, SeenLine, SeenPort, SeenServer, SeenVlan
from punchdown.values.policy import LineRef
from punchdown.values.position import Provenance

_WRAPPED = re.compile(r"\n (?=\")")
_SIGN = re.compile(r"^; \S+ Configuration Editor; Created on release #", re.MULTILINE)
_HEADER = re.compile(r";.*|Running configuration:|Startup configuration:|\s*exit")
_OWN = re.compile(r"""include-credentials|vlan 1|name "DEFAULT_VLAN"|no ip address|no untagged .*"""
                  r"""|(?:flexible-)?module \S+ type .*|no dhcp (?:config-file-update|image-file-update|tr69-acs-url)"""
                  r"""|oobm|ip ssh filetransfer|snmpv3 (?:enable|only)|dhcp-snooping|ip address dhcp-bootp""")
_KNOWN = re.compile("|".join((
    r'hostname ".*"', r"no (?:telnet-server|web-management|tftp server)", r"logging [\d.]+(?: control-descr .*)?",
    r"timesync s?ntp", r"sntp (?:unicast|server priority \d+ [\d.]+(?: \d)?)",
    r"ip dns server-address priority \d+ [\d.]+",
    r"ntp (?:unicast|enable|server [\d.]+(?: iburst)?)", r"banner motd .*", r"console idle-timeout \d+",
    r"ip default-gateway [\d.]+", r"ip authorized-managers [\d.]+ [\d.]+ .*", r"radius-server .*",
    r'aaa server-group radius "punchdown" .*', r'aaa (?:accounting|authentication) .*"punchdown"',
    r"aaa port-access (?:authenticator active|mac-based addr-format multi-dash-uppercase)",
    KNOWN,
    r"(?:no )?dhcp-snooping(?: (?:option 82|vlan \d+))?", r"qos (?:dscp-map|type-of-service) .*", r"spanning-tree",
    r"spanning-tree (?:mode rapid-pvst|priority 0|vlan \d+ priority 0)", r"lldp run", r"no autorun",
)))
_IN_VLAN = re.compile(r'name ".*"|voice|ip address [\d.]+[ /][\d.]+')
_GATEWAY = re.compile(r"ip (?:default-gateway|route 0\.0\.0\.0(?: 0\.0\.0\.0|/0)) ([\d.]+)")
_MANAGED = ("segregation-managed-switches",)
_WRONG = (
    (re.compile(r"snmp-server community .*"), "SNMP with a community, in clear", "medium"),
    (re.compile(r"telnet-server.*"), "logins over Telnet, in clear", "high"),
    (re.compile(r"web-management(?: plaintext)?"), "the switch is managed over HTTP in clear", "medium"),
)
_ON_UNLESS = (("no telnet-server", "logins over Telnet, in clear", "high"),
              ("no web-management", "the switch is managed over HTTP in clear", "medium"))
_ANY = "0.0.0.0 255.255.255.255"
_SERVER = re.compile(r"radius-server host (\d[\d.]+)(?: auth-port (\d{1,5}))?(?: acct-port (\d{1,5}))?(?: key .+)?")
_HOST = "0.0.0.0"  # noqa: S104  a wildcard, not an address
_ENTRY = re.compile(r"permit (tcp|udp) (\S+ \S+)(?: (eq \d+|range \d+ \d+))? ([\d.]+ [\d.]+)"
                    r"(?: (eq \d+|range \d+ \d+))?(?: established)?(?: log)?")


class ProcurveAdopter:
    """See :class:`punchdown.platforms.adoption.Adopter`."""

    def recognises(self, text: str) -> bool:
        """The header that the switch writes."""
        return _SIGN.search(text) is not None

    def masked(self, files: Mapping[str, str], fingerprint: Fingerprint) -> Mapping[str, str]:
        """The running configuration, line by line, so that a line's number stays the file's."""
        shown = next((text for text in files.values() if self.recognises(text)), None)
        if shown is None:
            return {}
        lines = _WRAPPED.sub(" ", shown.replace("\r", "")).split("\n")
        return {DOCUMENT: "".join(mask(line, fingerprint) or "\n" for line in lines)}

    def fetch(self, reader: Reader, fingerprint: Fingerprint) -> RunningConfig:
        """The running configuration. Raises DeviceError."""
        text = mask(reader.show("show running-config", timeout=90.0).output, fingerprint)
        return RunningConfig(reader.device, "hp_procurve", (RunningDocument(DOCUMENT, text),))

    def read(self, name: str, source: str, documents: Mapping[str, str]) -> SeenDevice:
        """A switch; what it is called stands in its text."""
        return _Reading(name, source, documents.get(DOCUMENT, "")).device()


class _Reading:
    """One configuration as the facts that its lines set."""

    def __init__(self, name: str, source: str, text: str) -> None:
        self._name, self._source, self._text = name, source, text
        self._lines = text.splitlines()
        self._tree: Tree = tree_of((line, Provenance()) for line in self._lines)
        self._vlans = [entry for slot, entry in self._tree.items() if slot[0] == "vlan" and len(slot) == 2]
        self._ports = read_ports(self._tree, self._voice())

    def device(self) -> SeenDevice:
        """The switch as its text shows it."""
        shown = self._global("hostname").removeprefix("hostname ").strip('"') or self._name
        return SeenDevice(
            name=self._name, shown_name=shown, platform="hp_procurve", role=self._role(), source=self._source,
            lines=tuple(self._told()), advice=(*gathered(list(self._advice())), *denials(self._lists(), PREFIX)),
            version=version(self._text), vlans=tuple(self._seen_vlans()), vlans_known=True, ports=self._ports,
            legs=tuple(self._legs()), router=next(iter(self._addresses(_GATEWAY)), ""),
            ntp=self._addresses(r"s?ntp server (?:priority \d+ )?([\d.]+).*"),
            syslog=self._addresses(r"logging ([\d.]+).*"),
            dns=self._addresses(r"ip dns server-address priority \d+ ([\d.]+)"), banner=self._banner(),
            session_minutes=int(self._global("console idle-timeout").rpartition(" ")[2] or 0) // 60,
            login_check=login_check(self._globals()), snmp=snmp(self._globals()), guards=guards(self._globals()),
            logins=self._logins(), servers=tuple(self._servers()),
            dead_minutes=int(self._global("radius-server dead-time").rpartition(" ")[2] or 0),
            tree_mode="rapid-pvst" if "rapid-pvst" in self._global("spanning-tree mode") else
                      "mst" if self._global("spanning-tree") else "",
            tree_root=any(slot[0] == "global" and re.fullmatch(r"spanning-tree (?:vlan \d+ )?priority 0", entry.line)
                          for slot, entry in self._tree.items()),
            openings=tuple(self._openings()), own_names=tuple(self._own_names()), hints=tuple(self._hints()),
            secrets=tuple((f"the key of the RADIUS server {match[1]}", _line(entry)) for entry in self._globals()
                          if (match := re.fullmatch(r"radius-server host (\S+) .*key .+", entry.line))))

    def _globals(self) -> Iterator[Entry]:
        return (entry for slot, entry in self._tree.items() if slot[0] == "global")

    def _global(self, key: str) -> str:
        entry = self._tree.get(("global", key))
        return entry.line if entry else ""

    def _addresses(self, pattern: str | re.Pattern[str]) -> tuple[str, ...]:
        found = (re.fullmatch(pattern, entry.line) for entry in self._globals())
        return tuple(dict.fromkeys(address for match in found if match and (address := _network(match[1], _HOST))
                                   and (address := address.removesuffix("/32"))))

    def _voice(self) -> Iterator[int]:
        return (int(slot[1]) for slot in self._tree if slot[0] == "vlan" and slot[2:] == ("voice",))

    def _role(self) -> str:
        """A switch with more trunks than ports for users stands in the middle."""
        trunks = sum(port.mode == "trunk" for port in self._ports)
        return "core-switch" if trunks * 2 > len(self._ports) else "access-switch"

    def _seen_vlans(self) -> Iterator[SeenVlan]:
        for entry in self._vlans:
            number = entry.slot[1]
            named = self._tree.get(("vlan", number, "name"))
            name = named.line.removeprefix("name ").strip('"') if named else ""
            yield SeenVlan(int(number), "" if name == f"VLAN{number}" else name, _line(entry))

    def _legs(self) -> Iterator[SeenLeg]:
        for slot, entry in self._tree.items():
            own = re.fullmatch(r"ip address ([\d.]+)[ /]([\d.]+)", entry.line)
            if slot[0] == "vlan" and slot[2:] == ("ip address",) and own:
                with suppress(ValueError):
                    yield SeenLeg(f"vlan {slot[1]}", int(slot[1]), str(ip_interface(f"{own[1]}/{own[2]}")),
                                  _line(entry), management=True)

    def _banner(self) -> tuple[str, ...]:
        text = self._global("banner motd").removeprefix("banner motd ").strip('"')
        return tuple(line.rstrip() for line in text.split("\\n")) if text else ()

    def _logins(self) -> tuple[str, ...] | None:
        said = [entry.line.split() for entry in self._globals() if entry.line.startswith("ip authorized-managers ")
                and not POLLS_ONLY.fullmatch(entry.line)]
        return tuple(prefix for words in said if (prefix := _masked(words[2], words[3]))) if said else None

    def _servers(self) -> Iterator[SeenServer]:
        timeout, retries = (int(self._global(f"radius-server {word}").rpartition(" ")[2] or usual)
                            for word, usual in (("timeout", 5), ("retransmit", 3)))
        keyed = {match[1] for entry in self._globals()
                 if (match := re.fullmatch(r"radius-server host (\S+) .*key .+", entry.line))}
        told: set[str] = set()
        asked = asked_for_ports(self._globals())
        for entry in self._globals():
            match = _SERVER.fullmatch(entry.line)
            if match and match[1] not in told and (not asked or match[1] in asked):
                told.add(match[1])
                yield SeenServer(f"radius-{match[1].rpartition('.')[2]}", match[1], int(match[2] or 1812),
                                 int(match[3] or 1813), timeout, retries, _line(entry), match[1] in keyed)

    def _lists(self) -> Iterator[tuple[str, list[tuple[LineRef, str]]]]:
        """IPv4 lists: name, and entries in order."""
        found: dict[str, list[Entry]] = {}
        for slot, entry in self._tree.items():
            if slot[0] == "list" and slot[1].startswith("ip access-list extended ") and len(slot) == 3:
                found.setdefault(slot[1].split('"')[1], []).append(entry)
        for name, entries in found.items():
            yield name, [(_line(item), item.line) for item in sorted(entries, key=sequence)]

    def _openings(self) -> Iterator[Opening]:
        """What permits of lists open. A line for replies says it the other way round."""
        for name, entries in self._lists():
            for line, text in entries:
                match = _ENTRY.fullmatch(text)
                if match:
                    source, sport, target, dport = match[2], match[3], match[4], match[5]
                    client, server, ports = (target, source, sport) if sport and not dport else (source, target, dport)
                    numbers = (ports or "").split()[1:]
                    if numbers and _wild(server):
                        yield Opening(_wild(client), _wild(server), match[1], int(numbers[0]), int(numbers[-1]), name,
                                      line)

    def _senders(self) -> Iterator[tuple[str, list[str]]]:
        """Lists of ours at the port of a host, and the single addresses that may send there."""
        for name, entries in self._lists():
            if name.startswith(f"{PREFIX}from-"):
                found = (re.match(r"permit \S+ (\S+) 0\.0\.0\.0 ", text) for _, text in entries)
                senders = [match[1] for match in found if match and match[1] != _HOST]
                if senders:
                    yield name, senders

    def _own_names(self) -> Iterator[tuple[str, str]]:
        for name, senders in self._senders():
            host = name.removeprefix(f"{PREFIX}from-")
            yield senders[0], "" if host == senders[0] else host

    def _hints(self) -> Iterator[tuple[int, str]]:
        """Prefixes of VLANs without an interface: around the hosts of their ports, and that of the phones by what the
        classes of ours trust."""
        by_name = dict(self._senders())
        for port in self._ports:
            hosts = {str(ip_network(f"{item}/24", strict=False)) for item in by_name.get(port.list_name, ())}
            if port.mode == "access" and len(hosts) == 1:
                yield port.access_vlan, hosts.pop()
        marked = {prefix for slot, entry in self._tree.items()
                  if slot[0] == "list" and slot[1].startswith(f'class ipv4 "{PREFIX}')
                  and (match := re.match(r"match ip (\S+ \S+) ", entry.line)) and (prefix := _wild(match[1]))}
        voice = set(self._voice())
        if len(voice) == 1 and len(marked) == 1:
            yield voice.pop(), marked.pop()

    def _advice(self) -> Iterator[tuple[str, LineRef, tuple[str, ...], str]]:
        for entry in self._globals():
            yield from ((title, _line(entry), _MANAGED, severity) for pattern, title, severity in _WRONG
                        if pattern.fullmatch(entry.line))
        first = LineRef(DOCUMENT, 1, self._lines[0] if self._lines else "")
        said = {line.strip() for line in self._lines}
        yield from ((title, first, _MANAGED, severity) for line, title, severity in _ON_UNLESS if line not in said)
        if self._logins() is None:
            yield "logins are tried from any address", first, _MANAGED, "medium"
        for port in self._ports:
            yield from judged(port)
            if port.auth is not None and opens_for_all(self._of_port(port)):
                yield ("one station authenticates for all behind a port", port.line,
                       ("dot1x-enabled-on-access-switches",), "high")

    def _of_port(self, port: SeenPort) -> dict[str, Entry]:
        return {slot[2]: entry for slot, entry in self._tree.items() if slot[:2] == ("port", port.name)}

    def _told(self) -> Iterator[SeenLine]:
        """Every line with what becomes of it; a header of a block says nothing by itself."""
        by_number: dict[int, list[Entry]] = {}
        for entry in self._tree.values():
            by_number.setdefault(entry.number, []).append(entry)
        within = ""
        for number, raw in enumerate(self._lines, 1):
            text = raw.strip()
            if not text or _HEADER.fullmatch(raw):
                continue
            within = within if raw[0] == " " else text
            fates = {_fate(entry) for entry in by_number.get(number, ())} or {_silent(text)}
            fate = Fate.UNMANAGED if Fate.UNMANAGED in fates else fates.pop()
            yield SeenLine(LineRef(DOCUMENT, number, text), Fate.OWN if _OWN.fullmatch(text) else fate,
                           within if raw[0] == " " else "")


def _fate(entry: Entry) -> Fate:
    kind = entry.slot[0]
    known = (is_known(entry.slot[2], entry.line) if kind == "port" else
             f'"{PREFIX}' in entry.slot[1] if kind == "list" else
             len(entry.slot) == 2 or _IN_VLAN.fullmatch(entry.line) is not None if kind == "vlan" else
             kind == "global" and _KNOWN.fullmatch(entry.line) is not None)
    return Fate.RECOGNISED if known else Fate.UNMANAGED


def _silent(text: str) -> Fate:
    """A line that sets nothing: a header, or what the switch does anyway."""
    return Fate.RECOGNISED if re.fullmatch(r"(?:vlan|interface|trunk) .*", text) or _KNOWN.fullmatch(text) else Fate.OWN


def _line(entry: Entry) -> LineRef:
    return LineRef(DOCUMENT, entry.number, entry.text.strip())


def _masked(address: str, mask_text: str) -> str:
    with suppress(ValueError):
        return str(ip_network(f"{address}/{mask_text}", strict=False))
    return ""


def _network(address: str, wildcard: str) -> str:
    """In CIDR form; empty for a wildcard that is no prefix."""
    with suppress(ValueError):
        return str(ip_network(f"{address}/32" if wildcard == _HOST else f"{address}/{wildcard}", strict=False))
    return ""


def _wild(words: str) -> str:
    """An address with its wildcard in CIDR form; empty for any."""
    return "" if words == _ANY else _network(*words.split(" ", 1))


ADOPTER = ProcurveAdopter()
