"""Local times as sentences show them, each written once: the rules name the same instants again and again.

Not here: what a local time is (see ``periods.py``).
"""

from __future__ import annotations

from datetime import date

from fyraften_policy import periods
from fyraften_policy.facts import Facts

# Within so much time no clock changes twice: with the same offset at both ends it has it throughout (``periods.py``).
_STRETCH_SECONDS = 3 * 86_400
_DAY_MINUTES = 1440
_EPOCH = date(1970, 1, 1).toordinal()
_CLOCK = [f" {minute // 60:02}:{minute % 60:02}" for minute in range(_DAY_MINUTES)]


class LocalTimes(dict[int, str]):
    """The local date and time of an instant, by the instant: the same texts as ``findings.moment``."""

    def __init__(self, zone: str) -> None:
        """Take the zone; nothing is written before it is asked for."""
        super().__init__()
        self._zone = zone
        self._offsets: dict[int, int] = {}  # by stretch, where the clock does not change in it
        self._dates: dict[int, str] = {}

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
        minutes, odd = divmod(instant + offset, 60)
        day, minute = divmod(minutes, _DAY_MINUTES)
        text = (self._dates.get(day) or self._date(day)) + _CLOCK[minute]
        if odd:
            text = f"{text}:{odd:02}"
        self[instant] = text
        return text

    def _offset(self, instant: int) -> int:
        stretch = instant // _STRETCH_SECONDS
        first, last = stretch * _STRETCH_SECONDS, (stretch + 1) * _STRETCH_SECONDS - 1
        offset = periods.utc_offset(first, self._zone)
        if offset != periods.utc_offset(last, self._zone):
            return periods.utc_offset(instant, self._zone)
        self._offsets[stretch] = offset
        return offset

    def _date(self, day: int) -> str:
        text = self._dates[day] = date.fromordinal(_EPOCH + day).isoformat()
        return text


def times_of(facts: Facts) -> LocalTimes:
    """Return the local times of a document, the same ones for every rule."""
    return facts.once(_times_of, True)


def _times_of(facts: Facts, with_unconfirmed: bool) -> LocalTimes:
    return LocalTimes(facts.zone)
