"""The Danish rules on averages, breaks and nights against an independent count of minutes."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from fyraften_policy.facts import Facts, read_facts
from fyraften_policy.periods import format_instant, local_date
from fyraften_policy.rules import day_break, hours_average, night_work
from policy import oracle_dk as oracle
from policy.danish_minutes import Rows, told_and_facts

ZONE = "Europe/Copenhagen"
# Both clock changes, a leap day, a turn of the year.
FIRST_DAYS = st.sampled_from([date(2026, 3, 16), date(2026, 10, 12), date(2024, 2, 19), date(2025, 12, 15)])
DAYS = 26
# `make prove` asks for more: see scripts/prove_profile.py.
EXAMPLES = settings().max_examples
WORST = ("broken", "attention", "not_judged", "excepted", "advice", "met")

short = st.integers(1, 300)
anywhere = st.tuples(st.integers(0, DAYS * 1440 - 1), st.one_of(short, st.integers(300, 1500)))
usual = st.builds(
    lambda day, start, length: (day * 1440 + start, length),
    st.integers(0, DAYS - 1),
    st.sampled_from([360, 475, 480, 481, 540, 720, 1200, 1260, 1320, 1380]),
    st.sampled_from([1, 4, 5, 6, 30, 60, 179, 180, 181, 240, 359, 360, 361, 420, 480, 481, 540]),
)
schedules = st.lists(st.one_of(anywhere, usual, usual), min_size=1, max_size=30)
waiting = st.lists(st.one_of(anywhere, usual), max_size=3)


def facts_of(first: date, sessions: list[tuple[int, int]], days: int = DAYS, **more: Any) -> Facts:
    begin = oracle.minutes_from(first, days, ZONE).begin
    limit = len(oracle.minutes_from(first, days, ZONE).dates)
    rows = [
        {
            "start": format_instant(begin + 60 * start, ZONE),
            "end": format_instant(begin + 60 * min(start + length, limit), ZONE),
        }
        for start, length in sessions
        if start < limit
    ]
    period = {"start": first.isoformat(), "end": (first + timedelta(days=days)).isoformat()}
    return read_facts({"jurisdiction": "DK", "zone": ZONE, "work": rows, "period": period, **more})


@given(FIRST_DAYS, schedules)
@settings(max_examples=EXAMPLES)
def test_break_agrees(first: date, sessions: list[tuple[int, int]]) -> None:
    minutes = oracle.minutes_from(first, DAYS, ZONE)
    expected = oracle.breaks(minutes, oracle.row(minutes, sessions), 360, 5)

    found = day_break.judge(facts_of(first, sessions))

    assert {local_date(one.start, ZONE): (one.verdict, one.measured) for one in found} == {
        day: (verdict, 60 * worked) for day, (verdict, worked) in expected.items()
    }


@given(FIRST_DAYS, schedules, waiting.filter(bool))
@settings(max_examples=EXAMPLES)
def test_break_agrees_where_some_activity_waits_for_a_word(first: date, work: Rows, waiting: Rows) -> None:
    minutes, told, facts = told_and_facts(first, DAYS, work, waiting, [])
    with_it = oracle.breaks(minutes, told.judged(waiting=True), 360, 5)
    without = oracle.breaks(minutes, told.certain, 360, 5)

    found = day_break.judge(facts)

    assert {local_date(one.start, ZONE): one.verdict for one in found} == {
        day: verdict if without.get(day, ("met", 0))[0] == verdict else "attention"
        for day, (verdict, _) in with_it.items()
    }


LONG = 66
absent = st.lists(
    st.tuples(
        st.integers(0, LONG - 1), st.integers(0, 9), st.sampled_from(["holiday", "sick", "leave", "public_holiday"])
    ),
    max_size=3,
)
# About 48 hours a week, some days longer, some free.
long_weeks = st.lists(
    st.one_of(st.sampled_from([411, 411, 412, 480, 0]), st.integers(0, 800)), min_size=LONG, max_size=LONG
)


@given(FIRST_DAYS, long_weeks, absent, st.integers(1, 2), st.integers(0, 1439))
@settings(max_examples=EXAMPLES)
def test_average_agrees(
    first: date, lengths: list[int], absences: list[tuple[int, int, str]], months: int, start: int
) -> None:
    sessions = [(day * 1440 + start, length) for day, length in enumerate(lengths) if length]
    rows, kinds = [], {}
    for offset, length, kind in absences:
        begin = first + timedelta(days=offset)
        rows.append({"start": f"{begin}", "end": f"{begin + timedelta(days=length)}", "kind": kind})
        for day in (begin + timedelta(days=number) for number in range(length + 1)):
            if kinds.get(day, "public_holiday") == "public_holiday":
                kinds[day] = kind
    minutes = oracle.minutes_from(first, LONG, ZONE)
    ends = [first + timedelta(days=number) for number in range(1, LONG + 1)]
    neutral = {day for day, kind in kinds.items() if kind != "public_holiday"}
    expected = oracle.averages(minutes, oracle.row(minutes, sessions), ends, months, neutral)

    facts = facts_of(first, sessions, LONG, absences=rows, agreement={"reference_months": months})
    found = hours_average.judge(facts)

    if not expected:
        assert found == []
        return
    worst = max(expected.values())
    (one,) = found
    assert one.measured == float(worst)
    assert one.verdict == ("broken" if worst > 48 else "met")


far = st.lists(st.tuples(st.integers(0, LONG * 1440 - 1), st.integers(1, 3000)), max_size=2)


@given(FIRST_DAYS, long_weeks, far, far, st.integers(1, 2))
@settings(max_examples=EXAMPLES)
def test_average_agrees_whatever_is_not_known(
    first: date, lengths: list[int], waiting: Rows, unknown: Rows, months: int
) -> None:
    work = [(day * 1440 + 480, length) for day, length in enumerate(lengths) if length]
    minutes, told, facts = told_and_facts(first, LONG, work, waiting, unknown, agreement={"reference_months": months})
    ends = [first + timedelta(days=number) for number in range(1, LONG + 1)]
    hours = {
        (holes, asked): oracle.averages(minutes, told.busy(holes=holes, waiting=asked), ends, months, set())
        for holes in (False, True)
        for asked in (False, True)
    }
    expected = set()
    for end in hours[False, True]:

        def verdict_in(holes: bool, asked: bool, end: date = end) -> str:
            return "broken" if hours[holes, asked].get(end, 0) > 48 else "met"

        expected.add(oracle.settled(told, verdict_in))

    found = hours_average.judge(facts)

    assert [one.verdict for one in found] == sorted(expected, key=WORST.index)[:1]


@given(FIRST_DAYS, st.lists(st.one_of(anywhere, usual, usual), min_size=1, max_size=40), st.sampled_from([3, 4, 8]))
@settings(max_examples=EXAMPLES)
def test_night_agrees(first: date, sessions: list[tuple[int, int]], limit: int) -> None:
    minutes = oracle.minutes_from(first, DAYS, ZONE)
    worked = oracle.row(minutes, sessions)
    ends = [first + timedelta(days=number) for number in range(1, DAYS + 1)]
    nights = oracle.night_minutes(minutes, worked)
    workers = oracle.night_workers(minutes, worked, ends, 1, 2, 20 * 60, 180)
    hours = oracle.averages(minutes, worked, ends, 1, set())
    judged = {
        end: average / 6 for end, average in hours.items() if workers[end] and any(nights.values())
    }  # in 24 hours, a day a week left out

    values = {"dk.night.year": 20, "dk.night.year_months": 2, "dk.night.limit": limit, "dk.night.months": 1}
    facts = facts_of(first, sessions, parameters=values)
    *notes, one = night_work.judge(facts)

    assert {local_date(note.start, ZONE): note.measured for note in notes} == {
        day: 60 * count for day, count in nights.items() if count >= 180
    }
    broken = {end: average for end, average in judged.items() if average > limit}
    assert one.verdict == ("broken" if broken else "met")
    assert one.measured == (float(max(judged.values())) if judged else None)


@given(FIRST_DAYS, st.lists(st.one_of(anywhere, usual, usual), max_size=30), waiting.filter(bool))
@settings(max_examples=EXAMPLES)
def test_night_agrees_where_some_activity_waits_for_a_word(first: date, work: Rows, waiting: Rows) -> None:
    values = {"dk.night.year": 20, "dk.night.year_months": 2, "dk.night.limit": 3, "dk.night.months": 1}
    minutes, told, facts = told_and_facts(first, DAYS, work, waiting, [], parameters=values)
    ends = [first + timedelta(days=number) for number in range(1, DAYS + 1)]
    verdicts = []
    for row in (told.certain, told.judged(waiting=True)):
        workers = oracle.night_workers(minutes, row, ends, 1, 2, 20 * 60, 180)
        hours = oracle.averages(minutes, row, ends, 1, set())
        at_night = any(oracle.night_minutes(minutes, row).values())
        verdicts.append({end: at_night and workers[end] and hours.get(end, 0) > 18 for end in ends})
    without, with_it = verdicts

    *notes, one = night_work.judge(facts)

    assert {local_date(note.start, ZONE): note.measured for note in notes} == {
        day: 60 * count for day, count in oracle.night_minutes(minutes, told.certain).items() if count >= 180
    }
    if any(without[end] and with_it[end] for end in ends):
        assert one.verdict == "broken"
    else:
        assert one.verdict == ("attention" if without != with_it else "met")
