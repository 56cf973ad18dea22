"""The ready pipelines: valid, no wider than they need, and what they say to a forge is said once."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from punchdown.cli import main

ROOT = Path(__file__).parents[2]
PIPELINES = ROOT / "docs" / "pipelines"
BIN = Path(sys.executable).parent
GITHUB: dict[str, Any] = yaml.safe_load((PIPELINES / "github-actions.yml").read_text())
GITLAB: dict[str, Any] = yaml.safe_load((PIPELINES / "gitlab-ci.yml").read_text())
JOBS: dict[str, dict[str, Any]] = GITHUB["jobs"]
OURS = {name: job for name, job in JOBS.items() if "self-hosted" in job["runs-on"]}


def run(*command: str | Path) -> None:
    """A checker that has nothing to say."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(("name", "schema"), [
    ("github-actions.yml", ("vendor.github-workflows",)),
    ("gitlab-ci.yml", ("vendor.gitlab-ci", "--data-transform", "gitlab-ci"))])
def test_the_forge_takes_it(name: str, schema: tuple[str, ...]) -> None:
    run(BIN / "check-jsonschema", "--builtin-schema", *schema, PIPELINES / name)


def test_nothing_known_to_be_unsafe(tmp_path: Path) -> None:
    place = tmp_path / ".github" / "workflows" / "punchdown.yml"
    place.parent.mkdir(parents=True)
    shutil.copy(PIPELINES / "github-actions.yml", place)
    run(BIN / "zizmor", "--offline", "--no-progress", tmp_path)
    uses = [step["uses"] for job in JOBS.values() for step in job["steps"] if "uses" in step]
    assert not [one for one in uses if not re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", one)]


def test_who_may_do_what() -> None:
    assert GITHUB["permissions"] == {}
    assert set(GITHUB[True]) == {"pull_request", "push", "schedule"}, "pull_request_target lends secrets to strangers"
    assert {name: job["permissions"] for name, job in OURS.items()} == {name: {"contents": "read"} for name in OURS}
    assert "head.repo.full_name == github.repository" in OURS["plan"]["if"]
    assert [name for name in OURS if "pull_request" in OURS[name].get("if", "")] == ["plan"]
    where = {name: (job["runs-on"][1], job["env"]["OPERATOR"].rpartition("/")[2]) for name, job in OURS.items()}
    assert where == {"plan": ("voice-review", "review"), "plan-main": ("voice-main", "read"),
                     "apply": ("voice-main", "write"), "drift": ("voice-main", "read")}
    assert "${{ secrets" not in (PIPELINES / "github-actions.yml").read_text()
    assert OURS["apply"]["environment"] == "voice"
    assert OURS["apply"]["concurrency"]["cancel-in-progress"] is False
    shell = {name: job for name, job in GITLAB.items() if isinstance(job, dict) and "tags" in job}
    where = {name: (job["tags"][0], job["variables"]["OPERATOR"].rpartition("/")[2]) for name, job in shell.items()}
    assert where == {"plan": ("voice-review", "review"), "plan-main": ("voice-main", "read"),
                     "apply": ("voice-main", "write"), "drift": ("voice-main", "read")}
    assert "$CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_PROJECT_ID" in GITLAB["plan"]["rules"][0]["if"]
    assert (GITLAB["apply"]["resource_group"], GITLAB["apply"]["interruptible"]) == ("voice", False)
    assert [name for name, job in GITLAB.items() if "NOTES_TOKEN" in str(job)] == ["comment", "issue"]


def test_only_the_repository_itself_is_fetched() -> None:
    fetched = [step["with"] for job in JOBS.values() for step in job["steps"] if "checkout" in step.get("uses", "")]
    assert fetched == [{"persist-credentials": False}] * 5, "no submodules, no lfs, no other ref"
    assert (GITLAB["variables"]["GIT_SUBMODULE_STRATEGY"], GITLAB["variables"]["GIT_LFS_SKIP_SMUDGE"]) == ("none", "1")


def test_every_attack_that_is_listed_has_its_test() -> None:
    rows = [line.split("|") for line in (PIPELINES / "README.md").read_text().partition("could try\n")[2].splitlines()
            if line.startswith("| ")][2:]
    assert len(rows) >= 18
    for _margin, attempt, stopped, shown, _end in rows:
        assert stopped.strip(), attempt
        assert shown.strip(), attempt
        assert [name for name in re.findall(r"`([^`]+)`", shown) if not (ROOT / name).exists()] == []


def test_what_is_installed_has_the_stages(tmp_path: Path) -> None:
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]
    ((source, name),) = wheel["shared-scripts"].items()
    assert os.access(ROOT / source, os.X_OK)
    for text in (PIPELINES / "github-actions.yml").read_text(), (PIPELINES / "gitlab-ci.yml").read_text():
        assert set(re.findall(r"punchdown-pipeline (\w+)", text)) == {"check", "plan", "apply", "drift"}
    assert name == "punchdown-pipeline"
    for line in (ROOT / "Containerfile").read_text().splitlines():
        if line.startswith("COPY"):
            *froms, to = (Path(word) for word in line.split()[1:])
            for one in froms:
                place = tmp_path / to.relative_to("/") / ("" if to.name == one.name else one.name)
                place.parent.mkdir(parents=True, exist_ok=True)
                (shutil.copytree if (ROOT / one).is_dir() else shutil.copy)(ROOT / one, place, **(
                    {"symlinks": True} if (ROOT / one).is_dir() else {}))
    assert (tmp_path / "src" / source).is_file()
    assert not [path for path in (tmp_path / "src" / "punchdown").iterdir() if path.is_symlink() and not path.exists()]


