"""The page: complete in itself, and dead to whatever a device says."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from dataclasses import replace
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from punchdown.report import proof_html, to_html, to_text
from punchdown.values import DeviceReport, Finding, Ignored, Proofs, Report, Severity

VOID = {"meta", "input", "br"}


class Page(HTMLParser):
    """Collects tags and text, and refuses a page whose tags do not close."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(text)
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not self.open or self.open[-1] not in {"script", "style"}:
            self.text += data

    def count(self, tag: str) -> int:
        return sum(name == tag for name, _attributes in self.tags)


def hostile(text: str) -> Report:
    """A report that says ``text`` wherever a device or a person can put it."""
    finding = Finding("0" * 12, text, "drift", Severity.HIGH, text, text, text, text, text, (text,), hint=text,
                      field=text)
    return Report("drift", text, "2026-03-02T04:05:06Z",
                  (DeviceReport(text, text, text, text, "different", (finding,), text),), (finding,))


def test_nothing_is_loaded_from_anywhere(report: Report) -> None:
    page = Page(to_html(report))
    for tag, attributes in page.tags:
        assert tag not in {"link", "img", "iframe", "object", "embed", "base", "form"}
        assert not {"src", "srcset", "style"} & set(attributes)
        assert not any(name.startswith("on") for name in attributes)
        assert (attributes.get("href") or "#").startswith("#")
    assert not re.search(r"url\(|@import", to_html(report))


def test_the_policy_allows_exactly_our_style_and_script(report: Report) -> None:
    text = to_html(report)
    policy = next(a["content"] for t, a in Page(text).tags if a.get("http-equiv") == "Content-Security-Policy")
    for tag, directive in (("style", "style-src"), ("script", "script-src")):
        (inner,) = re.findall(f"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        digest = b64encode(hashlib.sha256(inner.encode()).digest()).decode()
        assert f"{directive} 'sha256-{digest}'" in str(policy)
    assert str(policy).startswith("default-src 'none';")


@given(st.sampled_from(["<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "</style><svg onload=x>",
                        "{{ 7 * 7 }}", "'; drop", "]]><!--"]) | st.text(max_size=30))
def test_no_text_becomes_markup(text: str) -> None:
    calm, page = Page(to_html(hostile("calm"))), Page(to_html(hostile(text)))
    assert page.count("script") == 1
    assert [tag for tag, _a in page.tags if tag not in {"p", "span", "div", "b", "code"}] == [
        tag for tag, _a in calm.tags if tag not in {"p", "span", "div", "b", "code"}]
    assert "{{ 7 * 7 }}" in page.text or text != "{{ 7 * 7 }}"


def test_control_characters_are_visible(report: Report) -> None:
    text = to_html(report)
    assert "\\x1b[2J\\u202e\\x07" in text
    assert not {"\x1b", "\u202e", "\x07"} & set(text)


def test_every_device_is_in_the_table_with_its_status(report: Report) -> None:
    text = to_html(report)
    for device in report.devices:
        assert f'data-device="lisbon/{device.device}" data-status="{device.status}"' in text


def test_same_report_same_bytes(report: Report) -> None:
    assert to_html(report) == to_html(replace(report))


def test_no_devices_is_a_page_too() -> None:
    assert "0 devices" in Page(to_html(Report("drift", "e", "2026-03-02T04:05:06Z", ()))).text


def test_the_same_fault_of_many_devices_is_told_once_and_leads_to_each(report: Report) -> None:
    finding = Finding("0" * 12, "", "drift", Severity.HIGH, "VLAN 110 is gone")
    devices = tuple(DeviceReport(f"sw-{number}", "lisbon", "cisco_ios", "access-switch", "different",
                                 (replace(finding, id=f"{number:012}", device=f"sw-{number}"),)) for number in range(5))
    text = to_html(replace(report, devices=devices, new=("000000000003",)))
    wide = text.partition("The same on several devices")[2].partition("</section>")[0]
    assert wide.count("VLAN 110 is gone") == 1
    places = re.findall(r'href="#([^"]+)"', wide)
    assert len(places) == 5
    assert all(f'id="{place}"' in text for place in places)
    assert text.count('<span class="status warn">new</span>') == 2
    assert "The same on several devices" not in to_html(replace(report, kind="plan", devices=devices))


def test_thousands_that_are_gone_are_told_by_device(report: Report) -> None:
    gone = tuple(Finding(f"{number:012}", f"sw-{number % 3}", "drift", Severity.LOW, f"missing: line {number}")
                 for number in range(3000))
    told = replace(report, gone=(*gone, replace(gone[0], device="fw-1")))
    for text in (to_html(told), to_text(told)):
        assert text.count("1,000 faults") == 3
        assert text.count("missing: line") == 1


def test_what_is_worst_of_a_device_stands_first(report: Report) -> None:
    low, high = (Finding(f"{number:012}", "sw-1", "verify", severity, f"fault {number}")
                 for number, severity in enumerate((Severity.LOW, Severity.HIGH)))
    row = DeviceReport("sw-1", "lisbon", "cisco_ios", "access-switch", "different", (low, high))
    text = to_html(replace(report, kind="verify", devices=(row,)))
    assert text.index("fault 1") < text.index("fault 0")


def test_a_proof_of_nothing_says_so_and_names_a_device_once() -> None:
    text = proof_html(Proofs("e", "2026-03-02T04:05:06Z", (), {"sw-1": "sw-1: no answer", "sw-2": "no answer"}))
    assert "Nothing was proved" in text
    assert text.count("sw-1") == text.count("sw-2") == 1


def test_what_is_gone_and_what_is_left_alone_is_told_and_escaped(report: Report) -> None:
    finding = Finding("0" * 12, "sw-1", "drift", Severity.HIGH, "<b>gone</b>")
    text = to_html(replace(report, gone=(finding,), ignored=(Ignored(finding, "<i>why</i>", "2027-01-01"),)))
    assert "sw-1: &lt;b&gt;gone&lt;/b&gt;" in text
    assert "&lt;i&gt;why&lt;/i&gt;" in text
    assert "<b>gone" not in text
