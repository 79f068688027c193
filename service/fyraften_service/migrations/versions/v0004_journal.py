"""The journal of what was acknowledged, and what a receipt of an erasure needs to be made again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "journal_days",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("day", sa.Date, nullable=False, unique=True),
        sa.Column("root", sa.String(64)),
        sa.Column("head", sa.String(64)),
    )
    op.create_table(
        "journal_entries",
        sa.Column("entry", sa.String(64), primary_key=True),
        sa.Column("number", sa.Integer, sa.ForeignKey("journal_days.number"), nullable=False, index=True),
    )
    for column in (
        sa.Column("erased", sa.String(200)),
        sa.Column("kept_until", sa.Date),
        sa.Column("laptop", sa.String(64)),
        sa.Column("journal_number", sa.Integer),
        sa.Column("journal_head", sa.String(64)),
    ):
        op.add_column("tombstones", column)
