"""Control characters, command fragments and references to secrets, in every place that takes a text."""

from __future__ import annotations

import pytest

from punchdown.model.estate import EstateFile
from punchdown.model.site import Site

from .leaves import leaves, takes

HOSTILE = {
    "line break": "x\nno shutdown", "carriage return": "x\rno shutdown", "null": "x\x00", "escape": "\x1b[2J",
    "bell": "x\x07", "delete": "x\x7f", "vertical tab": "x\x0b", "next line": "x\x85", "line separator": "x\u2028y",
    "right to left": "x\u202ey", "zero width": "x\u200by", "end of a comment": "x ! end", "next command": "x; reload",
    "pipe": "x | redirect", "shell": "$(reboot)", "backtick": "`reboot`", "redirection": "x > /etc/passwd",
    "quote": 'x" reload', "backslash": "x\\ny", "question mark": "x ?", "hash": "x # y", "template": "{{ 7 * 7 }}",
    "statement": "{% for %}", "secret": "<secret:radius-sw-1>", "tag": "<script>", "long": "x" * 100_000,
}
LEAVES = dict([*leaves(Site), *leaves(EstateFile)])
TEXTS = sorted(LEAVES)


@pytest.mark.parametrize("path", TEXTS)
def test_refused_everywhere(path: str) -> None:
    taken = [name for name, text in HOSTILE.items() if takes(LEAVES[path], text)]
    assert taken == []


@pytest.mark.parametrize("path", [path for path in TEXTS if "address" in path or "prefix" in path])
def test_no_number_is_an_address(path: str) -> None:
    assert not any(takes(LEAVES[path], value) for value in (True, 1.5, b"\x0a\x14\x0a\x0a"))


def test_the_walk_finds_keys_lists_and_nested_models() -> None:
    found = set(LEAVES)
    assert {"Site.description", "Site.segments{key}", "Site.hosts{}.uses[]", "Site.devices{}.ports{key}",
            "Site.firewall.netblocks{key}", "Site.management.banner[]", "EstateFile.estate"} <= found
    assert len(found) > 150


