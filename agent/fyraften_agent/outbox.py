"""The outbox: reports from prepared to receipted, their bytes made once and never changed.

    held ──► approved ──► sent ──► receipted        sent: the service took it, its receipt is not verified yet
      │          │          └────► refused          refused: the service will never take it
      └──────────┴► purged                          purged: never left, bytes erased (withdrawal, or replaced)

States only go forward; the database refuses anything else (``ledger_file.py``). ``hold`` keeps a report back without
moving it. Group reports leave at this laptop's own random moment of the week, so that the time of arrival says nothing
about when somebody works.
Not here: what is in a report (``reports.py``) and how it leaves (``sender.py``).
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field

from fyraften_agent.errors import InputError
from fyraften_agent.ledger_file import open_to_read, storage_errors, transaction
from fyraften_agent.paths import Paths
from fyraften_policy import wire
from fyraften_policy.languages import mark
from fyraften_policy.periods import DAY, next_month, parse_date, week_monday
from fyraften_policy.sentences import Sentence

HELD, APPROVED, SENT, RECEIPTED, REFUSED, PURGED = "held", "approved", "sent", "receipted", "refused", "purged"
WEEK_SECONDS = 7 * 24 * 3600
_DAY_SECONDS = 24 * 3600
# A service takes a week's reports for at least this long after its end; a moment of the week that is later is not used.
_LATEST_DAYS = 10
_FIRST_WAIT_SECONDS = 60
_LONGEST_WAIT_SECONDS = 6 * 3600
_COLUMNS = (
    "id, report, purpose, period, subject, body, sha256, state, kept_back, prepared_at, approved_at, sent_at, "
    "ended_at, attempts, next_try_at, problem, receipt"
)


@dataclass(frozen=True)
class Item:
    """One report. ``body`` is ``None`` once purged; ``problem`` is the last failure: a name, or ``name: detail``."""

    id: int
    report: str
    purpose: str
    period: str
    subject: str = field(repr=False)
    body: bytes | None = field(repr=False)
    sha256: str
    state: str
    kept_back: bool
    prepared_at: int
    approved_at: int | None
    sent_at: int | None
    ended_at: int | None
    attempts: int
    next_try_at: int | None
    problem: str | None
    receipt: bytes | None = field(repr=False)


STATES = {
    HELD: mark("held: leaves only when you approve it"),
    APPROVED: mark("approved, waits to be sent"),
    SENT: mark("taken by the service, without a valid receipt yet"),
    RECEIPTED: mark("received, with a signed receipt"),
    REFUSED: mark("refused by the service for good"),
    PURGED: mark("erased before it was sent"),
}


class NoSuchReportError(InputError):
    """The outbox has no report of that number."""

    def __init__(self, number: int) -> None:
        super().__init__(
            mark("There is no report {number} in the outbox. fyraften outbox show lists them."), number=number
        )
        self.number = number


class NotPossibleError(InputError):
    """The report has gone too far for that."""


class Outbox:
    """The reports in the ledger's file, over an open connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def items(self, *states: str) -> list[Item]:
        """Return the reports in the order they were prepared; of some states, if any are named."""
        wanted = f"WHERE state IN ({', '.join('?' * len(states))})" if states else ""
        return self._select(f"{wanted} ORDER BY id", states)

    def item(self, number: int) -> Item:
        """Return one report; raises :class:`NoSuchReportError`."""
        found = self._select("WHERE id = ?", (number,))
        if not found:
            raise NoSuchReportError(number)
        return found[0]

    def holds(self, report: str, period: str, subject: str) -> bool:
        """Say whether that period's report was prepared."""
        return bool(self._living(report, period, subject))

    def prepare(self, body: bytes, subject: str, now: int) -> Item:
        """Put a report in, held. The same period again returns what is there.

        Args:
            body: canonical bytes, as :func:`fyraften_policy.wire.encode` makes them.
        """
        values = wire.decode(body)
        kind = wire.report(values["report"])
        period = str(values[kind.period])
        with transaction(self._connection):
            living = self._living(kind.id, period, subject)
            if living:
                return living[0]
            row = (kind.id, kind.purpose, period, subject, body, hashlib.sha256(body).hexdigest(), now)
            cursor = self._connection.execute(
                "INSERT INTO outbox (report, purpose, period, subject, body, sha256, prepared_at) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)",
                row,
            )
            return self.item(int(cursor.lastrowid or 0))

    def replace(self, body: bytes, subject: str, now: int) -> Item:
        """Put a report in place of one that has not left; raises :class:`NotPossibleError` where it may have left."""
        values = wire.decode(body)
        kind = wire.report(values["report"])
        with transaction(self._connection):
            for old in self._living(kind.id, str(values[kind.period]), subject):
                if old.body == body:
                    return old
                if old.state not in (HELD, APPROVED) or old.attempts:
                    raise NotPossibleError(
                        mark(
                            "Report {number} for {period} was sent already, or may have been: only one is taken for "
                            "each period."
                        ),
                        number=old.id,
                        period=old.period,
                    )
                self._purge(old.id, now)
            return self.prepare(body, subject, now)

    def approve(self, number: int, now: int, send_at: int) -> Item:
        """Let a report leave at ``send_at``; one that was kept back may leave again."""
        with transaction(self._connection):
            item = self.item(number)
            if item.state not in (HELD, APPROVED):
                raise NotPossibleError(
                    mark("Nothing is left to approve in report {number}: it is {state}."),
                    number=number,
                    state=Sentence(STATES[item.state]),
                )
            if item.state == HELD or item.kept_back:
                self._update(
                    "state = ?, approved_at = coalesce(approved_at, ?), next_try_at = ?, kept_back = 0",
                    (APPROVED, now, send_at),
                    number,
                )
            return self.item(number)

    def hold(self, number: int) -> Item:
        """Keep a report back until it is approved by its own number."""
        with transaction(self._connection):
            item = self.item(number)
            if item.state not in (HELD, APPROVED):
                raise NotPossibleError(
                    mark("Report {number} cannot be held back any more: it is {state}."),
                    number=number,
                    state=Sentence(STATES[item.state]),
                )
            self._update("kept_back = 1", (), number)
            return self.item(number)

    def due(self, now: int) -> list[Item]:
        """Return the reports to send at ``now``, oldest first."""
        return self._select(
            "WHERE state IN ('approved', 'sent') AND kept_back = 0 AND next_try_at <= ? ORDER BY id", (now,)
        )

    def failed(self, number: int, problem: str, next_try_at: int, *, taken_at: int | None = None) -> None:
        """Record a try that was not successful. ``taken_at``: the service took it, but its receipt is not valid."""
        state = "state = 'sent', sent_at = coalesce(sent_at, ?), " if taken_at is not None else ""
        values = (taken_at,) if taken_at is not None else ()
        self._update(
            f"{state}attempts = attempts + 1, problem = ?, next_try_at = ?", (*values, problem, next_try_at), number
        )

    def receipted(self, number: int, now: int, receipt: bytes) -> None:
        """Record that the service took the report, and its verified receipt."""
        self._update(
            "state = 'receipted', sent_at = coalesce(sent_at, ?), ended_at = ?, attempts = attempts + 1, receipt = ?, "
            "problem = NULL, next_try_at = NULL",
            (now, now, receipt),
            number,
        )

    def refused(self, number: int, now: int, problem: str) -> None:
        """Record that the service will never take the report."""
        self._update(
            "state = 'refused', ended_at = ?, attempts = attempts + 1, problem = ?, next_try_at = NULL",
            (now, problem),
            number,
        )

    def purge_unsent(self, purpose: str, now: int) -> int:
        """Erase the bytes of every report of a purpose that was not taken by the service; return how many.

        One that was taken without a valid receipt stays in the list of what was sent, and is not sent again.
        """
        with transaction(self._connection):
            waiting = [item for item in self.items(HELD, APPROVED) if item.purpose == purpose]
            for item in waiting:
                self._purge(item.id, now)
            with storage_errors():
                self._connection.execute(
                    "UPDATE outbox SET next_try_at = NULL WHERE state = 'sent' AND purpose = ?", (purpose,)
                )
            return len(waiting)

    def send_slot(self, randomness: Callable[[], float]) -> int:
        """Return this laptop's own second of the week for group reports; drawn once.

        Args:
            randomness: returns a number from 0 up to, not including, 1.
        """
        with transaction(self._connection):
            drawn = int(randomness() * WEEK_SECONDS)
            self._connection.execute("INSERT OR IGNORE INTO settings (name, value) VALUES ('send_slot', ?)", (drawn,))
            return int(self._connection.execute("SELECT value FROM settings WHERE name = 'send_slot'").fetchone()[0])

    def _purge(self, number: int, now: int) -> None:
        self._update("state = 'purged', body = NULL, ended_at = ?, next_try_at = NULL", (now,), number)

    def _living(self, report: str, period: str, subject: str) -> list[Item]:
        where = "WHERE report = ? AND period = ? AND subject = ? AND state <> 'purged'"
        return self._select(where, (report, period, subject))

    def _select(self, where: str, values: Sequence[object]) -> list[Item]:
        with storage_errors():
            rows = self._connection.execute(f"SELECT {_COLUMNS} FROM outbox {where}", tuple(values)).fetchall()
        return [_item(row) for row in rows]

    def _update(self, assignments: str, values: Sequence[object], number: int) -> None:
        with storage_errors():
            self._connection.execute(f"UPDATE outbox SET {assignments} WHERE id = ?", (*values, number))


