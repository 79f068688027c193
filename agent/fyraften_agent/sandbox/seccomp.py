"""The kernel's seccomp: system calls that this process and its children may not make from now on, decided by arguments.

Linux on x86-64, ARM64 and RISC-V, without a library: a filter is a short program of the classic packet filter, written
here and handed to the kernel. A refused call answers ``EPERM``. Calls of another architecture (32-bit, x32) are refused
altogether, as their numbers mean something else.
Not here: which process may make which sockets (``sandbox``), files and ports (``landlock``).
"""

from __future__ import annotations

import ctypes
import errno
import os
import socket
import struct
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from fyraften_agent.sandbox.landlock import keep_privileges_down

_LOAD, _JUMP_EQUAL, _JUMP_AT_LEAST, _JUMP_IF_ANY, _AND, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x54, 0x06
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | errno.EPERM
_NUMBER_AT, _ARCHITECTURE_AT, _ARGUMENTS_AT = 0, 4, 16
_X32_NUMBERS = 0x40000000
_SET_FILTER, _ALL_THREADS, _IS_ACTION_KNOWN = 1, 1, 2
_FAST_OPEN = 0x20000000
_KIND_OF_SOCKET = 0xF
_TCP_ULP = 31

_NAMES = (
    *("socket", "socketpair", "bind", "listen", "accept", "accept4", "sendto", "sendmsg", "sendmmsg"),
    *("ptrace", "process_vm_readv", "process_vm_writev", "open_by_handle_at", "bpf", "perf_event_open", "seccomp"),
    "setsockopt",
)
_NUMBERS_X86_64 = (41, 53, 49, 50, 43, 288, 44, 46, 307, 101, 310, 311, 304, 321, 298, 317, 54)
_NUMBERS_GENERIC = (198, 199, 200, 201, 202, 242, 206, 211, 269, 117, 270, 271, 265, 280, 241, 277, 208)
_NUMBERS_EVERYWHERE = {"io_uring_setup": 425, "io_uring_enter": 426, "io_uring_register": 427, "pidfd_getfd": 438}
# Other ways to a socket, to a file, or into another process than those that are looked at.
_REFUSED_TO_ALL = (
    *("io_uring_setup", "io_uring_enter", "io_uring_register", "pidfd_getfd", "ptrace", "process_vm_readv"),
    *("process_vm_writev", "open_by_handle_at", "bpf", "perf_event_open"),
)


class Architecture(NamedTuple):
    """A processor as the kernel's filter sees it: its mark, and the numbers of its system calls."""

    mark: int
    numbers: Mapping[str, int]


def _architecture(mark: int, numbers: Sequence[int]) -> Architecture:
    return Architecture(mark, {**dict(zip(_NAMES, numbers, strict=True)), **_NUMBERS_EVERYWHERE})


_ARCHITECTURES = {
    "x86_64": _architecture(0xC000003E, _NUMBERS_X86_64),
    "aarch64": _architecture(0xC00000B7, _NUMBERS_GENERIC),
    "riscv64": _architecture(0xC00000F3, _NUMBERS_GENERIC),
}


class Sockets(NamedTuple):
    """Which sockets may still be made.

    Attributes:
        families: address families, such as ``socket.AF_UNIX``.
        tcp_only: of these only TCP, and only to connect: no pair, no listening; no fast opening and no other protocol
            laid over the connection (SMC is one), which pass by the kernel's rules for ports.
    """

    families: tuple[int, ...]
    tcp_only: bool = False


ONLY_UNIX = Sockets((1,))
ONLY_TCP = Sockets((int(socket.AF_INET), int(socket.AF_INET6)), tcp_only=True)


class SeccompError(OSError):
    """The kernel refused the filter."""


def architecture() -> Architecture | None:
    """Return the processor this program runs on; ``None`` where no filter is known for it, or on another system."""
    is_known = sys.platform.startswith("linux") and sys.byteorder == "little" and struct.calcsize("P") == 8
    return _ARCHITECTURES.get(os.uname().machine) if is_known else None


def is_offered() -> bool:
    """Say whether this kernel takes filters that answer with an error."""
    known = architecture()
    if known is None:
        return False
    action = ctypes.c_uint32(0x00050000)
    asked = map(ctypes.c_long, (known.numbers["seccomp"], _IS_ACTION_KNOWN, 0))
    return int(_libc().syscall(*asked, ctypes.byref(action))) == 0


