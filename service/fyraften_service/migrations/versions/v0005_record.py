"""The record of working time: seven totals a week under a name, every revision kept as long as the law says."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "record_reports",
        sa.Column("person", sa.String(32), sa.ForeignKey("persons.id"), primary_key=True),
        sa.Column("week", sa.String(8), primary_key=True),
        sa.Column("revision", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("replaces", sa.String(64)),
        sa.Column("answers", sa.Text, nullable=False),
        sa.Column("body_sha256", sa.String(64), nullable=False),
        sa.Column("received_on", sa.Date, nullable=False),
        sa.Column("erase_by", sa.Date, nullable=False),
        sa.Column("receipt", sa.Text, nullable=False),
    )
