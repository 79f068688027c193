"""Fixtures of the service's tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from service_office import Office, open_office


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """The application on a SQLite file of its own, on Friday 30 October 2026."""
    opened = open_office(tmp_path / "service")
    yield opened
    opened.database.close()
