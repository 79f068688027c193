"""What all tests share: no time limit for one example of Hypothesis, and nothing of the desktop they are run from.

Tests marked ``prove`` take longer than a test run should: ``make prove`` runs them, or anybody with ``PROVE=1``.
"""

from __future__ import annotations

import os
import signal

import pytest
from hypothesis import settings

settings.register_profile("fyraften", deadline=None)
settings.load_profile("fyraften")


def pytest_configure() -> None:
    """Take signals as a terminal's programs do: a job started in the background inherits that Ctrl-C is ignored."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
    # What is printed is as wide as where there is no terminal, whatever a shell or a run in several processes says.
    os.environ.pop("COLUMNS", None)
    # Nor the keyring, the notices or the icons of the desktop they are run from: tests bring a bus of their own.
    os.environ["DBUS_SESSION_BUS_ADDRESS"] = "unix:path=/nowhere/bus"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what takes too long, unless it is asked for."""
    long = [item for item in items if item.get_closest_marker("prove") is not None]
    if long and not os.environ.get("PROVE"):
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if item not in long]
