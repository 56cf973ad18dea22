"""Host keys are shown and asked about; the lab says what is up."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from punchdown import lab, pipeline
from punchdown.devices import HostKey
from punchdown.errors import ConnectError, TrustError
from punchdown.lab import LabStatus

from .conftest import Run

DATA = "AAAAC3NzaC1lZDI1NTE5AAAAIGPKSUTyz1HwHReFVvD5obVsALAgJRNarH4TRpNePnAS"


@pytest.fixture
def enrolled(monkeypatch: pytest.MonkeyPatch, engine: object) -> list[str]:
    """Three devices: one trusted, one new, and (named ``silent``) one that does not answer when selected."""
    done: list[str] = []

    def targets(_estate: Path, selection: pipeline.Selection) -> tuple[SimpleNamespace, ...]:
        names = selection.devices or ("sw-known", "sw-new")
        return tuple(SimpleNamespace(device=name) for name in names)

    def seen_key(_operator: object, target: SimpleNamespace) -> HostKey:
        if target.device == "silent":
            raise ConnectError("silent", "trust", "no answer")
        return HostKey(target.device, target.device, "ssh-ed25519", DATA)

    monkeypatch.setattr(pipeline, "targets", targets)
    room = "punchdown.cli.trust"
    monkeypatch.setattr(f"{room}.Operator", SimpleNamespace(load=lambda root: root))
    monkeypatch.setattr(f"{room}.seen_key", seen_key)
    monkeypatch.setattr(f"{room}.is_trusted", lambda _operator, key: key.device == "sw-known" or key.device in done)
    monkeypatch.setattr(f"{room}.enrol", lambda _operator, key: done.append(key.device))
    return done


def test_keys_are_shown_and_nobody_is_trusted_without_a_word(run: Run, enrolled: list[str]) -> None:
    code, out, err = run("trust")
    assert code == 1
    assert "sw-new           ssh-ed25519 SHA256:" in out
    assert out.splitlines()[0].endswith(" trusted")
    assert out.splitlines()[1].endswith("NOT TRUSTED")
    assert "add --yes" in err
    assert enrolled == []


def test_yes_enrols_the_new_ones_only(run: Run, enrolled: list[str]) -> None:
    assert run("trust", "--yes")[0] == 0
    assert enrolled == ["sw-new"]
    assert run("trust")[0] == 0


def test_a_silent_device_does_not_stop_the_others(run: Run, enrolled: list[str]) -> None:
    code, _out, err = run("trust", "--yes", "-d", "silent,sw-new")
    assert code == 1
    assert "silent: trust: no answer" in err
    assert enrolled == ["sw-new"]


def test_no_operator_directory(run: Run, tmp_path: Path) -> None:
    code, _out, err = run("trust", "--operator", str(tmp_path / "nowhere"))
    assert code == TrustError.exit_code
    assert "nowhere" in err


@pytest.mark.parametrize(("devices", "code"), [({"sw-1": "up"}, 0), ({"sw-1": "up", "sw-2": "down"}, 2)])
def test_lab_status(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, devices: dict[str, str], code: int,
) -> None:
    monkeypatch.setattr(lab, "status", lambda folder: LabStatus("emulated", "lisbon", folder / "operator", (), devices))
    told = run("lab", "status", "--lab", str(tmp_path))
    assert told[0] == code
    assert f"reach it with: --operator {tmp_path}/operator" in told[1]
    assert json.loads(run("lab", "status", "-o", "json")[1])["devices"] == devices


def test_lab_up_builds_the_site_of_the_estate(
    run: Run, monkeypatch: pytest.MonkeyPatch, estate: Path, tmp_path: Path,
) -> None:
    (estate / "sites" / "lisbon.yml").write_text("site: lisbon\n")
    built: list[tuple[Path, bool]] = []

    def up(file: Path, folder: Path, *, emulated_only: bool) -> LabStatus:
        built.append((file, emulated_only))
        return LabStatus("emulated", "lisbon", folder, (), {"sw-1": "up"})

    monkeypatch.setattr(lab, "up", up)
    assert run("lab", "up", "-s", "lisbon", "--emulated", "--lab", str(tmp_path / "lab"))[0] == 0
    assert built == [(estate / "sites" / "lisbon.yml", True)]
    assert run("lab", "up", "-s", "porto")[0] == 1


def test_lab_down(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    gone: list[Path] = []
    monkeypatch.setattr(lab, "down", gone.append)
    assert run("lab", "down", "--lab", str(tmp_path))[0] == 0
    assert gone == [tmp_path]
