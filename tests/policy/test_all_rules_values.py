"""The numbers of the law, for every rule: judged by the value of the day, and not at all on the day before."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from fyraften_policy.evaluate import RULES, rules_of
from fyraften_policy.findings import Finding
from fyraften_policy.parameters import known_parameter, law
from policy.any_document import HOUR, ZONES, Session, Told, judged, local_date, midnight, of_rule

DAY = timedelta(days=1)
OF = {rule.RULE: jurisdiction for jurisdiction in RULES for rule in rules_of(jurisdiction)}
# Rules of the person's own agreement and reminders of a date that was told: no law, or no work.
WITHOUT_NUMBERS = ("agreement.out_of_hours", "agreement.home_days")
# Judged by the Sunday of a week, so that the first week is the one that holds the first day.
BY_WEEK = (
    "dk.screen.home", "no.rest.weekly", "no.overtime", "no.home_agreement", "eu.rest.weekly", "advice.home_share",
)  # fmt: skip
# Later than the rule itself: an agreement on the evening, the rule on several workplaces together, and that what an
# exception took is made good at once.
ADDED_LATER = ("no.night.agreement_until", "dk.screen.home.combined", "dk.rest.daily.exception.at_once")


def parameters_of(rule: str) -> list[str]:
    """Return the ids of a rule's numbers."""
    return [name for name in law() if name.startswith(f"{rule}.")]


def told_on(rule: str, day: date) -> Told:
    """Return a document about one date, or the week that ends with it, with work on it and on the days before."""
    jurisdiction = OF[rule]
    zone = ZONES[jurisdiction]
    monday = day - timedelta(days=6)
    work = [midnight(one, zone) + 8 * HOUR for one in (monday + number * DAY for number in range(7))]
    first = monday if rule in BY_WEEK else day
    agreement = {"last_eye_test": "1990-01-15", "last_workplace_check": "1990-01-15", "reference_months": 1}
    more = (
        ("period", {"start": first.isoformat(), "end": (day + DAY).isoformat()}),
        ("agreement", agreement),
    )
    sessions = tuple(Session(start, start + HOUR) for start in work)
    return Told(jurisdiction, zone, monday, sessions, at=midnight(day + 4 * DAY, zone), more=more)


def test_every_number_belongs_to_one_rule_and_every_rule_of_law_has_numbers() -> None:
    for name in law():
        assert len([rule for rule in OF if name.startswith(f"{rule}.")]) == 1, name
    assert [rule for rule in OF if not parameters_of(rule)] == list(WITHOUT_NUMBERS)


def first_day(rule: str) -> date:
    """Return the day from which a rule has all that it needs."""
    firsts = {known_parameter(name).values[0].since for name in parameters_of(rule) if name not in ADDED_LATER}
    assert len(firsts) == 1, firsts
    return firsts.pop()


def sunday_of(day: date) -> date:
    return day + timedelta(days=6 - day.weekday())


@pytest.mark.parametrize("rule", [rule for rule in OF if rule not in WITHOUT_NUMBERS])
def test_the_day_before_the_first_value_is_not_judged_and_the_day_itself_is(rule: str) -> None:
    first = first_day(rule)
    if rule in BY_WEEK:
        first = sunday_of(first)
        before = first - 7 * DAY
    else:
        before = first - DAY

    early, on_it = (of_rule(judged(told_on(rule, day)), rule) for day in (before, first))

    assert early
    assert {(one.verdict, one.reason, one.value) for one in early} == {("not_judged", "no_value", None)}
    assert on_it
    assert "no_value" not in {one.reason for one in on_it}


@pytest.mark.parametrize("name", list(law()))
def test_each_value_is_used_from_its_first_day_to_the_day_before_the_next(name: str) -> None:
    (rule,) = [rule for rule in OF if name.startswith(f"{rule}.")]
    values = known_parameter(name).values
    days = [value.since for value in values] + [value.since - DAY for value in values[1:]] + [date(2199, 11, 25)]

    for day in days:
        judged_on = sunday_of(day) if rule in BY_WEEK else day
        if judged_on >= first_day(rule):
            for found in of_rule(judged(told_on(rule, judged_on)), rule):
                assert_judged_by_its_day(found, judged_on, ZONES[OF[rule]])


def assert_judged_by_its_day(found: Finding, day: date, zone: str) -> None:
    assert found.value is not None
    in_force = known_parameter(found.value.parameter.id).on(day)
    assert (found.value.amount, found.value.since) == (in_force.amount, in_force.since)
    assert local_date(found.end - 1, zone) <= day
