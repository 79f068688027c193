"""A program that confines itself as one of the agent's processes and then tries to get out, in every way it knows.

``python escapes.py ROLE PLACE``: ROLE is ``collector``, ``sender`` or ``free`` (the control, which is not confined);
PLACE is JSON of what :class:`e2e.test_sandbox.Outdoors` has laid out.  It prints JSON: each way with ``open``,
``refused``, or ``absent`` with the reason why this computer has no such way.  Before that it prints a line, and waits
for the end of its input.
"""

from __future__ import annotations

import ctypes
import errno
import json
import mmap
import os
import platform
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fyraften_agent.paths import Paths
from fyraften_agent.sandbox.landlock import version
from fyraften_agent.sandbox.sandbox import Kernel, SenderSandbox, confine_collector, offered

LIBC = ctypes.CDLL(None, use_errno=True)
X86 = platform.machine() == "x86_64"
FAST_OPEN, MPTCP, SCTP = 0x20000000, 262, 132


def main() -> None:
    role, place = sys.argv[1], json.loads(sys.argv[2])
    kernel = Kernel(*place["kernel"]) if "kernel" in place else offered()
    assert kernel.landlock <= version()
    if role == "collector":
        confine_collector(Paths(Path(place["agent"])), kernel)
    elif role == "sender":
        SenderSandbox(Paths(Path(place["agent"])), kernel).leave_only([place["port"]])
    print("confined", flush=True)
    sys.stdin.read()  # until whoever started it has done what is to be done meanwhile
    print(json.dumps({name: outcome(way) for name, way in ways(place).items()}))


def outcome(way: Callable[[], object]) -> str:
    try:
        way()
    except OSError as problem:
        # A link or a move out of what is allowed answers that it would lead to another file system.
        if problem.errno in (errno.EPERM, errno.EACCES, errno.EXDEV):
            return "refused"
        return f"absent: {problem}"
    except subprocess.CalledProcessError:
        return "refused"
    return "open"


def ways(place: dict[str, Any]) -> dict[str, Callable[[], object]]:
    here = ("127.0.0.1", place["port"])
    other = ("127.0.0.1", place["other_port"])
    work, keys, home, parent = place["work"], Path(place["agent"]) / "keys", Path(place["home"]), os.getppid()
    return {
        # Sockets
        "tcp to the service": lambda: socket.create_connection(here, 2).close(),
        "tcp to another port": lambda: socket.create_connection(other, 2).close(),
        "tcp to another port, opened fast": lambda: fast_open(other),
        "tcp over ipv6": lambda: socket.create_connection(("::1", place["port_6"]), 2).close(),
        "multipath tcp": lambda: connected(socket.AF_INET, socket.SOCK_STREAM, MPTCP, other),
        "tcp that becomes another protocol": lambda: becomes_another_protocol(),
        "sctp": lambda: connected(socket.AF_INET, socket.SOCK_STREAM, SCTP, other),
        "udp": lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", place["udp"])),
        "udp, with flags in its kind": lambda: socket.socket(
            socket.AF_INET, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK
        ).sendto(b"x", ("127.0.0.1", place["udp"])),
        "raw": lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, 1),
        "packets": lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW),
        "netlink": lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW),
        "vsock": lambda: socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM),
        "the kernel's cryptography": lambda: socket.socket(socket.AF_ALG, socket.SOCK_SEQPACKET),
        "bluetooth": lambda: socket.socket(31, socket.SOCK_RAW, 1),
        "a family with an upper half": lambda: call(41 if X86 else 198, 2 | 1 << 32, 2, 0),
        "unix socket by path": lambda: connected(socket.AF_UNIX, socket.SOCK_STREAM, 0, place["unix"]),
        "unix socket by name": lambda: connected(socket.AF_UNIX, socket.SOCK_STREAM, 0, "\0" + place["abstract"]),
        "a pair of unix sockets": lambda: socket.socketpair(),
        "listening": lambda: listen(),
        "io_uring": lambda: call(425, 4, ctypes.create_string_buffer(256)),
        "a 32-bit call": lambda: thirty_two_bit_socket(),
        "an x32 call": lambda: call(0x40000000 | 41, 2, 2, 0),
        "a child": lambda: subprocess.run(
            [sys.executable, "-c", "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM)"],
            check=True,
            stderr=subprocess.DEVNULL,
        ),
        # The raw records
        "records": lambda: read(work),
        "records, the log": lambda: read(f"{work}-wal"),
        "records, what is held beside them": lambda: read(f"{work}-held"),
        "records by the way round": lambda: read(f"/proc/self/root{work}"),
        "records by a folder left open": lambda: read(
            f"/proc/self/fd/{os.open(place['agent'], os.O_PATH)}/work.sqlite3"
        ),
        "records opened anew": lambda: read(f"/proc/self/fd/{os.open(work, os.O_PATH)}"),
        "records by a hard link": lambda: (os.link(work, keys / "link"), read(keys / "link")),
        "records by a symbolic link": lambda: (os.symlink(work, keys / "symbolic"), read(keys / "symbolic")),
        "records by a link from before": lambda: read(keys / "before"),
        "records by a handle": lambda: by_handle(work),
        "records by the parent's root": lambda: read(f"/proc/{parent}/root{work}"),
        "records by the parent's open file": lambda: read(f"/proc/{parent}/fd/{place['open_file']}"),
        "records taken from the parent": lambda: call(438, os.pidfd_open(parent), place["open_file"], 0),
        "records by a child": lambda: subprocess.run(["cat", work], check=True, capture_output=True),
        "records mounted elsewhere": lambda: mounted(work),
        "records cut to nothing": lambda: os.truncate(place["cut"], 0),
        "records overwritten": lambda: os.open(work, os.O_WRONLY),
        "records moved": lambda: os.rename(place["cut"], keys / "moved"),
        "records removed": lambda: os.unlink(place["doomed"]),
        # The person's files
        "a document": lambda: read(home / "letter.txt"),
        "the home folder": lambda: os.listdir(home),
        "a file that is run at the next login": lambda: os.open(home / ".profile", os.O_WRONLY | os.O_CREAT),
        "a file for everybody": lambda: os.open("/tmp/fyraften-escape", os.O_WRONLY | os.O_CREAT),
        "memory for everybody": lambda: os.open("/dev/shm/fyraften-escape", os.O_WRONLY | os.O_CREAT),
        "fyraften's own code": lambda: os.open(Path(place["code"]) / "escape.pth", os.O_WRONLY | os.O_CREAT),
        # Other programs
        "the parent's memory": lambda: read(f"/proc/{parent}/mem", 0),
        "the parent's command line": lambda: read(f"/proc/{parent}/cmdline"),
        "the list of all programs": lambda: os.listdir("/proc"),
        "how often each key rang": lambda: read("/proc/interrupts"),
        "the addresses of this computer": lambda: os.listdir("/sys/class/net"),
        "the network's tables": lambda: read("/proc/net/route"),
        "tracing the parent": lambda: trace(parent),
        "ending the parent": lambda: os.kill(parent, 0),
        "the parent's memory by a call": lambda: call(310 if X86 else 270, parent, None, 0, None, 0, 0),
        # What it needs
        "the ledger": lambda: os.open(place["ledger"], os.O_RDWR),
        "the system's time zones": lambda: read("/etc/passwd"),
    }


