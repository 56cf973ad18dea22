"""The operational state of a firewall: what must be seen, and how it is read."""

from __future__ import annotations

import re
from collections.abc import Callable

from punchdown.errors import DeviceError
from punchdown.intent import DeviceIntent
from punchdown.platforms.contract import Reader
from punchdown.platforms.linux import management
from punchdown.platforms.linux_nftables.masking import own_table, ruleset
from punchdown.platforms.linux_nftables.normalise import Block, blocks
from punchdown.values import Expectation, Observation

_BASE = re.compile(r"type filter hook (\w+) priority filter; policy (\w+);")


def expectations(intent: DeviceIntent) -> tuple[Expectation, ...]:
    """Facts of the packet filter, of forwarding, and of the SSH server."""
    if intent.firewall is None:
        return ()
    source = intent.firewall.source
    return (
        Expectation("forwarding:ipv4", "1", "IPv4 is forwarded", source, "high"),
        Expectation("table", "present", "our table is loaded", source, "high"),
        Expectation("policy:forward", "drop", "what no policy opens is not forwarded", source, "high"),
        Expectation("policy:input", "drop", "the firewall itself admits only what is declared", source, "high"),
        Expectation("ct-helper", "none", "no helper rewrites signalling (SIP ALG)", source, "high"),
        *management.expectations(intent),
    )


def observe(reader: Reader, intent: DeviceIntent) -> Observation:
    """One fact per expectation key; what can't be read is absent and said so."""
    facts: dict[str, str] = {}
    errors: list[str] = []
    readers: tuple[Callable[[Reader], dict[str, str]], ...] = (_forwarding, _own, _helpers, management.observe)
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
