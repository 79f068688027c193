"""Verifying signed requests: RFC 9421 with Ed25519, and the content digest of RFC 9530.

Pure: the request, its body, the key and the time come in as arguments. The only module importing
``http_message_signatures``. Not here: whose key it is (``enrolment.py``), and which nonces were used (``nonces.py``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from http_message_signatures import HTTPMessageSignaturesException, HTTPMessageVerifier, HTTPSignatureKeyResolver
from http_message_signatures.algorithms import ED25519
from http_message_signatures.exceptions import InvalidSignature

from fyraften_service.errors import ServiceError

TAG = "fyraften"
WINDOW_SECONDS = 300
WITH_BODY = ("@method", "@target-uri", "content-type", "content-digest")
WITHOUT_BODY = ("@method", "@target-uri")
LAPTOP_MARK = "fyraften-ledger"
# What a request says of the state it meets or comes from: where such a line is, the signature has to cover it.
CONDITIONS = ("if-match", "if-none-match", LAPTOP_MARK)
_PARAMETERS = {"created", "keyid", "alg", "nonce", "tag"}


class SignatureError(ServiceError):
    """The request is not signed as agreed; the text says what is wrong, never what was sent."""


class _Fields:
    """Header fields as the library wants them: every line, in order."""

    def __init__(self, lines: Iterable[tuple[str, str]]) -> None:
        self._lines = tuple(lines)

    def has(self, name: str) -> bool:
        """Tell whether there is a line of that name, written in any case."""
        return any(line.lower() == name for line, _value in self._lines)

    def items(self) -> tuple[tuple[str, str], ...]:
        return self._lines


class SignedRequest:
    """A request as it was signed: ``url`` is the one that people configure, not the one a proxy made of it."""

    def __init__(self, method: str, url: str, headers: Iterable[tuple[str, str]], body: bytes) -> None:
        self.method, self.url, self.body = method, url, body
        self.headers = _Fields(headers)


@dataclass(frozen=True)
class Signed:
    """What a valid signature says: who signed, and the value that may be used once."""

    subject: str
    created: int
    nonce: str


class _Keys(HTTPSignatureKeyResolver):
    def __init__(self, key: bytes) -> None:
        self._key = key

    def resolve_public_key(self, key_id: str) -> Ed25519PublicKey:
        return Ed25519PublicKey.from_public_bytes(self._key)


class _Verifier(HTTPMessageVerifier):
    """The library's verifier with our clock: it would otherwise ask the computer's."""

    def __init__(self, key: bytes, now: int) -> None:
        super().__init__(signature_algorithm=ED25519, key_resolver=_Keys(key))
        self._now = now

    def find(self, request: SignedRequest) -> list[Any]:
        """Return the signatures with our tag, read but not verified."""
        return list(self._get_sig_inputs_and_signatures(request, expect_tag=TAG))  # type: ignore[no-untyped-call]

    def validate_created_and_expires(self, sig_input: Any, max_age: object = None) -> None:
        created = sig_input.params.get("created")
        if type(created) is not int or abs(created - self._now) > WINDOW_SECONDS:
            raise InvalidSignature("created is missing or more than five minutes off")


def claimed_subject(request: SignedRequest) -> str:
    """Return the key id that a request names, before anything is proved.

    Raises:
        SignatureError: the request carries no signature of ours, or several.
    """
    verifier = _Verifier(b"", 0)
    try:
        found = verifier.find(request)
    except HTTPMessageSignaturesException as error:
        raise SignatureError("The request carries no readable signature tagged fyraften.") from error
    if len(found) != 1:
        raise SignatureError("The request carries more than one signature tagged fyraften.")
    _, signature_input, _ = found[0]
    parameters = signature_input.params
    if set(parameters) != _PARAMETERS:
        raise SignatureError(f"The signature needs the parameters {', '.join(sorted(_PARAMETERS))}, and no others.")
    return str(parameters["keyid"])


def verify(request: SignedRequest, key: bytes, now: int) -> Signed:
    """Return what the signature says, after checking that ``key`` made it over the parts of the request that matter.

    Raises:
        SignatureError: anything about it is wrong.
    """
    claimed_subject(request)
    required = (WITH_BODY if request.body else WITHOUT_BODY) + tuple(
        name for name in CONDITIONS if request.headers.has(name)
    )
    try:
        (result,) = _Verifier(key, now).verify(
            request, max_age=None, expect_tag=TAG, require_components=required, body=request.body
        )
    except (HTTPMessageSignaturesException, ValueError) as error:
        raise SignatureError("The signature does not fit the request, its body, its address or the time.") from error
    nonce = str(result.nonce)
    if not 16 <= len(nonce) <= 64:
        raise SignatureError("The nonce needs 16 to 64 characters.")
    return Signed(str(result.parameters["keyid"]), int(result.parameters["created"]), nonce)
