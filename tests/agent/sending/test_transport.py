"""The connection to one service: signed, bounded in bytes and time, and not to be led anywhere else."""

from __future__ import annotations

import datetime
import ipaddress
import json
import socket
import ssl
import threading
import time
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.x509.oid import NameOID
from http_message_signatures import HTTPMessageVerifier, HTTPSignatureKeyResolver
from http_message_signatures.algorithms import ED25519
from http_message_signatures.exceptions import InvalidSignature

from fyraften_agent.consent.keys import SigningKey
from fyraften_agent.errors import InputError
from fyraften_agent.sending.transport import (
    MAXIMUM_BYTES,
    Answer,
    HttpTransport,
    Identity,
    NotReachedError,
    check_address,
    look_up,
    port_of,
)
from lying_server import Asked, LyingServer, Reply, answer, says

KEY = SigningKey(bytes(32))
ME = Identity("a" * 26, KEY)
BODY = b'{"report":"fyraften.group.weekly/1"}'


def real_now() -> int:
    return int(time.time())


def ask(reply: Reply, method: str = "PUT", body: bytes | None = BODY, seconds: float = 5) -> tuple[Answer, Asked]:
    with LyingServer(reply) as server:
        got = HttpTransport(server.url, seconds).ask(method, "/v1/reports/x/y", body, ME, real_now())
    return got, server.asked[0]


def fails(reply: Reply, seconds: float = 5) -> NotReachedError:
    with LyingServer(reply) as server:
        transport = HttpTransport(server.url, seconds)
        with pytest.raises(NotReachedError) as caught:
            transport.ask("PUT", "/v1/reports/x/y", BODY, ME, real_now())
    return caught.value


# Addresses


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://fyraften.example.dk", "https://fyraften.example.dk"),
        (" https://Fyraften.example.dk/sub/ ", "https://fyraften.example.dk/sub"),
        ("http://127.0.0.1:8000/", "http://127.0.0.1:8000"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_an_address_is_kept_in_one_spelling(given: str, kept: str) -> None:
    assert check_address(given) == kept


@pytest.mark.parametrize(
    "given",
    [
        "",
        "fyraften.example.dk",
        "ftp://fyraften.example.dk",
        "file:///etc/passwd",
        "http://fyraften.example.dk",
        "http://127.0.0.1.example.dk",
        "http://10.0.0.1",
        "https://name:word@fyraften.example.dk",
        "https://:word@fyraften.example.dk",
        "https://fyraften.example.dk?x=1",
        "https://fyraften.example.dk#x",
        "https://fyraften.example.dk:0",
        "https://fyraften.example.dk:99999",
        "https://",
        "https://fyräften.example.dk",
        "https://fyraften.example.dk\n.evil.example",
    ],
)
def test_an_address_that_is_none_or_not_safe_is_refused(given: str) -> None:
    with pytest.raises(InputError):
        check_address(given)


# What goes out


class _OneKey(HTTPSignatureKeyResolver):  # type: ignore[misc]  # the library's classes are untyped
    def resolve_public_key(self, key_id: str) -> Ed25519PublicKey:
        assert key_id == ME.subject
        return Ed25519PublicKey.from_public_bytes(KEY.public)


class _Message:
    def __init__(self, asked: Asked, url: str) -> None:
        self.method, self.url, self.headers = asked.method, url + asked.path, asked.headers


def verified(asked: Asked, url: str) -> object:
    verifier = HTTPMessageVerifier(signature_algorithm=ED25519, key_resolver=_OneKey())
    return verifier.verify(_Message(asked, url), max_age=datetime.timedelta(minutes=5), body=asked.body)[0]


def test_a_request_with_a_body_is_signed_over_all_that_matters() -> None:
    with LyingServer(says(answer(200, b"{}"))) as server:
        HttpTransport(server.url).ask("PUT", "/v1/reports/x/y", BODY, ME, real_now())
    asked = server.asked[0]
    result = verified(asked, server.url)

    names = {name.strip('"') for name in result.covered_components}  # type: ignore[attr-defined]
    assert {"@method", "@target-uri", "content-type", "content-digest"} <= names
    assert set(result.parameters) == {"created", "keyid", "alg", "nonce", "tag"}  # type: ignore[attr-defined]
    assert asked.body == BODY
    for change in (
        Asked("POST", asked.path, asked.headers, asked.body, b""),
        Asked(asked.method, asked.path + "z", asked.headers, asked.body, b""),
        Asked(asked.method, asked.path, {**asked.headers, "content-type": "text/plain"}, asked.body, b""),
        Asked(asked.method, asked.path, asked.headers, asked.body + b" ", b""),
    ):
        with pytest.raises(InvalidSignature):
            verified(change, server.url)


def test_an_erasure_is_signed_without_a_body() -> None:
    with LyingServer(says(answer(200, b"{}"))) as server:
        HttpTransport(server.url).ask("DELETE", "/v1/enrolments/" + ME.subject, None, ME, real_now())
    (asked,) = server.asked
    names = {name.strip('"') for name in verified(asked, server.url).covered_components}  # type: ignore[attr-defined]

    assert {"@method", "@target-uri"} <= names
    assert asked.body == b""


def test_two_requests_never_share_a_nonce() -> None:
    with LyingServer(says(answer(200, b"{}"))) as server:
        for _ in range(2):
            HttpTransport(server.url).ask("PUT", "/v1/x", BODY, ME, 1_767_600_000)
    first, second = (asked.headers["signature-input"] for asked in server.asked)

    assert first != second


def test_nothing_about_the_computer_is_in_the_headers() -> None:
    _answer, asked = ask(says(answer(200, b"{}")))

    assert set(asked.headers) == {
        "host",
        "accept",
        "accept-encoding",
        "connection",
        "user-agent",
        "content-type",
        "content-length",
        "content-digest",
        "signature",
        "signature-input",
    }
    assert asked.headers["user-agent"] == "fyraften"
    # In a signature and a nonce any two letters may turn up, so a short name of this computer, too.
    legible = {name: value for name, value in asked.headers.items() if name not in ("signature", "signature-input")}
    assert socket.gethostname() not in str(legible) + asked.body.decode()


def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with LyingServer(says(answer(200, b"{}"))) as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "HTTPS_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        monkeypatch.setenv("NO_PROXY", "")
        got, _asked = ask(says(answer(200, b'{"from":"service"}')))

    assert got.body == b'{"from":"service"}'
    assert proxy.asked == []


# What comes back


def test_an_answer_comes_back_uninterpreted() -> None:
    got, _asked = ask(says(answer(201, b"{}", "application/json; charset=utf-8", "Retry-After: 120")))

    assert got == Answer(201, "application/json", b"{}", 120)


def test_a_redirect_is_an_answer_and_is_not_followed() -> None:
    with LyingServer(says(answer(200, b"{}"))) as elsewhere:
        for status in (301, 302, 303, 307, 308):
            got, _asked = ask(says(answer(status, b"", "text/html", f"Location: {elsewhere.url}/v1/service")))

            assert got.status == status
    assert elsewhere.asked == []


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\r\n\r\n",
        b"not http at all\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1 two hundred\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: " + b"y" * 200_000 + b"\r\n\r\n",
        bytes(range(256)) * 40,
    ],
)
def test_garbage_is_no_answer(raw: bytes) -> None:
    failure = fails(says(raw))

    assert failure.exit_code == 7
    assert "\n" not in str(failure)


