"""What covers a short daily rest: chapter 6 and the recorded exceptions, each limit by a second; and who is outside."""

from __future__ import annotations

from typing import Any

import pytest

from fyraften_policy.rules.daily_rest import rest_due_seconds
from policy.documents import Document, danish, facts, findings, only, said, session, verdict

RULE = "dk.rest.daily"
LONG_DAY = session("2026-01-13T08:00", "21:00")  # thirteen hours
EVENING = (session("2026-01-13T08:00", "16:00"), session("2026-01-13T19:00", "23:30"))  # leaves 8 h 30 min


def judged(*work: Document, **more: Any) -> str:
    return verdict(danish(*work, **more), RULE)


def exceptions(*rows: tuple[str, str]) -> Document:
    return {"rest_exceptions": [{"date": date, "ground": ground} for date, ground in rows]}


# Who is outside, and chapter 6


@pytest.mark.parametrize("reason", ["self_organiser", "foster_care"])
def test_who_is_outside_the_rule_is_not_judged_by_it(reason: str) -> None:
    finding = only(danish(session("2026-01-13T06:00", "23:00"), agreement={reason: True}), RULE)

    assert (finding["verdict"], finding["reason"]) == ("not_applicable", reason)


@pytest.mark.parametrize(("end", "measured"), [("21:00:00", 39600), ("23:00:00", 32400)])
def test_who_is_outside_sees_the_figures_as_information(end: str, measured: int) -> None:
    finding = only(danish(session("2026-01-13T08:00", end), agreement={"self_organiser": True}), RULE)

    assert (finding["verdict"], finding["measured"], finding["limit"]) == ("not_applicable", measured, 39600)
    assert finding["steps"][-2:] == [
        "The rule does not apply to persons who organise their own working time.",
        "The figures are for information only.",
    ]


CHAPTER_6 = {"chapter_6": "2025-06-01", "plans_own_time": True}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, "excepted"),
        ({"plans_own_time": False}, "broken"),
        ({"plans_own_time": False, "unmeasurable_time": True}, "excepted"),
        ({"works_only_at_home": True}, "broken"),
        ({"on_call": True}, "broken"),
        ({"chapter_6": "2026-01-13"}, "excepted"),
        ({"chapter_6": "2026-01-14"}, "broken"),
    ],
)
def test_chapter_6_needs_all_its_conditions(change: Document, expected: str) -> None:
    finding = only(danish(*EVENING, agreement={**CHAPTER_6, **change}), RULE)

    assert finding["verdict"] == expected
    assert ("chapter 6 of bekendtgørelse 324/2002 covers it" in said(finding)) is (expected == "excepted")
    assert ("324/2002 is of" in said(finding) or "does not cover" in said(finding)) is (expected == "broken")


def test_chapter_6_tells_what_it_relies_on_how_the_rest_is_divided_and_what_is_due() -> None:
    work = (session("2026-01-13T08:00", "16:00"), session("2026-01-13T22:00", "23:00"))

    own, unmeasured = (
        only(
            danish(*work, session("2026-01-14T08:00", "15:00"), agreement={"chapter_6": "2025-06-01", why: True}), RULE
        )
        for why in ("plans_own_time", "unmeasurable_time")
    )

    assert own["steps"][-3:] == [
        "The agreement of 2025-06-01 under chapter 6 of bekendtgørelse 324/2002 covers it: work partly at home, not on "
        "call, own planning of time.",
        "It lets the rest be divided. Before 2026-01-13 23:00 its pieces are 9 h + 6 h = 15 h.",
        "As a rule equivalent compensating rest is due: 2 h.",
    ]
    assert "not on call, time that cannot be measured." in said(unmeasured)


def test_an_agreement_of_the_very_day_is_not_told_to_be_too_late() -> None:
    finding = only(danish(*EVENING, agreement={**CHAPTER_6, "chapter_6": "2026-01-13", "on_call": True}), RULE)

    assert "under chapter 6 of bekendtgørelse 324/2002 is of" not in said(finding)
    assert finding["steps"][-1].endswith("it is not for on-call duty.")


