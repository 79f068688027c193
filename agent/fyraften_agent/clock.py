"""The clocks of this computer, behind one Protocol, so that everything else can be run with a simulated one.

Three readings are needed, because none alone tells the truth: the wall clock labels but may be moved, the monotonic
clock measures but stands still in sleep, the boot clock measures and counts sleep.
"""

from __future__ import annotations

import ctypes
import sys
import time
from typing import Protocol

from fyraften_agent.errors import InputError
from fyraften_policy.languages import mark


class Clock(Protocol):
    """What the agent asks about time."""

    def now(self) -> int:
        """Whole seconds of UTC since 1970, by the wall clock."""
        ...

    def monotonic(self) -> float:
        """Seconds since some moment, never set back, standing still while the computer sleeps."""
        ...

    def boottime(self) -> float:
        """Seconds since some moment, never set back, counting sleep where the platform can."""
        ...

    def zone(self) -> str:
        """IANA name of the time zone the computer is set to now."""
        ...


class SystemClock:
    """The real clocks."""

    def now(self) -> int:
        return int(time.time())

    def monotonic(self) -> float:
        return awake_seconds()

    def boottime(self) -> float:
        return _boottime()

    def zone(self) -> str:
        import tzlocal  # asked for once a session, not on a tick

        try:
            # A laptop travels: tzlocal would go on answering with the zone it saw first.
            tzlocal.reload_localzone()
            name = tzlocal.get_localzone_name()
        except (KeyError, ValueError):  # what TZ says is no zone, or one by its rules instead of its name
            name = None
        if not name:
            raise InputError(
                mark(
                    "The time zone of this computer has no known name. Set it in the system's settings, "
                    "or start the agent with the variable TZ, for example TZ=Europe/Copenhagen."
                )
            )
        return str(name)


def awake_seconds() -> float:
    """Return seconds that stand still while the computer sleeps: by this clock the sources tell of input."""
    if sys.platform == "win32":  # whose time.monotonic() counts sleep
        ticks = ctypes.c_ulonglong()
        ctypes.windll.kernel32.QueryUnbiasedInterruptTime(ctypes.byref(ticks))
        return ticks.value / 10_000_000
    return time.monotonic()


def _boottime() -> float:
    if sys.platform == "linux":
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    if sys.platform == "darwin":
        return time.clock_gettime(time.CLOCK_MONOTONIC)  # on macOS this one counts sleep, time.monotonic() does not
    return time.monotonic()
