"""A person's records for tests: nine plausible weeks, kept and measured through the agent's own store."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from fyraften_agent.consent.ledger_store import Ledger
from fyraften_agent.paths import Paths
from fyraften_agent.recording.activity import Changes, MeasuredSession, MeasuredSpan, ObservedTime
from fyraften_agent.store.store import Store
from fyraften_policy.periods import parse_instant

ZONE = "Europe/Copenhagen"


class FixedClock:
    """A clock that stands at one local time."""

    def __init__(self, local: str, zone: str = ZONE) -> None:
        self._now, self._zone = parse_instant(local, zone), zone
        self.elapsed = 0.0

    def now(self) -> int:
        return self._now

    def monotonic(self) -> float:
        return self.elapsed

    def boottime(self) -> float:
        return self.elapsed

    def zone(self) -> str:
        return self._zone


def give_consent(paths: Paths, at: int) -> None:
    """Write a consent to recording, as the keyboard's question does."""
    with Ledger.open(paths) as ledger:
        ledger.give("recording", at, "The text that was shown.", "en", 1)


def at(day: date, clock: str) -> int:
    """Return the instant of a local clock time."""
    return parse_instant(f"{day.isoformat()}T{clock}", ZONE)


FIRST_DAY = date(2026, 9, 21)
TODAY = date(2026, 11, 20)
NOW = "2026-11-20T15:30"


def nine_weeks(paths: Paths) -> Paths:
    """Record nine weeks: at home on Mondays, Wednesdays and Fridays, at the office between; it is Friday afternoon.

    Wednesday 18 November has an evening session until 22:30 and Thursday begins at 07:30; on Tuesday 10 November
    recording was paused from 12:30 to 14:00.
    """
    paths.prepare()
    give_consent(paths, at(FIRST_DAY, "07:00"))
    with Store.open(paths.work) as store:
        home = store.add_place("home", "Flat", "fixed", at(FIRST_DAY, "07:00"))
        store.add_place("fixed_site", None, "fixed", at(FIRST_DAY, "07:00"))
        store.see_network("a" * 64, at(FIRST_DAY, "07:00"))
        store.assign("a" * 64, home, at(FIRST_DAY, "07:00"))
        store.assign("b" * 64, "fixed_site", at(FIRST_DAY, "07:00"))
        numbers = iter(range(1, 100_000))
        for start, end, fingerprint, is_open in _sessions():
            number = next(numbers)
            changes = Changes(
                spans=(MeasuredSpan(number, start, end, (end - start) // 60),),
                sessions=(MeasuredSession(number, start, end, is_open),),
            )
            store.write_measured(changes, ZONE, fingerprint)
        store.write_measured(Changes(observed=tuple(_observed(numbers))), ZONE, None)
    return paths


def small_home(folder: Path) -> Paths:
    """Return paths below a folder of the test, nothing made."""
    return Paths(folder / "fyraften")


def _sessions() -> list[tuple[int, int, str, bool]]:
    sessions = []
    day = FIRST_DAY
    while day <= TODAY:
        network = "a" * 64 if day.weekday() in (0, 2, 4) else "b" * 64
        for start, end in _hours(day):
            is_open = day == TODAY and end == "15:30"
            sessions.append((at(day, start), at(day, end), network, is_open))
        day += timedelta(days=1)
    return sessions


def _hours(day: date) -> list[tuple[str, str]]:
    if day.weekday() >= 5:
        return []
    if day == TODAY:
        return [("08:05", "11:52"), ("12:31", "15:30")]
    if day == date(2026, 11, 10):
        return [("08:00", "12:20"), ("14:10", "16:30")]
    if day == date(2026, 11, 18):
        return [("08:15", "12:00"), ("12:40", "16:10"), ("20:05", "22:30")]
    if day == date(2026, 11, 19):
        return [("07:30", "11:45"), ("12:20", "15:40")]
    return [("08:00", "12:00"), ("12:30", "16:15")]


def _observed(numbers: Iterator[int]) -> Iterator[ObservedTime]:
    pause_start, pause_end = at(date(2026, 11, 10), "12:30"), at(date(2026, 11, 10), "14:00")
    yield ObservedTime(next(numbers), at(FIRST_DAY, "07:00"), pause_start, "pause")
    yield ObservedTime(next(numbers), pause_end, at(TODAY, "15:30"), None)
