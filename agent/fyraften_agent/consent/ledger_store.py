"""The consent ledger in its file: adding an event, and reading where consent stands.

:class:`Ledger` writes (commands, sender), :class:`Consents` reads (supervisor, collector: standard library only).
The hash of the latest event is also kept beside the keys, so that a ledger put back to an older copy is noticed.
Not here: what the events mean (``ledger.py``), the file and its tables (``ledger_file.py``), the key (``keys.py``).
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from fyraften_agent.consent.binding import BOUND_TO, binding, check_binding
from fyraften_agent.consent.ledger import (
    NEEDS_NO_KEY,
    UNSIGNED,
    ConsentState,
    Event,
    LedgerError,
    check_chain,
    check_head,
    consent_state,
    first_link,
    next_event,
)
from fyraften_agent.consent.ledger_file import open_ledger, open_to_read, storage_errors, transaction
from fyraften_agent.consent.ledger_head import HEAD, check_kept_head, head_line, read_head, write_head
from fyraften_agent.errors import StoreError
from fyraften_agent.paths import Paths
from fyraften_policy import wire
from fyraften_policy.languages import mark
from fyraften_policy.sentences import reason_of

if TYPE_CHECKING:
    from fyraften_agent.consent.keys import Keys

DEMO_MARK = "demo"
KEY_KEPT_IN, KEY_MOVED_TO = "key_kept_in", "key_moved_to"


class Signs(Protocol):
    """The ledger's key, as :class:`fyraften_agent.consent.keys.SigningKey` provides it."""

    @property
    def public(self) -> bytes:
        """Return the raw public key."""
        ...

    def sign(self, content: bytes) -> bytes:
        """Return the signature over ``content``."""
        ...


def read_events(connection: sqlite3.Connection) -> list[Event]:
    """Return all events in order, unchecked."""
    rows = connection.execute(
        "SELECT number, at, kind, purpose, details, previous, hash, signature FROM events ORDER BY number"
    )
    return [_event(row) for row in rows]


