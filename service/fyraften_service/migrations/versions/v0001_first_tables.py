"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    _cells_and_people()
    _group()
    _duty()
    _keeping()


def _cells_and_people() -> None:
    op.create_table(
        "cells",
        sa.Column("code", sa.String(32), primary_key=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("parent", sa.String(32), sa.ForeignKey("cells.code")),
        sa.Column("position", sa.Integer, nullable=False),
    )
    op.create_table(
        "persons",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("name", sa.String(200), nullable=False),
    )
    op.create_table(
        "codes",
        sa.Column("code_hash", sa.String(64), primary_key=True),
        sa.Column("purpose", sa.String(16), nullable=False),
        sa.Column("cell", sa.String(32), sa.ForeignKey("cells.code")),
        sa.Column("person", sa.String(32), sa.ForeignKey("persons.id")),
    )
    op.create_table(
        "enrolments",
        sa.Column("subject", sa.String(26), primary_key=True),
        sa.Column("purpose", sa.String(16), nullable=False),
        sa.Column("public_key", sa.String(43), nullable=False),
        sa.Column("cell", sa.String(32), sa.ForeignKey("cells.code")),
        sa.Column("person", sa.String(32), sa.ForeignKey("persons.id"), unique=True),
        sa.Column("enrolled_on", sa.Date, nullable=False),
        sa.Column("receipt", sa.Text, nullable=False),
    )


def _group() -> None:
    op.create_table(
        "period_keys",
        sa.Column("week", sa.String(8), primary_key=True),
        sa.Column("key", sa.LargeBinary(32), nullable=False),
    )
    op.create_table(
        "group_reports",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("week", sa.String(8), sa.ForeignKey("period_keys.week"), nullable=False),
        sa.Column("cell", sa.String(32), sa.ForeignKey("cells.code"), nullable=False),
        sa.Column("token", sa.String(64), nullable=False),
        sa.Column("answers", sa.Text, nullable=False),
        sa.Column("body_sha256", sa.String(64), nullable=False),
        sa.Column("received_on", sa.Date, nullable=False),
        sa.Column("receipt", sa.Text, nullable=False),
        sa.UniqueConstraint("week", "token", name="one_report_a_contributor_and_week"),
    )
    op.create_table(
        "publications",
        sa.Column("week", sa.String(8), primary_key=True),
        sa.Column("published_on", sa.Date, nullable=False),
        sa.Column("figures", sa.Text, nullable=False),
    )


def _duty() -> None:
    op.create_table(
        "duty_reports",
        sa.Column("subject", sa.String(26), sa.ForeignKey("enrolments.subject"), primary_key=True),
        sa.Column("month", sa.String(7), primary_key=True),
        sa.Column("answers", sa.Text, nullable=False),
        sa.Column("body_sha256", sa.String(64), nullable=False),
        sa.Column("received_on", sa.Date, nullable=False),
        sa.Column("erase_by", sa.Date, nullable=False),
        sa.Column("receipt", sa.Text, nullable=False),
    )


def _keeping() -> None:
    op.create_table(
        "tombstones",
        sa.Column("subject_hash", sa.String(64), primary_key=True),
        sa.Column("purpose", sa.String(16), nullable=False),
        sa.Column("erased_on", sa.Date, nullable=False),
    )
    op.create_table(
        "nonces",
        sa.Column("nonce_hash", sa.String(64), primary_key=True),
        sa.Column("slot", sa.SmallInteger, nullable=False, index=True),
    )
    op.create_table(
        "accounts",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("password_hash", sa.String(200), nullable=False),
    )
    op.create_table(
        "access_log",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("account", sa.String(64), nullable=False),
        sa.Column("seen_on", sa.Date, nullable=False),
        sa.Column("what", sa.String(64), nullable=False),
    )