def test_an_exception_beside_chapter_6_is_told_not_to_be_needed() -> None:
    both = {**CHAPTER_6, **exceptions(("2026-01-13", "annual_accounts"))}

    finding = only(danish(*EVENING, agreement=both), RULE)

    assert finding["verdict"] == "excepted"
    assert finding["steps"][-1] == "The exception recorded for 2026-01-13 is not needed."


def test_a_rest_in_one_piece_is_not_told_to_be_divided() -> None:
    finding = only(danish(session("2026-01-13T08:00", "22:00"), agreement=CHAPTER_6), RULE)

    assert finding["verdict"] == "excepted"
    assert finding["steps"][-1] == "As a rule equivalent compensating rest is due: 1 h."
    assert "divided" not in said(finding)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"works_only_at_home": True}, "it is not for those who work only at home."),
        ({"on_call": True}, "it is not for on-call duty."),
        ({"plans_own_time": False}, "neither own planning of time nor time that cannot be measured is told."),
        ({"chapter_6": "2026-01-14"}, "is of 2026-01-14: it does not cover work begun on 2026-01-13."),
    ],
)
def test_an_agreement_that_does_not_cover_says_why(change: Document, why: str) -> None:
    finding = only(danish(*EVENING, agreement={**CHAPTER_6, **change}), RULE)

    assert finding["steps"][-1].endswith(why)


def test_chapter_6_has_nothing_to_cover_where_the_rest_was_met() -> None:
    assert judged(LONG_DAY, agreement=CHAPTER_6) == "met"


# Recorded exceptions

ACCOUNTS = exceptions(("2026-01-13", "annual_accounts"))


def test_below_the_floor_force_majeure_is_told_to_have_none_of_its_own() -> None:
    night = danish(
        session("2026-01-13T06:00", "2026-01-14T00:00"), agreement=exceptions(("2026-01-13", "force_majeure"))
    )
    accounts = {**night, "agreement": exceptions(("2026-01-13", "annual_accounts"))}

    found, other = only(night, RULE), only(accounts, RULE)

    assert found["verdict"] == other["verdict"] == "broken"
    assert (
        "For force majeure we found no such limit in the texts: that of the other exceptions is our reading."
        in (found["steps"][-1])
    )
    assert "force majeure" not in said(other)


@pytest.mark.parametrize(
    "ground", ["annual_accounts", "evening_meeting", "state_agreement", "shift_change", "force_majeure"]
)
def test_a_recorded_exception_covers_a_shorter_rest_and_is_named(ground: str) -> None:
    finding = only(danish(*EVENING, agreement=exceptions(("2026-01-13", ground))), RULE)

    assert finding["verdict"] == "excepted"
    assert finding["measured"] == 30600
    assert "An exception is recorded for 2026-01-13: " in said(finding)
    assert finding["steps"][-1] == (
        "The missing 2 h 30 min is added to the rest that follows: 11 h + 2 h 30 min = 13 h 30 min, until 2026-01-14"
        " 13:00."
    )


@pytest.mark.parametrize("day", ["2026-01-12", "2026-01-14"])
def test_an_exception_holds_for_the_block_that_starts_on_its_date_only(day: str) -> None:
    assert judged(*EVENING, agreement=exceptions((day, "annual_accounts"))) == "broken"


def test_an_exception_recorded_for_another_date_of_the_same_work_is_named() -> None:
    work = (session("2026-01-13T12:00", "22:00"), session("2026-01-14T06:00", "14:00"))

    inside, before, after = (
        said(only(danish(*work, agreement=exceptions((day, "force_majeure"))), RULE))
        for day in ("2026-01-14", "2026-01-12", "2026-01-15")
    )

    sentence = "An exception is recorded for 2026-01-14. This work begins on 2026-01-13: only one of that date holds."
    assert sentence in inside
    assert "recorded" not in before + after


