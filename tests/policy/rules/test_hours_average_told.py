"""``dk.hours.average``: which window is the answer, whose figures are told, and which numbers hold."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from policy.danish import findings, observed, session, text

RULE = "dk.hours.average"
LEAVE_OF_ONE_DAY = [{"start": "2026-04-30", "end": "2026-04-30", "kind": "sick"}]
LAST_OF_APRIL = {"start": "2026-04-30", "end": "2026-05-01"}


def daily(first: str, count: int, total: int) -> list[str]:
    """Lay some seconds of work on a number of days."""
    begin, each = date.fromisoformat(first), total // count
    lengths = [each] * (count - 1) + [total - each * (count - 1)]
    return [session(f"{begin + timedelta(days=number)}T06:00", length) for number, length in enumerate(lengths)]


@pytest.mark.parametrize(
    ("agreed", "reason"),
    [({"dk.hours.average.limit": 48}, "no_value"), ({"dk.hours.average.months": 4}, "no_value")],
    ids=["limit", "months"],
)
def test_a_number_of_the_agreement_does_not_carry_the_act_to_a_day_before_it(
    agreed: dict[str, int], reason: str
) -> None:
    work = ["2004-08-23T08:00/2004-08-23T16:00", "2004-08-24T08:00/2004-08-24T16:00"]

    (one,) = findings(RULE, work, period={"start": "2004-08-23", "end": "2004-08-25"}, parameters=agreed)

    assert (one.verdict, one.reason, one.value) == ("not_judged", reason, None)


@pytest.mark.parametrize(
    ("start", "seen", "is_told"),
    [
        ("2026-04-01T00:00:00", None, False),
        ("2026-04-01T00:00:01", None, True),
        ("2026-04-02T08:00:00", [{"start": "2024-01-01T00:00", "end": "2026-05-01T00:00"}], False),
    ],
)
def test_that_nothing_is_known_of_the_time_before_the_first_work_is_told(
    start: str, seen: list[dict[str, str]] | None, *, is_told: bool
) -> None:
    more = {} if seen is None else {"observed": seen}

    (one,) = findings(RULE, [session(start, 3600)], period=LAST_OF_APRIL, agreement={"reference_months": 1}, **more)

    assert ("Before the first work told nothing is known of other work" in text(one)) is is_told


def test_a_window_with_unobserved_time_leaves_the_answer_open_beside_a_fuller_one() -> None:
    work = daily("2026-01-05", 20, 130 * 3600) + daily("2026-03-02", 10, 60 * 3600)
    seen = observed("2024-01-01T00:00/2026-03-01T00:00", "2026-03-02T00:00/2026-03-14T00:00")
    period = {"start": "2026-01-31", "end": "2026-04-01"}

    (one,) = findings(
        RULE, work, observed=seen, agreement={"reference_months": 1}, period=period, at="2026-04-01T00:00"
    )

    assert (one.verdict, one.reason) == ("not_judged", "unobserved")


def test_what_breaks_the_rule_is_told_by_the_work_told_and_not_by_unobserved_time() -> None:
    since_april = observed("2026-04-01T00:00/2026-05-01T00:00")

    (one,) = findings(RULE, daily("2026-01-01", 120, 830 * 3600), period=LAST_OF_APRIL, observed=since_april)

    assert "From 2026-01-01 to 2026-04-30 the work is 830 h in 120 days that count." in text(one)


@pytest.mark.parametrize(("certain", "verdict", "told"), [(816, "attention", "817 h"), (500, "met", "500 h")])
def test_unconfirmed_work_is_part_of_the_figures_where_it_makes_the_question(
    certain: int, verdict: str, told: str
) -> None:
    waiting = ["2026-04-29T20:00/2026-04-29T21:00"]
    work = daily("2026-01-01", 119, certain * 3600)

    (one,) = findings(RULE, work, unconfirmed=waiting, period=LAST_OF_APRIL, absences=LEAVE_OF_ONE_DAY)

    assert one.verdict == verdict
    assert f"From 2026-01-01 to 2026-04-30 the work is {told} in 119 days that count." in text(one)


def test_windows_with_unconfirmed_work_only_are_judged_too() -> None:
    (one,) = findings(RULE, [], unconfirmed=["2026-04-29T08:00/2026-04-29T16:00"], period=LAST_OF_APRIL)

    assert (one.verdict, one.measured) == ("met", 0)


def test_of_windows_that_are_met_the_fullest_is_told_beside_unconfirmed_work() -> None:
    work = [session("2026-01-30T08:00", 3600), session("2026-02-10T08:00", 7200)]
    waiting = ["2026-03-30T08:00/2026-03-30T09:00"]
    period = {"start": "2026-01-30", "end": "2026-04-01"}

    (one,) = findings(RULE, work, unconfirmed=waiting, period=period, agreement={"reference_months": 1})

    assert one.measured == pytest.approx(3 * 7 / 31)  # a window that holds both has 31 days


def test_a_window_with_unconfirmed_work_only_is_less_full_than_one_with_a_minute_of_certain_work() -> None:
    period = {"start": "2026-01-31", "end": "2026-04-01"}
    waiting = ["2026-02-28T12:00/2026-02-28T13:00"]

    (one,) = findings(
        RULE, [session("2026-01-31T08:00", 60)], unconfirmed=waiting, period=period, agreement={"reference_months": 1}
    )

    assert one.measured == pytest.approx(7 / 31 / 60)
