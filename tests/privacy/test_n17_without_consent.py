"""N17: pay, recorded time and access never depend on consenting to be recorded.

Whoever lets nothing be recorded writes the same report by hand, with the same command, in the same bytes; and nothing
that reaches the employer's service says which of the two it was.
"""

from __future__ import annotations

import inspect
import json
import re
import shutil
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

import fyraften_service
from agent_records import FixedClock, at, give_consent, nine_weeks, small_home
from command_line import CommandLine
from fyraften_agent.cli.exit_codes import ExitCode
from fyraften_agent.consent.keys import Keys, SigningKey
from fyraften_agent.consent.ledger_store import Ledger
from fyraften_agent.sending.enrolment import Enrolments, Service, agreed_service
from fyraften_agent.sending.record_reports import propose, read_total, record_weekly, write_total
from fyraften_agent.store.store import Session, Store
from fyraften_policy import wire
from fyraften_policy.periods import DAY, day_interval, week_interval, week_monday
from fyraften_service.enrolment import PURPOSES
from fyraften_service.tables import metadata
from office_way import OfficeLaptop
from service_office import Office, furnish, open_office
from service_process import record_values

RECORD = "fyraften.record.weekly/1"
ZONE, WEEK, NOW = "Europe/Copenhagen", "2026-W46", "2026-11-20T15:30"
SERVER = "http://127.0.0.1:9"  # nobody listens there
SERVICE = Service("Havn A/S", "hr@havn.example", ("record",), 10, SigningKey(bytes(32)).public, None)
OFFICE_NOW = 1_793_360_000  # the office's Friday
# What is random in an answer: hashes, signatures, random bits, forms' tokens.
RANDOM = re.compile(r"[0-9a-f]{64}|[0-9a-f]{4}(-[0-9a-f]{4}){7}|[A-Za-z0-9_-]{22,}|[a-z2-7]{26}")
totals = st.one_of(st.none(), st.integers(0, 24 * 60))


# The same bytes


@given(st.lists(totals, min_size=7, max_size=7))
def test_every_report_that_can_be_can_be_written_by_hand(minutes: list[int | None]) -> None:
    written = [read_total(write_total(each)) for each in minutes]

    assert wire.encode(RECORD, record_weekly(WEEK, written)) == wire.encode(RECORD, record_weekly(WEEK, minutes))


@given(st.lists(st.integers(0, 20 * 60), min_size=7, max_size=7))
def test_what_is_proposed_from_records_can_be_written_by_hand(worked: list[int]) -> None:
    days = [day_interval(week_monday(WEEK) + number * DAY, ZONE) for number in range(7)]
    sessions = [session(day.start, day.start + 60 * each) for day, each in zip(days, worked, strict=True) if each]
    whole = week_interval(WEEK, ZONE)
    proposed = [day.minutes for day in propose(WEEK, ZONE, sessions, [whole], whole.end)]

    by_hand = [read_total(f"{each // 60}:{each % 60:02}") for each in worked]

    assert wire.encode(RECORD, record_weekly(WEEK, proposed)) == wire.encode(RECORD, record_weekly(WEEK, by_hand))


def session(start: int, end: int) -> Session:
    return Session(1, start, end, ZONE, "home", None, None, "fixed", True, "measured", False, start, end, None, None)


def test_a_report_has_no_place_for_how_it_came_about() -> None:
    assert {field.name: field.type for field in wire.report(RECORD).fields} == {"week": "week", "minutes": "minutes"}
    for report in wire.reports():
        for field in report.fields:
            told = " ".join((field.name, *field.values))
            assert not re.search(r"consent|recording|recorded|measured|by_hand|manual|source|agent", told), told


# The same command


def enrolled(person: CommandLine) -> CommandLine:
    """Let somebody agree to file the record, as the terminal does."""
    agreed = at(date(2026, 11, 1), "00:00")
    with Ledger.open(person.paths) as ledger:
        ledger.give("record", agreed, "text", "en", wire.VERSION, agreed_service(SERVER, SERVICE.public_key))
        enrolments = Enrolments(ledger.connection)
        enrolments.start("record", SERVER, SERVICE, "record", "CODE", agreed)
        enrolments.confirm("record", None, b"{}", agreed)
        Keys(person.paths.keys).create("record")
    return person


@pytest.fixture
def recorded(tmp_path: Path) -> CommandLine:
    """Somebody with nine weeks of records."""
    return enrolled(CommandLine(nine_weeks(small_home(tmp_path / "recorded")), FixedClock(NOW)))


@pytest.fixture
def by_hand(tmp_path: Path) -> CommandLine:
    """Somebody who never let anything be recorded."""
    return enrolled(CommandLine(small_home(tmp_path / "by_hand"), FixedClock(NOW)))


def written(minutes: Sequence[int | None]) -> list[str]:
    return [write_total(each) for each in minutes]


def test_both_ways_prepare_approve_and_show_the_very_same(recorded: CommandLine, by_hand: CommandLine) -> None:
    proposed = [day["proposed_minutes"] for day in recorded.json("record", WEEK)["days"]]

    documents = [
        recorded.json("record", WEEK, "--take"),
        by_hand.json("record", WEEK, "--hours", *written(proposed)),
    ]
    approved = [person.json("outbox", "approve", "1") for person in (recorded, by_hand)]
    shown = [person.run("outbox", "show", "1").out for person in (recorded, by_hand)]

    assert any(proposed)
    assert documents[0] == documents[1]
    assert _without_moments(approved[0]) == _without_moments(approved[1])
    assert _without_moments(shown[0]) == _without_moments(shown[1])
    assert not by_hand.paths.work.exists()


