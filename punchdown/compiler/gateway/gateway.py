"""One gateway of a site: its host, its product and all that is written about its forms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from punchdown.catalog.forms import Product, product_of, products
from punchdown.compiler.context import SiteContext
from punchdown.compiler.gateway.reading import Cell, FormReader, Row, WrittenForm
from punchdown.model import Host


@dataclass(frozen=True)
class Gateway:
    """``forms`` by key: what the host says over what the site says for all hosts of the product."""

    context: SiteContext
    name: str
    product: Product
    forms: Mapping[str, WrittenForm]

    @property
    def host(self) -> Host:
        """The host as written."""
        return self.context.site.hosts[self.name]

    def cell(self, form: str, field: str) -> Cell | None:
        """A written field, None when it is left out."""
        return self.forms[form].cells.get(field) if form in self.forms else None

    def rows(self, form: str, table: str = "") -> tuple[Row, ...]:
        """The written entries of a table."""
        return self.forms[form].tables.get(table, ()) if form in self.forms else ()

    @cached_property
    def clients(self) -> Mapping[str, tuple[str, ...]]:
        """Service to the hosts and segments that use it here."""
        site = self.context.site
        used: dict[str, list[str]] = {}
        for name, host in site.hosts.items():
            for use in host.uses:
                service, _, server = use.partition("@")
                if server == self.name:
                    used.setdefault(service, []).append(name)
        for flow in site.flows:
            if flow.server == self.name:
                used.setdefault(flow.service, []).append(flow.client)
        return {service: tuple(names) for service, names in used.items()}

    @cached_property
    def exposed(self) -> tuple[str, ...]:
        """Services that the Internet may reach."""
        return tuple(item.service for item in self.host.expose)


def read_gateways(context: SiteContext) -> tuple[Gateway, ...]:
    """Every host with forms. Faults are noted."""
    site = context.site
    readers = {key: FormReader(context, product) for key, product in products().items()}
    shared: dict[str, dict[str, WrittenForm]] = {
        key: readers[key].read(raw, ("gateway_settings", key)) for key, raw in site.gateway_settings.items()}
    gateways = []
    for name, host in site.hosts.items():
        path = ("hosts", name, "settings")
        product = product_of(host.kind)
        if product is None:
            if host.settings:
                context.error("settings-kind", path, f"{name} is of kind {host.kind}, which has no forms")
            continue
        own = readers[product.key].read(host.settings, path, host.kind)
        base = {key: form for key, form in shared.get(product.key, {}).items()
                if product.forms[key].is_on(host.kind)}
        merged = {key: own[key].over(base[key]) if key in own and key in base else own.get(key) or base[key]
                  for key in {**base, **own}}
        gateways.append(Gateway(context, name, product, merged))
    return tuple(gateways)
