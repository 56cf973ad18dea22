"""Each verb: what it hands to the pipeline, what it prints, how it exits."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path

import pytest

from punchdown.cli import main
from punchdown.cli.app import VERBS
from punchdown.errors import ConnectError, InputError, StateError
from punchdown.pipeline import Selection
from punchdown.values import Plan, from_json, to_json

from .conftest import CHANGE, EMPTY, PLAN, Engine, Run, report


@pytest.mark.parametrize(("verb", "code"), [("check", 0), ("plan", 2), ("verify", 0), ("drift", 2), ("render", 0)])
def test_reading_verbs_exit_as_designed(run: Run, engine: Engine, verb: str, code: int) -> None:
    assert run(verb)[0] == code
    assert engine.called() == [verb]


@pytest.mark.parametrize(("status", "code"), [("unknown", 2), ("failed", 1), ("in-order", 0)])
def test_drift_exit_codes(run: Run, engine: Engine, status: str, code: int) -> None:
    engine.answers["drift"] = report("drift", status)
    assert run("drift")[0] == code


def test_selection_takes_repeats_commas_and_globs(run: Run, engine: Engine) -> None:
    run("drift", "-s", "lisbon,porto", "-s", "faro", "-d", "sw-*", "--role", "firewall", "--platform", "cisco_*")
    assert engine.calls[0][1][1] == Selection(("lisbon", "porto", "faro"), ("sw-*",), ("firewall",), ("cisco_*",),
                                                each=True)


def test_environment_mirrors_flags(run: Run, engine: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, value in {"SITE": "lisbon", "WORKERS": "7", "TIMER": "61", "STORE": "sqlite:///x", "OUTPUT": "json",
                        "OPERATOR": str(tmp_path / "me")}.items():
        monkeypatch.setenv(f"PUNCHDOWN_{name}", value)
    _code, out, _err = run("drift")
    context, selection = engine.calls[0][1]
    assert selection == Selection(sites=("lisbon",), each=True)
    assert (context.workers, context.timer_seconds, context.store_url) == (7, 61, "sqlite:///x")
    assert context.operator == tmp_path / "me"
    assert json.loads(out)["kind"] == "drift"


def test_the_nearest_estate_upward_is_used(run: Run, engine: Engine, estate: Path) -> None:
    run("check")
    assert engine.calls[0][1][0] == estate


def test_inventory_folder_is_found_from_a_checkout(
    run: Run, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    checkout = tmp_path / "checkout"
    (checkout / "inventory").mkdir(parents=True)
    (checkout / "inventory" / "punchdown.yml").write_text("estate: x\n")
    monkeypatch.chdir(checkout)
    run("check")
    assert engine.calls[0][1][0] == checkout / "inventory"


def test_no_estate_says_where_it_looked(run: Run, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("/")
    code, _out, err = run("check")
    assert code == 1
    assert "no punchdown.yml in / or above it" in err
    assert not engine.calls


def test_plan_view_has_line_meaning_and_provenance(run: Run) -> None:
    _code, out, _err = run("plan")
    assert "# dot1x · endpoints.room-101 · sites/lisbon.yml:31:3 · dot1x\n" in out
    assert "+   dot1x pae authenticator\n" in out
    assert "802.1X is off on port Gi1/0/7\n" in out
    assert "by model\n" in out
    assert out.endswith("1 device: 1 different\n")


def test_plan_out_reads_back(run: Run, tmp_path: Path) -> None:
    run("plan", "--out", str(tmp_path / "lisbon.plan"))
    assert from_json(tuple[Plan, ...], (tmp_path / "lisbon.plan").read_text()) == (PLAN,)


def test_outputs_can_be_several(run: Run, tmp_path: Path) -> None:
    _code, out, _err = run("drift", "-o", "text", "-o", f"html={tmp_path}/d.html", "-o", f"json={tmp_path}/d.json")
    assert out.startswith("punchdown drift")
    assert "<!doctype html>" in (tmp_path / "d.html").read_text()
    assert json.loads((tmp_path / "d.json").read_text())["devices"][0]["status"] == "different"


def test_output_to_files_only_leaves_the_summary_on_stderr(run: Run, tmp_path: Path) -> None:
    _code, out, err = run("drift", "-o", f"html={tmp_path / 'd.html'}")
    assert out == ""
    assert "1 device: 1 different" in err


def test_json_is_all_there_is_on_stdout_of_apply(run: Run) -> None:
    code, out, err = run("apply", "--yes", "-o", "json")
    assert code == 0
    assert json.loads(out)["kind"] == "apply"
    assert "dot1x pae authenticator" in err


def test_apply_without_a_person_and_without_yes_changes_nothing(run: Run, engine: Engine) -> None:
    code, _out, err = run("apply")
    assert code == 1
    assert "add --yes" in err
    assert "apply" not in engine.called()


def test_apply_hands_over_the_plan_that_was_shown(run: Run, engine: Engine) -> None:
    assert run("apply", "--yes")[0] == 0
    assert engine.called() == ["plan", "apply"]
    assert engine.calls[1][2]["plan"] == (PLAN,)


def test_a_dry_run_shows_and_changes_nothing(run: Run, engine: Engine) -> None:
    code, out, err = run("apply", "--dry-run", "--yes")
    assert code == 2
    assert err == ""
    assert "different" in out
    assert engine.called() == ["plan"]


def test_apply_asks_a_person(run: Run, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("punchdown.cli.terminal.sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("click.confirm", lambda question, err: question != "Change 1 device?")
    code, _out, err = run("apply")
    assert (code, err.splitlines()[-1]) == (1, "nothing changed")
    assert engine.called() == ["plan"]


def test_apply_of_nothing_does_not_ask(run: Run, engine: Engine) -> None:
    engine.answers["plan"] = ((EMPTY,), report("plan"))
    assert run("apply")[0] == 0
    assert engine.called() == ["plan"]


def test_apply_file_shows_and_hands_over_the_reviewed_plan(run: Run, engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "p").write_text(to_json((PLAN,)))
    code, _out, err = run("apply", str(tmp_path / "p"), "--yes")
    assert code == 0
    assert engine.called() == ["apply"]
    assert engine.calls[0][2]["plan"] == (PLAN,)
    assert engine.calls[0][1][1] == Selection(sites=("lisbon",), devices=("sw-1",))
    assert CHANGE.differences[0].meaning in err


def test_apply_file_that_is_no_plan(run: Run, engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "p").write_text('{"site": 3}')
    code, _out, err = run("apply", str(tmp_path / "p"), "--yes")
    assert code == 1
    assert "not a plan" in err
    assert not engine.calls


def test_failed_apply_exits_1(run: Run, engine: Engine) -> None:
    engine.answers["apply"] = report("apply", "rolled-back", error="the phones did not come back")
    code, out, _err = run("apply", "--yes")
    assert code == 1
    assert "rolled back" in out
    assert "the phones did not come back" in out


def test_render_prints_documents(run: Run) -> None:
    assert run("render")[1] == "# sw-1: running-config\nhostname sw-1\n# sw-1: /etc/issue.net\nAuthorised use only\n"


def test_render_out_writes_files_that_stay_inside(run: Run, tmp_path: Path) -> None:
    run("render", "--out", str(tmp_path / "build"))
    assert (tmp_path / "build/sw-1/running-config").read_text() == "hostname sw-1\n"
    assert (tmp_path / "build/sw-1/etc_issue.net").read_text() == "Authorised use only\n"


def test_explain_prints_why(run: Run, engine: Engine) -> None:
    _code, out, _err = run("explain", "sw-1", "hostname")
    assert "dot1x · endpoints.room-101 · sites/lisbon.yml:31:3 · dot1x" in out
    assert engine.calls[0][1][1:] == ("sw-1", "hostname")


def test_explain_of_an_unknown_line(run: Run, engine: Engine) -> None:
    engine.answers["explain"] = ()
    assert run("explain", "sw-1", "router bgp")[::2] == (
        1, "error: sw-1: no line like 'router bgp' in its intended configuration\n")


def test_every_diagnostic_is_printed_once(run: Run, engine: Engine) -> None:
    engine.answers["check"] = InputError(
        ["sites/lisbon.yml:4:3: VLAN 5000 is above 4094", "sites/lisbon.yml:9:1: \x1b[2J"])
    assert run("check")[::2] == (
        1, "error: sites/lisbon.yml:4:3: VLAN 5000 is above 4094\nerror: sites/lisbon.yml:9:1: \\x1b[2J\n")


@pytest.mark.parametrize(("error", "words"), [
    (StateError("lisbon is locked by ana"), "lisbon is locked by ana"),
    (ConnectError("sw-1", "connect", "refused"), "sw-1: connect: refused"),
    (ZeroDivisionError("division by zero"), "a fault in punchdown itself: ZeroDivisionError"),
    (FileNotFoundError(2, "No such file or directory", "/x/known_hosts"), "/x/known_hosts"),
])
def test_errors_come_without_traceback(run: Run, engine: Engine, error: Exception, words: str) -> None:
    engine.answers["drift"] = error
    code, _out, err = run("drift")
    assert code == 1
    assert words in err
    assert "Traceback" not in err


def test_an_extra_that_is_not_installed_is_named(run: Run, engine: Engine) -> None:
    engine.answers["drift"] = ModuleNotFoundError("No module named 'asyncssh'", name="asyncssh")
    assert run("drift") == (1, "", "error: asyncssh is not installed here: pip install 'punchdown[lab]'\n")
    engine.answers["drift"] = ModuleNotFoundError("No module named 'elsewhere'", name="elsewhere")
    assert "a fault in punchdown itself" in run("drift")[2]


def test_interrupt_is_130(run: Run, engine: Engine) -> None:
    engine.answers["drift"] = KeyboardInterrupt()
    assert run("drift")[0] == 130


def test_told_to_end_is_ctrl_c(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("punchdown.pipeline.drift", lambda *_arguments: os.kill(os.getpid(), signal.SIGTERM))
    before = signal.signal(signal.SIGTERM, lambda *_arguments: pytest.fail("nobody listened"))
    try:
        code, _out, err = run("drift")
        assert (code, err.strip()) == (130, "interrupted")
        with pytest.raises(pytest.fail.Exception):
            os.kill(os.getpid(), signal.SIGTERM)
    finally:
        signal.signal(signal.SIGTERM, before)


@pytest.mark.parametrize("arguments", [
    ["drfit"], ["drift", "--nonsense"], ["drift", "-o", "pdf"], ["drift", "--workers", "0"], ["apply", "/no/such/file"],
    ["drift", "-e", "/no/such/folder"], ["explain"],
])
def test_wrong_usage_is_1_and_says_where_help_is(run: Run, engine: Engine, arguments: list[str]) -> None:
    code, _out, err = run(*arguments)
    assert code == 1
    assert "--help" in err
    assert not engine.calls


@pytest.mark.parametrize(("forced", "no", "coloured"), [("1", "", True), ("", "", False), ("1", "1", False)])
def test_colours_where_no_terminal_is(
    run: Run, monkeypatch: pytest.MonkeyPatch, forced: str, no: str, coloured: bool,
) -> None:
    monkeypatch.setenv("FORCE_COLOR", forced)
    monkeypatch.setenv("NO_COLOR", no)
    monkeypatch.setenv("TERM", "xterm")
    _code, out, _err = run("plan")
    assert ("\x1b[32m" in out) is coloured
    assert "dot1x pae authenticator" in out


def test_a_closed_standard_output_is_nobody_to_tell(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout", None)
    assert main(["plan"]) == 2


@pytest.mark.parametrize("verb", VERBS)
def test_help_teaches_with_an_example(run: Run, verb: str) -> None:
    code, out, _err = run(verb, "--help")
    assert code == 0
    assert f"  punchdown {verb}" in out or f"punchdown {verb} " in out


@pytest.mark.parametrize(("shell", "word"), [("bash", "complete"), ("zsh", "compdef"), ("fish", "complete")])
def test_completion_scripts(run: Run, shell: str, word: str) -> None:
    code, out, _err = run("completion", shell)
    assert code == 0
    assert word in out
    assert "_PUNCHDOWN_COMPLETE" in out
