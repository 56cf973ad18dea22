"""An export against the definition: in order, different, missing, extra, unknown."""

from __future__ import annotations

import pytest

from punchdown.errors import InputError
from punchdown.platforms.forms import Column, ColumnMap, Gateway, compare, make_package, read_export
from punchdown.values import Severity
from punchdown.values.reading import FormReading
from punchdown.verify import form_findings

from .conftest import CLASSES, MINET, SIP

MINET_HEAD = "MAC;Name;Vendor's own;On;ICP\n"
CLASS_HEAD = "Class Of Service Number,Comment,PC port off\n"


def read(gateway: Gateway, columns: ColumnMap, text: str) -> FormReading:
    sheet = next(item for item in gateway.sheets if item.name == columns.form)
    return compare(gateway.host, sheet, columns, read_export("export.csv", text.encode(), "2026-11-20"))


def states(reading: FormReading) -> dict[str, str]:
    return {f"{item.record}/{item.setting.field}".lstrip("/"): item.state for item in reading.settings}


def titles(reading: FormReading) -> list[str]:
    return [item.title for item in form_findings(reading)]


def test_what_was_imported_reads_back_in_order(aveiro: Gateway, evora: Gateway) -> None:
    for product, gateway, columns in (("border-gateway", aveiro, MINET), ("mivoice-business", evora, CLASSES)):
        package = make_package(product, gateway)
        text = next(item.text for item in package.files if item.path == f"{columns.form}.csv")
        reading = read(gateway, columns, text)
        assert set(states(reading).values()) == {"in-order"}
        assert form_findings(reading) == ()


def test_other_spellings_of_the_same_are_no_difference(aveiro: Gateway) -> None:
    reading = read(aveiro, MINET, MINET_HEAD + "0800.0f50.9001; Ana at home ;what it likes;y;mivb\n")
    assert form_findings(reading) == ()


def test_a_changed_field_is_named_with_both_values_and_its_place(aveiro: Gateway) -> None:
    reading = read(aveiro, MINET, MINET_HEAD + "08:00:0F:50:90:01;Ana at home;;N;mivb\n")
    (finding,) = form_findings(reading)
    assert finding.title == ("MiNET devices and restriction - MiNET devices: MAC address 08:00:0F:50:90:01: "
                             "Device enabled differs")
    assert (finding.line, finding.expected, finding.severity) == ("N", "yes", Severity.MEDIUM)
    assert finding.position.file.endswith("aveiro.yml")
    assert "mbg-minet-mac-allowlist" in finding.controls


def test_a_record_that_is_not_there_and_one_that_should_not_be(aveiro: Gateway) -> None:
    reading = read(aveiro, MINET, MINET_HEAD + "08:00:0F:50:90:99;Bob;;Y;mivb\n")
    prefix = "MiNET devices and restriction - MiNET devices: MAC address 08:00:0F:50:90:"
    assert titles(reading) == [f"{prefix}01 is not there", f"{prefix}99 is in no definition"]
    assert form_findings(reading)[1].meaning == "remove it by hand: an import never deletes"
    assert states(reading)["entries"] == "different"


def test_the_second_record_of_a_name_is_extra(aveiro: Gateway) -> None:
    row = "08:00:0F:50:90:01;Ana at home;;Y;mivb\n"
    assert read(aveiro, MINET, MINET_HEAD + row + row).extra == ("MAC address 08:00:0F:50:90:01",)


@pytest.mark.parametrize("cell", ["", "hunter2", "********"])
def test_a_password_is_unknown_whatever_stands_there_and_is_not_kept(aveiro: Gateway, cell: str) -> None:
    reading = read(aveiro, SIP, f"user,secret,inner user,where\nhome-7,{cell},1007,sip devices only\n")
    found = states(reading)
    assert found["Set-side username home-7/set-side-password"] == "unknown"
    assert found["Set-side username home-7/set-side-username"] == "in-order"
    assert {item.severity for item in form_findings(reading)} == {Severity.UNKNOWN}
    assert not cell or cell not in repr(reading) + repr(form_findings(reading))


def test_a_field_without_a_column_is_unknown(aveiro: Gateway) -> None:
    reading = read(aveiro, SIP, "user,secret,inner user,where\nhome-7,,1007,SIP devices only\n")
    assert states(reading)["Set-side username home-7/configured-icp"] == "unknown"
    assert [item.why for item in reading.settings if item.setting.field == "configured-icp"] == [
        "the export has no column for it"]


def test_a_word_that_nobody_explained_is_unknown_and_a_blank_is_a_difference(aveiro: Gateway) -> None:
    place = "MAC address 08:00:0F:50:90:01/device-enabled"
    for cell, state in (("perhaps", "unknown"), ("", "different"), ("N", "different"), ("Y", "in-order")):
        reading = read(aveiro, MINET, MINET_HEAD + f"08:00:0F:50:90:01;Ana at home;;{cell};mivb\n")
        assert states(reading)[place] == state


def test_columns_in_another_order_and_new_ones_do_no_harm(evora: Gateway) -> None:
    text = "New,PC port off,Comment,Class Of Service Number\nx,No,Desks,10\nx,Yes,Shop floor,20\n"
    assert form_findings(read(evora, CLASSES, text)) == ()


def test_records_without_a_name_are_matched_as_wholes(evora: Gateway) -> None:
    columns = ColumnMap(product="mivoice-business", form="class-of-service", columns=(
        Column(header="Comment", field="comment"), Column(header="PC", field="pc-port-on-ip-device-disable")))
    reading = read(evora, columns, "Comment,PC\nShop floor,Yes\nDesks,Yes\n")
    assert reading.missing == ("Class Of Service Number 10",)
    assert reading.extra == ("record 2 of the export (Comment Desks, PC-Port on IP Device - Disable Yes)",)


def test_fields_of_a_form_are_one_record_and_defaults_are_nobodys_wish(evora: Gateway) -> None:
    columns = ColumnMap(product="mivoice-business", form="vm-options", columns=(
        Column(header="Length", field="passcode-length"), Column(header="Lock", field="mailbox-lockout-timer"),
        Column(header="Transfer", field="allow-transfer-to-any-number")))
    reading = read(evora, columns, "Length,Lock,Transfer\n8,9,Enabled\n")
    found = states(reading)
    assert (found["passcode-length"], found["allow-transfer-to-any-number"]) == ("in-order", "different")
    assert "mailbox-lockout-timer" not in found
    two = read(evora, columns, "Length,Lock,Transfer\n8,9,Enabled\n8,9,Enabled\n")
    assert set(states(two).values()) == {"unknown"}


@pytest.mark.parametrize(("data", "words"), [
    (b"", "the file is empty"), (b"A,A\n1,2\n", "two columns are called 'A'"),
    (b"A,\n1,2\n", "column 2 has no heading"),
    (b"A,B\n1\n", "record 1 has 1 cells under 2 headings"), (b"A\0B\n", "no text"), (b'A,B\n"1,2\n', "no CSV"),
])
def test_what_is_no_export_is_refused(data: bytes, words: str) -> None:
    with pytest.raises(InputError, match=words):
        read_export("x.csv", data)


def test_encodings_and_delimiters_of_real_systems() -> None:
    for data in ("A;B\nx;\u00e9\n".encode("cp1252"), "A;B\nx;\u00e9\n".encode("utf-8-sig"),
                 "A\tB\r\nx\t\u00e9\r\n".encode("utf-16")):
        export = read_export("x.csv", data)
        assert (export.headers, export.rows) == (("A", "B"), (("x", "\u00e9"),))
