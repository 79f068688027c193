"""The idle counter of GNOME (Mutter), on Wayland and on X11, over the session bus: seconds since the latest input.

Asked at each look, which costs a third of a millisecond; nothing is streamed, and nothing wakes up between two looks.
Not here: checking what it says (``idle_counter``).
"""

from __future__ import annotations

from collections.abc import Mapping

from fyraften_agent.sensors import SourceUnavailableError
from fyraften_agent.sensors.bus import Bus, BusError, session_bus
from fyraften_agent.sensors.idle_counter import CounterError, CounterInput
from fyraften_policy.languages import mark

NAME = "gnome"
_MONITOR = "org.gnome.Mutter.IdleMonitor"
_CORE = "/org/gnome/Mutter/IdleMonitor/Core"


class GnomeCounter:
    """Mutter's counter over all devices."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    def idle_seconds(self) -> float:
        """Return the seconds since the latest input."""
        try:
            answer = self._bus.ask(_MONITOR, _CORE, f"{_MONITOR}.GetIdletime")
        except BusError as error:
            raise CounterError(str(error)) from error
        if len(answer) != 1 or not isinstance(answer[0], int):
            raise CounterError(f"GetIdletime is answered by {answer!r}")
        return answer[0] / 1000

    def close(self) -> None:
        """Close the connection."""
        self._bus.close()


def open_counter(environ: Mapping[str, str]) -> GnomeCounter:
    """Return the counter of the desktop that ``environ`` belongs to; raises :class:`SourceUnavailableError`."""
    address = session_bus(environ)
    if address is None:
        raise SourceUnavailableError(NAME, mark("There is no session bus to ask GNOME on."))
    try:
        bus = Bus(address)
    except BusError as error:
        raise SourceUnavailableError(NAME, mark("The session bus cannot be used: {problem}."), problem=error) from error
    try:
        if bus.owns(_MONITOR):
            return GnomeCounter(bus)
    except BusError:
        pass
    bus.close()
    raise SourceUnavailableError(NAME, mark("This desktop is not GNOME: nobody offers its idle counter."))


def gnome_input(environ: Mapping[str, str]) -> CounterInput:
    """Return the source of input that asks GNOME."""
    return CounterInput(NAME, lambda: open_counter(environ))
