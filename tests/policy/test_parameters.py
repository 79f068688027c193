"""Law parameters: one value on every day since the first, an error before; what an agreement may put in their place."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from fyraften_policy.errors import LawFileError, NotInForceError, UnknownParameterError
from fyraften_policy.languages import LANGUAGES
from fyraften_policy.parameters import UNITS, InForce, Parameters, known_parameter, law, read_parameter

ALL = sorted(law())
TABLE: dict[str, Any] = {
    "id": "xx.some.rule.limit",
    "label": {"en": "Limit", "da": "Grænse", "nb": "Grense"},
    "unit": "hour",
    "citation": {"act": "An act", "provision": "§ 1", "url": "https://example.org"},
    "value": [{"from": date(2020, 1, 1), "amount": 10}, {"from": date(2024, 7, 1), "amount": Decimal("10.5")}],
}


def table(**changes: Any) -> dict[str, Any]:
    return {**TABLE, **changes}


@pytest.mark.parametrize("name", ALL)
def test_each_parameter_has_exactly_one_value_on_every_day_since_its_start(name: str) -> None:
    parameter = known_parameter(name)
    first = parameter.values[0].since

    for offset in range(0, (date(2030, 1, 1) - first).days):
        day = first + timedelta(days=offset)
        in_force = parameter.on(day)
        newer = [value for value in parameter.values if in_force.since < value.since <= day]
        assert in_force.since <= day
        assert newer == []


@pytest.mark.parametrize("name", ALL)
def test_asking_before_the_law_existed_is_an_error_not_a_default(name: str) -> None:
    first = known_parameter(name).values[0].since
    before = first - timedelta(days=1)

    with pytest.raises(NotInForceError, match=f"{name} has no value on {before}: it is in force from {first}") as error:
        Parameters().on(name, before)

    assert (error.value.parameter_id, error.value.on, error.value.first) == (name, before, first)


@pytest.mark.parametrize("name", ALL)
def test_each_parameter_has_a_source_a_unit_and_a_label_in_each_language(name: str) -> None:
    parameter = known_parameter(name)

    assert parameter.citation.act
    assert parameter.citation.provision
    assert parameter.citation.url.startswith("https://")
    assert parameter.unit in UNITS
    assert set(parameter.label) == set(LANGUAGES)
    assert all(text.strip() == text != "" for text in parameter.label.values())


@pytest.mark.parametrize("name", ALL)
def test_each_value_of_the_law_could_also_be_written_by_an_agreement(name: str) -> None:
    parameter = known_parameter(name)
    unit = UNITS[parameter.unit]

    for value in parameter.values:
        assert unit.least <= value.amount <= unit.most
        assert not unit.is_whole or value.amount == int(value.amount)


LAW_SHEET = [
    ("dk.night.days_off", "1", date(2004, 8, 24)),
    ("dk.rest.daily.exception.at_once", "1", date(2024, 7, 1)),
    ("no.rest.daily.floor", "8", date(2006, 1, 1)),
    ("no.rest.weekly.floor", "28", date(2006, 1, 1)),
    ("advice.eye_test.interval", "24", date(1992, 12, 15)),
    ("advice.home_share.limit", "0.5", date(2022, 1, 1)),
    ("advice.screen.pauses.pause", "5", date(1992, 12, 15)),
    ("advice.screen.pauses.stretch", "50", date(1992, 12, 15)),
    ("advice.workplace_check.interval", "12", date(2022, 4, 30)),
    ("dk.break.after", "6", date(2004, 8, 24)),
    ("dk.break.gap", "5", date(2004, 8, 24)),
    ("dk.hours.average.limit", "48", date(2004, 8, 24)),
    ("dk.hours.average.months", "4", date(2004, 8, 24)),
    ("dk.night.day", "3", date(2004, 8, 24)),
    ("dk.night.from", "22", date(2004, 8, 24)),
    ("dk.night.limit", "8", date(2004, 8, 24)),
    ("dk.night.months", "4", date(2004, 8, 24)),
    ("dk.night.share", "0.5", date(2004, 8, 24)),
    ("dk.night.until", "5", date(2004, 8, 24)),
    ("dk.night.year", "300", date(2004, 8, 24)),
    ("dk.night.year_months", "12", date(2004, 8, 24)),
    ("dk.rest.daily.exception.annual_accounts", "14", date(2002, 5, 23)),
    ("dk.rest.daily.exception.evening_meeting", "20", date(2002, 5, 23)),
    ("dk.rest.daily.exception.floor", "8", date(2002, 5, 23)),
    ("dk.rest.daily.exception.state_agreement", "1", date(2002, 5, 23)),
    ("dk.rest.daily.minimum", "11", date(2002, 5, 23)),
    ("dk.rest.daily.window", "24", date(2002, 5, 23)),
    ("dk.rest.weekly.longest_run", "144", date(2002, 5, 23)),
    ("dk.rest.weekly.minimum", "35", date(2002, 5, 23)),
    ("dk.rest.weekly.run", "133", date(2002, 5, 23)),
    ("dk.screen.home.combined", "2", date(2022, 4, 30)),
    ("dk.screen.home.day", "7.4", date(2022, 4, 30)),
    ("dk.screen.home.history", "8", date(2022, 4, 30)),
    ("dk.screen.home.limit", "2", date(2022, 4, 30)),
    ("dk.screen.home.regular", "6", date(2022, 4, 30)),
    ("dk.screen.home.window", "4", date(2022, 4, 30)),
    ("eu.break.after", "6", date(2004, 8, 2)),
    ("eu.break.gap", "5", date(2004, 8, 2)),
    ("eu.hours.average.limit", "48", date(2004, 8, 2)),
    ("eu.hours.average.months", "4", date(2004, 8, 2)),
    ("eu.rest.daily.minimum", "11", date(2004, 8, 2)),
    ("eu.rest.daily.window", "24", date(2004, 8, 2)),
    ("eu.rest.weekly.minimum", "35", date(2004, 8, 2)),
    ("no.break.after", "5.5", date(2006, 1, 1)),
    ("no.break.gap", "5", date(2006, 1, 1)),
    ("no.break.long_day", "8", date(2006, 1, 1)),
    ("no.break.total", "30", date(2006, 1, 1)),
    ("no.home_agreement.days", "1", date(2022, 7, 1)),
    ("no.home_agreement.doubtful", "3", date(2022, 7, 1)),
    ("no.home_agreement.history", "8", date(2022, 7, 1)),
    ("no.home_agreement.lasting", "4", date(2022, 7, 1)),
    ("no.home_agreement.window", "4", date(2022, 7, 1)),
    ("no.hours.day", "13", date(2006, 1, 1)),
    ("no.hours.ordinary_day", "9", date(2006, 1, 1)),
    ("no.hours.week", "48", date(2006, 1, 1)),
    ("no.hours.weeks", "8", date(2006, 1, 1)),
    ("no.night.agreement_until", "23", date(2017, 7, 1)),
    ("no.night.from", "21", date(2006, 1, 1)),
    ("no.night.to", "6", date(2006, 1, 1)),
    ("no.overtime.four_weeks", "25", date(2006, 1, 1)),
    ("no.overtime.four_weeks.count", "4", date(2006, 1, 1)),
    ("no.overtime.ordinary_week", "40", date(2006, 1, 1)),
    ("no.overtime.week", "10", date(2006, 1, 1)),
    ("no.overtime.year", "200", date(2006, 1, 1)),
    ("no.overtime.year.count", "52", date(2006, 1, 1)),
    ("no.rest.daily.minimum", "11", date(2006, 1, 1)),
    ("no.rest.daily.window", "24", date(2006, 1, 1)),
    ("no.rest.weekly.minimum", "35", date(2006, 1, 1)),
    ("no.sunday.from", "18", date(2006, 1, 1)),
    ("no.sunday.from_eve_of_may", "22", date(2006, 1, 1)),
    ("no.sunday.from_special_eve", "15", date(2006, 1, 1)),
    ("no.sunday.to", "22", date(2006, 1, 1)),
]


@pytest.mark.parametrize(("name", "amount", "since"), LAW_SHEET)
def test_the_numbers_of_the_law_sheet(name: str, amount: str, since: date) -> None:
    value = known_parameter(name).on(date(2026, 1, 13))

    assert (value.amount, value.since) == (Decimal(amount), since)


def test_the_law_sheet_speaks_of_every_parameter() -> None:
    assert sorted(name for name, _, _ in LAW_SHEET) == ALL


def test_a_new_value_holds_from_its_day_and_not_before() -> None:
    parameter = read_parameter("x.toml", TABLE)

    assert parameter.on(date(2024, 6, 30)).amount == 10
    assert parameter.on(date(2024, 7, 1)).amount == Decimal("10.5")


@pytest.mark.parametrize(
    ("unit", "amount", "seconds"),
    [("hour", "7.4", 26640), ("minute", "50", 3000), ("second", "7", 7), ("hour", "7.4166667", 26700)],
)
def test_a_time_is_whole_seconds(unit: str, amount: str, seconds: int) -> None:
    changed = table(unit=unit, value=[{"from": date(2020, 1, 1), "amount": Decimal(amount)}])
    parameter = read_parameter("x.toml", changed)

    assert InForce(parameter, Decimal(amount), date(2020, 1, 1)).seconds == seconds


def test_what_is_no_time_has_no_seconds() -> None:
    with pytest.raises(ValueError, match="is no time"):
        _ = Parameters().on("dk.screen.home.limit", date(2026, 1, 1)).seconds


def test_an_agreement_replaces_a_value_on_every_day_and_says_so() -> None:
    replaced = Parameters({"dk.rest.daily.minimum": Decimal(10)})

    for day in (date(1990, 1, 1), date(2026, 1, 13)):
        value = replaced.on("dk.rest.daily.minimum", day)
        assert (value.seconds, value.since, value.is_replaced) == (36000, None, True)
    assert not replaced.on("dk.rest.daily.window", date(2026, 1, 13)).is_replaced


def test_an_unknown_parameter_is_an_error_even_if_the_agreement_names_it() -> None:
    with pytest.raises(UnknownParameterError, match=r"no parameter 'dk\.nothing'"):
        Parameters({"dk.nothing": Decimal(1)}).on("dk.nothing", date(2026, 1, 13))


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        ({key: value for key, value in TABLE.items() if key != "unit"}, "lacks or misnames a key: 'unit'"),
        ({key: value for key, value in TABLE.items() if key != "citation"}, "lacks or misnames a key: 'citation'"),
        (table(citation={"act": "An act", "provision": "§ 1"}), "lacks or misnames a key"),
        (table(citation={**TABLE["citation"], "page": 3}), "lacks or misnames a key"),
        (
            table(citation={**TABLE["citation"], "act": {"en": "An act", "da": "En lov"}}),
            "lacks or misnames a key: 'nb'",
        ),
        (table(value=[]), "needs values, each from a later date than the one before"),
        (table(value=list(reversed(TABLE["value"]))), "needs values, each from a later date"),
        (table(value=[TABLE["value"][0], TABLE["value"][0]]), "needs values, each from a later date"),
        (table(value=[{"from": date(2020, 1, 1)}]), "lacks or misnames a key: 'amount'"),
        (table(unit="fortnight"), "has the unit 'fortnight'; there are second, minute, hour"),
        (table(label={"en": "Limit"}), "needs a label in each of da, nb, en"),
    ],
)
def test_an_incomplete_law_file_is_an_error_that_names_it(broken: dict[str, Any], words: str) -> None:
    with pytest.raises(LawFileError, match=words) as error:
        read_parameter("x.toml", broken)

    assert str(error.value).startswith("x.toml: ")
