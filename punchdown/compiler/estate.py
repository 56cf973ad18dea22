"""All sites of an estate at once: each compiled, and checked against one another."""

from __future__ import annotations

from collections.abc import Iterable

from punchdown.compiler.checks_estate import check_estate
from punchdown.compiler.checks_remotes import check_remotes
from punchdown.compiler.site import CompiledSite, compile_site, judge_site
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
    told = [*found, *(item for site in sites.values() for item in site.diagnostics), *check_estate(estate),
            *check_remotes(estate)]
    if any(item.severity == "error" for item in told):
        raise InputError(in_order(told))
    return sites


def judge_estate(estate: Estate, found: Iterable[Diagnostic] = ()) -> tuple[Diagnostic, ...]:
    """What :func:`compile_estate` says, for less than the price of compiling: warnings, sorted by place.

    Raises:
        InputError: every fault of every site, warnings as well, sorted by place.
    """
    told = [*found, *(item for loaded in estate.loaded.values() for item in judge_site(loaded)), *check_estate(estate)]
    if any(item.severity == "error" for item in told):
        raise InputError(in_order(told))
    return tuple(in_order(told))
