"""The second house behind a VPN: what its text means, and that nothing passes beside it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from punchdown.pipeline import Selection
from punchdown.pipeline.proving import ground_of, site_state
from punchdown.values.proof import Answer
from tests.platforms.cisco_asa.conftest import ESTATE

Edit = tuple[str, str]
Answers = tuple[Answer, Answer, Answer]
GOOD, BAD, UNKNOWN = Answer.PROVED, Answer.REFUTED, Answer.UNKNOWN


@pytest.fixture(scope="module")
def claims() -> Callable[..., Answers]:
    """Of the far side, by the text of the firewall after some edits: it reaches the PBX, nothing else of it does,
    nothing in its name comes unencrypted. Nothing else of the site filters."""
    ground = ground_of(ESTATE, Selection())
    compiled, intended = ground.sites["viseu"], ground.intended["fw-1"]
    assert compiled.matrix is not None
    flow = next(item for item in compiled.matrix.flows if (item.client, item.server) == ("annexe", "mivb-1"))

    def of(*edits: Edit) -> Answers:
        text = intended.documents[0].text
        for pattern, new in edits:
            text, count = re.subn(pattern, new, text, flags=re.MULTILINE)
            assert count, pattern
        found = site_state(compiled, {"fw-1": intended}, {"fw-1": {"running-config": text}}, "rendered").claims()
        (far,) = found.parties.tunnelled
        host = next(party for party in found.parties.all if party.name == "mivb-1")
        return found.flow(flow).answer, found.rest(far, host).answer, next(found.in_clear(far)).answer

    return of


@pytest.mark.parametrize(("edits", "answers"), [
    ((), (GOOD, GOOD, GOOD)),
    ((("no sysopt connection permit-vpn\n", ""),), (GOOD, BAD, GOOD)),
    ((("^crypto map PD-vpn interface wan0\n", ""),), (BAD, GOOD, BAD)),
    ((("^tunnel-group .* ipsec-l2l\n", ""),), (BAD, GOOD, GOOD)),
    (((r"^nat .*PD-far-to-annexe.*\n", ""),), (GOOD, GOOD, GOOD)),
    (((r"(?<=set peer )\S+", "192.0.2.131"),), (UNKNOWN,) * 3),
    ((("encryption aes-256", "encryption null"),), (UNKNOWN,) * 3),
    (((r"^(access-list PD-vpn-to-annexe .*) 10\.80\.10\.0 \S+ ", r"\1 host 10.80.10.99 "),),
     (BAD, GOOD, BAD)),
], ids=["as rendered", "past the lists", "not bound", "no far end", "nothing is translated inwards", "another end",
        "no encryption", "another list"])
def test_what_passes_beside_a_vpn_is_told(claims: Callable[..., Answers], edits: tuple[Edit, ...],
                                          answers: Answers) -> None:
    assert claims(*edits) == answers