@pytest.mark.parametrize(("end", "is_named"), [("2026-01-14T00:00:00", False), ("2026-01-14T00:00:01", True)])
def test_an_exception_is_of_another_date_of_the_work_only_if_there_was_work_on_it(end: str, *, is_named: bool) -> None:
    recorded = exceptions(("2026-01-14", "force_majeure"))

    finding = only(danish(session("2026-01-13T08:00", end), agreement=recorded), RULE)

    assert ("An exception is recorded for 2026-01-14." in said(finding)) is is_named


def test_every_later_date_of_the_work_is_looked_at() -> None:
    work = [session(f"2026-01-{day}T08:00", "22:00:01") for day in range(13, 16)]

    finding = only(danish(*work, agreement=exceptions(("2026-01-15", "force_majeure"))), RULE)

    assert "An exception is recorded for 2026-01-15." in said(finding)


@pytest.mark.parametrize(("end", "verdict"), [("2024-07-01T00:00:00", "attention"), ("2024-07-01T00:00:01", "broken")])
def test_the_day_on_which_the_work_ends_decides_on_compensation_at_once(end: str, verdict: str) -> None:
    start = "2024-06-30T10:30"
    work = [session(start, end), session("2024-07-01T11:29", "12:00")]

    found = findings(danish(*work, agreement=exceptions(("2024-06-30", "force_majeure"))), RULE)

    assert found[0]["verdict"] == verdict


@pytest.mark.parametrize(("end", "due"), [("19:00", 11 * 3600), ("21:00", 11 * 3600), ("21:00:01", 11 * 3600 + 1)])
def test_the_rest_due_next_is_longer_only_by_what_an_exception_took(end: str, due: int) -> None:
    told = facts(danish(session("2026-01-13T08:00", end), agreement=ACCOUNTS))

    assert rest_due_seconds(told, told.reported(with_unconfirmed=True)) == due


@pytest.mark.parametrize(
    ("start", "is_told"), [("2026-01-14T21:29:59", True), ("2026-01-14T21:30:00", False), ("2026-01-15T00:30", False)]
)
def test_after_two_rests_without_work_there_is_nothing_to_say_of_compensation(start: str, *, is_told: bool) -> None:
    found = findings(danish(*EVENING, session(start, "2026-01-15T02:00"), agreement=ACCOUNTS), RULE)

    assert found[0]["verdict"] == "excepted"
    assert ("Work began again after" in said(found[0])) is is_told


def test_force_majeure_asks_for_a_note() -> None:
    other, forced = (
        said(only(danish(*EVENING, agreement=exceptions(("2026-01-13", ground))), RULE))
        for ground in ("annual_accounts", "force_majeure")
    )

    assert "Force majeure must be noted in writing" in forced
    assert "noted" not in other


def test_the_number_in_the_year_and_in_the_week_is_told_with_its_source() -> None:
    rows = [("2026-01-12", "annual_accounts"), ("2026-01-13", "annual_accounts")]
    year = said(only(danish(*EVENING, agreement=exceptions(*rows)), RULE))
    week = said(only(danish(*EVENING, agreement=exceptions(("2026-01-13", "state_agreement"))), RULE))

    assert "It is number 2 on this ground in 2026, of at most 14 [Bekendtgørelse 324/2002" in year
    assert "It is number 1 on this ground in 2026-W03, of at most 1 [Statens arbejdstidsaftale" in week


def test_too_many_in_a_year_are_told_so() -> None:
    days = [f"2026-01-{day:02}" for day in range(1, 16)]
    finding = only(
        danish(*long_days(days[-1]), agreement=exceptions(*((day, "annual_accounts") for day in days))), RULE
    )

    assert "It is number 15 on this ground in 2026; the most is 14 [" in finding["steps"][-1]


@pytest.mark.parametrize(
    ("day", "start", "expected"),
    [
        ("2024-06-29", "2024-06-30T10:30:00", "attention"),  # ends on 29 June: as soon as possible was enough
        ("2024-06-29", "2024-06-30T13:00:00", "excepted"),
        ("2024-07-01", "2024-07-02T12:59:59", "broken"),
        ("2024-07-01", "2024-07-02T13:00:00", "excepted"),
    ],
)
def test_compensation_follows_at_once_only_since_july_2024(day: str, start: str, expected: str) -> None:
    work = (session(f"{day}T08:00", "16:00"), session(f"{day}T19:00", "23:30"), session(start, "17:00"))

    found = findings(danish(*work, agreement=exceptions((day, "annual_accounts"))), RULE)

    assert found[0]["verdict"] == expected
    told = "Before 2024-07-01 compensation was due as soon as possible; whether it was given later is not told."
    assert (told in said(found[0])) is (expected == "attention")


