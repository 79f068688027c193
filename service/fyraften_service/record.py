"""The record of working time, as the employer's named accounts see it, and the log of everybody who looked at it.

Every revision is kept until the day that the law sets, also after a withdrawal; the name goes with the last of them.
The log row is written before anything of a person is read, in the same transaction: no log, no record. It names who
looked, the day, and the weeks that were shown; whom they saw follows from the reports kept.
Not here: receiving a report (``reports.py``), the page (``pages/record.py``).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from fyraften_policy.errors import PolicyError
from fyraften_policy.languages import mark
from fyraften_policy.periods import week_monday, week_name
from fyraften_service.config import Config
from fyraften_service.database import Database, SQLAlchemyError
from fyraften_service.openings import record_opening
from fyraften_service.people import View
from fyraften_service.problems import Problem
from fyraften_service.tables import access_log, codes, enrolments, persons, record_reports

SHOWN_WEEKS = 4
_WHAT = "people.record"
_EARLIEST = "2000-W01"


@dataclass(frozen=True)
class Filed:
    """One revision of one person's week. ``minutes`` are those of its seven days, Monday first; ``None``: left out."""

    person: str
    name: str = field(repr=False)
    week: str
    revision: int
    is_current: bool
    minutes: tuple[int | None, ...] = field(repr=False)
    body_sha256: str
    received_on: date
    erase_by: date
    receipt: str = field(repr=False)


@dataclass(frozen=True)
class Shown:
    """What one look shows: the weeks from ``first`` to ``last``, and a later and an earlier last week to look at."""

    first: str
    last: str
    earlier: str | None
    later: str | None
    filed: tuple[Filed, ...]


def look_at_record(database: Database, account: str, today: date, last: str | None = None) -> Shown:
    """Return everything filed for some weeks: by name, the latest week first, and of a week the current revision first.

    Args:
        last: the last of the weeks to look at; by default the latest of which anything is filed.

    Raises:
        Problem: ``unavailable``, if the look cannot be logged; ``not-found``, if ``last`` is no week that can be filed.
    """
    with database.writing() as connection:
        newest = connection.execute(sa.select(sa.func.max(record_reports.c.week))).scalar()
        last = _checked(last, max(newest or "", week_name(today))) or newest or week_name(today)
        first = _weeks_from(last, 1 - SHOWN_WEEKS)
        try:
            what = f"{_WHAT} {first} {last}"
            connection.execute(sa.insert(access_log).values(account=account, seen_on=today, what=what))
        except SQLAlchemyError as error:
            raise Problem(
                "unavailable", mark("The look cannot be logged, so nothing is shown. Repair the log.")
            ) from error
        week = record_reports.c.week
        found = _select(connection, (week >= first) & (week <= last))
        earlier = connection.execute(sa.select(sa.func.max(week)).where(week < first)).scalar()
        later = connection.execute(sa.select(sa.func.min(week)).where(week > last)).scalar()
    after = None if later is None else min(_weeks_from(later, SHOWN_WEEKS - 1), newest or later)
    return Shown(first, last, earlier, after, tuple(found))


def filed_by(connection: Connection, person: str) -> list[Filed]:
    """Return everything that is held of one person, in the order of the weeks and of the revisions."""
    found = _select(connection, record_reports.c.person == person)
    return sorted(found, key=lambda each: (each.week, each.revision))


def views_of_record(connection: Connection, person: str) -> list[View]:
    """Return who looked at weeks of this person on days when these may have been on file, the latest first.

    A day is the finest that is known. More than one view of an account on a day is told as one.
    """
    mine = filed_by(connection, person)
    if not mine:
        return []
    logged = sa.select(access_log.c.seen_on, access_log.c.account, access_log.c.what).distinct()
    rows = connection.execute(logged.where(access_log.c.what.like(f"{_WHAT} %"))).all()
    views = {(row.seen_on, row.account) for row in rows if _was_seen(row.what, row.seen_on, mine)}
    return [View(*each) for each in sorted(views, key=lambda each: (-each[0].toordinal(), each[1]))]


def kept_until(connection: Connection, person: str) -> date | None:
    """Return the day by which the last of a person's records is deleted, ``None`` where none is held."""
    latest = sa.select(sa.func.max(record_reports.c.erase_by)).where(record_reports.c.person == person)
    return connection.execute(latest).scalar()


def expire_records(database: Database, config: Config, today: date) -> bool:
    """Delete what is past its time: records, the names that nothing holds any more, looks at weeks that are gone.

    Returns:
        whether anything was deleted.
    """
    past = record_reports.c.erase_by <= today
    with database.reading() as connection:
        is_due = connection.execute(sa.select(sa.exists().select_from(record_reports).where(past))).scalar()
        what = sa.select(access_log.c.what).distinct().where(access_log.c.what.like(f"{_WHAT} %"))
        logged = [each for each in connection.execute(what).scalars() if _is_gone(each, config, today)]
    if not is_due and not logged:
        return False
    with database.writing() as connection:
        people = set(connection.execute(sa.select(record_reports.c.person).where(past)).scalars())
        connection.execute(sa.delete(record_reports).where(past))
        connection.execute(sa.delete(access_log).where(access_log.c.what.in_(logged)))
        for person in people:
            _forget_name(connection, person)
    return True


def _forget_name(connection: Connection, person: str) -> None:
    """Delete a name that no enrolment, no code and no record holds."""
    for table in (enrolments, codes, record_reports):
        if connection.execute(sa.select(table.c.person).where(table.c.person == person)).first() is not None:
            return
    connection.execute(sa.delete(persons).where(persons.c.id == person))


def _select(connection: Connection, wanted: sa.ColumnElement[bool]) -> list[Filed]:
    joined = sa.select(record_reports, persons.c.name).join_from(record_reports, persons).where(wanted)
    rows = connection.execute(joined.order_by(record_reports.c.week.desc(), record_reports.c.revision.desc())).all()
    current = {(row.person, row.week): row.revision for row in reversed(rows)}
    found = [_filed(row, is_current=current[row.person, row.week] == row.revision) for row in rows]
    return sorted(found, key=lambda each: (each.name.casefold(), each.person))


def _filed(row: Row[tuple[object, ...]], *, is_current: bool) -> Filed:
    return Filed(
        person=row.person,
        name=row.name,
        week=row.week,
        revision=row.revision,
        is_current=is_current,
        minutes=tuple(json.loads(str(row.answers))["minutes"]),
        body_sha256=row.body_sha256,
        received_on=row.received_on,
        erase_by=row.erase_by,
        receipt=row.receipt,
    )


def _checked(week: str | None, newest: str) -> str | None:
    """Return a week that was asked for; a :class:`Problem` if there is nothing of it, and never can be today."""
    if week is None:
        return None
    try:
        is_known = _EARLIEST <= week_name(week_monday(week)) <= newest
    except PolicyError:
        is_known = False
    if not is_known:
        raise Problem("not-found", mark("There is no record of this week."))
    return week


def _was_seen(what: str, seen_on: date, filed: Iterable[Filed]) -> bool:
    first, last = _weeks_of(what)
    return any(first <= each.week <= last and each.received_on <= seen_on for each in filed)


def _weeks_of(what: str) -> tuple[str, str]:
    _what, first, last = what.split(" ")
    return first, last


def _is_gone(what: str, config: Config, today: date) -> bool:
    return record_opening(_weeks_of(what)[1], config).erase_by <= today


def _weeks_from(week: str, number: int) -> str:
    return week_name(week_monday(week) + timedelta(weeks=number))
