"""The supervisor's control channel: one JSON question and one JSON answer between processes of one user.

A UNIX socket in the agent's private folder (a named pipe on Windows, with a key kept in a private file).
Only bytes are read, never pickles, and never more than a few thousand.
Not here: what the answers mean (see ``supervisor``).
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import struct
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

from fyraften_agent.errors import AlreadyRunningError
from fyraften_agent.paths import Paths
from fyraften_agent.processes.local_socket import SocketConnection, SocketListener, connect
from fyraften_policy.languages import mark

Document = dict[str, object]
Tell = Callable[[Document], bool]
"""Shows a notice with buttons; whether a desktop took it."""

_LONGEST_MESSAGE = 4096
_ANSWER_SECONDS = 5.0
_QUESTION_SECONDS = 1.0
_REFUSED_SECONDS = 0.2
_LAST_ANSWER_SECONDS = 0.5
_LONGEST_SOCKET_PATH = 100
_MOST_AT_ONCE = 64


def _no_desktop(notice: Document) -> bool:
    return False


class NoAnswerError(AlreadyRunningError):
    """Something holds the control channel but does not answer."""

    def __init__(self, address: str) -> None:
        super().__init__(
            mark(
                "Fyraften seems to run but does not answer on {address}. End it (fyraften run in its terminal, or the "
                "process that holds supervisor.lock), then start it again."
            ),
            address=address,
        )
        self.address = address


def ask(paths: Paths, command: str, notice: Document | None = None) -> Document | None:
    """Return the supervisor's answer to ``command``, or None when no supervisor runs.

    Args:
        notice: what ``tell`` is to show, with its buttons; at most a few thousand bytes.

    Raises:
        NoAnswerError: one runs and gives no answer within five seconds, or one that is not an answer.
    """
    try:
        with _reachable(paths) as address, _connected(address, _read_key(paths)) as connection:
            question = {"command": command} if notice is None else {"command": command, "notice": notice}
            connection.send_bytes(json.dumps(question).encode())
            if not connection.poll(_ANSWER_SECONDS):
                raise NoAnswerError(str(paths.control))
            answer = json.loads(connection.recv_bytes(_LONGEST_MESSAGE))
    except (FileNotFoundError, ConnectionRefusedError):
        return None
    except _refusals(ValueError, RecursionError) as error:
        raise NoAnswerError(str(paths.control)) from error
    if not isinstance(answer, dict):
        raise NoAnswerError(str(paths.control))
    return answer


class Asked:
    """Somebody used the control channel, or a signal came (then nobody waits for ``settled``)."""

    def __init__(self, command: str) -> None:
        self.command, self.settled = command, threading.Event()


class ControlChannel:
    """The supervisor's end of the channel. Whoever opens it must be the only supervisor of these paths."""

    def __init__(self, paths: Paths) -> None:
        _remove_what_a_crash_left(paths)
        self._reach = contextlib.ExitStack()
        address = self._reach.enter_context(_reachable(paths))
        self._address = address
        self._key = _new_key(paths)
        self._listener = _listening(address, self._key)
        self._closed = False
        self._answering: list[threading.Thread] = []

    def serve(self, answer: Callable[[str], Document], tell: Tell = _no_desktop) -> None:
        """Answer questions until :meth:`close`, calling ``answer`` from several threads; for a thread of its own."""
        while not self._closed:
            try:
                connection = self._listener.accept()
            except _refusals():
                time.sleep(_REFUSED_SECONDS)  # such as no file descriptor left: never try hot
                continue
            self._answering = [one for one in self._answering if one.is_alive()]
            if len(self._answering) >= _MOST_AT_ONCE:  # the files that are left open are for the other processes
                connection.close()
                continue
            # A thread each: who sends half a question must not keep the others waiting.
            thread = threading.Thread(target=_answer_one, args=(connection, answer, tell), daemon=True)
            thread.start()
            self._answering.append(thread)

    def close(self) -> None:
        """Stop answering and remove the address; answers under way are given first, for half a second."""
        if self._closed:
            return
        self._closed = True
        # A thread that waits in accept() does not notice a closed socket, but does notice a caller.
        with contextlib.suppress(*_refusals()):
            _connected(self._address, self._key).close()
        self._listener.close()
        self._reach.close()
        until = time.monotonic() + _LAST_ANSWER_SECONDS
        for thread in self._answering:
            thread.join(max(0.0, until - time.monotonic()))


