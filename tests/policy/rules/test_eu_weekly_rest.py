"""``eu.rest.weekly``: each ISO week with work holds the start of a rest of 35 hours."""

from __future__ import annotations

from policy.european import HOUR, Document, european, findings, office, only, said, verdict, verdicts

RULE = "eu.rest.weekly"
SEVEN = [f"2026-01-{day}" for day in range(12, 19)]


def friday_to_sunday(end: str, start: str) -> Document:
    """Monday to Thursday, Friday up to ``end``, Sunday from ``start``, and the Monday after."""
    days = office(*SEVEN[:4])
    return european(*days, f"2026-01-16T13:00/{end}", f"2026-01-18T{start}/16:00", "2026-01-19T08:00/16:00")


def test_a_rest_of_35_hours_is_enough_and_a_second_less_is_not() -> None:
    enough = findings(friday_to_sunday("21:00", "08:00"), RULE)[0]
    less = findings(friday_to_sunday("21:00:01", "08:00"), RULE)[0]

    assert (enough["verdict"], enough["measured"], enough["limit"]) == ("met", 35 * HOUR, 35 * HOUR)
    assert (less["verdict"], less["measured"]) == ("broken", 35 * HOUR - 1)
    assert "It is short by 1 s." in said(less)


def test_the_autumn_weekend_is_an_hour_longer_than_the_clock_shows() -> None:
    days = office(*(f"2026-10-{day}" for day in range(19, 24)))
    enough = european(*days, "2026-10-24T14:00/22:00", "2026-10-26T08:00/16:00")
    less = european(*days, "2026-10-24T14:00/22:00:01", "2026-10-26T08:00/16:00")

    assert (verdicts(enough, RULE)[0], verdicts(less, RULE)[0]) == ("met", "broken")


def test_the_spring_weekend_is_an_hour_shorter() -> None:
    days = office(*(f"2026-03-{day}" for day in range(23, 28)))
    enough = european(*days, "2026-03-28T12:00/20:00", "2026-03-30T08:00/16:00")
    less = european(*days, "2026-03-28T12:00/20:00:01", "2026-03-30T08:00/16:00")

    assert (verdicts(enough, RULE)[0], verdicts(less, RULE)[0]) == ("met", "broken")


def test_a_rest_counts_for_the_week_in_which_it_starts() -> None:
    week = [*office(*SEVEN[:5]), "2026-01-17T08:00/16:00", "2026-01-18T08:00/16:00"]
    after = [f"2026-01-{day}T08:00/16:00" for day in range(21, 28)]

    assert verdicts(european(*week, *after), RULE)[:2] == ["met", "broken"]


def test_a_rest_that_starts_on_the_last_second_of_sunday_counts_and_one_on_monday_does_not() -> None:
    week = office(*SEVEN)
    after = [f"2026-01-{day}T08:00/16:00" for day in (21, 22, 23, 26)]

    sunday = european(*week, "2026-01-18T20:00/23:59:59", *after)
    monday = european(*week, "2026-01-18T20:00/2026-01-19T00:00:00", *after)

    assert [verdicts(document, RULE)[0] for document in (sunday, monday)] == ["met", "broken"]


def test_free_time_before_the_first_work_counts_for_its_week_from_monday_on() -> None:
    days = [f"2026-01-{day}T20:00/22:00" for day in range(14, 20)]
    late = european("2026-01-13T11:00/12:00", *days)
    early = european("2026-01-13T10:59:59/12:00", *[f"2026-01-{day}T08:00/16:00" for day in range(14, 20)])
    late["work"][1:] = european(*[f"2026-01-{day}T08:00/16:00" for day in range(14, 20)])["work"]

    assert findings(late, RULE)[0]["verdict"] == "met"
    assert "Free time before the first work told counts" in said(findings(late, RULE)[0])
    assert findings(early, RULE)[0]["verdict"] == "broken"


def test_a_week_that_is_not_over_is_told_only_once_it_has_its_rest() -> None:
    work = ["2026-01-12T08:00/16:00", "2026-01-14T08:00/16:00"]

    before = european(*work, at="2026-01-14T02:59:59")
    after = european(*work, at="2026-01-14T03:00")

    assert only(before, RULE)["reason"] == "no_complete_period"
    assert (verdict(after, RULE), only(after, RULE)["measured"]) == ("met", 35 * HOUR)


def test_a_rest_that_goes_on_over_the_end_of_its_week_leaves_it_open() -> None:
    week = european(*office(*SEVEN))
    rested = european(*office(*SEVEN), at="2026-01-20T03:00", period={"start": "2026-01-12", "end": "2026-01-19"})
    worked = european(
        *office(*SEVEN),
        "2026-01-20T02:59:59/08:00",
        at="2026-01-20T08:00",
        period={"start": "2026-01-12", "end": "2026-01-19"},
    )

    assert only(week, RULE)["reason"] == "no_complete_period"
    assert verdict(rested, RULE) == "met"
    assert verdict(worked, RULE) == "broken"


