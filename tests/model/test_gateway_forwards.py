"""The Port Forward Table: ranges, overlaps, the limit, and agreement with what hosts expose."""

from __future__ import annotations

from pathlib import Path

import pytest

from .gateway_site import SIP, forward, load, settings, table, told


def test_forwards_are_completed(tmp_path: Path) -> None:
    loaded = load(tmp_path, table(forward(dst_start_port=None), SIP))
    found = settings(loaded, "icp-1")
    assert found["port-forward-table", "dst-ip-address", 1].value == "10.20.50.10"
    assert [found["port-forward-table", key, 1].value for key in ("dst-start-port", "dst-end-port")] == [6801, 6802]
    assert found["port-forward-table", "protocol", 2].value == "TCP"
    assert found["wan-settings", "wan-access", 0].value == "Enabled"
    assert not told(loaded)


def test_a_shifted_range_ends_where_the_sizes_agree(tmp_path: Path) -> None:
    """The vendor's own example prints 150 for 10-50 to 100; equal sizes give 140."""
    loaded = load(tmp_path, table(forward(src_start_port=10, src_end_port=50, dst_start_port=100)))
    assert settings(loaded, "icp-1")["port-forward-table", "dst-end-port", 1].value == 140


FORWARDS = {
    "backwards": ([forward(src_start_port=6802, src_end_port=6801)], "forward-range", "6802-6801 runs backwards"),
    "beyond": ([forward(dst_start_port=65535)], "forward-range", "2 ports from 65535 on end at 65536"),
    "overlap": ([forward(), forward(src_start_port=6802, src_end_port=6802)], "forward-overlap",
                "tcp 6802 is forwarded already, by 6801-6802"),
    "nobody": ([forward(dst_ip_address="10.20.50.77")], "forward-no-host", "10.20.50.77, which is in dmz"),
    "nowhere": ([forward(dst_ip_address="192.168.1.1")], "forward-no-host", "in no segment of the site"),
    "unexposed": ([forward(src_start_port=6801, src_end_port=6804)], "forward-not-exposed",
                  "tcp 6803-6804 of mbg-1 is forwarded"),
    "protocol": ([forward(protocol="UDP")], "forward-not-exposed", "udp 6801-6802 of mbg-1"),
    "application": ([forward(dst_ip_address="taker")], "forward-not-exposed", "tcp 6801-6802 of taker"),
    "smdr": ([forward(src_start_port=1752, src_end_port=1752, dst_ip_address="icp-1")], "never-expose",
             "tcp 1752 of icp-1 never faces the Internet [acl-smdr]"),
    "ssh shifted": ([forward(src_start_port=2222, src_end_port=2222, dst_start_port=22)], "never-expose",
                    "tcp 22 of mbg-1 never faces"),
    "clear signalling": ([forward(src_start_port=6800, src_end_port=6802)], "never-expose",
                         "tcp 6800-6802 of mbg-1 never faces the Internet [acl-secure-minet]"),
    "missing": ([forward()], "expose-not-forwarded", "sip-tls of mbg-1 is exposed, and icp-1 does not forward"),
    "no destination": ([forward(dst_ip_address=None)], "setting-missing", "needs 'dst-ip-address'"),
}


@pytest.mark.parametrize("name", FORWARDS)
def test_forwards(tmp_path: Path, name: str) -> None:
    entries, code, words = FORWARDS[name]
    found = told(load(tmp_path, table(*entries)))
    assert words in found[code].message
    assert ":" in str(found[code].position)
    assert found[code].position.line > 16


def test_ranges_that_touch_or_differ_in_protocol_do_not_overlap(tmp_path: Path) -> None:
    loaded = load(tmp_path, table(forward(src_end_port=6801), forward(src_start_port=6802, dst_start_port=6802),
                                  forward(protocol="UDP")))
    assert "forward-overlap" not in told(loaded)


@pytest.mark.parametrize(("count", "refused"), [(39, False), (40, False), (41, True)])
def test_forty_forwards(tmp_path: Path, count: int, refused: bool) -> None:
    entries = [forward(src_start_port=port, src_end_port=port) for port in range(1, count + 1)]
    found = told(load(tmp_path, table(*entries)))
    assert ("setting-entries" in found) is refused
    if refused:
        assert "41 entries, 40 is the limit [firewall-port-forward-limit]" in found["setting-entries"].message
