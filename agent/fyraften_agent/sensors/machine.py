"""The computer itself: when it started, whether it runs on battery, whether it is going down, what this process costs.

The only module that imports psutil, and late: what the collector asks on Linux needs none. Its network functions are
not for the collector: they open netlink sockets.
The one question to the system bus (a UNIX socket) is whether logind prepares a shutdown.
Not here: suspend, which the clocks tell (see ``clock``).
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NamedTuple

from fyraften_agent.sensors.bus import SYSTEM, Bus, BusError

_WAIT_SECONDS = 0.3  # asked while everything goes down
_LOGIND, _LOGIND_PATH = "org.freedesktop.login1", "/org/freedesktop/login1"


class Footprint(NamedTuple):
    """What a process costs: memory it holds, and processor time it has used so far."""

    resident_bytes: int
    cpu_seconds: float


def boot_time(root: Path = Path("/")) -> int:
    """Return the instant at which the computer started.

    Args:
        root: folder that holds ``proc``, for tests.
    """
    if sys.platform == "linux":
        lines = (root / "proc/stat").read_text(encoding="ascii", errors="replace").splitlines()
        return int(next(line for line in lines if line.startswith("btime ")).split()[1])
    import psutil

    return int(psutil.boot_time())


def on_battery() -> bool | None:
    """Return whether the computer runs on battery; None where there is none or it cannot be told."""
    import psutil

    try:
        battery = psutil.sensors_battery()
    except (AttributeError, OSError, RuntimeError):
        return None
    return None if battery is None or battery.power_plugged is None else not battery.power_plugged


def footprint(pid: int | None = None) -> Footprint | None:
    """Return what process ``pid`` costs (this one by default); None when it has ended."""
    import psutil

    try:
        process = psutil.Process(pid)
        cpu = process.cpu_times()
        return Footprint(process.memory_info().rss, cpu.user + cpu.system)
    except psutil.Error:
        return None


def shutting_down() -> bool:
    """Return whether logind says that the computer is going down; False where nobody can be asked.

    Asked once at the end of the process, so that an orderly shutdown is told from a crash.
    """
    try:
        bus = Bus(SYSTEM, _WAIT_SECONDS)
    except BusError:
        return False
    try:
        return bus.property(_LOGIND, _LOGIND_PATH, f"{_LOGIND}.Manager.PreparingForShutdown") is True
    except BusError:
        return False
    finally:
        bus.close()
