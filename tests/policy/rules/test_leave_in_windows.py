"""What leave and unobserved time make of the windows of ``dk.hours.average``: first dates, whole weeks, seconds."""

from __future__ import annotations

import pytest

from policy.danish import findings, observed, session, text

RULE = "dk.hours.average"
LEAP = {"start": "2024-02-28", "end": "2024-02-29"}
TWELVE = {"reference_months": 12}
MAY = {"start": "2026-05-31", "end": "2026-06-01"}


def leave(*spans: tuple[str, str]) -> list[dict[str, str]]:
    return [{"start": start, "end": end, "kind": "holiday"} for start, end in spans]


def test_a_window_of_a_year_may_begin_with_the_last_date_of_february() -> None:
    work = [session("2023-02-28T08:00", 3600), session("2024-01-10T08:00", 3600)]

    (counted,) = findings(RULE, work, period=LEAP, agreement=TWELVE)
    (neutral,) = findings(RULE, work[1:], period=LEAP, agreement=TWELVE, absences=leave(("2023-02-28", "2023-02-28")))

    assert "From 2023-02-28 to 2024-02-28 the work is 2 h in 366 days that count." in text(counted)
    assert "From 2023-02-28 to 2024-02-28 the work is 1 h in 365 days that count." in text(neutral)


@pytest.mark.parametrize(
    ("spans", "doubt"),
    [
        ([("2026-05-11", "2026-05-15"), ("2026-05-18", "2026-05-22")], "If their 4 other days are left out too"),
        ([("2026-05-11", "2026-05-17"), ("2026-05-18", "2026-05-22")], "If their 2 other days are left out too"),
        ([("2026-05-11", "2026-05-17"), ("2026-05-18", "2026-05-21")], None),
    ],
)
def test_the_days_beside_leave_are_those_of_all_weeks_that_nothing_tells_of(
    spans: list[tuple[str, str]], doubt: str | None
) -> None:
    """The work is so much that it is too much only without the weekends."""
    days = sum(int(end[-2:]) - int(start[-2:]) + 1 for start, end in spans)
    work = [
        session("2026-05-04T00:00", (31 - days) * 48 * 3600 // 7 - 4 * 24 * 3600),
        session("2026-05-25T00:00", 345600),
    ]

    (one,) = findings(RULE, work, period=MAY, agreement={"reference_months": 1}, absences=leave(*spans))

    assert one.verdict == ("attention" if doubt else "met")
    assert ("Leave is told for all working days of some weeks." in text(one)) is (doubt is not None)
    assert doubt is None or doubt in text(one)


def test_a_week_of_leave_with_work_on_its_saturday_has_no_day_beside_it() -> None:
    work = [session("2026-05-16T08:00", 3600), session("2026-05-25T00:00", 26 * 48 * 3600 // 7 - 3600)]

    (one,) = findings(
        RULE, work, period=MAY, agreement={"reference_months": 1}, absences=leave(("2026-05-11", "2026-05-15"))
    )

    assert one.verdict == "met"
    assert "some weeks" not in text(one)


@pytest.mark.parametrize(("seconds", "verdict"), [(0, "met"), (1, "not_judged")])
def test_unobserved_seconds_and_days_of_leave_are_counted_once(seconds: int, verdict: str) -> None:
    """28 days count: 192 hours, of which an hour was not observed."""
    work = [session("2026-05-18T00:00", 191 * 3600 + seconds)]
    seen = observed("2024-01-01T00:00/2026-05-10T08:00", "2026-05-10T09:00/2026-06-02T00:00")
    absences = leave(("2026-05-04", "2026-05-06"))

    (one,) = findings(RULE, work, period=MAY, agreement={"reference_months": 1}, absences=absences, observed=seen)

    assert one.verdict == verdict


def hours_on(*days: str) -> dict[str, list[list[str]]]:
    return {day: [["08:00", "16:00"]] for day in days}


def test_a_free_day_beside_leave_may_be_the_first_of_a_window() -> None:
    agreement = {**TWELVE, "normal_hours": hours_on("mon", "wed", "thu", "fri")}
    absences = leave(("2023-02-27", "2023-02-27"), ("2023-03-01", "2023-03-03"))
    work = [session("2023-04-03T00:00", 363 * 48 * 3600 // 7)]

    (one,) = findings(RULE, work, period=LEAP, agreement=agreement, absences=absences)

    assert one.verdict == "attention"
    assert "If their 3 other days are left out too" in text(one)


@pytest.mark.parametrize("hole", [[], ["2026-05-28T08:00", "2026-05-28T09:00"]])
def test_unobserved_time_after_the_period_does_not_end_a_week_of_leave(hole: list[str]) -> None:
    """The period ends before the Thursday; the Monday is free, and the other days are leave."""
    agreement = {"reference_months": 1, "normal_hours": hours_on("tue", "wed", "thu", "fri")}
    edges = ["2024-01-01T00:00", *hole, "2026-06-01T00:00"]
    seen = observed(*(f"{start}/{end}" for start, end in zip(edges[::2], edges[1::2], strict=True)))
    work = [session("2026-05-04T00:00", 28 * 48 * 3600 // 7)]
    period = {"start": "2026-05-27", "end": "2026-05-28"}

    (one,) = findings(
        RULE, work, period=period, at="2026-06-01T00:00", agreement=agreement, observed=seen,
        absences=leave(("2026-05-26", "2026-05-29")),
    )  # fmt: skip

    assert one.verdict == "attention"


def test_leave_that_begins_after_the_day_that_follows_a_period_is_not_looked_at() -> None:
    agreement = {"reference_months": 1, "normal_hours": hours_on("thu")}
    work = [session("2026-05-04T00:00", 30 * 48 * 3600 // 7)]
    period = {"start": "2026-05-26", "end": "2026-05-27"}

    (one,) = findings(
        RULE,
        work,
        period=period,
        at="2026-06-01T00:00",
        agreement=agreement,
        absences=leave(("2026-05-28", "2026-05-28")),
    )

    assert one.verdict == "met"
