"""``fyraften log``: the sessions, and the employee's own word on them."""

from __future__ import annotations

from agent_records import NOW, FixedClock
from command_line import CommandLine
from fyraften_agent.cli.exit_codes import ExitCode


def test_the_last_seven_days_are_shown_by_default(person: CommandLine) -> None:
    document = person.json("log")

    assert (document["from"], document["to"]) == ("2026-11-14", "2026-11-20")
    assert len(document["sessions"]) == 11


def test_days_in_the_wrong_order_are_refused(person: CommandLine) -> None:
    outcome = person.run("log", "--from", "2026-11-20", "--to", "2026-11-19")

    assert outcome.code == ExitCode.BAD_INPUT


def test_days_without_work_have_an_empty_state(newcomer: CommandLine) -> None:
    outcome = newcomer.run("log")

    assert outcome.out == "No screen work is recorded from 2026-11-14 to 2026-11-20.\n"


def test_added_work_is_kept_and_named_as_added(newcomer: CommandLine) -> None:
    newcomer.run("log", "add", "2026-11-19T18:00", "19:30", "--place", "home")

    (session,) = newcomer.json("log")["sessions"]
    assert session == {
        "number": 1,
        "start": "2026-11-19T18:00:00+01:00",
        "end": "2026-11-19T19:30:00+01:00",
        "place": "home",
        "workstation": "fixed",
        "confirmed": True,
        "source": "added",
        "measured": None,
        "changed": {"by": "employee", "at": "2026-11-20T15:30:00+01:00"},
    }


def test_work_that_is_not_done_yet_cannot_be_added(newcomer: CommandLine) -> None:
    outcome = newcomer.run("log", "add", "15:00", "16:00")

    assert outcome.code == ExitCode.BAD_INPUT
    assert newcomer.json("log")["sessions"] == []


def test_work_that_would_be_deleted_the_next_day_is_not_added(newcomer: CommandLine) -> None:
    # Four months and a week are kept: on 20 November that is from 13 July.
    last = newcomer.run("log", "add", "2026-07-13T08:00", "2026-07-13T09:00")
    older = newcomer.run("log", "add", "2026-07-12T22:00", "2026-07-12T23:59")

    assert (last.code, older.code) == (ExitCode.DONE, ExitCode.BAD_INPUT)
    assert "Work that ended before 2026-07-13 is not kept" in older.errors


def test_an_end_before_the_start_is_refused(newcomer: CommandLine) -> None:
    outcome = newcomer.run("log", "add", "2026-11-19T22:00", "00:30")

    assert outcome.code == ExitCode.BAD_INPUT
    assert "A time after midnight needs its date" in outcome.errors
    assert newcomer.json("log")["sessions"] == []


def test_a_time_that_the_clocks_showed_twice_is_refused_with_both_offsets(newcomer: CommandLine) -> None:
    outcome = newcomer.run("log", "add", "2026-10-25T02:30", "2026-10-25T04:00")

    assert outcome.code == ExitCode.BAD_INPUT
    assert "2026-10-25T02:30:00+02:00" in outcome.errors
    assert "2026-10-25T02:30:00+01:00" in outcome.errors


def test_a_time_that_the_clocks_left_out_is_refused(newcomer: CommandLine) -> None:
    outcome = newcomer.run("log", "add", "2026-03-29T02:30", "2026-03-29T04:00")

    assert outcome.code == ExitCode.BAD_INPUT
    assert "does not exist in Europe/Copenhagen" in outcome.errors


def test_a_doubled_time_with_its_offset_is_taken(newcomer: CommandLine) -> None:
    added = newcomer.json("log", "add", "2026-10-25T02:30+01:00", "2026-10-25T04:00")

    assert added["start"] == "2026-10-25T02:30:00+01:00"


