"""The tables of the service, as SQLAlchemy Core knows them.

No column holds a time of day, an address of the network, or what a person wrote. A date says on which day something
was received, enrolled or looked at, never when. ``tests/service/test_tables.py`` is the fence.
Not here: how they are made (``migrations/``) and opened (``database.py``).
"""

from __future__ import annotations

import sqlalchemy as sa

metadata = sa.MetaData()

cells = sa.Table(
    "cells",
    metadata,
    sa.Column("code", sa.String(32), primary_key=True),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("parent", sa.String(32), sa.ForeignKey("cells.code")),
    sa.Column("position", sa.Integer, nullable=False),
)

persons = sa.Table(
    "persons",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("name", sa.String(200), nullable=False),
)

codes = sa.Table(
    "codes",
    metadata,
    sa.Column("code_hash", sa.String(64), primary_key=True),
    sa.Column("cell", sa.String(32), sa.ForeignKey("cells.code")),
    sa.Column("person", sa.String(32), sa.ForeignKey("persons.id")),
)

enrolments = sa.Table(
    "enrolments",
    metadata,
    sa.Column("subject", sa.String(26), primary_key=True),
    sa.Column("purpose", sa.String(16), nullable=False),
    sa.Column("public_key", sa.String(43), nullable=False),
    sa.Column("cell", sa.String(32), sa.ForeignKey("cells.code")),
    sa.Column("person", sa.String(32), sa.ForeignKey("persons.id")),
    sa.Column("enrolled_on", sa.Date, nullable=False),
    sa.Column("receipt", sa.Text, nullable=False),
    sa.UniqueConstraint("person", "purpose", name="one_enrolment_a_person_and_purpose"),
)

# A period is a week of group reports or a month of pulse reports: its form tells which.
period_keys = sa.Table(
    "period_keys",
    metadata,
    sa.Column("period", sa.String(8), primary_key=True),
    sa.Column("key", sa.LargeBinary(32), nullable=False),
)

group_reports = sa.Table(
    "group_reports",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("period", sa.String(8), sa.ForeignKey("period_keys.period"), nullable=False),
    sa.Column("cell", sa.String(32), sa.ForeignKey("cells.code"), nullable=False),
    sa.Column("token", sa.String(64), nullable=False),
    sa.Column("answers", sa.Text, nullable=False),
    sa.Column("body_sha256", sa.String(64), nullable=False),
    sa.Column("received_on", sa.Date, nullable=False),
    sa.Column("receipt", sa.Text, nullable=False),
    sa.UniqueConstraint("period", "token", name="one_report_a_contributor_and_week"),
)

publications = sa.Table(
    "publications",
    metadata,
    sa.Column("period", sa.String(8), primary_key=True),
    sa.Column("published_on", sa.Date, nullable=False),
    sa.Column("figures", sa.Text, nullable=False),
)

# The highest revision is the current one. The answers of a superseded one whose month is closed are ``null``.
duty_reports = sa.Table(
    "duty_reports",
    metadata,
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

# Under the person, not the enrolment: the law keeps it after a withdrawal. The highest revision is the current one.
record_reports = sa.Table(
    "record_reports",
    metadata,
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

# What the service told laptops about itself, signed; the highest number is in force.
policies = sa.Table(
    "policies",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("since", sa.Date, nullable=False),
    sa.Column("content", sa.Text, nullable=False),
)

tombstones = sa.Table(
    "tombstones",
    metadata,
    sa.Column("subject_hash", sa.String(64), primary_key=True),
    sa.Column("purpose", sa.String(16), nullable=False),
    sa.Column("erased_on", sa.Date, nullable=False),
    sa.Column("erased", sa.String(200)),
    sa.Column("kept_until", sa.Date),
    sa.Column("laptop", sa.String(64)),
    sa.Column("journal_number", sa.Integer),
    sa.Column("journal_head", sa.String(64)),
)

# One row for each date. ``root`` and ``head`` are fixed when the day is over.
journal_days = sa.Table(
    "journal_days",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("day", sa.Date, nullable=False, unique=True),
    sa.Column("root", sa.String(64)),
    sa.Column("head", sa.String(64)),
)

# The hash of each receipt, which holds 128 random bits: nothing here can be turned back, and nothing is removed.
journal_entries = sa.Table(
    "journal_entries",
    metadata,
    sa.Column("entry", sa.String(64), primary_key=True),
    sa.Column("number", sa.Integer, sa.ForeignKey("journal_days.number"), nullable=False, index=True),
)

# ``slot`` counts 0 to 3 and starts again: enough to forget a nonce after its time, too little to tell when it came.
nonces = sa.Table(
    "nonces",
    metadata,
    sa.Column("nonce_hash", sa.String(64), primary_key=True),
    sa.Column("slot", sa.SmallInteger, nullable=False, index=True),
)

accounts = sa.Table(
    "accounts",
    metadata,
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("password_hash", sa.String(200), nullable=False),
)

access_log = sa.Table(
    "access_log",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("account", sa.String(64), nullable=False),
    sa.Column("seen_on", sa.Date, nullable=False),
    sa.Column("what", sa.String(64), nullable=False),
)
