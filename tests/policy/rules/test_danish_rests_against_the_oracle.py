"""Daily and weekly rest against an independent count of minutes, with holes and with work that nobody has confirmed."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from fyraften_policy.rules import daily_rest, weekly_rest
from policy import oracle_dk as oracle
from policy.danish_minutes import Rows, told_and_facts

HOUR = 60
# Both clock changes, a leap day, a turn of the year; each in the middle of the days.
FIRST_DAYS = st.sampled_from([date(2026, 3, 27), date(2026, 10, 23), date(2024, 2, 27), date(2025, 12, 30)])
DAYS = 5
# `make prove` asks for more: see scripts/prove_profile.py.
EXAMPLES = settings().max_examples

anywhere = st.tuples(st.integers(0, DAYS * 24 * HOUR - 1), st.integers(1, 16 * HOUR))
# Days that begin and end near eleven hours of rest, or thirteen of work.
usual = st.builds(
    lambda day, start, length: (day * 24 * HOUR + start, length),
    st.integers(0, DAYS - 1),
    st.sampled_from([0, 420, 479, 480, 481, 600, 1140, 1200, 1320, 1380]),
    st.sampled_from([1, 5, 60, 239, 240, 241, 480, 659, 660, 661, 779, 780, 781, 840]),
)
sessions = st.lists(st.one_of(anywhere, usual, usual), max_size=8)


@given(FIRST_DAYS, sessions, sessions.filter(lambda rows: len(rows) < 3), sessions.filter(lambda rows: len(rows) < 4))
@settings(max_examples=EXAMPLES)
def test_daily_rest_agrees_whatever_is_not_known(first: date, work: Rows, waiting: Rows, unknown: Rows) -> None:
    minutes, told, facts = told_and_facts(first, DAYS, work, waiting, unknown)
    expected = oracle.daily_verdicts(told, 0, len(minutes.dates), 11 * HOUR, 24 * HOUR)

    found = daily_rest.judge(facts)

    assert {((one.start - minutes.begin) // 60, (one.end - minutes.begin) // 60): one.verdict for one in found} == (
        expected
    )


@given(FIRST_DAYS, sessions, st.integers(0, DAYS - 1), st.integers(1, DAYS))
@settings(max_examples=EXAMPLES)
def test_daily_rest_in_a_part_of_the_days_agrees_and_so_does_its_measure(
    first: date, work: Rows, offset: int, length: int
) -> None:
    begin = first + timedelta(days=offset)
    end = min(begin + timedelta(days=length), first + timedelta(days=DAYS))
    minutes, told, facts = told_and_facts(
        first, DAYS, work, [], [], period={"start": f"{begin}", "end": f"{end}"}, at=f"{end}T00:00"
    )
    judged = [minute for minute, day in enumerate(minutes.dates) if begin <= day < end]
    blocks = oracle.daily_verdicts(told, judged[0], judged[-1] + 1, 11 * HOUR, 24 * HOUR)

    found = daily_rest.judge(facts)

    assert [(one.verdict, one.measured) for one in found] == [
        (verdict, 60 * (oracle.daily_rest(told.certain, told.certain, block, 24 * HOUR) or 0))
        for block, verdict in blocks.items()
    ]


WEEKS = 16
busy_days = st.lists(
    st.one_of(
        st.just((480, 480)),
        st.tuples(st.sampled_from([0, 300, 420, 720]), st.integers(1, 1000)),
        st.tuples(st.integers(0, 1439), st.integers(1, 300)),
        st.none(),
    ),
    min_size=WEEKS,
    max_size=WEEKS,
).map(lambda days: [(number * 1440 + one[0], one[1]) for number, one in enumerate(days) if one is not None])
few = st.lists(st.tuples(st.integers(0, WEEKS * 1440 - 1), st.integers(1, 2400)), max_size=3)


@given(FIRST_DAYS, busy_days, few, few)
@settings(max_examples=EXAMPLES)
def test_weekly_rest_agrees_whatever_is_not_known(first: date, work: Rows, waiting: Rows, unknown: Rows) -> None:
    minutes, told, facts = told_and_facts(first - timedelta(days=4), WEEKS, work, waiting, unknown)
    expected = oracle.weekly_verdicts(told, 35 * HOUR, 133 * HOUR, 144 * HOUR)

    found = weekly_rest.judge(facts)

    assert {((one.start - minutes.begin) // 60, (one.end - minutes.begin) // 60): one.verdict for one in found} == (
        expected
    )
