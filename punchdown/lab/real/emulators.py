"""Emulated appliances that hang on the real switch."""

from __future__ import annotations

from pathlib import Path

from punchdown.lab.real.appliances import Keys
from punchdown.lab.real.site import LabSite


def start_emulated(site: LabSite, lab_dir: Path, prefix: str, keys: Keys) -> None:
    """Start one server per emulated device, inside the device's namespace."""


def build_loopback(site_file: Path, lab_dir: Path) -> None:
    """The emulated devices of a site on loopback, for anyone."""
    raise NotImplementedError


def stop_loopback(lab_dir: Path) -> None:
    """End them."""


def running(lab_dir: Path) -> dict[str, str]:
    """Device to ``up`` or ``down``."""
    return {}
