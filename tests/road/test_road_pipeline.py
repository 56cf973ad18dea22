"""The plain pipeline, stage by stage, on the lab: what a team's runner does after a merge and every night."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.road.conftest import ROOT, SPEED, Road

PIPELINE = ROOT / "docs" / "pipelines" / "pipeline.sh"


def stage(road: Road, name: str, artifacts: Path, estate: Path | None = None) -> subprocess.CompletedProcess[str]:
    """One stage, as a runner calls it."""
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    done = subprocess.run(
        [PIPELINE, name], capture_output=True, text=True, timeout=300, check=False, cwd=road.output,
        env={"PATH": path, "HOME": str(road.output), "ESTATE": str(estate or road.estate),
             "ARTIFACTS": str(artifacts), "OPERATOR": str(road.lab_dir / "operator"),
             "PUNCHDOWN_TIMER": str(120 * SPEED), "NO_COLOR": "1"})
    with (road.output / "printed.txt").open("a") as file:
        file.write(done.stdout + done.stderr)
    return done


def test_every_stage(applied: Road, tmp_path: Path) -> None:
    artifacts = tmp_path / "artifacts"
    done = stage(applied, "check", artifacts, ROOT / "inventory")
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert (artifacts / "rendered" / "fw-1").is_dir()
    applied.on("fw-1", "nft", "add", "rule", "inet", "punchdown", "from_inside", "tcp", "dport", "1752", "accept")
    assert stage(applied, "drift", artifacts).returncode == 2
    assert "1752" in (artifacts / "drift.md").read_text()
    page = artifacts / "report" / "devices" / "lisbon.fw-1.html"
    assert "1752" in page.read_text()
    planned = stage(applied, "plan", artifacts)
    assert planned.returncode == 2, planned.stderr
    assert "<b>fw-1</b> different" in (artifacts / "plan.md").read_text()
    done = stage(applied, "apply", artifacts)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert stage(applied, "drift", artifacts).returncode == 0
    assert "Nothing is wrong here" in page.read_text()
    assert {path.name for path in artifacts.iterdir()} == {
        "apply.json", "apply.xml", "check.sarif", "check.xml", "drift.html", "drift.md", "drift.sarif", "events.jsonl",
        "plan.html", "plan.md", "rendered", "report", "site.plan", "verify.xml"}
    assert '"step": "confirm"' in (artifacts / "events.jsonl").read_text()


def test_a_plan_that_the_devices_have_left_behind_is_refused(applied: Road, tmp_path: Path) -> None:
    artifacts = tmp_path / "artifacts"
    applied.on("fw-1", "nft", "add", "rule", "inet", "punchdown", "from_inside", "tcp", "dport", "1752", "accept")
    assert stage(applied, "plan", artifacts).returncode == 2
    applied.on("fw-1", "nft", "add", "rule", "inet", "punchdown", "from_inside", "tcp", "dport", "1753", "accept")
    refused = stage(applied, "apply", artifacts)
    assert refused.returncode == 1
    assert "fw-1" in refused.stderr
    assert (artifacts / "report" / "index.html").is_file()
    applied.repair("fw-1")


def test_an_unknown_stage_says_what_there_is(applied: Road, tmp_path: Path) -> None:
    done = stage(applied, "deploy", tmp_path)
    assert done.returncode == 1
    assert "punchdown-pipeline drift" in done.stderr
