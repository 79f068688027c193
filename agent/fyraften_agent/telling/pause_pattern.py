"""Whether a pause is worth a word now, seen from the pattern of the day: longest stretch, spread of pauses, intensity.

The policy library says from when a stretch is long.  A day with pauses well spread, or a stretch that was more reading
than typing, may go on a while longer; a day of long stretches may not.  Advice, and our own reading: no text sets
minutes.
Pure.  Not here: the words (``notices``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fyraften_policy.facts import Activity, Facts
from fyraften_policy.intervals import Interval, clip, join
from fyraften_policy.periods import local_date, start_of_day
from fyraften_policy.rules import pauses

_LITTLE_INPUT, _SOME_INPUT = 0.3, 0.6
# How much longer a stretch may be than the one after which a pause is suggested.
_LONGER_WITH_LITTLE_INPUT, _LONGER_WITH_SOME_INPUT, _LONGER_ON_A_VARIED_DAY = 0.5, 0.25, 0.25


@dataclass(frozen=True)
class Pattern:
    """The screen activity of today.

    Attributes:
        stretch: the activity that goes on, without a pause in it.
        earlier: the stretches of today before it.
        intensity: the share of minutes with input in the stretch, 0 to 1; None where it is not told.
        limit: seconds of activity after which a pause is suggested.
    """

    stretch: Interval
    earlier: Sequence[Interval]
    intensity: float | None
    limit: int

    @property
    def is_varied(self) -> bool:
        """Whether there were pauses today, and none of the stretches before was long."""
        return bool(self.earlier) and all(stretch.length <= self.limit for stretch in self.earlier)

    @property
    def longest(self) -> int:
        """The longest stretch of today in seconds."""
        return max(stretch.length for stretch in (*self.earlier, self.stretch))

    def calls_for_pause(self, now: int) -> bool:
        """Return whether the stretch, going on up to ``now``, is long for such a day and such work."""
        longer = 0.0
        if self.intensity is not None and self.intensity < _SOME_INPUT:
            longer = _LONGER_WITH_LITTLE_INPUT if self.intensity < _LITTLE_INPUT else _LONGER_WITH_SOME_INPUT
        if self.is_varied:
            longer += _LONGER_ON_A_VARIED_DAY
        return now - self.stretch.start >= self.limit * (1 + longer)


def pattern_of(facts: Facts) -> Pattern | None:
    """Return the pattern of the day of ``facts.at``; None where no stretch goes on."""
    day = local_date(facts.at, facts.zone)
    limit, least = (facts.parameters.on(name, day).seconds for name in (pauses.STRETCH, pauses.PAUSE))
    activity = pauses.screen_activity(facts, with_unconfirmed=True)
    stretches = [Interval(*one) for one in join(clip(activity, (start_of_day(day, facts.zone), facts.at)), least)]
    if not stretches or facts.at - stretches[-1].end >= least:
        return None
    *earlier, stretch = stretches
    return Pattern(stretch, earlier, _intensity(facts.activity or (), stretch), limit)


def _intensity(activity: Sequence[Activity], stretch: Interval) -> float | None:
    """Return the mean intensity of the activity in a stretch, weighed by time; None where some of it tells none."""
    inside = [span for span in activity if span.start < stretch.end and span.end > stretch.start]
    seconds = [min(span.end, stretch.end) - max(span.start, stretch.start) for span in inside]
    known = [float(span.intensity) for span in inside if span.intensity is not None]
    if not sum(seconds) or len(known) < len(inside):
        return None
    return sum(length * share for length, share in zip(seconds, known, strict=True)) / sum(seconds)
