"""What stands in the files of a gateway, and what may never stand there."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from punchdown import pipeline
from punchdown.cli import main
from punchdown.errors import PlanError, RenderError
from punchdown.platforms.forms import Column, Gateway, Package, make_package
from punchdown.platforms.forms.package import PRODUCTS

from .conftest import CLASSES, EXAMPLES, MINET, gateway_of


def text(package: Package, path: str) -> str:
    return next(item.text for item in package.files if item.path == path)


def section(checklist: str, title: str) -> list[str]:
    """The steps below a heading, without blank lines."""
    lines = checklist.splitlines()
    below = lines[lines.index(title) + 1:]
    end = next((number for number, line in enumerate(below) if line.startswith("#")), len(below))
    return [line for line in below[:end] if line]


def changed(gateway: Gateway, sheet: str, field: str, value: object) -> Gateway:
    """The same with another value in the first record of a sheet."""
    found = []
    for item in gateway.sheets:
        if item.name == sheet:
            first = {**item.records[0], field: replace(item.records[0][field], value=value)}
            item = replace(item, records=(first, *item.records[1:]))
        found.append(item)
    return replace(gateway, sheets=tuple(found))


def test_phones_in_the_columns_of_the_system(aveiro: Gateway) -> None:
    package = make_package("border-gateway", aveiro)
    assert text(package, "minet-devices.devices.csv") == (
        "MAC;Name;Vendor's own;On;ICP\r\n08-00-0F-50-90-01;Ana at home;;Y;mivb\r\n")
    assert text(package, "sip-devices.devices.csv") == (
        "user,secret,inner user,where\r\nhome-7,,1007,SIP devices only\r\n")


def test_passwords_are_steps_by_name_and_in_no_file(aveiro: Gateway) -> None:
    package = make_package("border-gateway", aveiro)
    assert section(text(package, "checklist.md"), "### SIP devices - SIP devices") == [
        r"- [ ] Set-side username home-7: Configured ICP = mivb",
        r"- [ ] Set-side username home-7: Set-side password = \<secret:home-7\>",
        r"- [ ] Set-side username home-7: ICP-side password = \<secret:home-7-inside\>"]
    assert not any("secret:" in item.text for item in package.files if item.path != "checklist.md")


def test_a_list_for_ip_blocking_is_one_netblock_a_line(aveiro: Gateway) -> None:
    package = make_package("border-gateway", replace(aveiro, netblocks={
        "homes-list": ("203.0.113.64/26", "2001:db8::/32", "203.0.113.192/27")}))
    assert text(package, "netblocks/homes-list.txt") == (
        "# homes-list (permit), site aveiro\n# 1 IPv6 netblocks are left out: the list takes IPv4 only\n"
        "203.0.113.64/26\n203.0.113.192/27\n")


def test_without_columns_the_labels_are_printed_and_no_file_is_made() -> None:
    package = make_package("border-gateway", gateway_of(EXAMPLES / "teleworkers", "aveiro", "mbg-1"))
    assert [item.path for item in package.files] == ["netblocks/homes-list.txt", "checklist.md"]
    steps = section(text(package, "checklist.md"), "### MiNET devices and restriction - MiNET devices")
    assert steps[1] == "`punchdown import --form EXPORT --as minet-devices.devices`, and a file is made. Or type:"
    assert steps[2:] == ["- [ ] MAC address 08:00:0F:50:90:01", "  - [ ] Device enabled: on",
                         "  - [ ] MAC address: 08:00:0F:50:90:01", "  - [ ] Description: Ana at home",
                         "  - [ ] Configured ICP: mivb"]


def test_fields_without_a_published_label_are_checked_and_never_typed(aveiro: Gateway) -> None:
    steps = text(make_package("border-gateway", aveiro), "checklist.md")
    assert "- [ ] System settings: TLS minimum version shall be TLS 1.2" in section(
        steps, "## Check, and attest in the site definition")
    assert not any("TLS minimum" in line for line in section(steps, "### System settings"))


def test_ip_blocking_is_typed_after_everything_else(aveiro: Gateway) -> None:
    titles = re.findall(r"^### (.*)$", text(make_package("border-gateway", aveiro), "checklist.md"), re.MULTILINE)
    assert titles[-1] == "IP blocking"


def test_a_value_against_the_advice_says_so_where_it_is_typed(evora: Gateway) -> None:
    steps = text(make_package("mivoice-business", changed(
        evora, "class-of-service", "comment", "Desks")), "checklist.md")
    assert "- [ ] Call History - Disable Record Generation" not in steps
    found = changed(evora, "system-security-management", "password-strength", "Weak")
    sheets = [replace(item, records=({**item.records[0], "password-strength": replace(
        item.records[0]["password-strength"], against=True)},)) if item.name == "system-security-management" else item
        for item in found.sheets]
    assert "- [ ] Password Strength: Weak (against the advice: Strong)" in text(
        make_package("mivoice-business", replace(found, sheets=tuple(sheets))), "checklist.md").splitlines()


@pytest.mark.parametrize("value", ["=1+1", "@SUM(A1)", "+cmd", "-2+3", "  =1", "caf\u00e9", "two\nlines", "\t=1",
                                   "Ana,=1+1", "Ana; @A1"])
def test_what_a_spreadsheet_would_compute_is_refused(evora: Gateway, value: str) -> None:
    with pytest.raises(RenderError, match=r"class-of-service, record 1: "):
        make_package("mivoice-business", changed(evora, "class-of-service", "comment", value))


@pytest.mark.parametrize("value", ["+351 21 000", "-5", "a=b", "x,y", 'say "no"'])
def test_what_is_no_formula_stands_as_it_is(evora: Gateway, value: str) -> None:
    package = make_package("mivoice-business", changed(evora, "class-of-service", "comment", value))
    cell = '"' + value.replace('"', '""') + '"' if "," in value or '"' in value else value
    assert text(package, "class-of-service.csv").splitlines()[1] == f"10,{cell},No"


def test_large_sets_are_split_with_a_header_each(evora: Gateway) -> None:
    limit = PRODUCTS["mivoice-business"].records_per_file
    many = replace(evora, sheets=tuple(
        replace(item, records=item.records[:1] * (limit + 1)) if item.name == "class-of-service" else item
        for item in evora.sheets))
    package = make_package("mivoice-business", many)
    first, second = (text(package, f"class-of-service-{number}.csv").splitlines() for number in (1, 2))
    assert (len(first), len(second)) == (limit + 1, 2)
    assert first[0] == second[0] == ",".join(CLASSES.headers)


def test_words_for_yes_and_no_are_not_invented() -> None:
    columns = MINET.model_copy(update={"columns": (Column(header="On", field="device-enabled"),)})
    with pytest.raises(RenderError, match="words for yes and no"):
        make_package("border-gateway", gateway_of(EXAMPLES / "teleworkers", "aveiro", "mbg-1", columns))


def test_the_manifest_holds_the_digest_of_every_byte(aveiro: Gateway) -> None:
    package = make_package("border-gateway", aveiro)
    rows = json.loads(package.manifest)["files"]
    assert [(row["path"], row["sha256"], row["bytes"]) for row in rows] == [
        (item.path, hashlib.sha256(item.text.encode()).hexdigest(), len(item.text.encode())) for item in package.files]
    assert make_package("border-gateway", aveiro).manifest == package.manifest
    other = make_package("border-gateway", changed(aveiro, "minet-devices.devices", "description", "Ana"))
    assert json.loads(other.manifest)["sha256"] != json.loads(package.manifest)["sha256"]


GATEWAYS = sorted(path for path in EXAMPLES.iterdir() if path.name != "hosted-customer")


@pytest.mark.parametrize("estate", GATEWAYS, ids=lambda path: path.name)
def test_every_example_makes_packages_without_a_secret(estate: Path) -> None:
    for package in pipeline.gateway_packages(estate, pipeline.Selection()):
        assert package.files[-1].path == "checklist.md"
        assert all(item.text.isascii() for item in package.files)


def test_an_estate_without_gateways_says_so() -> None:
    with pytest.raises(PlanError, match="takes no gateway"):
        pipeline.gateway_packages(EXAMPLES / "hosted-customer", pipeline.Selection())


def test_the_command_writes_packages_and_refuses_a_folder_with_other_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str],
) -> None:
    command = ("render", "--gateways", "-e", str(EXAMPLES / "teleworkers"), "-d", "mbg-*", "--out", str(tmp_path))
    assert main(command) == 0
    assert main(command) == 0
    folder = tmp_path / "aveiro" / "mbg-1"
    for row in json.loads((folder / "manifest.json").read_text())["files"]:
        assert hashlib.sha256((folder / row["path"]).read_bytes()).hexdigest() == row["sha256"]
    (folder / "old.csv").write_text("MAC\n")
    assert main(command) == 1
    assert "old.csv" in capsys.readouterr().err


def test_a_column_without_a_published_label_says_so_where_it_is_typed(evora: Gateway) -> None:
    hidden = [replace(item, records=tuple({**record, "comment": replace(record["comment"], rendering="not-public")}
                                          for record in item.records)) if item.name == "class-of-service" else item
              for item in evora.sheets]
    steps = text(make_package("mivoice-business", replace(evora, sheets=tuple(hidden), columns={})), "checklist.md")
    assert "  - [ ] Comment: Desks (the product's own label is not published)" in steps.splitlines()
