"""What the local page shows, rendered from real records."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent_records import NOW, FixedClock, nine_weeks, small_home
from asgi import Answer, ask
from command_line import CommandLine
from fyraften_agent.pages.app import create_app
from fyraften_agent.pages.guard import Door
from fyraften_agent.paths import Paths
from fyraften_agent.store.store import Store


def get(paths: Paths, path: str, language: str = "en") -> Answer:
    return ask(create_app(paths, FixedClock(NOW), language, Door(), lambda: None, 30), "GET", path)


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Paths:
    """Nine weeks, read by all tests here and changed by none."""
    return nine_weeks(small_home(tmp_path_factory.mktemp("records")))


def test_the_shell_holds_nothing_of_the_employee(records: Paths) -> None:
    text = get(records, "/").text

    assert "Flat" not in text
    assert "2026" not in text
    assert "closes after 30 minutes" in text


def test_today_shows_sessions_forecast_and_findings_with_their_steps(records: Paths) -> None:
    text = get(records, "/day").text

    assert "08:05–11:52" in text
    assert "Stop by 21:05" in text
    assert "<details" in text
    assert "In the 24 h before" in text
    assert 'href="https://' in text


def test_the_figures_are_those_of_the_commands(records: Paths) -> None:
    command = CommandLine(records, FixedClock(NOW)).run("today", "--date", "2026-11-18").out
    page = get(records, "/day?day=2026-11-18").text

    assert "9 h 40 min of screen work" in command
    assert "9 h 40 min of screen work" in page


def test_the_month_shows_days_with_hours_by_place_and_the_average_at_home(records: Paths) -> None:
    text = get(records, "/month").text

    assert "3.14 days a week" in text
    assert "the rule speaks of more than 2" in text
    assert 'data-day="2026-11-18"' in text
    assert "9 h 40 min" in text
    assert "1 × not met, 13 × met" in text
    assert "2026-11-21" not in text


def test_what_nobody_told_is_folded_away_with_what_to_do(records: Paths) -> None:
    text = get(records, "/day").text

    before, _, after = text.partition("Not looked at, because nothing is told about it")
    assert "cannot be judged" not in text
    assert "Eye test" not in before
    assert "Eye test" in after
    assert "write the date into your agreement" in after


def test_a_finding_shows_the_number_judged_by_and_whether_its_wording_was_checked(records: Paths) -> None:
    text = get(records, "/day").text

    assert "Value judged by: 11 h, in force since 2002-05-23 (dk.rest.daily.minimum)" in text
    assert "The wording was checked at this address." in text


def test_a_day_and_a_month_without_work_have_empty_states(tmp_path: Path) -> None:
    paths = small_home(tmp_path)

    assert "No screen work is recorded today." in get(paths, "/day").text
    assert "No screen work is recorded in this month." in get(paths, "/month").text
    assert get(paths, "/state").text == "Off. Nothing is recorded."
    assert not paths.folder.exists()


@pytest.mark.parametrize("query", ["/day?day=2026-13-01", "/day?day=<script>", "/month?month=2026", "/month?month=x"])
def test_a_day_or_month_that_is_none_is_refused_as_plain_text(records: Paths, query: str) -> None:
    answer = get(records, query)

    assert answer.status == 400
    assert answer.media.startswith("text/plain")


def test_the_first_and_last_days_of_the_calendar_do_no_harm(records: Paths) -> None:
    queries = ("/day?day=0001-01-01", "/day?day=9999-12-31", "/month?month=0001-01", "/month?month=9999-12")

    codes = [get(records, query).status for query in queries]

    assert set(codes) <= {200, 400}


def test_a_place_s_label_is_text_and_never_markup(tmp_path: Path) -> None:
    paths = nine_weeks(small_home(tmp_path))
    with Store.open(paths.work) as store:
        number = store.add_place("home", "<img src=x onerror=alert(1)>", "fixed", FixedClock(NOW).now())
        store.assign("a" * 64, number, FixedClock(NOW).now())

    text = get(paths, "/day").text

    assert "<img" not in text
    assert "&lt;img src=x" in text


def test_nothing_of_a_failure_but_its_sentence_is_shown(records: Paths, tmp_path: Path) -> None:
    paths = small_home(tmp_path)
    paths.prepare()
    paths.work.write_bytes(b"no database" * 1000)

    answer = get(paths, "/day", "da")

    assert answer.status == 500
    assert "er beskadiget" in answer.text
    assert "Traceback" not in answer.text


@pytest.mark.parametrize("language", ["en", "da", "nb"])
def test_the_page_names_its_language(records: Paths, language: str) -> None:
    assert f'<html lang="{language}">' in get(records, "/", language).text


def test_the_static_files_are_the_page_s_own(records: Paths) -> None:
    media = [get(records, path).media.partition(";")[0] for path in ("/page.css", "/page.js", "/icon.svg")]

    assert media == ["text/css", "text/javascript", "image/svg+xml"]
    assert "http" not in get(records, "/page.css").text
