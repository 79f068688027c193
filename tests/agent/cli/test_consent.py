"""``fyraften consent``: given by a person at a terminal and in no other way; taken back at once."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pexpect
import pytest

from command_line import CommandLine
from fyraften_agent.consent import ledger_file
from fyraften_agent.consent.keys import Keys, SigningKey
from fyraften_agent.consent.ledger import PURPOSES
from fyraften_agent.consent.ledger_store import Consents, Ledger
from fyraften_agent.consent.texts import Kept, recording_text, sending_text
from fyraften_agent.paths import Paths
from fyraften_agent.processes import control
from fyraften_agent.processes.local_socket import SocketListener
from fyraften_agent.sending.enrolment import Enrolments, Service, agreed_service, withdraw
from fyraften_agent.sending.outbox import Outbox
from fyraften_agent.store.keeping import KEPT_DAYS, KEPT_MONTHS
from fyraften_agent.verify_ledger import verify
from fyraften_policy import wire
from fyraften_policy.languages import translator
from lying_server import Asked, LyingServer, answer, says

SERVICE = Service("Havn A/S", "hr@havn.example", ("group", "duty"), 12, SigningKey(bytes(32)).public, None)
GROUP = "fyraften.group.weekly/1"


class Terminal:
    """``fyraften consent give`` at a real terminal, with a folder of its own."""

    def __init__(self, folder: Path, *words: str) -> None:
        environ = {**os.environ, "FYRAFTEN_HOME": str(folder), "TZ": "Europe/Copenhagen", "LC_ALL": "C.UTF-8"}
        self.process = pexpect.spawn(
            sys.executable,
            ["-m", "fyraften_agent.cli", "consent", "give", *words],
            env=environ,
            encoding="utf-8",
            timeout=30,
            dimensions=(200, 160),
        )

    def word(self) -> str:
        """Wait for the question and return the word it asks for."""
        self.process.expect(r"type the word (\w+) and press")
        return str(self.process.match[1])

    def end(self) -> int:
        self.process.expect(pexpect.EOF)
        self.process.close()
        return int(self.process.exitstatus or 0)


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths(tmp_path / "fyraften")


def test_typing_the_word_gives_consent_and_makes_the_key(paths: Paths) -> None:
    terminal = Terminal(paths.folder, "recording")
    word = terminal.word()
    assert not paths.folder.exists()  # asking leaves no trace
    terminal.process.sendline(word)

    assert terminal.end() == 0
    assert Consents(paths).is_given("recording", verify(paths)[-1].at)
    assert [event.kind for event in verify(paths)] == ["notice_shown", "given"]


def test_case_and_spaces_around_the_word_do_not_matter(paths: Paths) -> None:
    terminal = Terminal(paths.folder, "recording")
    terminal.process.sendline(f"  {terminal.word().upper()} ")

    assert terminal.end() == 0


@pytest.mark.parametrize("typed", ["", "yes", "y", "ja", "word", "the word"])
def test_anything_else_declines_and_leaves_no_trace(paths: Paths, typed: str) -> None:
    terminal = Terminal(paths.folder, "recording")
    terminal.word()
    terminal.process.sendline(typed)

    assert terminal.end() == 3
    assert not paths.folder.exists()


def test_leaving_with_ctrl_c_or_ctrl_d_is_no_consent(paths: Paths) -> None:
    for leave in ("sendintr", "sendeof"):
        terminal = Terminal(paths.folder, "recording")
        terminal.word()
        getattr(terminal.process, leave)()

        assert terminal.end() in (3, 130)
    assert not paths.folder.exists()


def test_the_word_is_another_each_time(paths: Paths) -> None:
    words = set()
    for _ in range(4):
        terminal = Terminal(paths.folder, "recording")
        words.add(terminal.word())
        terminal.process.sendline("no")
        terminal.end()

    assert len(words) > 1


@pytest.mark.parametrize("purpose", PURPOSES)
def test_what_comes_through_a_pipe_is_refused(paths: Paths, purpose: str) -> None:
    every_word = "\n".join(["yes", "birk", "sol", "vind"] * 100)
    done = subprocess.run(
        [sys.executable, "-m", "fyraften_agent.cli", "consent", "give", purpose],
        input=every_word,
        env={**os.environ, "FYRAFTEN_HOME": str(paths.folder), "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 3
    assert done.stderr.count("\n") == 1
    assert f"fyraften consent give {purpose}" in done.stderr
    assert not paths.folder.exists()


def test_a_terminal_on_one_side_is_not_enough(paths: Paths) -> None:
    program = f"{sys.executable} -m fyraften_agent.cli consent give recording"
    environ = {**os.environ, "FYRAFTEN_HOME": str(paths.folder), "LC_ALL": "C.UTF-8"}
    for shell in (f"echo birk | {program}", f"{program} | cat; exit ${{PIPESTATUS[0]}}"):
        terminal = pexpect.spawn("/bin/bash", ["-c", shell], env=environ, encoding="utf-8", timeout=30)
        terminal.expect(pexpect.EOF)
        terminal.close()

        assert terminal.exitstatus == 3, shell
    assert not paths.folder.exists()


def test_declining_after_an_earlier_consent_is_recorded(paths: Paths) -> None:
    terminal = Terminal(paths.folder, "recording")
    terminal.process.sendline(terminal.word())
    terminal.end()
    with Ledger.open(paths) as ledger:
        ledger.append("withdrawn", "recording", verify(paths)[-1].at)
    again = Terminal(paths.folder, "recording")
    again.word()
    again.process.sendline("no")

    assert again.end() == 3
    assert Consents(paths).state("recording", verify(paths)[-1].at).state == "refused"


def test_declining_to_renew_takes_nothing_back(paths: Paths) -> None:
    for typed, code in ((None, 0), ("no", 3)):
        terminal = Terminal(paths.folder, "recording")
        terminal.process.sendline(typed or terminal.word())
        assert terminal.end() == code

    assert Consents(paths).is_given("recording", verify(paths)[-1].at)


def test_the_text_agreed_to_is_kept_whole(paths: Paths) -> None:
    terminal = Terminal(paths.folder, "recording")
    word = terminal.word()
    shown = " ".join(str(terminal.process.before).split())
    terminal.process.sendline(word)
    terminal.end()
    with Ledger.open(paths) as ledger:
        event = ledger.events()[-1]
        text = ledger.text(event.details["text_sha256"])

    assert text is not None
    assert " ".join(text.split()) in shown


@pytest.mark.parametrize("language", ["en", "da", "nb"])
def test_the_text_on_recording_says_everything_it_must(language: str) -> None:
    _ = translator("fyraften_agent", language)
    text = "\n".join(recording_text(Kept("/home/bo/work.sqlite3", KEPT_MONTHS, KEPT_DAYS), _))

    for words in (
        "/home/bo/work.sqlite3",
        str(KEPT_MONTHS),
        "X11",
        "fyraften pause",
        "fyraften consent withdraw recording",
        "fyraften log",
        "Datatilsynet",
        "6",
        "12",
    ):
        assert words in text


@pytest.mark.parametrize("language", ["en", "da", "nb"])
@pytest.mark.parametrize("purpose", wire.purposes())
def test_the_text_on_sending_names_every_field_and_every_point_of_law(language: str, purpose: str) -> None:
    _ = translator("fyraften_agent", language)
    report = next(one for one in wire.reports() if one.purpose == purpose)
    text = "\n".join(sending_text(purpose, SERVICE, "https://havn.example", language, _))

    wanted = [SERVICE.organisation, SERVICE.contact, "https://havn.example", SERVICE.fingerprint, "Datatilsynet", "12"]
    wanted += [report.keep[language], report.basis[language].rstrip("."), report.seen_by[language].rstrip(".")]
    wanted += [f"{field.name}: {field.meaning[language]}" for field in report.fields]
    wanted += [value for field in report.fields for value in field.values]
    for words in wanted:
        assert words in text, words


def test_the_text_on_groups_names_the_smallest_group() -> None:
    text = "\n".join(sending_text("group", SERVICE, "https://havn.example", "en", str))

    assert "from 12 contributors on" in text
    assert "one row of yours" in text
    assert "Somebody who administers the database itself could read it" in text


# Showing


def test_nothing_agreed_shows_nothing_and_makes_nothing(nobody: CommandLine) -> None:
    outcome = nobody.run("consent", "show")

    assert outcome.code == 0
    assert "not asked" in outcome.out
    assert nobody.json("consent")["events"] == []
    assert not nobody.paths.folder.exists()


def test_state_and_history_are_shown_and_verified(newcomer: CommandLine) -> None:
    document = newcomer.json("consent", "show")

    assert [one["state"] for one in document["consents"]] == ["given", "none", "none", "none", "none"]
    assert [event["kind"] for event in document["events"]] == ["notice_shown", "given"]
    assert "you agreed" in newcomer.run("consent", "show").out


def test_rules_that_the_program_fetched_are_not_said_to_have_been_shown(newcomer: CommandLine) -> None:
    with Ledger.open(newcomer.paths) as ledger:
        ledger.give("duty", newcomer.clock.now(), "text", "en", 1)
        ledger.append("policy_seen", "duty", newcomer.clock.now(), {"accepted": True, "number": 1})
        ledger.append("policy_seen", "duty", newcomer.clock.now(), {"accepted": False, "problem": "x"})
    shown = " ".join(newcomer.run("consent", "show").out.split())

    assert "they go no further than you agreed to" in shown
    assert "were fetched and not accepted" in shown
    assert "shown the employer's rules" not in shown


def test_a_tampered_ledger_is_named_and_not_shown_as_consent(newcomer: CommandLine) -> None:
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(newcomer.paths.ledger)) as connection:
        connection.execute("DROP TRIGGER events_stay")
        connection.execute("UPDATE events SET signature = zeroblob(64) WHERE number = 2")
        connection.commit()
    outcome = newcomer.run("consent", "show")

    assert outcome.code == 6
    assert "Event 2" in outcome.errors
    assert outcome.out == ""


# Taking back


def test_taking_back_needs_no_word_and_no_terminal(newcomer: CommandLine) -> None:
    outcome = newcomer.run("consent", "withdraw", "recording")

    assert outcome.code == 0
    assert "Nothing is recorded any more" in outcome.out
    assert not Consents(newcomer.paths).is_given("recording", newcomer.clock.now())


@pytest.fixture
def silent_agent(newcomer: CommandLine, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Something that holds the control channel and answers nobody, as an agent that was stopped does."""
    monkeypatch.setattr(control, "_ANSWER_SECONDS", 0.1)
    listener = SocketListener(newcomer.paths.control, backlog=8)
    yield
    listener.close()


