"""From looks to pages, by the verbs themselves; no device is touched."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from punchdown.cli import main
from punchdown.pipeline import remember
from punchdown.values import DeviceReport, Finding, Report, Severity

ROOT = Path(__file__).parents[2]


@pytest.fixture
def ground(tmp_path: Path) -> list[str]:
    """A copy of the shipped estate and an operator's folder of its own, as options."""
    shutil.copytree(ROOT / "inventory", tmp_path / "estate")
    (tmp_path / "operator").mkdir()
    return ["-e", str(tmp_path / "estate"), "--operator", str(tmp_path / "operator")]


def test_looks_become_pages(ground: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    operator, out = tmp_path / "operator", tmp_path / "public"
    finding = Finding("0" * 12, "fw-1", "drift", Severity.HIGH, "missing: ntp server", "the clock goes wrong")
    row = DeviceReport("fw-1", "lisbon", "linux_nftables", "firewall", "different", (finding,))
    kept = remember(Report("drift", "grand-hotels", "2026-03-02T04:05:06Z", (row,)), operator, None, "ana")
    assert (kept.new, kept.gone, kept.warnings) == (("0" * 12,), (), ())
    assert remember(kept, operator, None, "ana").new == ()
    assert main(["audit", "--as-of", "2026-03-02", *ground, "-o", f"json={tmp_path / 'audit.json'}"]) == 2
    capsys.readouterr()
    assert main(["report", "-s", "lisbon", "--out", str(out), *ground]) == 0
    assert f"open {out / 'index.html'}" in capsys.readouterr().err
    assert "missing: ntp server" in (out / "devices" / "lisbon.fw-1.html").read_text()
    assert "the last audit found" in (out / "index.html").read_text()
    missing = {item["id"] for site in json.loads((tmp_path / "audit.json").read_text())["audit"]["sites"]
               for item in site["results"] if item["state"] == "missing" and site["site"] == "lisbon"}
    assert "missing" in (out / "controls" / f"{min(missing)}.html").read_text()


def test_a_look_that_can_not_be_kept_is_a_warning(tmp_path: Path) -> None:
    row = DeviceReport("fw-1", "lisbon", "linux_nftables", "firewall", "in-order")
    report = Report("drift", "grand-hotels", "2026-03-02T04:05:06Z", (row,))
    (warning,) = remember(report, tmp_path / "nobody", None, "ana").warnings
    assert warning.title == "audits and later reports will not know of this drift"


def test_rules_of_the_estate_and_the_bound_of_the_pipeline(
    ground: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str],
) -> None:
    plain = ["audit", "--as-of", "2026-03-02", *ground]
    assert [main([*plain, "--fail-on", bound]) for bound in ("low", "high", "never")] == [2, 2, 0]
    head = tmp_path / "estate" / "punchdown.yml"
    head.write_text(head.read_text() + "ignore:\n  - {site: '*-*', reason: pilot sites, until: 2999-12-31}\n"
                                       "  - {device: lisbon, reason: pilot, until: 2999-12-31}\n")
    capsys.readouterr()
    assert main([*plain, "-s", "lisbon", "-o", "json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["devices"][0]["status"] == "in-order"
    assert {item["reason"] for item in report["ignored"]} == {"pilot"}
    head.write_text(head.read_text().replace("reason: pilot,", "reason: pilot, why: no"))
    assert main([*plain, "-s", "lisbon"]) == 1
    assert "why" in capsys.readouterr().err


def test_another_folder_is_never_written_into(ground: list[str], tmp_path: Path,
                                              capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", "--out", str(tmp_path / "estate"), *ground]) == 1
    assert "holds something that is no report" in capsys.readouterr().err
