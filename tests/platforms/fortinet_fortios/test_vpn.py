"""The second office behind a VPN: what its text means, that nothing passes beside it, and its key on the way."""

from __future__ import annotations

import re

import pytest

from punchdown.errors import RejectedError
from punchdown.pipeline.proving import site_state
from punchdown.values import Change, Step
from punchdown.values.proof import Answer
from tests.platforms.fortinet_fortios.conftest import ROOM

ANY_SOURCE = ("    set strict-src-check enable\n", "")
NO_ROUTE = (r"(?s)config router static.*?\nend\n", "")
FROM_WAN = (r'(?<=set srcintf )"PD-to-coimbra"', '"wan0"')
FLOW, IN, OUT = ("coimbra", "mivb-1"), "gets in unencrypted", "leaves unencrypted"


@pytest.fixture(scope="module")
def claims(site):
    """Of the far side, by the text of the firewall after some edits; nothing else of the site filters."""
    compiled, _, intended = site

    def of(*edits):
        text = intended.documents[0].text
        for pattern, new in edits:
            text, count = re.subn(pattern, new, text)
            assert count, pattern
        found = site_state(compiled, {"fw-1": intended}, {"fw-1": {"running-config": text}}, "rendered").claims()
        flow = next(item for item in compiled.matrix.flows if (item.client, item.server) == FLOW)
        (far,) = found.parties.tunnelled
        first, second = found.in_clear(far)
        assert (IN in first.title, OUT in second.title) == (True, True)
        return found.flow(flow).answer, first.answer, second.answer

    return of


GOOD, BAD, UNKNOWN = Answer.PROVED, Answer.REFUTED, Answer.UNKNOWN


@pytest.mark.parametrize(("edits", "answers"), [
    ((), (GOOD, GOOD, GOOD)),
    (((r'(?s)    edit "PD-to-coimbra-1".*?    next\n', ""),), (BAD, GOOD, GOOD)),
    ((NO_ROUTE,), (BAD, BAD, BAD)),
    (((r"192\.0\.2\.130", "192.0.2.131"),), (UNKNOWN,) * 3),
    (((r"(?<=set phase1name \"PD-to-coimbra\"\n        set proposal )\S+", "null-sha256"),), (UNKNOWN,) * 3),
    ((FROM_WAN,), (BAD, GOOD, GOOD)),
    ((FROM_WAN, ANY_SOURCE), (BAD, BAD, GOOD)),
], ids=["as rendered", "a selector gone", "no route", "another end", "no encryption", "from the wan, sources looked at",
        "from the wan, and any source"])
def test_what_passes_beside_a_vpn_is_told(claims, edits, answers):
    assert claims(*edits) == answers


def test_a_secret_that_would_end_its_quotes_is_never_sent():
    steps = (Step('        set psksecret "<secret:vpn-to-coimbra>"'),)
    change = Change("fw-1", ROOM.name, (), steps, "", (), "low", "")
    with pytest.raises(RejectedError) as error:
        ROOM.safe_change().stage(type("Writer", (), {"device": "fw-1"})(), change, lambda _: 'a"b')
    assert 'a"b' not in str(error.value)
