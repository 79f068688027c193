"""The control channel, on real sockets in a private folder."""

from __future__ import annotations

import contextlib
import os
import socket
import stat
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from fyraften_agent.paths import Paths
from fyraften_agent.processes import control, local_socket
from fyraften_agent.processes.control import ControlChannel, Document, NoAnswerError, ask, serving


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    paths = Paths(tmp_path / "agent")
    paths.prepare()
    return paths


@pytest.fixture
def served(paths: Paths) -> Iterator[Paths]:
    channel = ControlChannel(paths)
    thread = threading.Thread(target=channel.serve, args=(echo,), daemon=True)
    thread.start()
    yield paths
    channel.close()
    thread.join(2)
    assert not thread.is_alive()


def echo(command: str) -> Document:
    return {"asked": command, "state": "recording"}


def raw(paths: Paths) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(3)
    connection.connect(str(paths.control))
    return connection


def test_a_question_gets_its_answer(served: Paths) -> None:
    assert ask(served, "state") == {"asked": "state", "state": "recording"}
    assert ask(served, "changed") == {"asked": "changed", "state": "recording"}


def test_nobody_running_is_none(paths: Paths) -> None:
    assert ask(paths, "state") is None


def test_an_address_that_a_crash_left_is_none_and_can_be_taken_over(paths: Paths) -> None:
    with socket.socket(socket.AF_UNIX) as crashed:
        crashed.bind(str(paths.control))

    assert ask(paths, "state") is None
    channel = ControlChannel(paths)
    channel.close()


def test_the_address_is_for_this_user_alone_and_goes_with_the_channel(paths: Paths) -> None:
    channel = ControlChannel(paths)
    mode = stat.S_IMODE(os.stat(paths.control).st_mode)
    channel.close()
    channel.close()

    assert mode == 0o600
    assert not Path(paths.control).exists()


def test_a_folder_too_deep_for_a_socket_still_works(tmp_path: Path) -> None:
    paths = Paths(tmp_path / ("deep" * 10) / ("folder" * 20))
    paths.prepare()
    channel = ControlChannel(paths)
    threading.Thread(target=channel.serve, args=(echo,), daemon=True).start()
    answer = ask(paths, "state")
    channel.close()

    assert len(str(paths.control)) > 108
    assert answer == {"asked": "state", "state": "recording"}
    assert ask(paths, "state") is None


@pytest.mark.parametrize(
    "words",
    [
        b"",
        b"\x00\x00\x00\x05hello",
        b"\x00\x00\x00\x02[]",
        b'\x00\x00\x00\x10{"command": null}'[:20],
        b"\x7f\xff\xff\xffx",
        b"\x00\x00\x10\x00" + b"[" * 4096,
    ],
)
def test_nonsense_gets_no_answer_and_harms_nobody(served: Paths, words: bytes) -> None:
    with raw(served) as connection:
        connection.sendall(words)
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        with contextlib.suppress(ConnectionResetError):
            answer = connection.recv(100)

    assert answer == b""
    assert ask(served, "state") is not None


@pytest.mark.parametrize("words", [b"", b"\x00\x00\x00\x20half"])
def test_somebody_who_connects_and_says_nothing_or_half_holds_nobody_up(served: Paths, words: bytes) -> None:
    with raw(served) as connection:
        connection.sendall(words)
        began = time.monotonic()
        answer = ask(served, "state")

    assert answer is not None
    assert time.monotonic() - began < 0.5


def test_hundreds_that_say_half_leave_room_for_other_files_and_end(served: Paths) -> None:
    before = threading.active_count()
    with contextlib.ExitStack() as held:
        for _ in range(300):
            connection = held.enter_context(socket.socket(socket.AF_UNIX))
            connection.connect(str(served.control))
            with contextlib.suppress(BrokenPipeError):
                connection.sendall(b"\x00\x00\x00\x20half")
        at_once = threading.active_count() - before
    until, answer = time.monotonic() + 10, None
    while answer is None and time.monotonic() < until:
        with contextlib.suppress(NoAnswerError):
            answer = ask(served, "state")

    assert at_once <= 64
    assert answer is not None


def test_an_end_that_falls_silent_is_given_up(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half an answer, and a queue in which nobody is let in: both would wait for ever."""
    monkeypatch.setattr(local_socket, "_SILENCE_SECONDS", 1)
    monkeypatch.setattr(control, "_ANSWER_SECONDS", 1.0)
    with contextlib.closing(local_socket.SocketListener(paths.control, backlog=0)) as listener:

        def half_an_answer() -> None:
            held.append(listener.accept())
            os.write(held[0].fileno(), b"\x00\x00")

        held: list[local_socket.SocketConnection] = []
        halves = threading.Thread(target=half_an_answer)
        halves.start()
        began = time.monotonic()
        for _ in range(3):
            with pytest.raises(NoAnswerError):
                ask(paths, "state")
        with contextlib.ExitStack() as queue:
            for _ in range(3):
                with contextlib.suppress(OSError):
                    queue.enter_context(local_socket.connect(paths.control))
            with pytest.raises(NoAnswerError):
                ask(paths, "state")
        took = time.monotonic() - began
        halves.join()
        held[0].close()

    assert took < 12


def test_a_pickle_is_never_opened(served: Paths, tmp_path: Path) -> None:
    proof = tmp_path / "opened"
    pickle = b"cos\nsystem\n(S'touch " + os.fsencode(proof) + b"'\ntR."
    with raw(served) as connection:
        connection.sendall(len(pickle).to_bytes(4, "big") + pickle)
        connection.shutdown(socket.SHUT_WR)
        connection.recv(100)

    assert not proof.exists()


def test_an_answer_that_is_no_document_is_an_error_that_says_what_to_do(paths: Paths) -> None:
    channel = ControlChannel(paths)
    threading.Thread(target=channel.serve, args=(lambda _command: ["no document"],), daemon=True).start()
    with pytest.raises(NoAnswerError, match="does not answer") as refusal:
        ask(paths, "state")
    channel.close()

    assert refusal.value.exit_code == 5


@pytest.mark.parametrize("is_taken", [True, False])
def test_a_notice_is_shown_by_who_serves_and_its_fate_is_the_answer(paths: Paths, is_taken: bool) -> None:
    told: list[object] = []

    def tell(notice: dict[str, object]) -> bool:
        told.append(notice)
        return is_taken

    with serving(paths, lambda command: {"asked": command}, tell):
        answer = ask(paths, "tell", {"title": "Stop by 20:00"})

    assert answer == {"told": is_taken}
    assert told == [{"title": "Stop by 20:00"}]


def test_without_a_desktop_no_notice_is_shown(paths: Paths) -> None:
    with serving(paths, lambda command: {"asked": command}):
        assert ask(paths, "tell", {"title": "Stop by 20:00"}) == {"told": False}