class Ledger:
    """The consent ledger open for writing. ``marks`` are added to the details of every event (the demo's mark).

    A consent is bound to ``folder``, and to the computer and account; a ledger in memory has no folder and binds none.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        key: Signs,
        head: Path | None = None,
        marks: Mapping[str, Any] | None = None,
        folder: Path | None = None,
        keys: Keys | None = None,
    ) -> None:
        self.connection = connection
        self._key, self._head, self._marks, self._folder = key, head, dict(marks or {}), folder
        self._keys, self._moved_to = keys, keys.move() if keys is not None else None

    @classmethod
    def open(cls, paths: Paths, *, taking_back: bool = False) -> Ledger:
        """Return the person's own ledger for writing, making its file and its key where there are none.

        Only for what follows from an act of the person (a consent, a withdrawal) or from a consent given: reading goes
        through :class:`Consents`, which makes nothing.

        Args:
            taking_back: only what takes back will be written; then a key that cannot be had is done without.
        """
        from fyraften_agent.consent.keys import (  # cryptography: not for those who only read
            LEDGER_KEY,
            KeyFileError,
            Keys,
        )

        paths.prepare()
        connection, keys = open_ledger(paths.ledger), Keys(paths.keys)
        try:
            with storage_errors():
                events = read_events(connection)
            try:
                # A new key beside old events would only hide that their key is gone.
                key: Signs = keys.load(LEDGER_KEY) if events else keys.load_or_create(LEDGER_KEY)
                check_kept_head(lambda: read_events(connection), keys)  # before anything writes over it
            except KeyFileError:
                if not (taking_back and events):
                    raise
                return cls(connection, _NoKey(), paths.keys / HEAD, folder=paths.folder)
        except BaseException:
            connection.close()
            raise
        return cls(connection, key, paths.keys / HEAD, folder=paths.folder, keys=keys)

    def close(self) -> None:
        """Close the file."""
        self.connection.close()

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, *failure: object) -> None:
        self.close()

    def events(self) -> list[Event]:
        """Return all events; raises :class:`LedgerError` where the chain is broken or its end is gone."""
        # The note of the end comes first: another process may add an event in between, and note that.
        number, digest = read_head(self._head) if self._head is not None else (0, "")
        with storage_errors():
            events = read_events(self.connection)
        check_chain(events)
        check_head(events, number, digest)
        return events

    def state(self, purpose: str, now: int) -> ConsentState:
        """Return where ``purpose`` stands at ``now``."""
        return consent_state(self.events(), purpose, now)

    def holds(self, purpose: str, now: int) -> bool:
        """Say whether the person agrees to ``purpose`` at ``now``, and agreed to it here."""
        events = self.events()
        if not consent_state(events, purpose, now).is_given:
            return False
        if self._folder is not None:
            check_binding(events, purpose, binding(events[0].previous, self._folder))
        return True

    def append(self, kind: str, purpose: str, at: int, details: Mapping[str, Any] | None = None) -> Event:
        """Write one event at the end of the chain and return it."""
        with transaction(self.connection):
            events = self.events()
            before = events[-1] if events else None
            content = {**(details or {}), **self._marks, **self._about_the_key(kind)}
            if kind == "given" and self._folder is not None:
                content[BOUND_TO] = binding(first_link(self._key.public), self._folder)
            event = next_event(before, kind, purpose, at, content, self._key.public, self._key.sign)
            self.connection.execute(
                "INSERT INTO events (number, at, kind, purpose, details, previous, hash, signature) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    event.number,
                    event.at,
                    event.kind,
                    event.purpose,
                    wire.canonical(dict(event.details)).decode(),
                    event.previous,
                    event.hash,
                    event.signature,
                ),
            )
        self._moved_to = None
        if not self.connection.in_transaction:
            self._keep_head(event)
        return event

    def _about_the_key(self, kind: str) -> dict[str, Any]:
        """Return what an event says about the key that signs it: none, where it is kept, that it was moved."""
        if isinstance(self._key, _NoKey):
            if kind not in NEEDS_NO_KEY:
                raise ValueError(f"An event {kind!r} is not written without the key.")
            return {UNSIGNED: True}
        from fyraften_agent.consent.keys import LEDGER_KEY

        kept_in = self._keys.kept_in(LEDGER_KEY) if self._keys is not None and kind == "given" else None
        told = {KEY_KEPT_IN: kept_in, KEY_MOVED_TO: self._moved_to}
        return {name: value for name, value in told.items() if value is not None}

    def _keep_head(self, event: Event) -> None:
        """Keep the latest event's hash beside the key, in the file and, where the key is, in the keyring."""
        if self._head is not None:
            write_head(self._head, event)
        if self._keys is not None:
            from fyraften_agent.consent.keys import LEDGER_KEY

            self._keys.put_head(LEDGER_KEY, head_line(event))  # the file's is there where the keyring refuses

    def give(
        self,
        purpose: str,
        at: int,
        text: str,
        language: str,
        wire_version: int,
        details: Mapping[str, Any] | None = None,
    ) -> Event:
        """Record that the person was shown ``text`` and agreed to it, and return the event of the agreement."""
        return self._answer("given", purpose, at, text, language, wire_version, details)

    def refuse(
        self,
        purpose: str,
        at: int,
        text: str,
        language: str,
        wire_version: int,
        details: Mapping[str, Any] | None = None,
    ) -> Event:
        """Record that the person was shown ``text`` and did not agree to it."""
        return self._answer("refused", purpose, at, text, language, wire_version, details)

    def _answer(
        self,
        kind: str,
        purpose: str,
        at: int,
        text: str,
        language: str,
        wire_version: int,
        details: Mapping[str, Any] | None,
    ) -> Event:
        digest = hashlib.sha256(text.encode()).hexdigest()
        shown = {**(details or {}), "text_sha256": digest, "language": language, "wire_version": wire_version}
        with transaction(self.connection):
            self.keep_text(digest, text)
            self.append("notice_shown", purpose, at, shown)
            event = self.append(kind, purpose, at, shown)
        self.settle_head()
        return event

    def settle_head(self) -> None:
        """Keep the latest event's hash beside the keys; to be called after a transaction that wrote several events."""
        events = self.events()
        if events:
            self._keep_head(events[-1])

    def keep_text(self, sha256: str, text: str) -> None:
        """Keep the words a person was shown, so that they can read again what they agreed to."""
        with transaction(self.connection):
            self.connection.execute("INSERT OR IGNORE INTO texts (sha256, text) VALUES (?, ?)", (sha256, text))

    def text(self, sha256: str) -> str | None:
        """Return the words of that hash, or ``None``."""
        row = self.connection.execute("SELECT text FROM texts WHERE sha256 = ?", (sha256,)).fetchone()
        return str(row[0]) if row else None


