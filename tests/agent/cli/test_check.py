"""``fyraften check`` as a real process: files, standard input, order, exit codes, encodings, nothing left behind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

COMMAND = [sys.executable, "-c", "import sys; from fyraften_agent.cli import main; sys.exit(main())", "check"]
GOOD: dict[str, Any] = {
    "id": "good",
    "jurisdiction": "DK",
    "zone": "Europe/Copenhagen",
    "work": [{"start": "2026-01-13T08:00", "end": "2026-01-13T16:00", "place": "home"}],
}
BAD = {**GOOD, "id": "bad", "zone": "Nowhere"}


def environment(home: Path, **more: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    return {**kept, "FYRAFTEN_HOME": str(home / "fyraften"), "HOME": str(home), "LC_ALL": "C.UTF-8", **more}


def check(
    home: Path, *arguments: str, given: bytes = b"", **more: str
) -> tuple[int, list[dict[str, Any]], subprocess.CompletedProcess[bytes]]:
    """Run the command and return its exit code, its answers and all of it."""
    ended = subprocess.run(
        [*COMMAND, *arguments], input=given, capture_output=True, env=environment(home, **more), timeout=60
    )
    return ended.returncode, [json.loads(line) for line in ended.stdout.splitlines()], ended


def written(folder: Path, name: str, *documents: object, indent: int | None = None) -> str:
    path = folder / name
    path.write_text("\n".join(json.dumps(document, indent=indent) for document in documents), encoding="utf-8")
    return str(path)


def test_one_document_in_a_file_gets_one_answer_on_one_line(tmp_path: Path) -> None:
    code, answers, ended = check(tmp_path, written(tmp_path, "facts.json", GOOD, indent=2))

    assert code == 0
    assert [answer["id"] for answer in answers] == ["good"]
    assert answers[0]["summary"]["dk.rest.daily"] == "met"
    assert ended.stderr == b""


def test_whatever_the_verdicts_the_exit_code_is_zero(tmp_path: Path) -> None:
    long = {**GOOD, "work": [{"start": "2026-01-13T06:00", "end": "2026-01-13T23:00"}]}

    code, answers, _ = check(tmp_path, written(tmp_path, "facts.json", long))

    assert (code, answers[0]["summary"]["dk.rest.daily"]) == (0, "broken")


@pytest.mark.parametrize("name", ["facts.jsonl", "facts.ndjson", "FACTS.JSONL"])
def test_lines_get_a_line_each_in_order_and_bad_ones_make_the_exit_code_two(tmp_path: Path, name: str) -> None:
    code, answers, ended = check(tmp_path, written(tmp_path, name, GOOD, BAD, [], {**GOOD, "id": 4}))

    assert code == 2
    assert [answer["id"] for answer in answers] == ["good", "bad", None, 4]
    assert answers[1]["error"]["line"] == 2
    assert answers[1]["error"]["field"] == "zone"
    assert ended.stderr == b""


def test_any_other_name_is_one_document(tmp_path: Path) -> None:
    code, answers, _ = check(tmp_path, written(tmp_path, "facts.txt", GOOD, GOOD))

    assert code == 2
    assert [list(answer) for answer in answers] == [["id", "error"]]


def test_a_dash_is_standard_input_line_by_line(tmp_path: Path) -> None:
    given = "\n".join(["", json.dumps(GOOD), "   ", json.dumps(BAD), ""]).encode()

    code, answers, _ = check(tmp_path, "-", given=given)

    assert (code, [answer["id"] for answer in answers]) == (2, ["good", "bad"])
    assert answers[1]["error"]["line"] == 4


def test_no_lines_are_no_bad_lines(tmp_path: Path) -> None:
    assert check(tmp_path, "-")[:2] == (0, [])
    assert check(tmp_path, written(tmp_path, "none.jsonl"))[:2] == (0, [])


def test_an_empty_document_is_a_bad_one(tmp_path: Path) -> None:
    code, answers, _ = check(tmp_path, written(tmp_path, "none.json"))

    assert (code, answers[0]["error"]["message"][:16]) == (2, "This is not JSON")


def test_a_line_is_answered_before_the_next_one_comes(tmp_path: Path) -> None:
    with subprocess.Popen(
        [*COMMAND, "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment(tmp_path)
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for name in range(3):
            process.stdin.write(json.dumps({**GOOD, "id": name}).encode() + b"\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == name
        process.stdin.close()

        assert process.wait(30) == 0


@pytest.mark.parametrize("name", ["missing.json", "missing.jsonl", "."])
def test_a_file_that_cannot_be_read_is_one_plain_line_and_exit_code_two(tmp_path: Path, name: str) -> None:
    code, answers, ended = check(tmp_path, str(tmp_path / name))

    assert (code, answers) == (2, [])
    assert ended.stderr.decode().startswith("fyraften: ")
    assert ended.stderr.decode().count("\n") == 1


def test_public_holidays_are_filled_in_where_they_are_left_out(tmp_path: Path) -> None:
    hours = {"normal_hours": {"thu": [["08:00", "16:00"]]}}
    maundy_thursday = [{"start": "2026-04-02T09:00", "end": "2026-04-02T10:00"}]
    document = {**GOOD, "work": maundy_thursday, "agreement": hours}
    documents = [document, {**document, "jurisdiction": "NO"}, {**document, "jurisdiction": "EU"}]
    documents.append({**document, "public_holidays": []})

    _, answers, _ = check(tmp_path, written(tmp_path, "facts.jsonl", *documents))

    verdicts = [answer["summary"]["agreement.out_of_hours"] for answer in answers]
    assert verdicts == ["broken", "broken", "met", "met"]


def test_the_great_prayer_day_was_a_holiday_until_2023(tmp_path: Path) -> None:
    hours = {"normal_hours": {"fri": [["08:00", "16:00"]]}}
    days = ["2023-05-05", "2024-04-26"]
    rows = [{**GOOD, "agreement": hours, "work": [{"start": f"{day}T09:00", "end": f"{day}T10:00"}]} for day in days]

    _, answers, _ = check(tmp_path, written(tmp_path, "facts.jsonl", *rows))

    assert [answer["summary"]["agreement.out_of_hours"] for answer in answers] == ["broken", "met"]


@pytest.mark.parametrize("year", ["0001", "0026", "1582", "1900", "2199", "9999"])
def test_a_far_year_never_ends_the_run(tmp_path: Path, year: str) -> None:
    far = {**GOOD, "work": [{"start": f"{year}-06-01T08:00", "end": f"{year}-06-01T16:00"}]}

    _, answers, ended = check(tmp_path, written(tmp_path, "facts.jsonl", far, GOOD))

    assert len(answers) == 2
    assert ended.stderr == b""


def test_text_in_another_encoding_is_said_to_be_so_and_the_run_goes_on(tmp_path: Path) -> None:
    latin = json.dumps({**GOOD, "id": "frokost på kontoret"}, ensure_ascii=False).encode("latin-1")
    marked = b"\xef\xbb\xbf" + json.dumps(GOOD).encode()

    code, answers, _ = check(tmp_path, "-", given=marked + b"\r\n" + latin + b"\n" + json.dumps(GOOD).encode())

    assert code == 2
    assert [answer["id"] for answer in answers] == ["good", None, "good"]
    assert "This is not UTF-8" in answers[1]["error"]["message"]


@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "latin-1"])
def test_an_answer_can_be_printed_whatever_the_output_holds(tmp_path: Path, encoding: str) -> None:
    names = ["blåbær 日本", "half \ud800 a character"]
    given = "\n".join(json.dumps({**GOOD, "id": name}) for name in names).encode()

    code, answers, _ = check(tmp_path, "-", given=given, PYTHONIOENCODING=encoding)

    assert (code, [answer["id"] for answer in answers]) == (0, names)


def test_a_reader_that_has_seen_enough_is_no_failure(tmp_path: Path) -> None:
    path = written(tmp_path, "many.jsonl", *([GOOD] * 2000))
    with subprocess.Popen(
        [*COMMAND, path], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(tmp_path)
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()

        assert process.stderr.read() == b""
        assert process.wait(60) == 0


def test_help_arrives_in_a_file_or_a_pipe_too(tmp_path: Path) -> None:
    ended = subprocess.run([*COMMAND, "--help"], capture_output=True, env=environment(tmp_path), text=True, timeout=60)

    assert (ended.returncode, ended.stderr) == (0, "")
    assert "fyraften check --explain facts.json" in ended.stdout


def test_the_steps_speak_the_language_that_was_asked_for_and_the_rest_does_not(tmp_path: Path) -> None:
    path = written(tmp_path, "facts.json", GOOD)

    (english,) = check(tmp_path, path)[1]
    (danish,) = check(tmp_path, path, "--language", "da")[1]

    assert danish["summary"] == english["summary"]
    assert [list(finding) for finding in danish["findings"]] == [list(finding) for finding in english["findings"]]


def test_it_records_nothing(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()

    check(home, "-", given=json.dumps(GOOD).encode())

    assert list(home.rglob("*")) == []


def explained(home: Path, *arguments: str, given: bytes = b"", **more: str) -> tuple[int, str, str]:
    """Run the command with ``--explain`` and return its exit code and its text."""
    ended = subprocess.run(
        [*COMMAND, "--explain", *arguments], input=given, capture_output=True, env=environment(home, **more), timeout=60
    )
    return ended.returncode, ended.stdout.decode(), ended.stderr.decode()


def test_explained_one_document_is_text_by_rule_with_steps_and_sources(tmp_path: Path) -> None:
    code, text, errors = explained(tmp_path, written(tmp_path, "facts.json", {**GOOD, "id": None}, indent=2))

    assert (code, errors) == (0, "")
    assert text.startswith("Break in a long day (dk.break) – please look: 1\n")  # what to look at comes first
    assert "Daily rest (dk.rest.daily) – met: 1" in text
    assert "  1. Work from 2026-01-13 08:00 to 2026-01-13 16:00" in text
    assert "Document" not in text


def test_explained_lines_are_headed_by_their_ids_or_numbers_and_errors_are_told(tmp_path: Path) -> None:
    nameless = {name: value for name, value in GOOD.items() if name != "id"}

    code, text, errors = explained(tmp_path, written(tmp_path, "facts.jsonl", GOOD, BAD, nameless))

    assert (code, errors) == (2, "")
    heads = [line for line in text.splitlines() if line.startswith("Document ")]
    assert heads == ["Document good", "Document bad", "Document 3"]
    assert "This document cannot be judged.\n  Line: 2\n  Field: zone\n" in text
    assert "What to do: " in text


def test_explained_in_danish_is_danish(tmp_path: Path) -> None:
    _code, text, _errors = explained(tmp_path, written(tmp_path, "facts.json", GOOD), "--language", "da")

    assert "Daglig hvile" in text


def test_json_stays_json_also_where_an_explanation_is_asked_for(tmp_path: Path) -> None:
    code, text, _errors = explained(tmp_path, "--json", written(tmp_path, "facts.json", GOOD))

    assert (code, json.loads(text)["id"]) == (0, "good")


def test_a_file_that_is_not_there_cannot_be_explained_either(tmp_path: Path) -> None:
    code, text, errors = explained(tmp_path, str(tmp_path / "nowhere.json"))

    assert (code, text) == (2, "")
    assert "nowhere.json cannot be read" in errors