def test_an_agreement_can_ask_for_a_share_of_the_compensation_at_once() -> None:
    work = (*EVENING, session("2026-01-14T11:45", "17:00"))  # twelve hours and a quarter: 11 h and half of 2 h 30 min

    enough, short = (
        findings(danish(*rows, agreement=ACCOUNTS, parameters={"dk.rest.daily.exception.at_once": 0.5}), RULE)[0]
        for rows in (work, (*EVENING, session("2026-01-14T11:44:59", "17:00")))
    )

    assert (enough["verdict"], short["verdict"]) == ("excepted", "broken")
    assert "11 h + 1 h 15 min = 12 h 15 min" in said(enough)
    told = facts(danish(*EVENING, agreement=ACCOUNTS, parameters={"dk.rest.daily.exception.at_once": 0.5}))
    assert rest_due_seconds(told, told.reported(with_unconfirmed=True)) == 12 * 3600 + 900


@pytest.mark.parametrize(("day", "start"), [("2026-03-28", "2026-03-29T14:00"), ("2026-10-24", "2026-10-25T12:00")])
def test_compensation_over_a_clock_change_is_elapsed_time(day: str, start: str) -> None:
    evening = (session(f"{day}T08:00", "16:00"), session(f"{day}T19:00", "23:30"))
    agreement = exceptions((day, "force_majeure"))
    early = start.replace("4:00", "3:59:59") if start.endswith("14:00") else start.replace("12:00", "11:59:59")

    assert judged(*evening, session(start, "17:00"), agreement=agreement) == "excepted"
    assert judged(*evening, session(early, "17:00"), agreement=agreement) == "broken"


def test_the_date_is_that_of_the_start_of_the_block_also_after_midnight() -> None:
    night = (session("2026-01-13T14:00", "2026-01-14T03:30"),)

    assert judged(*night, agreement=exceptions(("2026-01-13", "force_majeure"))) == "excepted"
    assert judged(*night, agreement=exceptions(("2026-01-14", "force_majeure"))) == "broken"


@pytest.mark.parametrize(("end", "expected"), [("2026-01-14T00:00:00", "excepted"), ("2026-01-14T00:00:01", "broken")])
def test_even_with_an_exception_eight_hours_are_the_floor(end: str, expected: str) -> None:
    finding = only(danish(session("2026-01-13T08:00", end), agreement=ACCOUNTS), RULE)

    assert finding["verdict"] == expected
    assert ("Even with an exception the rest must be at least 8 h [" in said(finding)) is (expected == "broken")


@pytest.mark.parametrize(("start", "expected"), [("13:00:00", "excepted"), ("12:59:59", "broken")])
def test_the_rest_that_follows_is_longer_by_what_was_missing(start: str, expected: str) -> None:
    found = findings(danish(*EVENING, session(f"2026-01-14T{start}", "17:00"), agreement=ACCOUNTS), RULE)

    assert found[0]["verdict"] == expected
    last = "13 h 29 min 59 s; 13 h 30 min was due at once [" if expected == "broken" else "13 h 30 min: the"
    assert f"Work began again after {last}" in found[0]["steps"][-1]


@pytest.mark.parametrize("start", ["07:30", "08:00", "10:29"])
def test_a_rest_too_short_to_part_the_blocks_does_not_make_good_either(start: str) -> None:
    assert judged(*EVENING, session(f"2026-01-14T{start}", "12:00"), agreement=ACCOUNTS) == "broken"


