"""Open vSwitch; the real switch judges it in tests of its own."""

from tests.contract.member import Member
from tests.proof.edits import OPENVSWITCH

MEMBER = Member("openvswitch", "flows:br0", edits=OPENVSWITCH, order=OPENVSWITCH["swap"])
