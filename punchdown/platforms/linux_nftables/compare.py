"""Intended table against the listed one, block by block; the remediation is the whole table in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from punchdown.intent import DeviceIntent
from punchdown.platforms.linux import change_of_documents, compare_lines, management
from punchdown.platforms.linux_nftables import meaning
from punchdown.platforms.linux_nftables.capabilities import BOOT_FILE, FOREIGN, FORWARDING, RULES
from punchdown.platforms.linux_nftables.normalise import Block, blocks
from punchdown.values import (
    Change,
    ConfigLine,
    Difference,
    Document,
    IntendedConfig,
    Provenance,
    RunningConfig,
    Verdict,
)

BOOT_MEANING = "after a restart the firewall would start with other rules than declared"


def compare(intent: DeviceIntent, intended: IntendedConfig, running: RunningConfig,
            fingerprint: Mapping[str, str]) -> Change:
    """Differences of table, boot file, forwarding and management plane, and the documents to push."""
    found: list[Difference] = []
    for document in intended.documents:
        if document.name == RULES:
            found += _table(intent, document, running.text(RULES)) or _boot(document, running.text(BOOT_FILE))
        elif document.name == FORWARDING:
            found += compare_lines(document, running.text(FORWARDING), forwarding_line, fingerprint=fingerprint)
    found += management.differences(intended, running)
    risk, why = _risk(found)
    unmanaged = tuple(running.text(FOREIGN).splitlines())
    return change_of_documents(intended, running, tuple(found), unmanaged=unmanaged, risk=risk, risk_why=why)


def forwarding_line(line: str) -> str:
    """A line of sysctl.d in comparable words."""
    name, _, value = line.partition("=")
    return "" if not name.strip() or name.lstrip().startswith(("#", ";")) else f"{name.strip()} = {value.strip()}"


def _table(intent: DeviceIntent, document: Document, listed: str) -> list[Difference]:
    wanted = blocks((line.text, line.source) for line in document.lines)
    found = {block.heading: block for block in blocks((line, Provenance()) for line in listed.splitlines())}
    differences: list[Difference] = []
    for block in wanted:
        differences += _block(intent, block, found.pop(block.heading, Block(block.heading, ())))
    for block in found.values():
        differences += _block(intent, Block(block.heading, ()), block)
    return differences


def _block(intent: DeviceIntent, wanted: Block[Provenance], found: Block[Provenance]) -> list[Difference]:
    lines = tuple(ConfigLine(text, source) for text, source in wanted.in_order())
    listed = "\n".join(text for text, _ in found.in_order())
    raw = compare_lines(Document(RULES, lines), listed, str)
    return [_explained(intent, wanted.heading, item) for item in raw]


def _explained(intent: DeviceIntent, heading: str, item: Difference) -> Difference:
    source = item.source if item.source != Provenance() else intent.source
    words = meaning.of_line(intent.firewall, heading, item.line, item.verdict) if intent.firewall else ""
    return replace(item, path=(heading,), source=source, meaning=words,
                   severity=meaning.severity(heading, item.line, item.verdict))


def _boot(document: Document, stored: str) -> list[Difference]:
    """The file that a restart loads, judged only when the live table is in order: one push repairs both."""
    wanted = blocks((line.text, 0) for line in document.lines)
    if wanted == blocks((line, 0) for line in stored.splitlines()):
        return []
    source = document.lines[0].source if document.lines else Provenance()
    return [Difference(Verdict.MISSING, RULES, (), f"the declared rules in {RULES}", source, BOOT_MEANING)]


def _risk(differences: list[Difference]) -> tuple[str, str]:
    documents = {item.document for item in differences}
    if management.SSHD in documents:
        return "high", "the SSH server carries the management session"
    if any(item.path == ("chain input",) for item in differences):
        return "high", "the input chain carries the management session"
    if RULES in documents:
        return "medium", "one transaction replaces our table; running connections are judged again by the new rules"
    return "low", ""
