"""Run as a process by ``test_kernel_clocks``: measures by the kernel's own clocks while these are moved under it.

The process enters a time namespace in which CLOCK_BOOTTIME is ahead and CLOCK_MONOTONIC is not: what a computer looks
like that has slept.  Only a process with one thread may do that, so the collector's jobs run here without a scheduler.
Prints, as JSON, the clocks before and after, and the rows.
"""

from __future__ import annotations

import ctypes
import json
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from fakes import FakeLaptop
from fyraften_agent.clock import SystemClock
from fyraften_agent.store.store import Store

_CLONE_NEWTIME = 0x80


@dataclass
class KernelClock(SystemClock):
    """The real clocks; the wall clock may be ahead of the real one, as somebody set it."""

    ahead: int = 0
    booted_at: int = 0

    def now(self) -> int:
        return super().now() + self.ahead

    def zone(self) -> str:
        return "Europe/Copenhagen"


def enter(namespace: str) -> None:
    """Go over to another time namespace, at once and as a whole."""
    with open(namespace, "rb") as opened:
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.setns(opened.fileno(), _CLONE_NEWTIME):
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number), namespace)


def main(folder: Path, namespace: str, ahead: int, typed_at_the_lid: bool) -> None:
    """Work for some seconds, let the kernel say that the computer slept, and work again."""
    clock = KernelClock()
    with Store.open(folder / "work.sqlite3") as store:
        laptop = FakeLaptop(store, clock=clock)  # type: ignore[arg-type]  # the same questions, answered by the kernel
        laptop.start()
        work(laptop)
        before = look(clock)
        if typed_at_the_lid:
            time.sleep(1)  # sooner it would count as the key before, told again
            laptop.source.type()
        enter(namespace)
        clock.ahead += ahead
        after = look(clock)
        laptop.collector.tick()
        work(laptop)
        laptop.collector.stop()
        rows = {
            table: [list(row.values()) for row in store.file.rows(f"SELECT {columns} FROM {table} ORDER BY id")]
            for table, columns in (
                ("spans", "start, end"),
                ("observed", "start, end, ended"),
                ("sessions", "measured_start, measured_end, open"),
            )
        }
        print(json.dumps({"before": before, "after": after, "end": clock.now(), "rows": rows}))


def work(laptop: FakeLaptop) -> None:
    """Type for three seconds of real time, with a look each second."""
    for _ in range(3):
        time.sleep(1)
        laptop.source.type()
        laptop.collector.tick()


def look(clock: KernelClock) -> dict[str, float]:
    """Return what the three clocks say."""
    return {"now": clock.now(), "monotonic": clock.monotonic(), "boottime": clock.boottime()}


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), sys.argv[4] == "typed")
