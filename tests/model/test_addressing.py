"""The address plan: what a site gets out of one prefix, and what it says when it can't."""

from __future__ import annotations

from ipaddress import ip_network
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from punchdown.model import Site


def site(**more: Any) -> Site:
    return Site.model_validate({"site": "porto", "prefix": "10.20.0.0/16", **more})


def segment(vlan: int, zone: str = "data", **more: Any) -> dict[str, Any]:
    return {"vlan": vlan, "zone": zone, **more}


def reasons(**more: Any) -> list[tuple[tuple[int | str, ...], str]]:
    with pytest.raises(ValidationError) as caught:
        site(**more)
    return [(item["loc"], item["msg"]) for item in caught.value.errors()]


def test_a_vlan_number_is_the_third_octet() -> None:
    found = site(segments={"phones": segment(120), "office": segment(40, size=22)}).segments
    assert str(found["phones"].prefix) == "10.20.120.0/24"
    assert str(found["office"].prefix) == "10.20.160.0/22"


def test_what_is_written_stays_and_is_not_given_twice() -> None:
    found = site(segments={"a": segment(110, prefix="10.20.111.0/24"), "b": segment(111), "c": segment(112)}).segments
    assert [str(found[name].prefix) for name in "abc"] == ["10.20.111.0/24", "10.20.112.0/24", "10.20.113.0/24"]


def test_ipv6_reads_like_the_vlan() -> None:
    found = site(prefix6="2001:db8:20::/48", segments={"a": segment(110), "b": segment(120, ipv6=False)}).segments
    assert str(found["a"].prefix6) == "2001:db8:20:110::/64"
    assert found["b"].prefix6 is None


def test_host_numbers_and_host_names() -> None:
    found = site(
        prefix6="2001:db8:20::/48",
        segments={"management": segment(199, "management", router=254, dhcp="100-199")},
        hosts={"radius-1": {"kind": "radius-server", "segment": "management", "address": 5, "address6": 5}},
        services={"ntp": ["radius-1", "192.0.2.1"]},
        devices={"sw-1": {"role": "access-switch", "platform": "cisco_ios", "management": 11}})
    assert str(found.hosts["radius-1"].address) == "10.20.199.5"
    assert str(found.hosts["radius-1"].address6) == "2001:db8:20:199::5"
    assert str(found.devices["sw-1"].management) == "10.20.199.11"
    assert str(found.segments["management"].router) == "10.20.199.254"
    assert found.segments["management"].dhcp == "10.20.199.100-10.20.199.199"
    assert [str(item) for item in found.services.ntp] == ["10.20.199.5", "192.0.2.1"]


def test_no_room_is_said_at_the_segment() -> None:
    assert reasons(prefix="10.20.0.0/24", segments={"a": segment(1), "b": segment(2)}) == [
        (("segments", "b", "prefix"), "the site's 10.20.0.0/24 has no room left for a /24")]


def test_a_host_number_that_the_segment_has_not() -> None:
    hosts = {"pbx": {"kind": "mivoice-business", "segment": "a", "address": 255},
             "lost": {"kind": "mivoice-business", "segment": "nowhere", "address": 5}}
    assert reasons(segments={"a": segment(1)}, hosts=hosts) == [
        (("hosts", "pbx", "address"), "10.20.1.0/24 has no host number 255"),
        (("hosts", "lost", "address"), "the host number 5 needs a segment with a prefix")]


def test_without_a_plan_a_prefix_is_missing() -> None:
    with pytest.raises(ValidationError, match="Field required"):
        Site.model_validate({"site": "porto", "segments": {"a": segment(1)}})


@given(st.dictionaries(st.integers(1, 4094), st.integers(22, 28), max_size=20))
def test_nothing_overlaps_and_order_of_writing_does_not_matter(wanted: dict[int, int]) -> None:
    segments = {f"s{vlan}": segment(vlan, size=size) for vlan, size in wanted.items()}
    found = site(segments=segments).segments
    again = site(segments=dict(reversed(list(segments.items())))).segments
    assert {name: item.prefix for name, item in found.items()} == {name: item.prefix for name, item in again.items()}
    plan = ip_network("10.20.0.0/16")
    assert all(item.prefix.subnet_of(plan) and item.prefix.prefixlen == item.size for item in found.values())
    assert not any(one.prefix.overlaps(two.prefix) for one, two in combinations(found.values(), 2))


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(),
                    lambda inner: st.lists(inner) | st.dictionaries(
                        st.sampled_from(["segments", "hosts", "devices", "services", "a", "vlan", "prefix", "address",
                                         "segment", "size", "dhcp", "ntp", "zone", "management"]), inner)))
def test_any_data_is_judged_and_never_crashes(data: Any) -> None:
    with pytest.raises(ValidationError):
        Site.model_validate({"site": "!", **data} if isinstance(data, dict) else data)
