"""The filter of system calls, run here as the kernel runs it: also for processors that this computer does not have.

What the kernel itself makes of it is in ``tests/e2e/test_sandbox.py``.
"""

from __future__ import annotations

import errno
import socket
import struct

import pytest

from fyraften_agent.sandbox import seccomp
from fyraften_agent.sandbox.seccomp import ONLY_TCP, ONLY_UNIX, Architecture, Sockets, Step

ALLOWED, REFUSED = 0x7FFF0000, 0x00050000 | errno.EPERM
X86, ARM, RISC = (seccomp._ARCHITECTURES[name] for name in ("x86_64", "aarch64", "riscv64"))
FAST_OPEN = 0x20000000
each_processor = pytest.mark.parametrize("known", [X86, ARM, RISC], ids=["x86_64", "aarch64", "riscv64"])


def answer(steps: list[Step], number: int, *arguments: int, mark: int) -> int:
    """Run the filter over a call and return what it answers; a step outside of it or backwards is an error."""
    described = struct.pack("=IIQ6Q", number, mark, 0, *(*arguments, 0, 0, 0, 0, 0, 0)[:6])
    loaded, at = 0, 0
    while True:
        step = steps[at]
        at += 1
        match step.code:
            case 0x20:
                loaded = int.from_bytes(described[step.value : step.value + 4], "little")
            case 0x54:
                loaded &= step.value
            case 0x15:
                at += step.then if loaded == step.value else step.otherwise
            case 0x35:
                at += step.then if loaded >= step.value else step.otherwise
            case 0x45:
                at += step.then if loaded & step.value else step.otherwise
            case 0x06:
                return step.value
            case code:
                raise AssertionError(f"no such step: {code:#x}")


def called(sockets: Sockets, known: Architecture, name: str, *arguments: int) -> int:
    return answer(seccomp.filter_for(sockets, known), known.numbers[name], *arguments, mark=known.mark)


@each_processor
def test_the_collector_makes_unix_sockets_and_no_other(known: Architecture) -> None:
    for family in range(50):
        expected = ALLOWED if family == socket.AF_UNIX else REFUSED
        assert called(ONLY_UNIX, known, "socket", family, socket.SOCK_STREAM, 0) == expected
        assert called(ONLY_UNIX, known, "socketpair", family, socket.SOCK_STREAM, 0) == expected


@each_processor
@pytest.mark.parametrize("family", [socket.AF_INET, socket.AF_INET6])
@pytest.mark.parametrize("flags", [0, socket.SOCK_CLOEXEC, socket.SOCK_CLOEXEC | socket.SOCK_NONBLOCK])
def test_the_sender_makes_tcp_sockets(known: Architecture, family: int, flags: int) -> None:
    for protocol in (0, socket.IPPROTO_TCP):
        assert called(ONLY_TCP, known, "socket", family, socket.SOCK_STREAM | flags, protocol) == ALLOWED


@each_processor
@pytest.mark.parametrize(
    ("family", "kind", "protocol"),
    [
        (socket.AF_UNIX, socket.SOCK_STREAM, 0),
        (socket.AF_NETLINK, socket.SOCK_RAW, 0),
        (socket.AF_INET, socket.SOCK_DGRAM, 0),
        (socket.AF_INET, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK, 0),
        (socket.AF_INET6, socket.SOCK_DGRAM, socket.IPPROTO_UDP),
        (socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP),
        (socket.AF_INET, socket.SOCK_SEQPACKET, 0),
        (socket.AF_INET, socket.SOCK_STREAM, 132),  # SCTP
        (socket.AF_INET, socket.SOCK_STREAM, 256),  # SMC
        (socket.AF_INET, socket.SOCK_STREAM, 262),  # multipath TCP
    ],
)
def test_the_sender_makes_no_other_socket(known: Architecture, family: int, kind: int, protocol: int) -> None:
    assert called(ONLY_TCP, known, "socket", family, kind, protocol) == REFUSED


@each_processor
def test_what_the_kernel_does_not_read_of_an_argument_decides_nothing(known: Architecture) -> None:
    upper = 1 << 32

    assert called(ONLY_UNIX, known, "socket", upper | socket.AF_INET, socket.SOCK_STREAM, 0) == REFUSED
    assert called(ONLY_UNIX, known, "socket", upper | socket.AF_UNIX, socket.SOCK_STREAM, 0) == ALLOWED
    assert called(ONLY_TCP, known, "socket", socket.AF_INET, upper | socket.SOCK_DGRAM, 0) == REFUSED


@each_processor
def test_the_sender_pairs_listens_and_opens_fast_nothing(known: Architecture) -> None:
    for name in ("socketpair", "bind", "listen", "accept", "accept4"):
        assert called(ONLY_TCP, known, name, socket.AF_UNIX, socket.SOCK_STREAM) == REFUSED
    for name, place in (("sendto", 3), ("sendmsg", 2), ("sendmmsg", 3)):
        fast, usual = [0] * 6, [0] * 6
        fast[place], usual[place] = FAST_OPEN | socket.MSG_NOSIGNAL, socket.MSG_NOSIGNAL
        assert called(ONLY_TCP, known, name, *fast) == REFUSED
        assert called(ONLY_TCP, known, name, *usual) == ALLOWED


@each_processor
def test_a_tcp_socket_of_the_sender_becomes_none_of_another_protocol(known: Architecture) -> None:
    tcp, other_protocol, no_delay = socket.IPPROTO_TCP, 31, socket.TCP_NODELAY

    assert called(ONLY_TCP, known, "setsockopt", 3, tcp, other_protocol) == REFUSED
    assert called(ONLY_TCP, known, "setsockopt", 3, tcp, no_delay) == ALLOWED
    assert called(ONLY_TCP, known, "setsockopt", 3, socket.SOL_SOCKET, other_protocol) == ALLOWED
    assert called(ONLY_UNIX, known, "setsockopt", 3, tcp, other_protocol) == ALLOWED


@each_processor
@pytest.mark.parametrize("sockets", [ONLY_UNIX, ONLY_TCP])
def test_other_ways_to_a_socket_a_file_or_another_process_are_refused(known: Architecture, sockets: Sockets) -> None:
    for name in ("io_uring_setup", "pidfd_getfd", "ptrace", "process_vm_readv", "open_by_handle_at", "bpf"):
        assert called(sockets, known, name) == REFUSED
    connect = {X86.mark: 42, ARM.mark: 203, RISC.mark: 203}[known.mark]
    assert answer(seccomp.filter_for(sockets, known), connect, 3, mark=known.mark) == ALLOWED
    assert called(sockets, known, "seccomp") == ALLOWED


def test_calls_of_another_architecture_are_refused_whatever_they_are() -> None:
    i386, getpid_there = 0x40000003, 20
    steps = seccomp.filter_for(ONLY_UNIX, X86)

    assert answer(steps, getpid_there, mark=i386) == REFUSED
    assert answer(steps, 0x40000000 | 39, mark=X86.mark) == REFUSED
    assert answer(steps, 39, mark=X86.mark) == ALLOWED


def test_a_step_is_eight_bytes_as_the_kernel_reads_it() -> None:
    assert seccomp.assemble([Step(0x15, 0xC000003E, 1, 2)]) == bytes.fromhex("150001023e0000c0")


def test_every_processor_has_a_number_for_every_call() -> None:
    assert X86.numbers.keys() == ARM.numbers.keys() == RISC.numbers.keys()
    assert len(set(X86.numbers.values())) == len(X86.numbers)
    assert len(set(ARM.numbers.values())) == len(ARM.numbers)
