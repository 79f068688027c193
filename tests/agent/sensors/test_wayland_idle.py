"""What is made of a compositor's idle notices: by a compositor that answers as told. Real ones are in ``tests/e2e``."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fyraften_agent.sensors import SourceUnavailableError
from fyraften_agent.sensors.wayland_idle import PROOF_SECONDS, QUIET_SECONDS, WaylandInput

ENVIRON = {"WAYLAND_DISPLAY": "wayland-7"}
OFFER_2 = {"wl_seat": 7, "ext_idle_notifier_v1": 2}
OFFER_1 = {"wl_seat": 7, "ext_idle_notifier_v1": 1}
OLDER = {"wl_seat": 7, "org_kde_kwin_idle": 1}


class FakeCompositor:
    """Offers what it is told to, answers round trips, and notes what it is asked for."""

    def __init__(self, path: Path, offers: dict[str, int]) -> None:
        self._offers = offers
        self.tells_trial = True
        self.bound: dict[int, tuple[str, int]] = {}
        self.asked: list[tuple[str, int, tuple[int, ...]]] = []
        self.notice = 0
        self._server = socket.socket(socket.AF_UNIX)
        self._server.bind(str(path))
        self._server.listen()
        self._peer: socket.socket | None = None
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def tell(self, opcode: int) -> None:
        """Send an event of the notice that was asked for."""
        self._send(self.notice, opcode)

    def tell_rubbish(self) -> None:
        """Send a message that cannot be one."""
        assert self._peer is not None
        self._peer.sendall(struct.pack("=IHH", 5, 0, 3))

    def close(self) -> None:
        """End, and with it the connection."""
        for each in (self._peer, self._server):
            if each is not None:
                with contextlib.suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)
        self._thread.join(5)
        self._server.close()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                self._peer, _address = self._server.accept()
                with self._peer:
                    while header := self._peer.recv(8, socket.MSG_WAITALL):
                        target, opcode, length = struct.unpack("=IHH", header)
                        body = self._peer.recv(length - 8, socket.MSG_WAITALL) if length > 8 else b""
                        self._answer(target, opcode, body)

    def _answer(self, target: int, opcode: int, body: bytes) -> None:
        if (target, opcode) == (1, 1):
            for number, (interface, version) in enumerate(self._offers.items(), 1):
                name = interface.encode() + b"\0"
                padded = name + b"\0" * (-len(name) % 4)
                self._send(2, 0, struct.pack("=II", number, len(name)) + padded + struct.pack("=I", version))
        elif (target, opcode) == (1, 0):
            self._send(struct.unpack("=I", body)[0], 0, struct.pack("=I", 0))
        elif target == 2:
            length = struct.unpack_from("=I", body, 4)[0]
            interface = body[8 : 7 + length].decode()
            version, made = struct.unpack("=II", body[-8:])
            self.bound[made] = (interface, version)
        elif target in self.bound:
            made, *arguments = struct.unpack("=III", body)
            self.asked.append((self.bound[target][0], opcode, tuple(arguments)))
            self.notice = made
            if len(self.asked) == 1 and self.tells_trial:
                self._send(made, 0)

    def _send(self, target: int, opcode: int, body: bytes = b"") -> None:
        assert self._peer is not None
        self._peer.sendall(struct.pack("=IHH", target, opcode, 8 + len(body)) + body)


class Session:
    """A compositor, a source that is connected to it, and the source's clock."""

    def __init__(self, folder: Path, offers: dict[str, int], tells_trial: bool = True) -> None:
        self.compositor = FakeCompositor(folder / "wayland-7", offers)
        self.compositor.tells_trial = tells_trial
        self.now = 1000.0
        self.source = WaylandInput({**ENVIRON, "XDG_RUNTIME_DIR": str(folder)}, lambda: self.now)

    def tell(self, opcode: int) -> None:
        """Let the compositor tell, and wait until it was heard."""
        before = (self.source._is_quiet, self.source._last_input)
        self.compositor.tell(opcode)
        wait_for(lambda: (self.source._is_quiet, self.source._last_input) != before)


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Callable[..., Session]]:
    made: list[Session] = []

    def make(offers: dict[str, int], tells_trial: bool = True) -> Session:
        made.append(Session(tmp_path, offers, tells_trial))
        made[-1].source.start()
        return made[-1]

    yield make
    for each in made:
        each.source.close()
        each.compositor.close()


