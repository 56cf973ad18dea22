"""All sites of an estate at once: each compiled, and checked against one another."""

from __future__ import annotations

from collections.abc import Iterable

from punchdown.compiler.checks_estate import check_claims
from punchdown.compiler.claims import Claim, claims_of
from punchdown.compiler.site import CompiledSite, compile_site
from punchdown.errors import InputError
from punchdown.model import Diagnostic, Estate
from punchdown.model.diagnostics import in_order


def compile_estate(estate: Estate, found: Iterable[Diagnostic] = ()) -> dict[str, CompiledSite]:
    """Every site by name.

    Args:
        found: what was found while the files were read; it is told together with what is found here.

    Raises:
        InputError: every fault of every site, warnings as well, sorted by place.
    """
    sites = {name: compile_site(loaded) for name, loaded in estate.loaded.items()}
    told = [*found, *(item for site in sites.values() for item in site.diagnostics), *check_estate(estate)]
    if any(item.severity == "error" for item in told):
        raise InputError(in_order(told))
    return sites


def check_estate(estate: Estate) -> tuple[Diagnostic, ...]:
    """What the sites say against one another."""
    def excerpt(claim: Claim) -> str:
        return estate.loaded[claim.site].positions.excerpt(claim.position)

    return check_claims((claim for item in estate.loaded.values() for claim in claims_of(item)), excerpt)
