"""Receiving reports: one current one per contributor and period, the same bytes answered with the same receipt.

A report for group figures is kept without its sender: under a token made with the period's own key, which is deleted
when the period is published; it cannot be corrected. A ``duty`` report is kept under the subject, which carries a name,
one of the ``record`` under the person; a correction is a new revision.
Not here: signatures (``signatures.py``), what a report may hold (``fyraften_policy.wire``), publication, and which
revision replaces which (``revisions.py``).
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row
from sqlalchemy.exc import IntegrityError

from fyraften_policy import wire
from fyraften_policy.errors import WireError
from fyraften_service.config import Config
from fyraften_service.enrolment import DUTY, RECORD
from fyraften_service.journal import acknowledge
from fyraften_service.openings import Opening, first_whole, group_opening, month_opening, record_opening
from fyraften_service.problems import Problem
from fyraften_service.receipts import ServiceKey
from fyraften_service.revisions import Place, place
from fyraften_service.tables import duty_reports, group_reports, period_keys, publications, record_reports

# Not answers: what the report is about, kept in columns of their own.
_AROUND = ("report", "week", "month", "cell")


@dataclass(frozen=True)
class Received:
    """A report's bytes and values, checked against the registry and the address it came to.

    ``laptop`` is the mark of the laptop's own ledger, which the receipt repeats.
    """

    report: wire.Report
    period: str
    body: bytes
    values: Mapping[str, Any]
    laptop: str | None = None

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.body).hexdigest()

    @property
    def answers(self) -> str:
        return wire.canonical({name: value for name, value in self.values.items() if name not in _AROUND}).decode()

    def __repr__(self) -> str:
        return f"Received({self.report.id!r}, …)"


def report_named(name: str) -> wire.Report:
    """Return the report of a short name such as ``group.weekly``; a :class:`Problem` if there is none."""
    for report in wire.reports():
        if report.name == name:
            return report
    raise Problem("not-found", "There is no report of this name.")


def read_report(report: wire.Report, period: str, body: bytes, laptop: str | None = None) -> Received:
    """Return the report in ``body``; a :class:`Problem` if it does not fit the registry or its address."""
    try:
        values = wire.decode(body)
    except WireError as error:
        raise Problem("report-not-valid", str(error)) from error
    if values["report"] != report.id or values[report.period] != period:
        raise Problem("report-not-valid", "The report names another kind or period than its address.")
    return Received(report, period, body, values, laptop)


def receive(
    connection: Connection,
    enrolment: Row[tuple[object, ...]],
    received: Received,
    today: date,
    key: ServiceKey,
    config: Config,
    replaces: str | None = None,
) -> tuple[bytes, bool]:
    """Keep a report and return its receipt, and whether it is new.

    Args:
        replaces: the SHA-256 of the body that it corrects; ``None`` for the first report of its period.
    """
    if received.report.has_cell:
        if replaces is not None:
            raise Problem("already-reported", "A report without a name cannot be corrected; the first one stays.")
        return _receive_group(connection, enrolment, received, today, key, config)
    if received.report.purpose == DUTY:
        opening, mine = month_opening(received.period, config), {"subject": enrolment.subject, "month": received.period}
        return _receive_named(connection, duty_reports, mine, received, today, opening, key, replaces)
    if received.report.purpose == RECORD:
        opening, mine = record_opening(received.period, config), {"person": enrolment.person, "week": received.period}
        _check_days(opening, received.values["minutes"], today)
        return _receive_named(connection, record_reports, mine, received, today, opening, key, replaces)
    raise Problem("not-found", "This service takes no reports of this purpose.")


def token(period_key: bytes, subject: str) -> str:
    """Return what stands for a contributor in one period only."""
    return hmac.new(period_key, subject.encode(), hashlib.sha256).hexdigest()


def _receive_group(
    connection: Connection,
    enrolment: Row[tuple[object, ...]],
    received: Received,
    today: date,
    key: ServiceKey,
    config: Config,
) -> tuple[bytes, bool]:
    if received.values["cell"] != enrolment.cell:
        raise Problem("report-not-valid", "cell: the report names another group than the enrolment.")
    opening = group_opening(received.report, received.period, config)
    _check_open(opening, opening.ends, today)
    _check_cohort(received.report, opening, enrolment.enrolled_on)
    contributor = token(lock_period(connection, received.period, alone=False), enrolment.subject)
    if is_published(connection, received.period):
        raise Problem("period-closed", "The period is published.")
    mine = (group_reports.c.period == received.period) & (group_reports.c.token == contributor)
    known = connection.execute(sa.select(group_reports).where(mine)).first()
    if known is not None:
        return _same_again(known, received)
    receipt = _receipt(connection, received, today, opening.erase_by, key, Place(1), None)
    connection.execute(
        sa.insert(group_reports).values(
            id=secrets.token_hex(16),
            period=received.period,
            cell=enrolment.cell,
            token=contributor,
            answers=received.answers,
            body_sha256=received.sha256,
            received_on=today,
            receipt=receipt.decode(),
        )
    )
    return receipt, True


def _receive_named(
    connection: Connection,
    table: sa.Table,
    mine: Mapping[str, object],
    received: Received,
    today: date,
    opening: Opening,
    key: ServiceKey,
    replaces: str | None,
) -> tuple[bytes, bool]:
    """Keep a report that carries a name; ``mine`` are the columns that say whose it is, and of which period."""
    where = place(
        connection, table, sa.and_(*(table.c[name] == mine[name] for name in mine)), received.sha256, replaces
    )
    if where.receipt is not None:
        return where.receipt, False
    _check_open(opening, opening.starts, today)
    receipt = _receipt(connection, received, today, opening.erase_by, key, where, replaces)
    connection.execute(
        sa.insert(table).values(
            **mine,
            revision=where.revision,
            replaces=replaces,
            answers=received.answers,
            body_sha256=received.sha256,
            received_on=today,
            erase_by=opening.erase_by,
            receipt=receipt.decode(),
        )
    )
    return receipt, True


def _check_days(opening: Opening, minutes: Sequence[int | None], today: date) -> None:
    """Refuse, for now, working time of a day that is still to come."""
    worked = [number for number, of_day in enumerate(minutes) if of_day]
    latest = opening.starts + timedelta(days=max(worked, default=0))
    if today < latest:
        raise Problem("period-not-over", f"A day with working time is still to come. Send it from {latest} on.")


def _check_open(opening: Opening, opens: date, today: date) -> None:
    if today < opens:
        raise Problem("period-not-over", f"Reports of this period are accepted from {opens}. Send it then.")
    if today >= opening.closes:
        raise Problem(
            "period-closed", f"Reports of this period were accepted until {opening.closes - timedelta(days=1)}."
        )


def _check_cohort(report: wire.Report, opening: Opening, enrolled_on: date) -> None:
    if enrolled_on < opening.starts:
        return
    first = first_whole(report, enrolled_on)
    raise Problem(
        "period-closed",
        f"Who takes part in a {report.period} is fixed when it begins: this enrolment from {first} on.",
    )


def lock_period(connection: Connection, period: str, *, alone: bool) -> bytes:
    """Return the key of a week or a month, made when it is first asked for.

    Its row stays locked until the transaction ends: reports lock it together, a publication ``alone``, so no report can
    slip in while its period is published.
    """
    wanted = sa.select(period_keys.c.key).where(period_keys.c.period == period).with_for_update(read=not alone)
    found = connection.execute(wanted).scalar()
    if found is None:
        # Another replica may be first: then its key holds.
        with suppress(IntegrityError), connection.begin_nested():
            connection.execute(sa.insert(period_keys).values(period=period, key=secrets.token_bytes(32)))
        found = connection.execute(wanted).scalar_one()
    return bytes(found)


def is_published(connection: Connection, period: str) -> bool:
    """Tell whether a period's figures are fixed."""
    found = sa.select(publications.c.period).where(publications.c.period == period)
    return connection.execute(found).first() is not None


def _same_again(known: Row[tuple[object, ...]], received: Received) -> tuple[bytes, bool]:
    if known.body_sha256 != received.sha256:
        raise Problem("already-reported", "Another report of this period was received before; the first one stays.")
    return str(known.receipt).encode(), False


def _receipt(
    connection: Connection,
    received: Received,
    today: date,
    erase_by: date,
    key: ServiceKey,
    where: Place,
    replaces: str | None,
) -> bytes:
    content = {
        "report": received.report.id,
        "period": received.period,
        "body_sha256": received.sha256,
        "erase_by": erase_by.isoformat(),
        "revision": where.revision,
        "replaces": replaces,
    }
    return acknowledge(connection, key, "report", received.report.purpose, today, content, received.laptop)
