"""``fyraften place``: places, the network here, and the place of a day."""

from __future__ import annotations

import pytest

from command_line import CommandLine
from fyraften_agent.cli.exit_codes import ExitCode
from fyraften_agent.store.store import Store


def test_the_places_and_the_one_here_are_shown(person: CommandLine) -> None:
    outcome = person.run("place")

    assert "1  Flat (home)" in outcome.out
    assert "The network here is: Flat (home)." in outcome.out
    assert person.json("place")["here"] == 1


def test_no_network_name_or_fingerprint_is_shown(person: CommandLine) -> None:
    shown = person.run("place").out + person.run("place", "--json").out

    assert "a" * 64 not in shown


def test_without_places_it_says_how_to_add_one(nobody: CommandLine) -> None:
    outcome = nobody.run("place")

    assert outcome.code == ExitCode.DONE
    assert "fyraften place add home" in outcome.out


def test_a_place_can_be_added_and_this_network_named_by_its_label(person: CommandLine) -> None:
    added = person.json("place", "add", "home", "--label", "Cottage", "--workstation", "mobile")
    person.run("place", "set", "cottage")

    assert added == {"number": 3, "kind": "home", "label": "Cottage", "workstation": "mobile"}
    assert person.json("place")["here"] == 3


@pytest.mark.parametrize("label", ["", "   ", "two\nlines", "\x1b[31mred", "7", "home", "elsewhere", "x" * 101])
def test_a_label_by_which_no_place_could_be_named_is_refused(person: CommandLine, label: str) -> None:
    refused = person.run("place", "add", "home", "--label", label)

    assert refused.code == ExitCode.BAD_INPUT
    assert len(person.json("place")["places"]) == 2


def test_a_label_is_kept_without_the_spaces_around_it_and_up_to_100_signs(person: CommandLine) -> None:
    added = person.json("place", "add", "home", "--label", f" {'æ' * 100} ")

    assert added["label"] == "æ" * 100


def test_naming_the_network_changes_the_sessions_measured_on_it(person: CommandLine) -> None:
    person.run("place", "set", "elsewhere")

    assert {session["place"] for session in person.json("today")["sessions"]} == {"elsewhere"}


def test_a_day_can_be_corrected_without_changing_the_network(person: CommandLine) -> None:
    corrected = person.json("place", "set", "fixed_site", "--day", "today")

    assert corrected == {"date": "2026-11-20", "corrected": [90, 91]}
    assert {session["place"] for session in person.json("today")["sessions"]} == {"fixed_site"}
    assert person.json("place")["here"] == 1


def test_correcting_a_day_without_work_says_that_nothing_changed(person: CommandLine) -> None:
    outcome = person.run("place", "set", "home", "--day", "2026-11-15")

    assert "nothing was changed" in outcome.out


def test_without_a_network_it_says_how_to_correct_a_day(newcomer: CommandLine) -> None:
    outcome = newcomer.run("place", "set", "home")

    assert outcome.code == ExitCode.BAD_INPUT
    assert "--day today" in outcome.errors


def test_a_label_of_two_places_needs_the_number(person: CommandLine) -> None:
    with Store.open(person.paths.work) as store:  # written before a second one was refused
        store.add_place("elsewhere", "Flat", "fixed", person.clock.now())

    outcome = person.run("place", "set", "flat")

    assert outcome.code == ExitCode.BAD_INPUT
    assert "1, 3" in outcome.errors


def test_a_second_place_of_the_same_name_is_refused(person: CommandLine) -> None:
    outcome = person.run("place", "add", "elsewhere", "--label", "flat")

    assert outcome.code == ExitCode.BAD_INPUT
    assert "Place 1 is called Flat already" in outcome.errors
    assert len(person.json("place")["places"]) == 2
