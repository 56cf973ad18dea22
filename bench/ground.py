"""What the benchmarks share: an estate of any size, and a table that is printed and kept."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Iterable, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "bench" / "results.md"


def make_estate(folder: Path, sites: int) -> Path:
    """Copies of the example site (up to 200), each with names, MAC addresses and the second octet of its own."""
    (folder / "sites").mkdir(parents=True)
    (folder / "profiles").mkdir()
    inventory = ROOT / "inventory"
    (folder / "punchdown.yml").write_text((inventory / "punchdown.yml").read_text())
    profile = (inventory / "profiles" / "hotel.yml").read_text()
    site = (inventory / "sites" / "lisbon.yml").read_text()
    devices = re.findall(r"^  ([a-z0-9-]+):(?=\s+\{?role|\n    role)", site, re.MULTILINE)
    for number in range(1, sites + 1):
        text = site.replace("10.20.", f"10.{number}.").replace("site: lisbon", f"site: s{number:03}")
        text = text.replace("203.0.113.", f"203.{number}.113.").replace("'02:00:00:", f"'02:00:{number:02X}:")
        text = text.replace("'08:00:0F:10:", f"'08:00:0F:{number:02X}:")
        text = text.replace("extends: hotel", f"extends: hotel-{number:03}")
        for device in devices:
            text = re.sub(rf"\b{device}\b", f"{device}-{number:03}", text)
        own = re.sub(r"\bradius-1\b", f"radius-1-{number:03}", profile).replace("10.20.", f"10.{number}.")
        own = own.replace("profile: hotel", f"profile: hotel-{number:03}")
        (folder / "profiles" / f"hotel-{number:03}.yml").write_text(own)
        (folder / "sites" / f"s{number:03}.yml").write_text(text)
    return folder


def machine() -> str:
    """Cores, system and Python of this machine, and how busy it was during the last minute."""
    cores = len([line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("processor")])
    return (f"{cores} cores, {platform.system()} {platform.machine()}, CPython {platform.python_version()}, "
            f"load {os.getloadavg()[0]:.1f}")


def versions(packages: Iterable[str]) -> str:
    """``netmiko 4.8.0, nornir 3.6.0``; packages that are not installed are left out."""
    told = []
    for package in packages:
        try:
            told.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            continue
    return ", ".join(told)


def keep(title: str, setting: str, head: Sequence[str], rows: Iterable[Sequence[str]], packages: Iterable[str]) -> None:
    """Print a table and append it to ``bench/results.md`` with machine and versions."""
    lines = [f"## {title}", "", f"{setting} {machine()}; {versions(packages)}.", "", f"| {' | '.join(head)} |",
             f"|{'---|' * len(head)}"]
    lines += [f"| {' | '.join(row)} |" for row in rows]
    text = "\n".join(lines) + "\n\n"
    print(text, end="")
    with RESULTS.open("a", encoding="utf-8") as results:
        results.write(text)
