"""The audit's state "exported": what it takes, and what takes it away."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from punchdown.cli import main

from .conftest import EXAMPLES

HEAD = "MAC address,Description,Device enabled,Configured ICP\n"
ROW = "08:00:0F:50:90:01,Ana at home,Yes,mivb\n"
LIST, STRENGTH = "mbg-minet-mac-allowlist", "mbg-sip-two-level-credentials"
Audited = Callable[..., dict[str, dict[str, Any]]]


@pytest.fixture
def audited(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Audited:
    """Audits the example with an export of these records, written on 20 November 2026; gives results by control."""
    estate = tmp_path / "estate"
    shutil.copytree(EXAMPLES / "teleworkers", estate)
    export = tmp_path / "phones.csv"
    export.write_text(HEAD)
    sip = tmp_path / "sip.csv"
    sip.write_text("Set-side username,Set-side password,ICP-side username,ICP-side password\nhome-7,x9,1007,y9\n")
    base = ["-e", str(estate)]
    assert main(["import", "--form", str(export), "--as", "minet-devices.devices", "-y", "--words",
                 "Device enabled=Yes/No", *base]) == 0
    assert main(["import", "--form", str(sip), "--as", "sip-devices.devices", "-y", *base]) == 0

    def call(*records: str, more: tuple[str, ...] = (), as_of: str = "2026-11-21") -> dict[str, dict[str, Any]]:
        export.write_text(HEAD + "".join(records))
        written = datetime(2026, 11, 20, 12, tzinfo=UTC).timestamp()
        os.utime(export, (written, written))
        os.utime(sip, (written, written))
        forms = [f"--form=mbg-1={export}"] if records else []
        forms += [f"--form=mbg-1={sip}"]
        capsys.readouterr()
        main(["audit", "--operator", str(tmp_path / "none"), "--as-of", as_of, "-o", "json", *forms, *more, *base])
        text = capsys.readouterr().out
        assert "x9" not in text
        assert "y9" not in text
        return {item["id"]: item for item in json.loads(text)["audit"]["sites"][0]["results"]}
    return call


def test_every_field_in_order_is_exported_with_file_day_and_digest(audited: Audited) -> None:
    found = audited(ROW)[LIST]
    assert found["state"] == "exported"
    assert found["why"].startswith("5 fields read from ")
    assert found["why"].endswith("phones.csv; the oldest is of 2026-11-20")
    assert {(Path(item["file"]).name, item["day"], len(item["digest"])) for item in found["readings"]} == {
        ("phones.csv", "2026-11-20", 64)}


def test_without_an_export_it_is_missing(audited: Audited) -> None:
    assert audited()[LIST]["state"] == "missing"


@pytest.mark.parametrize(("records", "gap"), [
    ((ROW.replace("Yes", "No"),), "MAC address 08:00:0F:50:90:01: Device enabled differs in "),
    ((ROW, ROW.replace("90:01", "90:02")), "MiNET devices differs in "),
    ((ROW.replace("90:01", "90:02"),), "MAC address 08:00:0F:50:90:01: Device enabled is not there in "),
])
def test_what_differs_speaks_against_it(audited: Audited, records: tuple[str, ...], gap: str) -> None:
    found = audited(*records)[LIST]
    assert found["state"] == "missing"
    assert any(gap in item["text"] for item in found["gaps"])


def test_a_password_is_never_exported(audited: Audited) -> None:
    found = audited(ROW)[STRENGTH]
    assert found["state"] == "missing"
    assert {item["setting"]["field"]: item["state"] for item in found["readings"]} == {
        "icp-side-username": "in-order", "icp-side-password": "unknown"}


def test_an_export_of_tomorrow_does_not_count_today(audited: Audited) -> None:
    assert audited(ROW, as_of="2026-11-19")[LIST]["state"] == "missing"


def test_the_page_shows_the_fields_read(audited: Audited, tmp_path: Path) -> None:
    audited(ROW, more=("-o", f"html={tmp_path / 'audit.html'}"))
    page = (tmp_path / "audit.html").read_text()
    assert "5 fields in exports" in page
    assert "phones.csv 2026-11-20" in page