@contextlib.contextmanager
def serving(paths: Paths, answer: Callable[[str], Document], tell: Tell = _no_desktop) -> Iterator[None]:
    """Answer questions, in threads, until the block ends; see :class:`ControlChannel`."""
    channel = ControlChannel(paths)
    threading.Thread(target=channel.serve, args=(answer, tell), name="control", daemon=True).start()
    try:
        yield
    finally:
        channel.close()


def _answer_one(connection: SocketConnection, answer: Callable[[str], Document], tell: Tell) -> None:
    with connection, contextlib.suppress(EOFError, OSError, ValueError, RecursionError):
        if not _same_user(connection) or not connection.poll(_QUESTION_SECONDS):
            return
        question = json.loads(connection.recv_bytes(_LONGEST_MESSAGE))
        command = question.get("command") if isinstance(question, dict) else None
        notice = question.get("notice") if isinstance(question, dict) else None
        if command == "tell" and isinstance(notice, dict):
            connection.send_bytes(json.dumps({"told": tell(notice)}).encode())
        elif isinstance(command, str):
            connection.send_bytes(json.dumps(answer(command)).encode())


def _same_user(connection: SocketConnection) -> bool:
    """Return whether the caller is this user: asked of the kernel where it tells, beside the folder's own mode."""
    if sys.platform != "linux":
        return True
    with socket.socket(fileno=os.dup(connection.fileno())) as peer:
        credentials = peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    return bool(struct.unpack("3i", credentials)[1] in (0, os.getuid()))


def _connected(address: str, key: bytes | None) -> SocketConnection:
    if sys.platform == "win32":
        from multiprocessing.connection import Client

        return cast(SocketConnection, Client(address, "AF_PIPE", authkey=key))  # it has the same methods
    return connect(address)


def _listening(address: str, key: bytes | None) -> SocketListener:
    if sys.platform == "win32":
        from multiprocessing.connection import Listener

        return cast(SocketListener, Listener(address, "AF_PIPE", backlog=8, authkey=key))  # as above
    listener = SocketListener(address, backlog=8)
    os.chmod(address, 0o600)
    return listener


def _refusals(*others: type[Exception]) -> tuple[type[Exception], ...]:
    """Return what is raised where the other end is not there, hangs up, or does not know the key; and the others."""
    if sys.platform == "win32":
        from multiprocessing import AuthenticationError

        return AuthenticationError, EOFError, OSError, *others
    return EOFError, OSError, *others


@contextlib.contextmanager
def _reachable(paths: Paths) -> Iterator[str]:
    """Give the address in a form the system takes: a UNIX socket's path may only be about a hundred bytes long."""
    address = Path(paths.control)
    if sys.platform != "linux" or len(os.fsencode(address)) < _LONGEST_SOCKET_PATH:
        yield str(paths.control)
        return
    folder = os.open(address.parent, os.O_PATH | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{address.name}"
    finally:
        os.close(folder)


def _remove_what_a_crash_left(paths: Paths) -> None:
    if sys.platform != "win32":
        Path(paths.control).unlink(missing_ok=True)


def _key_file(paths: Paths) -> Path:
    return paths.folder / "control.key"


def _new_key(paths: Paths) -> bytes | None:
    """Make the pipe's key; a UNIX socket needs none inside a private folder."""
    if sys.platform != "win32":
        return None
    key = os.urandom(32)
    _key_file(paths).touch(mode=0o600)
    _key_file(paths).write_bytes(key)
    return key


def _read_key(paths: Paths) -> bytes | None:
    return _key_file(paths).read_bytes() if sys.platform == "win32" else None
