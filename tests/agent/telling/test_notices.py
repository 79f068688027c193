"""Which notices are due: judged by the real policy library from facts written by hand."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from fyraften_agent.telling.notices import Notice, Situation, SourceTrouble, due
from fyraften_policy.evaluate import evaluate
from fyraften_policy.facts import read_facts
from fyraften_policy.languages import translator
from fyraften_policy.periods import parse_instant

ZONE = "Europe/Copenhagen"
HOURS = {day: [["08:00", "16:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}


def at(text: str) -> int:
    return parse_instant(text, ZONE)


def never_shown(_key: str) -> bool:
    return False


def notices(now: str, situation: Situation, **facts: Any) -> list[Notice]:
    document = {
        "jurisdiction": "DK",
        "zone": ZONE,
        "work": [{"start": "2026-01-13T08:00", "end": now, "place": "fixed_site"}],
        "public_holidays": [],
        "at": now,
        **facts,
    }
    read = read_facts(document)
    return due(evaluate(read), read, situation, at(now), ZONE, translator("fyraften_agent", "en"))


def keys(found: list[Notice]) -> list[str]:
    return [notice.key for notice in found]


NORWEGIAN_NIGHT: dict[str, Any] = {
    "jurisdiction": "NO",
    "agreement": {"normal_hours": HOURS},
    "work": [{"start": "2026-01-16T08:00", "end": "2026-01-17T07:30"}],
}
WORKING = Situation(never_shown, working_since=at("2026-01-13T08:00"))


@pytest.mark.parametrize(
    ("now", "told"),
    [
        ("2026-01-13T20:00", False),
        ("2026-01-13T20:00:01", True),
        ("2026-01-13T20:59:59", True),
        ("2026-01-13T21:00", False),
    ],
)
def test_the_end_of_the_working_day_is_told_in_the_last_hour_before_it(now: str, told: bool) -> None:
    assert ("stop_by:2026-01-13" in keys(notices(now, WORKING))) is told


def test_the_notice_to_stop_says_when_why_and_where_the_figures_are() -> None:
    (notice,) = [found for found in notices("2026-01-13T20:30", WORKING) if found.key.startswith("stop_by")]

    assert notice.title == "Stop by 21:00 to keep 11 h of rest"
    assert notice.body.startswith("30 min are left.")
    assert "fyraften why dk.rest.daily" in notice.body
    assert notice.text == f"{notice.title}\n{notice.body}"


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({}, "30 min are left. In the 24 hours before any moment of work the rule wants 11 h of rest in one stretch."),
        (
            {"jurisdiction": "EU"},
            "30 min are left. In the 24 hours from the start of work the rule wants 11 h of rest in one stretch.",
        ),
        (
            {"jurisdiction": "NO", "agreement": {"normal_hours": HOURS}},
            "30 min are left. The rule wants 11 h off between two days of work, and your next agreed hours begin at "
            "2026-01-14 08:00.",
        ),
    ],
)
def test_the_notice_to_stop_counts_as_the_law_of_the_place_does(facts: dict[str, Any], reason: str) -> None:
    found = notices("2026-01-13T20:30", WORKING, **facts)

    notice = next(one for one in found if one.key == "stop_by:2026-01-13")
    assert notice.body.startswith(reason)
    assert f"fyraften why {facts.get('jurisdiction', 'DK').lower()}.rest.daily" in notice.body


def test_in_norway_work_that_goes_on_for_a_day_and_a_night_has_no_next_hours_to_name() -> None:
    found = notices("2026-01-17T07:30", Situation(never_shown, at("2026-01-16T08:00")), **NORWEGIAN_NIGHT)

    notice = next(one for one in found if one.key == "stop_by:2026-01-17")
    assert notice.body.startswith("30 min are left. The rule wants 11 h off in the course of 24 hours.")


@pytest.mark.parametrize(
    ("now", "told"),
    [
        ("2026-01-16T21:00", False),
        ("2026-01-16T21:00:01", True),
        ("2026-01-17T20:59:59", True),
        ("2026-01-17T21:00", False),
    ],
)
def test_the_weekly_day_off_is_told_a_day_before_it_must_begin(now: str, told: bool) -> None:
    week = [{"start": f"2026-01-{day}T08:00", "end": f"2026-01-{day}T16:00"} for day in range(12, 17)]
    evening = {"start": "2026-01-16T20:30", "end": now}

    found = notices(now, Situation(never_shown, at("2026-01-16T20:30")), work=[*week, evening])

    assert ("day_off:2026-01-17" in keys(found)) is told


def test_the_notice_of_the_day_off_says_how_long_it_is_and_where_the_figures_are() -> None:
    week = [{"start": f"2026-01-{day}T08:00", "end": f"2026-01-{day}T16:00"} for day in range(12, 17)]
    saturday = {"start": "2026-01-17T10:00", "end": "2026-01-17T12:00"}

    found = notices("2026-01-17T12:00", Situation(never_shown, at("2026-01-17T10:00")), work=[*week, saturday])

    notice = next(one for one in found if one.key == "day_off:2026-01-17")
    assert notice.title == "The weekly day off must begin by 21:00"
    assert notice.body.startswith("9 h are left. The rule wants 35 h without work in one stretch every seven days.")
    assert "fyraften why dk.rest.weekly" in notice.body


def test_nobody_is_told_of_the_day_off_who_is_not_working() -> None:
    week = [{"start": f"2026-01-{day}T08:00", "end": f"2026-01-{day}T16:00"} for day in range(12, 17)]

    assert "day_off:2026-01-17" not in keys(notices("2026-01-17T12:00", Situation(never_shown), work=week))


def test_nobody_is_told_to_stop_who_is_not_working() -> None:
    assert "stop_by:2026-01-13" not in keys(notices("2026-01-13T20:30", Situation(never_shown)))


def test_a_collective_agreements_own_rest_is_the_one_in_the_notice() -> None:
    found = notices("2026-01-13T23:30", WORKING, parameters={"dk.rest.daily.minimum": 8})

    assert found[0].title == "Stop by 2026-01-14 00:00 to keep 8 h of rest"


def test_a_matter_that_was_shown_is_not_told_again() -> None:
    shown = Situation(lambda key: key == "stop_by:2026-01-13", working_since=at("2026-01-13T08:00"))

    assert "stop_by:2026-01-13" not in keys(notices("2026-01-13T20:30", shown))


def test_nothing_is_told_while_paused() -> None:
    paused = Situation(
        never_shown, working_since=at("2026-01-13T08:00"), paused=True, network_to_ask="abc", sending=True
    )

    assert notices("2026-01-13T20:30", paused) == []


@pytest.mark.parametrize(
    ("start", "told"),
    [
        ("2026-01-13T07:59:59", True),
        ("2026-01-13T08:00", False),
        ("2026-01-13T15:59:59", False),
        ("2026-01-13T16:00", True),
        ("2026-01-17T10:00", True),  # a Saturday
    ],
)
def test_work_that_begins_outside_the_agreed_hours_gets_one_word_a_day(start: str, told: bool) -> None:
    situation = Situation(never_shown, working_since=at(start))
    now = (datetime.fromisoformat(start) + timedelta(minutes=5)).isoformat()
    work = [{"start": start, "end": now}]

    found = keys(notices(now, situation, work=work, agreement={"normal_hours": HOURS}))

    assert (f"out_of_hours:{start[:10]}" in found) is told


@pytest.mark.parametrize(
    ("worked_until", "now", "told"),
    [
        ("15:59", "16:30", False),  # the session is still open, but nobody works
        ("16:09:59", "16:12", False),
        ("16:10", "16:10", True),
        ("20:00", "20:00", True),
    ],
)
def test_work_that_goes_on_after_the_agreed_hours_gets_a_word_ten_minutes_later(
    worked_until: str, now: str, told: bool
) -> None:
    situation = Situation(never_shown, working_since=at("2026-01-13T15:50"))
    work = [{"start": "2026-01-13T15:50", "end": f"2026-01-13T{worked_until}"}]

    found = notices(f"2026-01-13T{now}", situation, work=work, agreement={"normal_hours": HOURS})

    assert ("out_of_hours:2026-01-13" in keys(found)) is told
    assert not told or "ended at 16:00" in next(one.body for one in found if one.key.startswith("out_of_hours"))


def test_activity_that_may_be_no_work_gets_no_word_after_the_agreed_hours() -> None:
    situation = Situation(never_shown, working_since=at("2026-01-13T15:50"))
    work = [{"start": "2026-01-13T15:50", "end": "2026-01-13T17:00", "confirmed": False}]

    assert "out_of_hours:2026-01-13" not in keys(
        notices("2026-01-13T17:00", situation, work=work, agreement={"normal_hours": HOURS})
    )


def test_a_session_from_before_the_agreed_hours_to_after_them_gets_one_word() -> None:
    situation = Situation(never_shown, working_since=at("2026-01-13T07:50"))
    work = [{"start": "2026-01-13T07:50", "end": "2026-01-13T17:00"}]

    found = keys(notices("2026-01-13T17:00", situation, work=work, agreement={"normal_hours": HOURS}))

    assert found.count("out_of_hours:2026-01-13") == 1


def test_a_session_through_the_night_gets_a_word_on_either_day() -> None:
    situation = Situation(never_shown, working_since=at("2026-01-13T23:00"))
    work = [{"start": "2026-01-13T23:00", "end": "2026-01-14T16:30"}]

    found = keys(notices("2026-01-14T16:30", situation, work=work, agreement={"normal_hours": HOURS}))

    assert [key for key in found if key.startswith("out_of_hours")] == [
        "out_of_hours:2026-01-13",
        "out_of_hours:2026-01-14",
    ]


def test_within_the_next_of_the_days_hours_nothing_is_outside_them() -> None:
    situation = Situation(never_shown, working_since=at("2026-01-13T11:00"))
    work = [{"start": "2026-01-13T11:00", "end": "2026-01-13T13:30"}]
    hours = {"normal_hours": {"tue": [["08:00", "12:00"], ["13:00", "16:00"]]}}

    assert "out_of_hours:2026-01-13" not in keys(notices("2026-01-13T13:30", situation, work=work, agreement=hours))


def test_work_on_past_midnight_is_told_once_of_the_evening() -> None:
    situation = Situation(never_shown, working_since=at("2026-01-13T15:50"))
    work = [{"start": "2026-01-13T15:50", "end": "2026-01-14T00:30"}]

    found = keys(notices("2026-01-14T00:30", situation, work=work, agreement={"normal_hours": HOURS}))

    assert [key for key in found if key.startswith("out_of_hours")] == ["out_of_hours:2026-01-13"]


def test_work_on_a_day_of_absence_begins_outside_the_agreed_hours() -> None:
    absences = [{"start": "2026-01-13", "end": "2026-01-13", "kind": "holiday"}]
    found = notices("2026-01-13T10:00", WORKING, agreement={"normal_hours": HOURS}, absences=absences)

    assert "out_of_hours:2026-01-13" in keys(found)


def test_hours_over_midnight_cover_the_night() -> None:
    situation = Situation(never_shown, working_since=at("2026-01-14T01:00"))
    night = {"normal_hours": {"tue": [["22:00", "06:00"]]}}
    found = notices(
        "2026-01-14T02:00",
        situation,
        work=[{"start": "2026-01-14T01:00", "end": "2026-01-14T02:00"}],
        agreement=night,
    )

    assert keys(found) == ["pause:2026-01-14"]


def test_hours_over_midnight_do_not_cover_a_day_off() -> None:
    situation = Situation(never_shown, working_since=at("2026-01-14T01:00"))
    work = [{"start": "2026-01-14T01:00", "end": "2026-01-14T02:00"}]
    night = {"normal_hours": {"tue": [["22:00", "06:00"]]}}

    found = notices("2026-01-14T02:00", situation, work=work, agreement=night, public_holidays=["2026-01-14"])

    assert "out_of_hours:2026-01-14" in keys(found)


def test_without_agreed_hours_nothing_is_outside_them() -> None:
    assert "out_of_hours:2026-01-13" not in keys(notices("2026-01-13T10:00", WORKING))


@pytest.mark.parametrize(("now", "told"), [("2026-01-13T08:49:59", False), ("2026-01-13T08:50", True)])
def test_a_pause_is_suggested_after_a_long_stretch(now: str, told: bool) -> None:
    assert ("pause:2026-01-13" in keys(notices(now, WORKING))) is told


def home_days(*days: str, hours: str = "15:24") -> list[dict[str, str]]:
    return [{"start": f"{day}T08:00", "end": f"{day}T{hours}", "place": "home"} for day in days]


def test_less_than_a_day_of_home_work_left_is_told_once_a_week() -> None:
    weeks = ["2026-01-05", "2026-01-06", "2026-01-12", "2026-01-13", "2026-01-19", "2026-01-20", "2026-01-26"]
    situation = Situation(never_shown)

    assert "screen_soon:2026-W05" not in keys(notices("2026-01-26T15:24", situation, work=home_days(*weeks)))
    found = notices("2026-01-27T09:00", situation, work=[*home_days(*weeks), *home_days("2026-01-27", hours="09:00")])
    assert "screen_soon:2026-W05" in keys(found)
    assert found[-1].body.startswith("6 h 24 min more of screen work at home this week")


def test_reaching_two_days_is_told_without_a_time_that_is_left() -> None:
    weeks = [
        "2026-01-05",
        "2026-01-06",
        "2026-01-12",
        "2026-01-13",
        "2026-01-19",
        "2026-01-20",
        "2026-01-26",
        "2026-01-27",
    ]
    found = notices("2026-01-27T17:00", Situation(never_shown), work=home_days(*weeks))

    assert found[-1].body.startswith("Your average of screen work at home has reached 2 days a week.")


@pytest.mark.parametrize(
    ("year", "replaced", "limit"),
    [
        ("2026", {}, "2 days a week"),
        ("2026", {"dk.screen.home.limit": 1}, "1 day a week"),
        ("2026", {"dk.screen.home.limit": 1.5}, "1.5 days a week"),
        ("2022", {}, "1 day a week"),
    ],
)
def test_the_notices_on_home_work_name_the_limit_that_holds(year: str, replaced: dict[str, float], limit: str) -> None:
    mondays = ["01-03", "01-10", "01-17", "01-24", "01-31", "02-07", "02-14", "02-21"]
    days = [f"2022-{monday}" for monday in mondays]
    now = "2022-02-28T08:30"
    if year == "2026":
        days = [f"2026-{monday}" for monday in ("01-05", "01-12", "01-19", "01-26")]
        now = "2026-02-02T08:30"
    days = [f"{day[:8]}{int(day[8:]) + extra:02}" for day in days for extra in range(4) if int(day[8:]) + extra < 29]

    found = notices(now, Situation(never_shown), work=home_days(*days), parameters=replaced)

    (told,) = [one for one in found if one.key.startswith("screen_")]
    assert limit in told.text
    assert told.text.replace(limit, "").count(" a week") == 0


def test_being_covered_by_the_screen_rule_is_told_with_what_follows() -> None:
    mondays = [f"2026-{day}" for day in ("01-05", "01-12", "01-19", "01-26", "02-02", "02-09", "02-16", "02-23")]
    days = [f"{monday[:8]}{int(monday[8:]) + extra:02}" for monday in mondays for extra in range(3)]
    found = notices("2026-03-02T00:00", Situation(never_shown), work=home_days(*days))

    assert keys(found) == ["screen_covered:2026"]
    assert "only if you choose to tell" in found[0].body


def test_an_unknown_network_is_asked_about_by_its_fingerprint() -> None:
    found = notices("2026-01-13T08:10", Situation(never_shown, network_to_ask="5f3a"))

    assert keys(found) == ["place:5f3a"]
    assert "5f3a" not in found[0].text


def test_a_dead_source_is_told_first_with_its_reason() -> None:
    trouble = SourceTrouble(at("2026-01-13T08:05"), "The X server is gone.")
    found = notices("2026-01-13T20:30", Situation(never_shown, at("2026-01-13T08:00"), trouble=trouble))

    assert keys(found)[:2] == ["source:2026-01-13", "stop_by:2026-01-13"]
    assert found[0].body.startswith("Since 08:05 Fyraften cannot measure your work: The X server is gone.")


def test_what_was_sent_is_told_each_week_while_anything_may_be_sent() -> None:
    sent = notices("2026-01-13T08:10", Situation(never_shown, sending=True, sent=("group.weekly 2026-W01",)))
    nothing = notices("2026-01-13T08:10", Situation(never_shown, sending=True))

    assert keys(sent) == keys(nothing) == ["sent:2026-W02"]
    assert "group.weekly 2026-W01" in sent[0].body
    assert "nothing was sent" in nothing[0].body
    assert notices("2026-01-13T08:10", Situation(never_shown)) == []
