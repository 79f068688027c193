"""``dk.break``: days that go on, unobserved time beside the work by the second, and which numbers hold."""

from __future__ import annotations

import pytest

from policy.danish import findings, observed, verdicts

RULE = "dk.break"


def unobserved(*holes: tuple[str, str]) -> list[dict[str, str]]:
    """Return all of a week as observed but some time of it."""
    edges = ["2026-01-12T00:00", *(clock for hole in holes for clock in hole), "2026-01-19T00:00"]
    return observed(*(f"{start}/{end}" for start, end in zip(edges[::2], edges[1::2], strict=True)))


def test_a_finding_names_the_number_it_was_judged_by_and_counts_seconds() -> None:
    (one,) = findings(RULE, ["2026-01-13T08:00/2026-01-13T15:00"])

    assert (one.unit, one.force) == ("second", "law")
    assert one.value is not None
    assert (one.value.parameter.id, one.value.amount) == ("dk.break.after", 6)


# A day that goes on


@pytest.mark.parametrize("waiting", ["2026-01-13T07:00/2026-01-13T07:05", "2026-01-13T07:20/2026-01-13T07:30"])
def test_a_break_that_unconfirmed_work_may_fill_is_not_sure_yet(waiting: str) -> None:
    work = ["2026-01-13T06:00/2026-01-13T07:00", "2026-01-13T07:05/2026-01-13T14:00"]

    found = findings(RULE, work, unconfirmed=[waiting], at="2026-01-13T15:00")

    is_filled = "07:05" in waiting
    assert [one.reason for one in found] == (["no_complete_period"] if is_filled else [None])


def test_a_break_before_unconfirmed_work_is_not_sure_yet() -> None:
    work = ["2026-01-13T06:00/2026-01-13T14:00"]

    (one,) = findings(RULE, work, unconfirmed=["2026-01-13T14:30/2026-01-13T15:00"], at="2026-01-13T15:30")

    assert one.reason == "no_complete_period"


@pytest.mark.parametrize(
    ("holes", "reason"), [([], None), ([("2026-01-13T22:00", "2026-01-14T00:00")], "no_complete_period")]
)
def test_a_break_after_work_that_may_belong_to_the_day_before_is_not_sure_yet(
    holes: list[tuple[str, str]], reason: str | None
) -> None:
    work = ["2026-01-14T00:00/2026-01-14T01:00", "2026-01-14T06:00/2026-01-14T13:00"]

    (one,) = findings(RULE, work, observed=unobserved(*holes), at="2026-01-14T15:00")

    assert one.reason == reason


def test_a_day_before_the_act_that_goes_on_is_not_looked_at() -> None:
    (one,) = findings(RULE, ["2004-08-23T08:00/2004-08-23T16:00"], at="2004-08-23T17:00")

    assert one.reason == "no_complete_period"


# Unobserved time beside the work


@pytest.mark.parametrize(
    ("hole", "verdict"),
    [
        # Work less than five minutes away from seven hours of it makes no break.
        (("2026-01-13T07:55", "2026-01-13T08:00"), "attention"),
        (("2026-01-13T07:54:59", "2026-01-13T08:00"), "not_judged"),
        (("2026-01-13T15:00", "2026-01-13T15:05"), "attention"),
        (("2026-01-13T15:00", "2026-01-13T15:05:01"), "not_judged"),
    ],
)
def test_work_that_could_make_a_break_lies_five_minutes_away(hole: tuple[str, str], verdict: str) -> None:
    assert verdicts(RULE, ["2026-01-13T08:00/2026-01-13T15:00"], observed=unobserved(hole)) == [verdict]


@pytest.mark.parametrize(
    ("start", "verdict"), [("00:05:01", "not_judged"), ("00:05:00", "attention"), ("00:04:59", "attention")]
)
def test_a_second_after_midnight_is_enough_for_work_that_makes_a_break(start: str, verdict: str) -> None:
    seen = unobserved(("2026-01-13T00:00:00", "2026-01-13T00:00:01"))

    assert verdicts(RULE, [f"2026-01-13T{start}/2026-01-13T07:00"], observed=seen) == [verdict]


def test_the_second_stretch_of_a_day_counts_where_the_first_may_be_of_the_day_before() -> None:
    holes = [("2026-01-13T23:00", "2026-01-14T00:00"), ("2026-01-14T11:00", "2026-01-14T13:00")]
    work = ["2026-01-14T00:00/2026-01-14T01:00", "2026-01-14T06:00/2026-01-14T11:00"]

    assert verdicts(RULE, work, observed=unobserved(*holes)) == ["not_judged"]
    assert verdicts(RULE, work, observed=unobserved(holes[0])) == ["met"]


def test_work_of_the_next_day_is_no_part_of_a_day() -> None:
    work = ["2026-01-13T07:00/2026-01-13T12:00", "2026-01-14T08:00/2026-01-14T09:00"]

    found = verdicts(RULE, work, observed=unobserved(("2026-01-13T12:00", "2026-01-13T14:00")))

    assert found == ["not_judged", "met"]


@pytest.mark.parametrize(
    ("hours", "last", "verdict"),
    [
        (60, "2026-01-15T20:00:00", "met"),
        (60, "2026-01-15T20:00:01", "not_judged"),
        (100, "2026-01-17T12:00:00", "met"),
        (100, "2026-01-17T12:00:01", "not_judged"),
    ],
)
def test_unobserved_time_of_days_counts_where_an_agreement_asks_for_a_break_only_then(
    hours: int, last: str, verdict: str
) -> None:
    """Eight hours of work, and unobserved time up to the last minute."""
    work = ["2026-01-13T08:00/2026-01-13T16:00"]

    found = verdicts(RULE, work, observed=unobserved(("2026-01-13T16:00", last)), parameters={"dk.break.after": hours})

    assert found == [verdict]


@pytest.mark.parametrize("agreed", [{"dk.break.after": 6}, {"dk.break.gap": 5}], ids=["after", "gap"])
def test_a_number_of_the_agreement_does_not_carry_the_law_to_a_day_before_it(agreed: dict[str, int]) -> None:
    work = ["2004-08-20T08:00/2004-08-20T12:00", "2004-08-27T08:00/2004-08-27T12:00"]

    before, since = findings(RULE, work, parameters=agreed)

    assert (before.verdict, before.reason, before.value) == ("not_judged", "no_value", None)
    assert (since.verdict, since.value is None) == ("met", False)
