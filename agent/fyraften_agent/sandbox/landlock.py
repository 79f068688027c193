"""The kernel's Landlock by its three system calls: which files and TCP ports this process may use from now on.

Linux only, without a library: the calls have the same numbers on every architecture. What is given here is all that is
left: everything else is refused, to every child too, and nothing gives it back. What a version ("ABI") of Landlock does
not know is left out; the caller is told the version and knows what that means.
Not here: which process may do what (``sandbox``), UDP and UNIX sockets, which Landlock does not cover (``seccomp``).
"""

from __future__ import annotations

import ctypes
import os
import stat
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

_CREATE, _ADD_RULE, _RESTRICT = 444, 445, 446
_VERSION = 1
_PATH, _PORT = 1, 2
_PR_SET_NO_NEW_PRIVS = 38

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
REMOVE_DIR, REMOVE_FILE, MAKE_DIR, MAKE_REG = 1 << 4, 1 << 5, 1 << 7, 1 << 8
REFER, TRUNCATE = 1 << 13, 1 << 14  # to give a file another name in another folder, where both allow it
READ = READ_FILE | READ_DIR
RUN = READ | EXECUTE
CHANGE_FILE = READ_FILE | WRITE_FILE | TRUNCATE
CHANGE = READ | CHANGE_FILE | REMOVE_DIR | REMOVE_FILE | MAKE_DIR | MAKE_REG | REFER
_OF_A_FILE = EXECUTE | CHANGE_FILE
_BIND_TCP, _CONNECT_TCP = 1, 2
_ABSTRACT_SOCKETS, _SIGNALS = 1, 2

# What each version of Landlock can refuse; a later one can all that the earlier ones can.
_FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 5: 16}
READING_SINCE = 1
WRITING_SINCE = 3  # before, a file that may not be written could still be cut to nothing
PORTS_SINCE = 4
OTHERS_SINCE = 6  # signals, and UNIX sockets without a file


class LandlockError(OSError):
    """The kernel refused a call that its version of Landlock knows."""


class Allowed(NamedTuple):
    """A file or folder, with what may be done there: ``READ``, ``RUN``, ``CHANGE`` or single rights."""

    path: str | os.PathLike[str]
    rights: int


def version() -> int:
    """Return the version of Landlock that this kernel offers; 0 for none."""
    if not sys.platform.startswith("linux"):
        return 0
    return max(0, int(_libc().syscall(_CREATE, None, ctypes.c_size_t(0), ctypes.c_uint32(_VERSION))))


def restrict(allowed: Iterable[Allowed], ports: Iterable[int] | None, *, abstract_sockets: bool, abi: int) -> None:
    """Give up everything that is not allowed, in this thread and in everything it starts; may be called again.

    Args:
        allowed: files and folders; what does not exist is passed over.
        ports: to which TCP connections may be opened; none may be bound. None leaves them as they are.
        abstract_sockets: whether UNIX sockets without a file may be connected to that others have opened.
        abi: the version to use: :func:`version`, or less.

    Raises:
        LandlockError: the kernel refused.
    """
    with _ruleset(abi, ports is not None, abstract_sockets) as ruleset:
        for path, rights in allowed:
            _allow_path(ruleset, path, rights & _file_rights(abi))
        for port in (ports or ()) if abi >= PORTS_SINCE else ():
            _add_rule(ruleset, _PORT, (ctypes.c_uint64 * 2)(_CONNECT_TCP, port))
        keep_privileges_down()
        _checked(_libc().syscall(_RESTRICT, ctypes.c_int(ruleset), ctypes.c_uint32(0)))


def keep_privileges_down() -> None:
    """Let no program that is started from here on gain rights: the kernel asks for that first."""
    _checked(_libc().prctl(_PR_SET_NO_NEW_PRIVS, *map(ctypes.c_ulong, (1, 0, 0, 0))))


@contextmanager
def _ruleset(abi: int, with_ports: bool, abstract_sockets: bool) -> Iterator[int]:
    ports = _BIND_TCP | _CONNECT_TCP if with_ports and abi >= PORTS_SINCE else 0
    scopes = _SIGNALS if abstract_sockets else _SIGNALS | _ABSTRACT_SOCKETS
    # An older kernel refuses a longer description than it knows.
    length = 8 if abi < PORTS_SINCE else 16 if abi < OTHERS_SINCE else 24
    described = (ctypes.c_uint64 * 3)(_file_rights(abi), ports, scopes if abi >= OTHERS_SINCE else 0)
    ruleset = _checked(_libc().syscall(_CREATE, ctypes.byref(described), ctypes.c_size_t(length), ctypes.c_uint32(0)))
    try:
        yield ruleset
    finally:
        os.close(ruleset)


def _file_rights(abi: int) -> int:
    return int((1 << _FILE_RIGHTS[max(known for known in _FILE_RIGHTS if known <= abi)]) - 1)


def _allow_path(ruleset: int, path: str | os.PathLike[str], rights: int) -> None:
    try:
        opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:  # not there, or not for this account
        return
    try:
        if not stat.S_ISDIR(os.fstat(opened).st_mode):
            rights &= _OF_A_FILE
        # The kernel's structure is packed: eight bytes of rights, four of the file.
        rule = ctypes.create_string_buffer(rights.to_bytes(8, sys.byteorder) + opened.to_bytes(4, sys.byteorder))
        _add_rule(ruleset, _PATH, rule)
    finally:
        os.close(opened)


def _add_rule(ruleset: int, kind: int, rule: ctypes.Array[Any]) -> None:
    asked = (ctypes.c_int(ruleset), ctypes.c_int(kind), ctypes.byref(rule), ctypes.c_uint32(0))
    _checked(_libc().syscall(_ADD_RULE, *asked))


def _checked(result: int) -> int:
    if result < 0:
        raise LandlockError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)