def test_an_edit_stands_against_the_measurement(person: CommandLine) -> None:
    edited = person.json("log", "edit", "90", "--end", "12:10", "--place", "elsewhere")

    assert (edited["end"], edited["place"], edited["source"]) == ("2026-11-20T12:10:00+01:00", "elsewhere", "corrected")
    assert person.json("today")["sessions"][0]["end"] == "2026-11-20T12:10:00+01:00"


def test_an_edit_without_a_change_is_refused(person: CommandLine) -> None:
    outcome = person.run("log", "edit", "90")

    assert outcome.code == ExitCode.BAD_INPUT
    assert "--end" in outcome.errors


def test_a_session_can_be_called_uncertain_and_confirmed_again(person: CommandLine) -> None:
    person.run("log", "edit", "90", "--not-sure")
    uncertain = person.run("today").out
    person.run("log", "edit", "90", "--work")

    assert "was it work?" in uncertain
    assert "fyraften log edit 90 --work" in uncertain
    assert "was it work?" not in person.run("today").out


def test_a_removed_session_is_left_out(person: CommandLine) -> None:
    outcome = person.run("log", "remove", "90")

    assert outcome.out.splitlines()[0] == "Session 90 is left out from now on."
    assert [session["number"] for session in person.json("log", "--from", "2026-11-20")["sessions"]] == [91]


def test_a_session_that_does_not_exist_is_told(person: CommandLine) -> None:
    outcomes = [person.run("log", "remove", "4711"), person.run("log", "edit", "4711", "--work")]

    assert [outcome.code for outcome in outcomes] == [ExitCode.BAD_INPUT] * 2
    assert "4711" in outcomes[0].errors


def test_a_place_that_does_not_exist_is_told_with_the_kinds(newcomer: CommandLine) -> None:
    outcome = newcomer.run("log", "add", "10:00", "11:00", "--place", "hmoe")

    assert outcome.code == ExitCode.BAD_INPUT
    assert "home" in outcome.errors


def test_work_in_another_zone_is_shown_in_its_own_time(newcomer: CommandLine) -> None:
    abroad = CommandLine(newcomer.paths, FixedClock("2026-11-20T15:30", "Europe/London"))
    abroad.run("log", "add", "09:00", "10:00")

    outcome = newcomer.run("log")

    assert "09:00–10:00 Europe/London" in outcome.out


# Versions, undo


def test_measured_and_corrected_stand_side_by_side(person: CommandLine) -> None:
    person.run("log", "edit", "90", "--end", "12:10")

    outcome = person.run("log", "--from", "2026-11-20")
    document = person.json("log", "--from", "2026-11-20")["sessions"][0]

    assert "      measured: 08:05–11:52; corrected by you on 2026-11-20 15:30" in outcome.out
    assert document["measured"] == {"start": "2026-11-20T08:05:00+01:00", "end": "2026-11-20T11:52:00+01:00"}
    assert document["changed"] == {"by": "employee", "at": "2026-11-20T15:30:00+01:00"}


def test_every_version_is_shown_with_who_and_when(person: CommandLine) -> None:
    person.run("log", "edit", "90", "--end", "12:10")
    person.run("log", "edit", "90", "--place", "elsewhere")
    person.run("log", "remove", "90")

    versions = person.json("log", "show", "90")["versions"]

    assert [(one["what"], one["by"], one["end"][11:16], one["place"]) for one in versions] == [
        ("measured", None, "11:52", "home"),
        ("corrected", "employee", "12:10", "home"),
        ("corrected", "employee", "12:10", "elsewhere"),
        ("removed", "employee", "12:10", "elsewhere"),
    ]
    assert "left out by you" in person.run("log", "show", "90").out


def test_the_version_in_which_somebody_was_not_sure_says_so(person: CommandLine) -> None:
    person.run("log", "edit", "90", "--not-sure")
    person.run("log", "edit", "90", "--work")

    measured, not_sure, sure = person.run("log", "show", "90").out.splitlines()[1:]

    assert "corrected by you; was it work?" in not_sure
    assert "was it work?" not in measured + sure


