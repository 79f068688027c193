"""``eu.rest.daily``: 24 hours forward from the first work after a rest hold eleven hours without work."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from fyraften_policy import parameters
from policy.european import HOUR, european, findings, only, said, session, verdict, verdicts

RULE = "eu.rest.daily"


def test_a_block_of_thirteen_hours_is_met_and_a_second_more_is_not() -> None:
    met = only(european("2026-01-13T08:00/12:00", "2026-01-13T13:00/21:00"), RULE)
    broken = only(european("2026-01-13T08:00/12:00", "2026-01-13T13:00/21:00:01"), RULE)

    assert (met["verdict"], met["measured"], met["limit"]) == ("met", 11 * HOUR, 11 * HOUR)
    assert (broken["verdict"], broken["measured"]) == ("broken", 11 * HOUR - 1)
    assert "That is exactly enough." in met["steps"]
    assert "A rest begun by" not in said(met)
    assert met["citation"]["parameter"] == {
        "id": "eu.rest.daily.minimum",
        "value": 11,
        "unit": "hour",
        "from": "2004-08-02",
        "kind": "law",
        "replaced": False,
    }


def test_a_gap_of_eleven_hours_begins_new_hours_and_a_second_less_does_not() -> None:
    apart = european("2026-01-13T14:00/22:00", "2026-01-14T09:00/17:00")
    joined = european("2026-01-13T14:00/22:00", "2026-01-14T08:59:59/17:00")

    assert verdicts(apart, RULE) == ["met", "met"]
    assert verdicts(joined, RULE) == ["broken"]
    assert only(joined, RULE)["measured"] == 11 * HOUR - 1


def test_the_rest_before_the_work_does_not_help() -> None:
    document = european("2026-01-12T07:00/15:00", "2026-01-13T07:00/21:00")

    assert verdicts(document, RULE) == ["met", "broken"]
    assert findings(document, RULE)[1]["measured"] == 10 * HOUR


def test_the_spring_night_has_an_hour_less_of_rest_than_the_clock_shows() -> None:
    ten = european("2026-03-28T14:00/22:00", "2026-03-29T09:00/12:00")
    eleven = european("2026-03-28T14:00/22:00", "2026-03-29T10:00/12:00")

    assert (verdict(ten, RULE), only(ten, RULE)["measured"]) == ("broken", 10 * HOUR)
    assert verdict(eleven, RULE) == "met"


def test_the_autumn_night_has_an_hour_more() -> None:
    eleven = european("2026-10-24T14:00/23:00", "2026-10-25T09:00/12:00")
    less = european("2026-10-24T14:00/23:00:01", "2026-10-25T09:00/12:00")

    assert verdict(eleven, RULE) == "met"
    assert (verdict(less, RULE), only(less, RULE)["measured"]) == ("broken", 11 * HOUR - 1)


def test_a_block_that_is_still_open_is_judged_as_it_stands() -> None:
    work = "2026-01-13T08:00/2026-01-14T06:00"

    assert verdict(european(work, at="2026-01-13T21:00"), RULE) == "met"
    assert verdict(european(work, at="2026-01-13T21:00:01"), RULE) == "broken"


def test_a_block_is_judged_where_it_has_work_in_the_period_and_only_up_to_its_end() -> None:
    work = "2026-01-13T20:00/2026-01-14T12:00"
    first = european(work, period={"start": "2026-01-13", "end": "2026-01-14"})
    second = european(work, period={"start": "2026-01-14", "end": "2026-01-15"})
    later = european(work, period={"start": "2026-01-13", "end": "2026-01-14"}, at="2026-01-16T00:00")

    assert verdict(first, RULE) == verdict(later, RULE) == "met"
    assert verdict(second, RULE) == "broken"
    assert only(second, RULE)["period"] == {"start": "2026-01-14T00:00:00+01:00", "end": "2026-01-14T12:00:00+01:00"}


def test_work_that_never_rests_is_broken_on_every_day_of_it() -> None:
    days = [f"2026-01-{day}T{hours}" for day in (13, 14, 15) for hours in ("06:00/09:00", "16:00/22:00")]

    assert verdicts(european(*days), RULE) == ["broken"]
    assert verdict(european(*days, period={"start": "2026-01-15", "end": "2026-01-16"}), RULE) == "broken"


def test_an_unobserved_evening_is_no_proof_of_rest_and_no_accusation() -> None:
    observed = [{"start": "2026-01-12T00:00", "end": "2026-01-13T18:00"}]
    finding = only(european("2026-01-13T08:00/18:00", observed=observed), RULE)

    assert (finding["verdict"], finding["reason"]) == ("not_judged", "unobserved")
    assert "Taken as rest, the unobserved time gives “met”; taken as work, “not met”." in said(finding)


def test_an_unobserved_hour_that_cannot_change_the_answer_does_not() -> None:
    observed = [
        {"start": "2026-01-12T00:00", "end": "2026-01-13T18:00"},
        {"start": "2026-01-13T19:00", "end": "2026-01-14T00:00"},
    ]
    met = european("2026-01-13T08:00/18:00", observed=observed, period={"start": "2026-01-13", "end": "2026-01-14"})

    assert verdict(met, RULE) == "met"


def test_unconfirmed_work_is_asked_about_and_never_breaks_the_rule_by_itself() -> None:
    document = european("2026-01-13T08:00/16:00")
    document["work"].append({"start": "2026-01-13T22:40", "end": "2026-01-13T22:45", "confirmed": False})

    finding = only(document, RULE)

    assert finding["verdict"] == "attention"
    assert "Was it work?" in said(finding)


def test_a_day_that_is_too_long_without_the_unconfirmed_work_is_broken_whatever_the_answer() -> None:
    document = european("2026-01-13T06:00/20:00", "2026-01-14T08:00/12:00")
    document["work"].append({"start": "2026-01-14T02:00", "end": "2026-01-14T02:05", "confirmed": False})

    assert verdicts(document, RULE) == ["broken"]


def test_a_collective_agreement_may_set_another_rest() -> None:
    document = european("2026-01-13T08:00/23:00", parameters={"eu.rest.daily.minimum": 9})

    finding = only(document, RULE)

    assert (finding["verdict"], finding["limit"]) == ("met", 9 * HOUR)
    assert "[your agreement]" in said(finding)


def test_before_the_directive_nothing_is_judged() -> None:
    before = european("2004-07-30T08:00/23:00")
    after = european("2004-08-02T08:00/23:00")

    assert (verdict(before, RULE), only(before, RULE)["reason"]) == ("not_judged", "no_value")
    assert verdict(after, RULE) == "broken"


def test_the_steps_are_the_arithmetic() -> None:
    finding = only(european("2026-01-13T08:00/12:00", "2026-01-13T13:00/22:00"), RULE)

    assert finding["steps"] == [
        "The first work after a daily rest is at 2026-01-13 08:00; the 24 h from it end at 2026-01-14 08:00.",
        "The longest time without work in them is 10 h, from 2026-01-13 22:00 to 2026-01-14 08:00.",
        "The rule is at least 11 h [Directive 2003/88/EC, Article 3; 2004-08-02].",
        "It is short by 1 h.",
        "A rest begun by 2026-01-13 21:00 would have kept it.",
    ]


def test_the_steps_of_a_rest_that_is_long_enough_say_where_it_lies_and_by_how_much() -> None:
    first, second = findings(european("2026-01-13T08:00/10:00", "2026-01-13T21:30/22:00"), RULE)

    assert first["steps"][1:2] + first["steps"][3:] == [
        "The longest time without work in them is 11 h 30 min, from 2026-01-13 10:00 to 2026-01-13 21:30.",
        "That is enough, with 30 min to spare.",
    ]
    assert second["steps"][1].endswith("is 23 h 30 min, from 2026-01-13 22:00 to 2026-01-14 21:30.")


def test_of_two_equal_rests_the_first_is_told() -> None:
    finding = only(european("2026-01-13T08:00/09:00", "2026-01-13T19:00/22:00"), RULE)

    assert "is 10 h, from 2026-01-13 09:00 to 2026-01-13 19:00." in said(finding)


def test_work_all_day_and_night_has_no_rest_at_all() -> None:
    finding = only(european("2026-01-13T08:00/2026-01-14T08:00"), RULE)

    assert (finding["verdict"], finding["measured"]) == ("broken", 0)
    assert finding["steps"][1] == "There is no time without work in them."


def test_who_decides_on_their_own_time_is_told_that_national_law_may_except_them() -> None:
    agreement = {"self_organiser": True}
    document = european("2026-01-13T08:00/22:00", agreement=agreement)

    assert verdict(document, RULE) == "broken"
    for rule in (RULE, "eu.rest.weekly", "eu.hours.average", "eu.break"):
        told = european("2026-01-13T08:00/22:00", agreement=agreement, at="2026-01-20T00:00")
        assert "National law may except you then (article 17(1) of the directive)" in said(findings(told, rule)[0])
        assert "National law" not in said(findings(european("2026-01-13T08:00/22:00"), rule)[0])


def test_judging_a_day_takes_the_work_before_the_period_that_belongs_to_its_block() -> None:
    work = ["2026-01-12T09:00/10:00", "2026-01-12T20:00/22:00", "2026-01-13T06:00/07:00"]
    period = {"start": "2026-01-13", "end": "2026-01-14"}

    finding = only(european(*work, period=period), RULE)
    apart = only(european("2026-01-12T09:00/10:00", "2026-01-12T21:00/22:00", work[2], period=period), RULE)

    assert finding["steps"][0].startswith("The first work after a daily rest is at 2026-01-12 09:00;")
    assert finding["measured"] == 10 * HOUR
    assert apart["steps"][0].startswith("The first work after a daily rest is at 2026-01-12 21:00;")


def test_where_nothing_but_holes_is_told_there_is_nothing_to_judge() -> None:
    observed = [{"start": "2026-01-01T00:00", "end": "2026-01-13T00:00"}]
    document = european(observed=observed, period={"start": "2026-01-12", "end": "2026-01-19"}, at="2026-01-19T00:00")

    assert only(document, RULE)["reason"] == "no_complete_period"


def test_rest_that_is_still_to_come_is_told_as_such() -> None:
    def steps(at: str) -> str:
        return said(only(european("2026-01-13T08:00/16:00", at=at), RULE))

    told = "What comes after 2026-01-14 07:59:59, where the time judged ends, counts as time without work."
    assert told in steps("2026-01-14T07:59:59")
    assert "What comes after" not in steps("2026-01-14T08:00")


def test_over_a_clock_change_the_reader_is_told_why_the_times_do_not_add_up() -> None:
    over = only(european("2026-03-28T22:00/2026-03-29T06:30"), RULE)
    apart = only(european("2026-03-27T22:00/2026-03-28T01:30"), RULE)

    assert "The clock is changed in that time; hours are counted as they pass." in over["steps"]
    assert "The clock is changed" not in said(apart)


def test_the_longest_of_several_rests_is_told_with_its_times_also_on_a_later_day() -> None:
    day = ["2026-01-14T08:00/09:00", "2026-01-14T12:00/13:00", "2026-01-14T21:00/22:00", "2026-01-15T05:00/06:00"]
    finding = findings(european("2026-01-12T08:00/09:00", "2026-01-12T10:00/11:00", *day), RULE)[1]

    assert finding["measured"] == 8 * HOUR
    assert "is 8 h, from 2026-01-14 13:00 to 2026-01-14 21:00." in said(finding)


def test_a_single_second_without_work_is_a_rest_of_a_second() -> None:
    finding = only(european("2026-01-13T08:00/2026-01-14T07:59:59"), RULE)

    assert (finding["measured"], finding["verdict"]) == (1, "broken")
    assert "is 1 s, from 2026-01-14 07:59:59 to 2026-01-14 08:00." in said(finding)


def test_work_that_ends_where_the_period_begins_is_not_judged_in_it() -> None:
    work = ["2026-01-12T20:00/2026-01-13T00:00", "2026-01-13T12:00/13:00"]
    period = {"start": "2026-01-13", "end": "2026-01-14"}

    assert only(european(*work, period=period), RULE)["period"]["start"] == "2026-01-13T12:00:00+01:00"


def waiting(document: dict[str, Any], *pairs: str) -> dict[str, Any]:
    document["work"] += [session(pair, confirmed=False) for pair in pairs]
    return document


def test_a_day_of_unconfirmed_work_alone_stands_as_met_without_it() -> None:
    apart = waiting(european("2026-01-13T08:00/16:00"), "2026-01-15T08:00/09:00")
    too_long = waiting(european("2026-01-13T08:00/16:00"), "2026-01-15T08:00/22:00")

    assert verdicts(apart, RULE) == ["met", "met"]
    assert verdicts(too_long, RULE) == ["met", "attention"]


def test_of_two_rests_that_are_too_short_without_the_unconfirmed_work_the_shorter_is_told() -> None:
    document = european("2026-01-12T06:00/20:30", "2026-01-13T08:00/22:00")

    finding = only(waiting(document, "2026-01-13T02:00/02:05"), RULE)

    assert (finding["verdict"], finding["measured"]) == ("broken", 9.5 * HOUR)


def test_unobserved_time_apart_from_confirmed_work_is_nobodys_block() -> None:
    """Between two confirmed hours waits a chain of short activity, with fourteen hours that nobody saw around one."""
    document = european("2026-01-12T08:00/09:00", "2026-01-14T15:00/16:00")
    waiting(
        document, "2026-01-12T19:00/20:00", "2026-01-13T06:00/07:00", "2026-01-13T17:00/18:00", "2026-01-14T04:00/05:00"
    )
    holes = [("2026-01-13T02:00", "2026-01-13T05:00"), ("2026-01-13T13:00", "2026-01-13T16:00")]

    finding = only({**document, "observed": seen_but(*holes)}, RULE)

    assert finding["verdict"] == "attention"
    assert "Was it work? The answer decides." in said(finding)


def test_unobserved_time_that_joins_the_next_block_is_not_held_against_the_one_before() -> None:
    document = european("2026-01-12T08:00/09:00", "2026-01-13T18:00/19:00")
    waiting(document, "2026-01-12T19:00/20:00", "2026-01-13T06:00/07:00")
    holes = [("2026-01-13T04:00", "2026-01-13T06:00"), ("2026-01-13T07:00", "2026-01-13T08:00")]

    first = findings({**document, "observed": seen_but(*holes)}, RULE)[0]

    assert first["verdict"] == "attention"
    assert "Was it work? The answer decides." in said(first)


def seen_but(*holes: tuple[str, str]) -> list[dict[str, str]]:
    edges = ["2026-01-01T00:00", *(edge for hole in holes for edge in hole), "2026-01-31T00:00"]
    return [{"start": start, "end": end} for start, end in zip(edges[::2], edges[1::2], strict=True)]


@pytest.mark.parametrize(
    ("name", "amount", "said_of_each"),
    [
        ("eu.rest.daily.minimum", 12, ("The rule is at least 11 h", "The rule is at least 12 h")),
        ("eu.rest.daily.window", 20, ("the 24 h from it end", "the 20 h from it end")),
    ],
)
def test_each_block_is_judged_by_the_numbers_of_the_date_on_which_it_begins(
    name: str, amount: int, said_of_each: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    law_of = parameters.law_of
    today = law_of("eu")[name].values
    values = (*today, today[0]._replace(amount=Decimal(amount), since=date(2026, 1, 14)))
    changed = {**law_of("eu"), name: law_of("eu")[name]._replace(values=values)}
    monkeypatch.setattr(parameters, "law_of", lambda folder: changed if folder == "eu" else law_of(folder))
    parameters._of_law.cache_clear()

    found = findings(european("2026-01-13T08:00/16:00", "2026-01-15T08:00/16:00"), RULE)

    parameters._of_law.cache_clear()
    assert [text in said(one) for one, text in zip(found, said_of_each, strict=True)] == [True, True]


def test_the_rest_is_measured_in_seconds() -> None:
    assert only(european("2026-01-13T08:00/16:00"), RULE)["unit"] == "second"


def test_work_that_all_waits_for_a_word_is_asked_about_and_beside_unobserved_time_it_is_still_judged() -> None:
    long = session("2026-01-14T08:00/22:00", confirmed=False)
    known, waiting = session("2026-01-12T08:00/16:00"), session("2026-01-14T08:00/10:00", confirmed=False)
    seen = rows_around("2026-01-14T07:00", "2026-01-14T08:00")

    assert only({**european(), "work": [long]}, RULE)["verdict"] == "attention"
    assert verdicts({**european(), "work": [known, waiting], "observed": seen}, RULE) == ["met", "met"]


def rows_around(start: str, end: str) -> list[dict[str, str]]:
    """Return the observed time around a time that was not."""
    return [{"start": "2025-01-01T00:00", "end": start}, {"start": end, "end": "2026-03-01T00:00"}]


def test_of_the_parts_that_waiting_activity_joins_the_one_with_the_shortest_rest_is_told() -> None:
    waiting = session("2026-01-13T00:00/2026-01-13T12:00", confirmed=False)
    document = european(
        "2026-01-12T00:00/12:00", "2026-01-12T12:00:01/2026-01-13T00:00", "2026-01-13T12:00/2026-01-14T12:00"
    )

    found = only({**document, "work": [*document["work"], waiting]}, RULE)

    assert (found["verdict"], found["measured"]) == ("broken", 0)


def test_unobserved_time_apart_from_all_told_work_is_no_work_to_be_judged() -> None:
    """Without the activity around it nothing joins the unobserved hour to the day before."""
    document = european("2026-01-13T08:00/16:00")
    document["work"] += [session(one, confirmed=False) for one in ("2026-01-13T20:00/21:00", "2026-01-14T06:00/07:00")]
    document["observed"] = [
        {"start": "2026-01-12T00:00", "end": "2026-01-14T04:00"},
        {"start": "2026-01-14T05:00", "end": "2026-01-19T00:00"},
    ]

    assert verdicts(document, RULE) == ["attention"]
