"""The settings of a gateway, for people and for whoever types or imports them."""

from __future__ import annotations

from pathlib import Path

from punchdown.compiler import compile_estate
from punchdown.compiler.gateway import gateway_settings
from punchdown.errors import PlanError
from punchdown.loader import load_estate
from punchdown.model.diagnostics import suggest
from punchdown.values import GatewaySetting


def settings(estate: Path, name: str, words: str | None = None) -> tuple[GatewaySetting, ...]:
    """The resolved settings of one host, in the order of its forms; empty when the name is a device's, or a glob.

    Args:
        name: the host, as HOST or, where several sites have it, SITE/HOST. A device of that name goes first.
        words: keeps the settings whose form, field, value, source or controls contain them, in any case.

    Raises:
        InputError: the definition is wrong.
        PlanError: no host with forms, or more than one, has the name; or no setting contains the words.
    """
    loaded = load_estate(estate)
    compile_estate(loaded)
    wanted, slash, host = name.rpartition("/")
    devices = {device for site in loaded.sites.values() for device in site.devices}
    if name in devices or any(char in name for char in "*?["):
        return ()
    found = {site: resolved[host] for site, item in loaded.loaded.items()
             if host in item.site.hosts and (not slash or site == wanted)
             and host in (resolved := gateway_settings(item))}
    if len(found) > 1:
        raise PlanError(f"{host} is in several sites: write {' or '.join(f'{site}/{host}' for site in found)}")
    if not found:
        gateways = {host for item in loaded.loaded.values() for host in gateway_settings(item)}
        raise PlanError(f"there is no device and no gateway {name!r}; {suggest(name, devices | gateways)}")
    kept = tuple(item for item in next(iter(found.values())) if not words or words.lower() in _searched(item))
    if not kept:
        raise PlanError(f"{host}: no setting contains {words!r}")
    return kept


def _searched(item: GatewaySetting) -> str:
    parts = (item.form, item.title, item.field, item.label, item.value, item.source, *item.controls)
    return "\n".join(map(str, parts)).lower()
