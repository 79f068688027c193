"""Input on macOS: the seconds since the latest input that the system counts, which needs no permission.

Listening to keys would need the right to monitor all input; the counter is told no event, and is asked at each look.
Not run on this project's machines: what can be is tested through a function in its place, the rest only typed.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable

from fyraften_agent.sensors import SourceUnavailableError
from fyraften_agent.sensors.idle_counter import CounterError, CounterInput
from fyraften_policy.languages import mark

NAME = "mac-counter"
_FRAMEWORK = "/System/Library/Frameworks/ApplicationServices.framework/ApplicationServices"
_OF_THE_DEVICES = 1  # kCGEventSourceStateHIDSystemState: what programs pretend is not counted
_ANY_INPUT = 0xFFFFFFFF  # kCGAnyInputEventType


class MacCounter:
    """The counter of the devices; the function is the system's, given both constants."""

    def __init__(self, seconds_since: Callable[[int, int], float]) -> None:
        self._seconds_since = seconds_since

    def idle_seconds(self) -> float:
        """Return the seconds since the latest input."""
        try:
            return float(self._seconds_since(_OF_THE_DEVICES, _ANY_INPUT))
        except (OSError, TypeError, ValueError) as error:
            raise CounterError(str(error)) from error

    def close(self) -> None:
        """There is nothing to let go of."""


def mac_input() -> CounterInput:
    """Return the source of input that asks the system's counter."""
    return CounterInput(NAME, _open_counter)


def _open_counter() -> MacCounter:
    if sys.platform != "darwin":
        raise SourceUnavailableError(NAME, mark("This is not macOS."))
    try:
        function = ctypes.CDLL(_FRAMEWORK).CGEventSourceSecondsSinceLastEventType
    except (OSError, AttributeError) as error:
        raise SourceUnavailableError(
            NAME, mark("The system's counter cannot be asked: {problem}."), problem=error
        ) from error
    function.argtypes, function.restype = [ctypes.c_int32, ctypes.c_uint32], ctypes.c_double
    return MacCounter(function)
