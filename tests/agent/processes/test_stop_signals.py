"""Signals, sent to a process of its own."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

# The main thread blocks these signals, so that the system has to hand them to another thread: the worst case.
_PROGRAM = """
import queue, signal, threading
from fyraften_agent.processes.stop_signals import call_on_stop_signal
stopped = queue.SimpleQueue()
call_on_stop_signal(lambda: stopped.put("stop"))
threading.Thread(target=threading.Event().wait, daemon=True).start()
if {in_other_thread}:
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
print("ready", flush=True)
print(stopped.get(timeout=10), flush=True)
"""


@pytest.mark.parametrize("in_other_thread", [False, True])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_stops_also_when_another_thread_gets_it(number: signal.Signals, in_other_thread: bool) -> None:
    program = _PROGRAM.format(in_other_thread=in_other_thread)
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(number)
        answer = process.stdout.read()

    assert answer == b"stop\n"
    assert process.returncode == 0


def test_a_signal_that_was_ignored_stays_ignored() -> None:
    program = (
        "import os, signal\n"
        "signal.signal(signal.SIGHUP, signal.SIG_IGN)\n"
        "from fyraften_agent.processes.stop_signals import call_on_stop_signal\n"
        "call_on_stop_signal(lambda: print('stop', flush=True))\n"
        "print(signal.getsignal(signal.SIGHUP) == signal.SIG_IGN)\n"
    )
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert answer.stdout == "True\n"
