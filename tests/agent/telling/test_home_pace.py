"""The day on which home work passes the limit: told where it is known, left out where it would be a guess."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from fyraften_agent.telling.home_pace import passes_on
from fyraften_agent.telling.notices import PASSES_ON, Situation, due
from fyraften_policy.evaluate import evaluate
from fyraften_policy.facts import read_facts
from fyraften_policy.periods import parse_date, parse_instant

ZONE = "Europe/Copenhagen"
HOURS = {day: [["08:00", "16:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
# Two days of 7.4 hours at home in each of the three weeks before; 2026-01-26 is a Monday.
BEFORE = ("2026-01-05", "2026-01-06", "2026-01-12", "2026-01-13", "2026-01-19", "2026-01-20")
DAY = 26640


def day(text: str, place: str = "home", end: str = "15:24") -> dict[str, Any]:
    return {"start": f"{text}T08:00", "end": f"{text}T{end}", "place": place}


def document(*this_week: dict[str, Any], now: str = "2026-01-27T09:00", **facts: Any) -> dict[str, Any]:
    return {
        "jurisdiction": "DK",
        "zone": ZONE,
        "work": [*(day(text) for text in BEFORE), *this_week],
        "agreement": {"normal_hours": HOURS},
        "public_holidays": [],
        "at": now,
        **facts,
    }


def passing(*this_week: dict[str, Any], left: int | None = None, **facts: Any) -> tuple[date, int] | None:
    told = document(*this_week, **facts)
    read = read_facts(told)
    answer = evaluate(read)
    assert answer.forecast is not None
    known = answer.forecast.home_time_left_seconds if left is None else left
    assert known is not None
    return passes_on(read, known, parse_date(told["at"][:10]))


MONDAY, TUESDAY = day("2026-01-26"), day("2026-01-27", end="09:00")


def test_the_day_follows_from_what_is_left_and_from_the_length_of_this_weeks_home_days() -> None:
    # 6 h 24 min are left; today takes them all, and the limit is passed on the next agreed day.
    assert passing(MONDAY, TUESDAY) == (date(2026, 1, 28), DAY)


def test_longer_days_pass_it_sooner() -> None:
    assert passing(day("2026-01-26", end="16:30"), TUESDAY) == (date(2026, 1, 27), 30600)


def test_a_first_day_at_home_takes_its_length_from_the_agreed_hours() -> None:
    first = day("2026-01-26", end="09:00")

    assert passing(first, now="2026-01-26T09:00") == (date(2026, 1, 27), 8 * 3600)


@pytest.mark.parametrize(("agreed", "expected"), [(2, None), (3, date(2026, 1, 28)), (5, date(2026, 1, 28))])
def test_the_agreed_home_days_say_how_many_more_there_are(agreed: int, expected: date | None) -> None:
    agreement = {"normal_hours": HOURS, "home_days": agreed}
    found = passing(MONDAY, TUESDAY, agreement=agreement)

    assert (found and found[0]) == expected


def test_days_off_are_not_days_at_home() -> None:
    holiday = [{"start": "2026-01-28", "end": "2026-01-29", "kind": "holiday"}]

    assert passing(MONDAY, TUESDAY, absences=holiday) == (date(2026, 1, 30), DAY)


def test_a_week_that_ends_before_the_limit_has_no_such_day() -> None:
    assert passing(MONDAY, TUESDAY, left=5 * DAY) is None


@pytest.mark.parametrize(
    ("this_week", "facts"),
    [
        ((MONDAY, TUESDAY), {"agreement": {}}),  # nobody knows which days are worked
        ((day("2026-01-26", "fixed_site"), TUESDAY), {}),  # some here, some there
        ((day("2026-01-26", "fixed_site"),), {"now": "2026-01-27T08:00"}),  # not at home at all
        ((day("2026-01-26", "unknown"), TUESDAY), {}),
        (({**MONDAY, "confirmed": False}, TUESDAY), {}),
    ],
)
def test_what_would_be_a_guess_is_left_out(this_week: tuple[dict[str, Any], ...], facts: dict[str, Any]) -> None:
    assert passing(*this_week, left=DAY, **facts) is None


def test_the_notice_names_the_day_what_is_left_and_what_it_takes_for_granted() -> None:
    told = document(MONDAY, TUESDAY)
    read = read_facts(told)
    now = parse_instant(told["at"], ZONE)
    notice = next(
        one
        for one in due(evaluate(read), read, Situation(lambda key: False), now, ZONE, str)
        if one.key == "screen_soon:2026-W05"
    )

    assert notice.title == "Home work passes 2 days a week on Wednesday if you go on"
    assert notice.body.startswith(
        "6 h 24 min more of screen work at home this week, and your average is above 2 days a week. If you are at "
        "home on your next working days, for 7 h 24 min each, that is on 2026-01-28."
    )
    assert notice.rule == "dk.screen.home"


def test_the_week_has_seven_days() -> None:
    assert len(set(PASSES_ON)) == 7