def _without_moments(document: Any) -> str:
    return re.sub(r"\d{4}-\d\d-\d\dT[\d:+]+", "…", json.dumps(document, sort_keys=True))


def test_a_correction_by_hand_is_the_same_as_one_of_what_was_recorded(
    recorded: CommandLine, by_hand: CommandLine
) -> None:
    proposed = [day["proposed_minutes"] for day in recorded.json("record", WEEK)["days"]]
    recorded.run("record", WEEK, "--take")
    by_hand.run("record", WEEK, "--hours", *written(proposed))

    corrected = [person.json("record", WEEK, "--day", "fri=6:00") for person in (recorded, by_hand)]

    assert corrected[0] == corrected[1]


def test_a_withdrawn_consent_to_recording_leaves_filing_as_it_was(recorded: CommandLine) -> None:
    assert recorded.run("consent", "withdraw", "recording").code == ExitCode.DONE

    filed = recorded.json("record", WEEK, "--hours", *written((444,) * 5 + (None, None)))["reports"][0]

    assert filed["state"] == "held"
    assert json.loads(filed["body"])["minutes"] == [444, 444, 444, 444, 444, None, None]


# The same at the service


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("office") / "service"
    furnish(folder)
    return folder


@pytest.fixture
def two(furnished: Path, tmp_path: Path) -> Iterator[tuple[Office, Office]]:
    """The same organisation twice: in the first, the person lets the working time be recorded; in the second, not."""
    offices = [open_office(Path(shutil.copytree(furnished, tmp_path / name))) for name in ("recorded", "by_hand")]
    yield offices[0], offices[1]
    for office in offices:
        office.database.close()


def filed(office: Office, folder: Path, *, is_recorded: bool) -> tuple[OfficeLaptop, list[str]]:
    """File a week; return the laptop, and every request it made, with what is random taken out."""
    requests: list[str] = []
    ask = office.ask

    def seen(request: httpx.Request) -> httpx.Response:
        if request.url.path.startswith("/v1/"):
            lines = "\n".join(f"{name}: {value}" for name, value in sorted(request.headers.items()))
            text = f"{request.method} {request.url.path}\n{lines}\n{request.content.decode()}"
            text = re.sub(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){3}", "CODE", text)  # the invitation
            text = re.sub(r"(content-digest: sha-256|signature: fyraften)=:[^:]+:", r"\1", text)
            requests.append(RANDOM.sub("…", text))
        return ask(request)

    office.ask = seen  # type: ignore[method-assign]  # listens, and changes nothing
    laptop = OfficeLaptop(folder, office, "record", OFFICE_NOW)
    if is_recorded:
        give_consent(laptop.paths, OFFICE_NOW)
        laptop.paths.prepare()
        with Store.open(laptop.paths.work) as store:
            store.add_place("home", "Flat", "fixed", OFFICE_NOW)
    body = wire.encode(RECORD, record_values("2026-W43"))
    laptop.outbox(lambda outbox: outbox.replace(body, laptop.subject, OFFICE_NOW))
    laptop.outbox(lambda outbox: outbox.approve(1, OFFICE_NOW, OFFICE_NOW))
    assert laptop.run().receipted == 1
    return laptop, requests


def answers(office: Office) -> dict[str, str]:
    """Return everything that an account is shown, and every row that is kept, without what is random."""
    office.sign_in()
    pages = ("/", "/pulse", "/people", "/record", "/v1/service", "/v1/policy", "/v1/ledger")
    found = {path: office.get(path).text for path in pages}
    with office.database.reading() as connection:
        for table in metadata.sorted_tables:
            if table.name not in ("nonces", "accounts"):
                rows = [RANDOM.sub("…", str(tuple(row))) for row in connection.execute(table.select())]
                found[table.name] = "\n".join(sorted(rows))
    return {name: RANDOM.sub("…", re.sub(r"[0-9a-f]{32}", "…", text)) for name, text in found.items()}


def test_no_request_answer_page_or_row_tells_whether_somebody_is_recorded(
    two: tuple[Office, Office], tmp_path: Path
) -> None:
    told = []
    for office, is_recorded in zip(two, (True, False), strict=True):
        laptop, requests = filed(office, tmp_path / f"laptop-{is_recorded}", is_recorded=is_recorded)
        assert laptop.paths.work.exists() is is_recorded
        told.append((requests, answers(office)))

    assert told[0][0] == told[1][0]
    assert len(told[0][0]) >= 2
    assert told[0][1] == told[1][1]
    assert "Bo Holm" in told[0][1]["/record"]


def test_nobody_can_take_part_at_the_service_in_being_recorded() -> None:
    assert "recording" not in PURPOSES
    assert all("recording" not in column.name for table in metadata.sorted_tables for column in table.columns)
    folder = Path(inspect.getfile(fyraften_service)).parent
    for path in folder.rglob("*.py"):
        assert not re.search(r"""["']recording["']""", path.read_text(encoding="utf-8")), path.name
