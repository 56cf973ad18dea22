"""The audit of every control. Touches no device: what devices show comes from their last verification."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path

from punchdown.audit import SiteFacts, audit_site
from punchdown.catalog.controls import domains, papers
from punchdown.compiler import CompiledSite, compile_estate
from punchdown.compiler.gateway import gateway_settings
from punchdown.devices import Operator
from punchdown.errors import PlanError
from punchdown.loader import load_estate
from punchdown.model import LoadedSite
from punchdown.pipeline.exports import ExportName, read_exports
from punchdown.pipeline.proving import rendered_documents, site_state
from punchdown.pipeline.select import Selection
from punchdown.platforms import platform
from punchdown.proof import evidence
from punchdown.render import render_device
from punchdown.state import Store
from punchdown.values import Audit, Sighting
from punchdown.values.reading import SettingReading


@dataclass(frozen=True, slots=True)
class Witnesses:
    """Where observations were kept: the operator's directory, or a store of its own; exports of gateways' forms; and
    whether it shall be proved what the intended configurations let through."""

    operator: Path
    store_url: str | None = None
    exports: tuple[ExportName, ...] = ()
    proof: bool = True


def audit(estate: Path, sites: Sequence[str], witnesses: Witnesses, as_of: date, now: str,
          watch: Callable[[Sequence[str]], Iterable[str]] = iter) -> Audit:
    """Every control once for each site whose name matches one of the globs (none: all sites). ``watch`` gives the names
    of the sites back one by one, and may tell how far they are.

    Raises:
        InputError: the definition, or an export, is wrong.
        PlanError: the globs take no site, or an export is of no gateway of theirs.
        StateError: the store can't be read.
    """
    loaded = load_estate(estate)
    compiled = compile_estate(loaded)
    chosen = [name for name in compiled if not sites or any(fnmatchcase(name, glob) for glob in sites)]
    if not chosen:
        raise PlanError(f"the selection takes no site; known: {', '.join(compiled) or 'none'}")
    seen = _sightings(witnesses)
    read = _readings(estate, chosen, witnesses)
    audits = []
    for name in watch(chosen):
        facts = replace(facts_of(loaded.loaded[name], compiled[name], seen), readings=read.get(name, ()))
        audits.append(audit_site(proved(facts, compiled[name]) if witnesses.proof else facts, as_of))
    return Audit(loaded.name, now, as_of.isoformat(), domains(), papers(), tuple(audits))


def proved(facts: SiteFacts, compiled: CompiledSite) -> SiteFacts:
    """The same with the proof of what the site's intended configurations let through."""
    intended = {config.device: config for config in facts.configs}
    return replace(facts, proof=evidence(site_state(compiled, intended, rendered_documents(intended), "rendered")))


def facts_of(loaded: LoadedSite, compiled: CompiledSite, seen: tuple[Sighting, ...] = ()) -> SiteFacts:
    """What an audit of one site looks at. The site must be free of errors."""
    if compiled.matrix is None:
        raise PlanError(f"{compiled.site}: the definition has errors")
    return SiteFacts(
        loaded, compiled.devices, compiled.matrix, tuple(render_device(intent) for intent in compiled.devices),
        {intent.device: platform(intent.platform).expectations(intent) for intent in compiled.devices}, seen,
        gateway_settings(loaded))


def _readings(estate: Path, sites: Sequence[str], witnesses: Witnesses) -> dict[str, tuple[SettingReading, ...]]:
    """Site to what exports show of its gateways."""
    found: dict[str, tuple[SettingReading, ...]] = {}
    if witnesses.exports:
        for gateway, forms in read_exports(estate, Selection(sites=tuple(sites)), witnesses.exports):
            found[gateway.site] = (*found.get(gateway.site, ()), *(item for form in forms for item in form.settings))
    return found


def _sightings(witnesses: Witnesses) -> tuple[Sighting, ...]:
    if witnesses.store_url is None and not witnesses.operator.is_dir():
        return ()
    with Store.open(witnesses.store_url or Operator.load(witnesses.operator).store_url) as store:
        return store.sightings()
