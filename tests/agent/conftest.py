"""Fixtures of the agent's tests: a real store in a file, and a simulated laptop that writes to it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fakes import FakeLaptop
from fyraften_agent.store.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "work.sqlite3") as opened:
        yield opened


@pytest.fixture
def laptop(store: Store) -> FakeLaptop:
    """A laptop on Monday 16 November 2026 at 08:00 in Copenhagen."""
    return FakeLaptop(store)
