"""The operational state of a firewall: what must be seen, and how it is read."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable

from punchdown.errors import DeviceError
from punchdown.intent import DeviceIntent, FirewallIntent
from punchdown.platforms.contract import Reader
from punchdown.platforms.linux import management
from punchdown.platforms.linux_nftables.masking import ADDRESSES, own_table, ruleset
from punchdown.platforms.linux_nftables.normalise import Block, blocks
from punchdown.platforms.linux_nftables.words import comment
from punchdown.values import Expectation, Observation

_BASE = re.compile(r"type filter hook (\w+) priority filter; policy (\w+);")


def expectations(intent: DeviceIntent) -> tuple[Expectation, ...]:
    """Facts of the packet filter, of forwarding, of its legs and port-forwards, and of the SSH server."""
    if intent.firewall is None:
        return ()
    source = intent.firewall.source
    return (
        Expectation("forwarding:ipv4", "1", "IPv4 is forwarded", source, "high"),
        Expectation("table", "present", "our table is loaded", source, "high"),
        Expectation("policy:forward", "drop", "what no policy opens is not forwarded", source, "high"),
        Expectation("policy:input", "drop", "the firewall itself admits only what is declared", source, "high"),
        Expectation("ct-helper", "none", "no helper rewrites signalling (SIP ALG)", source, "high"),
        *_legs_and_forwards(intent.firewall),
        *management.expectations(intent),
    )


def _legs_and_forwards(firewall: FirewallIntent) -> tuple[Expectation, ...]:
    legs = (Expectation(f"interface:{leg.name}:address", leg.address.partition("/")[0],
                        f"{leg.name} has the firewall's address in {leg.segment}", leg.source, "high")
            for leg in firewall.interfaces)
    forwards = (Expectation(f"forward:{item.name}", "translated and let in",
                            f"{item.public_address} leads to {item.name}", item.source)
                for item in firewall.forwards)
    return (*legs, *forwards)


def observe(reader: Reader, intent: DeviceIntent) -> Observation:
    """One fact per expectation key; what can't be read is absent and said so."""
    facts: dict[str, str] = {}
    errors: list[str] = []
    readers: list[Callable[[Reader], dict[str, str]]] = [_forwarding, _own, _helpers, management.observe]
    if firewall := intent.firewall:
        readers += [lambda reader: _legs(reader, firewall), lambda reader: _forwards(reader, firewall)]
    for read in readers:
        try:
            facts |= read(reader)
        except DeviceError as error:
            errors.append(error.message)
    wanted = {item.key for item in expectations(intent)}
    return Observation(intent.device, {key: facts[key] for key in sorted(facts) if key in wanted}, tuple(errors))


def _forwarding(reader: Reader) -> dict[str, str]:
    answer = reader.show("sysctl -n net.ipv4.ip_forward")
    if answer.code:
        raise DeviceError(reader.device, "observe", f"sysctl: {answer.error.strip()}")
    return {"forwarding:ipv4": answer.output.strip()}


def _own(reader: Reader) -> dict[str, str]:
    text = own_table(reader)
    if not text:
        return {"table": "absent", "policy:forward": "none", "policy:input": "none"}
    found = blocks((line, None) for line in text.splitlines())
    return {"table": "present", "policy:forward": _policy(found, "forward"), "policy:input": _policy(found, "input")}


def _policy(found: tuple[Block[None], ...], hook: str) -> str:
    for block in found:
        for line, _ in block.lines:
            base = _BASE.fullmatch(line)
            if base and base[1] == hook:
                return base[2]
    return "none"


def _helpers(reader: Reader) -> dict[str, str]:
    found = re.search(r"^\s*ct helper |ct helper set ", ruleset(reader), re.MULTILINE)
    return {"ct-helper": "present" if found else "none"}


def _legs(reader: Reader, firewall: FirewallIntent) -> dict[str, str]:
    """The wanted address where the interface has it, else those that it has."""
    answer = reader.show(ADDRESSES)
    if answer.code:
        raise DeviceError(reader.device, "observe", f"addresses: {answer.error.strip()}")
    own: defaultdict[str, list[str]] = defaultdict(list)
    for name, address in re.findall(r"^\d+: (\S+)\s+inet ([0-9.]+)", answer.output, re.MULTILINE):
        own[name].append(address)
    facts = {}
    for leg in firewall.interfaces:
        wanted, found = leg.address.partition("/")[0], own[leg.name]
        facts[f"interface:{leg.name}:address"] = wanted if wanted in found else ", ".join(found) or "none"
    return facts


def _forwards(reader: Reader, firewall: FirewallIntent) -> dict[str, str]:
    text = own_table(reader)
    facts = {}
    for item in firewall.forwards:
        lines = [line for line in text.splitlines() if f'comment "pf:{comment(item.name)}"' in line]
        done = [word for word, mark in (("translated", " dnat "), ("let in", " accept ")) if
                any(mark in line for line in lines)]
        facts[f"forward:{item.name}"] = " and ".join(done) or "absent"
    return facts
