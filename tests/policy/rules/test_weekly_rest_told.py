"""``dk.rest.weekly``: the sentences on a run, which of its parts counts, and which numbers hold on its day."""

from __future__ import annotations

import pytest

from policy.danish import findings, observed, text

RULE = "dk.rest.weekly"
ORDER = "[Arbejdsmiljøloven (LBK 2062/2021); bekendtgørelse 324/2002 om hvileperiode og fridøgn m.v., "


def every_day(first: int, last: int, end: str = "") -> list[str]:
    """Work from 08:00 to 16:00 on some days of January 2026, the last of them to another time."""
    days = [f"2026-01-{day:02}T08:00/2026-01-{day:02}T16:00" for day in range(first, last + 1)]
    return [*days[:-1], days[-1][:-5] + end] if end else days


def sentences(agreement: dict[str, object] | None = None, end: str = "16:00") -> list[str]:
    """Return the sentences on work every day from the 12th to the 17th or the 18th."""
    (one,) = findings(RULE, every_day(12, 18, end) if end < "12" else every_day(12, 17, end), agreement=agreement or {})
    return [step.text(str).replace(ORDER, "[") for step in one.steps]


def test_a_run_that_is_met_is_compared_with_what_is_clearly_allowed() -> None:
    rule, longest, length, met = sentences()

    assert rule.startswith("A weekly day off with its daily rest is at least 35 h without work [")
    assert longest == (
        "From 2026-01-12 08:00 to 2026-01-17 16:00 there is none: the longest rest is 16 h, from 2026-01-12 16:00 to"
        " 2026-01-13 08:00."
    )
    assert length == "From the first work to the last it is 128 h."
    assert met.startswith("That is no more than the 133 h that are clearly allowed [")
    assert met.endswith("]: it is met.")


def test_a_run_in_doubt_names_both_lengths() -> None:
    *_, over, doubt = sentences(end="23:00")

    assert over.startswith("At most 133 h are clearly allowed [")
    assert over.endswith("]: 135 h is 2 h longer.")
    assert doubt.startswith(
        "Up to 144 h the texts leave doubt: the day off may lie before its daily rest or after it ["
    )


def test_the_agreement_under_chapter_6_that_covers_is_named_by_its_date() -> None:
    *_, last = sentences({"chapter_6": "2026-01-12", "unmeasurable_time": True}, end="10:00")

    assert last == (
        "The agreement of 2026-01-12 under chapter 6 of bekendtgørelse 324/2002 covers it; a day off as compensation "
        "is due."
    )


@pytest.mark.parametrize(
    ("first", "second", "measured"),
    [
        # Seven days are 152 h and 153 h, too long; six days 128 h and, to 23:00, 135 h.
        (every_day(1, 7), every_day(9, 14, "23:00"), 152 * 3600),
        (every_day(1, 6, "23:00"), every_day(9, 15), 152 * 3600),
        (every_day(1, 7), every_day(9, 15, "17:00"), 153 * 3600),
        (every_day(1, 7, "17:00"), every_day(9, 15), 153 * 3600),
    ],
)
def test_of_the_runs_that_unconfirmed_work_joins_the_worst_and_then_the_longest_is_told(
    first: list[str], second: list[str], measured: int
) -> None:
    day = len(first) + 1
    waiting = [f"2026-01-{day:02}T23:00/2026-01-{day:02}T23:10"]

    (one,) = findings(RULE, [*first, *second], unconfirmed=waiting)

    assert (one.verdict, one.measured) == ("broken", measured)


def test_work_that_goes_on_after_the_period_is_judged_up_to_the_end_of_the_period() -> None:
    period = {"start": "2026-01-12", "end": "2026-01-17"}

    (one,) = findings(RULE, every_day(12, 18), period=period, at="2026-01-19T00:00")

    assert (one.verdict, one.measured) == ("met", 104 * 3600)


def test_a_period_without_work_has_nothing_to_judge_also_where_time_was_not_observed() -> None:
    seen = observed("2026-01-01T00:00/2026-01-15T12:00")
    period = {"start": "2026-01-14", "end": "2026-01-15"}

    (one,) = findings(RULE, every_day(8, 9), observed=seen, period=period, unconfirmed=[])

    assert (one.verdict, one.reason) == ("not_judged", "no_complete_period")


def test_unobserved_time_in_the_longest_rest_is_told_to_be_taken_as_rest() -> None:
    seen = observed("2026-01-01T00:00/2026-01-12T20:00", "2026-01-12T21:00/2026-01-14T00:00")

    (one,) = findings(RULE, every_day(12, 13), observed=seen)

    assert one.verdict == "met"
    assert "the longest rest is 16 h, from 2026-01-12 16:00 to 2026-01-13 08:00." in text(one)
    assert "What was not observed is taken as rest here; taken as work, the answer is the same." in text(one)


NUMBERS = {"dk.rest.weekly.minimum": 35, "dk.rest.weekly.run": 133, "dk.rest.weekly.longest_run": 144}


@pytest.mark.parametrize("of_the_law", sorted(NUMBERS))
def test_numbers_of_the_agreement_do_not_carry_the_law_to_a_day_before_it(of_the_law: str) -> None:
    agreed = {name: value for name, value in NUMBERS.items() if name != of_the_law}
    work = ["2002-05-20T08:00/2002-05-20T16:00", "2002-06-03T08:00/2002-06-03T16:00"]

    before, since = findings(RULE, work, parameters=agreed)

    assert (before.verdict, before.reason, before.value) == ("not_judged", "no_value", None)
    assert (since.verdict, since.value is None) == ("met", False)
