"""A firewall that runs already, read into the words from which a definition is written.

Interfaces are known by VLAN: their name (``lan120``), the tag of a subinterface, the number of a ``Vlan`` interface.
The outside is where the default route leads. Source: fact sheet, all sections.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from ipaddress import ip_address

from punchdown.errors import DeviceError
from punchdown.platforms.adoption import denials, gathered
from punchdown.platforms.cisco_asa.adopt_globals import Globals, read_global, ref, secrets, told
from punchdown.platforms.cisco_asa.adopt_logins import read_operators
from punchdown.platforms.cisco_asa.adopt_rules import parts_of, read_rules
from punchdown.platforms.cisco_asa.adopt_vpns import read_vpns
from punchdown.platforms.cisco_asa.capabilities import DOCUMENT, UNPRIVILEGED
from punchdown.platforms.cisco_asa.masking import mask
from punchdown.platforms.cisco_asa.policy import bindings, legs_of, objects_of
from punchdown.platforms.cisco_asa.policy_lists import lists
from punchdown.platforms.cisco_asa.policy_nat import statements
from punchdown.platforms.cisco_asa.policy_objects import Leg
from punchdown.platforms.cisco_asa.sections import Node, read_text
from punchdown.platforms.cisco_asa.words import PREFIX
from punchdown.platforms.contract import Fingerprint, Reader
from punchdown.values import RunningConfig, RunningDocument
from punchdown.values.adopted import Advice, Fate, SeenDevice, SeenLeg, SeenLine, SeenVlan
from punchdown.values.policy import LineRef

_SIGNS = (re.compile(r"^(?:ASA Version |: (?:Saved|Hardware: +ASA))", re.MULTILINE),
          re.compile(r"^interface \S+(?:\n[ !].*)*?\n (?:nameif|no nameif|security-level)\b", re.MULTILINE))
_VERSION = re.compile(r"^ASA Version (\d+\.\d+)", re.MULTILINE)
_OURS = re.compile(r"lan\d{1,4}|wan0")
_VLAN = re.compile(r"lan(\d{1,4})", re.ASCII)
_TAG = re.compile(r"vlan (\d{1,4})(?: secondary .*)?", re.ASCII)
_LIST = re.compile(r"access-list (\S+) (?:line \d+ )?(extended|standard|remark) (.*)")
_DEFAULT = re.compile(r"route (\S+) (?:0\.0\.0\.0|0) (?:0\.0\.0\.0|0) (\d\S+)(?: \d+)?(?: track \d+)?")
_NAMED = re.compile(r"object(?:-group)? (?:network|service) (\S+)(?: (?:tcp|udp|tcp-udp))?")
_WORD = re.compile(r"(?:network-object object|group-object|service-object object) (\S+)")
_ON_LEG = re.compile(r"nameif .*|ip address [\d.]+ [\d.]+|ipv6 address \S+/\d+|vlan \d+|(?:no )?shutdown|"
                     r"no ip address|no nameif|no security-level|management-only")
_FREE = frozenset({"no nameif", "no security-level", "no ip address", "shutdown", "management-only"})
_PERIMETER = ("firewall-perimeter-configured", "segregation-trust-zones")


class AsaAdopter:
    """See :class:`punchdown.platforms.adoption.Adopter`."""

    def recognises(self, text: str) -> bool:
        """What the device writes above its configuration, or interfaces with a name and a level."""
        return any(sign.search(text.replace("\r", "")) for sign in _SIGNS)

    def masked(self, files: Mapping[str, str], fingerprint: Fingerprint) -> Mapping[str, str]:
        """The running configuration, line by line, so that a line's number stays the file's."""
        shown = next((text for text in files.values() if self.recognises(text)), None)
        return {} if shown is None else {DOCUMENT: mask(shown.replace("\r", ""), fingerprint)}

    def fetch(self, reader: Reader, fingerprint: Fingerprint) -> RunningConfig:
        """The running configuration. Raises DeviceError."""
        text = reader.show("show running-config", timeout=120.0).output
        documents = self.masked({DOCUMENT: text}, fingerprint)
        if not documents:
            raise DeviceError(reader.device, "import", UNPRIVILEGED)
        return RunningConfig(reader.device, "cisco_asa", tuple(
            RunningDocument(name, body) for name, body in documents.items()))

    def read(self, name: str, source: str, documents: Mapping[str, str]) -> SeenDevice:
        """A firewall; what it is called stands in its text."""
        return _Reading(name, source, documents.get(DOCUMENT, "")).device()


class _Reading:
    def __init__(self, name: str, source: str, text: str) -> None:
        self._name, self._source, self._text = name, source, text
        self._nodes = read_text(text)
        self._legs = legs_of(self._nodes)
        self._objects = objects_of(self._nodes, self._legs)
        self._bound = bindings(self._nodes)
        self._tables = lists(DOCUMENT, self._nodes, self._objects)
        self._outside, self._router = self._way_out()
        self._nat = statements(DOCUMENT, self._nodes, self._objects)
        self._rules = read_rules(self._tables, self._bound, self._nat, self._objects, self._outside)
        self._operators = read_operators(self._nodes)
        self._vpns = read_vpns(self._nodes, self._tables)
        self._found = Globals()
        self._used = self._names()
        self._remarked = self._remarks()

    def device(self) -> SeenDevice:
        """The firewall as its text shows it."""
        lines = [line for node in self._nodes for line in self._section(node)]
        secrets(self._found, self._nodes)
        found, rules = self._found, self._rules
        strange = sorted(leg.name for leg in self._legs.values() if leg.addresses and not _OURS.fullmatch(leg.name))
        version = _VERSION.search(self._text)
        return SeenDevice(
            name=self._name, shown_name=found.hostname or self._name, platform="cisco_asa", role="firewall",
            source=self._source, lines=tuple(lines), advice=(*gathered(found.advice), *self._advice()),
            version=version[1] if version else "",
            refused=f"its interfaces are called {', '.join(strange)}: this platform knows lanVLAN and wan0 (rename "
                    "them by a new nameif; `no nameif` would delete what names them)" if strange else "",
            vlans=tuple(self._vlans()), legs=tuple(self._seen_legs()), router=self._router, ntp=tuple(found.ntp),
            syslog=tuple(found.syslog), dns=tuple(found.dns), banner=tuple(found.banner),
            session_minutes=found.session_minutes, login_check=self._operators.logins, snmp=self._operators.snmp,
            logins=tuple(dict.fromkeys(prefix for prefix, _ in found.logins)) or None,
            openings=tuple(rules.openings), forwards=tuple(rules.forwards), vpns=tuple(self._vpns.found),
            netblocks=tuple(rules.blocks.items()),
            denied=rules.denied, secrets=tuple(found.secrets), called=tuple(self._called()))

    def _way_out(self) -> tuple[str, str]:
        """The outside and its router: by the default route, else by the name, else by a level of 0, where that is one
        interface. Others of that level lead outside as well."""
        for node in self._nodes:
            if (match := _DEFAULT.fullmatch(node.text)) and match[1] in self._legs and _is_address(match[2]):
                return match[1], match[2]
        low = [leg.name for leg in self._legs.values() if leg.level == 0 and not leg.aside]
        named = (name for name in self._legs if name.lower() in {"wan0", "outside"})
        return next(named, low[0] if len(low) == 1 else ""), ""

    def _seen_legs(self) -> Iterator[SeenLeg]:
        managed = {leg for _, leg in self._found.logins}
        for leg in sorted(self._legs.values(), key=lambda leg: leg.name != self._outside):
            four = next((text for text in leg.addresses if ":" not in text), "")
            if four and not leg.closed and not leg.line.text.startswith("interface Tunnel"):
                outside = self._leads_out(leg)
                yield SeenLeg(leg.name, 0 if outside else self._vlan(leg), four, leg.line,
                              next((text for text in leg.addresses if ":" in text), ""), leg.name,
                              management=leg.aside or leg.name in managed, outside=outside)

    def _leads_out(self, leg: Leg) -> bool:
        return leg.name == self._outside or (leg.level == 0 and not leg.aside and not _VLAN.fullmatch(leg.name))

    def _vlan(self, leg: Leg) -> int:
        node = next(node for node in self._nodes if node.number == leg.line.number)
        tags = [node.text.removeprefix("interface ").replace("Vlan", "vlan "), *(child.text for child in node.below)]
        found = _VLAN.fullmatch(leg.name) or next((match for text in tags if (match := _TAG.fullmatch(text))), None)
        number = int(found[1]) if found else 0
        return number if 1 <= number <= 4094 else 0

    def _vlans(self) -> Iterator[SeenVlan]:
        for leg in self._legs.values():
            vlan = 0 if self._leads_out(leg) else self._vlan(leg)
            if vlan and leg.addresses and not _OURS.fullmatch(leg.name):
                yield SeenVlan(vlan, leg.name, leg.line)

    def _called(self) -> Iterator[tuple[str, str]]:
        """What objects call single hosts."""
        for name, node in self._objects.networks.items():
            hosts = (child.text.removeprefix("host ") for child in node.below if child.text.startswith("host "))
            host = next(hosts, "")
            if _is_address(host) and not name.startswith(PREFIX) and name[:1].isalpha():
                yield host, name

    def _advice(self) -> Iterator[Advice]:
        rules = self._rules
        if rules.wide:
            yield Advice("a list permits anything to anywhere: nothing of it is taken over", tuple(rules.wide),
                         _PERIMETER, "high")
        if rules.spread:
            yield Advice("a list permits a port to any address: taken over for the Internet only, not towards "
                         "other segments", tuple(rules.spread), _PERIMETER, "medium")
        bare = tuple(leg.line for leg in self._legs.values()
                     if leg.name not in self._bound and leg.addresses and not leg.closed and not leg.aside)
        if bare:
            yield Advice("what enters by an interface is judged by no list, its security level decides", bare,
                         _PERIMETER, "high")
        if self._vpns.past:
            yield Advice("what comes by a VPN is judged by no list (sysopt connection permit-vpn)",
                         tuple(self._vpns.past), _PERIMETER, "medium")
        far = tuple(ref(node) for node in self._nodes if self._outside and node.text.startswith("ssh ")
                    and node.text.endswith(f" {self._outside}"))
        if far:
            yield Advice("logins are tried from the outside", far, ("firewall-admin-minimal",), "high")
        inner = {name for name, _ in self._bound.values()}
        yield from denials(((name, [(line, _verb(line)) for line in dict.fromkeys(rule.line for rule in table.rules)])
                            for name, table in self._tables.items() if name in inner), PREFIX)

    def _section(self, node: Node) -> list[SeenLine]:
        """A section with what becomes of its lines."""
        if node.text.startswith("interface "):
            return list(self._interface(node))
        if match := _LIST.fullmatch(node.text):
            return [self._entry(node, match)]
        if match := _NAMED.fullmatch(node.text):
            return list(self._object(node, match[1]))
        if node.text.startswith("nat "):
            return told(node, self._translated(node))
        if node.text.startswith("access-group "):
            known = any(line.number == node.number and leg in self._legs for leg, (_, line) in self._bound.items())
            return told(node, Fate.RECOGNISED if known else Fate.UNMANAGED)
        if match := _DEFAULT.fullmatch(node.text):
            return told(node, Fate.RECOGNISED if match[2] == self._router else Fate.UNMANAGED)
        said = self._vpns.known | self._operators.known
        if node.number in said:
            lines = read_global(self._found, node)
            return [SeenLine(line.line, Fate.RECOGNISED if line.line.number in said else Fate.UNMANAGED, line.within)
                    for line in lines]
        return read_global(self._found, node)

    def _interface(self, node: Node) -> Iterator[SeenLine]:
        """Addresses and VLANs are the definition's; where a wire is plugged in is not."""
        named = any(leg.line.number == node.number and leg.addresses for leg in self._legs.values())
        free = all(child.text in _FREE for child in node.below)
        fate = Fate.RECOGNISED if named else Fate.OWN if free else Fate.UNMANAGED
        yield SeenLine(ref(node), fate)
        for child in node.below:
            known = fate is not Fate.UNMANAGED and _ON_LEG.fullmatch(child.text)
            yield SeenLine(ref(child), fate if known else Fate.UNMANAGED, node.text,
                           "" if known else "interfaces stay as they are")

    def _entry(self, node: Node, match: re.Match[str]) -> SeenLine:
        """A line of a list; a remark is as good as the lines below it."""
        number = self._remarked.get(node.number, node.number)
        if match[1].startswith(PREFIX) or match[1] in self._vpns.lists or number in self._rules.known:
            return SeenLine(ref(node), Fate.RECOGNISED)
        stands = any(name == match[1] for name, _ in self._bound.values())
        return SeenLine(ref(node), Fate.UNMANAGED, f"access-list {match[1]}",
                        "on its interface a plan puts a list of ours in its place" if stands else "")

    def _object(self, node: Node, name: str) -> Iterator[SeenLine]:
        """An object is as good as the lines that use it; a translation in it speaks for itself."""
        fate = Fate.RECOGNISED if name in self._used else Fate.UNMANAGED
        yield SeenLine(ref(node), fate)
        for child in node.below:
            own = self._translated(child) if child.text.startswith("nat ") else fate
            if child.text.startswith("description "):
                own = Fate.OWN if "during name migration" in child.text else Fate.UNMANAGED
            yield SeenLine(ref(child), own, node.text)

    def _remarks(self) -> dict[int, int]:
        """Numbers of remarks to that of the line below, in the same list."""
        below: dict[str, int] = {}
        found: dict[int, int] = {}
        for node in reversed(self._nodes):
            if match := _LIST.fullmatch(node.text):
                if match[2] == "remark":
                    found[node.number] = below.get(match[1], 0)
                else:
                    below[match[1]] = node.number
        return found

    def _names(self) -> frozenset[str]:
        """Objects and groups that a line which is recognised uses, and what these hold."""
        held = {match[1]: node for node in self._nodes if (match := _NAMED.fullmatch(node.text))}
        open_names = [name for name in held if name.startswith(PREFIX)]
        for node in self._nodes:
            if node.text.startswith("access-list ") and node.number in self._rules.known:
                open_names += parts_of("extended " + node.text.partition(" extended ")[2])
            elif node.text.startswith("nat ") and self._translated(node) is Fate.RECOGNISED:
                open_names += node.text.split()
            elif any(child.text.startswith("nat ") and self._translated(child) is Fate.RECOGNISED
                     for child in node.below) and (match := _NAMED.fullmatch(node.text)):
                open_names.append(match[1])
        used: set[str] = set()
        while open_names:
            name = open_names.pop()
            if name in held and name not in used:
                used.add(name)
                open_names += [match[1] for child in held[name].below if (match := _WORD.fullmatch(child.text))]
        return frozenset(used)

    def _translated(self, node: Node) -> Fate:
        """A forward that is let in, what leads inside clients to it, and the senders that the definition lets out."""
        if node.number in self._rules.known or any(item.line.number == node.number for item in self._rules.forwards):
            return Fate.RECOGNISED
        item = next((item for item in self._nat if item.line.number == node.number), None)
        if item and self._vpns.lists and item.source == item.target and item.far_real == item.far_mapped != "any":
            return Fate.RECOGNISED
        if item is None or item.unread or not item.dynamic or item.mapped != self._outside:
            return Fate.UNMANAGED
        return Fate.RECOGNISED if not item.target or any(
            item.source == other.source for other in self._nat if other.line.number in self._rules.known) else \
            Fate.UNMANAGED


def _is_address(text: str) -> bool:
    try:
        return ip_address(text).version == 4
    except ValueError:
        return False


def _verb(line: LineRef) -> str:
    return re.sub(r"^access-list \S+ (?:line \d+ )?extended ", "", line.text)


ADOPTER = AsaAdopter()
