"""``prove`` from one end to the other on the example site; no device is asked."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from punchdown.cli import main

ESTATE = Path(__file__).parents[2] / "inventory"
NFT = "fw-1/etc_nftables.d_50-punchdown.nft"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]):
    """One command line on the example estate: exit code, standard output, error output."""
    def call(*arguments: str) -> tuple[int, str, str]:
        code = main(["prove", "-e", str(ESTATE), "-s", "lisbon", *arguments])
        told = capsys.readouterr()
        return code, told.out, told.err
    return call


def test_all_proved_is_told_in_a_few_lines(run) -> None:
    code, out, _ = run("--rendered")
    assert code == 0
    assert "declared flows: 47 of 47 proved" in out
    assert "refuted" not in out
    assert len(out.splitlines()) < 20


def test_a_question_is_answered_with_a_packet_its_way_and_the_line_with_its_origin(run) -> None:
    code, out, _ = run("--rendered", "--query", "tcp 10.20.32.0/22 -> mivb-1:1752")
    assert code == 2
    assert "no: tcp 10.20.32." in out
    assert "x fw-1 from lan130 to lan110  dropped" in out
    assert "meta l4proto tcp reject with tcp reset" in out
    assert "inventory/sites/lisbon.yml:" in out
    assert run("--rendered", "--query", "tcp smdr-taker -> mivb-1:1752")[0] == 0


@pytest.mark.parametrize(("question", "words"), [
    ("tcp office mivb-1", "not a question"), ("quic office -> mivb-1", "no protocol"),
    ("tcp office -> mivb-1:70000", "ports run from 0 to 65535"), ("tcp nowhere -> mivb-1", "no host, segment"),
])
def test_questions_that_can_not_be_read_say_why(run, question: str, words: str) -> None:
    code, _, error = run("--rendered", "--query", question)
    assert code == 1
    assert words in error


def test_json_holds_every_claim_and_html_the_picture(run, tmp_path: Path) -> None:
    page = tmp_path / "proof.html"
    code, out, _ = run("--rendered", "-o", "json", "-o", f"html={page}")
    assert code == 0
    (proof,) = json.loads(out)["proofs"]["proofs"]
    assert {claim["kind"] for claim in proof["claims"]} == {"flow", "rest", "spoofed", "unused"}
    assert {claim["answer"] for claim in proof["claims"]} == {"proved"}
    text = page.read_text()
    assert "From zone" in text
    assert "anything else" in text
    assert "<script src" not in text


def test_what_changes_between_two_renderings(run, tmp_path: Path) -> None:
    folder = tmp_path / "built"
    assert main(["render", "-e", str(ESTATE), "-s", "lisbon", "--out", str(folder)]) == 0
    rules = folder / NFT
    rules.write_text("".join(line for line in rules.read_text().splitlines(keepends=True)
                             if "tcp dport 1753 accept" not in line))
    code, out, _ = run("--diff", "rendered", str(folder))
    assert code == 2
    assert "10.20.40.20 can't open TCP 1753 on mivb-1 any more" in out
    code, out, _ = run("--diff", str(folder), "rendered")
    assert code == 2
    assert "10.20.40.20 can open TCP 1753 on mivb-1" in out
    code, out, _ = run("--diff", "rendered", "rendered")
    assert code == 0
    assert "both sides are judged by this one definition" in out


def test_each_side_is_judged_by_its_own_definition(run, tmp_path: Path) -> None:
    """VLANs and a prefix have other numbers than before, and one flow that was missing is there: that alone is new."""
    older, folder = tmp_path / "older", tmp_path / "built"
    shutil.copytree(ESTATE, older)
    site = older / "sites" / "lisbon.yml"
    site.write_text(site.read_text().replace("vlan: 120", "vlan: 121").replace("vlan: 110", "vlan: 111").replace(
        "vlan: 130, prefix: 10.20.32.0/24", "vlan: 131, prefix: 10.20.33.0/24").replace("10.20.32.1", "10.20.33.1"))
    assert main(["render", "-e", str(older), "-s", "lisbon", "--out", str(folder)]) == 0
    rules = folder / NFT
    rules.write_text("".join(line for line in rules.read_text().splitlines(keepends=True)
                             if "tcp dport 1753 accept" not in line))
    code, out, _ = run("--diff", str(folder), "rendered", "--was", str(older))
    assert code == 2
    assert "10.20.40.20 can open TCP 1753 on mivb-1" in out
    assert "1 claim refuted" in out
    assert "not asked" not in out
    assert "there is no --diff" in run("--was", str(older))[2]


def test_an_empty_folder_is_refused(run, tmp_path: Path) -> None:
    code, _, error = run("--diff", "rendered", str(tmp_path))
    assert code == 1
    assert "holds no configuration" in error


def test_diff_goes_alone(run) -> None:
    code, _, error = run("--diff", "rendered", "rendered", "--query", "tcp a -> b")
    assert code == 1
    assert "--diff compares two states by itself" in error
