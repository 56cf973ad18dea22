"""Two devices of one redundancy group never change together."""

from __future__ import annotations

from pathlib import Path

import pytest

from punchdown.compiler import compile_estate
from punchdown.loader import load_estate
from punchdown.pipeline.work import Pace, waves_of

ESTATE = "estate: faro-group\n"
SITE = """\
site: faro
segments:
  office: {vlan: 130, prefix: 10.20.32.0/24, zone: data}
  management: {vlan: 199, prefix: 10.20.99.0/24, zone: management}
hosts:
  admin-1: {kind: admin, segment: management, address: 10.20.99.9}
management:
  credential: switches
devices:
"""
SWITCH = ("  sw-{number}: {{role: access-switch, platform: cisco_ios, management: 10.20.99.1{number}, "
          "ports: {{1-4: pc}}{pair}}}\n")


@pytest.mark.parametrize("pair", [", pair: core", ""])
def test_a_pair_is_never_in_one_wave(tmp_path: Path, pair: str) -> None:
    (tmp_path / "sites").mkdir()
    (tmp_path / "punchdown.yml").write_text(ESTATE)
    switches = "".join(SWITCH.format(number=number, pair=pair if number in {2, 3} else "") for number in range(1, 5))
    (tmp_path / "sites" / "faro.yml").write_text(SITE + switches)
    estate = load_estate(tmp_path)
    waves = waves_of(estate, compile_estate(estate)["faro"].devices, Pace())
    assert sorted(name for wave in waves for name in wave) == [f"sw-{number}" for number in range(1, 5)]
    assert any({"sw-2", "sw-3"} <= set(wave) for wave in waves) == (not pair)
