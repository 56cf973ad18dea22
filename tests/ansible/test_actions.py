"""One engine call, one right result per host: under every strategy, in check mode, with loops and errors."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .conftest import HOSTS, Play

VERBS = ("check", "render", "plan", "apply", "verify", "drift")


def task(verb: str, *more: str) -> str:
    """One task, with further lines of YAML."""
    return "".join(f"{line}\n" for line in (f"    - punchdown.site.{verb}:", *(f"      {line}" for line in more)))


@pytest.mark.parametrize("head", ["", "  strategy: free\n", "  serial: 1\n", "  strategy: host_pinned\n"],
                         ids=["linear", "free", "serial", "host_pinned"])
def test_one_call_and_every_host_has_its_own_result(play: Play, head: str) -> None:
    played = play(task("apply"), "--diff", head=head)
    assert played.calls == [["apply", sorted(HOSTS)]]
    for host in HOSTS:
        stats = played.stats[host]
        assert (stats["changed"], stats["failures"]) == (int("changed" in host), int("failed" in host)), host
    assert played.code == 2
    assert played.results["sw-changed-2"]["diff"]["prepared"].splitlines()[1] == "    + hostname sw-changed-2"
    assert "diff" not in played.results["sw-same-1"]
    assert played.results["sw-failed-1"]["msg"] == "sw-failed-1: connect: no answer"


def test_every_verb_makes_one_call(play: Play, tmp_path: Path) -> None:
    verbs = sorted(VERBS, key=lambda verb: verb == "verify")  # a host that failed is asked nothing more
    played = play("".join(map(task, verbs)), "--limit", "sw-same-1,sw-changed-1")
    assert played.calls == [[verb, ["sw-changed-1", "sw-same-1"]] for verb in verbs]
    assert played.stats["sw-same-1"]["failures"] == 0
    told = [json.loads(line) for line in (tmp_path / "results").read_text().splitlines()]
    results = {verb: line["result"] for verb, line in zip(
        verbs, (line for line in told if line.get("host") == "sw-changed-1"), strict=True)}
    assert [verb for verb, result in results.items() if result["changed"]] == ["plan", "apply", "drift"]
    assert played.stats["sw-changed-1"]["failures"] == 1


def test_apply_takes_the_pace_of_a_campaign(play: Play, tmp_path: Path) -> None:
    assert play(task("apply"), "--limit", "sw-same-1").code == 0
    usual = json.loads((tmp_path / "calls.pace").read_text())
    assert usual == {"batch": 0, "max_failures": 0, "canary": None, "any_time": False, "accept": []}
    given = "accept: [continuity, counts]", "batch: 5", "canary: false", "max_failures: 3", "any_time: true"
    played = play(task("apply", *(f"  {line}" for line in given)), "--limit", "sw-same-1",
                  PUNCHDOWN_STORE="postgresql://ops@db/punchdown")
    assert played.code == 0, played.text
    assert (tmp_path / "calls.store").read_text() == "postgresql://ops@db/punchdown"
    assert json.loads((tmp_path / "calls.pace").read_text()) == {
        "batch": 5, "max_failures": 3, "canary": False, "any_time": True, "accept": ["continuity", "counts"]}
    assert "accept" in play(task("apply", "  accept: [everything]"), "--limit", "sw-same-1").text


def test_findings_count_as_on_the_command_line(play: Play, tmp_path: Path) -> None:
    for name, until in (("left", "2026-01-01"), ("ended", "2025-12-31")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "punchdown.yml").write_text(
            f"estate: x\nignore: [{{title: '* has no name', reason: known, until: {until}}}]\n")
    told = "register: told", "ignore_errors: true"
    asked = [("drift", "  fail_on: high"), ("verify", "  fail_on: never"), ("verify", "  estate: left"),
             ("verify", "  estate: ended"), ("drift", "  notify: true\n        operator: /home/me/ops")]
    fates = [(True, "different"), (False, "different"), (False, "in-order"), (True, "different"), (False, "different")]
    tasks = [task(verb, option, *told) + "    - ansible.builtin.assert:\n        that: "
             f"told.failed == {fails} and told.status == '{status}'\n"
             for (verb, option), (fails, status) in zip(asked, fates, strict=True)]
    played = play("".join(tasks), "--limit", "sw-changed-1")
    assert played.code == 0, played.text
    assert "a rule to ignore ended on 2025-12-31: known" in played.text
    assert [json.loads(line) for line in (tmp_path / "calls.told").read_text().splitlines()] == [
        ["drift", "/home/me/ops"]]
    assert "the webhook ops was not told: it answered 404" in played.text


def test_check_mode_plans_and_never_applies(play: Play) -> None:
    played = play(task("apply"), "--check", "--diff", "--limit", "sw-changed-*")
    assert [verb for verb, _devices in played.calls] == ["plan"]
    assert played.stats["sw-changed-1"]["changed"] == 1
    assert "+ hostname sw-changed-1" in played.text


def test_no_diff_unless_asked(play: Play) -> None:
    assert "+ hostname" not in play(task("apply"), "--limit", "sw-changed-*").text


def test_render_gives_each_host_its_own_text(play: Play) -> None:
    played = play(task("render", "register: made") + "    - ansible.builtin.assert:\n        that: "
                  "made.config.c == 'hostname ' ~ inventory_hostname ~ '\\n'\n")
    assert played.code == 0, played.text


def test_a_failed_host_is_left_out(play: Play) -> None:
    played = play("    - ansible.builtin.fail:\n      when: inventory_hostname == 'sw-changed-1'\n" + task("apply"))
    assert played.calls == [["apply", sorted(set(HOSTS) - {"sw-changed-1"})]]


def test_devices_narrow_the_call(play: Play) -> None:
    played = play(task("apply", "  devices: [sw-changed-1]"))
    assert played.calls == [["apply", ["sw-changed-1"]]]
    assert played.stats["sw-changed-2"]["skipped"] == 1
    assert played.stats["sw-changed-1"]["changed"] == 1


def test_when_on_apply_is_refused_before_anything_happens(play: Play) -> None:
    played = play(task("apply", "when: inventory_hostname == 'sw-same-1'"))
    assert played.calls == []
    assert "can't narrow apply" in played.text


def test_a_loop_calls_once_per_turn(play: Play) -> None:
    played = play(task("plan", "loop: [1, 2]"), "--limit", "sw-same-1,sw-changed-1")
    assert [verb for verb, _devices in played.calls] == ["plan", "plan"]


def test_two_tasks_are_two_calls(play: Play) -> None:
    played = play(task("plan") + task("plan"), "--limit", "sw-same-1,sw-changed-1")
    assert len(played.calls) == 2


def test_a_wrong_definition_fails_every_host_after_one_call(play: Play) -> None:
    played = play(task("plan"), PUNCHDOWN_TEST_ERROR="1")
    assert len(played.calls) == 1
    assert all(stats["failures"] == 1 for stats in played.stats.values())
    assert "sites/x.yml:1:1: \\\\x1b[31mwrong" in played.text


def test_an_unknown_argument_is_refused(play: Play) -> None:
    played = play(task("plan", "  estat: here"))
    assert played.calls == []
    assert "estat" in played.text
    assert played.code != 0
