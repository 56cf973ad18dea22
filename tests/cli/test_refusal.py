"""A definition that is wrong is told in every format, and what a hostile author writes into it orders nobody."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from punchdown.cli import main

EVIL = 'site: "\\u202e\\e[2J##[add-mask]a ##vso[task.setvariable variable=PATH]x"\n"::set-output name=x::y": 1\n'
NAME = "a\n::set-output name=x::y\x1b[2J\u202e.yml"


@pytest.fixture
def estate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "estate" / "sites").mkdir(parents=True)
    (tmp_path / "estate" / "punchdown.yml").write_text("estate: grand-hotels\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "estate"


@pytest.mark.parametrize("name", ["b.yml", NAME])
def test_a_wrong_definition_is_told_in_every_format(
    estate: Path, capsys: pytest.CaptureFixture[str], name: str,
) -> None:
    (estate / "sites" / name).write_text(EVIL)
    kinds = ("sarif", "junit", "markdown", "html", "prometheus")
    code = main(["check", "--no-cache", "-e", "estate", *(word for kind in kinds for word in ("-o", f"{kind}={kind}"))])
    assert code == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert "no name" in err
    told = {kind: Path(kind).read_text() for kind in kinds} | {"stderr": err}
    for kind, text in told.items():
        assert not {"\x1b", "\u202e"} & set(text), kind
        assert "##[" not in text, kind
        assert "##vso[" not in text, kind
        assert not [line for line in text.splitlines() if line.lstrip().startswith("::")], kind
    (run,) = json.loads(told["sarif"])["runs"]
    places = {result["ruleId"]: result["locations"][0]["physicalLocation"] for result in run["results"]}
    assert places["PD1101"]["region"] == {"startLine": 2, "startColumn": 1}
    assert places["PD1101"]["artifactLocation"]["uri"].startswith("estate/sites/")
    assert len(list(ElementTree.fromstring(told["junit"]).iter("error"))) == 1
    assert "PD1111" in told["markdown"]
    assert "PD1111" in told["html"]
    assert 'punchdown_exit_code{estate="estate",verb="check"} 1.0' in told["prometheus"]


def test_templates_and_platforms_beside_the_estate_are_not_looked_at(
    estate: Path, capsys: pytest.CaptureFixture[str],
) -> None:
    (estate / "sites" / "porto.yml").write_text(
        "site: porto\nsegments: {management: {vlan: 199, prefix: 10.1.99.0/24, zone: management}}\n"
        "devices: {sw-1: {role: access-switch, platform: cisco_ios, management: 10.1.99.2}}\n")
    assert main(["render", "-e", "estate"]) == 0
    before = capsys.readouterr().out
    for folder in ("", "estate"):
        for name in ("templates/cisco_ios/vlans.j2", "templates/cisco_ios/management.j2", "punchdown/__init__.py",
                     "sitecustomize.py", "platforms/cisco_ios/__init__.py"):
            path = Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("evil{{ 7 * 7 }}\n")
    assert main(["render", "-e", "estate"]) == 0
    assert capsys.readouterr().out == before
