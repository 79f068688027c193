"""When a week or a month is open for reports, as dates.

    ends                closes             erased
-----|-------------------|------------------|--------->
  week over: reports   published, raw     promised at
  are accepted         reports deleted    the latest
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from fyraften_policy import wire
from fyraften_policy.periods import next_month, parse_date, week_monday, week_name
from fyraften_service.config import Config

_LATEST_ERASURE = timedelta(weeks=3)
_RECORD_YEARS = 5  # § 4 b of the Danish act implementing parts of the working time directive


@dataclass(frozen=True)
class Opening:
    """A period: its first day, the first day after it, the first day it takes no reports, and the day they are gone."""

    starts: date
    ends: date
    closes: date
    erase_by: date


def month_opening(month: str, config: Config) -> Opening:
    """Return the dates of a month of ``duty`` reports: these are sent on a click, so the month itself is open too."""
    first = parse_date(f"{month}-01")
    ends = next_month(first)
    erase_by = ends + timedelta(days=config.duty_kept_days)
    return Opening(first, ends, ends + timedelta(days=config.duty_open_days), erase_by)


def record_opening(week: str, config: Config) -> Opening:
    """Return the dates of a week of the record: open as long as it is kept, because it can be corrected as long.

    It is kept for five years after the last period over which working time is averaged that a day of the week can be
    part of: one that begins with its end.
    """
    monday = week_monday(week)
    ends = monday + timedelta(weeks=1)
    erase_by = _months_after(ends, config.record_period_months + 12 * _RECORD_YEARS)
    return Opening(monday, ends, erase_by, erase_by)


def group_opening(report: wire.Report, period: str, config: Config) -> Opening:
    """Return the dates of a period of reports that become group figures.

    Raises:
        FactsError: the period is none of the report's kind.
    """
    starts, ends = group_days(report, period)
    return Opening(starts, ends, ends + timedelta(days=config.open_days), ends + _LATEST_ERASURE)


def group_days(report: wire.Report, period: str) -> tuple[date, date]:
    """Return the first day of a period, and the first day after it."""
    if report.period == "week":
        monday = week_monday(period)
        return monday, monday + timedelta(weeks=1)
    first = parse_date(f"{period}-01")
    return first, next_month(first)


def first_whole(report: wire.Report, enrolled_on: date) -> date:
    """Return the first day of the first period that begins after a day: who takes part is fixed when it begins."""
    if report.period == "week":
        return enrolled_on + timedelta(days=7 - enrolled_on.weekday())
    return next_month(enrolled_on.replace(day=1))


def closed_periods(report: wire.Report, config: Config, today: date) -> list[str]:
    """Return the periods since the service started that take no more reports of this kind, in order."""
    if report.period == "week":
        return [week_name(monday) for monday in closed_weeks(config, today)]
    month, closed = config.started_on.replace(day=1), []
    while next_month(month) + timedelta(days=config.open_days) <= today:
        closed.append(f"{month:%Y-%m}")
        month = next_month(month)
    return closed


def views_kept_from(config: Config, today: date) -> date:
    """Return the first day whose views are kept: of a day before it, every report that was shown then is erased."""
    return (today - timedelta(days=config.duty_kept_days)).replace(day=1)


def _months_after(day: date, months: int) -> date:
    """Return the same day of a later month, or its last day where it is shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    first = date(day.year + years, month + 1, 1)
    return first + timedelta(days=min(day.day, (next_month(first) - first).days) - 1)


def closed_weeks(config: Config, today: date) -> list[date]:
    """Return the Mondays of the weeks since the service started that take no more reports, in order."""
    monday = config.started_on - timedelta(days=config.started_on.weekday())
    latest = today - timedelta(days=7 + config.open_days)
    return [monday + timedelta(weeks=number) for number in range((latest - monday).days // 7 + 1)]
