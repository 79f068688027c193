"""Fixtures of the service's tests."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from service_office import Office, furnish, open_office


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of an office, made once: the password's hash takes its time."""
    folder = tmp_path_factory.mktemp("office") / "service"
    furnish(folder)
    return folder


@pytest.fixture
def office(furnished: Path, tmp_path: Path) -> Iterator[Office]:
    """The application on a SQLite file of its own, on Friday 30 October 2026."""
    opened = open_office(Path(shutil.copytree(furnished, tmp_path / "service")))
    yield opened
    opened.database.close()
