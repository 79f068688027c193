"""N4, A4, A9 on the laptop: what copies and imports hold of networks and computers, and what is left of the erased."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import pexpect
import pytest

from agent_records import nine_weeks, small_home
from fyraften_agent.consent.keys import SigningKey
from fyraften_agent.consent.ledger_store import Ledger
from fyraften_agent.paths import Paths
from fyraften_agent.sending.enrolment import Enrolments, Service
from fyraften_agent.sending.outbox import Outbox
from fyraften_agent.store.moving import STAYS, TAKEN_AWAY
from fyraften_agent.store.store import Store
from fyraften_policy import wire

LABEL = "A summer house nobody else knows"
EVENING = 1_795_028_700  # 18 November 2026, 20:05 in Copenhagen


def environ(paths: Paths) -> dict[str, str]:
    return {**os.environ, "FYRAFTEN_HOME": str(paths.folder), "TZ": "Europe/Copenhagen", "LC_ALL": "C.UTF-8"}


def run(paths: Paths, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "fyraften_agent.cli", *words],
        env=environ(paths),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def files_with(folder: Path, needles: Iterable[bytes]) -> list[str]:
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return [path.name for path in files if any(needle in path.read_bytes() for needle in needles)]


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return nine_weeks(small_home(tmp_path))


def test_what_was_erased_is_in_no_file_of_the_agent(paths: Paths) -> None:
    needles = [EVENING.to_bytes(4, "big"), LABEL.encode()]
    with Store.open(paths.work) as store:
        place = store.add_place("elsewhere", LABEL, "mobile", EVENING)
        store.correct_place_between(EVENING, EVENING + 60, place, EVENING + 90_000)
    assert files_with(paths.folder, needles) != []  # shows that it would be seen

    terminal = pexpect.spawn(
        sys.executable, ["-m", "fyraften_agent.cli", "erase", "--all"], env=environ(paths), encoding="utf-8", timeout=60
    )
    terminal.expect(r"type the word (\w+) and press")
    terminal.sendline(str(terminal.match[1]))
    terminal.expect(pexpect.EOF)
    terminal.close()

    assert terminal.exitstatus == 0
    assert files_with(paths.folder, needles) == []


def test_a_copy_holds_no_mark_of_a_network_and_an_import_no_name_of_a_computer(paths: Paths, tmp_path: Path) -> None:
    copy = tmp_path / "all.zip"
    event = {"timestamp": "2026-11-19T18:00:00+00:00", "duration": 3600, "data": {"status": "not-afk"}}
    bucket = {"id": "aw-watcher-afk_kirstens-laptop", "hostname": "kirstens-laptop", "type": "afkstatus"}
    windows = {"id": "w", "type": "currentwindow", "events": [{**event, "data": {"title": "Letter to the doctor"}}]}
    foreign = {"buckets": {bucket["id"]: {**bucket, "events": [event]}, "w": windows}}
    (tmp_path / "aw.json").write_text(json.dumps(foreign), encoding="utf-8")
    (tmp_path / "h.csv").write_text("start,end,task\n2026-11-14T08:00,2026-11-14T09:00,Letter to the doctor\n")

    done = [
        run(paths, *words) for words in (("import", str(tmp_path / "aw.json")), ("import", str(tmp_path / "h.csv")))
    ]
    done.append(run(paths, "export", str(copy)))

    assert [(one.returncode, one.stderr) for one in done] == [(0, "")] * 3
    assert "Sessions brought in: 1." in done[0].stdout
    assert files_with(paths.folder, [b"kirsten", b"doctor"]) == []
    with zipfile.ZipFile(copy) as archive:
        content = b"".join(archive.read(name) for name in archive.namelist())
    assert b"Flat" in content  # shows that it would be seen
    assert not any(mark in content for mark in (b"a" * 64, b"b" * 64))


def test_a_copy_holds_every_table_but_those_that_stay_for_a_reason(paths: Paths) -> None:
    with closing(sqlite3.connect(paths.work)) as reader:
        tables = {name for (name,) in reader.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}

    assert tables == {*TAKEN_AWAY, *STAYS}


def test_a_copy_holds_what_was_sent_byte_for_byte(paths: Paths, tmp_path: Path) -> None:
    values = {"workplace_check": "unknown", "equipment_wanted": [], "eye_test_wanted": True}
    body = wire.encode("fyraften.duty.monthly/1", {"month": "2026-10", "screen_rule": "unknown", **values})
    receipt = '{"receipt":{"kind":"report"},"signature":"æ"}'.encode()
    with Ledger.open(paths) as ledger:
        service = Service("Havn A/S", "hr@havn.example", ("duty",), 12, SigningKey(bytes(32)).public, None)
        Enrolments(ledger.connection).start("duty", "https://havn.example", service, "subject", "CODE", EVENING)
        Enrolments(ledger.connection).confirm("subject", None, b"{}", EVENING)
        outbox = Outbox(ledger.connection)
        outbox.prepare(body, "subject", EVENING)
        outbox.approve(1, EVENING, EVENING)
        outbox.receipted(1, EVENING, receipt)

    run(paths, "export", str(tmp_path / "all.zip"))

    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        (sent,) = json.loads(archive.read("sent.json"))
        consents = json.loads(archive.read("consents.json"))
    assert (sent["body"].encode(), sent["receipt"].encode()) == (body, receipt)
    assert bytes.fromhex(sent["service_key"]) == service.public_key
    assert [event["text"] for event in consents if event["kind"] == "given"] == ["The text that was shown."]


def test_an_import_that_is_killed_at_any_moment_doubles_nothing(paths: Paths, tmp_path: Path) -> None:
    lines = [
        f"2026-10-{day:02}T{hour:02}:30,2026-10-{day:02}T{hour:02}:40" for day in range(1, 31) for hour in (18, 19)
    ]
    (tmp_path / "h.csv").write_text("\n".join(["start,end", *lines]) + "\n", encoding="utf-8")
    words = [sys.executable, "-m", "fyraften_agent.cli", "import", str(tmp_path / "h.csv")]
    for seconds in (0.15, 0.25, 0.35, 0.5, 0.7):
        process = subprocess.Popen(words, env=environ(paths), stdout=subprocess.DEVNULL)
        time.sleep(seconds)
        process.send_signal(signal.SIGKILL)
        process.wait()

    assert run(paths, "import", str(tmp_path / "h.csv")).returncode == 0
    with Store.open(paths.work) as store:
        found = [one for one in store.sessions(0, 2**40) if one.source == "imported"]
    assert len(found) == len({one.start for one in found}) == len(lines)
