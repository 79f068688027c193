"""Ed25519 keys as private files: one for the consent ledger, one for each enrolment.

A key is the 32 bytes of its seed in a file of mode 0600 in a folder of mode 0700; a key file others can read is
refused. The system's keyring comes later; where a key is kept is said by :data:`KEPT_IN`, which is shown to people.
Not here: what is signed with a key.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from fyraften_agent.errors import AgentError
from fyraften_agent.key_file import write_new
from fyraften_policy.languages import mark

LEDGER_KEY = "ledger"
KEPT_IN = mark("The keys are kept in files that only your user account can read; not in the system's keyring.")
_SEED_BYTES = 32


class KeyFileError(AgentError):
    """A key is missing, damaged, or readable by others."""

    exit_code = 6

    def __init__(self, file: Path, words: str, **values: object) -> None:
        super().__init__(words, file=file, **values)
        self.file = file


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


class Keys:
    """The key files of one folder, by name. The folder is made with the first key."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def exists(self, name: str) -> bool:
        """Say whether there is a key of that name."""
        return self._file(name).exists()

    def create(self, name: str) -> SigningKey:
        """Make a new key and return it. Raises :class:`KeyFileError` if there is one of that name."""
        seed = os.urandom(_SEED_BYTES)
        try:
            write_new(self._file(name), seed)
        except FileExistsError:
            raise KeyFileError(self._file(name), mark("The key {file} exists already. It was left as it is.")) from None
        return SigningKey(seed)

    def load(self, name: str) -> SigningKey:
        """Return the key of that name. Raises :class:`KeyFileError` where it is missing, damaged or open to others."""
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
        return SigningKey(seed)

    def load_or_create(self, name: str) -> SigningKey:
        """Return the key of that name, making it if there is none."""
        return self.load(name) if self.exists(name) else self.create(name)

    def remove(self, name: str) -> None:
        """Remove the key of that name; nothing happens where there is none."""
        self._file(name).unlink(missing_ok=True)

    def _file(self, name: str) -> Path:
        return self.folder / f"{name}.key"
