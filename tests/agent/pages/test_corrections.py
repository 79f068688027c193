"""Corrections on the local page: the forms of a day, what they change, and what they refuse."""

from __future__ import annotations

import json
import re
import threading
from datetime import date, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from agent_records import NOW, TODAY, ZONE, FixedClock, at, give_consent, nine_weeks, small_home
from asgi import Answer, ask
from command_line import CommandLine
from fyraften_agent.consent.ledger_store import Ledger
from fyraften_agent.pages.app import create_app
from fyraften_agent.pages.guard import Door
from fyraften_agent.paths import Paths
from fyraften_agent.processes.control import ControlChannel, Document
from fyraften_agent.store.history import versions
from fyraften_agent.store.store import Session, Store

CLOCK = FixedClock(NOW)
MORNING = "08:05–11:52"


@pytest.fixture
def person(tmp_path: Path) -> Paths:
    """Somebody with nine weeks of records."""
    return nine_weeks(small_home(tmp_path))


@pytest.fixture
def newcomer(tmp_path: Path) -> Paths:
    """Somebody who has agreed, and of whom nothing is recorded yet."""
    paths = small_home(tmp_path)
    give_consent(paths, CLOCK.now() - 60)
    return paths


def get(paths: Paths, path: str = "/day", clock: FixedClock = CLOCK) -> str:
    return unescape(ask(create_app(paths, clock, "en", Door(), lambda: None, 30), "GET", path).text)


def send(paths: Paths, body: bytes, clock: FixedClock = CLOCK) -> Answer:
    return ask(create_app(paths, clock, "en", Door(), lambda: None, 30), "POST", "/corrections", body=body)


def post(
    paths: Paths, action: object, number: object = None, on: object = None, clock: FixedClock = CLOCK, **said: object
) -> Answer:
    document = {"do": action, "number": number, "on": on, "said": said}
    return send(paths, json.dumps(document).encode(), clock)


def sessions(paths: Paths, day: date = TODAY) -> list[Session]:
    with Store.open(paths.work) as store:
        return store.sessions(at(day, "00:00"), at(day + timedelta(days=1), "00:00"))


def morning(paths: Paths) -> Session:
    return next(one for one in sessions(paths) if one.measured_start == at(TODAY, "08:05"))


def whats(paths: Paths, number: int) -> list[str]:
    with Store.open(paths.work) as store:
        return [one.what for one in versions(store, number)]


def unsure(paths: Paths) -> int:
    with Store.open(paths.work) as store:
        return store.add_session(at(TODAY, "03:00"), at(TODAY, "03:04"), ZONE, "home", None, False, at(TODAY, "15:00"))


def test_each_session_has_a_form_with_what_is_known_of_it(person: Paths) -> None:
    text = get(person)

    assert f"Correct {MORNING}" in text
    assert 'name="start" value="08:05"' in text
    assert 'name="end" value="11:52"' in text
    assert '<option value="1" selected>Flat (home)</option>' in text
    assert '<option value="elsewhere">elsewhere</option>' in text
    assert '<option value="home"' not in text  # the flat is that
    assert f"measured: 2026-11-20, {MORNING}, Flat, fixed workstation" in text
    assert "Take the last change back" not in text


def test_the_end_of_work_that_goes_on_is_left_open(person: Paths) -> None:
    text = get(person)

    assert text.count("It still goes on") == 1
    assert 'name="end" value="15:30"' not in text


def test_a_session_is_corrected_as_by_the_command(person: Paths, tmp_path: Path) -> None:
    other = nine_weeks(small_home(tmp_path / "other"))
    number = morning(person).id
    CommandLine(other, CLOCK).json("log", "edit", str(number), "--end", "11:30", "--place", "elsewhere")

    done = json.loads(post(person, "edit", number, end="11:30", place="elsewhere").body)

    assert done == {"said": "Corrected: 2026-11-20, 08:05–11:30.", "number": number}
    assert morning(person) == morning(other)
    assert CommandLine(person, CLOCK).json("log", "show", str(number)) == CommandLine(other, CLOCK).json(
        "log", "show", str(number)
    )
    text = get(person)
    assert "corrected by you on 2026-11-20 15:30: 2026-11-20, 08:05–11:30, elsewhere" in text
    assert text.count("Take the last change back") == 1


