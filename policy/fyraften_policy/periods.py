"""Local time: where days, ISO weeks, months and clock times meet the instants of ``intervals.py``.

The only module that knows zones. A zone is an IANA name such as ``Europe/Copenhagen``. Nothing here reads the clock
or the zone of the machine.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from fyraften_policy.errors import RemedyError
from fyraften_policy.intervals import Interval
from fyraften_policy.languages import mark

DAY = timedelta(days=1)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FIRST_YEAR, LAST_YEAR = 1900, 2199  # a year outside is a slip of the pen, such as 0026 for 2026
_CLOCK = re.compile(r"T([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?(Z|[+-][01]\d:[0-5]\d)?", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
# Names that the data base holds beside the zones: the machine's own zone, and clocks that count leap seconds.
_NO_ZONE = re.compile(r"(right|posix)/.*|localtime|posixrules|Factory", re.DOTALL)
_DAY_SECONDS = 86_400
_EPOCH = date(1970, 1, 1).toordinal()
# No zone of the data base changes its clock twice within this time in the years we read, so a stretch of it with the
# same offset at both ends has it throughout; a test looks at every zone. Nor is any offset more than half as long.
_STRETCH_SECONDS = 3 * _DAY_SECONDS


class LocalTimeError(RemedyError):
    """A text is no time, or a local time that exists twice or not at all."""

    def __init__(self, message: str, remedy: str, **values: object) -> None:
        super().__init__("", message, remedy, **values)


def known_zone(name: str) -> bool:
    """Tell whether the time zone data base has a zone of that name."""
    if _NO_ZONE.fullmatch(name):
        return False
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
    clock = written_clock(text[10:26])
    day = None if clock is None else written_day(text[:10], zone)
    if clock is None or day is None:
        remedy = mark("Write it as 2026-01-13T08:00, with +01:00 or Z if you like.")
        if text[10:16] == "T24:00":
            remedy = mark("Midnight at the end of a day is 00:00 of the next date.")
        raise LocalTimeError(mark("{value} is not a time."), remedy, value=repr(text))
    seconds, offset = clock
    if offset is not None:
        return day.utc_midnight + seconds - offset
    if day.midnight is not None:
        return day.midnight + seconds
    return int(_only_reading(datetime.fromisoformat(text), zone).timestamp())


def parse_date(text: str) -> date:
    """Return the date of ``YYYY-MM-DD``; raises :class:`LocalTimeError` for anything else."""
    if not _DATE.fullmatch(text):
        raise LocalTimeError(mark("{value} is not a date."), mark("Write it as 2026-01-13."), value=repr(text))
    try:
        day = date.fromisoformat(text)
    except ValueError:
        message, remedy = mark("{value} does not exist in the calendar."), mark("Correct the date.")
        raise LocalTimeError(message, remedy, value=repr(text)) from None
    _refuse_far_year(day.year, text)
    return day


def local(instant: int, zone: str) -> datetime:
    """Return the aware local time of an instant."""
    return datetime.fromtimestamp(instant, ZoneInfo(zone))


def local_date(instant: int, zone: str) -> date:
    """Return the local date of an instant."""
    offset = _steady_offset(instant // _STRETCH_SECONDS, zone)
    if offset is None:
        return local(instant, zone).date()
    return date.fromordinal(_EPOCH + (instant + offset) // _DAY_SECONDS)


def utc_offset(instant: int, zone: str) -> int:
    """Return how many seconds the local clock is ahead of UTC at an instant."""
    return _local_parts(instant, zone)[2]


def local_text(instant: int, zone: str) -> str:
    """Return local date and time such as ``2026-01-13 21:00``; seconds are shown only where there are some.

    A time that comes twice has its offset, as it is read: ``2026-10-25 02:30+02:00``.
    """
    day, second, _ = _local_parts(instant, zone)
    return f"{_date_text(day)} {_clock_text(second)}{doubled_offset(instant, zone)}"


def doubled_offset(instant: int, zone: str) -> str:
    """Return the offset of an instant whose local time comes twice, as the clock is put back; else nothing."""
    if _offset_around(instant, instant, zone) is not None:
        return ""
    here = local(instant, zone)
    other = here.replace(fold=1 - here.fold)
    return "" if here.utcoffset() == other.utcoffset() else _offset_text(_offset_at(instant, zone))


def format_instant(instant: int, zone: str) -> str:
    """Return local time with offset, for example ``2026-01-13T08:00:00+01:00``."""
    day, second, offset = _local_parts(instant, zone)
    return f"{_date_text(day)}T{_whole_clock_text(second)}{_offset_text(offset)}"


@lru_cache(maxsize=16384)
def start_of_day(day: date, zone: str) -> int:
    """Return the first instant of a local date (01:00 where the clock skips midnight)."""
    reading = (day.toordinal() - _EPOCH) * _DAY_SECONDS
    offset = _offset_around(reading, reading, zone)
    return clock_instant(day, time(0), zone) if offset is None else reading - offset


def day_interval(day: date, zone: str) -> Interval:
    """Return a local date as an interval: 23, 24 or 25 hours."""
    return Interval(start_of_day(day, zone), start_of_day(day + DAY, zone))


def date_of(instant: int, zone: str) -> date:
    """Return the date an instant belongs to: the new one from its first midnight, where the clock goes back over it."""
    return day_of(instant, zone)[0]


def day_of(instant: int, zone: str) -> tuple[date, int]:
    """Return the date an instant belongs to as :func:`date_of` does, and when that day ends."""
    day = local_date(instant, zone)
    end = start_of_day(day + DAY, zone)
    return (day, end) if instant < end else (day + DAY, start_of_day(day + 2 * DAY, zone))


def split_by_day(intervals: Iterable[tuple[int, int]], zone: str) -> Iterator[tuple[date, int, int]]:
    """Yield (local date, start, end) of the intervals cut at local midnights, in their order.

    Where the clock goes back over midnight, what comes after the first midnight belongs to the new day.
    """
    day, day_start, day_end = date.min, 0, 0
    for start, end in intervals:
        while start < end:
            if not day_start <= start < day_end:
                day = date_of(start, zone)
                day_start, day_end = start_of_day(day, zone), start_of_day(day + DAY, zone)
            until = end if end <= day_end else day_end
            yield day, start, until
            start = until


def clock_instant(day: date, clock: time, zone: str, *, last: bool = False) -> int:
    """Return the instant of a clock time on a date.

    A time that exists twice is its first reading, or the last if ``last``; one that does not exist is the instant at
    which the clock skips it.
    """
    moment = datetime.combine(day, clock.replace(fold=1 if last else 0), ZoneInfo(zone))
    return int(moment.timestamp()) if _exists(moment) else _instant_of_skip(moment)


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
    raise LocalTimeError(mark("{value} is not an ISO week."), mark("Write it as 2026-W46."), value=repr(name))


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


# What follows is asked for each time of a document. Days, clock times and stretches of one offset come again and again,
# and `zoneinfo` and regular expressions take ten times as long as looking them up.


@lru_cache(maxsize=16384)
def _steady_offset(stretch: int, zone: str) -> int | None:
    """Return how many seconds local time is ahead of UTC all through a stretch, None where the clock changes in it."""
    offset = _offset_at_begin(stretch, zone)
    return offset if offset == _offset_at_begin(stretch + 1, zone) else None


@lru_cache(maxsize=16384)
def _offset_at_begin(stretch: int, zone: str) -> int:
    return _offset_at(stretch * _STRETCH_SECONDS, zone)


def _offset_around(first: int, last: int, zone: str) -> int | None:
    """Return the offset of local times at most a day apart, read as if they were UTC.

    None where the clock changes some days around them. A stretch between the two stretches that are looked at has the
    same offset at both ends.
    """
    half = _STRETCH_SECONDS // 2
    offset = _steady_offset((first - half) // _STRETCH_SECONDS, zone)
    return offset if offset == _steady_offset((last + half) // _STRETCH_SECONDS, zone) else None


def _offset_at(instant: int, zone: str) -> int:
    offset = local(instant, zone).utcoffset()
    assert offset is not None  # the time is aware
    return offset.days * _DAY_SECONDS + offset.seconds


def _local_parts(instant: int, zone: str) -> tuple[int, int, int]:
    """Return the number of the local day, the second of it that the clock shows, and the offset."""
    offset = _steady_offset(instant // _STRETCH_SECONDS, zone)
    if offset is None:
        offset = _offset_at(instant, zone)
    day, second = divmod(instant + offset, _DAY_SECONDS)
    return _EPOCH + day, second, offset


@lru_cache(maxsize=16384)
def _date_text(ordinal: int) -> str:
    return date.fromordinal(ordinal).isoformat()


@lru_cache(maxsize=16384)
def _whole_clock_text(second: int) -> str:
    return f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"


@lru_cache(maxsize=16384)
def _clock_text(second: int) -> str:
    return _whole_clock_text(second).removesuffix(":00")


@lru_cache(maxsize=256)
def _offset_text(offset: int) -> str:
    return datetime(2000, 1, 1, tzinfo=timezone(timedelta(seconds=offset))).isoformat()[len("2000-01-01T00:00:00") :]


class _Day(NamedTuple):
    """A written date: where midnight would be in UTC, and where it is; None where the clock changes on that day."""

    utc_midnight: int
    midnight: int | None


@lru_cache(maxsize=16384)
def written_day(text: str, zone: str) -> _Day | None:
    """Return what ``2026-01-13`` means, None for no date; raises LocalTimeError for one that never was."""
    if not _DATE.fullmatch(text):
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        message, remedy = mark("{value} does not exist in the calendar."), mark("Correct the date.")
        raise LocalTimeError(message, remedy, value=text) from None
    _refuse_far_year(day.year, text)
    midnight = (day.toordinal() - _EPOCH) * _DAY_SECONDS
    offset = _offset_around(midnight, midnight + _DAY_SECONDS, zone)
    if offset is None:
        start, end = day_interval(day, zone)
        offset = utc_offset(start, zone)
        if end - start != _DAY_SECONDS or offset != utc_offset(end, zone) or start != midnight - offset:
            return _Day(midnight, None)
    return _Day(midnight, midnight - offset)


@lru_cache(maxsize=16384)
def written_clock(clock: str) -> tuple[int, int | None] | None:
    """Return the seconds from midnight to ``T08:00``, ``T08:00:30+01:00``, and the offset, None if it is left out."""
    parts = _CLOCK.fullmatch(clock)
    if parts is None:
        return None
    hour, minute, second, offset = parts.groups()
    seconds = 3600 * int(hour) + 60 * int(minute) + int(second or 0)
    return seconds, None if offset is None else _offset_seconds(offset)


def _offset_seconds(offset: str) -> int:
    if offset == "Z":
        return 0
    seconds = 3600 * int(offset[1:3]) + 60 * int(offset[4:6])
    return -seconds if offset[0] == "-" else seconds


def _refuse_far_year(year: int, text: str) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        message, remedy = mark("{value} is not in the years {first} to {last}."), mark("Correct the year.")
        raise LocalTimeError(message, remedy, value=text, first=FIRST_YEAR, last=LAST_YEAR)


def _only_reading(naive: datetime, zone: str) -> datetime:
    first = naive.replace(tzinfo=ZoneInfo(zone))
    second = first.replace(fold=1)
    if first.utcoffset() == second.utcoffset():
        return first
    if _exists(first):
        raise LocalTimeError(
            mark("{time} happens twice in {zone}."),
            mark("Write it with its offset: {first} or {second}."),
            time=naive.isoformat(),
            zone=zone,
            first=first.isoformat(),
            second=second.isoformat(),
        )
    moved = first.astimezone(UTC).astimezone(first.tzinfo)
    raise LocalTimeError(
        mark("{time} does not exist in {zone}: the clock skips it."),
        mark("Correct the time, or write it with its offset, such as {moved}."),
        time=naive.isoformat(),
        zone=zone,
        moved=moved.isoformat(),
    )


def _instant_of_skip(moment: datetime) -> int:
    """Return the instant at which the clock jumps over a local time: the times before it are read with the old offset.

    With fold 1 a skipped time is read with the new offset, and so falls before the jump; with fold 0 it falls after it.
    """
    low, high = (int(moment.replace(fold=fold).timestamp()) for fold in (1, 0))
    zone = moment.tzinfo
    before = datetime.fromtimestamp(low, zone).utcoffset()
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if datetime.fromtimestamp(middle, zone).utcoffset() == before else (low, middle)
    return high


def _exists(moment: datetime) -> bool:
    back = moment.astimezone(UTC).astimezone(moment.tzinfo)
    return back.replace(tzinfo=None, fold=0) == moment.replace(tzinfo=None, fold=0)
