"""Who the firewall itself answers: what each interface allows, narrowed by the trusted hosts of all accounts.

One account without trusted hosts opens logins to everybody. Source: fact sheet, "Admin access".
"""

from __future__ import annotations

from collections.abc import Iterator

from punchdown.platforms.fortinet_fortios.capabilities import DOCUMENT, TRUSTED_HOSTS
from punchdown.platforms.fortinet_fortios.policy_objects import Ranges, UnknownError, network
from punchdown.platforms.fortinet_fortios.tree import ANY4, Node
from punchdown.values.policy import At, Field, LineRef, Match, Place, Rule, Verdict

_LOGINS = {"ssh": ("admin-ssh-port", 22), "https": ("admin-sport", 443), "http": ("admin-port", 80),
           "telnet": ("admin-telnet-port", 23)}
_OTHERS = {"snmp": (17, 161), "fgfm": (6, 541), "radius-acct": (17, 1813), "probe-response": (6, 8008),
           "fabric": (6, 8013), "ftm": (6, 4433), "capwap": (17, 5246)}


def local_rules(root: Node) -> Iterator[Rule]:
    """What is accepted, interface by interface; rules of ``local-in-policy`` are not followed."""
    for table in ("firewall local-in-policy", "firewall local-in-policy6"):
        for name, node in root.entries(table).items():
            yield Rule((), Verdict.ACCEPT, LineRef(DOCUMENT, node.number, f"edit {name}"), unread="local-in-policy",
                       end_known=False)
    trusted = _trusted(root)
    globals_ = root.at("config system global")
    for name, node in root.entries("system interface").items():
        for family, place in ((0, node), (1, node.at("config ipv6"))):
            setting = place.settings.get("ip6-allowaccess" if family else "allowaccess")
            if setting is None:
                continue
            line = LineRef(DOCUMENT, setting.number, f"set {'ip6-' * family}allowaccess {' '.join(setting.values)}")
            here = (At(Place.IN, (name,)), Match(Field.FAMILY, ((family, family),)))
            for word in setting.values:
                yield from _accepted(word, here, line, globals_, trusted if not family else None)


def _accepted(word: str, here: tuple[At | Match, ...], line: LineRef, globals_: Node,
              trusted: Ranges | None) -> Iterator[Rule]:
    senders = (Match(Field.SOURCE, trusted),) if trusted else ()
    if word == "ping":
        v6 = any(isinstance(item, Match) and item.ranges == ((1, 1),) for item in here)
        number, kind = (58, 128) if v6 else (1, 8)
        yield Rule((*here, Match(Field.PROTOCOL, ((number, number),)), Match(Field.ICMP_TYPE, ((kind, kind),))),
                   Verdict.ACCEPT, line)
    elif word in _LOGINS:
        name, usual = _LOGINS[word]
        text = globals_.value(name, str(usual))
        port = int(text) if text.isdigit() and int(text) < 65536 else usual
        yield Rule((*here, *senders, Match(Field.PROTOCOL, ((6, 6),)), Match(Field.DESTINATION_PORT, ((port, port),))),
                   Verdict.ACCEPT, line)
    elif word in _OTHERS:
        number, port = _OTHERS[word]
        yield Rule((*here, Match(Field.PROTOCOL, ((number, number),)), Match(Field.DESTINATION_PORT, ((port, port),))),
                   Verdict.ACCEPT, line)
    else:
        yield Rule(here, Verdict.ACCEPT, line, unread=word)


def _trusted(root: Node) -> Ranges | None:
    """The union of all accounts' trusted hosts; None where somebody may come from anywhere."""
    found: list[tuple[int, int]] = []
    for node in root.entries("system admin").values():
        own = []
        for number in range(1, TRUSTED_HOSTS + 1):
            words = node.values(f"trusthost{number}")
            try:
                own += [network(words, 4)] if words and words != ANY4 else []
            except UnknownError:
                return None
        if not own:
            return None
        found += own
    return tuple(found) or None