def restrict(sockets: Sockets) -> None:
    """Give up all sockets but these, in every thread and in everything that is started; may be called again.

    Raises:
        SeccompError: the kernel refused.
    """
    known = architecture()
    if known is None:
        raise SeccompError(errno.ENOSYS, os.strerror(errno.ENOSYS))
    program = assemble(filter_for(sockets, known))
    keep_privileges_down()

    class Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_char_p))

    handed = Program(len(program) // 8, program)
    asked = map(ctypes.c_long, (known.numbers["seccomp"], _SET_FILTER, _ALL_THREADS))
    if _libc().syscall(*asked, ctypes.byref(handed)) != 0:
        raise SeccompError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


class Step(NamedTuple):
    """One instruction; ``then`` and ``otherwise`` say how many of the following ones are passed over."""

    code: int
    value: int
    then: int = 0
    otherwise: int = 0


def assemble(steps: Iterable[Step]) -> bytes:
    """Return the steps as the kernel reads them."""
    return b"".join(struct.pack("=HBBI", step.code, step.then, step.otherwise, step.value) for step in steps)


def filter_for(sockets: Sockets, known: Architecture) -> list[Step]:
    """Return the filter: first whose call it is, then one block for each call that is looked at, then allowed."""
    steps = [
        Step(_LOAD, _ARCHITECTURE_AT),
        Step(_JUMP_EQUAL, known.mark, 1, 0),
        Step(_RETURN, _REFUSE),
        Step(_LOAD, _NUMBER_AT),
        Step(_JUMP_AT_LEAST, _X32_NUMBERS, 0, 1),
        Step(_RETURN, _REFUSE),
    ]
    blocks = {name: [Step(_RETURN, _REFUSE)] for name in _REFUSED_TO_ALL}
    blocks["socket"] = blocks["socketpair"] = _one_of(0, sockets.families)
    if sockets.tcp_only:
        blocks["socket"] = _tcp_of(sockets.families)
        blocks.update(
            {name: [Step(_RETURN, _REFUSE)] for name in ("socketpair", "bind", "listen", "accept", "accept4")}
        )
        blocks.update({"sendto": _without_fast_open(3), "sendmsg": _without_fast_open(2)})
        blocks["sendmmsg"] = _without_fast_open(3)
        blocks["setsockopt"] = _without_another_protocol()
    for name, block in blocks.items():
        steps += [Step(_JUMP_EQUAL, known.numbers[name], 0, len(block)), *block]
    return [*steps, Step(_RETURN, _ALLOW)]


def _argument(number: int) -> Step:
    """Load an argument's lower half: these are all ``int`` to the kernel, which does not read the upper one."""
    return Step(_LOAD, _ARGUMENTS_AT + 8 * number)


def _one_of(argument: int, values: Sequence[int]) -> list[Step]:
    """Allow the call where the argument is one of the values, else refuse it."""
    jumps = [Step(_JUMP_EQUAL, value, len(values) - at) for at, value in enumerate(values)]
    return [_argument(argument), *jumps, Step(_RETURN, _REFUSE), Step(_RETURN, _ALLOW)]


def _tcp_of(families: Sequence[int]) -> list[Step]:
    """Allow stream sockets of the families, by TCP itself: what else streams is not covered by rules for ports."""
    kind = [_argument(1), Step(_AND, _KIND_OF_SOCKET), Step(_JUMP_EQUAL, int(socket.SOCK_STREAM), 1, 0)]
    protocol = _one_of(2, (0, int(socket.IPPROTO_TCP)))
    family = [Step(_JUMP_EQUAL, value, len(families) - at) for at, value in enumerate(families)]
    return [_argument(0), *family, Step(_RETURN, _REFUSE), *kind, Step(_RETURN, _REFUSE), *protocol]


def _without_fast_open(argument: int) -> list[Step]:
    return [
        _argument(argument),
        Step(_JUMP_IF_ANY, _FAST_OPEN, 0, 1),
        Step(_RETURN, _REFUSE),
        Step(_RETURN, _ALLOW),
    ]


def _without_another_protocol() -> list[Step]:
    """Refuse the option of TCP by which a socket becomes one of another protocol; allow every other option."""
    return [
        _argument(1),
        Step(_JUMP_EQUAL, int(socket.IPPROTO_TCP), 0, 2),
        _argument(2),
        Step(_JUMP_EQUAL, _TCP_ULP, 1, 0),
        Step(_RETURN, _ALLOW),
        Step(_RETURN, _REFUSE),
    ]


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)
