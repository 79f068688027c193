"""The printed sheet, read back: text in order, language, title, tags, fonts."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from datetime import date

import pypdf
import pytest

from fyraften_agent.selfchecks.answers import Answer
from fyraften_agent.selfchecks.questions import Check, all_checks, all_questions, check_named
from fyraften_agent.selfchecks.sheet import sheet_pdf
from fyraften_agent.selfchecks.sheet_content import sheet_content
from fyraften_policy.languages import LANGUAGES, translator

TODAY = date(2026, 11, 20)
TRICKY = r'#set text(red) *æøå* $x$ \ @key <label> "q" `c` = [a] // Æblegrød'


def the_check(name: str) -> Check:
    found = check_named(name)
    assert found is not None
    return found


def pdf_of(*names: str, answers: tuple[Answer, ...] = (), language: str = "en") -> pypdf.PdfReader:
    words = translator("fyraften_agent", language)
    content = sheet_content([the_check(name) for name in names], answers, TODAY, language, words)
    return pypdf.PdfReader(io.BytesIO(sheet_pdf(content)))


def text_of(reader: pypdf.PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def said(question: str, value: str) -> Answer:
    return Answer(question, value, date(2026, 11, 18), 0)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_empty_sheet_holds_every_question_in_order_and_in_its_language(language: str) -> None:
    reader = pdf_of("dialogue", "workplace", "ventilation", language=language)
    text = text_of(reader)
    places = [
        text.find(question.ask[language])
        for name in ("dialogue", "workplace", "ventilation")
        for question in the_check(name).questions
    ]

    assert -1 not in places
    assert places == sorted(places)
    assert reader.root_object["/Lang"] == language


def test_the_sheet_is_tagged_titled_and_says_so_to_a_reading_program() -> None:
    reader = pdf_of("workplace", language="da")
    root = reader.root_object
    described = root["/Metadata"].get_object().get_data().decode()

    assert root["/MarkInfo"]["/Marked"].value is True
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value is True
    assert reader.metadata is not None
    assert reader.metadata.title == "Hjemmearbejdspladsen"
    assert "<pdfuaid:part>1</pdfuaid:part>" in described
    tags = _tags(root["/StructTreeRoot"].get_object())
    assert {"/H1", "/H2", "/P"} <= tags


def _tags(node: pypdf.generic.PdfObject) -> set[str]:
    found: set[str] = set()
    waiting = [node]
    while waiting:
        one = waiting.pop().get_object()
        if isinstance(one, pypdf.generic.ArrayObject):
            waiting += list(one)
        elif isinstance(one, pypdf.generic.DictionaryObject):
            found.add(str(one.get("/S")))
            waiting += [one["/K"]] if "/K" in one else []
    return found


def test_every_font_is_embedded() -> None:
    fonts = [
        font.get_object() for page in pdf_of("eyes").pages for font in page["/Resources"].get_object()["/Font"].values()
    ]
    inner = [font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object() for font in fonts]

    assert inner
    assert all("/FontFile3" in descriptor for descriptor in inner)
    assert all("Libertinus" in str(descriptor["/FontName"]) for descriptor in inner)


def test_a_filled_sheet_holds_the_answers_with_their_day_and_what_follows() -> None:
    text = text_of(pdf_of("workplace", answers=(said("chair.seat", "no"), said("desk.room", "not_relevant"))))

    assert re.search(r"height of the seat\? No 2026-11-18 Until you have a chair", text)
    assert "Does not apply 2026-11-18" in text
    assert "Can you read the letters" in text  # the rest can be filled in by hand


def test_what_was_written_stands_on_the_sheet_as_it_was_written_and_is_no_instruction() -> None:
    text = text_of(pdf_of("dialogue", answers=(said("follow_up.notes", TRICKY),)))

    assert TRICKY in text


def test_an_answer_about_another_question_is_on_no_sheet() -> None:
    text = text_of(pdf_of("workplace", answers=(said("symptoms.tired", "yes"), said("follow_up.notes", "CANARY"))))

    assert "CANARY" not in text
    assert "sore" not in text


def test_a_sheet_tells_nothing_of_the_computer_and_is_the_same_each_time() -> None:
    content = sheet_content([the_check("dialogue")], (), TODAY, "nb", str)
    first, second = sheet_pdf(content), sheet_pdf(content)

    assert first == second
    assert pypdf.PdfReader(io.BytesIO(first)).metadata is not None
    assert {"/Author", "/CreationDate", "/ModDate"} & set(pypdf.PdfReader(io.BytesIO(first)).metadata or {}) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_check_can_be_printed_alone_and_all_together(language: str) -> None:
    values = {"yes_no": "no", "date": "2026-10-01", "text": "Æ ø å", "how_often": "often"}
    answers = tuple(
        Answer(one.id, values[one.kind], TODAY, 0, "2026-11" if check.each_month else "")
        for check, one in all_questions()
    )
    sheets = [[check] for check in all_checks()] + [list(all_checks())]

    for checks in sheets:
        assert sheet_pdf(sheet_content(checks, answers, TODAY, language, str)).startswith(b"%PDF")


def test_the_typesetter_is_loaded_only_to_print() -> None:
    program = "import sys, fyraften_agent.cli.selfcheck_sheet; print('typst' in sys.modules)"
    out = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout

    assert out.strip() == "False"


@pytest.mark.parametrize("sign", ["\N{HOUSE BUILDING}", "家", "ก", "\x1b", "\ufffe", "\ud800"])
def test_a_sign_that_the_font_lacks_stands_as_a_box_and_the_sheet_says_so(sign: str) -> None:
    text = text_of(pdf_of("dialogue", answers=(said("follow_up.notes", f"æ{sign}ø, lamp"),)))

    assert "æ□ø, lamp" in text
    assert "□ stands for a sign that this sheet has no shape for." in text


def test_a_sheet_with_signs_of_many_kinds_is_made_and_keeps_those_it_can_show() -> None:
    text = text_of(pdf_of("dialogue", answers=(said("follow_up.notes", "👨‍👩‍👧 Žluťou\ufeffčký ✓ 仕事 Ω"),)))

    assert "□□□ Žluťoučký ✓ □□ Ω" in text


def test_a_sheet_that_shows_everything_speaks_of_no_boxes() -> None:
    assert "□" not in text_of(pdf_of("dialogue", answers=(said("follow_up.notes", "blåbærgrød – ½ ☐ \ufeff"),)))
