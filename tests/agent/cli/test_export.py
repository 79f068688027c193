"""``fyraften export``: the person's own data as files that other programs read."""

from __future__ import annotations

import csv
import io
import json
import stat
import zipfile
from pathlib import Path

from icalendar import Calendar

from command_line import CommandLine
from fyraften_agent.cli import run_command
from fyraften_agent.cli.exit_codes import ExitCode
from fyraften_agent.recording.activity import Changes, MeasuredSession
from fyraften_agent.store.store import Store


class Screen(io.StringIO):
    """A terminal."""

    def isatty(self) -> bool:
        return True


def test_a_table_holds_every_session_in_utc(person: CommandLine, tmp_path: Path) -> None:
    outcome = person.run("export", str(tmp_path / "work.csv"))

    rows = list(csv.DictReader((tmp_path / "work.csv").read_text(encoding="utf-8").splitlines()))
    assert outcome.code == ExitCode.DONE
    assert f"Sessions in it: {len(rows)}." in outcome.out
    assert (rows[0]["start"], rows[0]["end"]) == ("2026-09-21T06:00:00Z", "2026-09-21T10:00:00Z")
    assert (rows[0]["place"], rows[0]["place_label"]) == ("home", "Flat")


def test_a_file_is_for_the_person_alone(person: CommandLine, tmp_path: Path) -> None:
    person.run("export", str(tmp_path / "work.csv"))

    assert stat.S_IMODE((tmp_path / "work.csv").stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.glob(".work.csv*")] == []


def test_a_table_of_some_days_holds_those_alone(person: CommandLine, tmp_path: Path) -> None:
    answer = person.json("export", str(tmp_path / "a.csv"), "--from", "2026-11-18", "--to", "2026-11-18")

    assert (answer["sessions"], answer["format"], answer["from"]) == (3, "csv", "2026-11-18")


def test_what_was_measured_stands_beside_a_correction(person: CommandLine, tmp_path: Path) -> None:
    person.run("log", "edit", "90", "--end", "12:10")

    person.run("export", str(tmp_path / "a.csv"), "--from", "2026-11-20")

    row = next(csv.DictReader((tmp_path / "a.csv").read_text(encoding="utf-8").splitlines()))
    assert (row["end"], row["measured_end"]) == ("2026-11-20T11:10:00Z", "2026-11-20T10:52:00Z")
    assert (row["source"], row["changed_by"]) == ("corrected", "employee")


def test_activitywatch_gets_a_bucket_of_its_own_form(person: CommandLine, tmp_path: Path) -> None:
    person.run("export", str(tmp_path / "a.json"), "--from", "2026-11-18", "--to", "2026-11-18")

    (bucket,) = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))["buckets"].values()
    worked = [event for event in bucket["events"] if event["data"] == {"status": "not-afk"}]
    assert (bucket["type"], bucket["hostname"], len(worked)) == ("afkstatus", "unknown", 3)
    assert (worked[0]["timestamp"], worked[0]["duration"]) == ("2026-11-18T07:15:00+00:00", 13_500.0)


def test_of_private_time_that_goes_on_what_is_to_come_is_not_told(person: CommandLine, tmp_path: Path) -> None:
    person.run("private")
    person.run("hours", "mon-fri", "07:00-14:00", "--free")

    person.run("export", str(tmp_path / "a.json"))

    (bucket,) = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))["buckets"].values()
    assert all(event["timestamp"] <= "2026-11-20T14:30:00" for event in bucket["events"])


def test_a_calendar_has_an_event_for_each_session_that_others_do_not_see(person: CommandLine, tmp_path: Path) -> None:
    person.run("export", str(tmp_path / "a.ics"), "--from", "2026-11-18", "--to", "2026-11-18")

    events = Calendar.from_ical((tmp_path / "a.ics").read_bytes()).walk("VEVENT")
    assert [str(event["summary"]) for event in events] == ["Screen work: Flat"] * 3
    assert {(str(event["class"]), str(event["transp"])) for event in events} == {("PRIVATE", "TRANSPARENT")}


def test_a_single_input_is_an_event_without_an_end(newcomer: CommandLine, tmp_path: Path) -> None:
    # RFC 5545, 3.8.2.2: an end has to be later than the start.
    now = newcomer.clock.now()
    with Store.open(newcomer.paths.work) as store:
        sessions = (MeasuredSession(1, now - 600, now - 600, False), MeasuredSession(2, now - 300, now - 240, False))
        store.write_measured(Changes(sessions=sessions), "Europe/Copenhagen", None)
    newcomer.run("export", str(tmp_path / "a.ics"))

    events = Calendar.from_ical((tmp_path / "a.ics").read_bytes()).walk("VEVENT")

    assert [("DTSTART" in one, "DTEND" in one) for one in events] == [(True, False), (True, True)]


