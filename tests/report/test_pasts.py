"""Pages over odd pasts: clocks that were set back, sites renamed, nights by the hundred, none at all."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any

import pytest

from punchdown.model.attest import Ignore
from punchdown.report.pages import KEPT_DAYS, Overview, estate_pages
from punchdown.report.pages.trend import HEIGHT, trend
from punchdown.report.pages.views import estate_view
from punchdown.values import Look, Severity
from tests.report.made_up import at, made_up


@pytest.fixture(scope="module")
def overview() -> Overview:
    return made_up(34)


def page(overview: Overview, address: str) -> str:
    """One page, made no further than that."""
    return next(text for name, text in estate_pages(overview) if name == address)


def test_what_a_rule_leaves_alone_is_told_apart_until_its_day(overview: Overview) -> None:
    rule = Ignore(title="*ntp server*", reason="new time servers in May", until=date(2026, 3, 2))
    view = estate_view(replace(overview, rules=(rule,)))
    titles = {fault.finding.title for fault in view.faults}
    assert not [title for title in titles if "ntp" in title]
    assert {left.reason for left in view.left} == {"new time servers in May"}
    only = [device for device in view.devices if device.left and not device.faults]
    assert only
    assert {device.status for device in only} <= {"in-order", "failed"}
    late = estate_view(replace(overview, rules=(rule.model_copy(update={"until": date(2026, 3, 1)}),)))
    assert late.left == ()
    assert "Rules to ignore that have ended" in page(late.overview, "index.html")


def test_a_device_that_is_defined_no_longer_has_no_faults(overview: Overview) -> None:
    (first, *rest) = overview.places
    view = estate_view(replace(overview, places=(replace(first, devices=first.devices[1:]), *rest)))
    assert first.devices[0].device not in {fault.device for fault in view.faults}


def test_a_device_that_differs_is_never_in_order_though_nothing_is_told_of_it(overview: Overview) -> None:
    """As after its site got another name: how it was seen last is known, its faults are kept under the old one."""
    past = overview.past
    view = estate_view(replace(overview, past=replace(past, faults=tuple(
        item for item in past.faults if item.kind != "drift"))))
    assert {device.name for device in view.devices if device.status == "different"} == {
        item.device for item in past.latest if item.status == "different" and item.kind == "drift"}


def test_a_device_may_be_named_as_its_site_is(overview: Overview) -> None:
    site = overview.places[0]
    old = site.devices[0].device
    own = replace(site, devices=(replace(site.devices[0], device=site.site), *site.devices[1:]))

    def renamed(items: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(replace(item, device=site.site) if item.device == old else item for item in items)

    past = replace(overview.past, faults=renamed(overview.past.faults), latest=renamed(overview.past.latest))
    before, after = estate_view(overview).sites[0], estate_view(
        replace(overview, places=(own, *overview.places[1:]), past=past)).sites[0]
    assert [fault.finding.id for fault in after.own] == [fault.finding.id for fault in before.own]
    assert (after.devices[0].status, len(after.devices[0].faults)) == (
        before.devices[0].status, len(before.devices[0].faults))
    faults = page(replace(overview, places=(own, *overview.places[1:]), past=past), "faults.html")
    assert f'href="devices/{site.site}.{site.site}.html"' in faults


def test_an_estate_without_a_past_says_so() -> None:
    bare = made_up(5)
    empty = replace(bare, past=replace(bare.past, looks=(), faults=(), latest=(), applied=(), proofs=(), audits=()))
    pages = dict(estate_pages(empty))
    assert "5</span> <span>not looked at" in pages["index.html"]
    assert "Nobody has looked at this device yet" in pages["devices/lisbon.fw-1.html"]
    assert "Nobody has proved this site yet" in pages["sites/lisbon.html"]
    assert "No audit was kept yet" in pages["controls.html"]
    assert "A trend needs two looks at least" in pages["index.html"]


def test_the_trend_counts_what_was_open_right_after_each_look(overview: Overview) -> None:
    faults = overview.past.faults
    for moment in trend(overview.past.looks, faults).moments:
        assert moment.total == sum(item.since <= moment.at and not (item.until and item.until <= moment.at)
                                   for item in faults)


def test_what_was_gone_before_it_came_was_never_there(overview: Overview) -> None:
    """As after a clock was set back between two looks."""
    fault = replace(overview.past.faults[0], since=at(2), until=at(9))
    drawn = trend([Look("drift", at(days), "ci", 1) for days in range(12)], [fault])
    assert {moment.total for moment in drawn.moments} == {0}


def test_four_hundred_nights_are_drawn_as_far_as_what_ended_is_known(overview: Overview) -> None:
    nights = tuple(Look(kind, at(night + number / 24), "ci", 1) for night in range(400, -1, -1)
                   for number, kind in enumerate(("verify", "drift", "prove", "audit")))
    view = replace(overview, past=replace(overview.past, looks=nights))
    moments = re.findall(r'<tr><th scope="row"><time datetime="([^"]+)"', page(view, "index.html"))
    assert len(moments) == KEPT_DAYS + 1
    assert min(moments)[:10] == at(KEPT_DAYS)[:10]
    assert {later > earlier for later, earlier in pairwise(moments)} == {True}


def test_a_look_that_is_long_past_says_so(overview: Overview) -> None:
    late = replace(overview, generated=at(-9))
    assert "9 days ago" in page(late, "index.html").partition("</header>")[0]
    assert "9 days ago" in page(late, "devices.html")
    assert "days ago" not in page(overview, "index.html")
    assert "in the future" in page(replace(overview, generated=at(9)), "index.html")


def test_the_chart_is_as_high_as_its_figures() -> None:
    looks = tuple(Look("drift", at(days), "ci", 1) for days in (3, 2, 1))
    faults = [fault for fault in made_up(5).past.faults if fault.finding.severity is Severity.HIGH][:2]
    drawn = trend(looks, [replace(fault, since=at(days), until="") for fault, days in zip(faults, (3, 2), strict=True)])
    ((severity, points),) = drawn.areas
    assert (severity, drawn.highest) == (Severity.HIGH, 2)
    assert f"0.0,{HEIGHT - (HEIGHT - 8) / 2:.1f}" in points
    assert "351.0,8.0" in points
    assert "720.0,8.0" in points


def test_what_came_and_went_together_is_told_once(overview: Overview) -> None:
    device = overview.places[0].devices[0].device
    fault = next(item for item in overview.past.faults if item.device == device and item.kind == "drift")
    many = tuple(replace(fault, finding=replace(fault.finding, id=f"{number:012}", title=f"missing: line {number}"),
                         since=at(3), until=at(2)) for number in range(1234))
    pages = dict(estate_pages(replace(overview, past=replace(overview.past, faults=many))))
    text = pages[f"devices/hotel-001.{device}.html"]
    assert text.count("1,234 faults, such as missing: line 0") == 2
    assert "missing: line 7<" not in text
    assert pages["index.html"].count("1,234 faults") == 1
