"""The system's keyring, where this system has one that can be trusted with a key; the only door to ``keyring``.

Taken are the macOS Keychain and the Windows Credential Manager by ``keyring``'s own classes for them, and the Secret
Service (GNOME Keyring, KWallet, KeePassXC) by SecretStorage, on which its class for that is built: that one would ask
the person to unlock, and wait. What ``keyring`` would find by itself is not asked: an environment variable, a file and
any installed package can put a store in its place that keeps secrets in clear, or keeps none.
Nothing here asks the person: a locked keyring is told as locked, as most of those who need a key have no screen. Loads
its libraries when it is first asked, and belongs in processes that end.
Not here: which keys there are, and what is done without a keyring (``keys.py``).
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from typing import Any, Protocol, TypeVar

from fyraften_agent.errors import AgentError
from fyraften_policy.languages import mark

SECRET_SERVICE, KEYCHAIN, CREDENTIAL_MANAGER = "Secret Service", "macOS Keychain", "Windows Credential Manager"
_ANSWER_SECONDS = 10.0
_ACCOUNT = "fyraften"
_Found = TypeVar("_Found")


class KeyringError(AgentError):
    """The keyring is locked, gone, silent, or does not do what it is asked; nothing was changed."""

    exit_code = 6


class KeyringLockedError(KeyringError):
    """There is a keyring, and it is locked."""

    def __init__(self, name: str) -> None:
        super().__init__(
            mark(
                "The system's keyring ({keyring}) is locked. Unlock it, as by logging in again or in the desktop's "
                "program for passwords, and try again."
            ),
            keyring=name,
        )
        self.keyring = name


class SystemKeyring(Protocol):
    """A place for short secrets, by the name of an entry. Every method raises :class:`KeyringError`."""

    @property
    def name(self) -> str:
        """Return what the keyring is called, to be shown to people."""
        ...

    def get(self, entry: str) -> str | None:
        """Return the secret of that entry, ``None`` where there is none."""
        ...

    def put(self, entry: str, secret: str) -> None:
        """Keep a secret under that entry, replacing the one that is there."""
        ...

    def remove(self, entry: str) -> None:
        """Remove the entry; nothing happens where there is none."""
        ...


def system_keyring(environ: Mapping[str, str] | None = None) -> SystemKeyring | None:
    """Return this system's keyring, or ``None`` where it has none; makes nothing and asks nobody.

    Raises:
        KeyringLockedError: there is one, and it is locked.
        KeyringError: there is one, and it does not answer.
    """
    if sys.platform == "darwin":
        from keyring.backends import macOS

        return _checked(KEYCHAIN, macOS.Keyring)
    if sys.platform == "win32":
        from keyring.backends import Windows

        return _checked(CREDENTIAL_MANAGER, Windows.WinVaultKeyring, persist="local machine")
    if not _has_bus(os.environ if environ is None else environ):
        return None
    return _within(_ANSWER_SECONDS, SECRET_SERVICE, _secret_service)


class _Backend:
    """One of ``keyring``'s own stores, by the words used here, and with an end to waiting."""

    def __init__(self, name: str, backend: Any) -> None:
        self.name, self._backend = name, backend

    def get(self, entry: str) -> str | None:
        """Return the secret of that entry."""
        found = self._ask(lambda: self._backend.get_password(_service(entry), _ACCOUNT))
        return None if found is None else str(found)

    def put(self, entry: str, secret: str) -> None:
        """Keep a secret under that entry."""
        self._ask(lambda: self._backend.set_password(_service(entry), _ACCOUNT, secret))

    def remove(self, entry: str) -> None:
        """Remove the entry."""
        if self.get(entry) is not None:
            self._ask(lambda: self._backend.delete_password(_service(entry), _ACCOUNT))

    def _ask(self, question: Callable[[], _Found]) -> _Found:
        return _within(_ANSWER_SECONDS, self.name, question)


def _service(entry: str) -> str:
    """Return the name an entry has in the keyring: one service each, as Windows keeps one secret for a service."""
    return f"{_ACCOUNT} {entry}"


