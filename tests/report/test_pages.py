"""The pages over time: what they say is what the past says, every link leads somewhere, and device text stays text."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from posixpath import dirname, join, normpath

import pytest

from punchdown.cli.report import LIST, write_pages
from punchdown.errors import PlanError
from punchdown.report.pages import Overview, estate_pages
from punchdown.report.pages.sides import Row, side_by_side
from punchdown.report.pages.topology import picture_of
from punchdown.report.pages.views import RANK, estate_view
from punchdown.values import Change, Difference, Provenance, Verdict
from tests.report.made_up import EVIL, at, change_of, example, made_up
from tests.report.test_html import Page


@pytest.fixture(scope="module")
def overview() -> Overview:
    return made_up(34)


@pytest.fixture(scope="module")
def pages(overview: Overview) -> dict[str, str]:
    return dict(estate_pages(overview))


class Links(HTMLParser):
    """Where a page leads, and what can be led to on it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.to: set[str] = set()
        self.ids: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "a":
            self.to.add(found["href"] or "")
        self.ids += [found["id"] or ""] if "id" in found else []


def test_every_link_leads_to_a_page_or_a_place_on_it(pages: dict[str, str]) -> None:
    links = {address: Links(text) for address, text in pages.items()}
    for address, page in links.items():
        assert len(page.ids) == len(set(page.ids)), address
        for target in page.to:
            where, _, place = target.partition("#")
            there = normpath(join(dirname(address), where)) if where else address
            assert there in pages, (address, target)
            if place and "=" not in place:
                assert place in links[there].ids, (address, target)
    entries = json.loads(re.findall(r'id="index">(.*?)</script>', pages["index.html"])[0])
    assert {entry[3] for entry in entries} <= pages.keys()


def test_tags_close_and_nothing_loads_or_runs_but_our_own(pages: dict[str, str]) -> None:
    for address, text in pages.items():
        page = Page(text)
        assert page.count("script") <= 2, address
        assert not page.count("img")
        assert not page.count("link")
        for tag, attributes in page.tags:
            bad = {name for name in attributes if name.startswith("on") or name in {"style", "src"}}
            assert not bad, (address, tag)
        assert "default-src 'none'" in text
        assert "unsafe" not in text
        assert "\x1b" not in text
        assert "\u202e" not in text


def test_device_text_can_not_end_the_search_index(pages: dict[str, str]) -> None:
    assert EVIL.partition("\x1b")[0] in Page(pages["devices/hotel-001.dhcp-01-001.html"]).text
    index = pages["index.html"].partition('id="index">')[2].partition("</script>")[0]
    assert "<" not in index
    assert any("<script>" in entry[1] for entry in json.loads(index))


def test_the_same_past_gives_the_same_pages(overview: Overview, pages: dict[str, str]) -> None:
    assert dict(estate_pages(overview)) == pages


def test_a_page_for_every_site_device_and_control(overview: Overview, pages: dict[str, str]) -> None:
    devices = {f"devices/{place.site}.{item.device}.html" for place in overview.places for item in place.devices}
    assert len(devices) == 34
    assert devices == {address for address in pages if address.startswith("devices/")}
    assert {f"sites/{place.site}.html" for place in overview.places} == {
        address for address in pages if address.startswith("sites/")}


def test_who_needs_help_most_stands_first(overview: Overview, pages: dict[str, str]) -> None:
    for address in ("devices.html", "sites/hotel-002.html"):
        told = re.findall(r'<a href="[^"]*devices/[^"]+">([^<]+)</a></th>', pages[address])
        by_name = {device.name: device for device in estate_view(overview).devices}
        ranks = [(RANK[by_name[name].status], [-count for count in by_name[name].counts.values()]) for name in told]
        assert len(told) >= 10
        assert ranks == sorted(ranks)


def test_who_applied_last_since_when_and_why_it_drifts(pages: dict[str, str]) -> None:
    text = pages["devices/hotel-001.dhcp-01-001.html"]
    assert "changed outside of punchdown since it was applied" in text
    assert f'<time datetime="{at(12)}">2026-02-18 04:05</time> by ana' in text
    assert "sites/lisbon.yml:31:5" in text
    assert "10.20.32.7 can open SMDR on mivb-1" in text


def test_the_counter_example_stands_beside_the_matrix(pages: dict[str, str]) -> None:
    text = pages["sites/hotel-001.html"]
    (target,) = set(re.findall(r'<a class="status bad" href="#([0-9a-f]{12})">open</a>', text))
    assert f'id="{target}"' in text
    assert "tcp 10.20.32.7:40000 -&gt; 10.20.10.10:1752" in text
    assert "flows:br0:34" in text