def test_a_pause_within_the_evening_is_no_rest_that_follows() -> None:
    work = (
        session("2026-01-13T08:00", "16:00"),
        session("2026-01-13T20:00", "21:30"),
        session("2026-01-13T22:00", "23:00"),
    )

    finding = only(danish(*work, agreement=ACCOUNTS), RULE)

    assert finding["verdict"] == "excepted"
    assert finding["steps"][-1] == (
        "The missing 2 h is added to the rest that follows: 11 h + 2 h = 13 h, until 2026-01-14 12:00."
    )


def test_a_shortened_night_is_made_good_after_the_second_day() -> None:
    nights = (session("2026-01-13T12:00", "23:00"), session("2026-01-14T08:00", "17:00"))

    assert judged(*nights, agreement=ACCOUNTS) == "excepted"
    assert judged(*nights, session("2026-01-15T06:00", "08:00"), agreement=ACCOUNTS) == "excepted"
    assert judged(*nights, session("2026-01-15T05:59:59", "08:00"), agreement=ACCOUNTS) == "broken"


def test_one_exception_does_not_carry_a_week_of_short_nights() -> None:
    nights = [session(f"2026-01-{day}T08:00", "23:00") for day in range(13, 17)]

    assert judged(*nights, agreement=ACCOUNTS) == "broken"


def long_days(*days: str) -> list[Document]:
    return [session(f"{day}T08:00", "22:00") for day in days]


@pytest.mark.parametrize(
    ("ground", "allowed"), [("annual_accounts", 14), ("evening_meeting", 20)],
)  # fmt: skip
def test_a_ground_is_used_so_many_times_a_calendar_year_and_once_more_is_too_often(ground: str, allowed: int) -> None:
    days = [f"2026-{month:02}-{day:02}" for month in (1, 2, 3) for day in range(1, 28, 3)][: allowed + 1]
    agreement = exceptions(*((day, ground) for day in days))

    verdicts = [one["verdict"] for one in findings(danish(*long_days(*days), agreement=agreement), RULE)]

    assert verdicts == ["excepted"] * allowed + ["broken"]


def test_a_new_calendar_year_begins_to_count_anew() -> None:
    days = [f"2025-12-{day:02}" for day in range(1, 29, 2)]
    rows = [(day, "annual_accounts") for day in [*days, "2026-01-13"]]

    assert judged(*long_days("2026-01-13"), agreement=exceptions(*rows)) == "excepted"
    assert judged(*long_days("2025-12-30"), agreement=exceptions(*rows, ("2025-12-30", "annual_accounts"))) == "broken"


@pytest.mark.parametrize(
    ("days", "verdicts"),
    [
        (["2026-01-12", "2026-01-15"], ["excepted", "broken"]),
        (["2026-01-15", "2026-01-19"], ["excepted", "excepted"]),
        (["2026-01-15", "2026-01-18"], ["excepted", "broken"]),
    ],
)
def test_the_state_agreement_allows_one_a_week_from_monday_to_sunday(days: list[str], verdicts: list[str]) -> None:
    agreement = exceptions(*((day, "state_agreement") for day in days))

    assert [one["verdict"] for one in findings(danish(*long_days(*days), agreement=agreement), RULE)] == verdicts


def test_a_local_agreement_may_allow_two_a_week() -> None:
    days = ["2026-01-12", "2026-01-15"]
    agreement = exceptions(*((day, "state_agreement") for day in days))
    parameters = {"dk.rest.daily.exception.state_agreement": 2}

    found = findings(danish(*long_days(*days), agreement=agreement, parameters=parameters), RULE)

    assert [one["verdict"] for one in found] == ["excepted", "excepted"]
    assert "to 2 in place of 1" in said(found[0])
    assert "It is number 1 on this ground in 2026-W03, of at most 2 [your agreement]." in found[0]["steps"]


@pytest.mark.parametrize("ground", ["shift_change", "force_majeure"])
def test_other_grounds_have_no_quota(ground: str) -> None:
    days = [f"2026-{month:02}-{day:02}" for month in (1, 2, 3) for day in range(1, 28, 3)]

    assert judged(*long_days(*days), agreement=exceptions(*((day, ground) for day in days))) == "excepted"
