"""What all tests share: Hypothesis without a time limit for one example, because the machines that run it differ."""

from __future__ import annotations

import os
import signal

from hypothesis import settings

settings.register_profile("fyraften", deadline=None)
settings.load_profile("fyraften")


def pytest_configure() -> None:
    """Take signals as a terminal's programs do: a job started in the background inherits that Ctrl-C is ignored."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
    # Nor the keyring, the notices or the icons of the desktop they are run from: tests bring a bus of their own.
    os.environ["DBUS_SESSION_BUS_ADDRESS"] = "unix:path=/nowhere/bus"
