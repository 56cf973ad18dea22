"""Runs, their journal, the locks on sites, and what was read back last."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the first tables."""
    op.create_table(
        "runs", sa.Column("run", sa.String(40), primary_key=True), sa.Column("site", sa.String(64), nullable=False),
        sa.Column("who", sa.String(128), nullable=False), sa.Column("plan", sa.Text, nullable=False),
        sa.Column("started", sa.String(32), nullable=False), sa.Column("ended", sa.String(32)),
        sa.Column("result", sa.String(32)))
    op.create_table(
        "journal", sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("run", sa.String(40), nullable=False, index=True), sa.Column("device", sa.String(64), nullable=False),
        sa.Column("step", sa.String(32), nullable=False), sa.Column("at", sa.String(32), nullable=False),
        sa.Column("detail", sa.Text))
    op.create_table(
        "locks", sa.Column("site", sa.String(64), primary_key=True), sa.Column("run", sa.String(40), nullable=False),
        sa.Column("holder", sa.String(200), nullable=False), sa.Column("machine", sa.String(128), nullable=False),
        sa.Column("process", sa.Integer, nullable=False), sa.Column("taken", sa.String(32), nullable=False),
        sa.Column("expires", sa.String(32), nullable=False))
    op.create_table(
        "confirmed", sa.Column("device", sa.String(64), primary_key=True),
        sa.Column("digest", sa.String(64), nullable=False), sa.Column("run", sa.String(40), nullable=False),
        sa.Column("at", sa.String(32), nullable=False))


def downgrade() -> None:
    """Drop them."""
    for table in ("confirmed", "locks", "journal", "runs"):
        op.drop_table(table)
