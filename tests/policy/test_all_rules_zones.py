"""The jurisdiction alone decides the law, whatever the zone; and no rule stumbles over an odd day of any zone."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fyraften_policy.evaluate import RULES, evaluate, rules_of
from fyraften_policy.facts import read_facts
from policy.any_document import DAY, HOUR, WILD_ZONES, Session, Told, document, judged, midnight, shown, tales

# Weeks in which a zone skips or repeats a midnight, changes by half an hour, drops a date, or gets a new offset.
ODD_WEEKS = {
    "America/Havana": ["2026-03-02", "2026-10-26"],
    "Pacific/Apia": ["2011-12-26"],
    "Pacific/Kwajalein": ["1993-08-16"],
    "Africa/Cairo": ["2026-04-20", "2026-10-26", "2010-08-09"],
    "Australia/Lord_Howe": ["2026-03-30", "2026-09-28"],
    "America/Sao_Paulo": ["2017-10-09", "2018-02-12"],
    "Asia/Beirut": ["2026-03-23", "2026-10-19"],
    "Asia/Gaza": ["2026-03-23", "2011-08-01"],
    "Asia/Tehran": ["2022-03-21", "2022-09-19"],
    "Antarctica/Troll": ["2026-03-23", "2026-10-19"],
    "Africa/Casablanca": ["2026-02-09", "2026-03-16"],
    "America/Scoresbysund": ["2024-03-25", "2026-03-23", "2026-10-19"],
    "Asia/Kathmandu": ["1990-01-01", "2024-02-26"],
    "Pacific/Kiritimati": ["1994-12-26"],
    "Europe/Dublin": ["2026-10-19"],
    "America/St_Johns": ["2006-04-03", "2006-10-23"],
    "Asia/Pyongyang": ["2015-08-10", "2018-04-30"],
    "UTC": ["2099-12-21", "2096-02-27"],
}
SAME_CLOCK = ("Europe/Copenhagen", "Europe/Oslo", "Europe/Berlin", "Europe/Paris", "Arctic/Longyearbyen")


def test_every_wild_zone_has_an_odd_week() -> None:
    assert set(ODD_WEEKS) == set(WILD_ZONES)


@st.composite
def odd_tales(draw: st.DrawFn) -> Told:
    """Return a document about an odd week of a wild zone, or about any week from 1990 to 2099."""
    zone = draw(st.sampled_from(WILD_ZONES))
    odd = st.sampled_from([date.fromisoformat(day) for day in ODD_WEEKS[zone]])
    any_day = st.dates(date(1990, 1, 1), date(2099, 11, 30))
    monday = draw(st.one_of(odd, any_day.map(lambda day: day - timedelta(days=day.weekday()))))
    return draw(tales(zones=(zone,), mondays=(monday,), unconfirmed=True, holes=draw(st.booleans()), exempt=True))


@given(odd_tales())
def test_no_rule_raises_on_any_valid_document(told: Told) -> None:
    answer = judged(told)

    written = answer.as_json(str)
    assert len(written["findings"]) == len(answer.findings)
    assert set(answer.summary) == {rule.RULE for rule in rules_of(told.jurisdiction)}


@pytest.mark.parametrize("zone", WILD_ZONES)
@pytest.mark.parametrize("jurisdiction", RULES)
def test_every_hour_of_an_odd_week_can_be_worked(jurisdiction: str, zone: str) -> None:
    for monday in map(date.fromisoformat, ODD_WEEKS[zone]):
        begin = midnight(monday, zone)
        hours = tuple(Session(begin + hour * HOUR, begin + hour * HOUR + 50 * 60) for hour in range(9 * 24))
        days = {
            day: [["00:00", "24:00"], ["22:00", "06:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
        }
        more: dict[str, Any] = {"agreement": {"normal_hours": days, "reference_months": 1}}
        for day in range(8):  # "now" lies on each date, and so does the end of the work
            at = begin + day * DAY + 13 * HOUR
            answer = judged(Told(jurisdiction, zone, monday, hours, at=at, more=tuple(more.items())))

            total = sum(one.measured or 0 for one in answer.findings if one.rule == "agreement.out_of_hours")
            assert total == 0, (zone, monday, day)


@example("DK", "America/Havana")
@given(st.sampled_from(tuple(RULES)), st.sampled_from(WILD_ZONES))
def test_the_law_is_that_of_the_jurisdiction_in_every_zone(jurisdiction: str, zone: str) -> None:
    answer = judged(Told(jurisdiction, zone, date(2026, 1, 12), (Session(1768300000, 1768330000),)))

    assert list(answer.summary) == [rule.RULE for rule in rules_of(jurisdiction)]


@given(tales(unconfirmed=True, holes=True, exempt=True), st.sampled_from(SAME_CLOCK))
def test_a_zone_with_the_same_clock_gives_the_same_answer(told: Told, zone: str) -> None:
    assert judged(told._replace(zone=zone)).as_json(str) == judged(told).as_json(str), shown(told)


@given(tales(unconfirmed=True, holes=True, exempt=True, zones=SAME_CLOCK))
def test_another_jurisdiction_asks_its_own_rules_and_the_common_ones_answer_alike(told: Told) -> None:
    answers = [
        evaluate(read_facts({**document(told.without("parameters")), "jurisdiction": other})).as_json(str)
        for other in RULES
    ]

    common = [
        [one for one in answer["findings"] if one["rule"].startswith(("agreement.", "advice."))] for answer in answers
    ]
    assert common[0] == common[1] == common[2]
