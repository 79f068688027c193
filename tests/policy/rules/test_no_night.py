"""``no.night``: no work between 21 and 6, save in the evening by a written agreement."""

from __future__ import annotations

import pytest

from policy.norwegian import findings, norwegian, said, verdict, work

RULE = "no.night"


@pytest.mark.parametrize(
    ("start", "end", "seconds"),
    [
        ("2026-01-13T20:00", "2026-01-13T21:00", 0),
        ("2026-01-13T20:00", "2026-01-13T21:00:01", 1),
        ("2026-01-13T06:00", "2026-01-13T07:00", 0),
        ("2026-01-13T05:59:59", "2026-01-13T07:00", 1),
        ("2026-03-29T05:59:59", "2026-03-29T07:00", 1),
        ("2026-10-25T20:00", "2026-10-25T21:00:01", 1),
    ],
)
def test_a_second_at_night_is_night_work(start: str, end: str, seconds: int) -> None:
    document = norwegian(work(start, end))

    assert [one["measured"] for one in findings(document, RULE)] == [seconds]
    assert verdict(document, RULE) == ("broken" if seconds else "met")


@pytest.mark.parametrize(("begins", "seconds"), [(21, 3 * 3600), (21.5, 9000), (24, 0)])
def test_an_agreed_hour_of_the_clock_holds_also_on_the_dates_on_which_the_clock_changes(
    begins: float, seconds: int
) -> None:
    for day, next_day in (
        ("2026-03-29", "2026-03-30T00:00"),
        ("2026-10-25", "2026-10-26T00:00"),
        ("2026-01-13", "2026-01-14T00:00"),
    ):
        document = norwegian(work(f"{day}T20:00", next_day), parameters={"no.night.from": begins})

        assert [one["measured"] for one in findings(document, RULE)] == [seconds]


@pytest.mark.parametrize(("end", "seconds"), [("21:00", 0), ("21:00:01", 1)])
def test_the_limit_is_no_second_and_the_hour_at_which_night_begins_is_named(end: str, seconds: int) -> None:
    (found,) = findings(norwegian(work("2026-01-13T20:00", end)), RULE)

    assert (found["measured"], found["limit"], found["unit"]) == (seconds, 0, "second")
    assert found["citation"]["parameter"]["id"] == "no.night.from"


def test_a_night_is_told_on_both_of_its_dates() -> None:
    document = norwegian(work("2026-01-13T20:00", "2026-01-14T07:00"))

    assert [one["measured"] for one in findings(document, RULE)] == [3 * 3600, 6 * 3600]


@pytest.mark.parametrize(
    ("until", "end", "seconds"),
    [
        ("23:00", "23:00", 0),
        ("23:00", "23:00:01", 1),
        ("22:30", "22:30", 0),
        ("22:30", "22:30:01", 1),
        ("23:30", "23:30", 1800),  # the law lets an agreement go to 23 and no further
        ("00:00", "23:30", 1800),
        ("02:00", "23:00", 0),  # one past midnight opens all that the law lets it
        ("06:00", "23:00:01", 1),
        ("06:01", "21:00:01", 1),  # a time of the day opens nothing
        ("20:00", "21:30", 1800),
    ],
)
def test_a_written_agreement_opens_the_evening(until: str, end: str, seconds: int) -> None:
    document = norwegian(work("2026-01-13T20:00", end), agreement={"night_agreement_until": until})

    assert [one["measured"] for one in findings(document, RULE)] == [seconds]
    assert f"Your written agreement lets you choose to work until {until}." in said(document, RULE)


SOURCE = "Arbeidsmiljøloven (lov 17. juni 2005 nr. 62), § 10-11"


def test_the_steps_tell_the_night_the_work_in_it_and_what_the_law_allows() -> None:
    document = norwegian(work("2026-01-13T05:30", "07:00"), work("2026-01-13T20:00", "21:10"))

    assert findings(document, RULE)[0]["steps"] == [
        f"Night begins at 21:00 [{SOURCE} første ledd; 2006-01-01].",
        f"Night ends at 06:00 [{SOURCE} første ledd; 2006-01-01].",
        "Work in these hours from 2026-01-13 05:30 to 2026-01-13 06:00: 30 min.",
        "Work in these hours from 2026-01-13 21:00 to 2026-01-13 21:10: 10 min.",
        "Together that is 40 min.",
        "Work at night is allowed only where its nature makes that necessary. No fact told says that it does.",
    ]


def test_the_steps_of_an_agreement_say_what_it_opens() -> None:
    document = norwegian(work("2026-01-13T20:00", "22:30"), agreement={"night_agreement_until": "23:30"})

    assert findings(document, RULE)[0]["steps"][2:] == [
        "Your written agreement lets you choose to work until 23:30.",
        f"The law allows such an agreement until 23:00 [{SOURCE} tredje ledd; 2017-07-01].",
        "So no work before 23:00 in the evening counts as night work.",
        "No work lies in these hours.",
    ]


def test_an_agreement_does_not_open_the_morning() -> None:
    document = norwegian(work("2026-01-13T05:00", "07:00"), agreement={"night_agreement_until": "23:00"})

    assert [one["measured"] for one in findings(document, RULE)] == [3600]


def test_before_july_2017_the_law_knew_no_such_agreement() -> None:
    for day, expected in (("2017-06-30", "broken"), ("2017-07-03", "met")):
        document = norwegian(work(f"{day}T20:00", "22:00"), agreement={"night_agreement_until": "23:00"})

        assert verdict(document, RULE) == expected
    assert "knows no agreement" in said(
        norwegian(work("2017-06-30T20:00", "22:00"), agreement={"night_agreement_until": "23:00"}), RULE
    )


def test_the_hours_of_an_agreement_replace_those_of_the_law() -> None:
    document = norwegian(work("2026-01-13T20:00", "21:30"), parameters={"no.night.from": 21.5})

    assert verdict(document, RULE) == "met"
    assert "Night begins at 21:30 [your agreement]." in said(document, RULE)


def test_unobserved_time_does_not_matter_and_unconfirmed_work_is_a_question() -> None:
    seen = [{"start": "2026-01-13T08:00", "end": "2026-01-13T16:00"}]

    assert verdict(norwegian(work("2026-01-13T08:00", "16:00"), observed=seen), RULE) == "met"
    assert verdict(norwegian(work("2026-01-13T21:00", "21:05", confirmed=False)), RULE) == "attention"


def test_before_the_act_nothing_is_judged() -> None:
    found = findings(norwegian(work("2005-12-30T22:00", "23:00")), RULE)

    assert [(one["verdict"], one["reason"]) for one in found] == [("not_judged", "no_value")]


def test_a_particularly_independent_position_is_outside() -> None:
    assert verdict(norwegian(work("2026-01-13T22:00", "23:00"), agreement={"self_organiser": True}), RULE) == (
        "not_applicable"
    )