@pytest.mark.usefixtures("silent_agent")
def test_a_pause_that_the_agent_does_not_answer_is_written_and_told(newcomer: CommandLine) -> None:
    outcome = newcomer.run("pause")

    assert outcome.code == 0
    assert "does not answer" in outcome.errors
    assert newcomer.json("resume")["was_paused"]


@pytest.mark.usefixtures("silent_agent")
def test_taking_back_holds_although_the_agent_does_not_answer(newcomer: CommandLine) -> None:
    outcome = newcomer.run("consent", "withdraw", "recording")

    assert outcome.code == 0
    assert "does not answer" in outcome.errors
    assert "ends by it" in outcome.out
    assert "Nothing is recorded any more" not in outcome.out
    assert not Consents(newcomer.paths).is_given("recording", newcomer.clock.now())


@pytest.mark.usefixtures("silent_agent")
def test_what_could_not_be_taken_back_is_not_told_as_ended(
    newcomer: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger_file, "_WAIT_SECONDS", 0.1)
    with closing(sqlite3.connect(newcomer.paths.ledger)) as other:
        other.execute("BEGIN EXCLUSIVE")
        outcome = newcomer.run("consent", "withdraw", "recording")

    assert outcome.code == 6
    assert "it does not hold yet" in outcome.errors
    assert "Nothing is recorded now" not in outcome.errors


