"""Reports that carry a name may be corrected, and what laptops are told about the service is kept."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
_KEPT = "subject, month, answers, body_sha256, received_on, erase_by, receipt"


def upgrade() -> None:
    # A new table: a primary key cannot be widened everywhere.
    op.create_table(
        "duty_revisions",
        sa.Column("subject", sa.String(26), sa.ForeignKey("enrolments.subject"), primary_key=True),
        sa.Column("month", sa.String(7), primary_key=True),
        sa.Column("revision", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("replaces", sa.String(64)),
        sa.Column("answers", sa.Text, nullable=False),
        sa.Column("body_sha256", sa.String(64), nullable=False),
        sa.Column("received_on", sa.Date, nullable=False),
        sa.Column("erase_by", sa.Date, nullable=False),
        sa.Column("receipt", sa.Text, nullable=False),
    )
    op.execute(f"INSERT INTO duty_revisions (revision, {_KEPT}) SELECT 1, {_KEPT} FROM duty_reports")
    op.drop_table("duty_reports")
    op.rename_table("duty_revisions", "duty_reports")
    op.create_table(
        "policies",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("since", sa.Date, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
    )
