"""What the reports say: a week or a month of facts turned into the few values the wire registry allows.

Whatever is not known is judged twice, as the policy library does: once as if it had been nothing, once as if it had
been everything it could have been. If both give the same value, that is the value; if not, it is ``unknown``. Not known
is unobserved time, work at an unknown place, and activity that the person has not called work.

The functions that make values are pure; :func:`prepare_weeks` and :func:`prepare_month` put them into an outbox.
Not here: what a value means to people (``fyraften_policy.wire``) and how it leaves (``sender.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from fyraften_agent.consent.ledger import ConsentState
from fyraften_agent.errors import InputError
from fyraften_agent.sending.enrolment import ENROLLED, Enrolment, Enrolments
from fyraften_agent.sending.outbox import Item, Outbox
from fyraften_agent.shown.wording import DAILY_REST, WEEKLY_REST
from fyraften_policy import wire
from fyraften_policy.errors import WireError
from fyraften_policy.evaluate import Answer, evaluate
from fyraften_policy.facts import Facts, day_spans, read_facts
from fyraften_policy.findings import ADVICE, ATTENTION, BROKEN, MET, NOT_APPLICABLE, NOT_JUDGED
from fyraften_policy.intervals import Interval, clip, intersect, join, subtract, total
from fyraften_policy.languages import mark
from fyraften_policy.periods import (
    DAY,
    format_instant,
    local_date,
    month_interval,
    next_month,
    parse_date,
    week_interval,
    week_monday,
    week_name,
    week_start,
)
from fyraften_policy.rules import out_of_hours

GROUP_WEEKLY = "fyraften.group.weekly/1"
DUTY_MONTHLY = "fyraften.duty.monthly/1"
UNKNOWN = wire.UNKNOWN
# A service takes a week for at most a fortnight after its end: older weeks are not prepared.
WEEKS_BACK = 2
_SCREEN_VERDICTS = ("covered", "not_covered", "provisional")

Documents = Callable[[str], Mapping[str, Any]]
"""Returns the facts document of a week, long enough back for every rule, and beyond its end as far as is known."""


@dataclass(frozen=True)
class Stated:
    """What the person says in a duty report; ``None`` is not said, and is sent as ``unknown``."""

    workplace_check: str | None = None
    equipment_wanted: tuple[str, ...] | None = None
    eye_test_wanted: bool | None = None


def group_weekly(document: Mapping[str, Any], week: str, cell: str) -> dict[str, Any]:
    """Return the values of one week's group report.

    ``home_days``
        local dates of the ISO week with work at home; work over midnight counts for both dates.
    ``home_share``
        share of the week's work by time; ``unknown`` in a week without work.
    ``out_of_hours_days``, ``out_of_hours_home_days``
        local dates with confirmed work outside the agreed hours (at home); ``unknown`` where no hours are agreed.
    ``short_rests``
        how often the jurisdiction's rule on daily rest finds too little; work that crosses the week's end counts in
        each week in which its rest is too short.
    ``day_off``
        ``missed`` where the jurisdiction's rule on weekly rest finds too little in the week, ``kept`` where it finds
        enough, also in a week without work; ``unknown`` where the law leaves doubt, or a recorded exception covers it.
        What is known after the end of the week counts here: it says how long the last rest of the week was.
    ``screen_rule``
        the verdict of ``dk.screen.home`` at the end of the week.
    ``pauses``
        by local date with screen work: ``varied`` if no stretch is over the length after which a pause is suggested,
        ``some_long_stretches`` if one is on at most half of the dates, else ``long_stretches``.

    Args:
        document: facts (see ``fyraften_policy.facts``); its ``period`` is set to the week, and ``at`` to its end.
    """
    monday = week_monday(week)
    facts, answer = _judged(document, monday, monday + 7 * DAY, week_interval(week, _zone(document)).end)
    later, later_answer = _judged(document, monday, monday + 7 * DAY)
    outside, outside_home = _out_of_hours(facts)
    return {
        "week": week,
        "cell": cell,
        "home_days": _home_days(facts),
        "home_share": _home_share(facts),
        "out_of_hours_days": outside,
        "out_of_hours_home_days": outside_home,
        "short_rests": _short_rests(facts, answer),
        "day_off": _day_off(later, later_answer),
        "screen_rule": _screen_rule(answer),
        "pauses": _pauses(answer),
    }


def duty_monthly(document: Mapping[str, Any], month: str, stated: Stated, at: int) -> dict[str, Any]:
    """Return the values of one month's duty report: the screen rule as it stands, and what the person says.

    Args:
        at: now; the rule is judged at the end of the month, or now where the month is not over.
    """
    first = parse_date(f"{month}-01")
    end = min(at, month_interval(month, _zone(document)).end)
    _facts, answer = _judged(document, first, next_month(first), end)
    wanted = stated.equipment_wanted
    return {
        "month": month,
        "screen_rule": _screen_rule(answer),
        "workplace_check": stated.workplace_check or UNKNOWN,
        "equipment_wanted": UNKNOWN if wanted is None else sorted(set(wanted)),
        "eye_test_wanted": UNKNOWN if stated.eye_test_wanted is None else stated.eye_test_wanted,
    }


def agreed_body(report_id: str, values: Mapping[str, Any], consent: ConsentState, on: date) -> bytes | None:
    """Return the bytes of a report as it may be sent: what is newer than the consent, or past its review, is unknown.

    ``None`` where the report would say nothing: that would be a sign of life.
    """
    try:
        allowed = wire.as_agreed(report_id, values, consent.wire_version or 0, on)
    except WireError:
        return None
    return None if wire.says_nothing(report_id, allowed) else wire.encode(report_id, allowed)


def require_reviewed(report_id: str, on: date) -> None:
    """Raise :class:`InputError` where a report is made no more, because its review is overdue."""
    kind = wire.report(report_id)
    if kind.made_until < on:
        raise InputError(
            mark("No report {report} is made after {date}: it needs a newer version of Fyraften, reviewed anew."),
            report=kind.name,
            date=kind.made_until.isoformat(),
        )


def is_off(report_id: str, document: Mapping[str, Any]) -> bool:
    """Say whether the law of a facts document is one under which the report is never made."""
    return document.get("jurisdiction") in wire.report(report_id).off_in


def weeks_to_prepare(agreed_at: int, now: int, zone: str) -> list[str]:
    """Return the weeks that are over, began after ``agreed_at``, and may still be taken, oldest first."""
    this_monday = week_start(local_date(now, zone))
    names = [week_name(this_monday - number * 7 * DAY) for number in range(WEEKS_BACK, 0, -1)]
    return [name for name in names if week_interval(name, zone).start >= agreed_at]


def prepare_weeks(
    outbox: Outbox, enrolments: Enrolments, consent: ConsentState, documents: Documents, now: int, zone: str
) -> list[Item]:
    """Put the group report of every week that is due into the outbox, held, and return those that are new.

    Without consent to ``group``, or before the service confirmed the enrolment, there is none.
    """
    enrolment = enrolments.current("group")
    if not consent.is_given or enrolment is None or not is_ready(enrolment) or enrolment.cell is None:
        return []
    agreed_at = max(consent.given_at or 0, enrolment.enrolled_at or 0)
    made = []
    for week in weeks_to_prepare(agreed_at, now, zone):
        if outbox.holds(GROUP_WEEKLY, week, enrolment.subject):
            continue
        document = documents(week)
        if is_off(GROUP_WEEKLY, document):
            continue
        values = group_weekly(document, week, enrolment.cell)
        body = agreed_body(GROUP_WEEKLY, values, consent, local_date(now, zone))
        if body is not None:
            made.append(outbox.prepare(body, enrolment.subject, now))
    return made


def prepare_month(
    outbox: Outbox,
    enrolments: Enrolments,
    consent: ConsentState,
    document: Mapping[str, Any],
    month: str,
    stated: Stated,
    now: int,
) -> Item:
    """Put the duty report of a month into the outbox, held, in place of one that has not left.

    Raises:
        InputError: the month has not begun, there is no confirmed enrolment, its review is overdue, or it would say
            nothing.
    """
    enrolment = enrolments.current("duty")
    if not consent.is_given or enrolment is None or not is_ready(enrolment):
        raise InputError(
            mark(
                "Nobody would receive it yet: agree to duty with your personal code first "
                "(fyraften consent give duty --server … --code …)."
            )
        )
    if month_interval(month, _zone(document)).start > now:
        raise InputError(mark("{month} has not begun. Name a month such as the present one."), month=month)
    values, on = duty_monthly(document, month, stated, now), local_date(now, _zone(document))
    require_reviewed(DUTY_MONTHLY, on)
    body = agreed_body(DUTY_MONTHLY, values, consent, on)
    if body is None:
        raise InputError(
            mark(
                "The report on {month} would say nothing: whether the screen rules cover you is not known yet, and you "
                "ask for nothing. To say something, add for example: --equipment chair, --eye-test yes"
            ),
            month=month,
        )
    return outbox.replace(body, enrolment.subject, now)


def is_ready(enrolment: Enrolment) -> bool:
    """Say whether the service confirmed the enrolment."""
    return enrolment.state == ENROLLED


def _judged(document: Mapping[str, Any], first: date, end: date, at: int | None = None) -> tuple[Facts, Answer]:
    """Return the facts of the period as known at ``at``, or as the document knows them, and what the rules say."""
    now = {} if at is None else {"at": format_instant(at, _zone(document))}
    facts = read_facts({**document, "period": {"start": first.isoformat(), "end": end.isoformat()}, **now})
    return facts, evaluate(facts)


def _zone(document: Mapping[str, Any]) -> str:
    return str(document.get("zone", ""))


def _home_days(facts: Facts) -> str:
    certain = _dates(facts, _home(facts, with_unconfirmed=False))
    possible = _dates(facts, [*_home(facts, with_unconfirmed=True), *_somewhere(facts), *facts.holes])
    return _settled(len(certain), len(certain | possible), lambda count: "5+" if count >= 5 else str(count))


def _home_share(facts: Facts) -> str:
    home, known = _time(facts, _home(facts, with_unconfirmed=False)), _time(facts, _elsewhere(facts, False))
    perhaps_home = _time(facts, _home(facts, with_unconfirmed=True))
    perhaps_elsewhere = _time(facts, _elsewhere(facts, True))
    anywhere = _time(facts, _somewhere(facts)) + _time(facts, facts.holes)
    if not home + known:
        return UNKNOWN
    least = _share(home, perhaps_elsewhere + anywhere)
    most = _share(perhaps_home + anywhere, known)
    return least if least == most else UNKNOWN


def _share(home: int, other: int) -> str:
    if not home:
        return "none"
    if not other:
        return "all"
    return "half_or_more" if home >= other else "under_half"


def _out_of_hours(facts: Facts) -> tuple[str, str]:
    """Return the two counts of dates with work outside the agreed hours: anywhere, and at home."""
    if facts.agreement.normal_hours is None:
        return UNKNOWN, UNKNOWN
    certain, possible = _spans(facts, with_unconfirmed=False), _spans(facts, with_unconfirmed=True)
    unseen = _unseen_dates(facts)
    home = _dates(facts, intersect(certain, _home(facts, with_unconfirmed=False)))
    perhaps_home = _dates(facts, intersect(possible, [*_home(facts, with_unconfirmed=True), *_somewhere(facts)]))
    days = _dates(facts, certain)
    return (
        _settled(len(days), len(days | _dates(facts, possible) | unseen), _three_or_more),
        _settled(len(home), len(home | perhaps_home | unseen), _three_or_more),
    )


def _three_or_more(count: int) -> str:
    return "3+" if count >= 3 else str(count)


def _spans(facts: Facts, with_unconfirmed: bool) -> list[Interval]:
    outside = out_of_hours.outside_hours(facts, with_unconfirmed=with_unconfirmed)
    return [span for spans in outside.values() for span in spans]


def _unseen_dates(facts: Facts) -> set[date]:
    """Return the dates with unobserved time outside the agreed hours."""
    spans = day_spans(clip(facts.holes, facts.period), facts.zone)
    return {day for day, holes in spans.items() if subtract(holes, out_of_hours.hours_on(facts, day))}


def _short_rests(facts: Facts, answer: Answer) -> str:
    rule = DAILY_REST.get(facts.jurisdiction)
    if rule is None:
        return UNKNOWN
    verdicts = _verdicts(answer, rule)
    if NOT_APPLICABLE in verdicts or (not verdicts and clip(facts.holes, facts.period)):
        return UNKNOWN
    certain = verdicts.count(BROKEN)
    possible = certain + verdicts.count(ATTENTION) + verdicts.count(NOT_JUDGED) + _unseen_short_rests(facts, rule)
    return _settled(certain, possible, lambda count: "2+" if count >= 2 else str(count))


def _unseen_short_rests(facts: Facts, rule: str) -> int:
    """Return in how many stretches of unobserved time there could be work with too short a rest that nobody reported.

    The rule says what unobserved time can do to reported work; this is work within unobserved time alone.
    """
    rest, window = (facts.parameters.on(f"{rule}.{name}", facts.first_day).seconds for name in ("minimum", "window"))
    stretches = clip(join(facts.holes, rest), facts.period)
    if facts.jurisdiction == "NO":  # the rest lies between two days of work
        return sum(local_date(one.start, facts.zone) < local_date(one.end - 1, facts.zone) for one in stretches)
    return sum(one.length > window - rest for one in stretches)


def _day_off(facts: Facts, answer: Answer) -> str:
    if facts.jurisdiction not in WEEKLY_REST:
        return UNKNOWN
    verdicts = _verdicts(answer, WEEKLY_REST[facts.jurisdiction])
    # A rest that still goes on may leave the week open: then there is work and no verdict.
    open_or_unseen = clip([*facts.reported(with_unconfirmed=True), *facts.holes], facts.period)
    if NOT_APPLICABLE in verdicts or (not verdicts and open_or_unseen):
        return UNKNOWN
    missed = verdicts.count(BROKEN)
    kept = verdicts.count(MET)
    return _settled(missed, len(verdicts) - kept, lambda count: "missed" if count else "kept")


def _screen_rule(answer: Answer) -> str:
    verdict = answer.summary.get("dk.screen.home", UNKNOWN)
    return verdict if verdict in _SCREEN_VERDICTS else UNKNOWN


def _pauses(answer: Answer) -> str:
    verdicts = _verdicts(answer, "advice.screen.pauses")
    if not verdicts:
        return UNKNOWN
    certain = verdicts.count(ADVICE)
    possible = certain + verdicts.count(ATTENTION) + verdicts.count(NOT_JUDGED)
    return _settled(certain, possible, lambda count: _pattern(count, len(verdicts)))


def _pattern(long_dates: int, dates: int) -> str:
    if not long_dates:
        return "varied"
    return "some_long_stretches" if 2 * long_dates <= dates else "long_stretches"


def _verdicts(answer: Answer, rule: str) -> list[str]:
    return [one.verdict for one in answer.findings if one.rule == rule and one.reason != "no_complete_period"]


def _settled(least: int, most: int, word: Callable[[int], str]) -> str:
    return word(least) if word(least) == word(most) else UNKNOWN


def _home(facts: Facts, with_unconfirmed: bool) -> list[Interval]:
    return [Interval(one.start, one.end) for one in facts.pieces(with_unconfirmed) if one.place == "home"]


def _elsewhere(facts: Facts, with_unconfirmed: bool) -> list[Interval]:
    known = ("home", "unknown")
    return [Interval(one.start, one.end) for one in facts.pieces(with_unconfirmed) if one.place not in known]


def _somewhere(facts: Facts) -> list[Interval]:
    """Return the work at an unknown place, confirmed or not."""
    return [Interval(one.start, one.end) for one in facts.pieces(True) if one.place == "unknown"]


def _dates(facts: Facts, intervals: Sequence[Interval]) -> set[date]:
    return set(day_spans(intersect(intervals, [facts.period]), facts.zone))


def _time(facts: Facts, intervals: Sequence[Interval]) -> int:
    return total(intersect(intervals, [facts.period]))
