"""Two purposes more: a code enrols for two, a person once for each, and a group's period can be a month."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_COLUMNS = "subject, purpose, public_key, cell, person, enrolled_on, receipt"
_ONCE = "one_enrolment_a_person_and_purpose"


def upgrade() -> None:
    op.drop_column("codes", "purpose")
    for table in ("period_keys", "group_reports", "publications"):
        op.execute(f"ALTER TABLE {table} RENAME COLUMN week TO period")
    if op.get_bind().dialect.name == "sqlite":
        _make_enrolments_anew()
    else:
        op.drop_constraint("enrolments_person_key", "enrolments")
        op.create_unique_constraint(_ONCE, "enrolments", ["person", "purpose"])


def _make_enrolments_anew() -> None:
    """SQLite changes no constraint of a table that is there."""
    op.execute("PRAGMA defer_foreign_keys = ON")  # reports refer to enrolments: looked at again at the end
    op.execute("CREATE TABLE enrolments_before AS SELECT * FROM enrolments")
    op.drop_table("enrolments")
    op.create_table(
        "enrolments",
        sa.Column("subject", sa.String(26), primary_key=True),
        sa.Column("purpose", sa.String(16), nullable=False),
        sa.Column("public_key", sa.String(43), nullable=False),
        sa.Column("cell", sa.String(32), sa.ForeignKey("cells.code")),
        sa.Column("person", sa.String(32), sa.ForeignKey("persons.id")),
        sa.Column("enrolled_on", sa.Date, nullable=False),
        sa.Column("receipt", sa.Text, nullable=False),
        sa.UniqueConstraint("person", "purpose", name=_ONCE),
    )
    op.execute(f"INSERT INTO enrolments ({_COLUMNS}) SELECT {_COLUMNS} FROM enrolments_before")
    op.drop_table("enrolments_before")
