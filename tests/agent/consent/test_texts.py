"""What a person is shown before anything is recorded or sent: nothing that has to be said is missing, in any language.

The whole texts lie in ``texts/``: whoever changes a word of them changes what people agree to, and sees it.
To write them anew after a wanted change: ``python tests/agent/consent/test_texts.py``.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from fyraften_agent.consent.texts import Kept, recording_text, sending_text
from fyraften_agent.sending.enrolment import Service
from fyraften_agent.store.keeping import KEPT_DAYS, KEPT_MONTHS
from fyraften_policy import wire
from fyraften_policy.languages import LANGUAGES, translator

FOLDER = Path(__file__).parent / "texts"
SERVICE = Service("Havn A/S", "hr@havn.example", wire.purposes(), 12, bytes(32), date(2026, 9, 1))
SERVER = "https://havn.example"
PURPOSES = ("recording", *wire.purposes())
COUNTRY = {"en": "Norway", "da": "Norge", "nb": "Norge"}
FIVE_YEARS = {"en": "five years", "da": "fem år", "nb": "fem år"}


def text_of(purpose: str, language: str) -> str:
    _ = translator("fyraften_agent", language)
    if purpose == "recording":
        return "\n".join(recording_text(Kept("~/fyraften/work.sqlite3", KEPT_MONTHS, KEPT_DAYS), _)) + "\n"
    return "\n".join(sending_text(purpose, SERVICE, SERVER, language, _)) + "\n"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("purpose", PURPOSES)
def test_the_text_is_the_one_that_was_read_and_approved(purpose: str, language: str) -> None:
    approved = (FOLDER / f"{purpose}.{language}.txt").read_text(encoding="utf-8")

    assert text_of(purpose, language) == approved


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("purpose", wire.purposes())
def test_controller_purpose_basis_fields_readers_keeping_and_rights_are_said(purpose: str, language: str) -> None:
    report, text = wire.report_for(purpose), text_of(purpose, language)

    controller = [SERVICE.organisation, SERVICE.contact, SERVER, SERVICE.fingerprint]
    points = [report.title, report.what_for, report.basis, report.seen_by, report.keep, report.know, report.after]
    fields = [f"{field.name}: {field.meaning[language]}" for field in report.fields]
    values = [value for field in report.fields for value in field.values]
    rights = ["Datatilsynet", "12", f"fyraften consent withdraw {purpose}", "fyraften outbox show", "fyraften sent"]
    for words in [*controller, *(point[language].rstrip(".") for point in points), *fields, *values, *rights]:
        assert words in text, words
    bits = f"{report.bits_per_week:.1f}"
    assert (bits if language == "en" else bits.replace(".", ",")) in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_law_makes_the_employer_keep_is_said_before_the_record_is_begun(language: str) -> None:
    text = text_of("record", language)

    assert text.casefold().count(FIVE_YEARS[language]) + text.count("lovens fem år") >= 2
    assert "§ 4 b" in text
    assert "Arbejdstilsynet" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_that_a_purpose_is_off_in_norway_is_said(language: str) -> None:
    for report in wire.reports():
        assert ("NO" in report.off_in) == (COUNTRY[language] in report.know[language]), report.id


@pytest.mark.parametrize("purpose", [report.purpose for report in wire.reports() if report.has_cell])
def test_the_text_on_groups_names_the_smallest_group_and_what_an_administrator_can_read(purpose: str) -> None:
    text = text_of(purpose, "en")

    assert "from 12 contributors on" in text
    assert "one row of yours" in text
    assert "Somebody who administers the database itself could read it" in text


@pytest.mark.parametrize("purpose", [report.purpose for report in wire.reports() if not report.has_cell])
def test_the_text_on_reports_under_a_name_says_that_they_carry_it_and_speaks_of_no_group(purpose: str) -> None:
    text = text_of(purpose, "en")

    assert "carries your name" in text
    assert "Smallest group" not in text


if __name__ == "__main__":
    for purpose in PURPOSES:
        for language in LANGUAGES:
            (FOLDER / f"{purpose}.{language}.txt").write_text(text_of(purpose, language), encoding="utf-8")