def test_an_agent_whose_recording_does_not_end_is_named_and_the_withdrawal_is_written(newcomer: CommandLine) -> None:
    with control.serving(newcomer.paths, lambda command: {"state": "recording", "collector_pid": 4711}):
        outcome = newcomer.run("consent", "withdraw", "recording")

    assert outcome.code == 0
    assert "end the process 4711" in outcome.errors
    assert not Consents(newcomer.paths).is_given("recording", newcomer.clock.now())


def test_taking_back_what_was_never_given_makes_nothing(nobody: CommandLine) -> None:
    assert nobody.json("consent", "withdraw", "group")["state"] == "none"
    assert not nobody.paths.folder.exists()


def test_taking_back_twice_is_no_error_and_no_second_event(newcomer: CommandLine) -> None:
    newcomer.run("consent", "withdraw", "recording")
    before = len(verify(newcomer.paths))
    outcome = newcomer.run("consent", "withdraw", "recording")

    assert outcome.code == 0
    assert "nothing to take back" in outcome.out
    assert len(verify(newcomer.paths)) == before


def test_taking_back_works_where_the_service_is_not_reached(newcomer: CommandLine) -> None:
    with LyingServer(says(b"")) as server:
        gone = server.url
    enrol(newcomer, gone)
    outcome = newcomer.run("consent", "withdraw", "duty")

    assert outcome.code == 0
    assert "has not confirmed yet that it erased" in outcome.out
    assert "could not be reached" in outcome.out
    assert newcomer.json("consent")["enrolments"][0]["state"] == "leaving"
    with Ledger.open(newcomer.paths) as ledger:
        assert [item.body for item in Outbox(ledger.connection).items()] == [None]


