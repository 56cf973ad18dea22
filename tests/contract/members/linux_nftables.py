"""Linux with nftables; the kernel judges it in tests of its own."""

from tests.contract.member import Member
from tests.proof.edits import LINUX_NFTABLES

_RULES = "/etc/nftables.d/50-punchdown.nft"
MEMBER = Member("linux_nftables", _RULES, edits=LINUX_NFTABLES, order=LINUX_NFTABLES["swap"],
                shows=lambda documents: {**documents, f"file:{_RULES}": documents[_RULES]})
