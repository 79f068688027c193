"""``fyraften check`` without the command line: documents in, answers out, one at a time."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fyraften_policy.check import Document, Result, check_document, check_lines
from fyraften_policy.languages import translator
from policy.documents import danish, session

AT_ITS_END = {"start": "2026-01-12", "end": "2026-02-09"}
GOOD = danish(session("2026-01-13T08:00", "16:00"), id="good")


def as_it_is(document: Document) -> Document:
    return document


def one(text: str) -> Result:
    return check_document(text, as_it_is, str)


def lines(*texts: str) -> list[Result]:
    return list(check_lines(texts, as_it_is, str))


def error(text: str) -> dict[str, Any]:
    result = one(text)
    assert not result.judged
    assert list(result.answer) == ["id", "error"]
    assert list(result.answer["error"]) == ["line", "field", "message", "remedy"]
    return dict(result.answer["error"])


def test_a_good_document_gets_its_answer() -> None:
    result = one(json.dumps(GOOD))

    assert result.judged
    assert list(result.answer) == ["id", "findings", "summary", "forecast"]
    assert result.answer["id"] == "good"


def test_each_line_gets_an_answer_in_order_and_a_bad_one_does_not_stop_the_run() -> None:
    results = lines(
        json.dumps(GOOD), "{", json.dumps({**GOOD, "id": 2, "zone": "Nowhere"}), json.dumps({**GOOD, "id": 3})
    )

    assert [result.judged for result in results] == [True, False, False, True]
    assert [result.answer["id"] for result in results] == ["good", None, 2, 3]
    assert [result.answer.get("error", {}).get("line") for result in results] == [None, 2, 3, None]


def test_empty_lines_are_passed_over_but_counted() -> None:
    results = lines("\n", json.dumps(GOOD) + "\n", "   \r\n", "", "nonsense\n")

    assert [result.judged for result in results] == [True, False]
    assert results[1].answer["error"]["line"] == 5


def test_no_lines_get_no_answers() -> None:
    assert lines() == lines("", "\n") == []


def test_the_line_of_a_broken_document_is_where_it_breaks() -> None:
    wrong = error('{\n "jurisdiction": "DK",\n "zone" "UTC"\n}')

    assert (wrong["line"], wrong["field"]) == (3, "")
    assert wrong["message"] == "This is not JSON: Expecting ':' delimiter at column 9."


def test_a_document_on_one_line_is_on_line_one_and_on_several_lines_the_field_tells() -> None:
    bad = {**GOOD, "zone": 3}

    assert error(json.dumps(bad))["line"] == 1
    assert error(json.dumps(bad, indent=1))["line"] is None


@pytest.mark.parametrize(
    ("text", "field", "words"),
    [
        ("", "", "This is not JSON"),
        ("nul", "", "This is not JSON"),
        ("[]", "", "is not an object"),
        ('"text"', "", "is not an object"),
        ("{} {}", "", "This is not JSON: Extra data"),
        ('{"a": NaN}', "", "NaN is not a number of JSON"),
        ('{"a": -Infinity}', "", "-Infinity is not a number of JSON"),
        ('{"id": 1e99999999999999999999}', "", "beyond any number"),
        ('{"id": ' + "9" * 5000 + "}", "", "This cannot be read"),
        ('{"zone": "UTC", "zone": "Europe/Oslo"}', "zone", "given twice"),
        ('{"agreement": {"on_call": true, "on_call": true}}', "on_call", "given twice"),
        ("[" * 100_000, "", "nested too deeply"),
        ('{"id": "\udcff"}', "", 'This is not UTF-8: see after \'{"id": "\'.'),
        ("{}", "jurisdiction", "The field is missing."),
    ],
)
def test_what_cannot_be_read_is_an_error_with_words_and_a_remedy(text: str, field: str, words: str) -> None:
    wrong = error(text)

    assert wrong["field"] == field
    assert words in wrong["message"]
    assert wrong["remedy"].endswith(".")


@pytest.mark.parametrize(
    ("name", "shown"), [("a", "a"), (7, 7), ([1], None), ({"a": 1}, None), (None, None), (1.5, None)]
)
def test_a_bad_document_keeps_its_id_if_it_is_one(name: Any, shown: Any) -> None:
    result = one(json.dumps({**GOOD, "id": name, "zone": "Nowhere"}))

    assert result.answer["id"] == shown


def test_numbers_are_read_as_they_were_written() -> None:
    text = json.dumps({**GOOD, "parameters": {"dk.screen.home.limit": 2}}).replace(": 2}", ": 2.10}")

    assert "to 2.10 in place of 2;" in json.dumps(one(text).answer)


def test_what_a_document_leaves_out_can_be_filled_in() -> None:
    def free_tuesday(document: Document) -> Document:
        return {**document, "public_holidays": ["2026-01-13"]}

    hours = {"normal_hours": {"tue": [["08:00", "16:00"]]}}
    result = check_document(json.dumps({**GOOD, "agreement": hours}), free_tuesday, str)

    assert result.answer["summary"]["agreement.out_of_hours"] == "broken"


def test_the_steps_speak_the_language_that_is_asked_for() -> None:
    result = check_document(json.dumps(GOOD), as_it_is, lambda sentence: f"dansk: {sentence}")

    assert all(step.startswith("dansk: ") for finding in result.answer["findings"] for step in finding["steps"])


def test_an_answer_comes_before_the_next_line_is_read() -> None:
    read: list[int] = []

    def source() -> Iterator[str]:
        for number in range(3):
            read.append(number)
            yield json.dumps(GOOD)

    answers = check_lines(source(), as_it_is, str)
    next(answers)

    assert read == [0]


def test_the_line_is_the_answer_as_json() -> None:
    at_home = [session("2026-01-13T06:00", "22:00", place="home")]
    late = {"rest_exceptions": [{"date": "2026-01-13", "ground": "annual_accounts"}]}
    documents = [
        GOOD,
        {**GOOD, "id": "\ud800 “é”", "at": "2026-01-13T12:00", "parameters": {"dk.rest.daily.minimum": 10.5}},
        {"jurisdiction": "DK", "zone": "Europe/Copenhagen", "work": []},
        {**GOOD, "jurisdiction": "NO", "id": 7},
        {**GOOD, "jurisdiction": "EU", "agreement": {"home_days": 1.5}, "period": AT_ITS_END},
        {**GOOD, "work": at_home, "agreement": late, "period": AT_ITS_END},
        {**GOOD, "zone": "Nowhere"},
    ]
    for document in documents:
        for translate in (str, translator("fyraften_policy", "da")):
            result = check_document(json.dumps(document), as_it_is, translate)

            assert "".join(result.pieces()) == json.dumps(result.answer, ensure_ascii=False)


def test_memory_does_not_grow_with_the_lines() -> None:
    text = json.dumps(GOOD)

    def peak(count: int) -> int:
        tracemalloc.reset_peak()
        for _ in check_lines((text for _ in range(count)), as_it_is, str):
            pass
        return tracemalloc.get_traced_memory()[1]

    tracemalloc.start()
    try:
        peak(20)
        few, many = peak(20), peak(200)
    finally:
        tracemalloc.stop()

    # The interpreter keeps some freed tuples for later, up to a bound; 180 answers more would be several megabytes.
    assert many < few * 1.2 + 500_000


def test_even_thirty_years_without_a_rest_get_an_answer() -> None:
    forever = danish(session("2169-12-31T00:00", "2199-12-31T23:59:59", place="home"), at="2199-12-31T23:59:59")

    (result,) = lines(json.dumps(forever))

    assert result.answer["summary"]["dk.screen.home"] == "covered"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
KEYS = ["id", "jurisdiction", "zone", "work", "activity", "observed", "absences", "public_holidays", "agreement"]


@given(st.dictionaries(st.sampled_from([*KEYS, "parameters", "period", "at"]), json_values))
def test_whatever_a_field_holds_there_is_an_answer(change: dict[str, Any]) -> None:
    (result,) = lines(json.dumps({**GOOD, **change}))

    assert result.judged or result.answer["error"]["message"]


ODD_TIMES = [
    "2026-10-25T02:30",
    "2026-03-29T02:30",
    "1900-01-01T00:00",
    "2199-12-31T23:59:59",
    "2026-01-13T16:00+14:00",
]
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1))  # noqa: DTZ001 - local time, as the facts format has it
times = st.one_of(
    moments.map(lambda moment: moment.isoformat()[:16]),
    moments.map(lambda moment: moment.isoformat()[:19] + "Z"),
    st.sampled_from(ODD_TIMES),
)
dates = st.one_of(moments.map(lambda moment: str(moment.date())), st.sampled_from(["2026-01-13", "2026-10-26"]))


@given(
    st.lists(st.tuples(times, times), min_size=1, max_size=3),
    st.one_of(st.none(), times),
    st.one_of(st.none(), st.tuples(dates, dates)),
    st.sampled_from(
        ["Europe/Copenhagen", "UTC", "Pacific/Apia", "America/St_Johns", "Pacific/Kiritimati", "Africa/Monrovia"]
    ),
)
@settings(max_examples=settings().max_examples // 2)
def test_whatever_the_times_there_is_an_answer(
    rows: list[tuple[str, str]], at: str | None, period: tuple[str, str] | None, zone: str
) -> None:
    document = danish(*(session(start, max(start, end)) for start, end in rows), zone=zone)
    if at is not None:
        document["at"] = at
    if period is not None:
        document["period"] = {"start": min(period), "end": max(period)}

    (result,) = lines(json.dumps(document))

    assert json.dumps(result.answer)
