"""Facts about the employment: agreed hours, recorded exceptions and agreements, as told in the facts format.

Not here: what the rules make of them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, time
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple

from fyraften_policy.errors import FactsError
from fyraften_policy.languages import mark
from fyraften_policy.periods import WEEKDAYS
from fyraften_policy.reading import Reader

GROUNDS = ("annual_accounts", "evening_meeting", "state_agreement", "shift_change", "force_majeure")
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]", re.ASCII)


class Hours(NamedTuple):
    """A range of agreed clock time. ``end`` None is midnight; an end at or before the start crosses midnight."""

    start: time
    end: time | None

    @property
    def crosses_midnight(self) -> bool:
        """Tell whether the range ends on the next day."""
        return self.end is not None and self.end <= self.start

    @property
    def goes_on(self) -> bool:
        """Tell whether some of the range lies on the next day: one that ends at midnight sharp has nothing there."""
        return self.crosses_midnight and self.end != time(0)


class Agreement(NamedTuple):
    """Facts about the employment, all optional. ``normal_hours`` has a list for each agreed weekday, 0 is Monday."""

    weekly_hours: Decimal | None = None
    home_days: Decimal | None = None
    normal_hours: Mapping[int, tuple[Hours, ...]] | None = None
    accessible_workstation_elsewhere: str = "unknown"
    works_only_at_home: bool = False
    plans_own_time: bool = False
    unmeasurable_time: bool = False
    on_call: bool = False
    self_organiser: bool = False
    foster_care: bool = False
    chapter_6: date | None = None
    home_agreement: date | None = None
    rest_exceptions: Mapping[date, str] = MappingProxyType({})
    night_agreement_until: time | None = None
    day_boundary: time | None = None
    reference_months: Decimal | None = None
    last_eye_test: date | None = None
    last_workplace_check: date | None = None
    eye_trouble: date | None = None

    @property
    def working_weekdays(self) -> frozenset[int]:
        """Return the agreed weekdays, Monday to Friday where nothing is agreed."""
        if self.normal_hours is None:
            return frozenset(range(5))
        return frozenset(day for day, ranges in self.normal_hours.items() if ranges)

    def chapter_6_covers(self, day: date) -> bool:
        """Tell whether the Danish agreement on rest at home (chapter 6) is on file on a date, with what it demands."""
        own_planning = self.plans_own_time or self.unmeasurable_time
        partly_at_home = not self.works_only_at_home and not self.on_call
        return self.chapter_6 is not None and self.chapter_6 <= day and own_planning and partly_at_home


def read_agreement(reader: Reader) -> Agreement:
    """Return the agreement of the facts document; raises :class:`FactsError`."""
    zero = Decimal(0)
    agreement = Agreement(
        weekly_hours=reader.number("weekly_hours", None, least=zero, most=Decimal(168)),
        home_days=reader.number("home_days", None, least=zero, most=Decimal(7)),
        normal_hours=_read_normal_hours(reader),
        accessible_workstation_elsewhere=reader.choice(
            "accessible_workstation_elsewhere", ("yes", "no", "unknown"), "unknown"
        ),
        rest_exceptions=_read_exceptions(reader),
        night_agreement_until=_optional_clock(reader, "night_agreement_until"),
        day_boundary=_optional_clock(reader, "day_boundary"),
        reference_months=_optional_months(reader, "reference_months"),
        works_only_at_home=reader.flag("works_only_at_home", False),
        plans_own_time=reader.flag("plans_own_time", False),
        unmeasurable_time=reader.flag("unmeasurable_time", False),
        on_call=reader.flag("on_call", False),
        self_organiser=reader.flag("self_organiser", False),
        foster_care=reader.flag("foster_care", False),
        chapter_6=_optional_date(reader, "chapter_6"),
        home_agreement=_optional_date(reader, "home_agreement"),
        last_eye_test=_optional_date(reader, "last_eye_test"),
        last_workplace_check=_optional_date(reader, "last_workplace_check"),
        eye_trouble=_optional_date(reader, "eye_trouble"),
    )
    reader.finish()
    return agreement


def _read_normal_hours(reader: Reader) -> Mapping[int, tuple[Hours, ...]] | None:
    child = reader.child("normal_hours")
    if not child.is_present:
        return None
    hours = {}
    for name in child.names():
        if name not in WEEKDAYS:
            raise FactsError(
                child.at(name), mark("There is no such weekday."), mark("Use {words}."), words=", ".join(WEEKDAYS)
            )
        ranges = child.take(name)
        if not isinstance(ranges, list):
            raise FactsError(
                child.at(name), mark("{value} is not a list."), mark('Write [["08:00", "16:00"]].'), value=repr(ranges)
            )
        hours[WEEKDAYS.index(name)] = tuple(
            _read_range(f"{child.at(name)}[{index}]", pair) for index, pair in enumerate(ranges)
        )
    return MappingProxyType(hours)


def _read_range(path: str, pair: object) -> Hours:
    if not isinstance(pair, list) or len(pair) != 2:
        remedy = mark('Write the start and the end, such as ["08:00", "16:00"].')
        raise FactsError(path, mark("{value} is not a range."), remedy, value=repr(pair))
    start = _clock(f"{path}[0]", pair[0])
    return Hours(start, None if pair[1] == "24:00" else _clock(f"{path}[1]", pair[1]))


def _read_exceptions(reader: Reader) -> Mapping[date, str]:
    exceptions: dict[date, str] = {}
    for item in reader.items("rest_exceptions"):
        day, ground = item.date("date"), item.choice("ground", GROUNDS)
        item.finish()
        if exceptions.setdefault(day, ground) != ground:
            message, remedy = mark("{day} has two grounds."), mark("Record one exception for a day.")
            raise FactsError(item.path, message, remedy, day=day)
    return MappingProxyType(dict(sorted(exceptions.items())))


def _optional_months(reader: Reader, key: str) -> Decimal | None:
    months = reader.number(key, None, least=Decimal(1), most=Decimal(12))
    if months is not None and months != int(months):
        message, remedy = mark("{value} is not a whole number."), mark("Write a whole number.")
        raise FactsError(reader.at(key), message, remedy, value=months)
    return months


def _optional_date(reader: Reader, key: str) -> date | None:
    return reader.date(key) if reader.has(key) else None


def _optional_clock(reader: Reader, key: str) -> time | None:
    return _clock(reader.at(key), reader.take(key)) if reader.has(key) else None


def _clock(path: str, value: object) -> time:
    if isinstance(value, str) and _CLOCK.fullmatch(value):
        return time.fromisoformat(value)
    remedy = mark("Write it as 08:00; midnight at the end is 24:00.")
    raise FactsError(path, mark("{value} is not a time of day."), remedy, value=repr(value))
