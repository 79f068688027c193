"""Self-checks on the local page: list, form, keeping."""

from __future__ import annotations

import io
import json
import re
from html import unescape
from pathlib import Path

import pypdf
import pytest

from agent_records import NOW, FixedClock, give_consent, small_home
from asgi import Answer, ask
from fyraften_agent.pages.app import create_app
from fyraften_agent.pages.guard import Door
from fyraften_agent.paths import Paths
from fyraften_agent.selfchecks.questions import NAMES, check_named
from fyraften_agent.store.answers import read_answers
from fyraften_agent.store.store import Store
from fyraften_policy.languages import LANGUAGES

CLOCK = FixedClock(NOW)


@pytest.fixture
def nobody(tmp_path: Path) -> Paths:
    return small_home(tmp_path)


@pytest.fixture
def person(nobody: Paths) -> Paths:
    give_consent(nobody, CLOCK.now() - 60)
    return nobody


def get(paths: Paths, path: str, language: str = "en") -> Answer:
    return ask(create_app(paths, CLOCK, language, Door(), lambda: None, 30), "GET", path)


def post(paths: Paths, check: object, answers: object, body: bytes | None = None) -> Answer:
    content = json.dumps({"check": check, "answers": answers}).encode() if body is None else body
    return ask(create_app(paths, CLOCK, "en", Door(), lambda: None, 30), "POST", "/answers", body=content)


def kept(paths: Paths) -> dict[str, str]:
    with Store.open(paths.work) as store:
        return {one.question: one.value for one in read_answers(store.file)}


def test_the_list_names_every_check_and_makes_no_file(nobody: Paths) -> None:
    text = get(nobody, "/checks").text

    assert re.findall(r'data-checks="(\w+)"', text) == list(NAMES)
    assert "0 of 22 answered" in text
    assert not nobody.folder.exists()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_every_check_is_a_form_with_all_its_questions_in_every_language(
    person: Paths, name: str, language: str
) -> None:
    text = unescape(get(person, f"/checks?checks={name}", language).text)
    check = check_named(name)
    assert check is not None

    asked = [question for question in check.questions if question.only_if is None]
    assert [question.ask[language] for question in asked if question.ask[language] not in text] == []
    assert all(f'name="{question.id}"' in text for question in asked)
    assert text.count("<legend>") == text.count("</fieldset>")


def test_answers_are_kept_and_told_with_what_follows(person: Paths) -> None:
    answer = post(person, "workplace", {"chair.seat": "no", "desk.room": "yes"})

    assert answer.status == 200
    assert kept(person) == {"chair.seat": "no", "desk.room": "yes"}
    text = answer.text
    assert "Said on 2026-11-20" in text
    assert "Until you have a chair that can be set" in text
    assert re.search(r'name="chair.seat" value="no" checked', text)
    assert 'aria-describedby="chair.seat-said chair.seat-advice"' in text


def test_answers_of_an_earlier_day_can_be_said_again_today(person: Paths) -> None:
    post(person, "workplace", {"chair.seat": "no"})
    assert "still so today" not in get(person, "/checks?checks=workplace").text

    later = ask(
        create_app(person, FixedClock("2026-12-01T09:00"), "en", Door(), lambda: None, 30),
        "GET",
        "/checks?checks=workplace",
    ).text

    assert "All of it is still so today" in later


def test_an_empty_answer_is_removed(person: Paths) -> None:
    post(person, "workplace", {"chair.seat": "no", "desk.room": "yes"})

    post(person, "workplace", {"chair.seat": ""})

    assert kept(person) == {"desk.room": "yes"}


def test_a_question_appears_with_the_answer_it_depends_on(person: Paths) -> None:
    assert "ventilation.outdoors" not in get(person, "/checks?checks=ventilation").text

    assert "ventilation.outdoors" in post(person, "ventilation", {"ventilation.needed": "yes"}).text


def test_what_was_written_is_shown_as_text(person: Paths) -> None:
    note = '"><script>alert(1)</script> & æ'

    text = post(person, "dialogue", {"follow_up.notes": note}).text

    assert "<script>" not in text
    assert note in unescape(text)


@pytest.mark.parametrize(
    "answers",
    [
        {"chair.seat": "yes", "desk.room": "purple"},
        {"chair.seat": "yes", "eye_test.last": "2025-01-01"},
        {"chair.seat": "yes", "screen.colour": "yes"},
        {"chair.seat": 3},
        ["chair.seat"],
    ],
)
def test_where_one_answer_is_none_nothing_is_kept(person: Paths, answers: object) -> None:
    answer = post(person, "workplace", answers)

    assert answer.status == 400
    assert not person.work.exists() or kept(person) == {}


@pytest.mark.parametrize("body", [b"", b"[]", b"\xff", b"{}", b'{"check": "garden", "answers": {}}'])
def test_what_is_no_form_is_refused(person: Paths, body: bytes) -> None:
    assert post(person, None, None, body).status == 400
    assert get(person, "/checks?checks=garden").status == 400


def test_a_sheet_is_made_with_the_answers_or_empty(person: Paths) -> None:
    post(person, "workplace", {"chair.seat": "no"})

    def text(query: str) -> str:
        answer = get(person, f"/sheet?{query}", "da")
        assert (answer.status, answer.media) == (200, "application/pdf")
        return " ".join(pypdf.PdfReader(io.BytesIO(answer.body)).pages[-1].extract_text().split())

    assert "Indtil du har en stol" in text("checks=workplace&filled=yes")
    assert "Indtil du har en stol" in text("checks=&filled=yes")
    assert "Indtil du har en stol" not in text("checks=workplace&filled=")
    assert get(person, "/sheet?checks=garden").status == 400


def test_what_concerns_eyes_is_on_a_sheet_only_from_its_own_form(person: Paths) -> None:
    post(person, "eyes", {"symptoms.tired": "yes"})

    def pages(query: str) -> str:
        reader = pypdf.PdfReader(io.BytesIO(get(person, f"/sheet?{query}").body))
        return " ".join(page.extract_text() for page in reader.pages)

    assert "sore" in pages("checks=eyes&filled=yes")
    assert "sore" not in pages("checks=&filled=yes")


def test_nothing_is_kept_without_consent_and_the_form_says_so(nobody: Paths) -> None:
    answer = post(nobody, "workplace", {"chair.seat": "yes"})
    form = get(nobody, "/checks?checks=workplace").text

    assert answer.status == 403
    assert not nobody.folder.exists()
    assert "agree to recording first" in form
    assert 'type="submit"' not in form
