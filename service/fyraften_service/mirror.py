"""The mirror: what this service holds about one person, told to that person only.

Of a group report it is what lies under the period's token, while the period's key exists: when it is published, key and
report are gone, and there is nothing to show. Reading it leaves no line in the log of who looked: it is the person
who looks. Not here: who looked at the person (``people.py``), the request (``api/mirror.py``).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from fyraften_policy import wire
from fyraften_service.config import Config
from fyraften_service.duties import Request, request
from fyraften_service.enrolment import DUTY
from fyraften_service.openings import group_opening
from fyraften_service.people import is_listed
from fyraften_service.publication import FORMS
from fyraften_service.record import Filed, filed_by
from fyraften_service.reports import token
from fyraften_service.tables import duty_reports, group_reports, period_keys, persons, publications


@dataclass(frozen=True)
class Held:
    """One report that is held.

    ``answers`` are gone where it was corrected and its month is closed. ``seen`` is what the employer's list shows
    because of it, ``None`` if nothing.
    """

    report: str
    period: str
    revision: int
    body_sha256: str
    received_on: date
    erase_by: date
    answers: Mapping[str, Any] | None
    receipt: Mapping[str, Any]
    seen: Request | Filed | None = None


def name_of(connection: Connection, enrolment: Row[tuple[object, ...]]) -> str | None:
    """Return the name that an enrolment carries, if it carries one."""
    return connection.execute(sa.select(persons.c.name).where(persons.c.id == enrolment.person)).scalar()


def held_of(connection: Connection, enrolment: Row[tuple[object, ...]], config: Config) -> list[Held]:
    """Return the reports that are held of an enrolment, by period."""
    kind = wire.report_for(str(enrolment.purpose))
    if kind.has_cell:
        return _group(connection, kind, str(enrolment.subject), config)
    if enrolment.purpose == DUTY:
        return _duty(connection, enrolment)
    return [
        Held(kind.id, each.week, each.revision, each.body_sha256, each.received_on, each.erase_by, *_of(each))
        for each in filed_by(connection, str(enrolment.person))
    ]


def _of(filed: Filed) -> tuple[Mapping[str, Any], Mapping[str, Any], Filed]:
    return {"minutes": list(filed.minutes)}, json.loads(filed.receipt), filed


def published_until(connection: Connection, purpose: str) -> str | None:
    """Return the latest published period of a purpose: of it and those before, no single report is held any more."""
    kind = wire.report_for(purpose)
    if not kind.has_cell:
        return None
    mine = publications.c.period.like(FORMS[kind.period])
    return connection.execute(sa.select(sa.func.max(publications.c.period)).where(mine)).scalar()


def _group(connection: Connection, kind: wire.Report, subject: str, config: Config) -> list[Held]:
    found = []
    for period, key in connection.execute(sa.select(period_keys).order_by(period_keys.c.period)).all():
        mine = (group_reports.c.period == period) & (group_reports.c.token == token(bytes(key), subject))
        row = connection.execute(sa.select(group_reports).where(mine)).first()
        if row is not None:
            found.append(_held(kind, period, row, group_opening(kind, period, config).erase_by))
    return found


def _duty(connection: Connection, enrolment: Row[tuple[object, ...]]) -> list[Held]:
    mine = sa.select(duty_reports).where(duty_reports.c.subject == enrolment.subject)
    rows = connection.execute(mine.order_by(duty_reports.c.month, duty_reports.c.revision)).all()
    name = name_of(connection, enrolment) or ""
    kind = wire.report_for(DUTY)
    held = [_held(kind, row.month, row, row.erase_by, row.revision) for row in rows[:-1]]
    for row in rows[-1:]:  # the latest one alone stands on the list
        told = request(name, row.month, json.loads(row.answers))
        held.append(_held(kind, row.month, row, row.erase_by, row.revision, told if is_listed(told) else None))
    return held


def _held(
    kind: wire.Report,
    period: str,
    row: Row[tuple[object, ...]],
    erase_by: date,
    revision: int = 1,
    seen: Request | None = None,
) -> Held:
    receipt, answers = json.loads(str(row.receipt)), json.loads(str(row.answers))
    return Held(kind.id, period, revision, str(row.body_sha256), row.received_on, erase_by, answers, receipt, seen)
