"""``show configuration`` in braces as ``set`` statements, each on the line on which it ends.

So a statement's number stays that of the saved file. ``inactive:`` becomes ``deactivate``; what stands in front of or
behind the configuration (prompts, the command itself) is left out. Source: vendor's guide "CLI User Guide for Junos
OS", sections on the text format and on comments.
"""

from __future__ import annotations

import re

_TOKEN = re.compile(r"/\*.{0,1000}?\*/|#[^\n]*|\"(?:[^\"\\\n]|\\[^\n])*\"?|[{};\[\]\n]|[^\s{};\[\]\"]+", re.DOTALL)
_TOPS = ("version|groups|apply-groups|system|chassis|security|interfaces|snmp|forwarding-options|event-options"
         "|routing-options|protocols|policy-options|class-of-service|firewall|access|ethernet-switching-options"
         "|switch-options|virtual-chassis|vlans|poe|multi-chassis|access-profile|applications|routing-instances")
_TOP = re.compile(rf"(?:(?:inactive|protect): )?(?:{_TOPS})\b[^;{{}}\n]*[;{{]")
_TAGS = {"inactive:": "deactivate", "protect:": "", "active:": "", "replace:": ""}


def is_curly(text: str) -> bool:
    """Whether a text holds a configuration in braces."""
    return any(_TOP.match(line) and line.rstrip().endswith("{") for line in text.split("\n"))


def flat(text: str) -> str:
    """The text as statements, line for line; a line that ends none is empty. Two that end on one line go to that one
    and the next that is free.

    >>> print(flat("system {\\n    host-name ex-1;\\n    inactive: services {\\n        ssh;\\n    }\\n}"))
    <BLANKLINE>
    set system host-name ex-1
    deactivate system services
    set system services ssh
    <BLANKLINE>
    <BLANKLINE>
    """
    lines = text.split("\n")
    start = next((number for number, line in enumerate(lines) if _TOP.match(line)), len(lines))
    found: list[str] = [""] * start
    path: list[list[str]] = []
    words: list[str] = []
    number = start

    def tell(verb: str, end: list[str]) -> None:
        while len(found) < number:
            found.append("")
        found.append(" ".join((verb, *(word for level in path for word in level), *end)))

    for part in _TOKEN.findall("\n".join(lines[start:])):
        if part == "\n":
            number += 1
        elif part.startswith(("/*", "#")):
            number += part.count("\n")
        elif part in {"{", ";"}:
            verb = next((_TAGS[word] for word in words if word in _TAGS), "")
            rest = [word for word in words if word not in _TAGS]
            words = []
            if verb:
                tell(verb, rest)
            if part == "{":
                path.append(rest)
            elif rest and not verb:
                tell("set", rest)
        elif part == "}":
            words = []
            if not path:
                break
            path.pop()
        else:
            words.append(part)
    return "\n".join([*found, *("" for _ in range(len(lines) - len(found)))])
