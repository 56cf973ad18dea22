"""What a run intended for its devices (secrets as references), and the audit log, which can only grow."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_REFUSE = {
    "sqlite": tuple(
        f"CREATE TRIGGER audit_keeps_{verb.lower()} BEFORE {verb} ON audit "
        "BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END" for verb in ("UPDATE", "DELETE")),
    "postgresql": (
        ("CREATE FUNCTION audit_keeps() RETURNS trigger AS "
         "$$ BEGIN RAISE EXCEPTION 'the audit log only grows'; END $$ LANGUAGE plpgsql"),
        ("CREATE TRIGGER audit_keeps BEFORE UPDATE OR DELETE OR TRUNCATE ON audit "
         "FOR EACH STATEMENT EXECUTE FUNCTION audit_keeps()")),
}


def upgrade() -> None:
    """Add both tables; updates and deletions of the audit log are refused by the database itself."""
    op.create_table(
        "intended", sa.Column("run", sa.String(40), primary_key=True),
        sa.Column("device", sa.String(64), primary_key=True), sa.Column("intent", sa.Text, nullable=False),
        sa.Column("config", sa.Text, nullable=False))
    op.create_table(
        "audit", sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("at", sa.String(32), nullable=False), sa.Column("who", sa.String(128), nullable=False),
        sa.Column("what", sa.String(32), nullable=False), sa.Column("site", sa.String(64), nullable=False),
        sa.Column("run", sa.String(40), nullable=False), sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("result", sa.Text, nullable=False))
    for statement in _REFUSE.get(op.get_bind().dialect.name, ()):
        op.execute(statement)


def downgrade() -> None:
    """Drop both."""
    op.drop_table("audit")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_keeps()")
    op.drop_table("intended")
