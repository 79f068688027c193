"""The scheduler without the whole of asyncio, each time in a fresh interpreter."""

from __future__ import annotations

import subprocess
import sys


def said_by(program: str) -> str:
    """Return what a Python program prints."""
    command = [sys.executable, "-P", "-c", program]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=30).stdout


_SCHEDULED = """
import queue, sys
from fyraften_agent.collector import _scheduled
class Jobs:
    def tick(self): said.put("ticked")
    def evaluate(self): pass
said = queue.SimpleQueue()
with _scheduled(Jobs(), queue.SimpleQueue(), str) as jobs:
    jobs.run_now()
    print(said.get(timeout=10))
print(*sorted({"asyncio", "ssl"} & set(sys.modules)))
"""


def test_the_scheduler_runs_jobs_and_loads_neither_asyncio_nor_tls() -> None:
    assert said_by(_SCHEDULED).split() == ["ticked"]


def test_who_asks_for_asyncio_afterwards_gets_the_real_one() -> None:
    program = """
from fyraften_agent.recording.without_asyncio import asyncio_left_out
with asyncio_left_out():
    from asyncio import iscoroutinefunction as little
    try:
        from asyncio import sleep
    except ImportError as error:
        print("refused")
async def nothing(): pass
print(little(nothing), little(print))
import asyncio
print(asyncio.run(asyncio.sleep(0, "slept")))
"""

    assert said_by(program).split() == ["refused", "True", "False", "slept"]


def test_an_asyncio_that_is_loaded_already_is_left_alone() -> None:
    program = """
import asyncio
from fyraften_agent.recording.without_asyncio import asyncio_left_out
with asyncio_left_out():
    import asyncio as within
import asyncio as after
print(within is asyncio is after)
"""

    assert said_by(program).split() == ["True"]
