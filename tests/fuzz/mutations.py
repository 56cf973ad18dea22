"""What fuzzers feed to the loader, and what must never come out of it."""

from __future__ import annotations

import json
from pathlib import Path

from punchdown.compiler import compile_estate
from punchdown.errors import InputError
from punchdown.loader import read_estate
from punchdown.model.diagnostics import Diagnostic

HERE = Path(__file__).parents[1] / "errors" / "estate"
BASE = (HERE / "profiles" / "base.yml").read_text(encoding="utf-8")
TOKENS = ("<<", "*a", "&a", "!!int", "? ", "- ", "{", "}", "[", "]", ": ", "\n", "  ", "#", "'", '"', "---\n", "0",
          "no", "null", "~", "10:20:30", "2026-01-01", "-1", "999999999999", "1e9", "10.20.20.0/24", "<secret:x>",
          "phones", "mivb-1", "smdr@mivb-1", "any", "wan", "unused", "1-1024", "\u202e", "\x00", "\ufeff", "é")
"""Pieces that mean something somewhere."""


def check_text(folder: Path, text: str | bytes) -> tuple[Diagnostic, ...]:
    """Load and compile one site; what was said about it, each with a code and a file.

    Raises:
        AssertionError: something was said without a code or a place.
    """
    data = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    (folder / "sites").mkdir(parents=True, exist_ok=True)
    (folder / "profiles").mkdir(exist_ok=True)
    (folder / "punchdown.yml").write_text("estate: fuzz\n")
    (folder / "profiles" / "base.yml").write_text(BASE)
    (folder / "sites" / "lisbon.yml").write_bytes(data)
    try:
        estate, found = read_estate(folder)
        sites = compile_estate(estate, found)
    except InputError as error:
        told = error.diagnostics
    else:
        told = (*found, *(item for site in sites.values() for item in site.diagnostics))
    for item in told:
        assert isinstance(item, Diagnostic)
        assert item.code.startswith("PD")
        assert item.position.file
        assert item.position.line >= 1
        assert str(item).isprintable() or all(char.isprintable() or char == "\n" for char in str(item)), item
    return tuple(item for item in told if isinstance(item, Diagnostic))


def as_yaml(data: object) -> str:
    """Plain data as a file; JSON is YAML."""
    return json.dumps(data)