def _checked(name: str, make: Callable[[], Any], **settings: str) -> SystemKeyring | None:
    """Return the keyring if it can work here: ``priority`` says so by raising or not.

    Args:
        settings: attributes to set. A Windows secret is to stay on this computer: by itself it would go along with a
            profile that the employer's domain keeps.
    """
    try:
        backend = make()
        vars(backend).clear()  # what variables named KEYRING_PROPERTY_… would have set
        for attribute, value in settings.items():
            setattr(backend, attribute, value)
        if type(backend).priority <= 0:
            return None
    except Exception:  # a library that is not whole, or of another system
        return None
    return _Backend(name, backend)


def _has_bus(environ: Mapping[str, str]) -> bool:
    """Say whether there may be a session bus, before any library is loaded to ask it."""
    address = environ.get("DBUS_SESSION_BUS_ADDRESS", "")
    if not address.startswith("unix:"):
        return False
    path = next((part[5:] for part in address[5:].split(",") if part.startswith("path=")), None)
    return path is None or os.path.exists(path)


class _SecretService:
    """The person's default keyring in the Secret Service: one connection for each question, closed whatever happens."""

    name = SECRET_SERVICE

    def get(self, entry: str) -> str | None:
        """Return the secret of that entry."""
        return self._ask(lambda keyring: next((_text(item) for item in keyring.search_items(_attributes(entry))), None))

    def put(self, entry: str, secret: str) -> None:
        """Keep a secret under that entry."""
        self._ask(
            lambda keyring: keyring.create_item(_service(entry), _attributes(entry), secret.encode(), replace=True)
        )

    def remove(self, entry: str) -> None:
        """Remove the entry."""
        self._ask(lambda keyring: [item.delete() for item in list(keyring.search_items(_attributes(entry)))])

    def _ask(self, question: Callable[[Any], _Found]) -> _Found:
        def asked() -> _Found:
            with _opened() as keyring:
                if keyring is None:
                    raise KeyringError(mark("The system's keyring ({keyring}) is gone."), keyring=self.name)
                return question(keyring)

        return _within(_ANSWER_SECONDS, self.name, asked)


@contextmanager
def _opened() -> Iterator[Any]:
    """Give the default keyring of the Secret Service, unlocked; ``None`` where there is none.

    One without a default keyring counts as none: to make one, it would have to ask the person.
    """
    import secretstorage
    from jeepney.io.blocking import open_dbus_connection

    try:
        connection = open_dbus_connection()
    except (KeyError, FileNotFoundError, ConnectionError, ValueError):  # nobody there, or no address of a bus
        yield None
        return
    with closing(connection):
        try:
            has_service = secretstorage.check_service_availability(connection)
            keyring = secretstorage.get_collection_by_alias(connection, "default") if has_service else None
            is_locked = keyring is not None and keyring.is_locked()
        except secretstorage.SecretStorageException:
            keyring, is_locked = None, False
        if is_locked:
            raise KeyringLockedError(SECRET_SERVICE)
        yield keyring


def _secret_service() -> SystemKeyring | None:
    with _opened() as keyring:
        return None if keyring is None else _SecretService()


def _attributes(entry: str) -> dict[str, str]:
    """Return by what an entry is found again, in the words of the library ``keyring``."""
    return {"service": _service(entry), "username": _ACCOUNT}


def _text(item: Any) -> str:
    return bytes(item.get_secret()).decode("utf-8")


def _within(seconds: float, name: str, question: Callable[[], _Found]) -> _Found:
    """Return the answer, or tell that there was none in time: a keyring's own program may hang, or wait for somebody.

    Raises:
        KeyringError: no answer, or a refusal.
    """
    answers: list[_Found] = []
    failures: list[BaseException] = []

    def ask() -> None:
        try:
            answers.append(question())
        except BaseException as failure:
            failures.append(failure)

    thread = threading.Thread(target=ask, name="keyring", daemon=True)
    thread.start()
    thread.join(seconds)
    if answers:
        return answers[0]
    failure = failures[0] if failures else None
    if isinstance(failure, KeyringError):
        raise failure
    if failure is None:
        raise KeyringError(
            mark("The system's keyring ({keyring}) did not answer within {seconds} seconds. Try again."),
            keyring=name,
            seconds=int(seconds),
        )
    raise KeyringError(
        mark("The system's keyring ({keyring}) refused: {reason}. Unlock it and try again."),
        keyring=name,
        reason=(str(failure) or type(failure).__name__).rstrip("."),
    ) from failure
