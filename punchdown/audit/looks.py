"""What looks from outside say of a control: every gateway of its product, every fact, from every place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from punchdown.audit.facts import SiteFacts
from punchdown.catalog.controls import Looks
from punchdown.catalog.forms import product_of
from punchdown.values import Gap, Sighting
from punchdown.verify import SOON

IN_TIME = "in-time"


@dataclass(frozen=True, slots=True)
class Looked:
    """``whole``: every gateway was seen in every respect; ``gaps`` are what did not hold."""

    whole: bool
    sightings: tuple[Sighting, ...]
    gaps: tuple[Gap, ...]


def looked_at(looks: Looks, facts: SiteFacts, as_of: str) -> Looked:
    """The last look from each place; one later than the day of the audit does not count."""
    hosts = [name for name, host in facts.site.hosts.items()
             if (product := product_of(host.kind)) and product.key == looks.product]
    found: list[Sighting] = []
    whole = bool(hosts)
    for host in hosts:
        for fact in looks.facts:
            here = [item for item in facts.sightings if item.device.partition("@")[0] == host and "@" in item.device
                    and item.key.endswith(f" {fact}") and item.at[:10] <= as_of]
            found += here
            whole = whole and any(item.holds is not None for item in here)
    gaps = tuple(Gap(f"the look of {item.at} found that this does not hold: {item.title}"
                     + (f" (it ends on {item.value})" if item.key.endswith(IN_TIME) else ""),
                     facts.at("hosts", item.device.partition("@")[0]))
                 for item in found if not _holds(item, as_of))
    return Looked(whole, tuple(found), gaps)


def _holds(item: Sighting, as_of: str) -> bool:
    """Whether nothing speaks against it; a certificate ends whether or not somebody looks again."""
    if item.key.endswith(f" {IN_TIME}") and item.value:
        return date.fromisoformat(item.value) > date.fromisoformat(as_of) + SOON
    return item.holds is not False
