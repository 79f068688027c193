"""What the employee is shown of a day and of a month: computed once, for the command line and the local page alike.

Pure: sessions, observed time and the answer of the policy library come in, figures go out. Days are the local days of
one zone; a session that crosses midnight counts on both days with its part.
Not here: wording and layout, and where the rows come from (``looking.py``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from fyraften_agent.shown.source_words import NOT_TOLD
from fyraften_agent.store.store import Session
from fyraften_policy.evaluate import Answer
from fyraften_policy.facts import PLACES
from fyraften_policy.findings import ATTENTION, BROKEN, Finding
from fyraften_policy.forecast import Forecast
from fyraften_policy.intervals import Interval, clip, free_time, subtract, total
from fyraften_policy.languages import Translate
from fyraften_policy.periods import (
    day_interval,
    format_instant,
    month_interval,
    next_month,
    parse_date,
    week_interval,
    week_monday,
)

# What this rule says of the latest weeks is shown as a figure of its own.
HOME_RULE = "dk.screen.home"
# What these last said still stands, where others speak of single days.
STANDING_RULES = (HOME_RULE, "no.home_agreement")
# These speak of the weeks or months that end with them. A day is told of them only where there is something to look at.
WINDOW_RULES = (*STANDING_RULES, "dk.hours.average", "dk.night", "no.overtime", "eu.hours.average")


@dataclass(frozen=True)
class DayView:
    """One local day. ``unobserved`` ends at ``now``; ``forecast`` is there for today only.

    ``known_from`` is the first instant of all of which anything is known; None where nothing was ever recorded.
    """

    date: date
    zone: str
    now: int
    sessions: tuple[Session, ...]
    unobserved: tuple[Interval, ...]
    findings: tuple[Finding, ...]
    forecast: Forecast | None
    known_from: int | None = None

    @property
    def interval(self) -> Interval:
        """Return the instants of the day."""
        return day_interval(self.date, self.zone)

    @property
    def looked_at(self) -> tuple[Finding, ...]:
        """Return the findings about what is known, one rule after the other."""
        return tuple(finding for finding in self.findings if finding.reason not in NOT_TOLD)

    @property
    def not_looked_at(self) -> tuple[Finding, ...]:
        """Return the findings that say that something was not told which their rule needs."""
        return tuple(finding for finding in self.findings if finding.reason in NOT_TOLD)

    @property
    def worked_seconds(self) -> int:
        """Return the screen work of the day; overlapping sessions count once."""
        return total(clip(_bounds(self.sessions), self.interval))

    @property
    def unobserved_seconds(self) -> int:
        """Return how much of the day was not observed."""
        return total(self.unobserved)

    def as_json(self, _: Translate) -> dict[str, Any]:
        """Return the document of ``fyraften today --json``."""
        return {
            "date": self.date.isoformat(),
            "sessions": [session_as_json(session) for session in self.sessions],
            "unobserved": [interval_as_json(interval, self.zone) for interval in self.unobserved],
            "findings": [finding.as_json(self.zone, _) for finding in self.findings],
            "forecast": {} if self.forecast is None else self.forecast.as_json(self.zone),
        }


@dataclass(frozen=True)
class MonthDay:
    """One day of a month: seconds of screen work by kind of place, and seconds of which nothing is known."""

    date: date
    seconds: dict[str, int]
    unobserved_seconds: int
    is_over_or_today: bool

    @property
    def worked_seconds(self) -> int:
        """Return the screen work at all places."""
        return sum(self.seconds.values())


@dataclass(frozen=True)
class MonthView:
    """One calendar month, or one ISO week. ``home`` is what the rule on screen work at home says last, if anything.

    ``known_from`` is the first instant of all of which anything is known; None where nothing was ever recorded.
    """

    name: str
    zone: str
    now: int
    days: tuple[MonthDay, ...]
    findings: tuple[Finding, ...]
    home: Finding | None
    known_from: int | None = None

    @property
    def days_to_show(self) -> list[MonthDay]:
        """Return the days up to today, without those that were over before anything was known."""
        return [day for day in self.days if day.is_over_or_today and not self._is_before_all(day.date)]

    @property
    def begins_before_all(self) -> bool:
        """Return whether the month or week began before anything was known."""
        return self.known_from is not None and day_interval(self.days[0].date, self.zone).start < self.known_from

    def _is_before_all(self, day: date) -> bool:
        return self.known_from is not None and day_interval(day, self.zone).end <= self.known_from

    @property
    def seconds(self) -> dict[str, int]:
        """Return the seconds of the month by kind of place, in the order of the facts format."""
        return {place: sum(day.seconds[place] for day in self.days) for place in self.places}

    @property
    def places(self) -> tuple[str, ...]:
        """Return the kinds of place at which there was work in the month."""
        return tuple(place for place in PLACES if any(day.seconds[place] for day in self.days))

    @property
    def worked_seconds(self) -> int:
        """Return the screen work of all days."""
        return sum(day.worked_seconds for day in self.days)

    @property
    def longest_day_seconds(self) -> int:
        """Return the screen work of the longest day."""
        return max((day.worked_seconds for day in self.days), default=0)

    @property
    def home_days(self) -> int:
        """Return on how many days there was screen work at home."""
        return sum(1 for day in self.days if day.seconds["home"])

    def as_json(self, kind: str, _: Translate) -> dict[str, Any]:
        """Return the document of ``fyraften week --json`` and ``month --json``; ``kind`` is ``week`` or ``month``."""
        return {
            kind: self.name,
            "worked_seconds": self.worked_seconds,
            "places": self.seconds,
            "home_days": self.home_days,
            "days": [
                {
                    "date": day.date.isoformat(),
                    "worked_seconds": day.worked_seconds,
                    "places": {place: seconds for place, seconds in day.seconds.items() if seconds},
                    "unobserved_seconds": day.unobserved_seconds,
                }
                for day in self.days
            ],
            "findings": [finding.as_json(self.zone, _) for finding in self.findings],
        }


def day_view(
    sessions: Sequence[Session], observed: Iterable[Interval], answer: Answer, day: date, zone: str, now: int
) -> DayView:
    """Return what is known of one local day.

    Args:
        sessions: any; those of other days are left out.
        observed: when the computer was watched, or known not to be worked at.
        answer: the judgement of a period that holds the day.
    """
    interval = day_interval(day, zone)
    of_day = tuple(session for session in sessions if _is_in(session, interval))
    return DayView(
        date=day,
        zone=zone,
        now=now,
        sessions=of_day,
        unobserved=tuple(unobserved_of(interval, observed, sessions, now)),
        findings=tuple(findings_of_day(interval, answer.findings)),
        forecast=answer.forecast if interval.start <= now < interval.end else None,
    )


def month_view(
    sessions: Sequence[Session], observed: Sequence[Interval], answer: Answer, name: str, zone: str, now: int
) -> MonthView:
    """Return what is known of one calendar month, such as ``2026-11``."""
    first = parse_date(f"{name}-01")
    dates = [first + timedelta(days=number) for number in range((next_month(first) - first).days)]
    return _view_of(sessions, observed, answer, name, dates, month_interval(name, zone), zone, now)


def week_view(
    sessions: Sequence[Session], observed: Sequence[Interval], answer: Answer, name: str, zone: str, now: int
) -> MonthView:
    """Return what is known of one ISO week, such as ``2026-W46``."""
    dates = [week_monday(name) + timedelta(days=number) for number in range(7)]
    return _view_of(sessions, observed, answer, name, dates, week_interval(name, zone), zone, now)


def _view_of(
    sessions: Sequence[Session],
    observed: Sequence[Interval],
    answer: Answer,
    name: str,
    dates: Iterable[date],
    interval: Interval,
    zone: str,
    now: int,
) -> MonthView:
    days = [_month_day(sessions, observed, day, zone, now) for day in dates]
    findings = tuple(findings_of(interval, answer.findings))
    home = next((finding for finding in reversed(findings) if finding.rule == HOME_RULE), None)
    return MonthView(name, zone, now, tuple(days), findings, home)


def unobserved_of(
    interval: Interval, observed: Iterable[Interval], sessions: Iterable[Session], now: int
) -> list[Interval]:
    """Return the parts of ``interval`` up to now of which nothing is known. Work is itself observed."""
    if interval.start >= now:
        return []
    return free_time([*observed, *_bounds(sessions)], (interval.start, min(interval.end, now)))


def findings_of_day(interval: Interval, findings: Sequence[Finding]) -> list[Finding]:
    """Return what is shown of one day: its findings, and of windows the latest where there is something to look at.

    A standing rule is always shown with the latest it said.
    """
    latest = _latest_windows(interval, findings)
    return [
        finding
        for finding in findings_of(interval, findings, latest)
        if not is_window(finding) or finding.rule in STANDING_RULES or finding.verdict in (BROKEN, ATTENTION)
    ]


def findings_of(
    interval: Interval, findings: Iterable[Finding], standing: Collection[Finding] | None = None
) -> list[Finding]:
    """Return the findings about ``interval`` in the order given: windows that end in it, others that touch it.

    That a rule found nothing to judge is said of standing rules only: of a single day it goes without saying.

    Args:
        standing: windows that stand although they ended before; by default the latest of each standing rule.
    """
    findings = list(findings)
    if standing is None:
        standing = [one for one in _latest_windows(interval, findings) if one.rule in STANDING_RULES]
    return [
        finding
        for finding in findings
        if finding in standing
        or (finding.reason != "no_complete_period" and finding.rule not in STANDING_RULES and _is_of(finding, interval))
    ]


def is_window(finding: Finding) -> bool:
    """Say whether a finding speaks of the weeks or months that end with it, not of a day, a run of work or a week."""
    return finding.rule in WINDOW_RULES or finding.unit == "hour_per_week"


def _is_of(finding: Finding, interval: Interval) -> bool:
    if is_window(finding):
        return interval.start < finding.end <= interval.end
    return finding.start < interval.end and interval.start < finding.end


def _latest_windows(interval: Interval, findings: Iterable[Finding]) -> list[Finding]:
    """Return the windows of each rule that ended last, by the end of ``interval``."""
    ended = [one for one in findings if is_window(one) and one.end <= interval.end]
    latest: dict[tuple[str, str | None], int] = {}
    for one in ended:
        key = (one.rule, one.unit)
        latest[key] = max(one.end, latest.get(key, one.end))
    return [one for one in ended if one.end == latest[one.rule, one.unit]]


def session_as_json(session: Session) -> dict[str, Any]:
    """Return a session in the form of ``today --json``, its times in the zone of the place of work."""
    return {
        "start": format_instant(session.start, session.zone),
        "end": None if session.open else format_instant(session.end, session.zone),
        "place": session.place,
        "workstation": session.workstation,
        "confirmed": session.confirmed,
        "source": session.source,
    }


def interval_as_json(interval: Interval, zone: str) -> dict[str, str]:
    """Return an interval as text with offsets."""
    return {"start": format_instant(interval.start, zone), "end": format_instant(interval.end, zone)}


def _month_day(sessions: Sequence[Session], observed: Sequence[Interval], day: date, zone: str, now: int) -> MonthDay:
    interval = day_interval(day, zone)
    seconds = dict.fromkeys(PLACES, 0)
    counted: list[Interval] = []
    # As the policy library reads overlaps: time counts once, and the later start decides the place.
    for session in reversed(sorted(sessions, key=lambda session: session.start)):
        part = subtract(clip([Interval(session.start, session.end)], interval), counted)
        seconds[session.place] += total(part)
        counted += part
    unknown = total(unobserved_of(interval, observed, sessions, now))
    return MonthDay(day, seconds, unknown, interval.start < now)


def _is_in(session: Session, interval: Interval) -> bool:
    # A single input is a session without length, and belongs to the day all the same.
    return session.start < interval.end and (interval.start < session.end or interval.start <= session.start)


def _bounds(sessions: Iterable[Session]) -> list[Interval]:
    return [Interval(session.start, session.end) for session in sessions]
