"""Whether the screen of macOS is locked, asked at each look; sleep shows in the clocks.

The window server's description of the session holds the lock where there is one; asking it needs no permission.
Not run on this project's machines: only typed.
Not here: when it is asked (``polled_screen``).
"""

from __future__ import annotations

import ctypes
import sys

from fyraften_agent.sensors.polled_screen import PolledScreen

_GRAPHICS = "/System/Library/Frameworks/CoreGraphics.framework/CoreGraphics"
_FOUNDATION = "/System/Library/Frameworks/CoreFoundation.framework/CoreFoundation"
_UTF8 = 0x08000100
_LOCK = b"CGSSessionScreenIsLocked"


def mac_screen() -> PolledScreen:
    """Return the screen of this session."""
    return PolledScreen(session_is_locked)


def session_is_locked() -> bool | None:
    """Return whether the session is locked; None where the system does not say."""
    if sys.platform != "darwin":
        return None
    try:
        graphics, foundation = ctypes.CDLL(_GRAPHICS), ctypes.CDLL(_FOUNDATION)
    except OSError:
        return None
    graphics.CGSessionCopyCurrentDictionary.restype = ctypes.c_void_p
    foundation.CFStringCreateWithCString.restype = ctypes.c_void_p
    foundation.CFStringCreateWithCString.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_uint32]
    foundation.CFDictionaryGetValue.restype = ctypes.c_void_p
    foundation.CFDictionaryGetValue.argtypes = [ctypes.c_void_p, ctypes.c_void_p]
    foundation.CFBooleanGetValue.restype = ctypes.c_bool
    foundation.CFBooleanGetValue.argtypes = [ctypes.c_void_p]
    foundation.CFRelease.argtypes = [ctypes.c_void_p]
    session = graphics.CGSessionCopyCurrentDictionary()
    if not session:
        return None
    key = foundation.CFStringCreateWithCString(None, _LOCK, _UTF8)
    try:
        value = foundation.CFDictionaryGetValue(session, key)
        return bool(value) and bool(foundation.CFBooleanGetValue(value))
    finally:
        foundation.CFRelease(key)
        foundation.CFRelease(session)
