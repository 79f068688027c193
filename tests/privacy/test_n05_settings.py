"""N5 and N6: nothing that can be set makes a consent, hides the state or the notice, or has more collected.

What can be set is found in the code (``listed_settings``), compared with what somebody has looked at
(``settings.toml``), and tried: every command with every option, every variable, every choice, every other table, every
answer of a server, every file that is looked for when the agent starts.
"""

from __future__ import annotations

import argparse
import ast
import hashlib
import itertools
import json
import os
import re
import sqlite3
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from agent_records import FixedClock
from command_line import CommandLine
from fakes import FakeLaptop
from fyraften_agent.consent.keys import Keys, SigningKey
from fyraften_agent.consent.ledger import PURPOSES
from fyraften_agent.consent.ledger_file import open_ledger
from fyraften_agent.consent.ledger_store import Consents, Ledger
from fyraften_agent.consent.notices import Ending, Refused
from fyraften_agent.paths import Paths
from fyraften_agent.sender import Outcome, Sender, send_due
from fyraften_agent.sending import employer_policy, enrolment
from fyraften_agent.sending.employer_policy import Policy, PolicyRefusedError, Terms, check_narrower, read_policy
from fyraften_agent.sending.enrolment import Enrolments, Service, ServiceDescriptionError, agreed_service, read_service
from fyraften_agent.sending.outbox import Outbox
from fyraften_agent.sending.preparing import Sending
from fyraften_agent.sending.receipts import encode, fingerprint
from fyraften_agent.sending.transport import Answer
from fyraften_agent.store.store import Store
from fyraften_policy import wire
from privacy import listed_settings

LISTED = tomllib.loads((Path(__file__).parent / "settings.toml").read_text(encoding="utf-8"))
LEAVES = listed_settings.leaves()
NOW = 1_767_600_000
# They serve or simulate until they are ended, or set up log-in; each has tests of its own, and what is set up is below.
NOT_RUN_HERE = {"page", "demo", "install", "uninstall"}
WISH = '{"consent": true, "recording": "given", "accepted": ["recording", "group"], "headless": true, "notice": false}'
VARIABLES = sorted({*LISTED["environment"]["variables"], *LISTED["environment"]["libraries"]})
SERVICE_KEY = SigningKey(bytes([7]) * 32)
SERVER = "https://havn.example"


# What can be set is listed, all of it and nothing else


@pytest.fixture(scope="module")
def trees() -> list[tuple[str, ast.Module]]:
    return listed_settings.sources()


def test_every_command_and_option_is_listed() -> None:
    assert listed_settings.commands() == LISTED["commands"]


def test_every_environment_variable_that_is_read_is_listed(trees: list[tuple[str, ast.Module]]) -> None:
    assert listed_settings.variables(trees) == set(LISTED["environment"]["variables"])


def test_every_choice_that_is_kept_is_listed(trees: list[tuple[str, ast.Module]]) -> None:
    assert listed_settings.choices(trees) == set(LISTED["choices"])


def test_every_kind_of_document_is_listed(trees: list[tuple[str, ast.Module]]) -> None:
    assert listed_settings.schemas(trees) == set(LISTED["documents"]["schemas"])


def test_everything_a_service_says_about_itself_is_listed() -> None:
    assert set(LISTED["documents"]["service"]) == enrolment._SERVICE_FIELDS


def test_everything_an_employers_policy_says_is_listed() -> None:
    assert set(LISTED["documents"]["policy"]) == employer_policy._FIELDS


def test_everything_that_is_set_where_the_agent_starts_is_listed() -> None:
    assert listed_settings.unit_options() == LISTED["start"]


def test_every_table_and_column_is_listed(tmp_path: Path) -> None:
    assert listed_settings.columns(tmp_path / "fyraften") == LISTED["tables"]


def test_a_new_variable_or_choice_would_be_found() -> None:
    """The positive control of the searches."""
    source = (
        "def look(environ, choices):\n"
        "    a = environ.get('ONE'), os.environ['TWO'], os.getenv('THREE'), 'FOUR' in self._environ\n"
        "    b = environ[name]\n"
        "    return choices.get('five'), self._store.choices.set('six', '1', 2), something.get('not this')\n"
    )
    trees = [("fyraften_agent/made_up.py", ast.parse(source))]

    assert listed_settings.variables(trees) == {"ONE", "TWO", "THREE", "FOUR", "computed in fyraften_agent/made_up.py"}
    assert listed_settings.choices(trees) == {"five", "six"}


# Commands and options


