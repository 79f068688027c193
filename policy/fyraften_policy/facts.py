"""The facts format: what is told about a person's work, read strictly and resolved into instants.

:func:`read_facts` takes the document of ``fyraften check`` (plain dicts and lists) and answers :class:`Facts`, or
raises :class:`~fyraften_policy.errors.FactsError` with the field, what is wrong and what to do.
Not here: reading sessions (``sessions.py``) and single values (``reading.py``), and any judgement.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from operator import attrgetter, itemgetter
from types import MappingProxyType
from typing import NamedTuple, TypeVar, cast

from fyraften_policy import parameters, periods
from fyraften_policy.agreement import Agreement, read_agreement
from fyraften_policy.errors import FactsError, UnknownParameterError
from fyraften_policy.intervals import Interval, Tally, free_time, union, union_of_sorted
from fyraften_policy.languages import mark
from fyraften_policy.reading import Reader
from fyraften_policy.sessions import (
    OPEN,
    bounds,
    cut_activity,
    cut_work,
    read_activity,
    read_work,
    refuse_open_without_now,
)
from fyraften_policy.sessions import (
    PLACES as PLACES,
)
from fyraften_policy.sessions import (
    Activity as Activity,
)
from fyraften_policy.sessions import (
    Piece as Piece,
)
from fyraften_policy.sessions import (
    Work as Work,
)
from fyraften_policy.sessions import (
    resolve as resolve,
)

Made = TypeVar("Made")
Span = TypeVar("Span", Interval, Piece)
JURISDICTIONS = ("DK", "NO", "EU")
ABSENCES = ("holiday", "sick", "leave", "public_holiday")
# Longer than any look-back of a rule that reads holes: nothing is known before the first observation. The longest is
# a window of twelve months, ending on a day of the period.
_BEFORE_FIRST_SECONDS = 800 * 24 * 3600


class _Told(NamedTuple):
    """The fields of :class:`Facts`."""

    id: str | int | None
    jurisdiction: str
    zone: str
    work: tuple[Work, ...]
    activity: tuple[Activity, ...] | None
    observed: tuple[Interval, ...] | None
    absences: Mapping[date, str]
    public_holidays: frozenset[date]
    agreement: Agreement
    parameters: parameters.Parameters
    first_day: date
    end_day: date
    at: int
    at_stated: bool
    is_cut: bool


class Facts(_Told):
    """What is known of one person's work, in instants. ``observed`` is None where everything was observed.

    ``work`` and ``activity`` are sorted by start and cut at ``at``; ``is_cut`` tells whether any work was. ``absences``
    has the kind of each absent date. Where nothing tells a time (no work, no period, no now) the period is empty and
    ``has_period`` false.
    """

    @cached_property
    def period(self) -> Interval:
        """Return the instants to judge: from the first local day up to the end day, and not past ``at``."""
        start = periods.start_of_day(self.first_day, self.zone)
        return Interval(start, max(start, min(periods.start_of_day(self.end_day, self.zone), self.at)))

    @property
    def has_period(self) -> bool:
        """Tell whether there is any time to speak of."""
        return self.first_day < self.end_day

    @cached_property
    def has_unconfirmed(self) -> bool:
        """Tell whether any work waits for the person's word."""
        return not all(map(attrgetter("confirmed"), self.work))

    @cached_property
    def holes(self) -> tuple[Interval, ...]:
        """Return the unobserved time up to ``at``, sorted; work is itself observed.

        The first lies before all that is told: it has no beginning, and starts as far back as any rule looks.
        """
        if self.observed is None:
            return ()
        known = union([*self.observed, *((work.start, work.end) for work in self.work)])
        first = known[0].start if known else self.at
        return tuple(free_time(known, (min(first, self.at) - _BEFORE_FIRST_SECONDS, self.at)))

    @cached_property
    def _made(self) -> dict[object, object]:
        return {}

    def once(self, make: Callable[[Facts, bool], Made], with_unconfirmed: bool) -> Made:
        """Return ``make(facts, with_unconfirmed)``, made at the first asking and kept for every rule that asks again.

        Args:
            make: a function of a module; it is its own key.
            with_unconfirmed: does not matter, and is true for ``make``, where no work waits for the person's word.
        """
        key = (make, with_unconfirmed or not self.has_unconfirmed)
        if key not in self._made:
            self._made[key] = make(self, key[1])
        return cast(Made, self._made[key])

    def reported(self, with_unconfirmed: bool) -> list[Interval]:
        """Return the told work as instants, sorted and without overlaps."""
        return self.once(_reported, with_unconfirmed)

    def filled(self, with_unconfirmed: bool) -> list[Interval]:
        """Return the told work and the unobserved time together, sorted and without overlaps."""
        return self.once(_filled, with_unconfirmed)

    def tally(self, with_unconfirmed: bool) -> Tally:
        """Return the told work added up, to be asked how much of it lies between two instants."""
        return self.once(_tally, with_unconfirmed)

    def pieces(self, with_unconfirmed: bool) -> list[Piece]:
        """Return the told work with place and workstation: where sessions overlap, the later start decides."""
        return self.once(_pieces, with_unconfirmed)

    def by_date(self, with_unconfirmed: bool) -> Mapping[date, Sequence[Interval]]:
        """Return the told work cut at local midnights, by local date in order; only dates with work."""
        return self.once(_by_date, with_unconfirmed)

    def pieces_by_date(self, with_unconfirmed: bool) -> Mapping[date, Sequence[Piece]]:
        """Return the pieces cut at local midnights, by local date in order; only dates with work."""
        return self.once(_pieces_by_date, with_unconfirmed)

    def seconds_by_date(self, with_unconfirmed: bool) -> Mapping[date, int]:
        """Return the seconds worked, by local date in order; only dates with work."""
        return self.once(_seconds_by_date, with_unconfirmed)

    def is_off(self, day: date) -> bool:
        """Tell whether a local date is an absence or a public holiday."""
        return day in self.absences or day in self.public_holidays


