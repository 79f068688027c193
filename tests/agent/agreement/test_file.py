"""The home-work agreement as a TOML file."""

from __future__ import annotations

import re

import pytest

from fyraften_agent.agreement.file import AgreementFileError, agreement_template, read_agreement_file
from fyraften_policy.languages import LANGUAGES, translator


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_template_is_taken_as_it_is_in_every_language(language: str) -> None:
    template = agreement_template(translator("fyraften_agent", language))

    assert read_agreement_file(template)["jurisdiction"] == "DK"


def test_the_template_is_taken_with_every_setting_switched_on() -> None:
    everything = re.sub(r"(?m)^#(?! )", "", agreement_template(str))

    taken = read_agreement_file(everything)

    assert taken["agreement"]["rest_exceptions"] == [{"date": "2026-01-13", "ground": "annual_accounts"}]
    assert taken["absences"] == [{"start": "2026-07-06", "end": "2026-07-24", "kind": "holiday"}]
    assert taken["parameters"] == {"dk.rest.daily.minimum": 11}


def test_dates_and_times_may_be_written_as_toml_has_them() -> None:
    text = """
        jurisdiction = "NO"
        [agreement]
        chapter_6 = 2026-01-01
        night_agreement_until = 23:00:00
        normal_hours = { mon = [[08:00:00, 16:00:00]] }
    """

    agreement = read_agreement_file(text)["agreement"]

    assert (agreement["chapter_6"], agreement["night_agreement_until"]) == ("2026-01-01", "23:00")
    assert agreement["normal_hours"] == {"mon": [["08:00", "16:00"]]}


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("", "jurisdiction"),
        ('jurisdiction = "XX"', "jurisdiction"),
        ('jurisdiction = "DK"\nweekly_hours = 37', "weekly_hours"),
        ('jurisdiction = "DK"\n[agreement]\nweekly_houres = 37', "agreement.weekly_houres"),
        ('jurisdiction = "DK"\n[agreement]\nweekly_hours = "37"', "agreement.weekly_hours"),
        ('jurisdiction = "DK"\n[agreement]\nweekly_hours = nan', "agreement.weekly_hours"),
        ('jurisdiction = "DK"\n[agreement]\non_call = "yes"', "agreement.on_call"),
        ('jurisdiction = "DK"\n[agreement.normal_hours]\nmonday = []', "agreement.normal_hours.monday"),
        ('jurisdiction = "DK"\n[agreement.normal_hours]\nmon = [["08:00"]]', "agreement.normal_hours.mon[0]"),
        (
            'jurisdiction = "DK"\n[agreement.normal_hours]\nmon = [[08:00:30, 16:00:00]]',
            "agreement.normal_hours.mon[0][0]",
        ),
        ('jurisdiction = "DK"\n[[absences]]\nstart = 2026-07-06\nend = 2026-07-01\nkind = "holiday"', "absences[0]"),
        ('jurisdiction = "DK"\n[[absences]]\nstart = 2026-07-06\nend = 2026-07-07', "absences[0].kind"),
        ('jurisdiction = "DK"\n[parameters]\n"dk.rest.dayly" = 11', "parameters.dk.rest.dayly"),
        ('jurisdiction = "DK"\nabsences = 3', "absences"),
        ("jurisdiction = DK", ""),
    ],
)
def test_what_does_not_fit_is_named_by_its_key_with_a_remedy(text: str, key: str) -> None:
    with pytest.raises(AgreementFileError) as refused:
        read_agreement_file(text)

    assert refused.value.key == key
    assert refused.value.remedy
