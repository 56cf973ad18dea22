"""Refusals and words without a server."""

from __future__ import annotations

from dataclasses import replace

import pytest

from punchdown.errors import RenderError
from punchdown.platforms.kea import PLATFORM, masking, words
from punchdown.platforms.kea.capabilities import CONFIG
from punchdown.render import render_device
from tests.platforms.kea.dhcp_box import DHCP, OFFICE, PHONES, intent


def test_refusals() -> None:
    def refused(**changes: object) -> str:
        pools = (replace(PHONES, **changes), OFFICE)  # type: ignore[arg-type]
        return "\n".join(PLATFORM.refusals(intent(replace(DHCP, pools=pools))))

    assert PLATFORM.refusals(intent()) == ()
    assert "none" in PLATFORM.refusals(intent(None))[0]
    assert "outside" in refused(first="10.9.9.9")
    assert "reversed" in refused(first="10.20.20.200")
    assert "no router" in refused(router="")
    assert "both VLAN 130" in refused(vlan=130)
    assert "overlap" in refused(prefix="10.20.0.0/16")
    assert "longer than" in refused(call_servers=("10.20.10.10",) * 20)
    assert "outside" in refused(reservations=(("08:00:0f:00:00:01", "10.1.1.1", "x"),))


def test_comma_in_option_data_is_escaped_for_the_server() -> None:
    assert words.option('a,b"c') == r'"a\\,b\"c"'


def test_pool_without_voice_vlan_tells_phones_nothing() -> None:
    plain = replace(OFFICE, voice_vlan=0)
    text = render_device(intent(replace(DHCP, pools=(plain,)))).document(CONFIG).text
    assert "minet-130" not in text
    assert "id:ipphone" not in text


def test_control_character_never_reaches_a_line() -> None:
    with pytest.raises(RenderError):
        words.text("a\nb")


def test_foreign_database_password_is_masked() -> None:
    shown = masking.mask('{"lease-database": {"password": "hunter2", "user": "kea"}}', lambda _secret: "<masked:1>")
    assert "hunter2" not in shown
    assert '"user": "kea"' in shown


def test_provenance_reaches_the_lines() -> None:
    lines = render_device(intent()).document(CONFIG).lines
    assert next(line for line in lines if '"id": 130' in line.text).source.field == "segments.office"
    assert next(line for line in lines if '"option-def": [' in line.text).source.field == "devices.dhcp-1"
