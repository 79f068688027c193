"""``fyraften demo`` as a newcomer starts it: real processes from first to last, and nothing left behind."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

COMMAND = [sys.executable, "-m", "fyraften_agent.cli"]
SECONDS = 240


@dataclass(frozen=True)
class Kept:
    """A demonstration that was kept: its document, its folder, and everything else it wrote."""

    document: dict[str, Any]
    progress: str
    folder: Path
    own_folder: Path
    temporary: Path


def environ(folder: Path, language: str = "en_GB.UTF-8") -> dict[str, str]:
    """Return an environment without a display, with places of its own for everything that could be written."""
    temporary = folder / "temporary"
    temporary.mkdir(exist_ok=True)
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    own = {"HOME": str(folder / "home"), "FYRAFTEN_HOME": str(folder / "own"), "TMPDIR": str(temporary)}
    return {**kept, **own, "LC_ALL": language}


def run(folder: Path, *words: str, language: str = "en_GB.UTF-8") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *words],
        env=environ(folder, language),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=SECONDS,
        check=False,
    )


def processes_in(folder: Path) -> list[str]:
    """Return the command lines of running processes that name a folder."""
    found = []
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = file.read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
        except OSError:
            continue
        if str(folder) in line:
            found.append(line)
    return found


@dataclass(frozen=True)
class Ended:
    """A demonstration that has ended, and the folder below which all its places were."""

    done: subprocess.CompletedProcess[str]
    folder: Path


@pytest.fixture(scope="module")
def in_danish(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Future[Ended]]:
    """A demonstration as text in Danish, replayed beside the one that is kept: each takes one processor for long."""
    folder = tmp_path_factory.mktemp("danish")
    with ThreadPoolExecutor() as beside:
        yield beside.submit(lambda: Ended(run(folder, "demo", language="da_DK.UTF-8"), folder))


@pytest.fixture(scope="module")
def kept(in_danish: Future[Ended], tmp_path_factory: pytest.TempPathFactory) -> Kept:
    folder = tmp_path_factory.mktemp("demo")
    done = run(folder, "demo", "--json", "--keep", str(folder / "kept"))
    assert done.returncode == 0, done.stderr
    return Kept(json.loads(done.stdout), done.stderr, folder / "kept", folder / "own", folder / "temporary")


def findings(kept: Kept, rule: str) -> list[dict[str, Any]]:
    return [finding for finding in kept.document["verdicts"] if finding["rule"] == rule]


def test_the_rules_say_what_the_story_is_made_to_show(kept: Kept) -> None:
    rests = [finding["verdict"] for finding in findings(kept, "dk.rest.daily")]
    screen = [finding["verdict"] for finding in findings(kept, "dk.screen.home")]

    assert screen == ["provisional"] * 7 + ["covered"]
    assert rests.count("broken") == 1
    assert "not_judged" in rests
    assert rests.count("met") > 30
    assert len([one for one in findings(kept, "agreement.out_of_hours") if one["verdict"] == "broken"]) == 4
    assert len([one for one in findings(kept, "advice.screen.pauses") if one["verdict"] == "advice"]) == 1


def test_the_last_evening_has_a_forecast(kept: Kept) -> None:
    today = kept.document["today"]

    assert len(today["sessions"]) == 1
    assert today["sessions"][0]["place"] == "home"
    assert kept.document["forecast"] == today["forecast"]
    assert kept.document["forecast"]["stop_by"] is not None
    assert kept.document["forecast"]["earliest_start"] is not None


def test_every_matter_of_the_story_was_told(kept: Kept) -> None:
    matters = [notice["key"].partition(":")[0] for notice in kept.document["notices"]]

    assert set(matters) == {"place", "stop_by", "out_of_hours", "pause", "screen_soon", "screen_covered", "sent"}
    assert matters.count("place") == 3
    assert len(kept.document["notices"]) == len({notice["key"] for notice in kept.document["notices"]})


def test_what_was_sent_has_a_receipt_for_exactly_these_bytes(kept: Kept) -> None:
    sent = kept.document["sent"]

    assert [item["report"] for item in sent] == ["fyraften.group.weekly/1"] * 7 + ["fyraften.duty.monthly/1"]
    for item in sent:
        digest = hashlib.sha256(item["body"].encode()).hexdigest()
        assert item["sha256"] == digest == item["receipt"]["receipt"]["body_sha256"]
        assert item["state"] == "receipted"


def test_the_employer_sees_twelve_contributors_as_a_range_and_no_team_of_its_own(kept: Kept) -> None:
    blocks = kept.document["group_figures"]
    texts = [block["text"] for block in blocks]

    assert any("10–19" in text for text in texts)
    assert {"Bookkeeping", "Payroll"} <= {block["text"] for block in blocks if block["kind"] == "item"}
    tables = [block["rows"] for block in blocks if block["kind"] == "table"]
    assert len(tables) == 8
    assert any("%" in cell for rows in tables for row in rows for cell in row)


def test_the_employer_sees_the_person_who_told_by_name(kept: Kept) -> None:
    rows = [row for block in kept.document["people"] if block["kind"] == "table" for row in block["rows"]]

    assert [row[0] for row in rows[1:]] == ["Mette Lind"]


def test_every_consent_is_marked_and_none_is_in_a_ledger_file(kept: Kept) -> None:
    events = kept.document["consent_ledger"]

    assert {event["purpose"] for event in events if event["kind"] == "given"} == {"recording", "group", "duty"}
    assert all(event["details"]["demo"] is True for event in events)
    assert json.loads((kept.folder / "consent-ledger.json").read_text(encoding="utf-8")) == events
    assert list(kept.folder.rglob("ledger.sqlite3*")) == []


def test_the_persons_own_folder_and_temporary_files_are_untouched(kept: Kept) -> None:
    assert not kept.own_folder.exists()
    assert list(kept.temporary.iterdir()) == []
    assert all(path.stat().st_mode & 0o077 == 0 for path in kept.folder.rglob("*"))


def test_nothing_of_the_demonstration_runs_on(kept: Kept, tmp_path: Path) -> None:
    waiting = [sys.executable, "-c", "print('here', flush=True); input()", tmp_path]
    with subprocess.Popen(waiting, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as control:
        assert control.stdout is not None
        control.stdout.readline()
        assert processes_in(tmp_path)  # shows that a process would be found
        control.communicate(b"\n")

    assert processes_in(kept.folder) == []


def test_progress_goes_where_it_does_not_disturb_the_document(kept: Kept) -> None:
    for week in kept.document["weeks"]:
        assert f"{week['week']}: " in kept.progress


def test_the_records_that_were_kept_can_be_looked_at(kept: Kept, tmp_path: Path) -> None:
    last = kept.document["to"]
    done = subprocess.run(
        [*COMMAND, "today", "--date", last, "--json"],
        env={**environ(tmp_path), "FYRAFTEN_HOME": str(kept.folder / "laptop"), "TZ": "Europe/Copenhagen"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    (session,) = json.loads(done.stdout)["sessions"]
    assert session["start"] == kept.document["today"]["sessions"][0]["start"]


def test_as_text_in_danish_it_ends_well_and_leaves_nothing(in_danish: Future[Ended]) -> None:
    ended = in_danish.result()
    done, folder = ended.done, ended.folder

    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert '"report":"fyraften.group.weekly/1"' in done.stdout
    assert "10–19" in done.stdout
    assert "Mette Lind" in done.stdout
    assert list((folder / "temporary").iterdir()) == []
    assert not (folder / "own").exists()
    assert processes_in(folder) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_demonstration_that_is_ended_halfway_leaves_nothing(tmp_path: Path, number: signal.Signals) -> None:
    started = subprocess.Popen(
        [*COMMAND, "demo"], env=environ(tmp_path), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert started.stdout is not None
    lines = iter(started.stdout.readline, "")
    week = next((line for line in lines if line.startswith("20")), None)
    running = processes_in(tmp_path)
    started.send_signal(number)
    _, errors = started.communicate(timeout=60)

    assert week is not None
    assert len(running) == 1
    assert started.returncode == 130, errors
    assert list((tmp_path / "temporary").iterdir()) == []
    assert _soon(lambda: processes_in(tmp_path) == [])


@pytest.mark.parametrize(("place", "words"), [("own", "never kept there"), ("own/inside", "never kept there")])
def test_a_demonstration_is_never_kept_in_the_persons_own_folder(tmp_path: Path, place: str, words: str) -> None:
    done = run(tmp_path, "demo", "--keep", str(tmp_path / place))

    assert done.returncode == 2
    assert words in done.stderr
    assert not (tmp_path / "own").exists()


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "letter").write_text("mine")

    done = run(tmp_path, "demo", "--keep", str(tmp_path / "letters"))

    assert done.returncode == 2
    assert "not empty" in done.stderr
    assert [path.name for path in (tmp_path / "letters").iterdir()] == ["letter"]


def _soon(holds: Any) -> bool:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.1)
    return False