def test_lines_that_belong_together_stand_side_by_side() -> None:
    spots = side_by_side(change_of("sw-1", 0))
    rows = [(row.verdict, "".join(word for word, _ in row.has)[:22], "".join(word for word, _ in row.should)[:22])
            for spot in spots for row in spot.rows]
    assert rows == [
        ("changed", "ntp server10.20.99.250", "ntp server10.20.99.5"),
        ("extra", "description </script><", ""), ("changed", "switchport access vlan", "switchport access vlan"),
        ("missing", "", "authentication port-co"), ("reordered", "20 deny tcp any host 1", "20 deny tcp any host 1"),
        ("unknown", "radius server key", "")]
    changed = spots[0].rows[0]
    assert (changed.has[-1], changed.should[-1]) == (("10.20.99.250", True), ("10.20.99.5", True))


def test_no_line_is_lost_or_told_twice_side_by_side() -> None:
    lines = [*(Difference(Verdict.EXTRA, "d", (), f"permit tcp any host 10.0.0.{number}", Provenance())
               for number in range(9)),
             *(Difference(Verdict.MISSING, "d", (), f"permit tcp any host 10.0.1.{number}", Provenance())
               for number in range(6))]
    (spot,) = side_by_side(Change("sw-1", "cisco_ios", tuple(lines), (), ""))
    has = [" ".join(word for word, _ in row.has) for row in spot.rows if row.has]
    should = [" ".join(word for word, _ in row.should) for row in spot.rows if row.should]
    assert (sorted(has), sorted(should)) == ([item.line for item in lines[:9]], [item.line for item in lines[9:]])


def test_lines_of_ten_thousands_of_words_are_compared_in_pieces() -> None:
    members = [f"10.{number // 250}.{number % 250}.1" for number in range(30_000)]

    def rows(*changed: int) -> tuple[Row, ...]:
        other = [f"{item}9" if number in changed else item for number, item in enumerate(members)]
        lines = (Difference(verdict, "ruleset", (), f"elements {' , '.join(words)}", Provenance())
                 for verdict, words in ((Verdict.EXTRA, members[:scale]), (Verdict.MISSING, other[:scale])))
        (spot,) = side_by_side(Change("fw-1", "linux_nftables", tuple(lines), (), ""))
        return spot.rows

    scale = 5000
    (one,) = rows(700)
    assert [text for text, own in one.should if own] == ["10.2.200.19"]
    (far,) = rows(7, 4000)
    assert [text.count(",") for text, own in far.should if own] == [3993]
    scale = 30_000
    assert [row.verdict for row in rows(700)] == ["extra", "missing"]


def test_the_picture_has_each_device_on_its_segments() -> None:
    place, _, _ = example()
    picture = picture_of(place, {"fw-1": "different"})
    rails = {rail.y: rail.name for rail in picture.rails}
    columns = {column.name: column for column in picture.columns}
    assert {rails[y] for y, _ in columns["dhcp-1"].dots} == {"phones", "office", "management"}
    assert {rails[y] for y, routed in columns["fw-1"].dots if routed} == {rail.name for rail in picture.rails}
    assert columns["fw-1"].status == "different"
    assert "servers to call-control: pms, smdr" in [arc.title for arc in picture.flows]
    assert len(picture.cables) == len(place.cables)


def test_many_devices_that_are_alike_share_a_column() -> None:
    place, _, _ = example()
    many = tuple(replace(item, device=f"{item.device}-{number}") for item in place.devices for number in range(40))
    picture = picture_of(replace(place, devices=many, cables=()), {"fw-1-7": "failed"})
    assert [column.name for column in picture.columns] == ["40 devices"] * 5
    assert picture.columns[0].status == "failed"


def test_pages_replace_those_of_the_run_before_and_nothing_else(tmp_path: Path) -> None:
    out = tmp_path / "public"
    assert write_pages(out, [("index.html", "1"), ("devices/a.b.html", "1")]) == 2
    (out / "own.html").write_text("mine")
    write_pages(out, [("index.html", "2")])
    assert sorted(str(path.relative_to(out)) for path in out.rglob("*") if path.is_file()) == [
        "index.html", "own.html", LIST]
    (out / LIST).write_text("../precious.html\n/etc/passwd\n")
    (tmp_path / "precious.html").write_text("keep")
    write_pages(out, [("index.html", "3")])
    assert (tmp_path / "precious.html").exists()


def test_a_folder_with_something_else_in_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(PlanError, match="holds something that is no report"):
        write_pages(tmp_path, [("index.html", "1")])