def call(number: int, *arguments: Any) -> int:
    result = int(
        LIBC.syscall(*(each if isinstance(each, ctypes.Array) else word(each) for each in (number, *arguments)))
    )
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def word(value: int | None) -> ctypes.c_void_p | ctypes.c_ulong:
    return ctypes.c_void_p(None) if value is None else ctypes.c_ulong(value)


def read(path: str | Path, count: int = 3) -> None:
    with open(path, "rb", buffering=0) as opened:
        opened.read(count)


def connected(family: int, kind: int, protocol: int, address: Any) -> None:
    with socket.socket(family, kind, protocol) as made:
        made.settimeout(2)
        made.connect(address)


def fast_open(address: tuple[str, int]) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as made:
        made.sendto(b"x", FAST_OPEN, address)


def becomes_another_protocol() -> None:
    """Ask for a protocol that no kernel has: whether it looks for it tells whether the call was let through."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as made:
        try:
            made.setsockopt(socket.IPPROTO_TCP, 31, b"nowhere")
        except FileNotFoundError:
            return


def listen() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as made:
        made.bind(("127.0.0.1", 0))
        made.listen()


def trace(pid: int) -> None:
    seize, detach = 0x4206, 17
    if LIBC.ptrace(seize, pid, None, None) != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    LIBC.ptrace(detach, pid, None, None)


def by_handle(path: str) -> None:
    """Name the file by its number, and open the number."""
    handle = ctypes.create_string_buffer((128).to_bytes(4, sys.byteorder) + bytes(132))
    mount = (ctypes.c_int * 1)()
    if LIBC.name_to_handle_at(-100, path.encode(), handle, mount, 0) != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    folder = os.open(os.path.dirname(path), os.O_RDONLY | os.O_DIRECTORY)
    opened = LIBC.open_by_handle_at(folder, handle, os.O_RDONLY)
    if opened < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    os.read(opened, 3)


def mounted(path: str) -> None:
    """Show the records in a place that may be read, in a name space of this process's own."""
    child = os.fork()
    if child == 0:
        new_mounts, private, bind = 0x00020000, 0x44000, 4096
        done = LIBC.unshare(new_mounts) == 0 and LIBC.mount(None, b"/", None, private, None) == 0
        done = done and LIBC.mount(path.encode(), b"/etc/hostname", None, bind, None) == 0
        os._exit(0 if done else min(255, ctypes.get_errno()))
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if code:
        raise OSError(code, os.strerror(code))


def thirty_two_bit_socket() -> None:
    """Make a socket by the calls that 32-bit programs make: other numbers, another door."""
    if not X86:
        raise OSError(errno.ENOSYS, "no such door")
    read_end, write_end = os.pipe()
    child = os.fork()
    if child == 0:
        for number in (signal.SIGSEGV, signal.SIGILL):
            signal.signal(number, signal.SIG_DFL)
        code = mmap.mmap(-1, mmap.PAGESIZE, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
        # push rbx; mov eax, 359 (socket); mov ebx, 2; mov ecx, 2; xor edx, edx; int 0x80; pop rbx; ret
        code.write(bytes.fromhex("53b867010000bb02000000b90200000031d2cd805bc3"))
        made = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(code)))()
        os.write(write_end, str(made).encode())
        os._exit(0)
    os.close(write_end)
    _, status = os.waitpid(child, 0)
    answer = os.read(read_end, 20)
    if os.WIFSIGNALED(status):
        raise OSError(errno.ENOSYS, f"ended by signal {os.WTERMSIG(status)}")
    if int(answer) < 0:
        raise OSError(-int(answer), os.strerror(-int(answer)))


if __name__ == "__main__":
    main()
