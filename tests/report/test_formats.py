"""Markdown, JUnit and SARIF: what a pipeline reads is complete, stable, and shows device text without obeying it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from sarif_pydantic import Sarif

from punchdown.report import printable, proofs_report, to_junit, to_markdown, to_sarif
from punchdown.report.audit_markdown import literal
from punchdown.report.markdown import escape
from punchdown.values import DeviceReport, Position, Proofs, Report
from tests.report.conftest import ACCESS, CORE, EVIL


def test_sarif_names_the_line_of_the_device_and_of_the_definition(report: Report) -> None:
    log = json.loads(to_sarif(report))
    Sarif.model_validate(log)
    (run,) = log["runs"]
    assert log["version"] == "2.1.0"
    assert {rule["id"] for rule in run["tool"]["driver"]["rules"]} == {result["ruleId"] for result in run["results"]}
    (off,) = [result for result in run["results"] if result["ruleId"] == "dot1x-every-port"]
    (place,) = off["locations"]
    assert off["level"] == "error"
    assert place["physicalLocation"] == {
        "artifactLocation": {"uri": "inventory/sites/lisbon.yml", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 61, "startColumn": 13}}
    assert place["logicalLocations"][0]["fullyQualifiedName"].startswith(
        "lisbon/sw-acc-1/running-config/interface GigabitEthernet1/0/7")
    assert off["partialFingerprints"] == {"punchdownFinding/v1": ACCESS.findings[0].id}


def test_sarif_fingerprints_survive_the_run(report: Report) -> None:
    def prints(told: Report) -> list[str]:
        (run,) = json.loads(to_sarif(told))["runs"]
        return [result["partialFingerprints"]["punchdownFinding/v1"] for result in run["results"]]

    assert prints(replace(report, generated="2030-01-01T00:00:00Z")) == prints(report)
    assert len(set(prints(report))) == len(prints(report)) == 5


def test_code_scanning_gets_what_it_asks_for(report: Report) -> None:
    """https://docs.github.com/en/code-security/reference/code-scanning/sarif-files/sarif-support"""
    coded = replace(report.warnings[0], title="PD1603: Segments of two sites overlap")
    failing = replace(report, warnings=(coded, replace(coded, title="no place", position=Position(""))), devices=(
        *report.devices, replace(ACCESS, device="sw-9", findings=(
            replace(ACCESS.findings[0], controls=("acl-smdr",), position=Position("/far/a b.yml", 3, 1)),))))
    (run,) = json.loads(to_sarif(failing, "inventory/punchdown.yml"))["runs"]
    rules = {rule["id"]: rule for rule in run["tool"]["driver"]["rules"]}
    assert {"acl-smdr", "PD1603", "drift", "drift/failed"} < rules.keys()
    for rule in rules.values():
        for text in ("shortDescription", "fullDescription", "help"):
            assert rule[text]["text"]
        assert float(rule["properties"]["security-severity"]) > 0
        assert "security" in rule["properties"]["tags"]
    assert rules["PD1603"]["shortDescription"]["text"] == "Segments of two sites overlap"
    assert "how it is met" in rules["acl-smdr"]["help"]["text"].lower()
    uris = set()
    for result in run["results"]:
        place = result["locations"][0]["physicalLocation"]
        uris.add(place["artifactLocation"]["uri"])
        assert place["region"]["startLine"] >= 1
        assert ("uriBaseId" in place["artifactLocation"]) is not place["artifactLocation"]["uri"].startswith("file:")
    assert uris == {"inventory/punchdown.yml", "inventory/sites/lisbon.yml", "file:///far/a%20b.yml"}
    assert run["automationDetails"]["id"] == "punchdown/drift/"
    assert run["invocations"] == [{"executionSuccessful": False}]


