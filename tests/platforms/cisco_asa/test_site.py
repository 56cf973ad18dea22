"""The example clinic as a whole: proved on its own text, refuted by a packet when one line is wrong."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from punchdown.compiler import CompiledSite, compile_estate
from punchdown.loader import load_estate
from punchdown.pipeline.proving import rendered_documents, site_state
from punchdown.proof import prove
from punchdown.render import render_device
from punchdown.values.proof import Answer, Claim
from tests.platforms.cisco_asa.conftest import ESTATE


@pytest.fixture(scope="module")
def site() -> CompiledSite:
    (found,) = compile_estate(load_estate(ESTATE)).values()
    return found


def refuted(site: CompiledSite, old: str, new: str) -> Iterable[Claim]:
    """The claims that do not hold when one line of the firewall is another."""
    intended = {intent.device: render_device(intent) for intent in site.devices}
    texts = rendered_documents(intended)
    text = texts["fw-1"]["running-config"]
    assert old in text
    changed = {**texts, "fw-1": {"running-config": text.replace(old, new, 1)}}
    claims = prove(site_state(site, intended, changed, "edited")).claims
    assert not any(claim.answer is Answer.UNKNOWN for claim in claims)
    return [claim for claim in claims if claim.answer is Answer.REFUTED]


@pytest.mark.parametrize(("old", "new", "told"), [
    ("access-list PD-in-lan40 extended permit tcp host 10.80.40.23 host 10.80.10.10 eq 1752",
     "access-list PD-in-lan40 extended permit tcp host 10.80.40.23 host 10.80.10.10 eq 1753", {"flow"}),
    ("access-list PD-in-lan30 extended deny ip any object-group PD-inside log\n", "", {"rest"}),
    ("nat (lan50,wan0) source static PD-h-10.80.50.10 PD-h-198.51.100.80 service PD-s-tcp-5061 PD-s-tcp-5061\n", "",
     {"flow"}),
    ("same-security-traffic permit inter-interface\n", "", {"flow"}),
    ("access-group PD-in-lan30 in interface lan30\n", "", {"rest"}),
])
def test_one_wrong_line_is_refuted_by_a_packet(site: CompiledSite, old: str, new: str, told: set[str]) -> None:
    found = refuted(site, old, new)
    assert told <= {claim.kind for claim in found}
    assert all(claim.packet is not None for claim in found)


def test_as_rendered_everything_is_proved(site: CompiledSite) -> None:
    assert list(refuted(site, "hostname", "hostname")) == []