def test_work_until_midnight_is_written_and_shown_as_24(newcomer: CommandLine) -> None:
    newcomer.run("log", "add", "2026-11-19T22:00", "24:00")

    assert "22:00–24:00  2 h" in newcomer.run("log").out
    assert newcomer.json("log")["sessions"][0]["end"] == "2026-11-20T00:00:00+01:00"


def test_each_version_has_its_date_and_the_zone_of_its_place(newcomer: CommandLine) -> None:
    newcomer.run("log", "add", "2026-11-19T08:00", "12:00")
    newcomer.run("log", "edit", "1", "--start", "2026-11-18T08:00", "--end", "2026-11-18T11:00")
    abroad = CommandLine(newcomer.paths, FixedClock(NOW, "America/New_York"))

    shown, seen_abroad = newcomer.run("log", "show", "1").out, abroad.run("log", "show", "1").out

    assert "  2026-11-19  08:00–12:00  4 h" in shown
    assert "  2026-11-18  08:00–11:00  3 h" in shown
    assert "  2026-11-18  08:00–11:00 Europe/Copenhagen  3 h" in seen_abroad
    assert "Europe/Copenhagen" not in shown


def test_undo_goes_back_step_by_step_to_what_was_measured(person: CommandLine) -> None:
    before = person.json("log", "--from", "2026-11-20")
    person.run("log", "edit", "90", "--end", "12:10", "--not-sure")
    corrected = person.json("log", "--from", "2026-11-20")
    person.run("log", "remove", "90")

    first = person.json("log", "undo")
    assert (first["undone"], first["corrections_left"]) == (90, 1)
    assert person.json("log", "--from", "2026-11-20") == corrected

    last = person.json("log", "undo", "90")
    assert (last["undone"], last["corrections_left"]) == (90, 0)
    assert person.json("log", "--from", "2026-11-20") == before


def test_a_session_without_a_word_on_it_has_one_version(person: CommandLine) -> None:
    (version,) = person.json("log", "show", "90")["versions"]

    assert (version["what"], version["by"], version["end"][11:16]) == ("measured", None, "11:52")


def test_undoing_an_addition_leaves_no_trace_of_it(newcomer: CommandLine) -> None:
    newcomer.run("log", "add", "10:00", "11:00", "--place", "home")
    newcomer.run("log", "edit", "1", "--end", "11:30")

    outcomes = [newcomer.run("log", "undo", "1"), newcomer.run("log", "undo", "1")]

    assert "is gone" in outcomes[1].out
    assert newcomer.json("log")["sessions"] == []
    assert newcomer.run("log", "undo", "1").code == ExitCode.BAD_INPUT


def test_without_a_correction_there_is_nothing_to_take_back(person: CommandLine) -> None:
    outcome = person.run("log", "undo")

    assert (outcome.code, outcome.out) == (ExitCode.DONE, "There is no correction to take back.\n")


def test_several_sessions_are_confirmed_at_once_or_none(person: CommandLine) -> None:
    person.run("log", "edit", "90", "--not-sure")
    person.run("log", "edit", "91", "--not-sure")

    refused = person.run("log", "confirm", "90", "4711")
    still = [one["confirmed"] for one in person.json("log", "--from", "2026-11-20")["sessions"]]
    person.run("log", "confirm", "90", "91")

    assert (refused.code, still) == (ExitCode.BAD_INPUT, [False, False])
    assert [one["confirmed"] for one in person.json("log", "--from", "2026-11-20")["sessions"]] == [True, True]


def test_a_session_that_never_was_has_no_versions(person: CommandLine, nobody: CommandLine) -> None:
    outcomes = [person.run("log", "show", "4711"), nobody.run("log", "show", "4711"), person.run("log", "undo", "4711")]

    assert [outcome.code for outcome in outcomes] == [ExitCode.BAD_INPUT] * 3