def values(action: argparse.Action, wish: Path) -> list[str]:
    """Return what to write for an option or a place: every choice there is, else a few words, else nothing."""
    if action.nargs == 0:
        return []
    if action.choices is not None:
        return [str(choice) for choice in action.choices]
    return ["1", "2026-01-05", str(wish)]


def lines_of(words: str, wish: Path) -> Iterator[list[str]]:
    """Yield command lines in which every option of a command is used with every value, alone and with all others."""
    actions = [one for one in LEAVES[words]._actions if not isinstance(one, argparse._SubParsersAction)]
    actions = [one for one in actions if not {"-h", "--json", "--language", "--version"} & set(one.option_strings)]
    places = [values(one, wish) for one in actions if not one.option_strings and one.nargs not in ("?", "*")]
    options = [
        [[one.option_strings[-1], *([value] if value else [])] for value in values(one, wish) or [""]]
        for one in actions
        if one.option_strings
    ]
    for given in itertools.product(*places):
        yield [*words.split(), *given]
        for option in options:
            yield from ([*words.split(), *given, *written] for written in option)
        yield [*words.split(), *given, *[word for option in options for word in option[0]]]


@pytest.fixture
def wish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    monkeypatch.chdir(folder)  # for what is written where the person stands
    (folder / "wish.json").write_text(WISH)
    return folder / "wish.json"


def given_in(paths: Paths) -> set[str]:
    return {purpose for purpose in PURPOSES if Consents(paths).is_given(purpose, NOW + 3600)}


@pytest.mark.parametrize("words", sorted(set(LEAVES) - NOT_RUN_HERE))
@pytest.mark.parametrize("before", ["nothing", "recording"])
def test_no_command_and_no_option_makes_a_consent(tmp_path: Path, wish: Path, words: str, before: str) -> None:
    person = CommandLine(Paths(tmp_path / "fyraften"), FixedClock("2026-01-05T10:00"))
    if before == "recording":
        with Ledger.open(person.paths) as ledger:
            ledger.give("recording", NOW, "text", "en", 1)
    for line in lines_of(words, wish):
        person.run(*line, keyboard="yes\nbirk\n" * 5)

        assert given_in(person.paths) <= ({"recording"} if before == "recording" else set()), line
        if before == "nothing":
            assert not person.paths.ledger.exists(), line


def test_every_option_of_a_command_is_among_the_lines_that_are_tried(wish: Path) -> None:
    """The positive control of the lines above."""
    for words, options in LISTED["commands"].items():
        tried = set(itertools.chain.from_iterable(lines_of(words, wish)))

        assert {option for option in options if option.startswith("--") and option != "--version"} <= tried, words


# The environment


@pytest.mark.parametrize("variable", [name for name in VARIABLES if not name.startswith("computed")])
@pytest.mark.parametrize("value", ["1", "0", WISH])
def test_no_variable_makes_a_consent_or_starts_recording(tmp_path: Path, variable: str, value: str) -> None:
    paths = Paths(tmp_path / "fyraften")
    environ = {variable: value} if variable != "FYRAFTEN_HOME" else {}
    person = CommandLine(paths, FixedClock("2026-01-05T10:00"), environ)

    assert person.run("run").code == 3
    assert person.run("consent", "give", "recording", keyboard="birk\n").code == 3
    assert not paths.folder.exists()


