"""The outbox: reports from prepared to receipted, their bytes made once and never changed.

    held ──► approved ──► sent ──► receipted        sent: the service took it, its receipt is not verified yet
      │          │          └────► refused          refused: the service will never take it
      └──────────┴► purged                          purged: never left, bytes erased (withdrawal, or replaced)

States only go forward; the database refuses anything else (``consent/ledger_file.py``). ``hold`` keeps a report back
without moving it. A report that carries a name may be corrected: the correction is a report of its own, which
``replaces`` the last receipted one; it takes the place of one that never left, and waits for the answer about one that
may have.
Not here: when a report leaves (``leaving_times.py``), what is in it (``reports.py``) and how it leaves (``sender.py``).
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field

from fyraften_agent.consent.ledger_file import open_to_read, storage_errors, transaction
from fyraften_agent.errors import InputError
from fyraften_agent.paths import Paths
from fyraften_policy import wire
from fyraften_policy.errors import WireError
from fyraften_policy.languages import mark
from fyraften_policy.sentences import Sentence

HELD, APPROVED, SENT, RECEIPTED, REFUSED, PURGED = "held", "approved", "sent", "receipted", "refused", "purged"
_EARLIER = (
    "FROM outbox AS earlier WHERE earlier.report = outbox.report AND earlier.period = outbox.period "
    "AND earlier.subject = outbox.subject AND earlier.id < outbox.id AND earlier.state"
)
# An answer may come after the person took the consent back: then it is kept, and the report stays purged.
_GOES_TO = "state = CASE state WHEN 'purged' THEN 'purged' ELSE"
_COLUMNS = (
    "id, report, purpose, period, subject, body, sha256, state, kept_back, prepared_at, approved_at, tried_at, "
    "sent_at, ended_at, attempts, next_try_at, problem, receipt, "
    f"(SELECT sha256 {_EARLIER} = 'receipted' ORDER BY id DESC LIMIT 1), "
    f"(SELECT id {_EARLIER} IN ('held', 'approved', 'sent') ORDER BY id LIMIT 1)"
)


@dataclass(frozen=True)
class Item:
    """One report. ``body`` is ``None`` once purged; ``problem`` is the last failure: a name, or ``name: detail``.

    Attributes:
        tried_at: when it was first about to leave: from then on it may have arrived.
        replaces: SHA-256 of the receipted report that it corrects.
        waits_for: number of the report of the same period about which there is no answer yet.
    """

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
    tried_at: int | None
    sent_at: int | None
    ended_at: int | None
    attempts: int
    next_try_at: int | None
    problem: str | None
    receipt: bytes | None = field(repr=False)
    replaces: str | None
    waits_for: int | None

    @property
    def is_as_prepared(self) -> bool:
        """Say whether the stored bytes are those that were prepared and shown, and a report that may leave."""
        try:
            wire.decode(self.body or b"")
        except WireError:
            return False
        return hashlib.sha256(self.body or b"").hexdigest() == self.sha256

    @property
    def has_left(self) -> bool:
        """Say whether it was sent, or was about to be: without an answer it may have arrived."""
        return self.tried_at is not None or self.sent_at is not None


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
        with transaction(self._connection):
            living = self._living(*_about(body), subject)
            return living[0] if living else self._insert(body, subject, now)

    def replace(self, body: bytes, subject: str, now: int) -> Item:
        """Put a report in, held: in place of one that never left, as a correction of one that did.

        What says the same as the last one is no correction: then that one is returned.

        Raises:
            NotPossibleError: it has no name, and another one of its period may have left.
        """
        report, period = _about(body)
        with transaction(self._connection):
            living = [one for one in self._living(report, period, subject) if one.state != REFUSED]
            if living and living[-1].body != body and living[-1].tried_at is None and living[-1].state != RECEIPTED:
                self._purge(living.pop().id, now)
            if living and living[-1].body == body:
                return living[-1]
            if living and wire.report(report).has_cell:  # without a name: nobody could tell which one is corrected
                raise NotPossibleError(
                    mark(
                        "Report {number} for {period} was sent already, or may have been: only one is taken for "
                        "each period."
                    ),
                    number=living[-1].id,
                    period=period,
                )
            return self._insert(body, subject, now)

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
        """Return the reports to send at ``now``, oldest first; none before there is an answer about an earlier one."""
        return self._select(
            "WHERE state IN ('approved', 'sent') AND kept_back = 0 AND next_try_at <= ? "
            f"AND NOT EXISTS (SELECT 1 {_EARLIER} IN ('held', 'approved', 'sent')) ORDER BY id",
            (now,),
        )

    def begin(self, number: int, now: int, next_try_at: int) -> None:
        """Record, before the first byte leaves, that a report may have left; ``next_try_at`` counts if this is all."""
        self._update("tried_at = coalesce(tried_at, ?), next_try_at = ?", (now, next_try_at), number)

    def put_off(self, number: int, next_try_at: int | None) -> None:
        """Set another moment for a report to leave; of one that is held, when it would by itself, if at all."""
        self._update("next_try_at = ?", (next_try_at,), number)

    def failed(self, number: int, problem: str, next_try_at: int, *, taken_at: int | None = None) -> None:
        """Record a try that was not successful. ``taken_at``: the service took it, but its receipt is not valid."""
        state = f"{_GOES_TO} 'sent' END, sent_at = coalesce(sent_at, ?), " if taken_at is not None else ""
        values = (taken_at,) if taken_at is not None else ()
        self._update(
            f"{state}attempts = attempts + 1, problem = ?, next_try_at = ?", (*values, problem, next_try_at), number
        )

    def receipted(self, number: int, now: int, receipt: bytes) -> None:
        """Record that the service took the report, and its verified receipt."""
        self._update(
            f"{_GOES_TO} 'receipted' END, sent_at = coalesce(sent_at, ?), ended_at = ?, attempts = attempts + 1, "
            "receipt = ?, problem = NULL, next_try_at = NULL",
            (now, now, receipt),
            number,
        )

    def refused(self, number: int, now: int, problem: str) -> None:
        """Record that the service will never take the report."""
        self._update(
            f"{_GOES_TO} 'refused' END, ended_at = ?, attempts = attempts + 1, problem = ?, next_try_at = NULL",
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

    def _purge(self, number: int, now: int) -> None:
        self._update("state = 'purged', body = NULL, ended_at = ?, next_try_at = NULL", (now,), number)

    def _insert(self, body: bytes, subject: str, now: int) -> Item:
        report, period = _about(body)
        digest = hashlib.sha256(body).hexdigest()
        cursor = self._connection.execute(
            "INSERT INTO outbox (report, purpose, period, subject, body, sha256, prepared_at) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            (report, wire.report(report).purpose, period, subject, body, digest, now),
        )
        return self.item(int(cursor.lastrowid or 0))

    def _living(self, report: str, period: str, subject: str) -> list[Item]:
        where = "WHERE report = ? AND period = ? AND subject = ? AND state <> 'purged' ORDER BY id"
        return self._select(where, (report, period, subject))

    def _select(self, where: str, values: Sequence[object]) -> list[Item]:
        with storage_errors():
            rows = self._connection.execute(f"SELECT {_COLUMNS} FROM outbox {where}", tuple(values)).fetchall()
        return [_item(row) for row in rows]

    def _update(self, assignments: str, values: Sequence[object], number: int) -> None:
        with storage_errors():
            self._connection.execute(f"UPDATE outbox SET {assignments} WHERE id = ?", (*values, number))


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


def _about(body: bytes) -> tuple[str, str]:
    """Return which report that is, and of which period; raises :class:`fyraften_policy.errors.WireError`."""
    values = wire.decode(body)
    return str(values["report"]), str(values[wire.report(values["report"]).period])


def _item(row: tuple[object, ...]) -> Item:
    values = list(row)
    values[8] = bool(values[8])
    return Item(*values)  # type: ignore[arg-type]  # the columns are typed by the database (STRICT)
