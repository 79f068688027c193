"""Nonces that were used: each signed request counts once.

A nonce is remembered as a hash with a slot that counts 0 to 3 and starts again every 40 minutes. The slot two steps
ahead is emptied at each use, so a nonce is kept 10 to 20 minutes, and no row tells at what time a request came.
"""

from __future__ import annotations

import hashlib

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from fyraften_service.signatures import Signed
from fyraften_service.tables import nonces

_SLOT_SECONDS = 600
_SLOTS = 4


def use_nonce(connection: Connection, signed: Signed, now: int) -> bool:
    """Remember the nonce of a verified request; return false if it was used before."""
    forget_nonces(connection, now)
    digest = hashlib.sha256(f"{signed.subject}|{signed.nonce}".encode()).hexdigest()
    try:
        with connection.begin_nested():
            connection.execute(sa.insert(nonces).values(nonce_hash=digest, slot=_slot(signed.created)))
    except IntegrityError:
        return False
    return True


def forget_nonces(connection: Connection, now: int) -> None:
    """Delete the nonces whose time is over: those of the slot two steps ahead, filled last time round."""
    connection.execute(sa.delete(nonces).where(nonces.c.slot == _slot(now + 2 * _SLOT_SECONDS)))


def _slot(instant: int) -> int:
    return instant // _SLOT_SECONDS % _SLOTS
