"""The lines of a switch outside of its ports, on the way from a running switch to a definition.

Source: fact sheet, "RADIUS and AAA for port access", "Management", "Spanning tree", "DHCP snooping".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from ipaddress import AddressValueError, IPv4Address, IPv4Interface, IPv6Interface

from punchdown.platforms.cisco_ios import adopt_guards, adopt_operators
from punchdown.platforms.cisco_ios.adopt_operators import known_inside
from punchdown.platforms.cisco_ios.models import has_mls_qos
from punchdown.platforms.cisco_ios.normalise import canonical_root, expand_vlans, long_name
from punchdown.platforms.cisco_ios.ownership import is_built_in
from punchdown.platforms.cisco_ios.policy_sections import Section
from punchdown.platforms.lines import PREFIX
from punchdown.values.adopted import Fate, SeenLeg, SeenLine, SeenServer, SeenVlan
from punchdown.values.policy import LineRef

_RESERVED = range(1002, 1006)
_OURS = re.compile(r"(?:class-map (?:type control subscriber )?\S+|policy-map(?: type control subscriber)?"
                   rf"|service-template) {PREFIX}\S+")
_HEALTHY = re.compile("|".join((
    r"service timestamps (debug|log) .*", r"service password-encryption", r"aaa new-model",
    r"aaa authentication (login default local|dot1x default group \S+)", r"aaa authorization exec default local",
    r"aaa authorization network default group \S+", r"aaa accounting dot1x default start-stop group \S+",
    r"radius-server attribute (6 on-for-login-auth|8 include-in-access-req|25 access-request include)",
    r"radius-server dead-criteria time \d+ tries \d+", r"dot1x system-auth-control", r"dot1x critical eapol",
    r"authentication critical recovery delay \d+", r"lldp run", r"no ip http (server|secure-server)",
    r"ip ssh version 2", r"ip dhcp snooping", r"no ip dhcp snooping information option",
    r"ip dhcp snooping vlan \S+", r"errdisable recovery cause dhcp-rate-limit", r"archive", r"path flash:punchdown",
    adopt_operators.KNOWN, adopt_guards.KNOWN,
)))
_OWN = re.compile("|".join((
    r"no service pad", r"service (compress-config|call-home)", r"vlan internal allocation policy ascending",
    r"vtp version \d", r"ip cef", r"no ipv6 cef", r"system mtu routing 1500", r"mode sso", r"no aaa new-model",
    r"switch \d+ provision \S+", r"aaa session-id common", r"logging event .*", r"version .*", r"end",
    r"Building configuration.*", r"Current configuration.*", r"ntp clock-period .*", r"ip forward-protocol .*",
    r"no platform .*", r"platform .*", r"hw-switch .*", r"no ip gratuitous-arps", r"line (con|aux) 0", r"stopbits 1",
    r"exit-address-family", r"boot system .*", r"exit",
)))
_OLD_RADIUS = re.compile(
    r"radius-server host (\d+\.\d+\.\d+\.\d+)(?: auth-port (\d{1,5}))?(?: acct-port (\d{1,5}))?"
    r"(?: timeout (\d{1,4}))?(?: retransmit (\d{1,3}))?(?: (key) .+)?")
"""A server of the old form; its ports are those that were usual before RFC 2865. Source: IOS Security Command
Reference, "radius-server host"."""
_MANAGED = ("segregation-managed-switches",)
_WRONG: tuple[tuple[str, str, tuple[str, ...], str], ...] = (
    (r"ip http server", "the switch is managed over HTTP in clear", _MANAGED, "medium"),
    (r"no service password-encryption", "passwords stand in clear in the configuration", _MANAGED, "low"),
    (r"snmp-server community .*", "SNMP with a community, in clear", _MANAGED, "medium"),
    (r"vtp mode (server|client)", "VLANs are learnt from other switches (VTP)", _MANAGED, "medium"),
    (r"vstack", "Smart Install lets anybody configure the switch", _MANAGED, "high"),
)
_WRONG_LINES = tuple((re.compile(pattern), title, controls, severity) for pattern, title, controls, severity in _WRONG)
_VTY = frozenset({"transport input ssh", "login authentication default", "login", "login local", "stopbits 1",
                  "length 0"})
_VTY_WRONG = (
    (re.compile(r"transport input .*(telnet|all).*"), "logins over Telnet, in clear", "high"),
    (re.compile(r"exec-timeout 0 0"), "logins never end by themselves", "medium"),
)


@dataclass
class Globals:
    """What a switch says of itself while it is read."""

    hostname: str = ""
    version: str = ""
    models: dict[int, str] = field(default_factory=dict)
    mls: bool = False
    vlans: list[SeenVlan] = field(default_factory=list)
    transparent: bool = False
    legs: list[SeenLeg] = field(default_factory=list)
    router: str = ""
    ntp: list[str] = field(default_factory=list)
    syslog: list[str] = field(default_factory=list)
    dns: list[str] = field(default_factory=list)
    banner: tuple[str, ...] = ()
    session_minutes: int = 0
    access_classes: list[str] = field(default_factory=list)
    open_vty: LineRef | None = None
    servers: list[SeenServer] = field(default_factory=list)
    dead_minutes: int = 0
    tree_mode: str = ""
    tree_root: bool = False
    loop_guard: bool = False
    secrets: list[tuple[str, LineRef]] = field(default_factory=list)
    advice: list[tuple[str, LineRef, tuple[str, ...], str]] = field(default_factory=list)

    @property
    def refused(self) -> str:
        """Why the platform does not take this switch."""
        if self.mls and not any(has_mls_qos(name) for name in self.models.values()):
            return "it has MLS QoS, and no line tells its model"
        return ""


_Take = Callable[[Globals, re.Match[str]], None]


def _address(text: str) -> str:
    try:
        return str(IPv4Address(text))
    except AddressValueError:
        return ""


def _cidr(kind: type[IPv4Interface] | type[IPv6Interface], text: str) -> str:
    """An address with its length, empty for what is none."""
    try:
        return str(kind(text))
    except ValueError:
        return ""


def _server(kind: str) -> _Take:
    def take(found: Globals, match: re.Match[str]) -> None:
        items: list[str] = getattr(found, kind)
        items += [word for word in match[1].split() if _address(word)]
    return take


def _word(name: str) -> _Take:
    def take(found: Globals, match: re.Match[str]) -> None:
        setattr(found, name, match[1])
    return take


def _yes(name: str) -> _Take:
    def take(found: Globals, _match: re.Match[str]) -> None:
        setattr(found, name, True)
    return take


def _gateway(found: Globals, match: re.Match[str]) -> None:
    found.router = _address(match[1])


def _model(found: Globals, match: re.Match[str]) -> None:
    found.models[int(match[1])] = match[2]


_ROOT_LINES: tuple[tuple[str, _Take, bool], ...] = (
    (r"hostname (\S+)", _word("hostname"), True),
    (r"version (\d+\.\d+)", _word("version"), False),
    (r"switch (\d+) provision (\S+)", _model, False),
    (r"mls qos.*", _yes("mls"), False),
    (r"vtp mode (?:transparent|off)", _yes("transparent"), False),
    (r"ip default-gateway (\d+\.\d+\.\d+\.\d+)", _gateway, True),
    (r"ip route 0\.0\.0\.0 0\.0\.0\.0 (\d+\.\d+\.\d+\.\d+)", _gateway, False),
    (r"ntp server (\d+\.\d+\.\d+\.\d+)(?: prefer)?", _server("ntp"), True),
    (r"logging (?:host )?(\d+\.\d+\.\d+\.\d+)", _server("syslog"), True),
    (r"ip name-server (\d[\d. ]+)", _server("dns"), True),
    (r"spanning-tree mode (rapid-pvst|mst)", _word("tree_mode"), True),
    (r"spanning-tree loopguard default", _yes("loop_guard"), True),
    (r"spanning-tree vlan 1-4094 priority 4096", _yes("tree_root"), True),
)
"""Pattern, what is kept of it, and whether a definition says it."""
_ROOTS = tuple((re.compile(pattern), take, said) for pattern, take, said in _ROOT_LINES)


def read_root(found: Globals, section: Section) -> list[SeenLine]:
    """One section that is no port and no list: what is kept, and what becomes of its lines."""
    text = section.text
    for pattern, title, controls, severity in _WRONG_LINES:
        if pattern.fullmatch(text):
            found.advice.append((title, section.head, controls, severity))
    if match := re.fullmatch(r"vlan ([\d,-]+)", text):
        return _vlans(found, section, match[1])
    if match := re.fullmatch(r"interface Vlan ?(\d+)", text, re.IGNORECASE):
        return _leg(found, section, int(match[1]))
    if text.startswith("line vty "):
        return _vty(found, section)
    if match := _OLD_RADIUS.fullmatch(text):
        return _old_radius(found, section, match)
    if match := re.fullmatch(r"radius server (\S+)", text):
        return _radius(found, section, match[1])
    if known_inside(text, "") is not None:
        return _group(found, section)
    if re.match(r"(banner|username|enable) ", text):
        return _personal(section)
    for pattern, take, said in _ROOTS:
        if match := pattern.fullmatch(text):
            take(found, match)
            return _all(section, Fate.RECOGNISED if said else Fate.OWN if _OWN.fullmatch(text) else Fate.UNMANAGED)
    return _all(section, _fate(text))


def _fate(text: str) -> Fate:
    if _HEALTHY.fullmatch(text) or not canonical_root(text):
        return Fate.RECOGNISED
    if _OURS.fullmatch(text):
        return Fate.RECOGNISED
    return Fate.OWN if _OWN.fullmatch(text) or is_built_in(text) else Fate.UNMANAGED


def _all(section: Section, fate: Fate, note: str = "") -> list[SeenLine]:
    """A whole section with one fate; what the device adds below by itself stays its own."""
    return [SeenLine(section.head, fate, note=note), *(
        SeenLine(line, Fate.OWN if _OWN.fullmatch(line.text) else _inner(fate, line.text), section.text, note)
        for line in section.body)]


def _inner(fate: Fate, text: str) -> Fate:
    return Fate.RECOGNISED if fate is Fate.RECOGNISED or _HEALTHY.fullmatch(text) else fate


def _vlans(found: Globals, section: Section, numbers: str) -> list[SeenLine]:
    name = next((line.text.removeprefix("name ") for line in section.body if line.text.startswith("name ")), "")
    usable = [number for number in expand_vlans(numbers) if 1 < number < 4095 and number not in _RESERVED]
    found.vlans += [SeenVlan(number, "" if re.fullmatch(rf"VLAN0*{number}", name) else name, section.head)
                    for number in usable]
    return [SeenLine(section.head, Fate.RECOGNISED if usable else Fate.OWN), *(
        SeenLine(line, Fate.RECOGNISED if line.text.startswith("name ") else Fate.UNMANAGED, section.text)
        for line in section.body)]


def _leg(found: Globals, section: Section, vlan: int) -> list[SeenLine]:
    """An interface of a VLAN: where its prefix comes from. It is ours where the switch is managed through it."""
    texts = [line.text for line in section.body]
    address = next((text for text in texts if re.fullmatch(r"ip address \d\S+ \d\S+", text)), "")
    address6 = next((text for text in texts if re.fullmatch(r"ipv6 address \S+/\d+", text)), "")
    found.legs.append(SeenLeg(
        long_name(section.text.removeprefix("interface ")), vlan,
        _cidr(IPv4Interface, address.removeprefix("ip address ").replace(" ", "/")), section.head,
        _cidr(IPv6Interface, address6.removeprefix("ipv6 address ")),
        next((text.removeprefix("description ") for text in texts if text.startswith("description ")), "")))
    said = {address, "no ip address", "no shutdown", f"ip access-group {PREFIX}management in"}
    return [SeenLine(section.head, Fate.RECOGNISED), *(
        SeenLine(line, Fate.RECOGNISED if line.text in said else Fate.UNMANAGED, section.text)
        for line in section.body)]


def _vty(found: Globals, section: Section) -> list[SeenLine]:
    lines = [SeenLine(section.head, Fate.RECOGNISED)]
    restricted = False
    for line in section.body:
        fate = Fate.UNMANAGED
        if match := re.fullmatch(r"access-class (\S+) in(?: vrf-also)?", line.text):
            found.access_classes.append(match[1])
            restricted, fate = True, Fate.RECOGNISED
        elif match := re.fullmatch(r"exec-timeout (\d+)(?: 0)?", line.text):
            found.session_minutes, fate = int(match[1]), Fate.RECOGNISED
        elif line.text in _VTY:
            fate = Fate.RECOGNISED
        elif line.text.startswith("password "):
            found.secrets.append(("a password of the terminal lines", line))
        for pattern, title, severity in _VTY_WRONG:
            if pattern.fullmatch(line.text):
                found.advice.append((title, line, _MANAGED, severity))
        lines.append(SeenLine(line, fate, section.text))
    if not restricted and "no login" not in {line.text for line in section.body}:
        found.open_vty = section.head
        found.advice.append(("logins are tried from any address", section.head, _MANAGED, "medium"))
    return lines


def _radius(found: Globals, section: Section, name: str) -> list[SeenLine]:
    """A server: address, ports (RFC 2865's where none is written), timers, and that it has a key."""
    said = {line.text for line in section.body}
    text = "\n".join(sorted(said))
    place = re.search(r"^address ipv4 (\S+)(?: auth-port (\d+))?(?: acct-port (\d+))?$", text, re.MULTILINE)
    timeout = re.search(r"^timeout (\d+)$", text, re.MULTILINE)
    retries = re.search(r"^retransmit (\d+)$", text, re.MULTILINE)
    key = next((line for line in section.body if line.text.startswith("key ")), None)
    if place and _address(place[1]):
        found.servers.append(SeenServer(
            name, place[1], int(place[2] or 1812), int(place[3] or 1813), int(timeout[1]) if timeout else 5,
            int(retries[1]) if retries else 3, section.head, key is not None))
    if key is not None:
        found.secrets.append((f"the key of the RADIUS server {name}", key))
    known = re.compile(r"address ipv4 .*|timeout \d+|retransmit \d+|key .*|automate-tester username \S+( probe-on)?")
    return [SeenLine(section.head, Fate.RECOGNISED), *(
        SeenLine(line, Fate.RECOGNISED if known.fullmatch(line.text) else Fate.UNMANAGED, section.text)
        for line in section.body)]


def _old_radius(found: Globals, section: Section, match: re.Match[str]) -> list[SeenLine]:
    """A server of the old form, which is called by its address."""
    if _address(match[1]):
        keyed = match[6] is not None
        found.servers.append(SeenServer(
            f"radius-{match[1].rpartition('.')[2]}", match[1], int(match[2] or 1645), int(match[3] or 1646),
            int(match[4] or 5), int(match[5] or 3), section.head, keyed))
        if keyed:
            found.secrets.append((f"the key of the RADIUS server {match[1]}", section.head))
    return _all(section, Fate.RECOGNISED)


def _group(found: Globals, section: Section) -> list[SeenLine]:
    lines = [SeenLine(section.head, Fate.RECOGNISED)]
    for line in section.body:
        if match := re.fullmatch(r"deadtime (\d+)", line.text):
            found.dead_minutes = int(match[1])
        if line.text.startswith(("key ", "server-private ", "client ")):
            found.secrets.append((f"a key of {section.text}", line))
        known = known_inside(section.text, line.text)
        lines.append(SeenLine(line, Fate.RECOGNISED if known else Fate.UNMANAGED, section.text))
    return lines


def _personal(section: Section) -> list[SeenLine]:
    """Logins of the device stay with the device; a banner is taken by whoever reads the whole text."""
    if section.text.startswith("banner "):
        said = section.text.startswith("banner login ")
        return _all(section, Fate.RECOGNISED if said else Fate.UNMANAGED)
    return _all(section, Fate.UNMANAGED, "logins of the device itself are never touched")


def banner(text: str) -> Iterator[str]:
    """The lines of the login banner, none where there is none."""
    match = re.search(r"^banner login (\^C|\S)(.*?)\1", text.replace("\x03", "^C"), re.MULTILINE | re.DOTALL)
    yield from (line.rstrip() for line in match[2].strip("\n\r ").splitlines()) if match else ()
