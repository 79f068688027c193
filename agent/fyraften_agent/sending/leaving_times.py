"""When a report leaves: at a random moment that has nothing to do with work, and after a failure later and later.

A report without a name leaves at a moment drawn by this laptop: of the week for ``group``, once for all weeks; of the
days in which the service takes them for ``pulse``, anew each month, so that the two cannot be joined by their hour.
Where the laptop was off at that moment, it does not leave as soon as somebody starts to work, but at another random
moment some hours on. A report with a name leaves when the person says so.
Pure, but for the one number kept in the ledger's file. Not here: whether a report may leave (``outbox.py``).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from fyraften_agent.consent.ledger_file import transaction
from fyraften_agent.sending.outbox import Item
from fyraften_policy import wire
from fyraften_policy.periods import DAY, next_month, parse_date, week_monday

WEEK_SECONDS = 7 * 24 * 3600
DAY_SECONDS = 24 * 3600
# A service takes a period's reports for at least a fortnight after its end; a moment later than this is not waited for.
LATEST_DAYS = 10
# While the laptop is on, it is looked every minute whether the moment has come: more than this later, it was off.
MISSED_SECONDS = 300
_ANOTHER_SECONDS = 4 * 3600
_FIRST_WAIT_SECONDS = 60
_LONGEST_WAIT_SECONDS = 6 * 3600
_EPOCH_ORDINAL = 719_163  # date(1970, 1, 1).toordinal()


def send_slot(connection: sqlite3.Connection, randomness: Callable[[], float]) -> int:
    """Return this laptop's own second of the week for group reports; drawn once.

    Args:
        randomness: returns a number from 0 up to, not including, 1.
    """
    with transaction(connection):
        drawn = int(randomness() * WEEK_SECONDS)
        connection.execute("INSERT OR IGNORE INTO settings (name, value) VALUES ('send_slot', ?)", (drawn,))
        return int(connection.execute("SELECT value FROM settings WHERE name = 'send_slot'").fetchone()[0])


def send_time(item: Item, slot: int, now: int, randomness: Callable[[], float]) -> int:
    """Return when a report that is approved at ``now`` leaves; one with a name at once.

    A moment so late that the service might have closed the period is not waited for.
    """
    kind = wire.report(item.report)
    if not kind.has_cell:
        return now
    if kind.period == "week":
        at = now + (slot - now) % WEEK_SECONDS
    else:
        at = now + int(randomness() * max(0, latest(item) - now))
    return min(at, max(now, latest(item)))


def missed(item: Item, now: int) -> bool:
    """Say whether the moment of a report without a name passed while the laptop was off, before any try."""
    at = item.next_try_at
    has_no_name = wire.report(item.report).has_cell
    return has_no_name and not item.attempts and at is not None and at + MISSED_SECONDS < now


def another_time(now: int, randomness: Callable[[], float]) -> int:
    """Return when a report leaves whose moment was missed: at random within some hours of work or leisure."""
    return now + 1 + int(randomness() * _ANOTHER_SECONDS)


def latest(item: Item) -> int:
    """Return until when a report may wait for its moment."""
    if wire.report(item.report).period == "week":
        end = week_monday(item.period) + 7 * DAY
    else:
        end = next_month(parse_date(f"{item.period}-01"))
    return (end.toordinal() - _EPOCH_ORDINAL + LATEST_DAYS) * DAY_SECONDS


def wait_seconds(attempts: int, jitter: float, asked: int | None = None) -> int:
    """Return how long to wait before the next try: a minute, doubled each time up to six hours, once to twice that.

    Args:
        jitter: a random number from 0 to 1, so that many laptops do not come back at once.
        asked: what the service asked for in ``Retry-After``; heard up to a day.
    """
    wait = min(_FIRST_WAIT_SECONDS * 2 ** min(attempts, 12), _LONGEST_WAIT_SECONDS)
    return max(int(wait * (1 + jitter)), min(asked or 0, DAY_SECONDS))
