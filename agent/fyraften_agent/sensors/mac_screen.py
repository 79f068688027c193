"""Whether the screen of macOS is locked, or kept awake by a program, asked at each look; sleep shows in the clocks.

The window server's description of the session holds the lock where there is one, and power management the sum of what
programs want of it, without their names; asking either needs no permission.
Not run on this project's machines: only typed.
Not here: when it is asked (``polled_screen``).
"""

from __future__ import annotations

import ctypes
import sys
from typing import Any

from fyraften_agent.sensors.polled_screen import PolledScreen

_GRAPHICS = "/System/Library/Frameworks/CoreGraphics.framework/CoreGraphics"
_FOUNDATION = "/System/Library/Frameworks/CoreFoundation.framework/CoreFoundation"
_POWER = "/System/Library/Frameworks/IOKit.framework/IOKit"
_UTF8 = 0x08000100
_LOCK = b"CGSSessionScreenIsLocked"
_DISPLAY_AWAKE = b"PreventUserIdleDisplaySleep"  # kIOPMAssertionTypePreventUserIdleDisplaySleep; its level is 0 or 255
_INT = 9  # kCFNumberIntType


def mac_screen() -> PolledScreen:
    """Return the screen of this session."""
    return PolledScreen(session_is_locked, lambda: display_is_kept_awake())


def session_is_locked() -> bool | None:
    """Return whether the session is locked; None where the system does not say."""
    if sys.platform != "darwin":
        return None
    try:
        graphics, foundation = ctypes.CDLL(_GRAPHICS), _foundation()
    except OSError:
        return None
    graphics.CGSessionCopyCurrentDictionary.restype = ctypes.c_void_p
    session = graphics.CGSessionCopyCurrentDictionary()
    if not session:
        return None
    try:
        value = _value(foundation, session, _LOCK)
        return bool(value) and bool(foundation.CFBooleanGetValue(value))
    finally:
        foundation.CFRelease(session)


def display_is_kept_awake() -> bool | None:
    """Return whether a program keeps the display awake; None where the system does not say."""
    if sys.platform != "darwin":
        return None
    try:
        power, foundation = ctypes.CDLL(_POWER), _foundation()
    except OSError:
        return None
    power.IOPMCopyAssertionsStatus.argtypes = [ctypes.POINTER(ctypes.c_void_p)]
    power.IOPMCopyAssertionsStatus.restype = ctypes.c_int
    levels, level = ctypes.c_void_p(), ctypes.c_int()
    if power.IOPMCopyAssertionsStatus(ctypes.byref(levels)) != 0 or not levels.value:
        return None
    try:
        value = _value(foundation, levels.value, _DISPLAY_AWAKE)
        return bool(value) and bool(foundation.CFNumberGetValue(value, _INT, ctypes.byref(level))) and level.value > 0
    finally:
        foundation.CFRelease(levels.value)


def _foundation() -> Any:
    """Return the library of strings, numbers and dictionaries, with the types of what is called."""
    library = ctypes.CDLL(_FOUNDATION)
    library.CFStringCreateWithCString.restype = ctypes.c_void_p
    library.CFStringCreateWithCString.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_uint32]
    library.CFDictionaryGetValue.restype = ctypes.c_void_p
    library.CFDictionaryGetValue.argtypes = [ctypes.c_void_p, ctypes.c_void_p]
    library.CFBooleanGetValue.restype = ctypes.c_bool
    library.CFBooleanGetValue.argtypes = [ctypes.c_void_p]
    library.CFNumberGetValue.restype = ctypes.c_bool
    library.CFNumberGetValue.argtypes = [ctypes.c_void_p, ctypes.c_long, ctypes.c_void_p]
    library.CFRelease.argtypes = [ctypes.c_void_p]
    return library


def _value(foundation: Any, dictionary: int, name: bytes) -> int | None:
    """Return what a dictionary holds under a name, which lives as long as the dictionary."""
    key = foundation.CFStringCreateWithCString(None, name, _UTF8)
    try:
        value: int | None = foundation.CFDictionaryGetValue(dictionary, key)
        return value
    finally:
        foundation.CFRelease(key)
