"""Input in a Wayland session, by the compositor's idle notices: KDE, sway and other compositors of wlroots, COSMIC.

The compositor tells when there was no input for five seconds, and when there is some again; between the two nothing
wakes up.  Spoken are ``ext_idle_notifier_v1`` and, where a compositor is older, ``org_kde_kwin_idle``.  From version 2
on the notices go by input alone; before, a program that keeps the screen awake keeps the notice back, too, so that
only the moments told of are input, never the time between them.
Not here: the wire (``wayland_wire``), GNOME, which offers neither (``gnome_idle``).
"""

from __future__ import annotations

import struct
import threading
import time
from collections.abc import Callable, Mapping
from typing import NamedTuple

from fyraften_agent.sensors import SourceUnavailableError
from fyraften_agent.sensors.wayland_wire import Event, Wire, WireError, socket_path
from fyraften_policy.languages import mark

NAME = "wayland"
_NOTIFIER, _OLDER_NOTIFIER, _SEAT = "ext_idle_notifier_v1", "org_kde_kwin_idle", "wl_seat"
_BY_INPUT_VERSION = 2
_IDLED, _RESUMED = 0, 1
_DESTROY = 0

QUIET_SECONDS = 5.0
_TRIAL_SECONDS = 0.1
_TRIAL_WAIT_SECONDS = 1.0
PROOF_SECONDS = 600.0
_CLOSE_SECONDS = 1.0


class Notices(NamedTuple):
    """How a compositor is asked for notices: the object asked, the request, and what it can tell."""

    notifier: int
    seat: int
    opcode: int
    is_older: bool
    by_input: bool


class WaylandInput:
    """The latest input, by the compositor's idle notices."""

    name = NAME

    def __init__(self, environ: Mapping[str, str], monotonic: Callable[[], float] = time.monotonic) -> None:
        self._environ, self._monotonic = environ, monotonic
        self._wire: Wire | None = None
        self._thread: threading.Thread | None = None
        self._notice = 0
        self._by_input = False
        self._last_input: float | None = None
        self._is_quiet = False
        self._is_proved = False
        self._started = 0.0
        self._problem: SourceUnavailableError | None = None

    def look(self) -> None:
        """Check that the compositor offers notices; raises :class:`SourceUnavailableError`."""
        wire = _connect(self._environ)
        wire.close()

    def start(self) -> None:
        """Ask for notices, and try one. See :class:`fyraften_agent.sensors.InputSource`."""
        self.close()
        self._problem, self._is_quiet = None, False
        self._started = self._monotonic()
        wire = _connect(self._environ)
        try:
            notices = _bind(wire)
            self._is_proved = _try_out(wire, notices)
            self._notice = _ask(wire, notices, QUIET_SECONDS)
            for event in wire.round_trip():
                self._hear(event)
        except WireError as error:
            wire.close()
            raise SourceUnavailableError(
                self.name, mark("The compositor refuses idle notices: {problem}."), problem=error
            ) from error
        self._by_input = notices.by_input
        # Whatever was before is none of our business, and no input since has to be told apart from it.
        self._last_input = self._started
        self._wire = wire
        self._thread = threading.Thread(target=self._listen, args=(wire,), name="wayland", daemon=True)
        self._thread.start()

    def last_input(self) -> float | None:
        latest = self._last_input
        if latest is None or self._is_quiet or not (self._by_input and self._is_proved):
            return latest
        # No notice means input within the last seconds; when exactly is told when it has ended.
        return max(latest, self._monotonic() - QUIET_SECONDS)

    def alive(self) -> bool:
        if self._thread is None or not self._thread.is_alive():
            return False
        # Nobody types for ten minutes without five seconds' rest: a compositor that never tells of one does not tell.
        return self._is_proved or self._monotonic() - self._started < PROOF_SECONDS

    def problem(self) -> SourceUnavailableError | None:
        """Return why it is not alive any more."""
        if self.alive():
            return None
        if self._thread is not None and self._thread.is_alive():
            return SourceUnavailableError(
                self.name, mark("The compositor promised idle notices and has not sent one in ten minutes.")
            )
        return SourceUnavailableError(self.name, mark("The compositor has ended, or let the connection go."))

    def close(self) -> None:
        wire, self._wire = self._wire, None
        thread, self._thread = self._thread, None
        if wire is not None:
            wire.cut()
        if thread is not None:
            thread.join(_CLOSE_SECONDS)
        if wire is not None:
            wire.close()

    def _listen(self, wire: Wire) -> None:
        try:
            while (event := wire.next_event(None)) is not None:
                self._hear(event)
        except WireError:
            return

    def _hear(self, event: Event) -> None:
        if event.object != self._notice:
            return
        now = self._monotonic()
        if event.opcode == _IDLED:
            self._is_quiet = self._is_proved = True
            self._note(now - QUIET_SECONDS)
        elif event.opcode == _RESUMED:
            self._is_quiet = False
            self._note(now)

    def _note(self, at: float) -> None:
        self._last_input = at if self._last_input is None else max(self._last_input, at)


def _connect(environ: Mapping[str, str]) -> Wire:
    path = socket_path(environ)
    if path is None:
        raise SourceUnavailableError(NAME, mark("This is no Wayland session (WAYLAND_DISPLAY is not set)."))
    try:
        wire = Wire(path)
    except WireError as error:
        raise SourceUnavailableError(
            NAME, mark("No compositor answers at {path}: {problem}."), path=path, problem=error
        ) from error
    if wire.offered(_SEAT) is None or not (wire.offered(_NOTIFIER) or wire.offered(_OLDER_NOTIFIER)):
        wire.close()
        raise SourceUnavailableError(
            NAME, mark("This compositor offers no idle notices (ext-idle-notify-v1) to programs.")
        )
    return wire


def _bind(wire: Wire) -> Notices:
    seat, notifier, older = (wire.offered(name) for name in (_SEAT, _NOTIFIER, _OLDER_NOTIFIER))
    assert seat is not None
    seat_number = wire.bind(seat, 1)
    if notifier is not None:
        by_input = notifier.version >= _BY_INPUT_VERSION
        number = wire.bind(notifier, _BY_INPUT_VERSION)
        return Notices(number, seat_number, 2 if by_input else 1, is_older=False, by_input=by_input)
    assert older is not None
    return Notices(wire.bind(older, 1), seat_number, 0, is_older=True, by_input=False)


def _ask(wire: Wire, notices: Notices, quiet_seconds: float) -> int:
    """Ask for notices of the quiet after so many seconds; return the object that sends them."""
    made, milliseconds = wire.new_object(), round(quiet_seconds * 1000)
    arguments = (notices.seat, milliseconds) if notices.is_older else (milliseconds, notices.seat)
    wire.send(notices.notifier, notices.opcode, struct.pack("=III", made, *arguments))
    return made


def _try_out(wire: Wire, notices: Notices) -> bool:
    """Return whether a notice of a tenth of a second's quiet comes: not while somebody types, or watches a film."""
    trial = _ask(wire, notices, _TRIAL_SECONDS)
    deadline = time.monotonic() + _TRIAL_WAIT_SECONDS
    is_told = False
    while not is_told and (left := deadline - time.monotonic()) > 0:
        event = wire.next_event(left)
        is_told = event is not None and event.object == trial and event.opcode == _IDLED
    wire.send(trial, _DESTROY)
    return is_told
