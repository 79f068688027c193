"""Ed25519 keys, one for the consent ledger and one for each enrolment: in the system's keyring, else in private files.

A key in a file is the 32 bytes of its seed, mode 0600, in a folder of mode 0700; one that others can read is refused. A
key in the keyring leaves a small file ``NAME.kept`` that says so, with the entry's random name and the public key. So
it is known for ever where a key has to be: with its keyring gone it is told as gone, and neither made anew nor looked
for in a file. New keys go into the keyring where there is one, and keys in files follow (:meth:`Keys.move`).
Not here: what is signed with a key, the keyring itself (``system_keyring.py``), the key of places
(``recording/place_key.py``).
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import stat
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from fyraften_agent.consent.system_keyring import KeyringError, SystemKeyring, system_keyring
from fyraften_agent.errors import AgentError
from fyraften_agent.files.key_file import write_new
from fyraften_agent.files.written_file import write_whole
from fyraften_agent.recording.place_key import PLACE_KEY
from fyraften_policy.languages import Translate, mark

LEDGER_KEY = "ledger"
IN_FILE = "file"
_SEED_BYTES = 32
_HEAD = " head"


class KeyFileError(AgentError):
    """A key is missing, damaged, readable by others, or in a keyring that cannot be used now."""

    exit_code = 6

    def __init__(self, file: Path, words: str, **values: object) -> None:
        super().__init__(words, file=file, **values)
        self.file = file


class KeyringGoneError(KeyFileError):
    """A key is kept in the system's keyring, and cannot be had from there now."""

    def __init__(self, file: Path, keyring: str, why: KeyringError | None) -> None:
        if why is None:
            words = mark(
                "A key is kept in the system's keyring ({keyring}), and it is not there now. Nothing is sent without "
                "it, and no new one is made. It comes back with that keyring: log in to the desktop as you did when "
                "you agreed."
            )
            super().__init__(file, words, keyring=keyring)
        else:
            words = mark("A key is kept in the system's keyring ({keyring}). {problem} Nothing is sent without it.")
            super().__init__(file, words, keyring=keyring, problem=why)
        self.keyring, self.why = keyring, why


