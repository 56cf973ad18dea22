"""What the last verification saw on each device, expectation by expectation."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "sightings", sa.Column("device", sa.String(64), primary_key=True), sa.Column("key", sa.String(200),
                                                                                    primary_key=True),
        sa.Column("title", sa.Text, nullable=False), sa.Column("value", sa.Text, nullable=False),
        sa.Column("holds", sa.Boolean), sa.Column("at", sa.String(32), nullable=False))


def downgrade() -> None:
    """Drop it."""
    op.drop_table("sightings")