@pytest.mark.parametrize("module", ["supervisor", "collector", "sender", "verify_ledger"])
@pytest.mark.parametrize("value", ["1", "0", WISH])
def test_no_process_records_or_sends_whatever_its_environment(tmp_path: Path, module: str, value: str) -> None:
    """All variables at once, on the real processes. PATH and the folder stay, or nothing would start."""
    wishes = {name: value for name in VARIABLES if name not in ("PATH", "FYRAFTEN_HOME")}
    environ = {**os.environ, **wishes, "FYRAFTEN_HOME": str(tmp_path / "fyraften"), "HOME": str(tmp_path / "home")}
    done = subprocess.run(
        [sys.executable, "-m", f"fyraften_agent.{module}"],
        stdin=subprocess.DEVNULL,
        env={name: text for name, text in environ.items() if not name.startswith("computed")},
        capture_output=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == (0 if module == "sender" else 3), done
    assert not (tmp_path / "fyraften" / "ledger.sqlite3").exists()
    with_rows = tmp_path / "fyraften" / "work.sqlite3"
    assert not with_rows.exists() or rows_in(with_rows) == 0


def rows_in(file: Path) -> int:
    with closing(sqlite3.connect(file)) as connection:
        return sum(
            connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("spans", "sessions", "observed")
        )


# What is looked for when the agent starts

_LOOK = """
import os, runpy, sys
seen = set()
def note(event, arguments):
    # With O_PATH nothing can be read: so the sandbox names to the kernel what stays open.
    if event == "open" and arguments[2] & getattr(os, "O_PATH", 0):
        return
    if event in ("open", "sqlite3.connect", "os.listdir", "os.scandir") and arguments and isinstance(arguments[0], str):
        seen.add(arguments[0])
sys.addaudithook(note)
try:
    runpy.run_module(sys.argv[1], run_name="__main__", alter_sys=True)
except BaseException:
    pass
finally:
    import json
    sys.stderr.write("\\nSEEN " + json.dumps(sorted(seen)))
"""


@pytest.mark.parametrize("module", ["verify_ledger", "collector", "sender", "supervisor", "cli"])
def test_no_file_outside_its_own_folder_is_looked_for_that_could_say_anything(tmp_path: Path, module: str) -> None:
    """Only its own code and files, and the names of the computer and its zone: no configuration lies anywhere."""
    home = tmp_path / "home"
    environ = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "FYRAFTEN_HOME": str(home / "fyraften"),
        "LANG": "C.UTF-8",
    }
    words = ["run"] if module == "cli" else []
    name = f"fyraften_agent.{module}" if module != "cli" else "fyraften_agent.cli.__main__"
    done = subprocess.run(
        [sys.executable, "-c", _LOOK, name, *words],
        stdin=subprocess.DEVNULL,
        env=environ,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    seen = json.loads(done.stderr.rpartition("SEEN ")[2])
    own = (sys.prefix, sys.base_prefix, str(listed_settings.AGENT.parents[1]), "/proc/", "/sys/", "/dev/", "/usr/share")
    strange = {path for path in seen if path.startswith("/") and not path.startswith(own)}

    assert seen  # the positive control: at least its own code is read
    allowed = {str(home / "fyraften" / name) for name in ("ledger.sqlite3", "work.sqlite3")}
    allowed |= {str(home / "fyraften" / "keys" / name) for name in ("ledger.head", "ledger.kept", "ledger.key")}
    # The sandbox tries at every start whether what it closed is closed.
    tried = rf"{re.escape(str(home))}(/fyraften/work\.sqlite3(-wal|-shm|-held))?|/.*/\.fyraften-probe-\d+"
    strange -= {path for path in strange if re.fullmatch(tried, path)}
    assert strange <= allowed | {"/etc/localtime", "/etc/timezone", "/etc/machine-id", "/etc/mime.types"}, strange


# Choices, and the notice that cannot be switched off


@pytest.fixture
def laptop(tmp_path: Path) -> Iterator[FakeLaptop]:
    with Store.open(tmp_path / "work.sqlite3") as store:
        yield FakeLaptop(store)


@pytest.mark.parametrize(("name", "value"), [(name, each) for name, all_ in LISTED["choices"].items() for each in all_])
def test_no_choice_hides_what_was_sent_or_that_a_consent_runs_out(laptop: FakeLaptop, name: str, value: str) -> None:
    laptop.store.choices.set(name, value, laptop.clock.now())
    end = laptop.clock.now() + 3600
    laptop.start()
    laptop.judge._desk = replace(
        laptop.judge._desk,
        sending=lambda now, zone: Sending(
            True,
            ("group.weekly 2026-W46",),
            (Ending("group", end),),
            refused=(Refused("a" * 16, "Havn A/S", "they allow smaller groups than you agreed to"),),
        ),
    )
    for _ in range(5):  # at the same time of five days, as there may be few notices an hour, and few hours a day
        laptop.work(120)
        laptop.pause_for_breath()
        laptop.clock.run(86_400 - 240)

    assert {"sent", "consent_last", "rules_refused"} <= {one.key.partition(":")[0] for one in laptop.told}


@pytest.mark.parametrize(("name", "value"), [(name, each) for name, all_ in LISTED["choices"].items() for each in all_])
def test_no_choice_hides_the_state_or_gives_consent(tmp_path: Path, name: str, value: str) -> None:
    person = CommandLine(Paths(tmp_path / "fyraften"), FixedClock("2026-01-05T10:00"))
    person.paths.prepare()
    with Store.open(person.paths.work) as store:
        store.choices.set(name, value, NOW)
    shown = person.json("status")

    assert shown["state"] == "off"
    assert {one["state"] for one in shown["consents"].values()} == {"none"}
    assert person.run("run").code == 3


# Everything else that is kept


def test_no_table_but_that_of_signed_events_gives_consent(tmp_path: Path) -> None:
    paths = Paths(tmp_path / "fyraften")
    paths.prepare()
    with closing(open_ledger(paths.ledger)) as connection:
        service = Service("Havn A/S", "hr@havn.example", ("duty",), 10, SERVICE_KEY.public, None)
        enrolments, outbox = Enrolments(connection), Outbox(connection)
        enrolments.start("duty", "http://127.0.0.1:1", service, "s" * 26, "CODE", NOW)
        enrolments.confirm("s" * 26, None, b"{}", NOW)
        item = outbox.prepare(a_report(), "s" * 26, NOW)
        outbox.approve(item.id, NOW, NOW)
        for wish in ("consent", "recording", "given", "headless"):
            connection.execute("INSERT INTO settings (name, value) VALUES (?, 1)", (wish,))
        connection.execute("INSERT INTO texts (sha256, text) VALUES ('00', ?)", (WISH,))
        connection.commit()

    assert given_in(paths) == set()
    assert send_due(paths, FixedClock("2026-01-05T10:00"), lambda: 0.5) == Outcome()
    assert CommandLine(paths, FixedClock("2026-01-05T10:00")).run("run").code == 3


def a_report() -> bytes:
    values = {"screen_rule": "covered", "workplace_check": "done", "equipment_wanted": [], "eye_test_wanted": False}
    return wire.encode("fyraften.duty.monthly/1", {"month": "2026-01", **values})


# How it starts


def test_what_starts_at_log_in_is_the_plain_command_without_a_word_more() -> None:
    for name, key in (("fyraften.service", "ExecStart="), ("fyraften.desktop", "Exec=")):
        lines = (listed_settings.AGENT / name).read_text(encoding="utf-8").splitlines()

        assert [line for line in lines if line.startswith(key)] == [f"{key}@PYTHON@ -P -m fyraften_agent.cli run"]
        assert not [line for line in lines if line.startswith(("Environment", "ExecStartPre", "NoDisplay", "Hidden"))]


# What a server answers


DESCRIPTION: dict[str, Any] = {
    "schema": "fyraften.service/1",
    "organisation": "Havn A/S",
    "contact": "hr@havn.example",
    "purposes": ["group", "duty"],
    "smallest_group": 10,
    "wire_version": 1,
    "public_key": encode(SERVICE_KEY.public),
    "fingerprint": fingerprint(SERVICE_KEY.public),
    "notice_given_on": "2026-09-01",
}


@pytest.mark.parametrize(
    "wished", ["consent", "fields", "collect", "headless", "notice", "interval_seconds", "command"]
)
def test_a_service_that_says_more_about_itself_than_is_listed_is_refused(wished: str) -> None:
    read_service(json.dumps(DESCRIPTION).encode())

    with pytest.raises(ServiceDescriptionError):
        read_service(json.dumps({**DESCRIPTION, wished: True}).encode())


@pytest.mark.parametrize("field", sorted(DESCRIPTION))
def test_no_field_of_a_service_gives_consent_or_widens_what_is_sent(field: str) -> None:
    """Whatever it says, what comes out is a description: names, a key, a threshold that is not too low, a date."""
    wishes: list[Any] = [True, 1, 0, -1, "all", ["recording", "everything"], {"consent": True}, None, "2026-W46"]
    for wished in wishes:
        try:
            service = read_service(json.dumps({**DESCRIPTION, field: wished}).encode())
        except ServiceDescriptionError:
            continue

        assert service.smallest_group >= 5
        assert {name for name in vars(service)} == {
            *("organisation", "contact", "purposes", "smallest_group", "public_key", "notice_given_on")
        }


POLICY: dict[str, Any] = {
    "schema": "fyraften.policy/1",
    "kind": "policy",
    "service": fingerprint(SERVICE_KEY.public),
    "number": 3,
    "since": "2026-01-01",
    "organisation": "Havn A/S",
    "contact": "hr@havn.example",
    "purposes": ["duty"],
    "cells": ["sales"],
    "smallest_group": 10,
    "notice_given_on": "2026-01-01",
}
TERMS = Terms("Havn A/S", 10, date(2026, 1, 1))


def signed(words: dict[str, Any], envelope: str = "receipt") -> bytes:
    return wire.canonical({envelope: words, "signature": encode(SERVICE_KEY.sign(wire.canonical(words)))})


def accepted(words: dict[str, Any]) -> Policy | None:
    """Return the policy as the sender would take it, ``None`` where it is refused."""
    try:
        policy = read_policy(signed(words, "policy"), SERVICE_KEY.public)
        check_narrower(policy, TERMS)
    except PolicyRefusedError:
        return None
    return policy


def test_a_policy_that_keeps_to_what_was_agreed_is_accepted() -> None:
    """The positive control."""
    assert accepted(POLICY) is not None


@pytest.mark.parametrize("wished", ["consent", "fields", "collect", "headless", "notice", "retention_days", "command"])
def test_a_policy_that_says_more_than_is_listed_is_refused(wished: str) -> None:
    assert accepted({**POLICY, wished: True}) is None


@pytest.mark.parametrize("field", sorted(POLICY))
def test_no_field_of_a_policy_widens_what_was_agreed_to(field: str) -> None:
    days = ["2020-01-01", "1970-01-01", "2999-12-31"]
    lists = [["recording"], ["everything"], ["recording", "duty"], list(wire.purposes()), []]
    wishes: list[Any] = [True, 1, 0, -1, 5, 9, "all", {"consent": True}, None, "2026-W46", *days, *lists]
    for wished in wishes:
        policy = accepted({**POLICY, field: wished})
        if policy is None:
            continue

        assert policy.smallest_group >= TERMS.smallest_group, wished
        assert set(policy.purposes) <= set(wire.purposes()), wished
        assert policy.organisation == TERMS.organisation, wished
        assert policy.notice_given_on is None or policy.notice_given_on >= date(2026, 1, 1), wished


PROBLEMS = ("consent-given", "collect-more", "withdrawn", "period-closed", "code-not-valid", "already-reported", "x")


def answers() -> Iterator[Answer]:
    """Yield answers of every kind: every status, problem and content somebody could hope for."""
    wishes = [WISH.encode(), b"", b"null", b"[]", json.dumps(DESCRIPTION).encode(), a_report(), b"\xff" * 100]
    for status in (200, 201, 301, 403, 409, 410, 422, 500):
        yield from (Answer(status, kind, wish) for kind in ("application/json",) for wish in wishes)
        for name in PROBLEMS:
            words = {"type": f"urn:fyraften:problem:{name}", "title": "x", "status": status, "detail": WISH}
            yield Answer(status, "application/problem+json", json.dumps(words).encode())
    for kind in ("enrolment", "report", "erasure", "consent", "given", "policy", "update"):
        receipt = {"schema": "fyraften.receipt/1", "kind": kind, "purpose": "recording", "consent": True}
        yield Answer(201, "application/json", signed(receipt))
    yield from (
        Answer(200, "application/json", signed({**POLICY, "purposes": wish}, "policy")) for wish in (["recording"], [])
    )


def test_no_answer_of_a_server_gives_consent_or_changes_what_is_sent(tmp_path: Path) -> None:
    paths = Paths(tmp_path / "fyraften")
    service = Service("Havn A/S", "hr@havn.example", ("duty",), 10, SERVICE_KEY.public, None)
    asked: list[tuple[str, bytes | None]] = []
    with Ledger.open(paths) as ledger:
        ledger.give("duty", NOW, "text", "en", 1, agreed_service(SERVER, SERVICE_KEY.public))
        Keys(paths.keys).create("s" * 26)
        enrolments, outbox = Enrolments(ledger.connection), Outbox(ledger.connection)
        enrolments.start("duty", SERVER, service, "s" * 26, "CODE", NOW)
        enrolments.confirm("s" * 26, None, b"{}", NOW)
        month = itertools.count()
        clock = FixedClock("2026-01-05T10:00")
        for answer in answers():
            number = next(month)
            body = a_report().replace(b"2026-01", f"20{10 + number // 12:02}-{number % 12 + 1:02}".encode())
            item = outbox.prepare(body, "s" * 26, NOW)
            outbox.approve(item.id, NOW, NOW)
            says = answering(answer, asked)
            Sender(ledger, Keys(paths.keys), lambda server, says=says: says, clock, lambda: 0.5).run()  # type: ignore[misc]
            given = [event.purpose for event in ledger.events() if event.kind == "given"]
            changed = [one for one in outbox.items() if one.body and hashlib.sha256(one.body).hexdigest() != one.sha256]

            assert given == ["duty"]
            assert changed == []
            assert outbox.item(item.id).state != "receipted"

    assert {method for method, _body in asked} <= {"PUT", "GET"}
    assert all(body is None or wire.decode(body)["report"] == "fyraften.duty.monthly/1" for _method, body in asked)


def answering(answer: Answer, asked: list[tuple[str, bytes | None]]) -> Any:
    class Says:
        """A way to a server that always says the same."""

        ask: Callable[..., Answer] = staticmethod(
            lambda method, path, body, *more: asked.append((method, body)) or answer  # type: ignore[func-returns-value]
        )

    return Says()
