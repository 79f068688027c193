"""Texts that sessions have in common are kept once, and a session takes little room."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from fyraften_agent.recording.activity import Changes, MeasuredSession, MeasuredSpan
from fyraften_agent.store.history import versions
from fyraften_agent.store.migrations import migrations
from fyraften_agent.store.schema import STEPS, is_up_to_date
from fyraften_agent.store.store import Store

T = 1_768_300_000
HOME = "a" * 64


def measure(store: Store, numbers: range) -> None:
    for number in numbers:
        start = T + number * 3600
        session = MeasuredSession(number, start, start + 3000, False)
        span = MeasuredSpan(number, start, start + 3000, 40)
        store.write_measured(Changes((span,), (session,)), "Europe/Copenhagen", HOME)
    store.file.empty_log()


def test_a_session_with_its_activity_takes_less_than_sixty_bytes(tmp_path: Path) -> None:
    path = tmp_path / "work.sqlite3"
    with Store.open(path) as store:
        store.assign(HOME, "home", T)
        measure(store, range(1, 201))
        before = path.stat().st_size
        measure(store, range(201, 2201))
        after = path.stat().st_size

    assert (after - before) / 2000 < 60


def test_a_name_that_no_session_has_any_more_is_deleted_with_the_last(tmp_path: Path) -> None:
    path = tmp_path / "work.sqlite3"
    with Store.open(path) as store:
        measure(store, range(1, 3))
        store.add_session(T + 90_000, T + 91_000, "Europe/Oslo", None, None, True, T)
        store.purge(T + 80_000)
        names = [row["name"] for row in store.file.rows("SELECT name FROM names")]

    assert names == ["Europe/Oslo"]
    assert HOME.encode() not in path.read_bytes()


def test_the_number_of_steps_is_what_the_file_is_compared_with(tmp_path: Path) -> None:
    path = tmp_path / "work.sqlite3"
    before = is_up_to_date(path)
    Store.open(path).close()

    assert not before
    assert is_up_to_date(path)
    with sqlite3.connect(path) as reader:
        assert reader.execute("SELECT count(*) FROM _sqlite_migrations").fetchone() == (STEPS,)
    reader.close()
    assert migrations is not None


@pytest.mark.parametrize("old", sorted(Path(__file__).with_name("old_stores").glob("*.sql")), ids=lambda old: old.stem)
def test_an_older_file_keeps_its_history_and_gives_no_number_twice(tmp_path: Path, old: Path) -> None:
    path = tmp_path / "work.sqlite3"
    with sqlite3.connect(path) as writer:
        writer.executescript(old.read_text(encoding="utf-8"))
        (highest,) = writer.execute("SELECT seq FROM sqlite_sequence WHERE name = 'sessions'").fetchone()
    writer.close()

    with Store.open(path) as store:
        measured, added = store.sessions(0, 2 * T)
        assert [version.what for version in versions(store, measured.id)] == ["measured", "corrected"]
        assert [version.what for version in versions(store, added.id)] == ["added"]
        assert store.add_session(T + 90_000, T + 91_000, "Europe/Oslo", None, None, True, T) == highest + 1