@pytest.mark.parametrize(
    ("offers", "asked"),
    [
        (OFFER_2, [("ext_idle_notifier_v1", 2, (100, 3)), ("ext_idle_notifier_v1", 2, (5000, 3))]),
        (OFFER_1, [("ext_idle_notifier_v1", 1, (100, 3)), ("ext_idle_notifier_v1", 1, (5000, 3))]),
        (OLDER, [("org_kde_kwin_idle", 0, (3, 100)), ("org_kde_kwin_idle", 0, (3, 5000))]),
    ],
)
def test_each_compositor_is_asked_in_its_own_words(
    session: Callable[..., Session], offers: dict[str, int], asked: list[tuple[str, int, tuple[int, ...]]]
) -> None:
    made = session(offers)
    seat = next(number for number, (interface, _) in made.compositor.bound.items() if interface == "wl_seat")
    said = [
        (name, opcode, tuple(3 if argument == seat else argument for argument in arguments))
        for name, opcode, arguments in made.compositor.asked
    ]

    assert said == asked
    assert set(made.compositor.bound.values()) <= {("wl_seat", 1), *offers.items()}


@pytest.mark.parametrize("offers", [OFFER_2, OFFER_1, OLDER])
def test_quiet_puts_the_latest_input_before_it_and_an_end_of_quiet_now(
    session: Callable[..., Session], offers: dict[str, int]
) -> None:
    made = session(offers)
    made.now += 100
    made.tell(0)
    quiet = made.source.last_input()
    made.now += 60
    still = made.source.last_input()
    made.tell(1)

    assert quiet == still == 1100.0 - QUIET_SECONDS
    assert made.source.last_input() == 1160.0


def test_without_a_notice_there_was_input_where_notices_go_by_input(session: Callable[..., Session]) -> None:
    made = session(OFFER_2)
    made.now += 100

    assert made.source.last_input() == 1100.0 - QUIET_SECONDS


@pytest.mark.parametrize("offers", [OFFER_1, OLDER])
def test_without_a_notice_nobody_knows_where_a_film_keeps_it_back(
    session: Callable[..., Session], offers: dict[str, int]
) -> None:
    made = session(offers)
    made.now += 100

    assert made.source.last_input() == 1000.0


def test_a_compositor_that_never_tells_of_quiet_is_a_dead_source_and_no_work(session: Callable[..., Session]) -> None:
    made = session(OFFER_2, tells_trial=False)
    made.now += PROOF_SECONDS - 1
    at_first = (made.source.alive(), made.source.last_input())
    made.now += 1

    assert at_first == (True, 1000.0)
    assert not made.source.alive()
    assert "ten minutes" in str(made.source.problem())


def test_a_first_notice_proves_the_source(session: Callable[..., Session]) -> None:
    made = session(OFFER_2, tells_trial=False)
    made.now += 20
    made.tell(0)
    made.now += PROOF_SECONDS

    assert made.source.alive()


def test_a_compositor_that_ends_is_a_dead_source(session: Callable[..., Session]) -> None:
    made = session(OFFER_2)
    made.compositor.close()
    wait_for(lambda: not made.source.alive())

    assert "has ended" in str(made.source.problem())


def test_a_compositor_that_says_nonsense_is_a_dead_source(session: Callable[..., Session]) -> None:
    made = session(OFFER_2)
    made.compositor.tell_rubbish()
    wait_for(lambda: not made.source.alive())


@pytest.mark.parametrize("offers", [{}, {"wl_seat": 7}, {"ext_idle_notifier_v1": 2}])
def test_a_compositor_that_does_not_offer_it_is_refused(tmp_path: Path, offers: dict[str, int]) -> None:
    compositor = FakeCompositor(tmp_path / "wayland-7", offers)

    with pytest.raises(SourceUnavailableError, match="offers no idle notices"):
        WaylandInput({**ENVIRON, "XDG_RUNTIME_DIR": str(tmp_path)}).look()
    compositor.close()


def test_without_a_wayland_session_there_is_nothing_to_ask(tmp_path: Path) -> None:
    for environ, words in (({}, "no Wayland session"), ({"WAYLAND_DISPLAY": str(tmp_path / "gone")}, "No compositor")):
        with pytest.raises(SourceUnavailableError, match=words):
            WaylandInput(environ).start()
