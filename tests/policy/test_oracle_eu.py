"""The European rules, home days and home share against the slow oracle, on random work around odd nights."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from fyraften_policy.facts import read_facts
from policy import oracle_eu as oracle
from policy.european import ZONE, Document, findings, only, rows, verdict, written
from policy.oracle_eu import DAY, HOUR, Span

DAILY, WEEKLY, AVERAGE, BREAK = "eu.rest.daily", "eu.rest.weekly", "eu.hours.average", "eu.break"
HOME_DAYS, HOME_SHARE = "agreement.home_days", "advice.home_share"
MINIMUM = {DAILY: 11 * HOUR, WEEKLY: 35 * HOUR}
slowly = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])

# Midnights, in UTC, before the clock changes of 2026, a leap day, the turn of a year, and a plain Monday.
anchors = st.sampled_from([1774656000, 1792800000, 1835308800, 1798588800, 1768176000])
lengths = st.one_of(
    st.sampled_from([base * HOUR + odd for base in (1, 6, 11, 13, 24, 35) for odd in (-1, 0, 1)]),
    st.integers(1, 14 * HOUR),
    st.sampled_from([299, 300, 301]),
)


@st.composite
def works(draw: st.DrawFn, *, days: int = 12, most: int = 9) -> list[Span]:
    """Sessions in any order, overlapping, touching and apart, or one after the other with gaps near the limits."""
    anchor = draw(anchors)
    if draw(st.booleans()):
        starts = st.integers(0, days * DAY)
        drawn = draw(st.lists(st.tuples(starts, lengths), min_size=1, max_size=most))
        return [(anchor + start, anchor + start + length) for start, length in drawn]
    cursor, spans = anchor + draw(st.integers(0, DAY)), []
    for _ in range(draw(st.integers(1, most))):
        length = draw(lengths)
        spans.append((cursor, cursor + length))
        cursor += length + draw(lengths)
    return list(draw(st.permutations(spans)))


def document(work: list[Span], **more: Any) -> Document:
    """Return a European document; the period is all the time around the work, so that every week in it is over."""
    first, last = oracle.monday_of(min(work)[0], ZONE), oracle.monday_of(max(end for _, end in work), ZONE)
    period = {"start": f"{first}", "end": f"{last + timedelta(days=21)}"}
    return {"jurisdiction": "EU", "zone": ZONE, "work": rows(work), "period": period} | more


def period_of(told: Document) -> Span:
    return tuple(read_facts(told).period)


@slowly
@given(works())
def test_daily_rest_is_counted_forward_from_the_first_work_after_a_rest(work: list[Span]) -> None:
    told = document(work)

    rests = oracle.daily_rests(work, work, period_of(told))

    assert [one["measured"] for one in findings(told, DAILY)] == rests
    assert verdict(told, DAILY) == ("met" if min(rests) >= MINIMUM[DAILY] else "broken")


@slowly
@given(works(), st.integers(-1, 6), st.integers(1, 3))
def test_daily_rest_judges_what_falls_in_the_period(work: list[Span], offset: int, length: int) -> None:
    first = oracle.local_date(min(work)[0], ZONE) + timedelta(days=offset)
    told = document(work, period={"start": f"{first}", "end": f"{first + timedelta(days=length)}"})

    rests = oracle.daily_rests(work, work, period_of(told))

    assert [one["measured"] for one in findings(told, DAILY) if one["reason"] is None] == rests


@slowly
@given(works())
def test_weekly_rest_is_the_longest_that_starts_in_the_week(work: list[Span]) -> None:
    rests = oracle.weekly_rests(work, ZONE)
    last = oracle.monday_of(max(end for _, end in work), ZONE)
    weeks = sorted(week for week in oracle.weeks_with(work, ZONE) if week < last)
    assume(weeks)

    told = {one["period"]["start"][:10]: one for one in findings(document(work), WEEKLY)}

    for week in weeks:
        open_rest = max((end for _, end in work), default=0)
        if oracle.monday_of(open_rest, ZONE) == week:
            continue
        assert told[f"{week}"]["measured"] == rests[week]
        assert told[f"{week}"]["verdict"] == ("met" if rests[week] >= MINIMUM[WEEKLY] else "broken")


@st.composite
def partly_observed(draw: st.DrawFn) -> tuple[list[Span], list[Span], list[Span]]:
    """Work, what was observed, and one way to fill some of the holes with work."""
    work = draw(works(most=7))
    first, last = min(work)[0] - 3 * DAY, max(end for _, end in work) + 3 * DAY
    marks = sorted(draw(st.lists(st.integers(first, last), min_size=2, max_size=6, unique=True)))
    observed = [(start, end) for start, end in zip(marks[::2], marks[1::2], strict=False)]
    told = document(work, observed=rows(observed))
    filled = []
    for start, end in read_facts(told).holes:
        cut = sorted(draw(st.lists(st.integers(max(start, first - 5 * DAY), end), min_size=2, max_size=2)))
        how = draw(st.sampled_from(["rest", "work", "some", "begin", "end"]))
        part = {"rest": (start, start), "work": (start, end), "some": (cut[0], cut[1]), "begin": (start, cut[0])}.get(
            how, (cut[0], end)
        )
        filled += [part] if part[0] < part[1] else []
    return work, observed, filled


@slowly
@given(partly_observed())
def test_no_way_of_filling_the_holes_contradicts_a_verdict_on_daily_rest(
    case: tuple[list[Span], list[Span], list[Span]],
) -> None:
    work, observed, filled = case
    told = document(work, observed=rows(observed))

    said = verdict(told, DAILY)
    worst = min(oracle.daily_rests([*work, *filled], work, period_of(told)))

    assert said in ("met", "broken", "not_judged")
    if said != "not_judged":
        assert said == ("met" if worst >= MINIMUM[DAILY] else "broken")


@slowly
@given(partly_observed())
def test_no_way_of_filling_the_holes_contradicts_a_verdict_on_weekly_rest(
    case: tuple[list[Span], list[Span], list[Span]],
) -> None:
    work, observed, filled = case
    told = document(work, observed=rows(observed))
    end = period_of(told)[1]
    # A rest that goes on at the end of the period is as long as it can be seen.
    runs = oracle.weekly_rests([*work, *filled, (end, end + 1)], ZONE)

    for one in findings(told, WEEKLY):
        if one["verdict"] in ("met", "broken"):
            longest = runs[date.fromisoformat(one["period"]["start"][:10])]
            assert one["verdict"] == ("met" if longest >= MINIMUM[WEEKLY] else "broken")


@slowly
@given(partly_observed(), st.lists(st.sampled_from(["home", "fixed_site"]), min_size=40, max_size=40))
def test_no_way_of_filling_the_holes_contradicts_a_verdict_on_home_days_or_home_share(
    case: tuple[list[Span], list[Span], list[Span]], places: list[str]
) -> None:
    work, observed, filled = case
    placed = [(start, end, place) for (start, end), place in zip(work, places, strict=False)]
    filled = [(max(start, min(work)[0] - 9 * DAY), end) for start, end in filled if end > min(work)[0] - 9 * DAY]
    more = [(start, end, place) for (start, end), place in zip(filled, reversed(places), strict=False)]
    told = document(work, observed=rows(observed), agreement={"home_days": 2})
    told["work"] = [row for start, end, place in placed for row in rows([(start, end)], place=place)]

    seconds = oracle.by_day_and_place([*placed, *more], ZONE)

    for rule in (HOME_DAYS, HOME_SHARE):
        for one in findings(told, rule):
            week = date.fromisoformat(one["period"]["start"][:10])
            here = {key: value for key, value in seconds.items() if 0 <= (key[0] - week).days < 7}
            home = {day: value for (day, place), value in here.items() if place == "home"}
            if rule == HOME_DAYS and one["verdict"] in ("met", "broken"):
                assert one["verdict"] == ("broken" if len(home) > 2 else "met")
            if rule == HOME_SHARE and one["verdict"] in ("met", "advice"):
                assert one["verdict"] == ("advice" if 2 * sum(home.values()) > sum(here.values()) else "met")


@slowly
@given(works(), st.lists(st.tuples(st.integers(-DAY, 9 * DAY), lengths), min_size=1, max_size=3))
def test_unconfirmed_work_never_breaks_a_rule_by_itself(work: list[Span], more: list[Span]) -> None:
    waiting = [(min(work)[0] + start, min(work)[0] + start + length) for start, length in more]
    period = document([*work, *waiting])["period"]
    agreement = {"home_days": 2}
    told = document(work, agreement=agreement, period=period)
    told["work"] = [*rows(work, place="home"), *rows(waiting, place="home", confirmed=False)]
    certain = document(work, agreement=agreement, period=period) | {"work": rows(work, place="home")}

    for rule in (DAILY, WEEKLY, AVERAGE, BREAK, HOME_DAYS):
        certainly = {one["period"]["start"]: one["verdict"] for one in findings(certain, rule)}
        if verdict(told, rule) == "broken":
            assert "broken" in certainly.values()


@st.composite
def months_of_work(draw: st.DrawFn) -> tuple[list[Span], set[date]]:
    """Long and short days over some months, and days of absence."""
    anchor = draw(
        st.sampled_from([1772236800, 1790640000, 1835308800, 1798588800])
    )  # before March, October, a leap day
    days = draw(st.lists(st.integers(0, 60), min_size=1, max_size=25))
    lengths_of_day = st.one_of(st.integers(1, 23 * HOUR), st.just(8 * HOUR))
    work = [(anchor + day * DAY + 7 * HOUR, anchor + day * DAY + 7 * HOUR + draw(lengths_of_day)) for day in days]
    first = oracle.local_date(anchor, ZONE)
    absent = {first + timedelta(days=day) for day in draw(st.lists(st.integers(-10, 70), max_size=12))}
    return work, absent


@slowly
@given(
    months_of_work(), st.sampled_from([1, 2, 4, 12]), st.integers(1, 40), st.sampled_from(["holiday", "sick", "leave"])
)
def test_the_average_is_that_of_the_worst_window(
    case: tuple[list[Span], set[date]], months: int, length: int, kind: str
) -> None:
    work, absent = case
    first = oracle.local_date(max(end for _, end in work), ZONE) - timedelta(days=20)
    told = document(
        work,
        agreement={"reference_months": months},
        absences=[{"start": f"{day}", "end": f"{day}", "kind": kind} for day in absent],
        period={"start": f"{first}", "end": f"{first + timedelta(days=length)}"},
    )
    end = period_of(told)[1]
    until = [(start, min(stop, end)) for start, stop in work if start < end]

    averages = [
        oracle.hours_a_week(until, ZONE, first + timedelta(days=number), months, absent) for number in range(length)
    ]
    worst = max(averages)

    if worst == 0:
        assert only(told, AVERAGE)["reason"] == "no_complete_period"
    else:
        assert Fraction(only(told, AVERAGE)["measured"]).limit_denominator(10**8) == worst.limit_denominator(10**8)
        assert verdict(told, AVERAGE) == ("broken" if worst > 48 else "met")


@slowly
@given(works())
def test_a_day_of_more_than_six_hours_without_a_break_is_in_doubt(work: list[Span]) -> None:
    told = {one["period"]["start"][:10]: one["verdict"] for one in findings(document(work), BREAK)}

    lacking = oracle.days_without_break(work, ZONE)

    assert told == {f"{day}": "attention" if lacks else "met" for day, lacks in lacking.items()}


@slowly
@given(
    st.lists(
        st.tuples(st.integers(0, 20 * DAY), lengths, st.sampled_from(["home", "fixed_site", "elsewhere"])),
        min_size=1,
        max_size=9,
    ),
    anchors,
    st.sampled_from([0, 1, 2, 2.5, 3]),
)
def test_home_days_and_home_share_are_those_of_the_weeks(
    drawn: list[tuple[int, int, str]], anchor: int, agreed: float
) -> None:
    sessions = sorted((anchor + start, anchor + start + length, place) for start, length, place in drawn)
    told = document([(start, end) for start, end, _ in sessions], agreement={"home_days": agreed})
    told["work"] = [row for start, end, place in sessions for row in rows([(start, end)], place=place)]

    seconds = oracle.by_day_and_place(sessions, ZONE)

    shares = {one["period"]["start"][:10]: one for one in findings(told, HOME_SHARE)}
    days = {one["period"]["start"][:10]: one for one in findings(told, HOME_DAYS)}
    weeks = {day - timedelta(days=day.weekday()) for day, _ in seconds}
    assert set(shares) == set(days) == {f"{week}" for week in weeks}
    for week in weeks:
        here = {key: value for key, value in seconds.items() if 0 <= (key[0] - week).days < 7}
        home = sum(value for (_, place), value in here.items() if place == "home")
        count = len({day for day, place in here if place == "home"})
        assert days[f"{week}"]["measured"] == count
        assert days[f"{week}"]["verdict"] == ("broken" if count > agreed else "met")
        assert Fraction(shares[f"{week}"]["measured"]).limit_denominator(10**8) == Fraction(home, sum(here.values()))
        assert shares[f"{week}"]["verdict"] == ("advice" if 2 * home > sum(here.values()) else "met")


@slowly
@given(works(), st.integers(0, 6 * DAY))
def test_judging_day_by_day_finds_the_same_breaches_of_daily_rest_as_judging_all(work: list[Span], after: int) -> None:
    whole = document(work)
    first = oracle.local_date(min(work)[0], ZONE)
    count = (oracle.local_date(max(end for _, end in work), ZONE) - first).days + 1
    days = [{"start": f"{first + timedelta(days=n)}", "end": f"{first + timedelta(days=n + 1)}"} for n in range(count)]

    by_day = [verdict({**whole, "period": day}, DAILY) for day in days]
    late = [verdict({**whole, "period": day, "at": written(max(work)[1] + after)}, DAILY) for day in days]

    assert ("broken" in by_day) == (verdict(whole, DAILY) == "broken")
    assert "broken" not in late or "broken" in by_day
