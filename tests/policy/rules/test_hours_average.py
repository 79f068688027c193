"""``dk.hours.average``: the limit on both sides by one second, neutral days, windows, and what is not known."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from fyraften_policy.periods import parse_instant
from fyraften_policy.rules.work_windows import months_before
from policy.danish import ZONE, findings, observed, session, text, verdicts

RULE = "dk.hours.average"
LEAVE_OF_ONE_DAY = [{"start": "2026-04-30", "end": "2026-04-30", "kind": "sick"}]
LAST_OF_APRIL = {"start": "2026-04-30", "end": "2026-05-01"}


def daily(first: str, count: int, total: int) -> list[str]:
    """Lay some seconds of work on a number of days."""
    begin, each = date.fromisoformat(first), total // count
    lengths = [each] * (count - 1) + [total - each * (count - 1)]
    return [session(f"{begin + timedelta(days=number)}T06:00", length) for number, length in enumerate(lengths)]


def test_exactly_48_hours_a_week_are_met_and_a_second_more_is_broken() -> None:
    # 119 days that count are 17 weeks: 816 hours. The window holds the clock change of March.
    exact, more = (daily("2026-01-01", 119, 816 * 3600 + extra) for extra in (0, 1))

    (met,) = findings(RULE, exact, period=LAST_OF_APRIL, absences=LEAVE_OF_ONE_DAY)
    (broken,) = findings(RULE, more, period=LAST_OF_APRIL, absences=LEAVE_OF_ONE_DAY)

    assert (met.verdict, met.measured, met.limit, met.unit) == ("met", 48.0, 48.0, "hour_per_week")
    assert broken.verdict == "broken"
    assert "From 2026-01-01 to 2026-04-30 the work is 816 h 1 s in 119 days that count." in text(broken)
    left_out = "Days of holiday, sickness or leave without work are left out: 120 less 1 are 119 days."
    assert left_out in text(broken)
    assert "816 h 1 s × 7 / 119 is 48.0 hours a week on average." in text(broken)
    assert "48 h × 119 / 7 is 816 h: the work is 1 s more." in text(broken)
    assert text(met).endswith("48 h × 119 / 7 is 816 h: the work is 0 min less, and the rule is met.")
    assert "The rule is at most 48 hours a week on average [" in text(met)
    assert met.value is not None
    assert (met.value.parameter.id, met.value.amount) == ("dk.hours.average.limit", 48)


def test_the_clock_change_of_autumn_counts_as_elapsed_time() -> None:
    # The window to 31 October has 123 days; four of leave make it 17 weeks. One night shift has the hour twice.
    leave = [{"start": "2026-07-01", "end": "2026-07-04", "kind": "holiday"}]
    period = {"start": "2026-10-31", "end": "2026-11-01"}
    rest = daily("2026-07-06", 100, (816 - 9) * 3600)
    night = "2026-10-24T21:00/2026-10-25T05:00"

    assert findings(RULE, [*rest, night], period=period, absences=leave)[0].measured == 48.0
    assert verdicts(RULE, [*rest, "2026-10-24T21:00/2026-10-25T05:00:01"], period=period, absences=leave) == ["broken"]


def test_of_windows_that_are_alike_the_first_is_told() -> None:
    period = {"start": "2026-03-01", "end": "2026-03-05"}

    (one,) = findings(RULE, daily("2026-02-20", 1, 3600), agreement={"reference_months": 1}, period=period)

    assert (one.start, one.end) == tuple(parse_instant(f"{day}T00:00", ZONE) for day in ("2026-02-02", "2026-03-02"))


def test_a_window_that_is_too_full_only_without_the_days_beside_its_leave_is_found_among_fuller_ones() -> None:
    work = daily("2026-01-01", 32, 32 * 6 * 3600) + daily("2026-02-02", 21, 147 * 3600)
    leave = [{"start": "2026-02-23", "end": "2026-02-27", "kind": "holiday"}]
    period = {"start": "2026-02-01", "end": "2026-03-02"}

    (one,) = findings(RULE, work, absences=leave, agreement={"reference_months": 1}, period=period)

    assert one.verdict == "attention"
    assert one.measured == pytest.approx(147 * 7 / 23)
    assert "it is 49.0 hours a week: which days of a leave are neutral the text does not say." in text(one)


def test_a_window_before_the_act_leaves_the_answer_open_beside_one_that_is_met() -> None:
    work = ["2004-08-23T08:00/2004-08-23T16:00", "2004-08-24T08:00/2004-08-24T16:00"]

    (one,) = findings(RULE, work, period={"start": "2004-08-23", "end": "2004-08-25"})

    assert (one.verdict, one.reason, one.value) == ("not_judged", "no_value", None)


def test_work_before_the_first_window_and_after_the_last_is_left_out() -> None:
    work = [session("2026-01-31T08:00", 3600), session("2026-02-01T08:00", 3600), session("2026-03-01T08:00", 3600)]
    period = {"start": "2026-02-28", "end": "2026-03-01"}

    (one,) = findings(RULE, work, agreement={"reference_months": 1}, period=period)

    assert "From 2026-02-01 to 2026-02-28 the work is 1 h in 28 days that count." in text(one)


HOURS_LEFT = {day: [["08:00", "16:00"]] for day in ("mon", "tue", "wed", "thu")}


@pytest.mark.parametrize(
    ("hours", "leave", "verdict"),
    [
        # Work for 16 weeks and a day: 113 days. The week from 20 April is leave from Monday to Friday.
        (16 * 48 + 48 / 7, ("2026-04-20", "2026-04-24"), "met"),
        (16 * 48 + 48 / 7 + 1 / 3600, ("2026-04-20", "2026-04-24"), "attention"),
        (16 * 48 + 48 / 7 + 1 / 3600, ("2026-04-20", "2026-04-23"), "met"),  # one working day left: no week of leave
        (16 * 48 + 48 / 7 + 1 / 3600, ("2026-04-20", "2026-04-26"), "broken"),
        (115 * 48 / 7 + 1 / 3600, ("2026-04-20", "2026-04-24"), "broken"),
    ],
)
def test_the_weekend_of_a_week_of_leave_is_in_doubt(hours: float, leave: tuple[str, str], verdict: str) -> None:
    total = int(hours * 3600 + 0.001)
    work = daily("2026-01-01", 109, total)
    absences = [{"start": leave[0], "end": leave[1], "kind": "holiday"}]

    (one,) = findings(RULE, work, period=LAST_OF_APRIL, absences=absences)

    assert one.verdict == verdict
    assert ("Leave is told for all working days of some weeks. If their 2 other days" in text(one)) is (
        verdict == "attention"
    )


def test_the_working_days_of_a_week_of_leave_are_those_of_the_agreement() -> None:
    work = daily("2026-01-01", 109, 113 * 48 * 3600 // 7 + 1)
    absences = [{"start": "2026-04-20", "end": "2026-04-23", "kind": "holiday"}]

    usual, shorter = (
        findings(RULE, work, period=LAST_OF_APRIL, absences=absences, agreement=agreement)[0]
        for agreement in ({}, {"normal_hours": HOURS_LEFT})
    )

    assert (usual.verdict, shorter.verdict) == ("met", "attention")


def test_a_public_holiday_in_a_week_of_leave_counts_but_does_not_end_it() -> None:
    work = daily("2026-01-01", 109, (114 * 48 * 3600) // 7 + 1)  # 120 days less 4 of leave and a weekend
    absences = [{"start": "2026-04-20", "end": "2026-04-23", "kind": "holiday"}]

    (one,) = findings(RULE, work, period=LAST_OF_APRIL, absences=absences, public_holidays=["2026-04-24"])

    assert one.verdict == "attention"


@pytest.mark.parametrize("agreement", [{"self_organiser": True}, {"foster_care": True}])
def test_who_organises_the_own_time_sees_the_figures_as_information(agreement: dict[str, bool]) -> None:
    work = daily("2026-01-01", 119, 816 * 3600 + 1)

    (one,) = findings(RULE, work, period=LAST_OF_APRIL, absences=LEAVE_OF_ONE_DAY, agreement=agreement)

    is_outside = "self_organiser" in agreement
    assert one.verdict == ("not_applicable" if is_outside else "broken")
    assert one.reason == ("self_organiser" if is_outside else None)
    assert text(one).endswith("The figures are for information only.") is is_outside
    assert one.measured == pytest.approx(48)


@pytest.mark.parametrize("kind", ["holiday", "sick", "leave"])
def test_a_day_of_absence_with_work_counts(kind: str) -> None:
    absences = [{"start": "2026-04-20", "end": "2026-04-30", "kind": kind}]
    work = daily("2026-01-01", 109, 740 * 3600)

    (free,) = findings(RULE, work, period=LAST_OF_APRIL, absences=absences)
    (worked,) = findings(RULE, [*work, session("2026-04-25T10:00", 1)], period=LAST_OF_APRIL, absences=absences)

    assert free.measured == pytest.approx(740 * 7 / 109)
    assert worked.measured == pytest.approx((740 + 1 / 3600) * 7 / 110)


def test_where_two_kinds_are_told_of_a_day_the_public_holiday_gives_way() -> None:
    public = {"start": "2026-04-30", "end": "2026-04-30", "kind": "public_holiday"}
    work = daily("2026-01-01", 119, 816 * 3600)

    for absences in ([public, *LEAVE_OF_ONE_DAY], [*LEAVE_OF_ONE_DAY, public]):
        assert findings(RULE, work, period=LAST_OF_APRIL, absences=absences)[0].measured == 48.0


def test_the_worst_window_of_the_period_is_the_answer() -> None:
    work = daily("2026-01-05", 14, 150 * 3600)

    (one,) = findings(RULE, work, period={"start": "2026-01-05", "end": "2026-07-01"})

    assert one.measured == pytest.approx(150 * 7 / 120)  # the first window of 120 days that holds all of the work
    assert one.verdict == "met"


def test_a_window_ends_with_a_whole_day_of_the_period_and_the_agreement_sets_its_months() -> None:
    work = daily("2026-01-01", 40, 40 * 8 * 3600)

    (one,) = findings(RULE, work, agreement={"reference_months": 1}, at="2026-02-03T12:00")

    assert one.measured == 56.0
    assert one.verdict == "broken"
    assert "The average is taken over months as the agreement sets them: 1." in text(one)
    assert findings(RULE, work, at="2026-01-01T18:00")[0].reason == "no_complete_period"


def test_unobserved_time_is_judged_only_where_it_cannot_change_the_answer() -> None:
    light, heavy = daily("2026-01-01", 120, 500 * 3600), daily("2026-01-01", 120, 830 * 3600)
    since_new_year = observed("2026-01-01T00:00/2026-02-01T00:00", "2026-02-02T00:00/2026-05-01T00:00")
    since_april = observed("2026-04-01T00:00/2026-05-01T00:00")

    assert verdicts(RULE, light, period=LAST_OF_APRIL, observed=since_new_year) == ["met"]
    assert verdicts(RULE, heavy, period=LAST_OF_APRIL, observed=since_april) == ["broken"]
    (one,) = findings(RULE, daily("2026-04-01", 30, 100 * 3600), period=LAST_OF_APRIL, observed=since_april)
    assert (one.verdict, one.reason) == ("not_judged", "unobserved")


def test_an_unobserved_minute_on_a_day_of_absence_may_make_the_day_count() -> None:
    work = daily("2026-01-01", 119, 816 * 3600 + 1)
    seen = observed("2024-01-01T00:00/2026-04-30T12:00", "2026-04-30T12:30/2026-05-01T00:00")

    (one,) = findings(RULE, work, period=LAST_OF_APRIL, absences=LEAVE_OF_ONE_DAY, observed=seen)

    assert (one.verdict, one.reason) == ("not_judged", "unobserved")


def test_unconfirmed_work_alone_is_a_question() -> None:
    work = daily("2026-01-01", 119, 816 * 3600)

    (one,) = findings(
        RULE, work, unconfirmed=["2026-04-29T20:00/2026-04-29T21:00"], period=LAST_OF_APRIL, absences=LEAVE_OF_ONE_DAY
    )

    assert one.verdict == "attention"
    assert one.measured == pytest.approx(817 * 7 / 119)


def test_before_the_act_nothing_is_judged() -> None:
    day = {"start": "2004-08-23", "end": "2004-08-24"}
    work = ["2004-08-23T08:00/2004-08-23T16:00"]

    assert [(one.verdict, one.reason) for one in findings(RULE, work, period=day)] == [("not_judged", "no_value")]
    assert verdicts(RULE, work, period={"start": "2004-08-24", "end": "2004-08-25"}) == ["met"]


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        ("2026-05-01", 4, "2026-01-01"),
        ("2026-06-30", 4, "2026-02-28"),
        ("2024-06-30", 4, "2024-02-29"),
        ("2026-03-31", 1, "2026-02-28"),
        ("2026-01-15", 12, "2025-01-15"),
    ],
)
def test_months_before_a_date(day: str, months: int, before: str) -> None:
    assert months_before(date.fromisoformat(day), months) == date.fromisoformat(before)