def test_what_is_not_sent_stays_to_the_second(person: Paths) -> None:
    with Store.open(person.work) as store:
        number = store.add_session(
            at(TODAY, "03:00") + 17, at(TODAY, "03:04") + 33, ZONE, None, None, True, CLOCK.now()
        )

    post(person, "edit", number, workstation="mobile")

    changed = next(one for one in sessions(person) if one.id == number)
    assert (changed.start % 60, changed.end % 60, changed.workstation) == (17, 33, "mobile")


def test_a_removed_session_is_listed_as_left_out_and_taken_in_again(person: Paths) -> None:
    number = morning(person).id

    assert json.loads(post(person, "remove", number).body)["said"] == f"Left out from now on: 2026-11-20, {MORNING}."
    text = get(person)
    assert f"Correct {MORNING}" not in text
    assert f"{MORNING}, Flat" in text.partition("Left out by you")[2]
    assert json.loads(post(person, "undo", number).body)["number"] == number

    assert "Left out by you" not in get(person)
    assert whats(person, number) == ["measured"]


def test_what_was_left_out_is_listed_on_its_own_day_alone(person: Paths) -> None:
    post(person, "remove", morning(person).id)

    assert "Left out by you" not in get(person, "/day?day=2026-11-19")
    assert "Left out by you" in get(person, "/day?day=2026-11-20")


def test_work_is_added_on_the_day_that_is_shown(person: Paths) -> None:
    done = json.loads(post(person, "add", on="2026-11-18", start="18:00", end="19:30", place="1", workstation="").body)

    added = next(one for one in sessions(person, date(2026, 11, 18)) if one.id == done["number"])
    assert done["said"] == "Added: 2026-11-18, 18:00–19:30."
    assert (added.start, added.end) == (at(date(2026, 11, 18), "18:00"), at(date(2026, 11, 18), "19:30"))
    assert (added.place_label, added.workstation, added.source, added.confirmed) == ("Flat", "fixed", "added", True)


def test_the_first_work_of_all_is_added(newcomer: Paths) -> None:
    assert "Add work" in get(newcomer)

    post(newcomer, "add", on="2026-11-20", start="08:00", end="09:00", place="home")

    assert [one.place for one in sessions(newcomer)] == ["home"]


def test_added_work_that_is_taken_back_is_gone(person: Paths) -> None:
    number = json.loads(post(person, "add", on="2026-11-18", start="18:00", end="19:30").body)["number"]

    done = json.loads(post(person, "undo", number).body)

    assert done == {"said": "What you added on 2026-11-20 15:30 is gone.", "number": None}
    assert all(one.id != number for one in sessions(person, date(2026, 11, 18)))


def test_only_what_is_not_sure_is_asked_about_and_a_yes_settles_it(person: Paths) -> None:
    assert "Was this work?" not in get(person)
    number = unsure(person)
    assert get(person).count('data-do="confirm"') == 1

    assert json.loads(post(person, "confirm", number).body)["said"] == "Noted as work: 2026-11-20, 03:00–03:04."

    assert "Was this work?" not in get(person)
    assert next(one for one in sessions(person) if one.id == number).confirmed


def test_nothing_to_take_back_is_said(person: Paths) -> None:
    assert "There is no correction to take back." in post(person, "undo", morning(person).id).text


