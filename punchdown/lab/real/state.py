"""What a running lab is, as written into its directory."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from punchdown.lab.real.commands import LabError

_FILE = "lab.json"


@dataclass(frozen=True, slots=True)
class LabState:
    """``kind``: real or emulated. ``prefix`` of the namespaces. ``addresses``: machine to its IPv4 addresses;
    ``appliances``: devices with a file system of their own; ``site_file`` absolute."""

    kind: str
    site: str
    site_file: str
    prefix: str
    machines: tuple[str, ...]
    appliances: tuple[str, ...]
    addresses: dict[str, tuple[str, ...]]
    processes: tuple[int, ...] = ()


def save(lab_dir: Path, state: LabState) -> None:
    """Write it. The file also marks the directory as one that ``down`` may remove."""
    (lab_dir / _FILE).write_text(json.dumps(asdict(state), indent=2), encoding="utf-8")


def exists(lab_dir: Path) -> bool:
    """Whether a lab was built here."""
    return (lab_dir / _FILE).is_file()


def load(lab_dir: Path) -> LabState:
    """Read it. Raises LabError when no lab is up here."""
    try:
        plain = json.loads((lab_dir / _FILE).read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise LabError(f"no lab is up in {lab_dir}: run 'punchdown lab up'") from error
    plain["addresses"] = {name: tuple(items) for name, items in plain["addresses"].items()}
    return LabState(**(plain | {key: tuple(plain[key]) for key in ("machines", "appliances", "processes")}))
