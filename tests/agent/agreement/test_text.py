"""The agreement as a file both sides can read, and what of it is the employee's own."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fyraften_agent.agreement.file import AgreementFileError, agreement_template, read_agreement_file
from fyraften_agent.agreement.text import agreement_text
from fyraften_agent.agreement.words import KEYS, OWN_KEYS, TERMS, rows, shared, with_own
from fyraften_policy.languages import LANGUAGES, translator

EVERYTHING = read_agreement_file(
    "\n".join(line.removeprefix("#") if line[:2] != "# " else line for line in agreement_template(str).splitlines())
)

days = st.dates(date(2000, 1, 1), date(2199, 12, 31)).map(str)
clocks = st.times().map(lambda time: f"{time:%H:%M}")
texts = st.text(min_size=1, max_size=200)
facts = st.fixed_dictionaries(
    {},
    optional={
        "weekly_hours": st.integers(0, 60) | st.floats(0, 60),
        "home_days": st.integers(0, 7),
        "normal_hours": st.dictionaries(
            st.sampled_from(("mon", "wed", "sun")), st.lists(st.tuples(clocks, clocks).map(list), max_size=2)
        ),
        "accessible_workstation_elsewhere": st.sampled_from(("yes", "no", "unknown")),
        "works_only_at_home": st.booleans(),
        "home_agreement": days,
        "rest_exceptions": days.map(lambda day: [{"date": day, "ground": "evening_meeting"}]),
        "last_eye_test": days,
    },
)
agreements = st.fixed_dictionaries(
    {
        "jurisdiction": st.sampled_from(("DK", "NO", "EU")),
        "agreement": facts,
        "absences": days.map(lambda day: [{"start": day, "end": day, "kind": "sick"}]) | st.just([]),
        "parameters": st.sampled_from(({}, {"dk.rest.daily.minimum": 12})),
        "terms": st.fixed_dictionaries({}, optional={"valid_from": days, "reachable": texts, "other": texts}),
    }
)


@given(agreements)
def test_what_is_written_is_read_as_the_same_agreement(agreement: dict[str, Any]) -> None:
    taken = read_agreement_file(agreement_text(agreement, str))

    assert {"terms": {}, **taken} == agreement


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_whole_template_survives_in_every_language(language: str) -> None:
    assert read_agreement_file(agreement_text(EVERYTHING, translator("fyraften_agent", language))) == EVERYTHING


def test_every_value_has_its_words_above_it() -> None:
    lines = agreement_text(EVERYTHING, str).splitlines()

    assert lines[lines.index("home_days = 2") - 1] == "# Agreed days a week at home"
    assert set(EVERYTHING["agreement"]) <= set(KEYS)
    assert set(EVERYTHING["terms"]) == set(TERMS)


def test_the_other_side_sees_no_absence_no_health_date_and_no_used_exception() -> None:
    told = shared(EVERYTHING)

    assert told["absences"] == []
    assert OWN_KEYS & set(told["agreement"]) == set()
    assert told["agreement"]["home_days"] == 2
    assert told["terms"] == EVERYTHING["terms"]


def test_what_is_the_employees_own_is_kept_when_the_file_comes_back() -> None:
    back = {**shared(EVERYTHING), "agreement": {**shared(EVERYTHING)["agreement"], "home_days": 3}}

    taken = with_own(back, EVERYTHING)

    assert taken["agreement"]["home_days"] == 3
    assert taken["absences"] == EVERYTHING["absences"]
    own = {key: value for key, value in EVERYTHING["agreement"].items() if key in OWN_KEYS}
    assert len(own) == 3
    assert {key: taken["agreement"][key] for key in own} == own


def test_an_agreement_is_told_in_words_day_by_day() -> None:
    told = dict(rows(EVERYTHING, "da", str))

    assert told["The law of the place of work"] == "Denmark"
    assert told["Normal hours, Monday"] == "08:00–16:00"
    assert told["Normal hours, Sunday"] == "free"
    assert told["Is on call"] == "yes"
    assert told["Exceptions from the daily rest that were used"] == "2026-01-13 (årsregnskab, status eller udsalg)"
    assert "11" in told.values()


@pytest.mark.parametrize(
    ("terms", "told"),
    [
        ("terms = 3", "no table"),
        ("[terms]\nsalary = 'high'", "terms.salary"),
        ("[terms]\nother = ''", "terms.other"),
        (f"[terms]\nother = '{'a' * 501}'", "500"),
        ("[terms]\nvalid_from = 'soon'", "terms.valid_from"),
    ],
)
def test_terms_that_are_none_are_told(terms: str, told: str) -> None:
    with pytest.raises(AgreementFileError, match=told):
        read_agreement_file(f'jurisdiction = "DK"\n{terms}')
