"""Publishing weeks and months: once, when one is closed; then its reports, its tokens and its key are deleted.

Every period since the service started is published, also one without a report: whether anybody reported shows nowhere.
What was published is also written to a file beside the database: brought back from a backup, this publishes nothing a
second time, from fewer reports; whoever has both could subtract them.
Not here: what may be shown (``groups.py``) and since when the employer may see it (:func:`visible_from`).
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from fyraften_policy import wire
from fyraften_policy.languages import mark
from fyraften_policy.sentences import reason_of
from fyraften_service.config import NOTICE_DAYS, Config
from fyraften_service.database import Database
from fyraften_service.erasure import append_line
from fyraften_service.errors import InputError
from fyraften_service.groups import Cell, figures
from fyraften_service.openings import closed_periods, month_opening, views_kept_from
from fyraften_service.people import FORGOTTEN, WHAT, was_listed
from fyraften_service.record import expire_records
from fyraften_service.reports import is_published, lock_period
from fyraften_service.tables import access_log, cells, duty_reports, group_reports, period_keys, publications

# How the name of a period looks in SQL: a week of group reports, a month of pulse reports. No two kinds share a form.
FORMS = {"week": "____-W__", "month": "____-__"}


@dataclass(frozen=True)
class Publication:
    """A published week or month, as the page shows it."""

    period: str
    published_on: date
    smallest_group: int
    lines: list[dict[str, Any]]


def declared_cells(connection: Connection) -> list[Cell]:
    """Return the hierarchy of cells, in the order they were declared."""
    found = connection.execute(sa.select(cells).order_by(cells.c.position))
    return [Cell(row.code, row.name, row.parent) for row in found]


def publish_due(database: Database, config: Config, today: date) -> list[str]:
    """Publish every closed period that is not published yet, and delete what is past its time; return the periods."""
    published = []
    past = {
        duty_reports: duty_reports.c.erase_by <= today,
        access_log: (access_log.c.what == WHAT) & (access_log.c.seen_on < views_kept_from(config, today)),
    }
    with database.reading() as connection:
        known = set(connection.execute(sa.select(publications.c.period)).scalars())
        overdue = [table for table, is_past in past.items() if connection.execute(_any(table, is_past)).scalar()]
        superseded = _superseded(connection, config, today)
    for report in group_kinds():
        for period in closed_periods(report, config, today):
            if period not in known and _publish(database, report, period, config, today):
                published.append(period)
    if published:
        keep_published(database, config.published_file)
    if overdue:
        with database.writing() as connection:
            for table in overdue:
                connection.execute(sa.delete(table).where(past[table]))
    if superseded:
        with database.writing() as connection:
            for row in superseded:
                _forget(connection, row)
    expired = expire_records(database, config, today)
    if published or overdue or superseded or expired:
        database.scrub()
    return published


def keep_published(database: Database, file: Path) -> int:
    """Let the database and the file have the same publications; return how many the database lacked.

    Raises:
        InputError: the file is damaged: what was published cannot be known.
    """
    noted = _read_published(file)
    with database.reading() as connection:
        known = {row.period: row for row in connection.execute(sa.select(publications))}
    for period in sorted(known.keys() - noted.keys()):
        row = known[period]
        words = {"period": period, "published_on": row.published_on.isoformat(), "figures": row.figures}
        append_line(file, json.dumps(words) + "\n")
    missing = sorted(noted.keys() - known.keys())
    if missing:
        with database.writing() as connection:
            for period in missing:
                _fix(connection, period, *noted[period])
        database.scrub()
    return len(missing)


def _read_published(file: Path) -> dict[str, tuple[date, str]]:
    """Return the whole lines of the file; one cut by a crash is written again."""
    found = {}
    try:
        for line in file.read_text(encoding="ascii").splitlines():
            with suppress(json.JSONDecodeError):
                words = json.loads(line)
                found[str(words["period"])] = (date.fromisoformat(words["published_on"]), str(words["figures"]))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError) as error:
        words = mark("{path} cannot be read: {reason}. Bring the newest one back from the backup.")
        raise InputError(words, path=file, reason=reason_of(error)) from error
    return found


def group_kinds() -> list[wire.Report]:
    """Return the reports that become group figures."""
    return [report for report in wire.reports() if report.has_cell]


def latest_publication(connection: Connection, report: wire.Report) -> Publication | None:
    """Return the latest published period of a kind of report, if there is one."""
    mine = sa.select(publications).where(publications.c.period.like(FORMS[report.period]))
    row = connection.execute(mine.order_by(publications.c.period.desc()).limit(1)).first()
    if row is None:
        return None
    kept = json.loads(row.figures)
    return Publication(row.period, row.published_on, kept["smallest_group"], kept["lines"])


def visible_from(config: Config) -> date | None:
    """Return the first day on which the employer may see figures; ``None`` while no notice is recorded."""
    if config.notice_given_on is None:
        return None
    return config.notice_given_on + timedelta(days=NOTICE_DAYS)


def _any(table: sa.Table, condition: sa.ColumnElement[bool]) -> sa.Select[tuple[bool]]:
    return sa.select(sa.exists().select_from(table).where(condition))


def _superseded(connection: Connection, config: Config, today: date) -> list[sa.Row[Any]]:
    """Return the corrected reports of months that are closed, as far as more of them is kept than has to be."""
    newer = duty_reports.alias("newer")
    follows = (newer.c.subject == duty_reports.c.subject) & (newer.c.month == duty_reports.c.month)
    corrected = sa.exists().where(follows & (newer.c.revision > duty_reports.c.revision))
    rows = connection.execute(sa.select(duty_reports).where(corrected & (duty_reports.c.answers != FORGOTTEN)))
    return [row for row in rows if month_opening(row.month, config).closes <= today]


def _forget(connection: Connection, row: sa.Row[Any]) -> None:
    """Delete a corrected report; of one that stood on the list, keep that it did: its person may ask who saw it."""
    mine = [duty_reports.c[name] == getattr(row, name) for name in ("subject", "month", "revision")]
    if was_listed(row.month, row.answers):
        connection.execute(sa.update(duty_reports).where(*mine).values(answers=FORGOTTEN))
    else:
        connection.execute(sa.delete(duty_reports).where(*mine))


def _publish(database: Database, report: wire.Report, period: str, config: Config, today: date) -> bool:
    questions = {field.name: field.values for field in report.fields if field.type == "enum"}
    with database.writing() as connection:
        lock_period(connection, period, alone=True)
        if is_published(connection, period):  # by another replica, in the meantime
            return False
        mine = group_reports.c.period == period
        found = connection.execute(sa.select(group_reports.c.cell, group_reports.c.answers).where(mine))
        reports = [(row.cell, json.loads(row.answers)) for row in found]
        lines = figures(declared_cells(connection), reports, questions, config.smallest_group)
        content = json.dumps({"smallest_group": config.smallest_group, "lines": lines}, ensure_ascii=False)
        _fix(connection, period, today, content)
    return True


def _fix(connection: Connection, period: str, published_on: date, content: str) -> None:
    """Keep a period's figures, and delete its reports, its tokens and its key."""
    connection.execute(sa.insert(publications).values(period=period, published_on=published_on, figures=content))
    connection.execute(sa.delete(group_reports).where(group_reports.c.period == period))
    connection.execute(sa.delete(period_keys).where(period_keys.c.period == period))
