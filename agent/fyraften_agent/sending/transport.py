"""Signed requests to one service: the only module of the agent that opens a network connection to another computer.

One address, given at construction; no proxies from the environment, no redirects, no cookies, no compressed answers.
An answer is limited in bytes and in seconds, however slowly it drips. TLS is checked against the system's own trust
store. Not here: what is sent and what an answer means (``sender.py``), and when.
"""

from __future__ import annotations

import ipaddress
import json
import re
import secrets
import socket
import ssl
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol
from urllib.parse import urlsplit

import httpcore
import httpx
import truststore
from http_message_signatures import HTTPMessageSigner, MappingKeyResolver
from http_message_signatures.algorithms import ED25519

from fyraften_agent.consent.keys import SigningKey
from fyraften_agent.errors import InputError, ServiceError
from fyraften_policy.languages import mark
from fyraften_policy.sentences import Sentence, reason_of, sentence

MAXIMUM_BYTES = 16 * 1024
TAG = "fyraften"
_SECONDS = 30.0
_NO_ADDRESS = mark("{address!r} is no service's address. Give one such as https://fyraften.example.dk.")
_WITH_BODY = ("@method", "@target-uri", "content-type", "content-digest")
_WITHOUT_BODY = ("@method", "@target-uri")
_PROBLEM = re.compile(r"urn:fyraften:problem:([a-z-]{1,40})")


class NotReachedError(ServiceError):
    """No usable answer came: no connection, no trust, too slow, too much, or not HTTP. Trying later may help."""

    def __init__(self, server: str, problem: str | Sentence, **values: object) -> None:
        told = sentence(problem, **values)
        super().__init__(mark("{server} gave no usable answer: {problem}."), server=server, problem=told)
        self.server, self.problem = server, str(told)


@dataclass(frozen=True)
class Identity:
    """Who signs a request: the random subject of one purpose, and its key."""

    subject: str
    key: SigningKey = field(repr=False)


@dataclass(frozen=True)
class Answer:
    """What the service answered, uninterpreted."""

    status: int
    media_type: str
    body: bytes
    retry_after: int | None = None

    @property
    def problem(self) -> str | None:
        """Return the name of the problem, or ``None`` unless this is a problem document of the agreed form."""
        if self.media_type != "application/problem+json":
            return None
        try:
            document = json.loads(self.body)
            found = _PROBLEM.fullmatch(document["type"])
            return found[1] if found and document["status"] == self.status else None
        except (ValueError, KeyError, TypeError, RecursionError):
            return None


class Transport(Protocol):
    """The way to one service."""

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | None,
        identity: Identity | None,
        now: int,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Return the answer; raises :class:`NotReachedError` where there is none.

        Args:
            headers: more lines, such as ``if-match``; the signature covers them.
        """
        ...


def check_address(address: str) -> str:
    """Return the service's address without a slash at its end.

    Raises:
        InputError: not ``https://…``, or plain ``http://`` to another computer.
    """
    try:
        parts = urlsplit(address.strip())
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise InputError(_NO_ADDRESS, address=address) from None
    wanted = parts.scheme in ("http", "https") and host and parts.username is None and port != 0
    if not wanted or parts.query or parts.fragment or not address.isascii() or not address.strip().isprintable():
        raise InputError(_NO_ADDRESS, address=address)
    if parts.scheme == "http" and not _is_loopback(host):
        raise InputError(
            mark("{address} is plain http to another computer: anybody between could read it. Use https."),
            address=address,
        )
    return f"{parts.scheme}://{parts.netloc.lower()}{parts.path.rstrip('/')}"


def port_of(server: str) -> int:
    """Return the TCP port of a service's address."""
    parts = urlsplit(server)
    return parts.port or (443 if parts.scheme == "https" else 80)


