"""Local time: where days, ISO weeks, months and clock times meet the instants of ``intervals.py``.

The only module that knows zones. A zone is an IANA name such as ``Europe/Copenhagen``. Nothing here reads the clock
or the zone of the machine.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from fyraften_policy.errors import PolicyError
from fyraften_policy.intervals import Interval

DAY = timedelta(days=1)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})?", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class LocalTimeError(PolicyError):
    """A text is no time, or a local time that exists twice or not at all."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(f"{message} {remedy}")
        self.message, self.remedy = message, remedy


def known_zone(name: str) -> bool:
    """Tell whether the time zone data base has a zone of that name."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def parse_instant(text: str, zone: str) -> int:
    """Return the instant of ``YYYY-MM-DDTHH:MM[:SS][offset or Z]``; without an offset it is local time in ``zone``.

    Raises:
        LocalTimeError: not such a text, or a local time that exists twice or not at all on a clock-change night.
    """
    if not _INSTANT.fullmatch(text):
        raise LocalTimeError(f"{text!r} is not a time.", "Write it as 2026-01-13T08:00, with +01:00 or Z if you like.")
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            moment = _only_reading(moment, zone)
        return int(moment.timestamp())
    except (ValueError, OverflowError):
        raise LocalTimeError(f"{text!r} does not exist in the calendar.", "Correct the date or the time.") from None


def parse_date(text: str) -> date:
    """Return the date of ``YYYY-MM-DD``; raises :class:`LocalTimeError` for anything else."""
    if not _DATE.fullmatch(text):
        raise LocalTimeError(f"{text!r} is not a date.", "Write it as 2026-01-13.")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise LocalTimeError(f"{text!r} does not exist in the calendar.", "Correct the date.") from None


def local(instant: int, zone: str) -> datetime:
    """Return the aware local time of an instant."""
    return datetime.fromtimestamp(instant, ZoneInfo(zone))


def local_date(instant: int, zone: str) -> date:
    """Return the local date of an instant."""
    return local(instant, zone).date()


def format_instant(instant: int, zone: str) -> str:
    """Return local time with offset, for example ``2026-01-13T08:00:00+01:00``."""
    return local(instant, zone).isoformat()


def start_of_day(day: date, zone: str) -> int:
    """Return the first instant of a local date (01:00 where the clock skips midnight)."""
    return clock_instant(day, time(0), zone)


def day_interval(day: date, zone: str) -> Interval:
    """Return a local date as an interval: 23, 24 or 25 hours."""
    return Interval(start_of_day(day, zone), start_of_day(day + DAY, zone))


def clock_instant(day: date, clock: time, zone: str, *, last: bool = False) -> int:
    """Return the instant of a clock time on a date.

    A time that exists twice is its first reading, or the last if ``last``; one that does not exist is moved on by the
    hour that was skipped.
    """
    moment = datetime.combine(day, clock.replace(fold=1 if last else 0), ZoneInfo(zone))
    if last and not _exists(moment):
        moment = moment.replace(fold=0)
    return int(moment.timestamp())


def week_start(day: date) -> date:
    """Return the Monday of the ISO week that holds ``day``."""
    return day - timedelta(days=day.weekday())


def week_name(day: date) -> str:
    """Return the ISO week of a date, for example ``2026-W46``."""
    year, week, _ = day.isocalendar()
    return f"{year:04}-W{week:02}"


def week_monday(name: str) -> date:
    """Return the Monday of ``2026-W46``; raises :class:`LocalTimeError` if there is no such week."""
    try:
        if re.fullmatch(r"\d{4}-W\d{2}", name, re.ASCII):
            return date.fromisocalendar(int(name[:4]), int(name[6:]), 1)
    except ValueError:
        pass
    raise LocalTimeError(f"{name!r} is not an ISO week.", "Write it as 2026-W46.")


def week_interval(name: str, zone: str) -> Interval:
    """Return ``2026-W46`` as an interval from Monday to Monday."""
    monday = week_monday(name)
    return Interval(start_of_day(monday, zone), start_of_day(monday + 7 * DAY, zone))


def month_start(day: date) -> date:
    """Return the first day of the month that holds ``day``."""
    return day.replace(day=1)


def next_month(day: date) -> date:
    """Return the first day of the month after the one that holds ``day``."""
    return month_start(month_start(day) + 31 * DAY)


def month_interval(name: str, zone: str) -> Interval:
    """Return ``2026-11`` as an interval from its first day to the next month's."""
    first = parse_date(f"{name}-01")
    return Interval(start_of_day(first, zone), start_of_day(next_month(first), zone))


def _only_reading(naive: datetime, zone: str) -> datetime:
    first = naive.replace(tzinfo=ZoneInfo(zone))
    second = first.replace(fold=1)
    if first.utcoffset() == second.utcoffset():
        return first
    if _exists(first):
        raise LocalTimeError(
            f"{naive.isoformat()} happens twice in {zone}.",
            f"Write it with its offset: {first.isoformat()} or {second.isoformat()}.",
        )
    moved = first.astimezone(UTC).astimezone(first.tzinfo)
    raise LocalTimeError(
        f"{naive.isoformat()} does not exist in {zone}: the clock skips it.",
        f"Correct the time, or write it with its offset, such as {moved.isoformat()}.",
    )


def _exists(moment: datetime) -> bool:
    back = moment.astimezone(UTC).astimezone(moment.tzinfo)
    return back.replace(tzinfo=None, fold=0) == moment.replace(tzinfo=None, fold=0)