def send_time(item: Item, slot: int, now: int) -> int:
    """Return when an approved report leaves: one under a name at once, one of a group at the laptop's next slot.

    A slot so late that the service might have closed the period is not waited for.
    """
    kind = wire.report(item.report)
    if not kind.has_cell:
        return now
    at = now + (slot - now) % WEEK_SECONDS
    end = week_monday(item.period) + 7 * DAY if kind.period == "week" else next_month(parse_date(f"{item.period}-01"))
    latest = (end.toordinal() - _EPOCH_ORDINAL + _LATEST_DAYS) * _DAY_SECONDS
    return min(at, max(now, latest))


def wait_seconds(attempts: int, jitter: float, asked: int | None = None) -> int:
    """Return how long to wait before the next try: a minute, doubled each time up to six hours, half to one and a half.

    Args:
        jitter: a random number from 0 to 1, so that many laptops do not come back at once.
        asked: what the service asked for in ``Retry-After``; heard up to a day.
    """
    wait = min(_FIRST_WAIT_SECONDS * 2 ** min(attempts, 12), _LONGEST_WAIT_SECONDS)
    return max(int(wait * (0.5 + jitter)), min(asked or 0, _DAY_SECONDS))


def something_is_due(paths: Paths, now: int) -> bool:
    """Say whether the sender has anything to do at ``now``; opens for reading only and creates nothing."""
    connection = open_to_read(paths.ledger)
    if connection is None:
        return False
    with closing(connection), storage_errors():
        waiting = connection.execute(
            "SELECT 1 FROM enrolments WHERE state IN ('started', 'leaving') AND next_try_at <= ? LIMIT 1", (now,)
        ).fetchone()
        return waiting is not None or bool(Outbox(connection).due(now))


_EPOCH_ORDINAL = 719_163  # date(1970, 1, 1).toordinal()


def _item(row: tuple[object, ...]) -> Item:
    values = list(row)
    values[8] = bool(values[8])
    return Item(*values)  # type: ignore[arg-type]  # the columns are typed by the database (STRICT)
