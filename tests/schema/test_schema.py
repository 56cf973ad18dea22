"""The schemas are fresh, valid, take what ships and refuse what the models refuse."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from punchdown.cli import main
from punchdown.loader.files import Files
from punchdown.schema import KINDS, make_schema, schema_text

ROOT = Path(__file__).parents[2]
FILES = {"estate": "punchdown.yml", "profile": "profiles/*.yml", "site": "sites/*.yml"}
ESTATES = sorted({path.parent for folder in ("inventory", "tests/errors/estate")
                  for path in (ROOT / folder).rglob("punchdown.yml")})
SHIPPED = [(kind, path) for estate in ESTATES for kind, glob in FILES.items() for path in sorted(estate.glob(glob))]


@pytest.mark.parametrize("kind", KINDS)
def test_fresh(kind: str) -> None:
    """Mended by ``make schemas``."""
    assert (ROOT / "schemas" / f"{kind}.schema.json").read_text(encoding="utf-8") == schema_text(kind)


@pytest.mark.parametrize("kind", KINDS)
def test_valid(kind: str) -> None:
    Draft202012Validator.check_schema(make_schema(kind))


@pytest.mark.parametrize(("kind", "path"), SHIPPED, ids=lambda item: str(getattr(item, "stem", item)))
def test_what_ships_is_taken(kind: str, path: Path) -> None:
    assert told(kind, path) == []


def told(kind: str, path: Path) -> list[str]:
    """What the schema says against a file."""
    root = next(folder for folder in path.parents if (folder / "punchdown.yml").is_file())
    data, _places = Files(root).read(path)
    validator = Draft202012Validator(make_schema(kind))
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(data)]


WRONG = {
    "unknown key": {"hosts": {"mbg-1": {"hairpn": True}}},
    "unknown platform": {"devices": {"sw-1": {"platform": "cisco_iso"}}},
    "vlan as a word": {"segments": {"phones": {"vlan": "no"}}},
    "vlan out of range": {"segments": {"phones": {"vlan": 4095}}},
    "zone": {"segments": {"phones": {"zone": "vioce"}}},
    "newline in a text": {"description": "Lisbon\nno shutdown"},
    "no MAC address": {"endpoints": {"room-101": {"mac": "08:00"}}},
    "not service@host": {"hosts": {"crm": {"uses": ["smdr"]}}},
    "an entry of a list without its key": {"flows": [{"from": "office", "to": "mbg-1"}]},
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_refused(name: str) -> None:
    validator = Draft202012Validator(make_schema("site"))
    assert validator.is_valid({"site": "lisbon"})
    assert not validator.is_valid({"site": "lisbon", **WRONG[name]})


def test_short_forms() -> None:
    validator = Draft202012Validator(make_schema("site"))
    assert validator.is_valid({"site": "lisbon", "devices": {"sw-1": {"ports": {"1-4": "phone-and-pc", "5": {
        "role": "mivb-1", "description": "the PBX"}}}}, "hosts": {"mbg-1": {"expose": ["sip-tls", {
            "service": "media", "from": "any"}]}}})


def _properties(node: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(node, dict):
        for key, item in node.get("properties", {}).items():
            yield f"{path}.{key}", item
            yield from _properties(item, f"{path}.{key}")
        for key in ("$defs", "patternProperties"):
            for name, item in node.get(key, {}).items():
                yield from _properties(item, f"{path}/{name}")


@pytest.mark.parametrize("kind", FILES)
def test_every_key_is_described(kind: str) -> None:
    bare = [path for path, item in _properties(make_schema(kind)) if not (item.get("description") or "$ref" in item)]
    assert bare == []


def test_units_stand_beside_their_keys() -> None:
    known = dict(_properties(make_schema("site")))
    assert known["/ManagementPlane.session_timeout_minutes"]["x-unit"] == "minutes"
    assert known["/Dot1x.reauth_seconds"]["x-unit"] == "seconds"


def test_services_complete() -> None:
    uses = dict(_properties(make_schema("site")))["/Host.uses"]["items"]
    assert "smdr@" in uses["examples"]
    assert {"label": "smdr@host", "body": "smdr@$1"} in uses["defaultSnippets"]


@pytest.mark.parametrize("kind", KINDS)
def test_the_verb_prints_one(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", kind]) == 0
    assert capsys.readouterr().out == schema_text(kind)


def test_the_verb_writes_all(tmp_path: Path) -> None:
    assert main(["schema", "--out", str(tmp_path / "schemas")]) == 0
    assert sorted(path.name for path in (tmp_path / "schemas").iterdir()) == [
        f"{kind}.schema.json" for kind in sorted(KINDS)]
