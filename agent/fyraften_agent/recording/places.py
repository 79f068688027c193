"""Which place a network stands for: a keyed fingerprint, and the employee's own choice.

The identity of a network (its router's hardware address) goes into :func:`fingerprint` and nowhere else: what is kept
cannot be turned back or compared with a list of known networks without the laptop's own key.
Pure.  Not here: reading the network (see ``sensors.network``), the key's file and the table of places.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Literal, get_args

Kind = Literal["home", "fixed_site", "changing_site", "elsewhere", "unknown"]
Workstation = Literal["fixed", "mobile"]

KINDS: tuple[Kind, ...] = get_args(Kind)
WORKSTATIONS: tuple[Workstation, ...] = get_args(Workstation)
LONGEST_LABEL = 100

KEY_BYTES = 32


def fingerprint(key: bytes, identity: bytes) -> str:
    """Return what is kept of a network: HMAC-SHA256 of its identity under this laptop's key, in hexadecimal.

    Raises:
        ValueError: the key is not 32 bytes long.
    """
    if len(key) != KEY_BYTES:
        raise ValueError(f"a fingerprint key has {KEY_BYTES} bytes, not {len(key)}")
    return hmac.new(key, identity, hashlib.sha256).hexdigest()


def is_other_place(known: str | None, seen: str | None, place_of_known: int | None, place_of_seen: int | None) -> bool:
    """Return whether work on the network ``seen`` belongs to another session than work on ``known``.

    A network that is gone or was not known yet says nothing (the Wi-Fi drops, the work does not move), and two
    networks of one place (cable and Wi-Fi) are one place.
    """
    if known is None or seen is None or known == seen:
        return False
    return place_of_known is None or place_of_known != place_of_seen
