"""Whether the screen of Windows is locked, asked at each look; sleep shows in the clocks.

Nothing is registered and no window is made: a look costs one call.  Not run on this project's machines: how the answer
is read is tested, the call itself only typed.
Not here: when it is asked (``polled_screen``).
"""

from __future__ import annotations

import ctypes
import sys

from fyraften_agent.sensors.polled_screen import PolledScreen

_FLAGS_AT = 16  # level, a gap because what follows holds 64-bit times, session, state of the connection, then the flags
_LOCKED, _NOT_LOCKED = 0, 1


def windows_screen() -> PolledScreen:
    """Return the screen of this Windows session; who keeps it awake, Windows tells administrators alone."""
    return PolledScreen(session_is_locked)


def flag_says(answer: bytes) -> bool | None:
    """Return what the system's answer (``WTSINFOEXW``) says of the lock; None where it says nothing."""
    flag = int.from_bytes(answer[_FLAGS_AT : _FLAGS_AT + 4], "little") if len(answer) >= _FLAGS_AT + 4 else None
    return {_LOCKED: True, _NOT_LOCKED: False}.get(flag) if flag is not None else None


def session_is_locked() -> bool | None:
    """Return whether the session is locked; None where the system does not say."""
    if sys.platform == "win32":
        answer, length = ctypes.c_void_p(), ctypes.c_uint()
        # This computer, this session, WTSSessionInfoEx.
        found = ctypes.windll.wtsapi32.WTSQuerySessionInformationW(
            None, -1, 25, ctypes.byref(answer), ctypes.byref(length)
        )
        if not found or answer.value is None:
            return None
        try:
            return flag_says(ctypes.string_at(answer.value, min(length.value, 64)))
        finally:
            ctypes.windll.wtsapi32.WTSFreeMemory(answer)
    return None
