"""What the ledger says of the sandbox: once for each change, for each process by itself."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fyraften_agent.consent.ledger_store import Ledger
from fyraften_agent.paths import Paths
from fyraften_agent.sandbox.notes import read_report, record
from fyraften_agent.sandbox.sandbox import COLLECTOR, FILES, GUARDS, NETWORK, SENDER, Kernel, Report
from fyraften_agent.sandbox.state import Sandboxes
from fyraften_agent.verify_ledger import verify

NOON = 1_768_219_200


def report(*lacking: str, process: str = COLLECTOR) -> Report:
    held = tuple(guard for guard in GUARDS[process] if guard not in lacking)
    return Report(process, held, lacking, Kernel(7, True))


def test_nothing_is_written_while_all_is_there(tmp_path: Path) -> None:
    with Ledger.open(Paths(tmp_path / "agent")) as ledger:
        assert not record(ledger, report(), NOON)
        assert ledger.events() == []


def test_each_change_is_written_once(tmp_path: Path) -> None:
    paths = Paths(tmp_path / "agent")
    with Ledger.open(paths) as ledger:
        came = [record(ledger, each, NOON) for each in (report(FILES), report(FILES), report(FILES, NETWORK), report())]

        assert came == [True, False, True, True]
        assert not record(ledger, report(), NOON)
    assert [event.details["lacking"] for event in verify(paths)] == [[FILES], [FILES, NETWORK], []]


def test_processes_are_told_apart(tmp_path: Path) -> None:
    with Ledger.open(Paths(tmp_path / "agent")) as ledger:
        assert record(ledger, report(NETWORK), NOON)
        assert record(ledger, report(NETWORK, process=SENDER), NOON)
        assert not record(ledger, report(NETWORK), NOON)


def test_what_is_written_is_a_notice_about_recording_and_no_consent(tmp_path: Path) -> None:
    with Ledger.open(Paths(tmp_path / "agent")) as ledger:
        record(ledger, report(FILES), NOON)
        (event,) = ledger.events()

        assert (event.kind, event.purpose) == ("notice_shown", "recording")
        assert dict(event.details) == {
            **{"about": "sandbox", "process": COLLECTOR, "held": ["network", "others"], "lacking": [FILES]},
            **{"landlock": 7, "seccomp": True},
        }
        assert ledger.state("recording", NOON).state == "none"


def test_a_report_is_read_as_it_was_written() -> None:
    written = report(FILES, process=COLLECTOR)

    assert read_report(json.dumps(written.as_event())) == written


@pytest.mark.parametrize(
    "line",
    [
        "",
        "nothing",
        "[]",
        '{"event": "sandbox"}',
        '{"event": "source", "process": "collector", "held": [], "lacking": [], "landlock": 7, "seccomp": true}',
        '{"event": "sandbox", "process": "judge", "held": [], "lacking": [], "landlock": 7, "seccomp": true}',
        '{"event": "sandbox", "process": "sender", "held": ["files"], "lacking": [], "landlock": 7, "seccomp": true}',
        '{"event": "sandbox", "process": "sender", "held": [[]], "lacking": [], "landlock": 7, "seccomp": true}',
    ],
)
def test_what_is_no_report_is_none(line: str) -> None:
    assert read_report(line) is None


def test_the_supervisor_passes_on_a_report_only_when_it_is_news() -> None:
    sandboxes = Sandboxes()
    full, weak = json.dumps(report().as_event()), json.dumps(report(FILES).as_event())

    assert [sandboxes.hears(line) for line in (full, full, weak, weak, full)] == [True, False, True, False, True]
    assert sandboxes.shown == {
        COLLECTOR: {"held": ["network", "files", "others"], "lacking": [], "landlock": 7, "seccomp": True}
    }


@pytest.mark.parametrize("line", ["", "{", "[]", '{"event": "source"}', '{"event": "sandbox"}'])
def test_the_supervisor_takes_no_other_line_for_a_report(line: str) -> None:
    sandboxes = Sandboxes()

    assert not sandboxes.hears(line)
    assert sandboxes.shown == {}
