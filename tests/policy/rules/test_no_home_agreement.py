"""``no.home_agreement``: when work at home needs a written agreement, and whether there is one."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from policy.norwegian import Document, findings, norwegian, said, work

RULE = "no.home_agreement"
MONDAY = date(2026, 1, 5)


def weeks(*home_days: int, first: date = MONDAY, place: str = "home") -> list[Document]:
    """Return weeks of five days, the first so many of each at home and the others at the office."""
    return [
        work(f"{first + timedelta(days=7 * number + day)}T08:00", "16:00", place=place if day < count else "fixed_site")
        for number, count in enumerate(home_days)
        for day in range(5)
    ]


def found(*sessions: Document, **more: object) -> tuple[str, str | None, float | None]:
    finding = findings(norwegian(*sessions, **more), RULE)[-1]
    return finding["verdict"], finding["reason"], finding["measured"]


@pytest.mark.parametrize(
    ("home_days", "expected"),
    [
        ((1, 1, 1, 1), ("broken", None, 1)),
        ((1, 1, 1, 0), ("not_applicable", "home_sporadic", 0.75)),
        ((2, 0, 2, 0), ("not_applicable", "home_short", 1)),
        ((2, 0, 2, 0, 2, 0, 2, 0), ("broken", None, 1)),  # every other week for two months is no short time
        ((5, 5), ("not_applicable", "home_short", 5)),
        ((0, 5, 5, 5), ("attention", None, 3.75)),
        ((5, 5, 5, 5), ("broken", None, 5)),
        ((5, 5, 5, 5, 0, 0, 0, 0), ("not_applicable", "home_sporadic", 0)),
        ((1, 0, 0, 0, 0, 0, 1, 1, 2), ("attention", None, 1)),  # the ninth week before is forgotten
        ((0, 1, 0, 0, 0, 0, 1, 1, 2), ("broken", None, 1)),
    ],
)
def test_what_is_sporadic_what_is_short_and_what_needs_an_agreement(
    home_days: tuple[int, ...], expected: tuple[str, str | None, float]
) -> None:
    assert found(*weeks(*home_days)) == expected


@pytest.mark.parametrize(
    ("dated", "expected"), [("2026-02-01", "met"), ("2026-02-02", "broken"), ("2020-01-01", "met")]
)
def test_an_agreement_counts_from_its_date(dated: str, expected: str) -> None:
    assert found(*weeks(2, 2, 2, 2), agreement={"home_agreement": dated})[0] == expected


def test_in_doubt_an_agreement_settles_it() -> None:
    assert found(*weeks(0, 5, 5, 5), agreement={"home_agreement": "2026-01-01"})[0] == "met"


def test_weeks_of_leave_are_skipped() -> None:
    four = weeks(1, 1, 1, 1)
    after = weeks(0, 0, first=date(2026, 2, 16))
    absence = [{"start": "2026-02-02", "end": "2026-02-13", "kind": "holiday"}]

    assert found(*four, *after[:1], at="2026-02-16T00:00", absences=absence) == ("broken", None, 1)
    assert found(*four, at="2026-02-16T00:00", period={"start": "2026-01-05", "end": "2026-02-16"}) == (
        "not_applicable",
        "home_sporadic",
        0.5,
    )


def test_a_week_of_leave_with_work_in_it_counts() -> None:
    absence = [{"start": "2026-01-26", "end": "2026-01-30", "kind": "holiday"}]

    assert found(*weeks(1, 1, 1), work("2026-01-28T10:00", "10:05", place="elsewhere"), absences=absence) == (
        "not_applicable",
        "home_sporadic",
        0.75,
    )


def test_who_works_only_at_home_needs_one_from_the_first_day() -> None:
    only = {"works_only_at_home": True}
    day = work("2026-01-13T08:00", "16:00", place="home")

    assert found(day, agreement=only) == ("broken", None, None)
    assert found(day, agreement={**only, "home_agreement": "2026-01-13"}) == ("met", None, None)
    assert found(day, agreement={**only, "home_agreement": "2026-01-14"}) == ("broken", None, None)
    assert found({**day, "confirmed": False}, agreement=only)[0] == "attention"
    assert found(work("2022-06-30T08:00", "16:00"), agreement=only) == ("not_judged", "no_value", None)
    assert found(agreement=only, at="2026-01-14T00:00") == ("not_judged", "no_complete_period", None)


def test_who_works_only_at_home_is_judged_by_the_last_day_of_work_as_far_as_it_is_known() -> None:
    agreement = {"works_only_at_home": True, "home_agreement": "2026-01-14"}
    before, after = work("2026-01-13T08:00", "16:00"), work("2026-01-15T08:00", "16:00")
    seen = [
        {"start": "2026-01-01T00:00", "end": "2026-01-15T08:00"},
        {"start": "2026-01-15T08:01", "end": "2026-01-19T00:00"},
    ]

    assert found(before, agreement=agreement)[0] == "broken"
    assert found(before, after, agreement=agreement)[0] == "met"
    assert found(before, {**after, "confirmed": False}, agreement=agreement)[0] == "attention"
    assert found(before, agreement=agreement, observed=seen)[:2] == ("not_judged", "unobserved")


@pytest.mark.parametrize("place", ["elsewhere", "changing_site", "fixed_site"])
def test_only_the_own_home_counts(place: str) -> None:
    assert found(*weeks(5, 5, 5, 5, place=place)) == ("not_applicable", "home_sporadic", 0)


def test_an_unknown_place_that_could_decide_is_not_judged() -> None:
    assert found(*weeks(1, 1, 1, 1, place="unknown"))[:2] == ("not_judged", "place_unknown")
    assert found(*weeks(5, 5, 5, 5), work("2026-01-10T10:00", "11:00")) == ("broken", None, 5)


def test_unobserved_time_that_could_decide_is_not_judged() -> None:
    seen = [
        {"start": "2025-01-01T00:00", "end": "2026-01-30T18:00"},
        {"start": "2026-01-30T20:00", "end": "2026-03-01T00:00"},
    ]

    assert found(*weeks(1, 1, 1, 0), observed=seen)[:2] == ("not_judged", "unobserved")
    assert found(*weeks(1, 1, 0, 0), observed=seen)[:2] == ("not_applicable", "home_sporadic")


def test_unobserved_time_in_a_week_of_leave_could_have_been_work_elsewhere() -> None:
    absence = [{"start": "2026-02-02", "end": "2026-02-06", "kind": "holiday"}]
    seen = [
        {"start": "2025-01-01T00:00", "end": "2026-02-04T18:00"},
        {"start": "2026-02-04T20:00", "end": "2026-03-01T00:00"},
    ]
    more = {"absences": absence, "period": {"start": "2026-01-05", "end": "2026-02-09"}}

    assert found(*weeks(4, 0, 0, 0), **more)[0] == "not_applicable"
    assert found(*weeks(1, 1, 1, 1), **more)[0] == "broken"
    assert found(*weeks(1, 1, 1, 1), **more, observed=seen)[0] == "not_judged"
    assert found(*weeks(2, 2, 2, 2), **more, observed=seen)[0] == "broken"


def test_unconfirmed_work_at_home_is_a_question() -> None:
    waiting = work("2026-01-30T20:00", "20:05", place="home", confirmed=False)

    assert found(*weeks(1, 1, 1, 0), waiting)[0] == "attention"


def test_an_unknown_place_is_settled_before_the_person_is_asked() -> None:
    waiting = work("2026-01-30T20:00", "20:05", place="unknown", confirmed=False)
    document = norwegian(*weeks(1, 1, 1, 0), waiting)

    assert findings(document, RULE)[-1]["verdict"] == "attention"
    assert "without it, “not applicable”; with it, “not judged”" in said(document, RULE)


def test_before_july_2022_the_data_has_no_value() -> None:
    assert found(*weeks(5, 5, 5, 5, first=date(2022, 5, 30)))[:2] == ("not_judged", "no_value")
    assert found(*weeks(5, 5, 5, 5, first=date(2022, 6, 6)))[0] == "broken"


def test_only_complete_weeks_count() -> None:
    assert found(*weeks(1, 1, 1, 1), at="2026-02-01T23:59:59")[0] == "attention"
    assert found(*weeks(5), at="2026-01-09T12:00")[:2] == ("not_judged", "no_complete_period")


def test_the_steps_add_up_the_days_and_the_weeks_and_name_the_agreement() -> None:
    leave = [{"start": "2026-01-19", "end": "2026-01-23", "kind": "holiday"}]
    rows = [row for row in weeks(1, 2, 0, 1, 0, 2) if not "2026-01-19" <= row["start"] < "2026-01-24"]

    assert findings(norwegian(*rows, absences=leave), RULE)[-1]["steps"] == [
        "Week 2026-W07: days with work at home: 2.",
        "Week 2026-W06: days with work at home: 0.",
        "Week 2026-W05: days with work at home: 1.",
        "Week 2026-W03: days with work at home: 2.",
        "Week 2026-W02: days with work at home: 1.",
        "In the last complete weeks that count (4) that is 5 in all, 1.25 a week on average.",
        "Fewer than 1 a week on average are sporadic [Forskrift 5. juli 2002 nr. 715 om arbeid som utføres i "
        "arbeidstakers hjem, § 1 andre ledd, jf. § 2; 2022-07-01].",
        "Weeks with work at home among the last 8: 4; from 4 on it is no short time.",
        "A day counts however short the work at home is.",
        "No written agreement on work at home is recorded.",
    ]
    assert "Whether that is still a short time" in said(norwegian(*weeks(0, 5, 5, 5)), RULE)


def test_an_agreement_of_a_later_date_is_told_with_both_dates() -> None:
    text = said(norwegian(*weeks(2, 2, 2, 2), agreement={"home_agreement": "2026-02-02"}), RULE)

    assert "The written agreement on work at home is of 2026-02-02, after 2026-02-01." in text


@pytest.mark.parametrize("home_days", [(5, 5, 5, 5), (0, 5, 5, 5), (5, 5), (1, 0, 0, 0)])
def test_the_answer_on_weeks_is_one_finding_with_its_figures(home_days: tuple[int, ...]) -> None:
    (one,) = findings(norwegian(*weeks(*home_days)), RULE)

    assert (one["limit"], one["unit"]) == (1, "day_per_week")
    assert one["citation"]["parameter"]["id"] == "no.home_agreement.days"


def test_the_answer_on_work_at_home_only_has_no_figures_and_says_why() -> None:
    day = work("2026-01-13T08:00", "16:00", place="home")
    (one,) = findings(norwegian(day, agreement={"works_only_at_home": True}), RULE)

    assert (one["limit"], one["unit"]) == (None, None)
    assert one["steps"] == [
        "Who works only at home needs a written agreement, however short the work is.",
        "No written agreement on work at home is recorded.",
    ]


@pytest.mark.parametrize(("end", "expected"), [("2026-01-14T00:00", "broken"), ("2026-01-14T00:00:01", "met")])
def test_the_last_day_of_work_is_that_of_its_last_second(end: str, expected: str) -> None:
    agreement = {"works_only_at_home": True, "home_agreement": "2026-01-14"}

    assert found(work("2026-01-13T20:00", end), agreement=agreement)[0] == expected


def test_a_sunday_at_home_counts() -> None:
    assert found(*weeks(1, 1, 1, 0), work("2026-02-01T10:00", "10:05", place="home")) == ("broken", None, 1)


def test_weeks_in_which_all_work_waits_for_a_word_are_asked_about() -> None:
    assert found(*({**row, "confirmed": False} for row in weeks(5, 5, 5, 5)))[0] == "attention"


def test_a_week_of_leave_is_skipped_also_where_another_week_was_not_all_observed() -> None:
    absence = [{"start": "2026-02-02", "end": "2026-02-06", "kind": "holiday"}]
    seen = [
        {"start": "2025-01-01T00:00", "end": "2026-01-05T20:00"},
        {"start": "2026-01-05T21:00", "end": "2026-03-01T00:00"},
    ]
    period = {"start": "2026-01-05", "end": "2026-02-09"}

    assert found(*weeks(1, 1, 1, 1), absences=absence, observed=seen, period=period) == ("broken", None, 1)


def test_what_the_unobserved_time_makes_of_a_week_of_leave_is_told_in_the_right_order() -> None:
    absence = [{"start": "2026-02-02", "end": "2026-02-06", "kind": "holiday"}]
    seen = [
        {"start": "2025-01-01T00:00", "end": "2026-02-04T18:00"},
        {"start": "2026-02-04T20:00", "end": "2026-03-01T00:00"},
    ]
    period = {"start": "2026-01-05", "end": "2026-02-09"}

    text = said(norwegian(*weeks(1, 1, 1, 1), absences=absence, observed=seen, period=period), RULE)

    assert "Taken as rest, the unobserved time gives “not met”; taken as work, “not applicable”." in text


def test_before_the_data_begins_the_week_before_is_named() -> None:
    (one,) = findings(norwegian(*weeks(5, 5, first=date(2022, 5, 30))), RULE)

    assert one["period"] == {"start": "2022-06-06T00:00:00+02:00", "end": "2022-06-13T00:00:00+02:00"}
