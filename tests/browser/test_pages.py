"""The pages over time in a real browser: usable by keyboard, screen reader, printer, without script; deaf to text."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from punchdown.cli.report import write_pages
from punchdown.report import audit_html, proof_html, to_html
from punchdown.report.pages import estate_pages
from punchdown.values import Ignored, Proofs, Report
from tests.browser.conftest import Opener
from tests.report.conftest import ACCESS, CORE, DHCP, FIREWALL, RADIUS
from tests.report.made_up import example, made_up
from tests.report.made_up import opened as refuted
from tests.report.test_audit import AUDIT

DEVICE, SITE, CONTROL = "devices/hotel-001.dhcp-01-001.html", "sites/hotel-001.html", "controls/acl-smdr.html"
PAGES = ("index.html", "faults.html", "devices.html", "controls.html", SITE, DEVICE, CONTROL)
REPORT = Report(
    "drift", "grand-hotels", "2026-03-02T04:05:06Z", (
        DHCP, FIREWALL, RADIUS, ACCESS, CORE, *(replace(ACCESS, device=f"sw-acc-{number}") for number in range(2, 6))),
    new=(ACCESS.findings[0].id,), gone=ACCESS.findings, ignored=(Ignored(ACCESS.findings[0], "later", "2026-04-30"),))


def violations(page: Page, scheme: str = "light") -> list[str]:
    """What axe-core says against a page with nothing folded, with the element. In the dark the window is narrow, and
    asked for what colours and width change."""
    page.evaluate("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })")
    if scheme == "dark":
        page.set_viewport_size({"width": 400, "height": 800})
    only = ["color-contrast", "target-size", "scrollable-region-focusable"] if scheme == "dark" else [
        "wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = Axe().run(page, options={"resultTypes": ["violations"], "runOnly": only}).response["violations"]
    return [f"{item['id']}: {node['html'][:120]}" for item in found for node in item["nodes"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("address", PAGES)
def test_nobody_is_shut_out(opened: Opener, small: Path, address: str, scheme: str) -> None:
    assert violations(opened(small / address, color_scheme=scheme), scheme) == []


def test_one_device_alone(opened: Opener, tmp_path: Path) -> None:
    write_pages(tmp_path / "public", estate_pages(made_up(1)))
    page = opened(tmp_path / "public" / "index.html")
    assert violations(page) == []
    page.get_by_role("link", name="lisbon").first.click()
    page.get_by_role("link", name=re.compile("dhcp-1")).first.click()
    expect(page.locator("h1")).to_contain_text("dhcp-1")
    assert violations(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("kind", ["report", "proof", "audit"])
def test_nor_from_the_pages_of_one_run(opened: Opener, tmp_path: Path, kind: str, scheme: str) -> None:
    _, proof, _ = example()
    text = {"report": lambda: to_html(REPORT), "audit": lambda: audit_html(AUDIT),
            "proof": lambda: proof_html(Proofs("grand-hotels", "2026-03-02T04:05:06Z", (refuted(proof),)))}[kind]()
    (tmp_path / "page.html").write_text(text)
    assert violations(opened(tmp_path / "page.html", color_scheme=scheme), scheme) == []


def on_paper(page: Page) -> list[str]:
    """What hangs out of a sheet of A4, and what is folded on it."""
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 718, "height": 800})
    told: list[str] = page.evaluate("""() => [
      ...[...document.querySelectorAll("body *")].filter((node) => node.getBoundingClientRect().right > 719),
      ...[...document.querySelectorAll("details > :not(summary)")].filter((node) => !node.checkVisibility()),
    ].map((node) => node.outerHTML.slice(0, 120))""")
    return told


def test_the_judge_sees_what_is_wrong(opened: Opener, small: Path, tmp_path: Path) -> None:
    text = (small / "index.html").read_text().replace('aria-label="Search everything"', "").replace('lang="en"', "")
    (tmp_path / "page.html").write_text(re.sub(r'placeholder="[^"]*"', "", text))
    told = {item.partition(":")[0] for item in violations(opened(tmp_path / "page.html"))}
    assert {"label", "html-has-lang"} <= told


def test_nothing_hangs_out_of_a_narrow_window(opened: Opener, small: Path) -> None:
    page = opened(small / PAGES[0], viewport={"width": 320, "height": 800})
    for address in PAGES:
        page.goto((small / address).as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, address


def test_the_search_finds_devices_lines_and_controls_and_opens_them_by_keyboard(opened: Opener, small: Path) -> None:
    page = opened(small / "index.html")
    page.keyboard.press("/")
    expect(page.locator("#everything")).to_be_focused()
    page.keyboard.type("hotel-002 fw")
    assert [link.inner_text() for link in page.locator("#results strong").all()[:2]] == ["fw-02-002", "fw-07-002"]
    page.locator("#everything").fill("acl-smdr control")
    expect(page.locator("#results strong").first).to_have_text("acl-smdr")
    page.locator("#everything").fill("port-control auto")
    expect(page.locator("#matches")).to_have_text(re.compile(r"\d+ found"))
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("dhcp-01-001")


def test_escape_clears_the_search(opened: Opener, small: Path) -> None:
    page = opened(small / "index.html")
    page.locator("#everything").fill("fw")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(page.locator("#everything")).to_be_focused()
    expect(page.locator("#everything")).to_have_value("")
    expect(page.locator("#results")).to_be_hidden()


def test_what_is_found_is_told_to_who_does_not_see(opened: Opener, small: Path) -> None:
    page = opened(small / "index.html")
    page.locator("#everything").fill("nowhere to be found")
    expect(page.get_by_role("status")).to_have_text("0 found")


def test_device_text_in_the_results_stays_text(opened: Opener, small: Path) -> None:
    page = opened(small / "index.html")
    page.locator("#everything").fill("onerror document.title")
    expect(page.locator("#results li", has_text="<script>document.title='owned'</script>").first).to_be_visible()
    assert page.locator("#results script, #results img").count() == 0


def test_filters_meet_and_can_be_taken_off(opened: Opener, small: Path) -> None:
    page = opened(small / "devices.html")
    every = page.locator("#rows tbody tr:visible")
    assert every.count() == 34
    page.get_by_role("button", name=re.compile("^different")).click()
    assert {row.get_attribute("data-status") for row in every.all()} == {"different"}
    page.get_by_role("button", name=re.compile("^firewall")).click()
    assert {(row.get_attribute("data-status"), row.get_attribute("data-role")) for row in every.all()} == {
        ("different", "firewall")}
    page.locator("#search").fill("hotel-003")
    expect(page.locator("#matches")).to_have_text(re.compile(r"^\d of 34 devices$"))
    pressed = page.get_by_role("button", pressed=True)
    assert pressed.count() == 2
    page.locator("#search").fill("")
    for name in ("^different", "^firewall"):
        page.get_by_role("button", name=re.compile(name)).click()
    assert (pressed.count(), every.count()) == (0, 34)
    page.locator("#search").fill("no such device")
    expect(page.locator("#nothing")).to_be_visible()


def test_a_tile_leads_to_what_it_counts(opened: Opener, small: Path) -> None:
    page = opened(small / "index.html")
    tile = page.get_by_role("list", name="Devices by status").get_by_role("link").first
    count = int(tile.locator(".count").inner_text())
    tile.click()
    expect(page.locator("#matches")).to_have_text(f"{count} of 34 devices")


def test_the_first_key_skips_to_the_content(opened: Opener, small: Path) -> None:
    page = opened(small / SITE)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#main"


def test_without_script_everything_is_there(opened: Opener, large: Path) -> None:
    page = opened(large / "devices.html", java_script_enabled=False)
    assert page.locator("#rows tbody tr:visible").count() == 1000


def test_a_thousand_devices_draw_no_more_than_a_page_can_bear(opened: Opener, large: Path) -> None:
    page = opened(large / "index.html")
    page.locator("#everything").fill("s")
    assert page.locator("#results li").count() == 40
    expect(page.locator("#matches")).to_have_text(re.compile(r"^40 of \d{4} found$"))
    page = opened(large / "devices.html")
    rows = page.locator("#rows tbody tr:visible")
    assert rows.count() == 100
    page.get_by_role("button", name="Show all 1000").click()
    assert rows.count() == 1000


def test_a_printer_gets_all_rows_and_no_buttons(opened: Opener, large: Path) -> None:
    page = opened(large / "devices.html")
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator("#rows tbody tr:visible").count() == 1000
    for part in (".pages", ".choices", ".search input"):
        expect(page.locator(part).first).to_be_hidden()


def test_paper_holds_the_whole_of_it_and_unfolded(opened: Opener, small: Path, tmp_path: Path) -> None:
    page = opened(small / PAGES[0])
    (tmp_path / "page.html").write_text(to_html(REPORT))
    for path in (*(small / address for address in (*PAGES[:3:2], SITE, DEVICE)), tmp_path / "page.html"):
        page.emulate_media(media="screen")
        page.goto(path.as_uri())
        assert on_paper(page) == [], path.name


def test_even_unescaped_text_of_a_device_can_not_run(opened: Opener, small: Path, tmp_path: Path) -> None:
    evil = "<script>document.title='owned'</script>"
    (tmp_path / "page.html").write_text((small / DEVICE).read_text().replace("</main>", f"{evil}</main>"))
    page = opened(tmp_path / "page.html")
    assert "owned" not in page.title()
    (told,) = opened.bad
    assert "Content Security Policy" in told
    opened.bad.clear()


def test_paper_is_white_whatever_the_screen_is(opened: Opener, small: Path) -> None:
    page = opened(small / SITE, color_scheme="dark")
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.emulate_media(media="print", color_scheme="dark")
    assert dark != page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert violations(page) == []
