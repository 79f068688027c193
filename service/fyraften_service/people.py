"""The list of people who reported under their name, and the log of everybody who looked at it.

The log row is written before anything is read, in the same transaction: no log, no list. A row names who looked and the
day; whom they saw follows from the reports kept, and is told to that person only.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from fyraften_policy.languages import mark
from fyraften_service.database import Database, SQLAlchemyError
from fyraften_service.duties import Request, request
from fyraften_service.problems import Problem
from fyraften_service.tables import access_log, duty_reports, enrolments, persons

WHAT = "people.duty"
FORGOTTEN = "null"
"""What stands for the answers of a corrected report whose month is closed, and that stood on the list."""


@dataclass(frozen=True)
class View:
    """An account that opened the list on a day."""

    seen_on: date
    account: str


def look_at_people(database: Database, account: str, today: date) -> list[Request]:
    """Return what everybody told last, by name; those who neither are covered nor ask for anything are left out.

    Raises:
        Problem: ``unavailable``, if the look cannot be logged.
    """
    with database.writing() as connection:
        try:
            connection.execute(sa.insert(access_log).values(account=account, seen_on=today, what=WHAT))
        except SQLAlchemyError as error:
            raise Problem(
                "unavailable", mark("The look cannot be logged, so nothing is shown. Repair the log.")
            ) from error
        found = _latest(connection)
    return [told for told in found if is_listed(told)]


def views_of(connection: Connection, subject: str) -> list[View]:
    """Return who opened the list on days when the person of ``subject`` stood on it, the latest first.

    A day is the finest that is known: on the day of a report, every view may have come after it. More than one view of
    an account on a day is told as one.
    """
    found = sa.select(duty_reports).where(duty_reports.c.subject == subject)
    reports = connection.execute(found.order_by(duty_reports.c.month, duty_reports.c.revision)).all()
    if not reports:
        return []
    logged = sa.select(access_log.c.seen_on, access_log.c.account).distinct().where(access_log.c.what == WHAT)
    rows = connection.execute(logged.order_by(access_log.c.seen_on.desc(), access_log.c.account))
    return [View(row.seen_on, row.account) for row in rows if _may_have_stood_there(reports, row.seen_on)]


def _may_have_stood_there(reports: Iterable[Any], day: date) -> bool:
    """Tell whether somebody with these reports, in the order of their months, was on the list at a time of ``day``."""
    before = [report for report in reports if report.received_on < day]
    shown = [*before[-1:], *(report for report in reports if report.received_on == day)]
    return any(was_listed(report.month, report.answers) for report in shown)


def was_listed(month: str, answers: str) -> bool:
    """Tell whether somebody who told this is on the list; of a superseded report only that it was may be kept."""
    told = json.loads(answers)
    return told is None or is_listed(request("", month, told))


def is_listed(told: Request) -> bool:
    """Tell whether somebody who told this stands on the list."""
    return told.covered or told.asks


def _latest(connection: Connection) -> list[Request]:
    rows = connection.execute(
        sa.select(persons.c.id, persons.c.name, duty_reports.c.month, duty_reports.c.answers)
        .join_from(persons, enrolments, enrolments.c.person == persons.c.id)
        .join(duty_reports, duty_reports.c.subject == enrolments.c.subject)
        .order_by(duty_reports.c.month, duty_reports.c.revision)
    )
    latest = {row.id: request(row.name, row.month, json.loads(row.answers)) for row in rows}
    return sorted(latest.values(), key=lambda told: (told.name.casefold(), told.month))
