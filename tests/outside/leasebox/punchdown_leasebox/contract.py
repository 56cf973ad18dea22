"""Its member of punchdown's contract suite."""

from tests.contract.member import Member

MEMBER = Member(
    "leasebox", "configuration",
    alike=((r"^(pool pd-phones)$", r"\n# the phones\n\1"), (r"^ lease 28800$", "  lease   28800")),
    foreign=("pool theirs", " network 10.99.0.0/24 from 10.99.0.2", " range 10.99.0.5 10.99.0.9", "location cellar"),
    foreign_shown=("pool theirs\n network 10.99.0.0/24 from 10.99.0.2\n range 10.99.0.5 10.99.0.9", "location cellar"),
)
