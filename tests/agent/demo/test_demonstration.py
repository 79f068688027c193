"""Two weeks of the demonstration without a service: everything on the laptop is shown, and what is missing is said."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from fyraften_agent.cli.context import Context
from fyraften_agent.demo import demonstration, employer
from fyraften_agent.demo.demonstration import Outcome, PlayedWeek, Voices, demonstrate
from fyraften_agent.demo.script import first_monday, nine_weeks
from fyraften_agent.demo.telling import closing_lines, document_of, opening_lines, week_lines
from fyraften_agent.errors import ServiceError
from fyraften_agent.paths import Paths
from fyraften_policy import wire

SUNDAY = date(2026, 11, 15)
WEEKS = nine_weeks(SUNDAY, set())[:2]


class Listener:
    """Hears how far it is."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.weeks: list[PlayedWeek] = []

    def voices(self) -> Voices:
        return Voices("en", str, self.said.append, self.weeks.append)


@dataclass(frozen=True)
class Shown:
    """What came of it, and where."""

    outcome: Outcome
    weeks: list[PlayedWeek]
    folder: Path


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shown]:
    """Two weeks, played where the service is not installed."""
    folder, listener = tmp_path_factory.mktemp("demo") / "demo", Listener()
    with pytest.MonkeyPatch.context() as changed:
        changed.setattr(employer, "missing_part", lambda: "fastapi")
        yield Shown(demonstrate(folder, WEEKS, listener.voices()), listener.weeks, folder)


@pytest.fixture
def outcome(shown: Shown) -> Outcome:
    return shown.outcome


@pytest.fixture
def context(outcome: Outcome) -> Context:
    return Context(outcome.paths, outcome.clock, "en", str, io.StringIO(), io.StringIO(), io.StringIO(), {})


def test_without_a_service_the_laptop_is_shown_and_the_part_is_named(outcome: Outcome, context: Context) -> None:
    text = "\n".join(closing_lines(outcome, context))

    assert "fastapi is missing" in text
    assert "Nothing was sent" in text
    assert "45 min outside the agreed hours" in text
    assert "fyraften[service]" in text


def test_without_a_service_the_bytes_that_would_be_sent_are_shown(outcome: Outcome, context: Context) -> None:
    values = wire.decode(outcome.last_report)

    assert values["week"] == WEEKS[0].name
    assert outcome.last_report.decode() in closing_lines(outcome, context)


def test_without_a_service_the_document_says_so(outcome: Outcome, context: Context) -> None:
    document = document_of(outcome, context)

    assert document["service"]["missing"] is not None
    assert (document["sent"], document["group_figures"], document["people"]) == ([], [], [])
    assert [week["week"] for week in document["weeks"]] == [week.name for week in WEEKS]
    assert document["notices"]
    assert document["from"] == first_monday(SUNDAY).isoformat()


def test_every_week_is_told_when_it_was_played(shown: Shown) -> None:
    first, second = ("\n".join(week_lines(week, shown.weeks[:number], str)) for number, week in enumerate(shown.weeks))

    assert [week.script.name for week in shown.weeks] == [week.name for week in WEEKS]
    assert "names the place: My flat" in first
    assert "Fyraften has not seen this network before" in " ".join(first.split())
    assert "An hour or less at home in the evening." in second
    assert "Stop by" in second


def test_what_was_told_before_is_told_by_its_title(shown: Shown) -> None:
    anew = week_lines(shown.weeks[1], [], str)
    again = week_lines(shown.weeks[1], shown.weeks[:1], str)

    assert len(again) < len(anew)


def test_a_service_that_does_not_start_is_told_and_the_rest_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object) -> None:
        raise ServiceError("The port is taken.")

    monkeypatch.setattr(demonstration.Employer, "set_up", fail)
    outcome = demonstrate(tmp_path / "demo", WEEKS[:1], Listener().voices())

    assert str(outcome.service.trouble) == "The port is taken."
    assert outcome.weeks[0].sessions


def test_no_consent_ledger_is_a_file(shown: Shown) -> None:
    names = {path.name for path in shown.folder.rglob("*") if path.is_file()}

    assert "work.sqlite3" in names
    assert "ledger.sqlite3" not in names
    assert not Paths(shown.folder / "laptop").ledger.exists()


def test_a_newcomer_is_told_first_that_nothing_of_theirs_is_seen() -> None:
    text = " ".join(" ".join(opening_lines(str)).split())

    assert "Nothing here sees what you do" in text
    assert "made-up person" in text
