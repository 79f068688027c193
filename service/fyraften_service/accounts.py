"""Accounts of the people at the employer who may look: a name and a password each, never a shared or default one.

Passwords are kept as argon2id. Attempts are limited by account, in memory: where somebody tries from is not looked at.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy.engine import Connection

from fyraften_policy.languages import mark
from fyraften_service.database import Database
from fyraften_service.errors import InputError
from fyraften_service.problems import Problem
from fyraften_service.tables import accounts

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 1000
_ATTEMPTS = 5
_WINDOW_SECONDS = 900
_REMEMBERED = 1000
# One password at a time: each check takes 64 MiB. Few wait for it: those who send reports need the threads.
_checking = threading.Semaphore(1)
_turns = threading.Semaphore(8)


@dataclass(frozen=True)
class Account:
    """Somebody who may look. ``stamp`` changes with the password, and ends the sessions of the old one."""

    name: str
    stamp: str


def check_new_account(name: str, password: str) -> None:
    """Raise unless name and password can be used for a new account."""
    if not 1 <= len(name) <= 64 or not name.isprintable() or name != name.strip():
        raise InputError(mark("An account name has 1 to 64 characters and no blanks around them. Give another."))
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise InputError(
            mark("The password needs at least {least} characters. Choose a longer one."), least=SHORTEST_PASSWORD
        )
    if password.casefold() == name.casefold() or len(set(password)) < 4:
        raise InputError(mark("The password is too easy to guess. Choose another, such as four unrelated words."))


def create_account(connection: Connection, name: str, password: str) -> None:
    """Add an account."""
    check_new_account(name, password)
    connection.execute(sa.insert(accounts).values(name=name, password_hash=PasswordHasher().hash(password)))


def find_account(connection: Connection, name: str) -> Account | None:
    """Return the account of that name."""
    kept = _password_hash(connection, name)
    return Account(name, _stamp(kept)) if kept is not None else None


@contextmanager
def turn() -> Iterator[None]:
    """Hold one of the few places of those who sign in; a :class:`Problem` where all are taken."""
    if not _turns.acquire(blocking=False):
        raise Problem("too-many-requests", mark("Many sign in at this moment. Try again in a minute."))
    try:
        yield
    finally:
        _turns.release()


def sign_in(database: Database, name: str, password: str) -> Account | None:
    """Return the account if the password is right; an unknown name takes as long as a known one."""
    kept = None
    if name.isprintable():  # some databases refuse a NUL
        with database.reading() as connection:
            kept = _password_hash(connection, name)
    hasher = PasswordHasher()
    with _checking:
        if kept is None or len(password) > LONGEST_PASSWORD:
            hasher.hash(password[:LONGEST_PASSWORD])
            return None
        try:
            hasher.verify(kept, password)
        except VerificationError:
            return None
    return Account(name, _stamp(kept))


class Attempts:
    """Counts passwords by account name: after five wrong ones in fifteen minutes an account waits for the rest.

    Each is counted before it is checked, and forgotten if it was right: of many at once, no more than five are checked.
    """

    def __init__(self) -> None:
        self._failed: OrderedDict[str, list[int]] = OrderedDict()
        self._lock = threading.Lock()

    def begin(self, name: str, now: int) -> int:
        """Count a password that is about to be checked; or return how many seconds the account has to wait first."""
        with self._lock:
            recent = self._recent(name, now)
            if len(recent) >= _ATTEMPTS:
                return recent[0] + _WINDOW_SECONDS - now
            self._failed[_key(name)] = [*recent, now]
            self._failed.move_to_end(_key(name))
            while len(self._failed) > _REMEMBERED:
                self._failed.popitem(last=False)
        return 0

    def succeeded(self, name: str) -> None:
        """Forget the passwords that were counted for an account: one was right."""
        with self._lock:
            self._failed.pop(_key(name), None)

    def _recent(self, name: str, now: int) -> list[int]:
        return [at for at in self._failed.get(_key(name), []) if now - at < _WINDOW_SECONDS]


def _key(name: str) -> str:
    return hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()


def _password_hash(connection: Connection, name: str) -> str | None:
    found: str | None = connection.execute(sa.select(accounts.c.password_hash).where(accounts.c.name == name)).scalar()
    return found


def _stamp(password_hash: str) -> str:
    return hashlib.sha256(password_hash.encode()).hexdigest()[:16]
