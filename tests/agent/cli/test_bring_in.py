"""``fyraften import``: a full copy, a table, ActivityWatch; twice, tried out, and with what stays out."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest

from agent_records import NOW, FixedClock, give_consent, small_home
from command_line import CommandLine
from fyraften_agent.cli import run_command
from fyraften_agent.cli.exit_codes import ExitCode

TABLE = "start,end,place\n2026-11-18T08:00,2026-11-18T10:30,home\n2026-11-19T08:00,2026-11-19T10:30,\n"


@pytest.fixture
def table(tmp_path: Path) -> str:
    (tmp_path / "hours.csv").write_text(TABLE, encoding="utf-8")
    return str(tmp_path / "hours.csv")


@pytest.fixture
def other(tmp_path: Path) -> CommandLine:
    """The same person on a new computer, who has agreed to recording."""
    line = CommandLine(small_home(tmp_path / "other"), FixedClock(NOW))
    give_consent(line.paths, line.clock.now() - 60)
    return line


def test_a_table_comes_in_once(newcomer: CommandLine, table: str) -> None:
    first, second = newcomer.json("import", table), newcomer.json("import", table)

    assert (first["sessions"], first["there_already"], first["skipped"]) == (2, 0, [])
    assert (second["sessions"], second["there_already"], second["skipped"]) == (0, 2, [])
    assert [one["source"] for one in newcomer.json("log")["sessions"]] == ["imported", "imported"]


def test_a_session_without_a_place_gets_the_one_that_is_named(newcomer: CommandLine, table: str) -> None:
    newcomer.run("import", table, "--place", "elsewhere")

    assert [one["place"] for one in newcomer.json("log")["sessions"]] == ["home", "elsewhere"]


def test_trying_it_out_changes_nothing_and_needs_no_consent(nobody: CommandLine, table: str) -> None:
    tried = nobody.json("import", table, "--dry-run")

    assert (tried["dry_run"], tried["sessions"]) == (True, 2)
    assert not nobody.paths.folder.exists()


def test_trying_it_out_on_records_leaves_them_as_they_are(person: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("start,end\n2026-11-21T08:00,2026-11-21T09:00\n2026-11-15T08:00,2026-11-15T09:00\n")
    before = person.json("log", "--from", "2026-09-01")

    tried = person.run("import", str(tmp_path / "a.csv"), "--dry-run")

    assert "Sessions that would come in: 1. There already: 0. Left out: 1. Nothing was changed." in tried.out
    assert "2: it ends later than now" in tried.out
    assert person.json("log", "--from", "2026-09-01") == before


def test_without_consent_to_recording_nothing_comes_in(nobody: CommandLine, table: str) -> None:
    assert nobody.run("import", table).code == ExitCode.NO_CONSENT
    assert not nobody.paths.folder.exists()


def test_what_is_recorded_already_is_not_written_over(person: CommandLine, table: str) -> None:
    outcome = person.run("import", table)

    assert "Left out: 2." in outcome.out
    assert "  2: it overlaps with what is recorded already" in outcome.out


def test_what_the_person_left_out_does_not_come_back_through_another_program(
    person: CommandLine, tmp_path: Path
) -> None:
    person.run("export", str(tmp_path / "a.json"), "--from", "2026-11-20")
    person.run("log", "remove", "90")

    again = person.json("import", str(tmp_path / "a.json"))

    assert again["sessions"] == 0
    assert len(again["skipped"]) == 2


def test_a_name_out_of_a_file_is_shown_and_cannot_steer_the_terminal(newcomer: CommandLine, tmp_path: Path) -> None:
    table = "start,end,place,place_label,\x1b[2Jx\n2026-11-18T08:00,2026-11-18T10:30,home,\x1b[31m\x9b1m\u202eden,\n"
    (tmp_path / "a.csv").write_text(table, encoding="utf-8")

    told = newcomer.run("import", str(tmp_path / "a.csv"))
    shown, document = newcomer.run("log"), newcomer.run("log", "--json")
    refused = newcomer.run("import", str(tmp_path / "\x1b[2J.csv"))

    every = told.out + shown.out + document.out + refused.errors
    assert "�[2Jx" in told.out
    assert not {"\x1b", "\x9b", "\u202e"} & set(every)
    assert json.loads(document.out)


def test_what_cannot_be_read_is_told_in_the_language_of_the_reader(newcomer: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("start,end\n2026-10-25T02:30,2026-10-25T04:00\n")
    (tmp_path / "b.csv").write_text("start,end\n" + "x" * 200_000 + ",y\n")

    twice, long, none = (
        newcomer.run("--language", "da", "import", str(tmp_path / name)) for name in ("a.csv", "b.csv", "c.csv")
    )

    assert "findes to gange i Europe/Copenhagen" in twice.out
    assert "der er ingen sådan fil eller mappe" in none.errors
    assert (long.code, "field" in long.errors) == (ExitCode.BAD_INPUT, False)


def test_pieces_that_overlap_in_the_file_alone_are_told_so(newcomer: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("start,end\n2026-11-18T08:00,2026-11-18T10:00\n2026-11-18T09:00,2026-11-18T11:00\n")

    skipped = newcomer.json("import", str(tmp_path / "a.csv"))["skipped"]

    assert [one["reason"] for one in skipped] == ["it overlaps with another in the file"]


def test_what_is_too_old_to_be_kept_stays_out(newcomer: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("start,end\n2026-07-01T08:00,2026-07-01T09:00\n")

    outcome = newcomer.json("import", str(tmp_path / "a.csv"))

    assert outcome["skipped"] == [{"where": "2", "reason": "it is older than what is kept"}]


def test_a_longer_export_of_activitywatch_goes_on_with_what_came_before(newcomer: CommandLine, tmp_path: Path) -> None:
    def export(name: str, minutes: int) -> str:
        event = {"timestamp": "2026-11-20T08:00:00+00:00", "duration": minutes * 60, "data": {"status": "not-afk"}}
        bucket = {"id": "aw-watcher-afk_secret-host", "type": "afkstatus", "events": [event]}
        (tmp_path / name).write_text(json.dumps({"buckets": {"b": bucket}}))
        return str(tmp_path / name)

    newcomer.run("import", export("a.json", 60))
    longer = newcomer.json("import", export("b.json", 90))

    assert longer["sessions"] == 1
    (session,) = newcomer.json("log")["sessions"]
    assert (session["start"], session["end"]) == ("2026-11-20T09:00:00+01:00", "2026-11-20T10:30:00+01:00")
    assert all(b"secret-host" not in path.read_bytes() for path in newcomer.paths.folder.rglob("*") if path.is_file())


def test_a_full_copy_moves_a_person_to_another_computer(
    person: CommandLine, other: CommandLine, tmp_path: Path
) -> None:
    person.run("log", "edit", "90", "--end", "12:10", "--place", "elsewhere")
    person.run("log", "remove", "85")
    person.run("export", str(tmp_path / "all.zip"))

    moved = other.json("import", str(tmp_path / "all.zip"))
    again = other.json("import", str(tmp_path / "all.zip"))

    assert (moved["sessions"], moved["skipped"]) == (91, [])
    assert (again["sessions"], again["other_rows"], again["skipped"]) == (0, 0, [])

    def all_days(line: CommandLine) -> list[dict[str, object]]:
        sessions = line.json("log", "--from", "2026-09-01")["sessions"]
        return [{**one, "number": 0, "end": one["end"] or "2026-11-20T15:30:00+01:00"} for one in sessions]

    assert all_days(other) == all_days(person)
    assert other.json("log", "show", "90")["versions"] == person.json("log", "show", "90")["versions"]


def test_a_full_copy_brings_no_consent(nobody: CommandLine, person: CommandLine, tmp_path: Path) -> None:
    person.run("export", str(tmp_path / "all.zip"))
    stranger = CommandLine(small_home(tmp_path / "stranger"), FixedClock(NOW))

    assert stranger.run("import", str(tmp_path / "all.zip")).code == ExitCode.NO_CONSENT
    assert not stranger.paths.folder.exists()


@pytest.mark.parametrize("harm", ["cut", "changed", "other", "empty"])
def test_a_copy_that_is_not_whole_is_refused_as_a_whole(person: CommandLine, tmp_path: Path, harm: str) -> None:
    path = tmp_path / "all.zip"
    person.run("export", str(path))
    whole = path.read_bytes()
    if harm == "cut":
        path.write_bytes(whole[: len(whole) // 2])
    elif harm == "empty":
        path.write_bytes(b"PK")
    else:
        with zipfile.ZipFile(io.BytesIO(whole)) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
        name, old, new = ("records.json", b"Flat", b"Fort") if harm == "changed" else ("manifest.json", b"/1", b"/9")
        files[name] = files[name].replace(old, new)
        with zipfile.ZipFile(path, "w") as archive:
            for each, content in files.items():
                archive.writestr(each, content)

    outcome = person.run("import", str(path))

    assert outcome.code == ExitCode.BAD_INPUT
    assert "full copy" in outcome.errors


def test_a_file_that_cannot_be_read_is_told(newcomer: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "latin.csv").write_bytes("start,end,é\n".encode("latin-1"))
    outcomes = [
        newcomer.run("import", str(tmp_path / "nowhere.csv")),
        newcomer.run("import", str(tmp_path)),
        newcomer.run("import", str(tmp_path / "latin.csv")),
        newcomer.run("import", str(newcomer.paths.ledger)),
        newcomer.run("import", str(tmp_path / "latin.csv"), "--zone", "Mars/Olympus"),
    ]

    assert [outcome.code for outcome in outcomes] == [ExitCode.BAD_INPUT] * 5


def test_at_a_terminal_it_shows_how_far_it_is(newcomer: CommandLine, table: str) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    errors = Terminal()
    environ = {"FYRAFTEN_HOME": str(newcomer.paths.folder)}
    run_command(["import", table], environ, newcomer.clock, io.StringIO(), errors, io.StringIO())

    assert errors.getvalue().endswith("2 of 2\n")
