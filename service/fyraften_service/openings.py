"""When a week or a month is open for reports, as dates.

    ends                closes             erased
-----|-------------------|------------------|--------->
  week over: reports   published, raw     promised at
  are accepted         reports deleted    the latest
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from fyraften_policy.periods import next_month, parse_date, week_monday
from fyraften_service.config import Config

_LATEST_ERASURE = timedelta(weeks=3)


@dataclass(frozen=True)
class Opening:
    """A period: its first day, the first day after it, the first day it takes no reports, and the day they are gone."""

    starts: date
    ends: date
    closes: date
    erase_by: date


def week_opening(week: str, config: Config) -> Opening:
    """Return the dates of an ISO week of ``group`` reports."""
    monday = week_monday(week)
    ends = monday + timedelta(weeks=1)
    return Opening(monday, ends, ends + timedelta(days=config.open_days), ends + _LATEST_ERASURE)


def month_opening(month: str, config: Config) -> Opening:
    """Return the dates of a month of ``duty`` reports: these are sent on a click, so the month itself is open too."""
    first = parse_date(f"{month}-01")
    ends = next_month(first)
    erase_by = ends + timedelta(days=config.duty_kept_days)
    return Opening(first, ends, ends + timedelta(days=config.duty_open_days), erase_by)


def views_kept_from(config: Config, today: date) -> date:
    """Return the first day whose views are kept: of a day before it, every report that was shown then is erased."""
    return (today - timedelta(days=config.duty_kept_days)).replace(day=1)


def closed_weeks(config: Config, today: date) -> list[date]:
    """Return the Mondays of the weeks since the service started that take no more reports, in order."""
    monday = config.started_on - timedelta(days=config.started_on.weekday())
    latest = today - timedelta(days=7 + config.open_days)
    return [monday + timedelta(weeks=number) for number in range((latest - monday).days // 7 + 1)]
