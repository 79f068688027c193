"""The sender in its sandbox: it sends all the same, says what the kernel lacks, and sends nothing where a lock is open.

What the kernel refuses it is in ``test_sandbox.py``.
"""

from __future__ import annotations

import datetime
import json
import os
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from e2e.test_leaving_egress import prepared
from fyraften_agent.consent.ledger_file import open_to_read
from fyraften_agent.paths import Paths
from fyraften_agent.sandbox.sandbox import GUARDS, offered
from fyraften_agent.sending.outbox import Outbox
from fyraften_agent.verify_ledger import verify
from lying_server import LyingServer, answer, says

pytestmark = pytest.mark.skipif(
    offered() < (6, True), reason=f"this kernel offers less than is tried here: {offered()}"
)
WEAK_KERNEL = (sys.executable, str(Path(__file__).with_name("weak_kernel.py")))


def sent_from(paths: Paths, *through: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*through, sys.executable, "-P", "-m", "fyraften_agent.sender"],
        env={**os.environ, "FYRAFTEN_HOME": str(paths.folder), **environ},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@contextmanager
def tls_for(name: str, folder: Path) -> Iterator[tuple[str, Path, list[bytes]]]:
    """Serve one request over TLS on 127.0.0.1, under a name; yields the address, the certificate and what came."""
    key = ec.generate_private_key(ec.SECP256R1())
    told, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")]), datetime.datetime.now(datetime.UTC)
    built = x509.CertificateBuilder(
        issuer_name=told,
        subject_name=told,
        public_key=key.public_key(),
        serial_number=1,
        not_valid_before=now - datetime.timedelta(days=1),
        not_valid_after=now + datetime.timedelta(days=1),
    ).add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
    built = built.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    certificate = folder / "certificate.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    certificate.write_bytes(built.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM) + private)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    came: list[bytes] = []
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        thread = threading.Thread(target=_serve_once, args=(listener, context, came), daemon=True)
        thread.start()
        yield f"https://localhost:{listener.getsockname()[1]}", certificate, came
        thread.join(10)


def _serve_once(listener: socket.socket, context: ssl.SSLContext, came: list[bytes]) -> None:
    connection, _address = listener.accept()
    connection.settimeout(10)
    try:
        with context.wrap_socket(connection, server_side=True) as secured:
            came.append(secured.recv(65536))
            secured.sendall(answer(200, b"{}"))
    except OSError:
        connection.close()


def test_a_service_is_found_by_its_name_and_trusted_by_its_certificate(tmp_path: Path) -> None:
    with tls_for("localhost", tmp_path) as (address, certificate, came):
        done = sent_from(prepared(tmp_path, address), SSL_CERT_FILE=str(certificate))

    assert came
    assert b" /v1/" in came[0].splitlines()[0]
    assert b"Host: localhost:" in came[0]
    assert json.loads(done.stdout)["held"] == list(GUARDS["sender"])


def test_the_certificate_is_still_checked_for_the_name_that_was_looked_up(tmp_path: Path) -> None:
    with tls_for("elsewhere.example", tmp_path) as (address, certificate, came):
        done = sent_from(prepared(tmp_path, address), SSL_CERT_FILE=str(certificate))

    assert came == []
    assert done.returncode == 7


def test_a_name_that_nobody_knows_is_told_as_before(tmp_path: Path) -> None:
    paths = prepared(tmp_path, "https://fyraften.invalid")
    done = sent_from(paths)

    connection = open_to_read(paths.ledger)
    assert connection is not None
    with closing(connection):
        (item,) = Outbox(connection).items()
    assert done.returncode == 7
    assert item.problem == "not-reached: no computer of that name is known"


@pytest.mark.parametrize(
    ("missing", "lacking"),
    [("landlock", ["records", "port", "others"]), ("seccomp", ["network", "port"])],
)
def test_where_the_kernel_lacks_something_it_sends_and_notes_that_once(
    tmp_path: Path, missing: str, lacking: list[str]
) -> None:
    with LyingServer(says(answer(200, b"{}"))) as service:
        paths = prepared(tmp_path, service.url)
        done = sent_from(paths, *WEAK_KERNEL, missing)
        noted = [event.details["lacking"] for event in verify(paths) if event.details.get("about") == "sandbox"]

    assert service.asked != []
    assert json.loads(done.stdout)["lacking"] == lacking
    assert noted == [lacking]


@pytest.fixture
def beside_python() -> Iterator[Path]:
    """A folder among those of Python itself, which the sender has to read: there no rule can keep the records shut."""
    folder = Path(tempfile.mkdtemp(prefix="fyraften-", dir=sys.prefix))
    yield folder
    shutil.rmtree(folder)


def test_where_the_records_can_be_opened_all_the_same_nothing_is_sent(beside_python: Path) -> None:
    with LyingServer(says(answer(200, b"{}"))) as service:
        paths = prepared(beside_python, service.url)
        paths.work.write_bytes(b"raw")
        done = sent_from(paths)

    assert service.asked == []
    assert done.returncode == 8
    assert (
        "was told to close the records to the process that sends, and they are open. So the process does nothing."
        in (done.stderr)
    )
    assert "Traceback" not in done.stderr


def test_doctor_says_so(beside_python: Path) -> None:
    paths = prepared(beside_python, "http://127.0.0.1:9")
    paths.work.write_bytes(b"raw")
    done = subprocess.run(
        [sys.executable, "-P", "-m", "fyraften_agent.cli", "doctor", "--privacy", "--json"],
        env={**os.environ, "FYRAFTEN_HOME": str(paths.folder)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    found = {row["name"]: row["by"] for row in json.loads(done.stdout)["guarantees"]}

    assert done.returncode == 8
    assert found["sender.records"] == "broken"
    assert found["collector.network"] == "kernel"
