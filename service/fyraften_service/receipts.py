"""The service's own key, and the receipts it signs: the employee's proof of what was received, and of what was erased.

Not here: what is put into a receipt, see ``enrolment.py``, ``reports.py`` and ``erasure.py``.
"""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from fyraften_policy import wire
from fyraften_policy.languages import mark
from fyraften_policy.sentences import reason_of
from fyraften_service.errors import InputError

SCHEMA = "fyraften.receipt/2"
RECEIPT = "receipt"


@dataclass(frozen=True)
class ServiceKey:
    """The Ed25519 key that signs receipts; the laptops keep its public half from their enrolment on."""

    private: Ed25519PrivateKey = field(repr=False)

    @property
    def public_bytes(self) -> bytes:
        return self.private.public_key().public_bytes_raw()

    @property
    def fingerprint(self) -> str:
        """Return the first 32 hexadecimal digits of the public key's SHA-256, in groups of four."""
        digits = hashlib.sha256(self.public_bytes).hexdigest()[:32]
        return "-".join(digits[start : start + 4] for start in range(0, 32, 4))

    def secret(self, use: str) -> bytes:
        """Return 32 secret bytes for another use, such as signing session cookies; the same on every replica."""
        return HKDF(SHA256(), 32, None, f"fyraften {use}".encode()).derive(self.private.private_bytes_raw())


def create_key(path: Path) -> ServiceKey:
    """Make a new key and write it to ``path``, mode 0600."""
    private = Ed25519PrivateKey.generate()
    content = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    with open(path, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as stream:
        stream.write(content)
    return ServiceKey(private)


def load_key(path: Path) -> ServiceKey:
    """Return the key kept at ``path``; a file that others may read is refused."""
    try:
        if path.stat().st_mode & 0o077:
            raise InputError(
                mark("{path} can be read by others. Set its mode to 0600, and ask who had access."), path=path
            )
        private = load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError) as error:
        words = mark("{path} is not the service's key: {reason}. Bring it back from the backup.")
        raise InputError(words, path=path, reason=reason_of(error)) from error
    if not isinstance(private, Ed25519PrivateKey):
        raise InputError(
            mark("{path} holds another kind of key. Bring the service's key back from the backup."), path=path
        )
    return ServiceKey(private)


def envelope(key: ServiceKey, kind: str, purpose: str, on: date, content: Mapping[str, object]) -> bytes:
    """Return the canonical bytes of a signed receipt. The same content always gives the same bytes."""
    receipt = {
        "schema": SCHEMA,
        "kind": kind,
        "purpose": purpose,
        "date": on.isoformat(),
        "service": key.fingerprint,
        **content,
    }
    return signed(key, receipt)


def signed(key: ServiceKey, words: Mapping[str, object], name: str = RECEIPT) -> bytes:
    """Return the canonical bytes of an envelope: words under a name, and the signature over their canonical bytes."""
    signature = key.private.sign(wire.canonical(dict(words)))
    return wire.canonical({name: dict(words), "signature": to_text(signature)})


def is_signed_by(public: bytes, receipt: Mapping[str, object], signature: str) -> bool:
    """Tell whether a receipt was signed by the owner of a public key."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(from_text(signature), wire.canonical(receipt))
    except (InvalidSignature, ValueError):
        return False
    return True


def to_text(value: bytes) -> str:
    """Return bytes as base64url without padding."""
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode("ascii")


def from_text(text: str) -> bytes:
    """Return the bytes of base64url without padding; raises ``ValueError`` for any other spelling."""
    value = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    if to_text(value) != text:
        raise ValueError("not base64url without padding")
    return value
