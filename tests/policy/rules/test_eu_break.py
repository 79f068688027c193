"""``eu.break``: a break in a day of more than six hours."""

from __future__ import annotations

from policy.european import HOUR, european, findings, only, verdict

RULE = "eu.break"


def test_d06_seven_hours_without_a_break_are_in_doubt() -> None:
    finding = only(european("2026-01-13T08:00/15:00"), RULE)

    assert (finding["verdict"], finding["measured"], finding["limit"]) == ("attention", 7 * HOUR, 6 * HOUR)
    assert finding["citation"]["provision"] == "Article 4"


def test_six_hours_need_no_break_and_a_second_more_does() -> None:
    assert verdict(european("2026-01-13T08:00/14:00"), RULE) == "met"
    assert verdict(european("2026-01-13T08:00/14:00:01"), RULE) == "attention"


def test_a_gap_of_five_minutes_is_a_break_and_a_second_less_is_not() -> None:
    assert verdict(european("2026-01-13T08:00/12:00", "2026-01-13T12:05/16:00"), RULE) == "met"
    assert verdict(european("2026-01-13T08:00/12:00:01", "2026-01-13T12:05/16:00"), RULE) == "attention"


def test_elapsed_hours_count_on_the_nights_the_clock_changes() -> None:
    spring = european("2026-03-28T23:30/2026-03-29T06:30")
    autumn = european("2026-10-24T23:30/2026-10-25T04:30:01")

    assert only(spring, RULE)["measured"] == 6 * HOUR
    assert verdict(spring, RULE) == "met"
    assert verdict(autumn, RULE) == "attention"


def test_a_day_that_only_unconfirmed_work_makes_long_is_a_question_also_where_the_next_is_long_without_it() -> None:
    waiting = {**european("2026-01-12T09:00/2026-01-13T00:00")["work"][0], "confirmed": False}
    document = european("2026-01-13T00:00/03:00", "2026-01-13T03:04/07:00")
    asked = findings({**document, "work": [waiting, *document["work"]]}, RULE)

    # Either 18 hours begin on the 12th and four on the 13th, or all seven begin on the 13th.
    assert [one["verdict"] for one in asked] == ["attention", "attention"]
    assert all("Was it work?" in " ".join(one["steps"]) for one in asked)