def test_of_more_than_code_scanning_takes_the_worst_is_told(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("punchdown.report.sarif.MOST", 3)
    (run,) = json.loads(to_sarif(report))["runs"]
    assert [result["level"] for result in run["results"]] == ["error", "error", "warning"]
    assert run["properties"] == {"leftOut": 2}


def test_sarif_of_nothing_is_valid(report: Report) -> None:
    (run,) = json.loads(to_sarif(replace(report, devices=(CORE,), warnings=())))["runs"]
    assert run["results"] == []


def test_junit_counts_what_failed(report: Report) -> None:
    root = ElementTree.fromstring(to_junit(report))
    estate, site = root.findall("testsuite")
    assert (estate.get("name"), estate.get("tests")) == ("grand-hotels", "1")
    assert [site.get(name) for name in ("name", "tests", "failures", "errors")] == ["lisbon", "5", "3", "1"]
    cases = {case.get("name"): case for case in site}
    assert list(cases["sw-core-1"]) == []
    assert "authentication port-control auto" in (cases["sw-acc-1"].findtext("failure") or "")
    error = cases["radius-1"].find("error")
    assert error is not None
    assert "no answer" in (error.get("message") or "")


JENKINS: dict[str, tuple[set[str], set[str], set[str]]] = {
    "testsuites": ({"name"}, {"time", "tests", "failures", "errors"}, {"testsuite"}),
    "testsuite": ({"name", "tests", "failures", "errors"}, {"time", "skipped", "timestamp", "hostname", "id"},
                  {"testcase", "properties", "system-out", "system-err"}),
    "testcase": ({"name", "classname"}, {"time"}, {"skipped", "error", "failure", "system-out", "system-err"}),
    **dict.fromkeys(("skipped", "error", "failure"), (set(), {"type", "message"}, set())),
    "system-out": (set(), set(), set())}
"""Element to what it must have, may have beside that, and holds, as junit-10.xsd of Jenkins' xUnit plug-in asks."""


@pytest.mark.parametrize("what", ["drift", "failed", "skipped", "nothing", "prove"])
def test_junit_is_what_jenkins_reads(report: Report, what: str) -> None:
    skipped = DeviceReport("sw-9", "lisbon", "cisco_ios", "access-switch", "skipped", error="an earlier device failed")
    proofs = proofs_report(Proofs("grand-hotels", report.generated, (), {"sw-1\x00\ufffe": "no answer\x1b"}))
    told = {"failed": replace(report, devices=report.devices[2:3]), "skipped": replace(report, devices=(skipped,)),
            "nothing": replace(report, devices=(), warnings=()), "prove": proofs}.get(what, report)
    root = ElementTree.fromstring(to_junit(told))
    for node in root.iter():
        must, may, holds = JENKINS[node.tag]
        assert must <= node.attrib.keys() <= must | may, node.tag
        assert {child.tag for child in node} <= holds
        assert node.tag not in {"testsuite", "testcase"} or node.get("name")
    for suite in root:
        assert suite.get("timestamp") == "2026-03-02T04:05:06"
        counts = [len(list(suite.iter(tag))) for tag in ("testcase", "failure", "error", "skipped")]
        assert [suite.get(key) for key in ("tests", "failures", "errors", "skipped")] == [str(item) for item in counts]


def test_markdown_folds_what_matters_and_is_short_when_nothing_does(report: Report) -> None:
    text = to_markdown(report)
    assert text.count("<details>") == 4
    assert "sw-core-1" not in text
    assert "+     ip saddr 10.20.40.15 tcp dport 1752 accept" in text
    quiet = to_markdown(replace(report, devices=(CORE,), warnings=()))
    assert len(quiet.splitlines()) == 5
    assert "1 device\\: 1 in order" in quiet


def test_markdown_stays_within_the_limit_and_says_what_it_left_out(report: Report) -> None:
    many = tuple(replace(ACCESS, device=f"sw-{number}", findings=tuple(
        replace(item, title=f"{item.title} {number}") for item in ACCESS.findings)) for number in range(200))
    text = to_markdown(replace(report, devices=many), limit=8000)
    assert len(text) < 8000
    shown = text.count("<details>")
    assert f"{200 - shown} more devices" in text


@pytest.mark.parametrize("what", ["warnings", "groups", "lines", "error"])
def test_no_part_of_it_makes_markdown_too_long_or_empty(report: Report, what: str) -> None:
    found = tuple(replace(ACCESS.findings[1], id=f"{number:012}", title=f"fault {number} {'<' * 2000}")
                  for number in range(500))
    rows = {"groups": tuple(replace(ACCESS, device=f"sw-{number}", findings=found) for number in range(4)),
            "lines": (replace(ACCESS, findings=found, change=None),),
            "error": (replace(ACCESS, status="failed", findings=(), change=None, error="no answer " * 20_000),)}
    told = replace(report, kind="drift", devices=rows.get(what, report.devices),
                   warnings=found if what == "warnings" else ())
    text = to_markdown(told)
    assert 500 < len(text) < 60_000
    assert ("no answer" if what == "error" else "fault 0") in text
    assert what == "error" or re.search(r"\*?4\d\d more (warnings|faults of several devices|lines)", text)


@pytest.mark.parametrize("order", [
    "##[add-mask]a", "x ##[group]", "##vso[task.setvariable variable=PATH]/tmp", "##teamcity[x]",
    "::set-output name=x::y", "  ::stop-commands::t", "::ADD-MASK::x"])
def test_orders_to_a_runner_are_shown_and_not_obeyed(order: str) -> None:
    assert re.search(r"##\w*\[|^\s*::\w", printable(order)) is None
    assert printable(order).replace("\\x23", "#").replace("\\x3a", ":") == order


@pytest.mark.parametrize("text", ["::/0", "2001:db8::1", "::ffff:10.0.0.1", "## a heading", "a::b"])
def test_addresses_and_headings_are_no_orders(text: str) -> None:
    assert printable(text) == text


@pytest.mark.parametrize("name", [
    "@everyone", "#7", "org/app#7", "https://evil.example/x", "www.evil.example", "a@b.example",
    "!7", "$5", "&8", "~bug", '%"1.0"', "^alert"])
def test_a_forge_finds_no_name_number_or_address(report: Report, name: str) -> None:
    """A forge looks for them in the text that Markdown has become, where no backslash is left."""
    evil = replace(ACCESS.findings[1], title=name)
    text = to_markdown(replace(report, devices=(replace(ACCESS, device=name, findings=(evil,)),),
                               warnings=(replace(report.warnings[0], title=name),), estate=name))
    blocks = MarkdownIt("gfm-like", {"linkify": False}).parse(text)
    shown = [token for block in blocks for token in (block, *(block.children or ()))]
    assert not [token for token in shown if token.type == "link_open"]
    read = "".join(token.content for block in blocks for token in (block.children or ()) if token.type == "text")
    folds = "".join(token.content for token in shown if token.type.startswith("html"))
    assert name not in read
    assert name not in folds
    assert "\u200b" in read


def test_no_dollar_begins_a_formula(report: Report) -> None:
    evil = "$\\huge x$ and $$y$$"
    row = replace(ACCESS, device=evil, findings=(replace(ACCESS.findings[1], title=evil, line="", meaning=""),))
    warnings = (replace(report.warnings[0], title=evil),)
    text = to_markdown(replace(report, devices=(row,), estate=evil, warnings=warnings))
    folded = re.sub(r"```diff.*?```", "", text, flags=re.DOTALL)
    assert "$" not in folded
    assert "$" not in literal(evil)
    assert "$\\huge x$" in MarkdownIt().render(text)


@pytest.mark.parametrize("write", [to_markdown, to_junit, to_sarif])
def test_hostile_text_stays_text(report: Report, write: object) -> None:
    text = write(report)  # type: ignore[operator]
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_hostile_text_makes_no_markup_of_a_comment(report: Report) -> None:
    evil = "`````\n</details><img src=x onerror=alert(1)> @everyone [x](javascript:1)"
    device = replace(ACCESS, findings=(replace(ACCESS.findings[1], line=evil + EVIL, title=evil),))
    warnings = (replace(report.warnings[0], title=evil),)
    text = to_markdown(replace(report, devices=(device,), warnings=warnings, estate=evil))
    tokens = [token for block in MarkdownIt().parse(text) for token in (block, *(block.children or ()))]
    assert not [token for token in tokens if token.type in {"link_open", "image"}]
    markup = "".join(token.content for token in tokens if token.type in {"html_block", "html_inline"})
    assert set(re.findall(r"</?(\w+)", markup)) == {"details", "summary", "b", "sub"}
    assert "onerror" not in markup


@given(st.text())
@example("    indented")
@example("1. a list")
@example("http://evil.example/ &amp;")
@example("===")
def test_any_text_is_one_plain_paragraph(text: str) -> None:
    blocks = MarkdownIt("gfm-like", {"linkify": False}).parse(escape(text))
    kinds = {child.type for block in blocks for child in (block.children or ())}
    assert kinds <= {"text", "text_special"}
    assert {block.type for block in blocks} <= {"paragraph_open", "inline", "paragraph_close"}


def test_a_skipped_device_is_skipped(report: Report) -> None:
    device = DeviceReport("sw-9", "lisbon", "cisco_ios", "access-switch", "skipped", error="an earlier device failed")
    (site,) = ElementTree.fromstring(to_junit(replace(report, devices=(device,), warnings=()))).findall("testsuite")
    assert site.get("skipped") == "1"
