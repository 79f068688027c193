"""``fyraften hours``."""

from __future__ import annotations

from command_line import CommandLine
from fyraften_agent.cli.exit_codes import ExitCode
from fyraften_agent.processes.pauses import current_pause
from fyraften_agent.store.store import Store


def test_without_a_choice_it_is_always(person: CommandLine) -> None:
    assert person.run("hours").out == "Recording hours: always, unless you pause.\n"


def test_hours_are_chosen_hold_at_once_and_are_taken_back(person: CommandLine) -> None:
    chosen = person.json("hours", "mon-fri", "07:00-14:00")  # it is Friday afternoon
    shown = person.json("hours")
    closed = current_pause(person.paths.work, person.clock.now())
    person.run("hours", "always")

    assert chosen == shown == {"hours": "mon,tue,wed,thu,fri 07:00-14:00", "outside": "unknown"}
    assert closed is not None
    assert closed.until is not None
    assert current_pause(person.paths.work, person.clock.now()) is None


def test_hours_are_understood_and_shown_in_the_language_of_the_person(person: CommandLine) -> None:
    shown = person.run("--language", "da", "hours", "man-ons", "07:00-12:00", "13:00-15:00;", "lør", "22:00-02:00").out

    assert "mandag, tirsdag, onsdag 07:00-12:00 13:00-15:00; lørdag 22:00-02:00" in shown
    assert person.json("hours")["hours"] == "mon,tue,wed 07:00-12:00 13:00-15:00; sat 22:00-02:00"


def test_what_cannot_be_understood_changes_nothing(person: CommandLine) -> None:
    outcome = person.run("hours", "now", "and", "then")

    assert outcome.code == ExitCode.BAD_INPUT
    assert "mon-fri 07:00-19:00" in outcome.errors
    assert person.json("hours") == {"hours": None, "outside": None}


def test_time_outside_the_hours_is_free_where_the_person_says_so_and_only_from_then_on(person: CommandLine) -> None:
    now = person.clock.now()
    unknown = person.run("hours", "mon-fri", "07:00-14:00").out
    free = person.run("hours", "--free").out
    with Store.open(person.paths.work) as store:
        observed = store.observed(now - 60, now + 60)

    assert "as not known" in unknown
    assert "free time, as you said" in free
    assert person.json("hours") == {"hours": "mon,tue,wed,thu,fri 07:00-14:00", "outside": "free"}
    assert observed[-1].end == now + 60


def test_the_word_that_it_is_free_time_is_taken_back_with_the_hours_given_anew(person: CommandLine) -> None:
    person.run("hours", "mon-fri", "07:00-14:00", "--free")

    assert person.json("hours", "mon-fri", "07:00-14:00")["outside"] == "unknown"


def test_free_time_without_hours_is_refused(person: CommandLine) -> None:
    for words in (("hours", "--free"), ("hours", "always", "--free")):
        outcome = person.run(*words)

        assert outcome.code == ExitCode.BAD_INPUT
        assert "mon-fri 07:00-19:00 --free" in outcome.errors


def test_who_resumes_outside_the_hours_is_told_why_nothing_is_recorded(person: CommandLine) -> None:
    person.run("pause")
    person.run("hours", "mon-fri", "07:00-14:00")

    resumed = person.run("resume").out

    assert "The pause is over." in resumed
    assert "outside your recording hours. They begin at 2026-11-23" in resumed