@pytest.mark.parametrize(
    ("said", "field", "sentence"),
    [
        ({"start": "nine"}, "start", "nine is no time. Write it as 13:00"),
        ({"end": "07:00"}, "end", "has to end after it starts"),
        ({"start": "12:30"}, "", "has to end after it starts"),
        ({"end": "23:00"}, "end", "That is later than now."),
        ({"end": ""}, "end", "Write when the work began and when it ended"),
        ({"place": "moon"}, "", "There is no place moon."),
        ({"place": "99"}, "", "There is no place 99"),
        ({"workstation": "sofa"}, "", "is none of these"),
        ({}, "", "Nothing was changed."),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field_and_changes_nothing(
    person: Paths, said: dict[str, str], field: str, sentence: str
) -> None:
    before = morning(person)

    answer = post(person, "edit", before.id, **said)

    assert (answer.status, answer.media.partition(";")[0]) == (400, "text/html")
    assert sentence in unescape(answer.text)
    assert (f'data-field="{field}"' in answer.text) == bool(field)
    assert morning(person) == before
    assert whats(person, before.id) == ["measured"]


def test_a_doubled_time_is_refused_with_both_to_choose_from(person: Paths) -> None:
    answer = post(person, "add", on="2026-10-25", start="02:30", end="04:00")

    assert "2026-10-25T02:30:00 happens twice in Europe/Copenhagen" in unescape(answer.text)
    assert re.findall(r'data-fill="start" data-value="([^"]*)">([^<]*)<', answer.text) == [
        ("2026-10-25 02:30+02:00", "the first 02:30 (+02:00)"),
        ("2026-10-25 02:30+01:00", "the second 02:30 (+01:00)"),
    ]
    post(person, "add", on="2026-10-25", start="2026-10-25 02:30+02:00", end="2026-10-25 02:30+01:00")
    (added,) = sessions(person, date(2026, 10, 25))
    assert added.end - added.start == 3600
    text = get(person, "/day?day=2026-10-25")
    assert 'name="start" value="2026-10-25 02:30+02:00"' in text
    assert 'name="end" value="2026-10-25 02:30+01:00"' in text


def test_a_time_that_the_clock_skips_is_refused_with_one_to_choose(tmp_path: Path) -> None:
    spring = FixedClock("2026-03-30T12:00")
    paths = small_home(tmp_path)
    give_consent(paths, spring.now() - 60)

    answer = post(paths, "add", on="2026-03-29", clock=spring, start="01:00", end="02:30")

    assert "2026-03-29T02:30:00 does not exist in Europe/Copenhagen" in unescape(answer.text)
    assert 'data-fill="end" data-value="2026-03-29 03:30+02:00"' in unescape(answer.text)
    assert post(paths, "add", on="2026-03-29", clock=spring, start="01:00", end="2026-03-29 03:30+02:00").status == 200
    assert sessions(paths, date(2026, 3, 29))[0].end - sessions(paths, date(2026, 3, 29))[0].start == 5400


def test_an_end_past_midnight_is_offered_where_it_can_be_meant(person: Paths) -> None:
    offered = post(person, "add", on="2026-11-18", start="23:00", end="1:00").text
    not_yet = post(person, "add", on="2026-11-20", start="08:00", end="01:00").text

    assert 'data-fill="end" data-value="2026-11-19 01:00"' in offered
    assert "data-fill" not in not_yet
    post(person, "add", on="2026-11-18", start="23:00", end="2026-11-19 01:00")
    text = get(person, "/day?day=2026-11-18")
    assert 'name="start" value="23:00"' in text
    assert 'name="end" value="2026-11-19 01:00"' in text


def test_a_session_that_is_gone_is_said_to_be(person: Paths) -> None:
    number = morning(person).id
    post(person, "remove", number)

    for action, said in (("edit", {"end": "11:30"}), ("remove", {}), ("confirm", {})):
        assert "This is not there any more." in post(person, action, number, **said).text
    assert "This is not there any more." in post(person, "undo", 4711).text


def test_without_consent_versions_are_read_and_nothing_is_changed(person: Paths) -> None:
    with Ledger.open(person) as ledger:
        ledger.append("withdrawn", "recording", CLOCK.now() - 10)
    number = morning(person).id

    text = get(person)
    answers = [
        post(person, "edit", number, end="11:00"),
        post(person, "remove", number),
        post(person, "confirm", number),
        post(person, "undo", number),
        post(person, "add", on="2026-11-20", start="01:00", end="02:00"),
    ]

    assert "To correct a day, agree to recording first: fyraften consent give recording" in text
    assert f"Versions: {MORNING}" in text
    assert "data-do" not in text
    assert {(answer.status, answer.media.partition(";")[0]) for answer in answers} == {(403, "text/plain")}
    assert whats(person, number) == ["measured"]
    assert len(sessions(person)) == 2


def test_somebody_who_never_agreed_leaves_no_file_behind(tmp_path: Path) -> None:
    nobody = small_home(tmp_path)

    answer = post(nobody, "add", on="2026-11-20", start="08:00", end="09:00")

    assert answer.status == 403
    assert not nobody.folder.exists()


@pytest.mark.parametrize(
    "document",
    [
        [],
        None,
        {"do": "edit"},
        {"do": "forget", "number": 1, "on": None, "said": {}},
        {"do": ["edit"], "number": 1, "on": None, "said": {"end": "11:00"}},
        {"do": "edit", "number": None, "on": None, "said": {"end": "11:00"}},
        {"do": "edit", "number": True, "on": None, "said": {"end": "11:00"}},
        {"do": "edit", "number": "1", "on": None, "said": {"end": "11:00"}},
        {"do": "remove", "number": -1, "on": None, "said": {}},
        {"do": "remove", "number": 2**63, "on": None, "said": {}},
        {"do": "undo", "number": None, "on": None, "said": {}},
        {"do": "add", "number": 1, "on": None, "said": {"start": "01:00", "end": "02:00"}},
        {"do": "add", "number": None, "on": "soon", "said": {"start": "01:00", "end": "02:00"}},
        {"do": "add", "number": None, "on": 20, "said": {"start": "01:00", "end": "02:00"}},
        {"do": "edit", "number": 90, "on": None, "said": ["end"]},
        {"do": "edit", "number": 90, "on": None, "said": {"end": 11}},
        {"do": "edit", "number": 90, "on": None, "said": {"end": None}},
        {"do": "edit", "number": 90, "on": None, "said": {"confirmed": "yes"}},
        {"do": "edit", "number": 90, "on": None, "said": {"end": "\ud800"}},
        {"do": "edit", "number": 90, "on": None, "said": {"place": "\x00"}},
        {"do": "edit", "number": 90, "on": None, "said": {"place": "x" * 101}},
    ],
)
def test_what_no_form_of_the_page_makes_is_refused(person: Paths, document: Any) -> None:
    answer = send(person, json.dumps(document).encode())

    assert (answer.status, "This is no correction." in answer.text) == (400, True)
    assert len(sessions(person)) == 2


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 1024, b"1e999", b"NaN"])
def test_a_body_that_is_no_json_is_refused(person: Paths, body: bytes) -> None:
    assert send(person, body).status == 400


