"""The collection as people meet it: from a checkout in two folders, built and installed, documented."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from .conftest import ROOT, environment

BIN = Path(sys.executable).parent
VERBS = ("check", "render", "plan", "apply", "verify", "drift")


def run(tool: str, *arguments: str | Path, cwd: Path, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """One of Ansible's own tools."""
    return subprocess.run([BIN / tool, *arguments], cwd=cwd, env=env, capture_output=True, text=True, timeout=180,
                          check=False)


def plain_environment(folder: Path) -> dict[str, str]:
    """Only what the checkout itself brings."""
    env = environment(folder)
    for name in ("ANSIBLE_CONFIG", "ANSIBLE_INVENTORY_ENABLED"):
        del env[name]
    return env


@pytest.mark.parametrize("folder", [ROOT, ROOT / "playbooks"], ids=["root", "playbooks"])
def test_playbooks_run_from_a_checkout(tmp_path: Path, folder: Path) -> None:
    playbooks = [os.path.relpath(ROOT / "playbooks" / f"{verb}.yml", folder) for verb in VERBS]
    done = run("ansible-playbook", *playbooks, cwd=folder, env=plain_environment(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr
    calls = [json.loads(line) for line in (tmp_path / "calls").read_text().splitlines()]
    assert calls == [[verb, ["dhcp-1", "fw-1", "radius-1", "sw-acc-1", "sw-core-1"]] for verb in VERBS]


@pytest.mark.parametrize("folder", [ROOT, ROOT / "playbooks"], ids=["root", "playbooks"])
def test_inventory_has_groups_and_variables(tmp_path: Path, folder: Path) -> None:
    done = run("ansible-inventory", "--list", cwd=folder, env=plain_environment(tmp_path))
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["site_lisbon"]["hosts"] == ["sw-core-1", "sw-acc-1", "fw-1", "radius-1", "dhcp-1"]
    assert told["role_access_switch"]["hosts"] == told["platform_cisco_ios"]["hosts"] == ["sw-acc-1"]
    switch = {key: _bare(value) for key, value in told["_meta"]["hostvars"]["sw-acc-1"].items()}
    assert switch["ansible_host"] == "10.20.99.11"
    assert switch["ansible_connection"] == "ansible.netcommon.network_cli"
    assert switch["ansible_network_os"] == "cisco.ios.ios"
    assert switch["netmiko_device_type"] == "cisco_ios"
    assert switch["punchdown_estate"] == str(ROOT / "inventory")
    assert told["_meta"]["hostvars"]["fw-1"]["ansible_connection"] == {"__ansible_unsafe": "ssh"}


def _bare(value: Any) -> Any:
    """Ansible marks what a plug-in gave as text that it will never template."""
    return value["__ansible_unsafe"] if isinstance(value, dict) else value


def test_a_wrong_estate_is_an_error_and_not_an_empty_inventory(tmp_path: Path) -> None:
    (tmp_path / "sites").mkdir()
    (tmp_path / "punchdown.yml").write_text("estate: x\n")
    (tmp_path / "sites" / "a.yml").write_text("site: a\nsegmants: {}\n")
    done = run("ansible-inventory", "-i", tmp_path / "punchdown.yml", "--list", cwd=ROOT,
               env=plain_environment(tmp_path))
    assert done.returncode != 0
    assert "segmants" in done.stderr


def test_a_file_of_its_own_names_the_plug_in(tmp_path: Path) -> None:
    (tmp_path / "hotels.punchdown.yml").write_text(f"plugin: punchdown.site.estate\nestate: {ROOT / 'inventory'}\n")
    done = run("ansible-inventory", "-i", tmp_path / "hotels.punchdown.yml", "--list", cwd=ROOT,
               env=plain_environment(tmp_path))
    assert "sw-acc-1" in json.loads(done.stdout)["_meta"]["hostvars"]


def test_every_action_is_documented(tmp_path: Path) -> None:
    names = [f"punchdown.site.{verb}" for verb in VERBS]
    env = plain_environment(tmp_path)
    done = run("ansible-doc", "-j", *names, cwd=ROOT, env=env)
    told = json.loads(done.stdout)
    assert sorted(told) == sorted(names), done.stderr
    (tmp_path / "examples.yml").write_text("".join(told[name]["examples"].lstrip("\n") for name in names))
    played = run("ansible-playbook", "-i", ROOT / "inventory" / "punchdown.yml", tmp_path / "examples.yml",
                 "--limit", "sw-acc-1", cwd=ROOT, env=env)
    assert played.returncode == 0, played.stdout + played.stderr
    assert [json.loads(line)[0] for line in (tmp_path / "calls").read_text().splitlines()] == list(VERBS)
    assert "punchdown rollback 3f0c9a1b77de" in played.stdout
    assert (tmp_path / "sw-acc-1-c").read_text() == "hostname sw-acc-1\n"
    options = {"estate", "operator", "devices", "workers", "timer_seconds", "store_url", "fail_on", "notify"}
    for name in names:
        more = {"accept", "batch", "max_failures", "canary", "any_time"} if name.endswith(".apply") else set()
        assert set(told[name]["doc"]["options"]) == options | more


def test_built_collection_holds_the_plug_ins_and_nothing_of_the_engine(tmp_path: Path) -> None:
    done = run("ansible-galaxy", "collection", "build", ROOT, "--output-path", tmp_path, cwd=tmp_path,
               env=plain_environment(tmp_path))
    assert done.returncode == 0, done.stderr
    (archive,) = tmp_path.glob("punchdown-site-*.tar.gz")
    with tarfile.open(archive) as opened:
        opened_names = opened.getnames()
    names = {name for name in opened_names if "." in Path(name).name}
    tops = {name.split("/")[0] for name in names}
    assert tops <= {"plugins", "meta", "playbooks", "README.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE",
                    "MANIFEST.json", "FILES.json"}
    assert {f"plugins/action/{verb}.py" for verb in VERBS} < names
    assert not [name for name in names if "collections" in name or name.endswith("ansible.cfg")]
    assert "Containerfile" not in opened_names


def test_the_image_of_a_controller_takes_what_is_built(tmp_path: Path) -> None:
    """The build context that ansible-builder makes; an image needs a registry."""
    definition = tmp_path / "execution-environment.yml"
    shutil.copy(ROOT / "docs" / "pipelines" / definition.name, definition)
    version = yaml.safe_load((ROOT / "galaxy.yml").read_text())["version"]
    made = {f"punchdown-site-{version}.tar.gz", f"punchdown-{version}-py3-none-any.whl"}
    (tmp_path / "dist").mkdir()
    for name in made:
        (tmp_path / "dist" / name).write_text("")
    done = run("ansible-builder", "create", cwd=tmp_path, env=plain_environment(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr
    context = tmp_path / "context"
    assert {path.name for path in (context / "_build" / "dist").iterdir()} == made
    asked = yaml.safe_load((context / "_build" / "requirements.yml").read_text())["collections"]
    assert [(context / "_build" / one["name"]).is_file() for one in asked] == [True]
    (recipe,) = (path for path in context.iterdir() if path.is_file())
    assert f"/opt/punchdown/punchdown-{version}-py3-none-any.whl[" in recipe.read_text()


def test_installed_collection_runs_away_from_the_checkout(tmp_path: Path) -> None:
    env = plain_environment(tmp_path)
    run("ansible-galaxy", "collection", "build", ROOT, "--output-path", tmp_path, cwd=tmp_path, env=env)
    (archive,) = tmp_path.glob("punchdown-site-*.tar.gz")
    done = run("ansible-galaxy", "collection", "install", archive, "-p", tmp_path / "collections", "--offline",
               cwd=tmp_path, env=env)
    assert done.returncode == 0, done.stdout + done.stderr
    env |= {"ANSIBLE_COLLECTIONS_PATH": str(tmp_path / "collections"),
            "ANSIBLE_INVENTORY_ENABLED": "punchdown.site.estate"}
    done = run("ansible-playbook", "-i", ROOT / "inventory" / "punchdown.yml", "punchdown.site.plan", cwd=tmp_path,
               env=env)
    assert done.returncode == 0, done.stdout + done.stderr
    assert len((tmp_path / "calls").read_text().splitlines()) == 1


def test_sanity_and_lint_have_nothing_to_say(tmp_path: Path) -> None:
    """What needs nothing from elsewhere; `make sanity` runs the whole."""
    done = subprocess.run(["sh", ROOT / "setup" / "sanity.sh", BIN, "quick"], cwd=tmp_path, capture_output=True,
                          text=True, timeout=300, check=False, env={**os.environ, "TMPDIR": str(tmp_path)})
    assert done.returncode == 0, done.stdout + done.stderr
    assert 'Running sanity test "action-plugin-docs"' in done.stdout + done.stderr
    assert "Profile 'production' was required, and it passed." in done.stdout + done.stderr
    assert not list(tmp_path.iterdir())


def test_versions_agree() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert yaml.safe_load((ROOT / "galaxy.yml").read_text())["version"] == project
