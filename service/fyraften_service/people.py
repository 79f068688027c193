"""The list of people who reported under their name, and the log of everybody who looked at it.

The log row is written before anything is read, in the same transaction: no log, no list.
"""

from __future__ import annotations

import json
from datetime import date

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from fyraften_service.database import Database, SQLAlchemyError
from fyraften_service.duties import Request, request
from fyraften_service.problems import Problem
from fyraften_service.tables import access_log, duty_reports, enrolments, persons

WHAT = "people.duty"


def look_at_people(database: Database, account: str, today: date) -> list[Request]:
    """Return what everybody told last, by name; those who neither are covered nor ask for anything are left out.

    Raises:
        Problem: ``unavailable``, if the look cannot be logged.
    """
    with database.writing() as connection:
        try:
            connection.execute(sa.insert(access_log).values(account=account, seen_on=today, what=WHAT))
        except SQLAlchemyError as error:
            raise Problem("unavailable", "The look cannot be logged, so nothing is shown. Repair the log.") from error
        found = _latest(connection)
    return [told for told in found if told.covered or told.asks]


def _latest(connection: Connection) -> list[Request]:
    rows = connection.execute(
        sa.select(persons.c.id, persons.c.name, duty_reports.c.month, duty_reports.c.answers)
        .join_from(persons, enrolments, enrolments.c.person == persons.c.id)
        .join(duty_reports, duty_reports.c.subject == enrolments.c.subject)
        .order_by(duty_reports.c.month)
    )
    latest = {row.id: request(row.name, row.month, json.loads(row.answers)) for row in rows}
    return sorted(latest.values(), key=lambda told: (told.name.casefold(), told.month))
