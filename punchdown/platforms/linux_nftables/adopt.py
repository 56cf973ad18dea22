"""A Linux gateway that runs already, read into the words from which a definition is written.

What is saved of it: ``nft list ruleset`` (or a file for ``nft -f``), and ``ip -o -4 address show``, which tells the
prefixes. Interfaces are known by VLAN: ``lan120``, ``eth0.120``, ``vlan120``; the outside is ``wan0``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from ipaddress import IPv4Interface, ip_network

from punchdown.platforms.contract import Fingerprint, Reader
from punchdown.platforms.linux_nftables.capabilities import RULES
from punchdown.platforms.linux_nftables.masking import ADDRESSES, LIST_ALL
from punchdown.platforms.linux_nftables.normalise import OWN_TABLE
from punchdown.platforms.linux_nftables.policy_draft import Surroundings
from punchdown.platforms.linux_nftables.policy_rules import read_rule
from punchdown.platforms.linux_nftables.policy_text import Chain, Ruleset, Statement, Table, read
from punchdown.platforms.openings import openings, prefixes, ranges
from punchdown.values import RunningConfig, RunningDocument
from punchdown.values.adopted import DENIES, Advice, Fate, Forward, Opening, SeenDevice, SeenLeg, SeenLine, SeenVlan
from punchdown.values.policy import At, Field, LineRef, Place, Rule, Verdict

_TABLE = re.compile(r"^\s*(?:add )?table (?:(?:ip|ip6|inet) )?[\w-]+ \{", re.MULTILINE)
_ADDRESS = re.compile(r"^\d+: (?P<name>[\w.-]+)(?:@\S+)? +inet (?P<address>\d+\.\d+\.\d+\.\d+/\d+)", re.MULTILINE)
_VLAN = re.compile(r"(?:lan|vlan|[a-z]+\d*[a-z0-9]*\.)(\d{1,4})")
_OURS = re.compile(r"lan\d{1,4}|wan0|lo")
_SENDERS = re.compile(r'iifname "(?P<name>[\w.]+)" ip saddr != (?P<prefix>\d+\.\d+\.\d+\.\d+/\d+) drop')
_SEGMENT = re.compile(r'iifname "lan(?P<vlan>\d{1,4})" ip saddr != .*comment "spoof:(?P<name>[a-z0-9-]+)"')
_LOGIN = re.compile(r'iifname "(?P<name>[\w.]+)" ip saddr (?P<who>\{[^}]*\}|\S+) tcp dport 22 accept')
_FORWARD = re.compile(r'iifname (?P<where>"[^"]*"|\{[^}]*\}|\S+) (?:ip saddr @(?P<list>\S+) )?'
                      r"(?:ip daddr (?P<public>\d+\.\d+\.\d+\.\d+) )?(?P<protocol>tcp|udp) dport "
                      r"(?P<ports>\d+(?:-\d+)?) dnat (?:ip )?to (?P<host>\d+\.\d+\.\d+\.\d+)(?::(?P<port>\d+))?(?= |$)")
_DENIED = re.compile(r'iifname "wan0" ip saddr @netblock_(?P<name>\w+)_4 drop')
_NAMED = re.compile(r'comment "pol:[^:]*: (?P<client>[a-z0-9-]+) to (?P<server>[a-z0-9-]+): ')
_CUSTOMARY = re.compile(r'ct state .*|iif(?:name)? "?lo"? accept|(?:counter )?(?:accept|drop|reject.*)')


class NftablesAdopter:
    """See :class:`punchdown.platforms.adoption.Adopter`."""

    def recognises(self, text: str) -> bool:
        """A table of nft's."""
        return _TABLE.search(text) is not None and "chain " in text

    def masked(self, files: Mapping[str, str], fingerprint: Fingerprint) -> Mapping[str, str]:
        """The ruleset and the addresses; no secret stands in either, and nothing else is kept."""
        del fingerprint
        found: dict[str, str] = {}
        for text in files.values():
            if self.recognises(text):
                found[RULES] = found.get(RULES, "") + text.replace("\r", "")
            elif _ADDRESS.search(text):
                found[ADDRESSES] = text
        return found

    def fetch(self, reader: Reader, fingerprint: Fingerprint) -> RunningConfig:
        """The whole ruleset and the addresses. Raises DeviceError."""
        texts = {name: reader.show(command).output for name, command in ((RULES, LIST_ALL), (ADDRESSES, ADDRESSES))}
        documents = self.masked(texts, fingerprint)
        return RunningConfig(reader.device, "linux_nftables", tuple(
            RunningDocument(name, text) for name, text in documents.items()))

    def read(self, name: str, source: str, documents: Mapping[str, str]) -> SeenDevice:
        """A gateway."""
        return _Reading(name, source, documents.get(RULES, ""), documents.get(ADDRESSES, "")).device()