STAND_IN = """#!/bin/sh
printf '<%s>' "$@" >> "$TYPED"
echo >> "$TYPED"
case "$*" in
    *--paginate*|*"issue list"*) printf '%s' "$FOUND" ;;
    */user) echo '{"id": 7}' ;;
    *per_page*|*state=opened*) printf '%s' "$FOUND" ;;
esac
"""


def say(folder: Path, script: str, found: str, **more: str) -> list[str]:
    """What one job types to its forge, which answers ``found`` when it is asked for what is there."""
    (folder / "artifacts").mkdir(exist_ok=True)
    for name in ("plan.md", "drift.md"):
        (folder / "artifacts" / name).write_text(f"{name}: $(evil) `evil`\n")
    (folder / "artifacts" / "code").write_text(f"{more.get('CODE', '')}\n")
    for name in ("gh", "curl"):
        (folder / name).write_text(STAND_IN)
        (folder / name).chmod(0o755)
    (folder / "typed").unlink(missing_ok=True)
    done = subprocess.run(["bash", "-e", "-c", script], cwd=folder, capture_output=True, text=True, check=False, env={
        "PATH": f"{folder}:{os.environ['PATH']}", "TYPED": str(folder / "typed"), "FOUND": found, "NUMBER": "5",
        "ISSUES": "repos/o/r/issues", "CI_API_V4_URL": "https://git/api", "CI_PROJECT_ID": "3", "NOTES_TOKEN": "t",
        "CI_MERGE_REQUEST_IID": "5", **more}, timeout=60)
    assert done.returncode == 0, done.stderr
    return (folder / "typed").read_text().splitlines()


def script(forge: dict[str, Any], job: str) -> str:
    """The shell text of a job that speaks to its forge."""
    if "jobs" in forge:
        return str(forge["jobs"][job]["steps"][-1]["run"])
    return "\n".join(forge[job]["script"])


NOTES = json.dumps([{"id": 1, "author": {"id": 8}, "body": "<!-- punchdown plan -->\nsomebody else"},
                    {"id": 2, "author": {"id": 7}, "body": "see <!-- punchdown plan -->"},
                    {"id": 3, "author": {"id": 7}, "body": "<!-- punchdown plan -->\nold"}])


