"""Whose connection it is: on Linux the system says which account owns the other end of a loopback connection.

Reads ``/proc/net/tcp`` and ``/proc/net/tcp6`` and nothing else. Elsewhere the answer is ``None``: not known, and the
one-time code alone guards the page.
"""

from __future__ import annotations

import socket
import sys
from pathlib import Path

_OWNER, _LOCAL, _REMOTE = 7, 1, 2


def owner_of(address: tuple[str, int], served: tuple[str, int], root: Path = Path("/")) -> int | None:
    """Return the number of the account that holds the socket at ``address``, or ``None`` if not known.

    Args:
        address: IPv4 address and port of the caller.
        served: what it is connected to. Another account may call from the very port of a connection of this one.
        root: folder that holds ``proc``; another one in tests.
    """
    wanted = {name: [_in_proc(end, name) for end in (address, served)] for name in ("tcp", "tcp6")}
    for name, ends in wanted.items():
        try:
            lines = (root / "proc/net" / name).read_text(encoding="ascii").splitlines()[1:]
        except OSError:
            continue
        for columns in map(str.split, lines):
            if [columns[_LOCAL], columns[_REMOTE]] == ends and columns[_OWNER].isdigit():
                return int(columns[_OWNER])
    return None


def can_be_asked(root: Path = Path("/")) -> bool:
    """Say whether this system tells the owners of connections at all."""
    return (root / "proc/net/tcp").is_file()


def _in_proc(address: tuple[str, int], name: str) -> str:
    """Return the address as the kernel prints it: words of four bytes in the machine's own order, then the port."""
    host, port = address
    word = f"{int.from_bytes(socket.inet_aton(host), sys.byteorder):08X}"
    if name == "tcp6":  # an IPv4 address in an IPv6 socket: ::ffff:a.b.c.d
        marker = f"{int.from_bytes(bytes((0, 0, 0xFF, 0xFF)), sys.byteorder):08X}"
        word = "0" * 16 + marker + word
    return f"{word}:{port:04X}"
