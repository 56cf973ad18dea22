"""What code scanning shows of a rule: a control of the guideline, a code of the definition, or a verb."""

from __future__ import annotations

from sarif_pydantic import Level, Message, ReportingConfiguration, ReportingDescriptor

from punchdown.catalog.controls import controls, papers
from punchdown.model.codes import find_code
from punchdown.report.printable import printable
from punchdown.values import Severity

LEVELS = {Severity.HIGH: Level.ERROR, Severity.MEDIUM: Level.WARNING, Severity.LOW: Level.NOTE,
          Severity.UNKNOWN: Level.WARNING}
SCORES = {Severity.HIGH: "8.0", Severity.MEDIUM: "5.0", Severity.LOW: "2.0"}
"""GitHub's ``security-severity``: from 7.0 on high, from 4.0 on medium."""
_KINDS = {
    "check": "The definition has a fault", "drift": "A device left the definition",
    "verify": "A device does not do what the definition asks", "prove": "Something gets through, or does not",
    "audit": "A control of the guideline is not met", "plan": "A device would be changed",
    "apply": "A device was not changed as planned", "rollback": "A device was not brought back as planned"}


def rule_of(name: str) -> ReportingDescriptor:
    """The rule of a name: every text that code scanning asks for is there."""
    if (control := controls().get(name)) is not None:
        severity = Severity(control.severity)
        source = f"{papers().get(control.paper, control.paper)}, {control.section}"
        return _rule(name, control.title, control.asks, f"{control.asks}\n\nSource: {source}\n"
                     f"How it is met here: punchdown explain --control {name}", severity)
    if (code := find_code(name)) is not None:
        return _rule(name, code.title, code.why, f"{code.why}\n\nExpected: {code.expected}\n"
                     f"Wrong and right beside each other: punchdown explain {name}",
                     Severity.HIGH if code.severity == "error" else Severity.LOW)
    verb, _, status = name.partition("/")
    title = f"{_KINDS.get(verb, verb)}{f': {status}' if status else ''}"
    return _rule(name, title, title, f"{title}. More: punchdown {verb} --help", Severity.MEDIUM)


def _rule(name: str, title: str, full: str, text: str, severity: Severity) -> ReportingDescriptor:
    return ReportingDescriptor(
        id=printable(name), name=printable(name), short_description=Message(text=printable(title)),
        full_description=Message(text=printable(full)),
        help=Message(text="\n".join(map(printable, text.split("\n")))),
        default_configuration=ReportingConfiguration(level=LEVELS[severity].value),
        properties={"tags": ["security", "voice"], "security-severity": SCORES[severity]})
