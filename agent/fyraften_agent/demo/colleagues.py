"""Eleven made-up colleagues, so that the group is large enough to have figures.

Each has a ledger, an outbox and keys of their own, agrees, enrols and sends as everybody does; only what their reports
say is written here and not measured.
Not here: the network (``sending``), the person whose weeks are replayed (``person``).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fyraften_agent.demo.participant import Participant
from fyraften_agent.sending.outbox import Outbox
from fyraften_agent.sending.reports import GROUP_WEEKLY
from fyraften_policy import wire

# Days at home, of them with work outside the agreed hours, days with such work at all, short rests, rule, pauses. Who
# works outside the agreed hours on many days misses the weekly day off.
_HABITS = (
    ("0", "0", "0", "0", "not_covered", "varied"),
    ("1", "0", "0", "0", "not_covered", "some_long_stretches"),
    ("2", "0", "1", "0", "not_covered", "varied"),
    ("2", "1", "1", "0", "not_covered", "long_stretches"),
    ("3", "0", "0", "0", "covered", "some_long_stretches"),
    ("1", "0", "0", "0", "not_covered", "varied"),
    ("2", "0", "0", "0", "not_covered", "some_long_stretches"),
    ("3", "2", "2", "1", "covered", "long_stretches"),
    ("0", "0", "0", "0", "not_covered", "varied"),
    ("1", "1", "1", "0", "not_covered", "some_long_stretches"),
    ("2", "2", "3+", "1", "not_covered", "varied"),
)
_SHARES = {"0": "none", "1": "under_half", "2": "under_half", "3": "half_or_more"}
NUMBER = len(_HABITS)


@contextmanager
def eleven_colleagues(folder: Path) -> Iterator[tuple[Participant, ...]]:
    """Give the colleagues, each with keys in a folder of their own."""
    people = tuple(Participant(folder / f"{number:02}") for number in range(NUMBER))
    try:
        yield people
    finally:
        for one in people:
            one.close()


def report_of(number: int, week: str, cell: str) -> bytes:
    """Return the bytes of one colleague's report; habits change hands a little from week to week."""
    home, outside_home, outside, short, rule, pauses = _HABITS[(number + int(week[-2:])) % NUMBER]
    values = {
        "week": week,
        "cell": cell,
        "home_days": home,
        "home_share": _SHARES[home],
        "out_of_hours_days": outside,
        "out_of_hours_home_days": outside_home,
        "short_rests": short,
        "day_off": "missed" if outside == "3+" else "kept",
        "screen_rule": rule,
        "pauses": pauses,
    }
    return wire.encode(GROUP_WEEKLY, values)


def approve_report(outbox: Outbox, body: bytes, subject: str, now: int) -> None:
    """Put a report into an outbox and approve it, to leave at once."""
    outbox.approve(outbox.prepare(body, subject, now).id, now, send_at=now)
