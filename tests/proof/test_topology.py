"""Who sits where and which ports are one cable, from the definition."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from punchdown.compiler import compile_site
from punchdown.intent.topology import Link
from punchdown.loader import load_estate
from punchdown.pipeline import Selection
from punchdown.pipeline.proving import ground_of, rendered_documents, site_state
from punchdown.proof import answer, prove
from punchdown.values.proof import Answer

from .conftest import ESTATE

CLUSTER = ESTATE / "examples" / "resilient-cluster"


def test_the_example_site(ground):
    topology = ground.sites["lisbon"].topology
    seats = Counter((item.device, item.kind, item.name, item.tag) for item in topology.attachments)
    assert seats["sw-acc-1", "segment", "phones", 120] == 40
    assert seats["sw-acc-1", "segment", "office", 0] == 44
    assert seats["sw-core-1", "host", "mivb-1", 0] == 1
    assert seats["sw-core-1", "host", "dhcp-1", 0] == 1  # its leg in its own segment
    assert seats["fw-1", "wan", "wan", 0] == 1
    assert seats["sw-core-1", "unused", "unused ports", 0] == 3
    assert Link(("sw-acc-1", "GigabitEthernet1/0/48"), ("sw-core-1", "p20")) in topology.links
    assert Link(("sw-core-1", "p14"), ("fw-1", "lan110")) in topology.links


def test_networks_beyond_an_uplink_sit_on_it():
    """The other town is behind the provider's router on a tagged port."""
    topology = compile_site(load_estate(CLUSTER).loaded["north"]).topology
    uplink = {(item.kind, item.name) for item in topology.attachments if (item.device, item.port) == (
        "core-north", "p16")}
    assert uplink == {("segment", "private-wan"), ("remote", "pbx-south"), ("remote", "phones-south")}


def test_flows_of_the_other_town_are_really_asked_about():
    """Its phones reach the controller and no data host; without the uplink nothing can be said of them."""
    ground = ground_of(CLUSTER, Selection(sites=("north",)))
    state = site_state(ground.sites["north"], ground.intended, rendered_documents(ground.intended), "rendered")
    claims = answer(state, ["tcp phones-south -> pbx-north:6801", "tcp phones-south -> records-north"]).claims
    assert [claim.answer for claim in claims] == [Answer.PROVED, Answer.REFUTED]
    kept = tuple(item for item in state.topology.attachments if item.kind != "remote")
    alone = prove(replace(state, topology=replace(state.topology, attachments=kept)))
    flows = {claim.answer for claim in alone.claims if claim.kind == "flow" and "phones-south" in (claim.client,
                                                                                                 claim.server)}
    assert flows == {Answer.UNKNOWN}
