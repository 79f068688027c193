"""Local times as sentences show them, each written once: the rules name the same instants again and again.

Not here: what a local time is (see ``periods.py``).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from fyraften_policy import periods
from fyraften_policy.facts import Facts
from fyraften_policy.work_days import MainPeriod, days_of

# Within so much time no clock changes twice: with the same offset at both ends it has it throughout (``periods.py``).
_STRETCH_SECONDS = 3 * 86_400
_DAY_SECONDS = 86_400
_EPOCH = date(1970, 1, 1).toordinal()


class LocalTimes(dict[int, str]):
    """The local date and time of an instant, by the instant: the same texts as ``findings.moment``."""

    def __init__(self, zone: str) -> None:
        """Take the zone; nothing is written before it is asked for."""
        super().__init__()
        self._zone = zone
        self._offsets: dict[int, int] = {}  # by stretch, where the clock does not change in it
        self._dates: dict[int, str] = {}

    def write(self, period: MainPeriod) -> None:
        """Write when a day's work starts and ends, which most rules tell, where the day says it."""
        day, start, end, _ = period
        midnight = periods.start_of_day(day, self._zone)
        next_midnight = midnight + _DAY_SECONDS
        if end < next_midnight == periods.start_of_day(day + periods.DAY, self._zone):
            shown = f"{day} "
            self[start], self[end] = shown + _clock_text(start - midnight), shown + _clock_text(end - midnight)

    def clocks(self, instants: Sequence[int]) -> list[str]:
        """Return the texts of some instants without their dates."""
        return [self[instant][len("2026-01-13 ") :] for instant in instants]

    def clock_changes(self, start: int, end: int) -> bool:
        """Tell whether the clock shows more or less time than passes between two instants."""
        before = self._offsets.get(start // _STRETCH_SECONDS)
        after = self._offsets.get(end // _STRETCH_SECONDS)
        if before is None or after is None:
            return self._offset(start) != self._offset(end)
        return before != after

    def __missing__(self, instant: int) -> str:
        """Write the text of an instant and keep it."""
        offset = self._offsets.get(instant // _STRETCH_SECONDS)
        if offset is None:
            offset = self._offset(instant)
            if instant // _STRETCH_SECONDS not in self._offsets:  # the clock changes near it: a time may come twice
                text = self[instant] = periods.local_text(instant, self._zone)
                return text
        day, second = divmod(instant + offset, _DAY_SECONDS)
        text = self[instant] = (self._dates.get(day) or self._date(day)) + _clock_text(second)
        return text

    def _offset(self, instant: int) -> int:
        stretch = instant // _STRETCH_SECONDS
        first, last = stretch * _STRETCH_SECONDS, (stretch + 1) * _STRETCH_SECONDS - 1
        offset = periods.utc_offset(first, self._zone)
        around = (first - _DAY_SECONDS, last, last + _DAY_SECONDS)
        if any(offset != periods.utc_offset(near, self._zone) for near in around):
            return periods.utc_offset(instant, self._zone)
        self._offsets[stretch] = offset
        return offset

    def _date(self, day: int) -> str:
        text = self._dates[day] = f"{date.fromordinal(_EPOCH + day)} "
        return text


class PlainDay:
    """The local date and time of instants on a date of 24 hours, by the instant: the same texts, told by the day."""

    __slots__ = ("_date", "_midnight")

    def __init__(self, day: date, midnight: int) -> None:
        """Take a date and the instant at which it begins."""
        self._date, self._midnight = f"{day} ", midnight

    def __getitem__(self, instant: int) -> str:
        """Return the text of an instant before the next midnight."""
        return self._date + _clock_text(instant - self._midnight)

    def clocks(self, instants: Sequence[int]) -> list[str]:
        """Return the texts of some instants without the date."""
        midnight = self._midnight
        return [_clock_text(instant - midnight) for instant in instants]


@lru_cache(maxsize=4096)
def _clock_text(second: int) -> str:
    minutes, odd = divmod(second, 60)
    return f"{minutes // 60:02}:{minutes % 60:02}" + (f":{odd:02}" if odd else "")


def plain_day(day: date, start: int, end: int, zone: str) -> PlainDay | None:
    """Return the texts of a date that holds some time and in which no clock changes, None for any other."""
    midnight = periods.start_of_day(day, zone)
    next_midnight = midnight + _DAY_SECONDS
    if midnight <= start and end < next_midnight == periods.start_of_day(day + periods.DAY, zone):
        return PlainDay(day, midnight)
    return None


def times_of(facts: Facts) -> LocalTimes:
    """Return the local times of a document, the same ones for every rule."""
    return facts.once(_times_of, True)


def _times_of(facts: Facts, with_unconfirmed: bool) -> LocalTimes:
    times = LocalTimes(facts.zone)
    for day in facts.once(days_of, True):
        times.write(day)
    return times
