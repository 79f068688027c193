"""Which network the computer is on, as bytes that never leave the caller: the router's hardware address.

Reads the kernel's tables under ``/proc/net`` as files; no socket is opened and no network name is read.
Not here: the keyed fingerprint (see ``places``), which alone is kept.
"""

from __future__ import annotations

import ipaddress
import struct
from pathlib import Path

_UP_AND_GATEWAY = 0x3
_COMPLETE = 0x2
_NO_ADDRESS = "00:00:00:00:00:00"


def gateway_identity(root: Path = Path("/")) -> bytes | None:
    """Return what tells this network from others; None without a network or before its router has answered.

    The router is that of the cheapest default route with a hardware address; tunnels (VPN) have none. Only where
    there is no IPv4 default route at all does IPv6 decide, so that one network does not look like two.

    Args:
        root: folder that holds ``proc/net``, for tests.
    """
    routes = _default_routes(_lines(root / "proc/net/route"))
    addresses = _hardware_addresses(_lines(root / "proc/net/arp"))
    for interface, gateway in routes:
        hardware = addresses.get((interface, gateway))
        if hardware is not None:
            return f"{hardware} {gateway}".encode("ascii")
    return None if routes else _identity_from_ipv6(_lines(root / "proc/net/ipv6_route"))


def _default_routes(lines: list[str]) -> list[tuple[str, str]]:
    """Return interface and gateway of each default route that has a gateway, the cheapest first."""
    found: list[tuple[int, str, str]] = []
    for line in lines[1:]:
        columns = line.split()
        if len(columns) < 8 or columns[1] != "00000000" or columns[7] != "00000000":
            continue
        if int(columns[3], 16) & _UP_AND_GATEWAY == _UP_AND_GATEWAY:
            gateway = str(ipaddress.IPv4Address(struct.pack("=I", int(columns[2], 16))))
            found.append((int(columns[6]), columns[0], gateway))
    return [(interface, gateway) for _metric, interface, gateway in sorted(found)]


def _hardware_addresses(lines: list[str]) -> dict[tuple[str, str], str]:
    """Return the known hardware address by interface and IPv4 address."""
    found: dict[tuple[str, str], str] = {}
    for line in lines[1:]:
        columns = line.split()
        if len(columns) >= 6 and int(columns[2], 16) & _COMPLETE and columns[3] != _NO_ADDRESS:
            found[columns[5], columns[0]] = columns[3].lower()
    return found


def _identity_from_ipv6(lines: list[str]) -> bytes | None:
    """Return the hardware address that stands in the router's link-local address, where it does (EUI-64)."""
    for line in lines:
        columns = line.split()
        if len(columns) < 10 or columns[0] != "0" * 32 or columns[1] != "00":
            continue
        gateway = bytes.fromhex(columns[4])
        if gateway[:2] == b"\xfe\x80" and gateway[11:13] == b"\xff\xfe":
            hardware = bytes([gateway[8] ^ 0x02]) + gateway[9:11] + gateway[13:]
            return f"{hardware.hex(':')} ipv6".encode("ascii")
    return None


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return []
