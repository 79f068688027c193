"""Revisions of a report that carries a name: a correction replaces exactly the one it names.

One revision is the current one. The first report of a period is sent with ``If-None-Match: *``, a correction with
``If-Match: "…"``, the SHA-256 of the body it replaces (RFC 9110). What was superseded is kept until the period is
closed, and then only as far as it is needed to tell the person who may have seen it. Pure but for the one query.
Not here: what is in a report (``reports.py``) and its signature (``signatures.py``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from fyraften_service.problems import Problem

_TAG = re.compile(r'"([0-9a-f]{64})"')


@dataclass(frozen=True)
class Place:
    """Where a report belongs: as a new revision of that number, or at an old one, whose ``receipt`` is the answer."""

    revision: int
    receipt: bytes | None = None


def read_condition(if_none_match: str | None, if_match: str | None) -> str | None:
    """Return the hash of the body that a report replaces, or ``None`` for the first report of its period.

    A report with neither header is a first one.
    """
    if if_match is None:
        if if_none_match not in (None, "*"):
            raise Problem("report-not-valid", "If-None-Match: this service knows only the value *.")
        return None
    if if_none_match is not None:
        raise Problem("report-not-valid", "A report has If-None-Match or If-Match, not both.")
    found = _TAG.fullmatch(if_match)
    if found is None:
        raise Problem("report-not-valid", 'If-Match: it needs the SHA-256 of one body, in hexadecimal digits and "".')
    return found[1]


def place(
    connection: Connection, table: sa.Table, mine: sa.ColumnElement[bool], sha256: str, replaces: str | None
) -> Place:
    """Return where a report belongs among the revisions kept in ``table``.

    Args:
        table: has the columns ``revision``, ``body_sha256``, ``replaces`` and ``receipt``.
        mine: picks the revisions of one period and subject.

    Raises:
        Problem: ``already-reported``, where another body is the current one than the one that is to be replaced.
    """
    wanted = sa.select(table.c.revision, table.c.body_sha256, table.c.replaces, table.c.receipt).where(mine)
    known = connection.execute(wanted.order_by(table.c.revision.desc())).all()
    current = known[0].body_sha256 if known else None
    if current == replaces and current != sha256:
        return Place(known[0].revision + 1 if known else 1)
    for row in known:  # an answer was lost: the very same receipt again
        if (row.body_sha256, row.replaces) == (sha256, replaces):
            return Place(row.revision, str(row.receipt).encode())
    if not known:
        raise Problem("already-reported", "The report to be replaced is not here. Send it as the first of its period.")
    raise Problem("already-reported", "Another report of this period is the current one; it stays.")