def _told(facts: Facts, with_unconfirmed: bool) -> Sequence[Work]:
    return facts.work if with_unconfirmed else [work for work in facts.work if work.confirmed]


def _reported(facts: Facts, with_unconfirmed: bool) -> list[Interval]:
    return union_of_sorted(map(itemgetter(0, 1), _told(facts, with_unconfirmed)))


def _filled(facts: Facts, with_unconfirmed: bool) -> list[Interval]:
    reported = facts.reported(with_unconfirmed)
    return union([*reported, *facts.holes]) if facts.holes else reported


def _tally(facts: Facts, with_unconfirmed: bool) -> Tally:
    return Tally(facts.reported(with_unconfirmed))


def _pieces(facts: Facts, with_unconfirmed: bool) -> list[Piece]:
    return resolve(_told(facts, with_unconfirmed))


def _by_date(facts: Facts, with_unconfirmed: bool) -> dict[date, list[Interval]]:
    return _cut_by_date(facts.reported(with_unconfirmed), facts.zone)


def _pieces_by_date(facts: Facts, with_unconfirmed: bool) -> dict[date, list[Piece]]:
    return _cut_by_date(facts.pieces(with_unconfirmed), facts.zone)


def _cut_by_date(spans: Sequence[Span], zone: str) -> dict[date, list[Span]]:
    """Return sorted spans by local date, each cut at midnight where it goes on."""
    by_date: dict[date, list[Span]] = {}
    starts = list(map(itemgetter(0), spans))
    index = 0
    while index < len(spans):
        day, day_end = periods.day_of(starts[index], zone)
        following = bisect_left(starts, day_end, index)
        of_day = by_date.setdefault(day, [])
        of_day.extend(spans[index:following])
        last, index = of_day[-1], following
        if last[1] > day_end:
            of_day.pop()
            for day, start, end in periods.split_by_day([(last[0], last[1])], zone):
                by_date.setdefault(day, []).append(last._replace(start=start, end=end))
    return by_date


def _seconds_by_date(facts: Facts, with_unconfirmed: bool) -> dict[date, int]:
    by_date = facts.by_date(with_unconfirmed)
    return {day: sum([end - start for start, end in spans]) for day, spans in by_date.items()}


def read_facts(document: object) -> Facts:
    """Return the facts of one document.

    Raises:
        FactsError: an unknown key, a missing field, a wrong value, or a local time that exists twice or not at all.
    """
    reader = Reader.root(document)
    name = reader.take("id", None)
    if name is not None and (isinstance(name, bool) or not isinstance(name, str | int)):
        message, remedy = mark("{value} is neither text nor a whole number."), mark("Give the document a plain id.")
        raise FactsError("id", message, remedy, value=repr(name))
    jurisdiction = reader.choice("jurisdiction", JURISDICTIONS)
    zone = reader.zone("zone")
    work, still_open = read_work(reader, zone)
    activity = read_activity(reader, zone)
    observed = _read_observed(reader, zone)
    absences = _read_absences(reader)
    public_holidays = frozenset(reader.dates("public_holidays"))
    agreement = read_agreement(reader.child("agreement"))
    replaced = _read_parameters(reader)
    stated = reader.instant("at", zone) if reader.has("at") else None
    first_day, end_day = _read_period(reader, zone, work, stated)
    reader.finish()
    for session in still_open:
        refuse_open_without_now(session, zone, stated)
    at = periods.start_of_day(end_day, zone) if stated is None else stated
    is_over = max(map(itemgetter(1), work), default=at) <= at
    kept = work if is_over else tuple(cut_work(session, at) for session in work if session.start < at)
    kept_activity = None if activity is None else tuple(cut_activity(span, at) for span in activity if span.start < at)
    is_cut = not is_over and any(session.end > at for session in work if session.end != OPEN)
    return Facts(
        name, jurisdiction, zone, kept, kept_activity, observed, absences, public_holidays, agreement, replaced,
        first_day, end_day, at, stated is not None, is_cut,
    )  # fmt: skip