def test_unobserved_time_that_could_hold_work_or_rest_is_not_judged() -> None:
    week = [*office(*SEVEN[:5]), "2026-01-19T08:00/16:00"]
    observed = [
        {"start": "2026-01-01T00:00", "end": "2026-01-17T12:00"},
        {"start": "2026-01-17T20:00", "end": "2026-01-25T00:00"},
    ]
    broken_up = [*week, "2026-01-17T08:00/09:00", "2026-01-18T20:00/21:00"]

    assert verdicts(european(*week, observed=observed), RULE)[0] == "met"
    assert verdicts(european(*broken_up, observed=observed), RULE)[0] == "not_judged"


def test_unobserved_work_could_move_the_start_of_a_rest_over_monday() -> None:
    """All rest: the rest began on Sunday. All work: too short. Work until midnight: 36 hours that start on Monday."""
    week = [*office("2026-01-09"), "2026-01-10T08:00/2026-01-11T12:00"]
    days = [
        "2026-01-13T12:00/16:00",
        *office("2026-01-14", "2026-01-15", "2026-01-16", "2026-01-17", "2026-01-18", "2026-01-19"),
    ]
    observed = [
        {"start": "2026-01-01T00:00", "end": "2026-01-11T12:00"},
        {"start": "2026-01-12T06:00", "end": "2026-01-25T00:00"},
    ]

    told = european(*week, *days)
    unsure = european(*week, *days, observed=observed)

    assert verdicts(told, RULE)[1] == "broken"
    assert verdicts(unsure, RULE)[1] == "not_judged"


def test_unobserved_work_before_the_first_told_could_have_moved_the_start_of_its_rest() -> None:
    work = ["2026-01-13T11:00/16:00", *office(*SEVEN[2:], "2026-01-19")]
    observed = [{"start": "2026-01-11T20:00", "end": "2026-01-26T00:00"}]

    assert verdicts(european(*work), RULE)[0] == "met"
    assert verdicts(european(*work, observed=observed), RULE)[0] == "not_judged"


def test_unobserved_work_takes_at_least_a_second_of_the_rest_it_moves() -> None:
    week = ["2026-01-11T08:00/12:00", "2026-01-13T11:00/16:00", *office(*SEVEN[2:], "2026-01-19")]

    def observed_from(end: str) -> list[dict[str, str]]:
        known = [("2026-01-01T00:00", "2026-01-12T00:00"), (end, "2026-01-26T00:00")]
        return [{"start": start, "end": end} for start, end in known]

    assert verdicts(european(*week, observed=observed_from("2026-01-12T00:00:01")), RULE)[1] == "broken"
    earlier = [{"start": "2026-01-01T00:00", "end": "2026-01-11T23:59:59"}, observed_from("2026-01-12T00:00:01")[1]]
    assert verdicts(european(*week, observed=earlier), RULE)[1] == "not_judged"


def test_a_week_whose_end_lies_after_the_period_is_not_broken_yet() -> None:
    days = {"start": "2026-01-12", "end": "2026-01-15"}
    document = european(*office(*SEVEN, "2026-01-19"), period=days, at="2026-01-20T00:00")

    assert only(document, RULE)["reason"] == "no_complete_period"


def test_a_rest_that_starts_where_the_period_ends_is_not_judged_in_it() -> None:
    days = {"start": "2026-01-12", "end": "2026-01-14"}
    work = ["2026-01-12T08:00/16:00", "2026-01-13T08:00/2026-01-14T00:00", "2026-01-16T08:00/16:00"]

    assert only(european(*work, period=days, at="2026-01-20T00:00"), RULE)["reason"] == "no_complete_period"


def test_unconfirmed_work_in_the_rest_is_asked_about() -> None:
    document = european(*office(*SEVEN[:6]), "2026-01-19T08:00/16:00")
    document["work"].append({"start": "2026-01-18T10:00", "end": "2026-01-18T11:00", "confirmed": False})

    assert verdicts(document, RULE)[0] == "attention"


def test_a_week_with_unconfirmed_work_alone_breaks_nothing() -> None:
    document = european(*office("2026-01-05"), *office("2026-01-21"))
    for day in SEVEN:
        document["work"].append({"start": f"{day}T08:00", "end": f"{day}T16:00", "confirmed": False})
    document["work"].append({"start": "2026-01-19T00:00", "end": "2026-01-20T00:00", "confirmed": False})

    assert verdicts(document, RULE) == ["met", "attention", "met"]


def test_the_steps_name_the_rest() -> None:
    finding = findings(friday_to_sunday("21:00", "08:00"), RULE)[0]

    assert finding["steps"] == [
        "The longest rest that starts in week 2026-W03 is 35 h, from 2026-01-16 21:00 to 2026-01-18 08:00.",
        "The rule is at least 35 h [Directive 2003/88/EC, Article 5; 2004-08-02].",
        "That is exactly enough.",
    ]


def test_work_through_the_whole_week_has_no_rest_at_all() -> None:
    document = european("2026-01-11T20:00/2026-01-19T01:00", "2026-01-19T08:00/16:00")

    finding = findings(document, RULE)[1]

    assert (finding["verdict"], finding["measured"]) == ("broken", 0)
    assert "No rest starts in week 2026-W03." in said(finding)


def test_before_the_directive_nothing_is_judged() -> None:
    weeks = european(*office(*(f"2004-07-{day}" for day in range(26, 32)), "2004-08-01", "2004-08-02"))

    assert [(one["verdict"], one["reason"]) for one in findings(weeks, RULE)] == [
        ("not_judged", "no_value"),
        ("met", None),
    ]