class _Reading:
    def __init__(self, name: str, source: str, text: str, addresses: str) -> None:
        self._name, self._source, self._text = name, source, text
        self._rules: Ruleset = read(RULES, text)
        self._addresses = {found["name"]: found["address"] for found in _ADDRESS.finditer(addresses)}
        self._openings: list[Opening] = []
        self._forwards: list[Forward] = []
        self._lines: list[SeenLine] = []
        self._advice: list[Advice] = []
        self._called: dict[str, str] = {}
        self._denials: list[LineRef] = []

    def device(self) -> SeenDevice:
        """The gateway as its ruleset shows it."""
        for table in self._rules.tables.values():
            for chain in table.chains.values():
                self._chain(table, chain)
        legs = tuple(self._legs())
        strange = sorted(leg.name for leg in legs if not _OURS.fullmatch(leg.name))
        refused = "" if legs else "nothing tells its interfaces: save `ip -o -4 address show` beside its ruleset"
        if strange:
            refused = f"its interfaces are called {', '.join(strange)}: this platform knows lanVLAN and wan0"
        if self._denials:
            self._advice.append(Advice(DENIES, tuple(self._denials), (), "medium"))
        logins = tuple(self._logins())
        return SeenDevice(
            name=self._name, shown_name=self._name, platform="linux_nftables", role="firewall", source=self._source,
            lines=tuple(self._lines), advice=tuple(self._advice), refused=refused, legs=legs,
            vlans=tuple(self._vlans()), logins=logins or None,
            openings=tuple(self._openings), forwards=tuple(self._forwards), netblocks=tuple(self._netblocks()),
            denied=next((_dashed(found["name"]) for found in _DENIED.finditer(self._text)), ""),
            called=tuple(self._called.items()))

    def _chain(self, table: Table, chain: Chain) -> None:
        ours = f"table {table.family} {table.name}" == OWN_TABLE
        self._lines.append(SeenLine(chain.line, Fate.RECOGNISED))
        if chain.hook in {"forward", "input"} and chain.kind == "filter" and chain.policy != "drop" and \
                not table.dormant and chain.priority == 0:
            self._advice.append(Advice(f"what no rule names is let in ({chain.hook})", (chain.hooked or chain.line,),
                                       ("firewall-admin-minimal",) if chain.hook == "input" else (), "high"))
        for statement in chain.rules:
            known = self._rule(table, chain, statement)
            self._lines.append(SeenLine(statement.line, Fate.RECOGNISED if ours or known else Fate.UNMANAGED,
                                        chain.line.text, "" if ours else "tables of others stay as they are"))

    def _rule(self, table: Table, chain: Chain, statement: Statement) -> bool:
        """Keep what one rule opens or forwards; whether a definition can say it."""
        text = " ".join(statement.line.text.split())
        if chain.kind == "nat":
            return self._forward(statement.line, text)
        if chain.hook and chain.hook != "forward":
            return _CUSTOMARY.fullmatch(text) is not None or _LOGIN.search(text) is not None
        rules, _ = read_rule(statement, Surroundings(chain, table.sets, frozenset()))
        if any(rule.end in {Verdict.DROP, Verdict.REJECT} and (ranges(rule, Field.SOURCE) or ranges(
                rule, Field.DESTINATION)) for rule in rules):
            self._denials.append(statement.line)
        before = len(self._openings)
        for rule in rules:
            self._openings += openings(rule, chain.name, outward=_leads_out(rule))
        if len(rules) == 1 and (named := _NAMED.search(text)):
            self._names(rules[0], named)
        return len(self._openings) > before or _CUSTOMARY.fullmatch(text) is not None

    def _names(self, rule: Rule, named: re.Match[str]) -> None:
        for field, name in ((Field.SOURCE, named["client"]), (Field.DESTINATION, named["server"])):
            (prefix, *more) = prefixes(rule, field) or ("",)
            if prefix.endswith("/32") and not more:
                self._called.setdefault(prefix.removesuffix("/32"), name)

    def _forward(self, line: LineRef, text: str) -> bool:
        found = _FORWARD.search(text)
        if not found:
            return _CUSTOMARY.fullmatch(text) is not None
        first, _, last = found["ports"].partition("-")
        same = found["port"] in {None, first}
        allow = _dashed(re.sub(r"^netblock_(\w+)_4$", r"\1", found["list"])) if found["list"] else ""
        if same and int(last or first) < 65536:
            self._forwards.append(Forward(found["public"] or "", found["protocol"], int(first), int(last or first),
                                          found["host"], allow, "wan0" not in found["where"], line))
        return same

    def _legs(self) -> Iterator[SeenLeg]:
        """Interfaces by their addresses; without these, by the prefixes that ours lets send, whose first one the
        gateway has."""
        managed = {found["name"] for found in _LOGIN.finditer(self._text)}
        known = dict(self._addresses)
        for found in _SENDERS.finditer(self._text):
            network = ip_network(found["prefix"], strict=False)
            known.setdefault(found["name"], f"{network.network_address + 1}/{network.prefixlen}")
        for name, address in sorted(known.items()):
            vlan = _VLAN.fullmatch(name)
            if name != "lo" and (vlan or name == "wan0" or name in self._addresses):
                yield SeenLeg(name, int(vlan[1]) if vlan else 0, str(IPv4Interface(address)),
                              LineRef(ADDRESSES, 0, f"{name} {address}"), management=name in managed,
                              outside=name == "wan0")

    def _vlans(self) -> Iterator[SeenVlan]:
        """What our own remarks call the segments."""
        for found in _SEGMENT.finditer(self._text):
            yield SeenVlan(int(found["vlan"]), found["name"], LineRef(RULES, 0, found[0]))

    def _logins(self) -> Iterator[str]:
        for found in _LOGIN.finditer(self._text):
            for word in found["who"].strip("{} ").split(","):
                yield str(ip_network(word.strip(), strict=False))

    def _netblocks(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        for table in self._rules.tables.values():
            for name, item in table.sets.items():
                if match := re.fullmatch(r"netblock_(\w+)_4", name):
                    yield _dashed(match[1]), tuple(words[0] for words in item.elements if words)


def _dashed(name: str) -> str:
    return name.replace("_", "-")


def _leads_out(rule: Rule) -> bool:
    return any(isinstance(item, At) and item.place is Place.OUT and item.names == ("wan0",) and not item.negated
               for item in rule.matches)


ADOPTER = NftablesAdopter()