@pytest.mark.parametrize(("forge", "found", "last"), [
    (GITHUB, "", "<api><repos/o/r/issues/5/comments><--field><body=@comment.md>"),
    (GITHUB, "11\n12\n", "<api><--method><PATCH><repos/o/r/issues/comments/11><--field><body=@comment.md>"),
    (GITLAB, "[]", "<https://git/api/projects/3/merge_requests/5/notes><--data-urlencode><body@comment.md>"),
    (GITLAB, NOTES, "<--request><PUT><https://git/api/projects/3/merge_requests/5/notes/3>"),
], ids=["github-new", "github-again", "gitlab-new", "gitlab-again"])
def test_a_plan_is_one_comment(tmp_path: Path, forge: dict[str, Any], found: str, last: str) -> None:
    typed = say(tmp_path, script(forge, "comment"), found)
    assert last in typed[-1]
    assert (tmp_path / "comment.md").read_text() == "<!-- punchdown plan -->\nplan.md: $(evil) `evil`\n"
    if forge is GITHUB:
        assert 'select(.user.login == "github-actions[bot]" and (.body | startswith("<!-- punchdown plan -->")))' in (
            typed[0])


@pytest.mark.parametrize(("code", "there", "words"), [
    ("2", False, ("create", "title=punchdown: drift")), ("2", True, ("issue><edit><9", "PUT")),
    ("1", True, ("issue><edit><9", "PUT")), ("0", True, ("issue><close><9", "state_event=close")), ("0", False, ())])
@pytest.mark.parametrize("forge", [GITHUB, GITLAB], ids=["github", "gitlab"])
def test_drift_is_one_issue(tmp_path: Path, forge: dict[str, Any], code: str, there: bool,
                            words: tuple[str, ...]) -> None:
    found = ("9" if there else "") if forge is GITHUB else json.dumps([{"iid": 9}] if there else [])
    typed = say(tmp_path, script(forge, "issue"), found, CODE=code)
    looks = ("label><create", "issue><list", "state=opened")
    asked = [line for line in typed if not any(word in line for word in looks)]
    assert len(asked) == bool(words)
    assert not words or words[forge is GITLAB] in asked[0]
    assert "evil" not in "".join(typed), "the report is handed over as a file"


def test_hooks_of_an_estate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:
    """What pre-commit types, in a fresh estate and after somebody touched a schema."""
    hooks = {hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}
    words = {name: [*shlex.split(hook["entry"])[1:], *hook.get("args", ())] for name, hook in hooks.items()}
    assert {hook["language"] for hook in hooks.values()} == {"python"}
    assert {hook["pass_filenames"] for hook in hooks.values()} == {False}
    assert {shlex.split(hook["entry"])[0] for hook in hooks.values()} == {"punchdown"}
    assert main(["init", str(tmp_path), "--estate", "e", "--site", "faro", "--access-switches", "0"]) == 0
    monkeypatch.chdir(tmp_path)
    assert main(words["punchdown-check"]) == 0
    assert main(words["punchdown-schemas"]) == 0
    old = tmp_path / "schemas" / "site.schema.json"
    fresh = old.read_text()
    old.write_text("{}\n")
    capsys.readouterr()
    assert main(words["punchdown-schemas"]) == 2
    assert capsys.readouterr().out == "written anew: schemas/site.schema.json\n"
    assert (old.read_text(), main(words["punchdown-schemas"])) == (fresh, 0)
    (tmp_path / "sites" / "faro.yml").write_text("site: [\n")
    assert main(words["punchdown-check"]) == 1
    assert main(words["punchdown-prove"]) == 1
    assert capsys.readouterr().err.count("sites/faro.yml:2:1: error[PD1005]") == 2


def test_no_schema_to_refresh(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "--refresh", str(tmp_path)]) == 1
    assert f"punchdown schema --out {tmp_path}" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
