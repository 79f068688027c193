"""The values that the page's templates show: a view's figures as the texts and bar lengths of one language.

Pure. Not here: the figures (``shown/views.py``) and the words for places and verdicts (``shown/wording.py``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from fyraften_agent.shown.finding_words import FindingWords, finding_words, forecast_lines, quantity
from fyraften_agent.shown.source_words import NOT_TOLD
from fyraften_agent.shown.views import HOME_RULE, DayView, MonthDay, MonthView
from fyraften_agent.shown.wording import (
    PLACES,
    SOURCES,
    WEEKDAYS,
    WORKSTATIONS,
    duration,
    session_times,
    unknown_before,
    unknown_sentences,
    word,
)
from fyraften_agent.store.store import Session
from fyraften_policy.findings import WORST_FIRST, Finding
from fyraften_policy.languages import Translate
from fyraften_policy.periods import local_date, next_month, parse_date

_GAUGE_WIDTH = 500
# The gauge reaches a little beyond twice the limit, so that the limit stands near its middle.
_GAUGE_LIMITS = 2.2
_SATURDAY = 5


def shown_day(view: DayView, _: Translate, policy_words: Translate) -> dict[str, Any]:
    """Return what ``day.html`` shows."""
    today = local_date(view.now, view.zone)
    return {
        "heading": _("Today, {date}").format(date=view.date) if view.date == today else view.date.isoformat(),
        "weekday": _(WEEKDAYS[view.date.weekday()]),
        "earlier": (view.date - timedelta(days=1)).isoformat(),
        "later": (view.date + timedelta(days=1)).isoformat() if view.date < today else "",
        "worked": duration(view.worked_seconds, _),
        "sessions": [_session(session, view.zone, _) for session in view.sessions],
        "no_sessions": _("No screen work is recorded today.") if view.date == today else _no_work(view.date, _),
        "unknown": unknown_sentences(view.unobserved, view.zone, view.known_from, _),
        "forecast": forecast_lines(view.forecast, view.zone, view.now, _, has_worked=bool(view.sessions)),
        "findings": [finding_words(finding, view.zone, _, policy_words) for finding in view.looked_at],
        "not_looked_at": [finding_words(finding, view.zone, _, policy_words) for finding in view.not_looked_at],
    }


def shown_month(view: MonthView, _: Translate, policy_words: Translate) -> dict[str, Any]:
    """Return what ``month.html`` shows."""
    first = parse_date(f"{view.name}-01")
    now_shown = f"{local_date(view.now, view.zone):%Y-%m}"
    totals = [
        {"kind": place, "place": word(PLACES, place, _), "time": duration(seconds, _)}
        for place, seconds in view.seconds.items()
    ]
    others = [finding for finding in view.findings if finding.rule != HOME_RULE and finding.reason not in NOT_TOLD]
    words = [finding_words(finding, view.zone, _, policy_words) for finding in others]
    return {
        "heading": _("Month {month}").format(month=view.name),
        "earlier": f"{first - timedelta(days=1):%Y-%m}",
        "later": f"{next_month(first):%Y-%m}" if view.name < now_shown else "",
        "home": None if view.home is None else _home(view.home, view.zone, _, policy_words),
        "totals": totals,
        "days": [_day(day, view, _) for day in view.days_to_show],
        "unknown": unknown_before(view.known_from, view.zone, _)
        if view.begins_before_all and view.known_from is not None
        else "",
        "rules": [
            _rule([each for each in words if each.rule == rule], _) for rule in dict.fromkeys(f.rule for f in words)
        ],
    }


def _rule(findings: Sequence[FindingWords], _: Translate) -> dict[str, Any]:
    """Return what one rule said in a month: how often what, and each finding, those to look at first."""
    by_worst = sorted(findings, key=lambda finding: WORST_FIRST.index(finding.verdict))
    counted = Counter(finding.word for finding in by_worst)
    counts = [_("{count} × {verdict}").format(count=count, verdict=verdict) for verdict, count in counted.items()]
    return {
        "title": by_worst[0].title,
        "verdict": by_worst[0].verdict,
        "counts": ", ".join(counts),
        "findings": by_worst,
    }


def _session(session: Session, zone: str, _: Translate) -> dict[str, Any]:
    source = word(SOURCES, session.source, _)
    return {
        "number": session.id,
        "confirmed": session.confirmed,
        "times": session_times(session, zone, _),
        "length": duration(session.end - session.start, _),
        "kind": session.place,
        "place": session.place_label or word(PLACES, session.place, _),
        "workstation": word(WORKSTATIONS, session.workstation, _),
        "source": source if session.confirmed else _("{known}; was it work?").format(known=source),
    }


def _no_work(day: date, _: Translate) -> str:
    return _("No screen work is recorded on {date}.").format(date=day)


def _home(finding: Finding, zone: str, _: Translate, policy_words: Translate) -> dict[str, Any]:
    """Return the average over weeks against the limit, as text and as lengths of the gauge."""
    words = finding_words(finding, zone, _, policy_words)
    if finding.measured is None or not finding.limit:
        return {"measured": words.word, "limit": words.reason, "width": 0, "mark": 0, "finding": words}
    scale = _GAUGE_WIDTH / (finding.limit * _GAUGE_LIMITS)
    return {
        "measured": _("{days} days a week").format(days=quantity(finding.measured, finding.unit, _)),
        "limit": _("the rule speaks of more than {days}").format(days=quantity(finding.limit, finding.unit, _)),
        "width": round(min(finding.measured * scale, _GAUGE_WIDTH), 1),
        "mark": round(finding.limit * scale, 1),
        "finding": words,
    }


def _day(day: MonthDay, view: MonthView, _: Translate) -> dict[str, Any]:
    """Return a row of the month: its texts, and its bar on the scale of the longest day."""
    bars, x = [], 0.0
    for place in view.places:
        width = 100 * day.seconds[place] / max(view.longest_day_seconds, 1)
        if width:
            bars.append({"kind": place, "x": round(x, 2), "width": round(width, 2)})
        x += width
    return {
        "date": day.date.isoformat(),
        "weekday": _(WEEKDAYS[day.date.weekday()]),
        "free": day.date.weekday() >= _SATURDAY,
        "bars": bars,
        "times": [_time(day.seconds[place], _) for place in view.places],
        "together": _time(day.worked_seconds, _),
        "unobserved": _time(day.unobserved_seconds, _),
    }


def _time(seconds: int, _: Translate) -> str:
    return duration(seconds, _) if seconds else ""
