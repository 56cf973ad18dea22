"""Proofs as text and page: short when all is proved; device text is data."""

from __future__ import annotations

from punchdown.report import proof_html, proofs_text
from punchdown.report.proof_html import picture
from punchdown.values import Position, Provenance
from punchdown.values.policy import LineRef
from punchdown.values.proof import Answer, Claim, Hop, Packet, Proof, Proofs, UnreadLine, Untidy

EVIL = LineRef("running-config", 34, "permit tcp any any eq 1752 <script>alert(1)</script>\x1b[31m")
SOURCE = Provenance("hosts.smdr-taker.uses", Position("sites/lisbon.yml", 23, 82), ("acl-smdr",))
PACKET = Packet(4, "tcp", "10.20.32.7", "10.20.10.10", 49152, 1752)
OPEN = Claim("a1", "flow", "smdr-taker", "mivb-1", "smdr-taker reaches mivb-1: smdr (tcp 1752)", Answer.PROVED,
             service="smdr", source=SOURCE)
HOLE = Claim("b2", "rest", "office", "mivb-1", "nothing else from office reaches mivb-1", Answer.REFUTED,
             "10.20.32.7 can open TCP 1752 on mivb-1", reach="both ways", packet=PACKET,
             hops=(Hop("sw-1", "in by p1, VLAN 130", True, "acl", EVIL), Hop("sw-1", "in by p5", True, reply=True)))
DOUBT = Claim("c3", "rest", "phones", "mivb-1", "nothing else from phones reaches mivb-1", Answer.UNKNOWN,
              unread=tuple(UnreadLine("sw-1", LineRef("running-config", number, f"line {number}"))
                           for number in range(1, 8)))
ZONES = {"smdr-taker": "server", "office": "data", "phones": "voice", "wan": "wan"}


def proofs(*claims: Claim, **more: object) -> Proofs:
    proof = Proof("lisbon", "running", False, claims, zones=ZONES, **more)
    return Proofs("grand-hotels", "2026-03-02T04:05:06Z", (proof,))


def test_what_is_proved_is_only_counted() -> None:
    text = proofs_text(proofs(OPEN))
    assert "declared flows: 1 of 1 proved" in text
    assert OPEN.title not in text
    assert proofs(OPEN).exit_code == 0


def test_a_counter_example_has_its_packet_way_and_line_with_its_number() -> None:
    text = proofs_text(proofs(OPEN, HOLE))
    assert "10.20.32.7 can open TCP 1752 on mivb-1" in text
    assert "tcp 10.20.32.7:49152 -> 10.20.10.10:1752  both ways" in text
    assert "running-config:34  permit tcp any any eq 1752" in text
    assert "reply" not in text
    assert proofs(OPEN, HOLE).exit_code == 2


def test_unknown_names_the_first_lines_and_counts_the_rest() -> None:
    text = proofs_text(proofs(DOUBT))
    assert "running-config:5  line 5" in text
    assert "line 6" not in text
    assert "and 2 more lines" in text
    assert proofs(DOUBT).exit_code == 2


def test_a_site_that_could_not_be_read_fails() -> None:
    found = Proofs("grand-hotels", "2026-03-02T04:05:06Z", (), {"sw-1": "no route to host"})
    assert found.exit_code == 1
    assert "sw-1: no route to host" in proofs_text(found)


def test_lines_that_do_nothing_are_told() -> None:
    untidy = Untidy("shadowed", "sw-1", "acl", LineRef("running-config", 9, "deny ip host 10.0.0.1 any"),
                    LineRef("running-config", 8, "permit ip any any"))
    assert "shadowed" in (text := proofs_text(proofs(OPEN, untidy=(untidy,))))
    assert "see line 8" in text


def test_device_text_is_escaped_everywhere() -> None:
    page, text = proof_html(proofs(HOLE)), proofs_text(proofs(HOLE))
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "\x1b" not in page + text


def test_the_picture_shows_the_worst_of_each_zone() -> None:
    shown = picture(proofs(OPEN, HOLE, DOUBT).proofs[0])
    words = {zone: tuple(cell.word for cell in cells) for zone, cells in shown.rows}
    assert shown.services == ("smdr",)
    assert words == {"data": ("open", "none", "none"), "server": ("none", "none", "open"),
                     "voice": ("unknown", "none", "none"), "wan": ("none", "none", "none")}