def test_an_answer_longer_than_agreed_is_not_read_to_its_end() -> None:
    failure = fails(says(answer(200, b"x" * (MAXIMUM_BYTES + 1))))

    assert "longer" in failure.problem


def test_an_endless_answer_is_cut_off() -> None:
    def pour(asked: Asked, connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
        while True:
            connection.sendall(b"x" * 4096)

    assert "longer" in fails(pour).problem


def test_a_compressed_answer_is_not_unpacked() -> None:
    raw = answer(200, b"\x1f\x8b" + b"\0" * 50, "application/json", "Content-Encoding: gzip")

    assert "compressed" in fails(says(raw)).problem


def test_a_silent_service_is_left_after_the_deadline() -> None:
    ended = threading.Event()

    def stall(asked: Asked, connection: socket.socket) -> None:
        ended.wait(10)

    started = time.monotonic()
    failure = fails_and_frees(stall, ended)

    assert "too long" in failure.problem
    assert time.monotonic() - started < 5


@pytest.mark.parametrize("start", [b"", b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n"])
def test_a_dripping_service_does_not_stretch_the_deadline(start: bytes) -> None:
    ended = threading.Event()

    def drip(asked: Asked, connection: socket.socket) -> None:
        connection.sendall(start or b"HTTP/1.1 200 OK\r\n")
        while not ended.wait(0.05):
            connection.sendall(b"x" if start else b"X-Y: z\r\n")

    started = time.monotonic()
    failure = fails_and_frees(drip, ended)

    assert "too long" in failure.problem
    assert time.monotonic() - started < 5


def fails_and_frees(reply: Reply, ended: threading.Event) -> NotReachedError:
    try:
        return fails_then(reply, ended)
    finally:
        ended.set()


def fails_then(reply: Reply, ended: threading.Event) -> NotReachedError:
    with LyingServer(reply) as server:
        with pytest.raises(NotReachedError) as caught:
            HttpTransport(server.url, 0.5).ask("PUT", "/v1/x", BODY, ME, real_now())
        ended.set()
    return caught.value


def test_nobody_there_is_not_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

    with pytest.raises(NotReachedError, match="refused"):
        HttpTransport(f"http://127.0.0.1:{port}").ask("GET", "/v1/service", None, None, real_now())


# Where a name leads


def test_a_name_is_looked_up_to_addresses_each_once() -> None:
    found = look_up("http://localhost:8443")

    assert "127.0.0.1" in found
    assert len(set(found)) == len(found)
    assert look_up("http://127.0.0.1:8443") == ("127.0.0.1",)
    assert look_up("http://[::1]:8443") == ("::1",)


@pytest.mark.parametrize("address", ["https://fyraften.invalid", f"https://{'a' * 64}.example", "https://a..b"])
def test_a_name_that_leads_nowhere_has_no_addresses(address: str) -> None:
    assert look_up(address) == ()


@pytest.mark.parametrize(
    ("address", "port"),
    [
        ("https://fyraften.example.dk", 443),
        ("http://localhost", 80),
        ("https://fyraften.example.dk:8443/sub", 8443),
        ("http://[::1]:81", 81),
    ],
)
def test_the_port_is_the_one_of_the_address(address: str, port: int) -> None:
    assert port_of(address) == port


def test_known_addresses_are_tried_one_after_the_other_and_the_name_is_still_the_one_asked_for() -> None:
    with LyingServer(says(answer(200, b"{}"))) as server:
        port = port_of(server.url)
        transport = HttpTransport(f"http://localhost:{port}", addresses=("127.0.0.9", "127.0.0.1"))
        got = transport.ask("PUT", "/v1/x", BODY, ME, real_now())

    assert got.status == 200
    assert server.asked[0].headers["host"] == f"localhost:{port}"


def test_where_no_address_is_known_none_is_looked_up() -> None:
    with LyingServer(says(answer(200, b"{}"))) as server, pytest.raises(NotReachedError, match="no computer of that"):
        HttpTransport(server.url, addresses=()).ask("PUT", "/v1/x", BODY, ME, real_now())

    assert server.asked == []


def test_the_last_address_decides_what_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

    with pytest.raises(NotReachedError, match="refused"):
        HttpTransport(f"http://localhost:{port}", addresses=("127.0.0.1",)).ask("GET", "/v1/x", None, None, real_now())


def test_a_path_cannot_lead_to_another_address() -> None:
    with pytest.raises(ValueError, match="does not start"):
        HttpTransport("http://127.0.0.1:9").ask("GET", "@evil.example/", None, None, real_now())


# Problems


def problem(status: int, document: object, media_type: str = "application/problem+json") -> str | None:
    return Answer(status, media_type, json.dumps(document).encode()).problem


def test_a_problem_document_of_the_agreed_form_is_known_by_name() -> None:
    assert problem(410, {"type": "urn:fyraften:problem:withdrawn", "status": 410}) == "withdrawn"


def test_anything_else_is_no_problem_of_ours() -> None:
    ours = {"type": "urn:fyraften:problem:withdrawn", "status": 410}

    assert problem(410, ours, "application/json") is None
    assert problem(200, ours) is None
    assert problem(410, {**ours, "type": "about:blank"}) is None
    assert problem(410, {**ours, "type": "urn:fyraften:problem:withdrawn\n"}) is None
    assert problem(410, [1]) is None
    assert Answer(410, "application/problem+json", b"\xff").problem is None
    assert Answer(410, "application/problem+json", b"[" * 16000).problem is None


# TLS


def certificate(folder: Path, host: str) -> tuple[Path, Path]:
    """Write a certificate that signs itself, and return it and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    now = datetime.datetime.now(datetime.UTC)
    names = [x509.IPAddress(ipaddress.ip_address(host))]
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(built.public_bytes(serialization.Encoding.PEM))
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "key.pem").write_bytes(private)
    return folder / "cert.pem", folder / "key.pem"


class TlsServer:
    """Answers one request over TLS with a certificate of its own."""

    def __init__(self, folder: Path, host: str = "127.0.0.1") -> None:
        self.certificate, key = certificate(folder, host)
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(self.certificate, key)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.received = b""
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> TlsServer:
        self._thread.start()
        return self

    def __exit__(self, *failure: object) -> None:
        self._thread.join(10)
        self._listener.close()

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self._listener.getsockname()[1]}"

    def _serve(self) -> None:
        connection, _address = self._listener.accept()
        connection.settimeout(10)
        try:
            with self._context.wrap_socket(connection, server_side=True) as secured:
                while not self.received.endswith(BODY):
                    self.received += secured.recv(65536)
                secured.sendall(answer(200, b"{}"))
        except OSError:
            connection.close()


def test_a_certificate_nobody_vouches_for_is_refused_before_anything_is_sent(tmp_path: Path) -> None:
    with TlsServer(tmp_path) as server, pytest.raises(NotReachedError, match=r"(?i)certificate"):
        HttpTransport(server.url).ask("PUT", "/v1/x", BODY, ME, real_now())

    assert server.received == b""


def test_a_certificate_the_system_trusts_is_accepted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with TlsServer(tmp_path) as server:
        monkeypatch.setenv("SSL_CERT_FILE", str(server.certificate))
        got = HttpTransport(server.url).ask("PUT", "/v1/x", BODY, ME, real_now())

    assert got.status == 200
    assert BODY in server.received


def test_a_trusted_certificate_of_another_host_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with TlsServer(tmp_path, host="127.0.0.2") as server:
        monkeypatch.setenv("SSL_CERT_FILE", str(server.certificate))
        with pytest.raises(NotReachedError, match=r"(?i)certificate"):
            HttpTransport(server.url).ask("PUT", "/v1/x", BODY, ME, real_now())

    assert server.received == b""
