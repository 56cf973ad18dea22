"""Who runs a switch that runs already: servers that check logins, who polls, the secrets that this needs.

Source: fact sheet, "Management"; vendor's guide "SNMPv3 Configuration".
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from ipaddress import IPv4Address, IPv4Network

from punchdown.platforms.juniper_junos.policy_text import Statement, Text
from punchdown.platforms.juniper_junos.statements import whole
from punchdown.platforms.lines import PREFIX
from punchdown.values.adopted import SeenLogins, SeenServer, SeenSnmp
from punchdown.values.policy import LineRef

_METHODS = {"radius": ("radius", "radius-server"), "tacplus": ("tacacs", "tacplus-server")}
_USERS = ("snmp", "v3", "usm", "local-engine", "user")
_HASHES = {f"authentication-{word}": word for word in ("sha", "sha256", "sha512")}
_CIPHERS = {f"privacy-{word}": word for word in ("aes128", "aes256")}
_OWN_FILTER = ("firewall", "family", "inet", "filter", f"{PREFIX}management", "term")
_SECRETS = (
    (("access", "radius-server"), 2, "secret", "the key of the RADIUS server {}"),
    (("system", "radius-server"), 2, "secret", "the key of the RADIUS server {} that checks logins"),
    (("system", "tacplus-server"), 2, "secret", "the key of the TACACS+ server {}"),
    (_USERS, 5, "key", "the keys of the SNMPv3 user {}"),
    (("system", "ntp", "authentication-key"), 3, "value", "the NTP key {}"),
)


def address(word: str) -> str:
    """An IPv4 address as the definition writes it, empty for what is none."""
    with suppress(ValueError):
        return str(IPv4Address(word))
    return ""


def radius_servers(text: Text) -> Iterator[SeenServer]:
    """RADIUS servers for port access control, in the order in which a profile asks them. Source of what is not written:
    vendor's guide, "radius-server (Access)"."""
    asked = [one.words[5] for one in text.under("access", "profile")
             if one.words[3:5] == ("radius", "authentication-server") and len(one.words) == 6]
    listed: dict[str, list[Statement]] = {}
    for one in text.under("access", "radius-server"):
        if len(one.words) > 2 and address(one.words[2]):
            listed.setdefault(one.words[2], []).append(one)
    for name in sorted(listed, key=lambda item: asked.index(item) if item in asked else len(asked)):
        rows = {one.words[3]: one.words[4] for one in listed[name] if len(one.words) > 4}
        port, accounting, timeout, retries = (
            found if (found := whole(rows.get(word, ""))) >= 0 else usual
            for word, usual in (("port", 1812), ("accounting-port", 1813), ("timeout", 3), ("retry", 3)))
        yield SeenServer(f"radius-{name.rpartition('.')[2]}", name, port, accounting, timeout, retries,
                         listed[name][0].line, "secret" in rows)


def login_check(text: Text) -> SeenLogins | None:
    """The servers that are asked first, None where the switch asks its own accounts first."""
    order = [one for one in text.under("system", "authentication-order") if len(one.words) == 3]
    if not order or order[0].words[2] not in _METHODS:
        return None
    method, where = _METHODS[order[0].words[2]]
    servers = tuple(dict.fromkeys(found for one in text.under("system", where) if len(one.words) > 2
                                  and (found := address(one.words[2]))))
    reports = any(one.words[2:3] == ("events",) for one in text.under("system", "accounting"))
    return SeenLogins(method, servers, order[0].line, reports) if servers else None


def snmp(text: Text) -> SeenSnmp | None:
    """The first user of SNMPv3 with a hash and a cipher that a definition knows, and who asks or gets traps."""
    kinds: dict[str, dict[str, LineRef]] = {}
    for one in text.under(*_USERS):
        if len(one.words) > 6:
            kinds.setdefault(one.words[5], {})[one.words[6]] = one.line
    targets = [found for one in text.under("snmp", "v3", "target-address")
               if one.words[4:5] == ("address",) and len(one.words) == 6 and (found := address(one.words[5]))]
    asking = [found for one in text.under(*_OWN_FILTER, "SNMP")
              if one.words[7:9] == ("from", "source-address") and (found := _host(one.words[-1]))]
    for user, told in kinds.items():
        hashes, ciphers = [_HASHES[word] for word in told if word in _HASHES], [
            _CIPHERS[word] for word in told if word in _CIPHERS]
        if hashes and ciphers:
            return SeenSnmp(user, hashes[0], ciphers[0], tuple(dict.fromkeys((*targets, *asking))),
                            next(iter(told.values())), bool(targets))
    return None


def _host(prefix: str) -> str:
    with suppress(ValueError):
        network = IPv4Network(prefix)
        return str(network.network_address) if network.prefixlen == 32 else ""
    return ""


def changes_authorization(text: Text) -> bool:
    """Whether our filter lets RADIUS servers change what a port may do: the switch listens as soon as it has one."""
    return any(one.words[6].endswith("-coa") for one in text.under(*_OWN_FILTER) if len(one.words) > 6)


def secrets(text: Text) -> Iterator[tuple[str, LineRef]]:
    """What each secret is for, and its line."""
    seen: set[str] = set()
    for path, place, word, title in _SECRETS:
        for one in text.under(*path):
            if len(one.words) > place and word in one.words[place:] and (
                    what := title.format(one.words[place])) not in seen:
                seen.add(what)
                yield what, one.line
