"""Whether Windows would rather not be interrupted: a presentation, a full screen, quiet hours; one call, yes or no.

From documentation; not run here.
Not here: Linux (``occupied``).
"""

from __future__ import annotations

import ctypes
import sys
from typing import Any

# SHQueryUserNotificationState: 1 nobody there (screen saver, lock, another account's session), 2 busy (a full screen),
# 3 a game in full screen, 4 presentation, 6 quiet time, 7 an app that fills the screen. Notices are welcome at 5 alone.
_WORDS = {
    1: "locked",
    2: "full_screen",
    3: "full_screen",
    4: "full_screen",
    6: "do_not_disturb",
    7: "full_screen",
}


def on_windows(shell: Any = None) -> str | None:
    """Return a word of ``telling.HELD``; None where notices are welcome, or nobody says."""
    state = ctypes.c_int()
    try:
        library = _shell() if shell is None else shell
        failed = library.SHQueryUserNotificationState(ctypes.byref(state))
    except (OSError, AttributeError):
        return None
    return None if failed else _WORDS.get(state.value)


def _shell() -> Any:
    """Return the library of the shell; None where this is no Windows."""
    if sys.platform == "win32":
        return ctypes.windll.shell32
    return None