def test_what_was_typed_is_told_as_text(person: Paths) -> None:
    text = post(person, "edit", morning(person).id, end="<img src=x onerror=alert(1)>").text

    assert "<img" not in text
    assert "<img src=x" in unescape(text)


def test_the_agent_is_told_that_something_changed(person: Paths) -> None:
    heard: list[str] = []

    def hear(command: str) -> Document:
        heard.append(command)
        return {}

    channel = ControlChannel(person)
    thread = threading.Thread(target=channel.serve, args=(hear,), daemon=True)
    thread.start()
    post(person, "edit", morning(person).id, end="07:00")
    refused = list(heard)
    post(person, "edit", morning(person).id, end="11:00")
    channel.close()
    thread.join(2)

    assert (refused, heard) == ([], ["changed"])


def test_times_of_another_zone_are_corrected_in_that_zone(person: Paths) -> None:
    with Store.open(person.work) as store:
        number = store.add_session(
            at(TODAY, "06:00"), at(TODAY, "07:00"), "Europe/London", None, None, True, CLOCK.now()
        )

    text = get(person)
    post(person, "edit", number, end="05:30")

    assert "The times are those of Europe/London." in text
    assert 'name="start" value="05:00"' in text
    assert next(one for one in sessions(person) if one.id == number).end == at(TODAY, "06:30")