def look_up(server: str) -> tuple[str, ...]:
    """Return the addresses a service's name leads to, the one to try first at the front; none where it is not known."""
    try:
        found = socket.getaddrinfo(urlsplit(server).hostname, port_of(server), type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return ()
    return tuple(dict.fromkeys(str(address[0]) for *_, address in found))


def sign(request: httpx.Request, identity: Identity, now: int, more: tuple[str, ...] = ()) -> None:
    """Add digest and signature (RFC 9530, RFC 9421) to a request.

    Args:
        now: the time the signature names; the service refuses what is more than five minutes off.
        more: names of further header lines that the signature covers.
    """
    resolver = MappingKeyResolver(public_keys={}, private_keys={identity.subject: identity.key.private})
    signer = HTTPMessageSigner(signature_algorithm=ED25519, key_resolver=resolver)
    has_body = bool(request.content)
    signer.sign(
        request,
        key_id=identity.subject,
        created=datetime.fromtimestamp(now, UTC),
        nonce=secrets.token_urlsafe(24),
        label=TAG,
        tag=TAG,
        include_alg=True,
        covered_component_ids=(*(_WITH_BODY if has_body else _WITHOUT_BODY), *more),
        body=request.content if has_body else None,
    )


class HttpTransport:
    """The real way to one service. ``seconds`` bounds a whole exchange.

    Args:
        addresses: where the service's name leads, from :func:`look_up`; by default it is looked up when needed. The
            certificate is checked for the name all the same.
    """

    def __init__(
        self,
        server: str,
        seconds: float = _SECONDS,
        monotonic: Callable[[], float] = time.monotonic,
        addresses: Sequence[str] | None = None,
    ) -> None:
        self.server = check_address(server)
        self._seconds, self._monotonic, self._addresses = seconds, monotonic, addresses
        self._trust: ssl.SSLContext | None = None

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | None,
        identity: Identity | None,
        now: int,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Return the answer to one request, on a connection of its own."""
        if not path.startswith("/"):
            raise ValueError(f"{path!r} does not start at the service.")
        request = httpx.Request(method, self.server + path, headers={**_headers(body), **(headers or {})}, content=body)
        if identity is not None:
            sign(request, identity, now, tuple(headers or ()))
        wire = _Wire(self._trusted(), _Deadline(self._monotonic() + self._seconds, self._monotonic, self._addresses))
        try:
            with httpx.Client(transport=wire, trust_env=False, follow_redirects=False) as client:
                response = client.send(request, stream=True)
                try:
                    return self._answer(response)
                finally:
                    response.close()
        except _FAILURES as failure:
            raise NotReachedError(self.server, _short(failure)) from failure

    def _answer(self, response: httpx.Response) -> Answer:
        if response.headers.get("content-encoding", "identity").lower() != "identity":
            raise NotReachedError(self.server, mark("the answer is compressed, which was not asked for"))
        body = b""
        for part in response.iter_raw():
            body += part
            if len(body) > MAXIMUM_BYTES:
                raise NotReachedError(self.server, mark("the answer is longer than agreed"))
        media_type = response.headers.get("content-type", "").split(";")[0].strip().lower()
        return Answer(response.status_code, media_type, body, _seconds(response.headers.get("retry-after", "")))

    def _trusted(self) -> ssl.SSLContext:
        if self._trust is None:
            self._trust = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        return self._trust


# By the number OpenSSL gives to what is wrong.
_CERTIFICATES = {
    10: mark("its certificate has expired"),
    62: mark("its certificate is for another name"),
}
_FAILURES = (
    httpx.HTTPError,
    httpx.StreamError,
    httpcore.NetworkError,
    httpcore.TimeoutException,
    httpcore.ProtocolError,
    httpcore.UnsupportedProtocol,
    OSError,
)


class _Wire(httpx.BaseTransport):
    """httpx over a connection whose every wait ends at one deadline: its own time-outs start anew at each byte."""

    def __init__(self, trust: ssl.SSLContext, backend: _Deadline) -> None:
        self._pool = httpcore.ConnectionPool(ssl_context=trust, max_connections=1, network_backend=backend)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        asked = httpcore.Request(
            request.method.encode("ascii"),
            str(request.url).encode("ascii"),
            headers=request.headers.raw,
            content=request.content,
        )
        answered = self._pool.handle_request(asked)
        return httpx.Response(answered.status, headers=answered.headers, stream=_Stream(answered))

    def close(self) -> None:
        self._pool.close()


class _Stream(httpx.SyncByteStream):
    def __init__(self, answered: httpcore.Response) -> None:
        self._answered = answered

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._answered.iter_stream())

    def close(self) -> None:
        self._answered.close()


class _Deadline(httpcore.NetworkBackend):
    """Connections that are read and written until one moment, and no longer; to known addresses, where there are."""

    def __init__(self, end: float, monotonic: Callable[[], float], addresses: Sequence[str] | None) -> None:
        self._end, self._monotonic, self._real = end, monotonic, httpcore.SyncBackend()
        self._addresses = addresses

    def left(self, failure: type[Exception]) -> float:
        """Return the seconds left; raises ``failure`` where there are none."""
        seconds = self._end - self._monotonic()
        if seconds <= 0:
            raise failure("it took too long")
        return seconds

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        failure: httpcore.ConnectError | None = None
        for address in [host] if self._addresses is None else self._addresses:
            left = self.left(httpcore.ConnectTimeout)
            try:
                stream = self._real.connect_tcp(address, port, left, local_address, socket_options)
                return _DeadlineStream(stream, self)
            except httpcore.ConnectError as refused:
                failure = refused
        if failure is not None:
            raise failure
        try:
            raise socket.gaierror(socket.EAI_NONAME, "no address is known")
        except socket.gaierror as unknown:  # as the library has it: a cause alone would be lost on the way
            raise httpcore.ConnectError from unknown


class _DeadlineStream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream, deadline: _Deadline) -> None:
        self._stream, self._deadline = stream, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.left(httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.left(httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = self._deadline.left(httpcore.ConnectTimeout)
        return _DeadlineStream(self._stream.start_tls(ssl_context, server_hostname, left), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _headers(body: bytes | None) -> dict[str, str]:
    headers = {
        "accept": "application/json, application/problem+json",
        "accept-encoding": "identity",
        "connection": "close",
        "user-agent": "fyraften",
    }
    return headers if body is None else {**headers, "content-type": "application/json"}


def _seconds(text: str) -> int | None:
    return int(text) if re.fullmatch(r"[0-9]{1,6}", text) else None


def _short(failure: BaseException) -> Sentence:
    """Return what failed in a few words, without values: what the other side sent is not repeated."""
    if isinstance(failure, httpcore.TimeoutException):
        return Sentence(mark("it took too long"))
    if isinstance(failure, httpcore.ProtocolError):
        return Sentence(mark("what came was not an HTTP answer"))
    cause: BaseException | None = failure
    while cause is not None and not isinstance(cause, OSError):
        cause = cause.__cause__ or cause.__context__
    if cause is None:
        return Sentence(type(failure).__name__)
    if isinstance(cause, ssl.SSLCertVerificationError):
        return Sentence(_CERTIFICATES.get(getattr(cause, "verify_code", 0), mark("its certificate is not trusted")))
    if isinstance(cause, ssl.SSLError):
        return Sentence(mark("no safe connection could be made"))
    if isinstance(cause, socket.gaierror):
        return Sentence(mark("no computer of that name is known"))
    return reason_of(cause)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