_NO_DAY = date(1970, 1, 1)  # both ends of the period where nothing tells a time


def _read_observed(reader: Reader, zone: str) -> tuple[Interval, ...] | None:
    if reader.take("observed", "all") == "all":
        return None
    intervals = []
    for item in reader.items("observed"):
        intervals.append(Interval(*bounds(item, zone)))
        item.finish()
    return tuple(union(intervals))


def _read_absences(reader: Reader) -> Mapping[date, str]:
    # Where a date is told twice a public holiday gives way: the person's own absence says more. Else the first counts.
    days: dict[date, str] = {}
    for item in reader.items("absences"):
        start, end = item.date("start"), item.date("end")
        kind = item.choice("kind", ABSENCES)
        item.finish()
        if end < start:
            remedy = mark("Both days count: let the end be the last day off.")
            raise FactsError(item.path, mark("{end} is before {start}."), remedy, start=start, end=end)
        if end - start > timedelta(days=3660):
            remedy = mark("Correct one of the dates.")
            raise FactsError(
                item.path, mark("{start} to {end} is longer than ten years."), remedy, start=start, end=end
            )
        for offset in range((end - start).days + 1):
            if days.get(day := start + timedelta(days=offset), "public_holiday") == "public_holiday":
                days[day] = kind
    return MappingProxyType(days)


def _read_parameters(reader: Reader) -> parameters.Parameters:
    child = reader.child("parameters")
    replaced = {}
    for parameter_id in child.names():
        try:
            parameter = parameters.known_parameter(parameter_id)
        except UnknownParameterError:
            remedy = mark("Use the id of a parameter in docs/law.md.")
            raise FactsError(child.at(parameter_id), mark("There is no such parameter."), remedy) from None
        unit = parameters.UNITS[parameter.unit]
        fixed = parameters.AT_MOST.get(parameter_id)
        most = fixed if isinstance(fixed, Decimal) else unit.most
        amount = child.number(parameter_id, Decimal(0), least=unit.least, most=most)
        if unit.is_whole and amount != int(amount):
            message, remedy = mark("{value} is not a whole number."), mark("Write a whole number.")
            raise FactsError(child.at(parameter_id), message, remedy, value=amount)
        replaced[parameter_id] = amount
    _check_beside_each_other(child, parameters.Parameters(replaced))
    return parameters.Parameters(replaced)


def _check_beside_each_other(child: Reader, given: parameters.Parameters) -> None:
    """Raise FactsError where a replaced number cannot be beside another, replaced or of the law."""
    for smaller, larger in parameters.AT_MOST.items():
        if isinstance(larger, Decimal) or not {smaller, larger} & given.replaced.keys():
            continue
        low, high = (given.on(name, date.max) for name in (smaller, larger))
        if low.amount <= high.amount:
            continue
        unit = parameters.UNITS[low.parameter.unit]
        if low.is_replaced:
            wrong, other, least, most = low, high, unit.least, high.amount
            message = mark("{value} is more than {other}, which is {limit}.")
        else:
            wrong, other, least, most = high, low, low.amount, unit.most
            message = mark("{value} is less than {other}, which is {limit}.")
        remedy = mark("Write a number from {least} to {most}, or write another {other} beside it.")
        raise FactsError(
            child.at(wrong.parameter.id),
            message,
            remedy,
            value=wrong.amount,
            other=other.parameter.id,
            limit=other.amount,
            least=least,
            most=most,
        )


def _read_period(reader: Reader, zone: str, work: tuple[Work, ...], stated: int | None) -> tuple[date, date]:
    given = reader.child("period")
    if given.is_present:
        first, end = given.date("start"), given.date("end")
        given.finish()
        if end <= first:
            remedy = mark("The end is the first day after the period.")
            raise FactsError("period", mark("{end} is not after {start}."), remedy, start=first, end=end)
        return first, end
    if not work:
        if stated is None:
            return _NO_DAY, _NO_DAY
        monday = periods.week_start(periods.local_date(stated, zone))
        return monday, monday + timedelta(days=7)
    last = max(session.end for session in work)
    if last == OPEN:
        last = max(session.end if session.end != OPEN else session.start + 1 for session in work)
        last = last if stated is None else max(last, stated)
    first = periods.week_start(periods.local_date(work[0].start, zone))
    return first, periods.week_start(periods.local_date(last - 1, zone)) + timedelta(days=7)


def day_spans(intervals: list[Interval], zone: str) -> Mapping[date, list[Interval]]:
    """Return the intervals cut at local midnights, by local date."""
    by_day: dict[date, list[Interval]] = {}
    for day, start, end in periods.split_by_day(intervals, zone):
        by_day.setdefault(day, []).append(Interval(start, end))
    return by_day