class _NoKey:
    """Stands where the ledger's key cannot be had: it signs nothing, and only what takes back is written with it."""

    @property
    def public(self) -> bytes:
        return b""

    def sign(self, content: bytes) -> bytes:
        return b""


class Consents:
    """Consent as the other processes see it: read when the file changed, else answered from memory.

    Cheap enough for every tick: an unchanged file costs reading 100 bytes. The hash chain is checked at every change;
    signatures are checked by ``verify``, where it is given, which is then called at every change before anything
    is believed (``verify_ledger.verify_in_process``).
    """

    def __init__(self, paths: Paths, verify: Verify | None = None) -> None:
        self._file, self._head, self._paths, self._verify = paths.ledger, paths.keys / HEAD, paths, verify
        self._seen: tuple[object, ...] | None = None
        self._events: list[Event] = []
        self._here = ""

    def state(self, purpose: str, now: int) -> ConsentState:
        """Return where ``purpose`` stands at ``now``; raises :class:`LedgerError` if the ledger cannot be trusted.

        A consent given on another computer, under another account or in another folder is no consent here, and is
        told as :class:`ElsewhereError`.
        """
        seen = _change_mark(self._file)
        if self._seen is None or seen != self._seen:
            self._events = self._read()
            self._here = binding(self._events[0].previous, self._paths.folder) if self._events else ""
            self._seen = seen
        state = consent_state(self._events, purpose, now)
        if state.is_given:
            check_binding(self._events, purpose, self._here)
        return state

    def is_given(self, purpose: str, now: int) -> bool:
        """Say whether the person agrees to ``purpose`` at ``now``."""
        return self.state(purpose, now).is_given

    def leaves_by_itself(self, purpose: str, now: int) -> bool:
        """Say whether reports of ``purpose`` may leave by themselves: agreed to, and that was chosen since."""
        from fyraften_agent.sending.by_itself import is_chosen  # the registry: not for every tick

        return self.is_given(purpose, now) and is_chosen(self._events, purpose)

    def _read(self) -> list[Event]:
        self._seen = None
        connection = open_to_read(self._file)
        number, digest = read_head(self._head)
        if connection is None:
            check_head([], number, digest)
            return []
        with closing(connection), storage_errors():
            events = read_events(connection)
        check_chain(events)
        check_head(events, number, digest)
        _refuse_demo(events)
        if self._verify is not None:
            self._verify(self._paths)
        return events


class Verify(Protocol):
    """Checks the signatures of the ledger at ``paths``; raises :class:`LedgerError`."""

    def __call__(self, paths: Paths) -> None:
        """Return nothing if all is well."""
        ...


def _refuse_demo(events: list[Event]) -> None:
    """A demonstration's events are worth nothing outside the demonstration."""
    for event in events:
        if DEMO_MARK in event.details:
            raise LedgerError(event.number, mark("Event {number} of the consent ledger belongs to a demonstration."))


def _change_mark(file: Path) -> tuple[object, ...]:
    """Return a value that differs after every committed change: the database's own counter, and the file's times."""
    try:
        with file.open("rb") as opened:
            status = os.fstat(opened.fileno())
            return status.st_ino, status.st_size, status.st_mtime_ns, opened.read(100)[24:28]
    except FileNotFoundError:
        return (None,)
    except OSError as failure:
        raise StoreError(
            mark("The consent ledger could not be read: {reason} ({path})."), path=file, reason=reason_of(failure)
        ) from failure


def _event(row: tuple[Any, ...]) -> Event:
    number, at, kind, purpose, details, previous, digest, signature = row
    try:
        values = json.loads(details)
        if not isinstance(values, dict):
            raise TypeError
        return Event(
            int(number), int(at), str(kind), str(purpose), values, str(previous), str(digest), bytes(signature)
        )
    except (ValueError, TypeError):
        raise LedgerError(int(number), mark("Event {number} of the consent ledger cannot be read.")) from None