class SigningKey:
    """A private key that signs and names its public half; its ``repr`` shows neither."""

    def __init__(self, seed: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(seed)

    @property
    def private(self) -> Ed25519PrivateKey:
        """Return the key object, for libraries that sign themselves."""
        return self._key

    @property
    def public(self) -> bytes:
        """Return the 32 raw bytes of the public key."""
        return self._key.public_key().public_bytes_raw()

    def sign(self, content: bytes) -> bytes:
        """Return the 64 bytes of the signature over ``content``."""
        return self._key.sign(content)


def signature_fits(public_key: bytes, signature: bytes, content: bytes) -> bool:
    """Say whether ``signature`` over ``content`` was made with the private half of ``public_key``."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, content)
    except (InvalidSignature, ValueError):
        return False
    return True


@dataclass(frozen=True)
class Kept:
    """What is known here of a key in a keyring: which keyring, under which name there, and its public half in hex."""

    keyring: str
    entry: str
    public: str


def no_keyring() -> SystemKeyring | None:
    """Stand for the keyring of those who are to have none: a demonstration leaves nothing in a person's own."""
    return None


class Keys:
    """The keys of one folder, by name. The folder is made with the first key."""

    def __init__(self, folder: Path, keyring: Callable[[], SystemKeyring | None] = system_keyring) -> None:
        self.folder, self._keyring = folder, keyring
        self._remembered: dict[str, SigningKey] = {}

    @classmethod
    def in_files(cls, folder: Path) -> Keys:
        """Return keys that are kept in files whatever the system has."""
        return cls(folder, no_keyring)

    def exists(self, name: str) -> bool:
        """Say whether there is a key of that name."""
        return self._file(name).exists() or self._kept_file(name).exists()

    def kept_in(self, name: str) -> str | None:
        """Return the name of the keyring a key is in, :data:`IN_FILE` for a file, ``None`` where there is no key."""
        kept = self.kept(name)
        if kept is not None:
            return kept.keyring
        return IN_FILE if self._file(name).exists() else None

    def names(self) -> list[str]:
        """Return the names of all keys here."""
        if not self.folder.exists():
            return []
        with os.scandir(self.folder) as entries:
            files = [Path(entry.name) for entry in entries]
        # What was set aside has the date in its name, and is no key any more.
        keys = [file for file in files if file.suffix in (".key", ".kept") and "." not in file.stem]
        return sorted({file.stem for file in keys if file.name != PLACE_KEY})

    def check_keyring(self) -> str:
        """Return where a new key would be kept, as :meth:`kept_in` says it.

        Raises:
            KeyringError: there is a keyring, and it is locked or silent: a key in a file would be less than there is.
        """
        keyring = self._keyring()
        return IN_FILE if keyring is None else keyring.name

    def create(self, name: str) -> SigningKey:
        """Make a new key and return it.

        Raises:
            KeyFileError: there is one of that name.
            KeyringError: there is a keyring, and it is locked or silent; no key was made.
        """
        if self.exists(name):
            raise KeyFileError(self._file(name), mark("The key {file} exists already. It was left as it is."))
        seed, keyring = os.urandom(_SEED_BYTES), self._keyring()
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if keyring is not None:
            self._keep(name, seed, keyring)
            return SigningKey(seed)
        try:
            write_new(self._file(name), seed)
        except FileExistsError:
            raise KeyFileError(self._file(name), mark("The key {file} exists already. It was left as it is.")) from None
        return SigningKey(seed)

    def load(self, name: str) -> SigningKey:
        """Return the key of that name.

        Raises:
            KeyFileError: it is missing, damaged, or open to others.
            KeyringGoneError: it is in a keyring that is locked, silent or not there.
        """
        if name in self._remembered:
            return self._remembered[name]
        kept = self.kept(name)
        return SigningKey(self._seed_in_file(name)) if kept is None else self._from_keyring(name, kept)

    def remember(self) -> None:
        """Load every key now and keep it in memory: for a process that is about to lose its way to the keyring.

        One that cannot be had is left out, and told of when it is needed.
        """
        for name in self.names():
            with contextlib.suppress(KeyFileError):
                self._remembered[name] = self.load(name)

    def load_or_create(self, name: str) -> SigningKey:
        """Return the key of that name, making it if there is none."""
        return self.load(name) if self.exists(name) else self.create(name)

    def public(self, name: str) -> bytes:
        """Return the public key of that name; for one in a keyring without asking the keyring."""
        kept = self.kept(name)
        return self.load(name).public if kept is None else bytes.fromhex(kept.public)

    def remove(self, name: str) -> bool:
        """Remove the key of that name; False where it is in a keyring that cannot be used now: then it is still there.

        Nothing happens where there is none.
        """
        self._remembered.pop(name, None)
        kept = self.kept(name)
        if kept is not None:
            try:
                keyring = self._keyring_of(name, kept)
                keyring.remove(kept.entry)
                keyring.remove(kept.entry + _HEAD)
            except (KeyringError, KeyringGoneError):
                return False
            self._kept_file(name).unlink(missing_ok=True)
        _overwrite(self._file(name))
        return True

    def move(self) -> str | None:
        """Move the keys that are in files into the keyring, if there is one; return its name if anything was moved.

        Nothing is moved into a keyring that is locked or silent; another time will do. A file goes only after the
        keyring has given the key back.
        """
        names = [name for name in self.names() if self._file(name).exists()]
        try:
            keyring = self._keyring() if names else None
            if keyring is None:
                return None
            moved = [name for name in names if self._is_moved(name, keyring)]
        except KeyringError:
            return None
        return keyring.name if moved else None

    def head(self, name: str) -> str | None:
        """Return what :meth:`put_head` kept; ``None`` where the key is in no keyring, or nothing was kept.

        Raises:
            KeyringGoneError: it cannot be asked for now.
        """
        kept = self.kept(name)
        return None if kept is None else self._asked(name, kept, lambda keyring: keyring.get(kept.entry + _HEAD))

    def put_head(self, name: str, words: str) -> bool:
        """Keep a line of text beside a key that is in a keyring; say whether it is kept there."""
        kept = self.kept(name)
        if kept is None:
            return False
        try:
            self._keyring_of(name, kept).put(kept.entry + _HEAD, words)
        except (KeyringError, KeyringGoneError):
            return False
        return True

    def kept(self, name: str) -> Kept | None:
        """Return what is known of a key that is in a keyring, ``None`` for any other."""
        file = self._kept_file(name)
        try:
            words = json.loads(file.read_text(encoding="ascii"))
            kept = Kept(str(words["keyring"]), str(words["entry"]), str(words["public"]))
            if len(bytes.fromhex(kept.public)) == _SEED_BYTES:
                return kept
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError):
            pass
        raise KeyFileError(file, mark("The note {file} of where a key is kept is damaged."))

    def _is_moved(self, name: str, keyring: SystemKeyring) -> bool:
        """Move one key out of its file; one that cannot be used stays, and is told of when it is needed."""
        try:
            kept, seed = self.kept(name), self._seed_in_file(name)
            if kept is None:
                self._keep(name, seed, keyring)
            elif self.load(name).public != SigningKey(seed).public:  # a move that was cut short is ended here
                return False
        except KeyFileError:
            return False
        _overwrite(self._file(name))
        return True

    def _keep(self, name: str, seed: bytes, keyring: SystemKeyring) -> None:
        entry = secrets.token_hex(16)
        keyring.put(entry, seed.hex())
        if keyring.get(entry) != seed.hex():
            raise KeyringError(
                mark("The system's keyring ({keyring}) does not give back what it was given."), keyring=keyring.name
            )
        kept = Kept(keyring.name, entry, SigningKey(seed).public.hex())
        write_whole(self._kept_file(name), json.dumps(asdict(kept)).encode("ascii"), may_replace=True, own=None)

    def _from_keyring(self, name: str, kept: Kept) -> SigningKey:
        secret = self._asked(name, kept, lambda keyring: keyring.get(kept.entry))
        if secret is None:
            raise KeyringGoneError(self._kept_file(name), kept.keyring, None)
        try:
            key = SigningKey(bytes.fromhex(secret))
        except ValueError:
            key = None
        if key is None or key.public.hex() != kept.public:
            raise KeyFileError(
                self._kept_file(name), mark("The system's keyring holds another key than the one {file} speaks of.")
            )
        return key

    def _keyring_of(self, name: str, kept: Kept) -> SystemKeyring:
        try:
            keyring = self._keyring()
        except KeyringError as failure:
            raise KeyringGoneError(self._kept_file(name), kept.keyring, failure) from failure
        if keyring is None or keyring.name != kept.keyring:
            raise KeyringGoneError(self._kept_file(name), kept.keyring, None)
        return keyring

    def _asked(self, name: str, kept: Kept, question: Callable[[SystemKeyring], str | None]) -> str | None:
        keyring = self._keyring_of(name, kept)
        try:
            return question(keyring)
        except KeyringError as failure:
            raise KeyringGoneError(self._kept_file(name), kept.keyring, failure) from failure

    def _seed_in_file(self, name: str) -> bytes:
        file = self._file(name)
        try:
            with file.open("rb") as opened:
                mode = os.fstat(opened.fileno()).st_mode
                seed = opened.read(_SEED_BYTES + 1)
        except FileNotFoundError:
            raise KeyFileError(file, mark("The key {file} is missing.")) from None
        if os.name == "posix" and stat.S_IMODE(mode) & 0o077:
            raise KeyFileError(
                file,
                mark("The key {file} can be read by other users (mode {mode:o}). Set it to 600."),
                mode=stat.S_IMODE(mode),
            )
        if len(seed) != _SEED_BYTES:
            raise KeyFileError(file, mark("The key {file} is damaged: it does not hold 32 bytes."))
        return seed

    def _file(self, name: str) -> Path:
        return self.folder / f"{name}.key"

    def _kept_file(self, name: str) -> Path:
        return self.folder / f"{name}.kept"


def kept_words(kept_in: str | None, _: Translate) -> str:
    """Say where the keys are, in words for people."""
    if kept_in is None:
        return _("There are no keys yet.")
    if kept_in == IN_FILE:
        return _("The keys are kept in files that only your user account can read; not in the system's keyring.")
    return _("The keys are kept in the system's keyring ({keyring}).").format(keyring=kept_in)


def _overwrite(file: Path) -> None:
    """Remove a key file after writing over it; what a disk that spreads its writes keeps of it, nobody can say."""
    try:
        with file.open("r+b") as opened:
            opened.write(bytes(_SEED_BYTES))
            opened.flush()
            os.fsync(opened.fileno())
    except FileNotFoundError:
        return
    file.unlink(missing_ok=True)
