"""The cache of ``check``: the same answer for less, and never an answer about other files."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from punchdown import pipeline
from punchdown.errors import InputError
from punchdown.loader import Files
from punchdown.pipeline import Selection, checking
from punchdown.pipeline.cache import Cache
from punchdown.values import Report
from tests.errors.harness import CASES, write_estate

NOW = "2026-01-01T00:00:00Z"
TWO = """# file: sites/lisbon.yml
site: lisbon
extends: base
# file: sites/porto.yml
site: porto
segments: {management: {vlan: 9, prefix: 10.21.99.0/24, zone: management}}
hosts: {admin-2: {kind: admin, segment: management, address: 10.21.99.9}}
devices:
  fw-2: {role: firewall, platform: linux_nftables, management: 10.21.99.1, routes: [management]}
  sw-3: {role: access-switch, platform: cisco_ios, management: 10.21.99.2, ports: {1: fw-2/management, 2: admin-2}}
"""


@pytest.fixture
def estate(tmp_path: Path) -> Path:
    return write_estate(tmp_path / "estate", TWO)


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The sites that were really looked at, in this process."""
    seen: list[str] = []
    real = checking.load_site

    def load(files: Files, path: Path) -> object:
        seen.append(path.stem)
        return real(files, path)
    monkeypatch.setattr(checking, "load_site", load)
    return seen


def run(estate: Path, tmp_path: Path) -> Report:
    return pipeline.check(estate, Selection(), NOW, cache=tmp_path / "cache")


def test_a_second_time_nothing_is_looked_at(estate: Path, tmp_path: Path, looked_at: list[str]) -> None:
    first = run(estate, tmp_path)
    assert looked_at == ["lisbon", "porto"]
    assert run(estate, tmp_path) == first
    assert looked_at == ["lisbon", "porto"]
    assert first == pipeline.check(estate, Selection(), NOW)


def test_only_what_was_touched_is_looked_at(estate: Path, tmp_path: Path, looked_at: list[str]) -> None:
    run(estate, tmp_path)
    looked_at.clear()
    path = estate / "sites" / "porto.yml"
    path.write_text(path.read_text().replace("vlan: 9", "vlan: 8"))
    run(estate, tmp_path)
    assert looked_at == ["porto"]


def test_a_profile_touches_the_sites_that_extend_it(estate: Path, tmp_path: Path, looked_at: list[str]) -> None:
    run(estate, tmp_path)
    looked_at.clear()
    path = estate / "profiles" / "base.yml"
    path.write_text(path.read_text().replace("vlan: 110", "vlan: 120"))
    with pytest.raises(InputError, match="PD1201"):
        run(estate, tmp_path)
    assert looked_at == ["lisbon"]


def test_a_netblock_file_touches_its_site(estate: Path, tmp_path: Path, looked_at: list[str]) -> None:
    (estate / "blocks.txt").write_text("198.51.100.0/24\n")
    site = estate / "sites" / "lisbon.yml"
    site.write_text(site.read_text() + "firewall: {netblocks: {blocked: {file: blocks.txt}}, deny: blocked}\n")
    run(estate, tmp_path)
    looked_at.clear()
    (estate / "blocks.txt").write_text("198.51.100.0/99\n")
    with pytest.raises(InputError):
        run(estate, tmp_path)
    assert looked_at == ["lisbon"]


def test_what_is_wrong_between_untouched_sites_is_told_again(estate: Path, tmp_path: Path) -> None:
    path = estate / "sites" / "porto.yml"
    path.write_text(path.read_text().replace("10.21.99", "10.20.99"))
    told = []
    for _ in range(2):
        with pytest.raises(InputError) as caught:
            run(estate, tmp_path)
        told.append(str(caught.value))
    assert told[0] == told[1]
    assert "PD1603" in told[0]
    assert "|" in told[0]


def test_a_site_that_is_gone_is_gone(estate: Path, tmp_path: Path) -> None:
    run(estate, tmp_path)
    (estate / "sites" / "porto.yml").unlink()
    assert {row.site for row in run(estate, tmp_path).devices} == {"lisbon"}


@pytest.mark.parametrize("text", ["", "{}", "null", "not JSON", '{"stamp": "other", "entries": {}}'])
def test_a_broken_cache_is_an_empty_one(estate: Path, tmp_path: Path, looked_at: list[str], text: str) -> None:
    first = run(estate, tmp_path)
    (only,) = (tmp_path / "cache").iterdir()
    only.write_text(text)
    looked_at.clear()
    assert run(estate, tmp_path) == first
    assert looked_at == ["lisbon", "porto"]


def test_a_folder_that_cannot_be_written_costs_time_only(estate: Path, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    assert run(estate, tmp_path).exit_code == 0


def test_nothing_but_check_believes_it(estate: Path, tmp_path: Path) -> None:
    """A cache that lies deceives check alone: what is rendered and pushed is made from the files."""
    run(estate, tmp_path)
    path = estate / "sites" / "porto.yml"
    (only,) = (tmp_path / "cache").iterdir()
    before = Cache(tmp_path / "cache", Files(estate))._digest("sites/porto.yml")
    path.write_text(path.read_text().replace("vlan: 9", "vlan: 0"))
    after = Cache(tmp_path / "cache", Files(estate))._digest("sites/porto.yml")
    only.write_text(only.read_text().replace(before, after))
    assert run(estate, tmp_path).exit_code == 0
    with pytest.raises(InputError, match="PD1105"):
        pipeline.render(estate, Selection())


def test_many_sites_in_several_processes_say_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = TWO.partition("# file: sites/porto.yml\n")[2]
    folder = write_estate(tmp_path / "estate", "")
    (folder / "sites").mkdir()
    for number in range(6):
        site = text.replace("porto", f"s{number}").replace("10.21.", f"10.{number}.").replace("sw-3", f"sw-{number}x")
        (folder / "sites" / f"s{number}.yml").write_text(site.replace("fw-2", f"fw-{number}x"))
    one = pipeline.check(folder, Selection(), NOW, workers=1)
    monkeypatch.setattr(checking, "_WORTH_A_PROCESS", 2)
    assert pipeline.check(folder, Selection(), NOW, workers=3) == one
    assert len(one.devices) == 12


def test_no_fork_beside_other_threads() -> None:
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(checking._cores).result() == 1


def test_a_waiver_that_has_run_out_is_told_from_the_cache(tmp_path: Path, looked_at: list[str]) -> None:
    """Nothing of the files changes on the day after; only the day does."""
    case = (CASES / "PD1817-setting-against.yml").read_text(encoding="utf-8")
    waiver = "waivers: {password-mivb-strength: {reason: consoles of 2009, until: 2026-03-31}}\n"
    estate = write_estate(tmp_path / "estate", case + waiver)

    def told(now: str) -> list[str]:
        report = pipeline.check(estate, Selection(), now, cache=tmp_path / "cache")
        return [item.hint for item in report.warnings if "PD1817" in item.title]
    assert told("2026-03-31T23:59:59Z") == []
    assert told("2026-04-01T00:00:00Z") == ["the waiver counted until 2026-03-31"]
    assert looked_at == ["lisbon"]