def test_an_event_keeps_its_identity_when_it_is_corrected(person: CommandLine, tmp_path: Path) -> None:
    def identities(name: str) -> list[str]:
        person.run("export", str(tmp_path / name))
        return [str(one["uid"]) for one in Calendar.from_ical((tmp_path / name).read_bytes()).walk("VEVENT")]

    before = identities("a.ics")
    person.run("log", "edit", "90", "--end", "12:10", "--start", "08:00")

    assert identities("b.ics") == before
    assert len(set(before)) == len(before)


def test_a_full_copy_holds_records_consents_and_what_was_sent_but_no_mark_of_a_network(
    person: CommandLine, tmp_path: Path
) -> None:
    person.run("export", str(tmp_path / "all.zip"))

    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        content = {name: archive.read(name).decode() for name in archive.namelist()}
    assert set(content) == {
        *("manifest.json", "README.txt", "records.json", "sessions.csv", "sent.json", "consents.json")
    }
    consent = json.loads(content["consents.json"])[-1]
    assert (consent["purpose"], consent["text"]) == ("recording", "The text that was shown.")
    assert "a" * 64 not in "".join(content.values())


def test_an_export_to_a_pipe_is_the_content_alone(person: CommandLine) -> None:
    outcome = person.run("export", "-", "--format", "csv", "--from", "2026-11-20")

    assert outcome.out.startswith("number,start,end,zone,")
    assert len(outcome.out.splitlines()) == 3


def test_a_file_that_is_there_is_kept(person: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("mine", encoding="utf-8")

    outcome = person.run("export", str(tmp_path / "a.csv"))

    assert outcome.code == ExitCode.BAD_INPUT
    assert "--replace" in outcome.errors
    assert (tmp_path / "a.csv").read_text(encoding="utf-8") == "mine"
    assert person.run("export", str(tmp_path / "a.csv"), "--replace").code == ExitCode.DONE


def test_a_folder_is_not_called_a_file_that_could_be_replaced(person: CommandLine, tmp_path: Path) -> None:
    outcome = person.run("export", str(tmp_path), "--format", "csv", "--replace")

    assert outcome.code == ExitCode.BAD_INPUT
    assert "is a folder" in outcome.errors
    assert "--replace" not in outcome.errors


def test_a_full_copy_is_not_thrown_at_a_terminal(person: CommandLine) -> None:
    out, errors = Screen(), io.StringIO()
    environ = {"FYRAFTEN_HOME": str(person.paths.folder)}

    code = run_command(("export", "-", "--format", "zip"), environ, person.clock, out, errors, io.StringIO())

    assert (code, out.getvalue()) == (ExitCode.BAD_INPUT, "")
    assert "no text for a terminal" in errors.getvalue()


def test_a_folder_that_is_not_there_is_told(person: CommandLine, tmp_path: Path) -> None:
    outcome = person.run("export", str(tmp_path / "nowhere" / "a.csv"))

    assert outcome.code == ExitCode.STORAGE_FAILED
    assert "Nothing was written" in outcome.errors


def test_without_records_a_file_is_written_and_said_to_be_empty(nobody: CommandLine, tmp_path: Path) -> None:
    outcomes = [nobody.run("export", str(tmp_path / f"a.{form}")) for form in ("csv", "json", "ics", "zip")]

    assert [outcome.code for outcome in outcomes] == [ExitCode.DONE] * 4
    assert all("it holds no session" in outcome.out for outcome in outcomes)
    assert not nobody.paths.folder.exists()


def test_a_calendar_without_a_session_is_a_calendar_all_the_same(nobody: CommandLine, tmp_path: Path) -> None:
    nobody.run("export", str(tmp_path / "empty.ics"))

    calendar = Calendar.from_ical((tmp_path / "empty.ics").read_bytes())

    assert calendar.walk("VEVENT") == []
    assert len(calendar.subcomponents) == 1  # RFC 5545, 3.6: at least one component
    assert calendar.errors == []


def test_a_form_that_nobody_can_guess_is_asked_for(person: CommandLine, tmp_path: Path) -> None:
    outcomes = [
        person.run("export", str(tmp_path / "work")),
        person.run("export", str(tmp_path / "a.zip"), "--from", "2026-11-01"),
        person.run("export", str(tmp_path / "a.csv"), "--from", "2026-11-02", "--to", "2026-11-01"),
        person.run("export", "-", "--format", "csv", "--json"),
    ]

    assert [outcome.code for outcome in outcomes] == [ExitCode.BAD_INPUT] * 4
    assert list(tmp_path.glob("*.*")) == []
