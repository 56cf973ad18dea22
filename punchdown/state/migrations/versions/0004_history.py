"""Looks at devices over time: when, the faults that were found with their beginning and end, and the last picture."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the tables; a fault can be open only once."""
    op.create_table(
        "looks", sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("kind", sa.String(16), nullable=False), sa.Column("at", sa.String(32), nullable=False),
        sa.Column("who", sa.String(128), nullable=False), sa.Column("devices", sa.Integer, nullable=False))
    op.create_table(
        "faults", sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("kind", sa.String(16), nullable=False), sa.Column("site", sa.String(64), nullable=False),
        sa.Column("device", sa.String(64), nullable=False), sa.Column("finding", sa.String(40), nullable=False),
        sa.Column("since", sa.String(32), nullable=False), sa.Column("until", sa.String(32)),
        sa.Column("body", sa.Text, nullable=False))
    op.create_index("faults_until", "faults", ["until"])
    still = sa.text("until IS NULL")
    op.create_index("faults_open", "faults", ["kind", "device", "finding"], unique=True, sqlite_where=still,
                    postgresql_where=still)
    op.create_table(
        "latest", sa.Column("kind", sa.String(16), primary_key=True), sa.Column("device", sa.String(64),
                                                                                primary_key=True),
        sa.Column("site", sa.String(64), nullable=False), sa.Column("at", sa.String(32), nullable=False),
        sa.Column("status", sa.String(16), nullable=False), sa.Column("cause", sa.String(16), nullable=False),
        sa.Column("body", sa.Text, nullable=False), sa.Column("detail", sa.Text, nullable=False))


def downgrade() -> None:
    """Drop them."""
    for table in ("latest", "faults", "looks"):
        op.drop_table(table)
