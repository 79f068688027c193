"""The signals that ask a process to end, turned into a call. Standard library only.

Python runs its own handlers in the main thread alone, when that thread wakes up. Where the system hands the signal to
another thread, a main thread that waits would not notice. So the number of the signal goes through a pipe.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP")


def call_on_stop_signal(stop: Callable[[], None]) -> None:
    """Call ``stop``, in a thread of its own, for each signal that asks to end; for the main thread to set up.

    A signal that was ignored when the process started (``nohup``) stays ignored.
    """
    read, write = os.pipe()
    if sys.platform != "win32":
        os.set_blocking(write, False)
    signal.set_wakeup_fd(write, warn_on_full_buffer=False)
    for number in (getattr(signal, name) for name in _NAMES if hasattr(signal, name)):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, lambda *_: None)
    threading.Thread(target=_wait, args=(read, stop), name="signals", daemon=True).start()


def _wait(read: int, stop: Callable[[], None]) -> None:
    while os.read(read, 1):
        stop()