def test_after_a_refused_code_nobody_is_said_to_have_taken_anything_back(newcomer: CommandLine) -> None:
    now = newcomer.clock.now()
    with Ledger.open(newcomer.paths) as ledger:
        ledger.give("group", now, "text", "en", 1, agreed_service("https://havn.example", SERVICE.public_key))
        enrolments = Enrolments(ledger.connection)
        enrolments.start("group", "https://havn.example", SERVICE, "subject", "CODE", now)
        withdraw(ledger, "group", now, reason="code-not-valid")
        waiting = newcomer.run("consent", "show").out
        enrolments.left("subject", None)
        ledger.append("erasure_completed", "group", now, {"organisation": "Havn A/S", "receipt": False})
    shown = newcomer.run("consent", "show").out

    assert "you took your consent back" not in shown
    assert "did not take you in (the code is unknown" in shown
    assert "no report was sent" in shown
    assert "has erased what it held" not in shown
    assert "never knew this enrolment" in shown
    assert "not taken in at Havn A/S (https://havn.example); it is asked to erase what it may have kept" in waiting
    assert "not taken in at Havn A/S (https://havn.example); nothing is kept there" in shown


def test_an_erasure_is_asked_for_again_when_recording_is_taken_back_too(newcomer: CommandLine) -> None:
    with LyingServer(says(answer(503, b"", "text/html"))) as server:
        enrol(newcomer, server.url)
        with Ledger.open(newcomer.paths) as ledger:
            withdraw(ledger, "duty", newcomer.clock.now())
        taken_back = newcomer.run("consent", "withdraw", "recording")
        started = newcomer.run("run")

    assert "asked again each time fyraften run is started, and by: fyraften outbox send" in taken_back.out
    assert started.code == 3
    assert "fyraften outbox send" in started.out
    assert [asked.method for asked in server.asked] == ["DELETE"]


def test_an_erasure_is_asked_for_at_every_start_and_by_hand_however_long_it_was_to_wait(
    newcomer: CommandLine,
) -> None:
    """The service asks to be left alone for a day; and a clock that was wrong may put a try off by years."""
    busy = b"HTTP/1.1 503 Busy\r\nRetry-After: 86400\r\nContent-Length: 0\r\n\r\n"
    with LyingServer(says(busy)) as server:
        enrol(newcomer, server.url)
        newcomer.run("consent", "withdraw", "recording")
        asked = []
        for words in (["consent", "withdraw", "duty"], ["outbox", "send"], ["run"], ["run"]):
            newcomer.run(*words)
            asked.append(len(server.asked))
            with Ledger.open(newcomer.paths) as ledger:
                Enrolments(ledger.connection).failed("subject", "unavailable", newcomer.clock.now() + 10 * 365 * 86_400)

    assert asked == [1, 2, 3, 4]
    assert {each.method for each in server.asked} == {"DELETE"}


def test_who_stops_recording_hears_where_they_still_take_part(newcomer: CommandLine) -> None:
    enrol(newcomer, "https://havn.example")
    outcome = newcomer.run("consent", "withdraw", "recording")

    assert "You still take part at Havn A/S" in outcome.out
    assert "fyraften consent withdraw duty" in outcome.out


def enrol(person: CommandLine, server: str, purpose: str = "duty") -> None:
    """Let a person take part, with a report in the outbox."""
    now = person.clock.now()
    with Ledger.open(person.paths) as ledger:
        ledger.give(purpose, now - 60, "text", "en", 1, agreed_service(server, SERVICE.public_key))
        enrolments = Enrolments(ledger.connection)
        enrolments.start(purpose, server, SERVICE, "subject", "CODE", now - 60)
        enrolments.confirm("subject", None, b"{}", now - 50)
        body = wire.encode(
            "fyraften.duty.monthly/1",
            {
                "month": "2026-11",
                "screen_rule": "unknown",
                "workplace_check": "unknown",
                "equipment_wanted": [],
                "eye_test_wanted": True,
            },
        )
        Outbox(ledger.connection).prepare(body, "subject", now)
        Keys(person.paths.keys).create("subject")


# Agreeing to send: what may go wrong before anything is agreed


@pytest.fixture
def service() -> Iterator[LyingServer]:
    with LyingServer(says(answer(404, b"", "text/html"))) as server:
        yield server


def about(**changes: Any) -> bytes:
    from fyraften_agent.sending.receipts import encode

    words = {
        "schema": "fyraften.service/1",
        "organisation": "Havn A/S",
        "contact": "hr@havn.example",
        "purposes": ["group", "duty"],
        "smallest_group": 10,
        "wire_version": 1,
        "public_key": encode(SERVICE.public_key),
        "fingerprint": SERVICE.fingerprint,
        "notice_given_on": None,
    }
    return answer(200, wire.canonical({**words, **changes}))


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (answer(404, b"", "text/html"), "not as a Fyraften service"),
        (answer(200, b"{}"), "cannot be used"),
        (about(smallest_group=4), "smaller than 5"),
        (about(purposes=["duty"]), "does not receive reports of this purpose"),
        (b"garbage", "no usable answer"),
    ],
)
def test_a_service_that_is_none_is_refused_before_anything_is_asked(
    paths: Paths, service: LyingServer, raw: bytes, words: str
) -> None:
    service.reply = says(raw)
    terminal = Terminal(paths.folder, "group", "--server", service.url, "--code", "CODE")

    assert terminal.end() == 7
    assert words in str(terminal.process.before)
    assert not paths.folder.exists()


def test_declining_sends_nothing_but_the_question_who_the_service_is(paths: Paths, service: LyingServer) -> None:
    service.reply = says(about())
    terminal = Terminal(paths.folder, "group", "--server", service.url, "--code", "CODE")
    terminal.word()
    terminal.process.sendline("no")

    assert terminal.end() == 3
    assert [(asked.method, asked.path) for asked in service.asked] == [("GET", "/v1/service")]
    assert "signature" not in service.asked[0].headers
    assert not paths.folder.exists()


def test_a_service_that_stays_silent_after_the_yes_leaves_an_enrolment_that_goes_on(
    paths: Paths, service: LyingServer
) -> None:
    def only_about(asked: Asked, connection: Any) -> None:
        connection.sendall(about() if asked.method == "GET" else b"")

    service.reply = only_about
    terminal = Terminal(paths.folder, "group", "--server", service.url, "--code", "MYCODE")
    terminal.process.sendline(terminal.word())

    assert terminal.end() == 7
    assert "has not confirmed yet" in str(terminal.process.before)
    with Ledger.open(paths) as ledger:
        (enrolment,) = Enrolments(ledger.connection).all()
        assert (enrolment.state, enrolment.code) == ("started", "MYCODE")
        assert ledger.state("group", verify(paths)[-1].at).is_given


def test_the_code_is_asked_for_where_it_is_not_given(paths: Paths, service: LyingServer) -> None:
    service.reply = lambda asked, connection: connection.sendall(about() if asked.method == "GET" else b"")
    terminal = Terminal(paths.folder, "group", "--server", service.url)
    terminal.process.expect("The code you were given:")
    terminal.process.sendline("MYCODE")
    terminal.process.sendline(terminal.word())
    terminal.end()

    assert re.search(rb'"code":"MYCODE"', service.asked[1].body)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("group",), 2),
        (("group", "--server", "http://havn.example", "--code", "C"), 2),
        (("group", "--server", "havn", "--code", "C"), 2),
        (("recording", "--server", "https://havn.example"), 2),
        (("everything",), 2),
    ],
)
def test_wrong_usage_says_so_and_makes_nothing(paths: Paths, words: tuple[str, ...], code: int) -> None:
    assert Terminal(paths.folder, *words).end() == code
    assert not paths.folder.exists()


def test_group_figures_wait_in_norway(paths: Paths, service: LyingServer, monkeypatch: pytest.MonkeyPatch) -> None:
    environ = {**os.environ, "FYRAFTEN_HOME": str(paths.folder), "TZ": "Europe/Oslo", "LC_ALL": "C.UTF-8"}
    terminal = pexpect.spawn(
        sys.executable,
        ["-m", "fyraften_agent.cli", "consent", "give", "group", "--server", service.url, "--code", "C"],
        env=environ,
        encoding="utf-8",
        timeout=30,
    )
    terminal.expect(pexpect.EOF)
    terminal.close()

    assert terminal.exitstatus == 2
    assert service.asked == []
