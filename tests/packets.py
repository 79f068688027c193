"""Thirty simulated days of a laptop that takes part, in a network of their own, and every packet accounted for.

``unshare`` gives this program a network namespace in which every address of the world leads to the loopback device,
where all packets are seen. In it are the employer's real service, the agent's own judging and preparing on nine weeks
of records, and the real sender over real connections, started when the agent would start it; only time is simulated.
What left is compared with what was approved: ``--days``, ``--offend`` (does what must be found out). Linux only.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import json
import os
import random
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from agent_records import FIRST_DAY, ZONE, at, nine_weeks
from fyraften_agent.consent.keys import Keys
from fyraften_agent.consent.ledger_file import open_ledger
from fyraften_agent.consent.ledger_store import Consents, Ledger
from fyraften_agent.judging import Desk, Judge
from fyraften_agent.paths import Paths
from fyraften_agent.processes.known import Known
from fyraften_agent.sender import Sender
from fyraften_agent.sending.employer_policy import terms_shown
from fyraften_agent.sending.enrolment import Enrolments, agreed_service, new_subject, read_service, withdraw
from fyraften_agent.sending.leaving_times import send_slot, send_time
from fyraften_agent.sending.outbox import HELD, RECEIPTED, Item, Outbox
from fyraften_agent.sending.preparing import prepare_due_reports, sending
from fyraften_agent.sending.reports import Stated, prepare_month
from fyraften_agent.sending.transport import Answer, HttpTransport, Identity
from fyraften_agent.store.store import Store
from fyraften_agent.verify_ledger import verify
from fyraften_policy import wire
from fyraften_policy.periods import local_date
from office_way import Hours
from service_process import ServiceProcess, set_up

INSIDE = "FYRAFTEN_PACKETS_INSIDE"
STEP_SECONDS = 4 * 3600
_HEADERS = {
    *("host", "accept", "accept-encoding", "connection", "user-agent", "content-length", "content-type"),
    *("content-digest", "signature", "signature-input", "if-match", "if-none-match", "fyraften-ledger"),
}
_OUTGOING, _IPV4, _TCP = 4, 0x0800, 6


# Packets


@dataclass
class Capture:
    """Every packet of this network, as the kernel hands it out; ``strangers`` are those of others than expected."""

    port: int
    strangers: list[str] = field(default_factory=list)
    count: int = 0

    def __post_init__(self) -> None:
        self._socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
        self._socket.settimeout(0.2)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 64 * 2**20)
        self._streams: dict[tuple[int, int], dict[int, bytes]] = defaultdict(dict)
        self._opened: dict[int, int] = {}
        self._is_ended = threading.Event()
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Stop listening, after what is on its way."""
        time.sleep(0.5)
        self._is_ended.set()
        self._thread.join()
        statistics = self._socket.getsockopt(263, 6, 8)  # SOL_PACKET, PACKET_STATISTICS
        assert struct.unpack("II", statistics)[1] == 0, "packets were lost"

    def requests(self) -> list[bytes]:
        """What was sent to the service, a connection each, in the order of connections; without those that failed."""
        found = []
        for number in sorted(self._opened.values()):
            (key,) = [key for key in self._streams if key[1] == number] or [None]
            if key is not None:
                parts = self._streams[key]
                found.append(b"".join(parts[at] for at in sorted(parts)))
        return found

    def _listen(self) -> None:
        while not self._is_ended.is_set():
            try:
                frame, about = self._socket.recvfrom(1 << 17)
            except TimeoutError:
                continue
            if about[2] == _OUTGOING:  # each is seen twice on this device: once leaving, once arriving
                self.count += 1
                self._take(about[1], frame[14:])

    def _take(self, kind: int, packet: bytes) -> None:
        if kind != _IPV4 or packet[9] != _TCP:
            self.strangers.append(f"protocol {kind:#x}, {packet[:48].hex()}")
            return
        total, head = struct.unpack("!H", packet[2:4])[0], (packet[0] & 15) * 4
        source, target = socket.inet_ntoa(packet[12:16]), socket.inet_ntoa(packet[16:20])
        from_port, to_port, sequence = struct.unpack("!HHI", packet[head : head + 8])
        payload = packet[head + (packet[head + 12] >> 4) * 4 : total]
        if (source, target) != ("127.0.0.1", "127.0.0.1") or self.port not in (from_port, to_port):
            self.strangers.append(f"{source}:{from_port} to {target}:{to_port}, {len(payload)} bytes")
        elif to_port == self.port:
            if packet[head + 13] & 2:  # SYN: a new connection, perhaps from a port that was used before
                self._opened[from_port] = len(self._streams) + len(self._opened)
                self._streams.setdefault((from_port, self._opened[from_port]), {})
            elif payload:
                self._streams[(from_port, self._opened[from_port])].setdefault(sequence, payload)


@dataclass(frozen=True)
class Request:
    """A request as it stood on the wire."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


def read(raw: bytes) -> Request:
    """Return the one request of a connection."""
    head, _blank, body = raw.partition(b"\r\n\r\n")
    first, *lines = head.decode("ascii").split("\r\n")
    method, path, _version = first.split(" ")
    headers = {name.lower(): value.strip() for name, _colon, value in (line.partition(":") for line in lines)}
    assert len(body) == int(headers.get("content-length", "0")), first
    return Request(method, path, headers, body)


# The laptop


class RealTime:
    """The real way to the service; a signature names the real time, which the service checks it against."""

    def __init__(self, server: str) -> None:
        self._real = HttpTransport(server)

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | None,
        identity: Identity | None,
        now: int,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Return the answer."""
        return self._real.ask(method, path, body, identity, int(time.time()), headers)


class Laptop:
    """A laptop that takes part with two purposes, for some weeks."""

    def __init__(self, folder: Path, service: ServiceProcess, dice: random.Random) -> None:
        self.paths, self.service, self.dice = nine_weeks(Paths(folder)), service, dice
        self.clock = Hours(at(FIRST_DAY + timedelta(days=30), "09:00"))
        self.consents, self.runs = Consents(self.paths), 0

    def take_part(self, purpose: str, description: bytes, code: str) -> None:
        """Agree and enrol, as at the terminal."""
        about, now = read_service(description), self.clock.time
        subject = new_subject(self.dice.randbytes(16))
        with Ledger.open(self.paths) as ledger:
            details = {**agreed_service(self.service.url, about.public_key), **terms_shown(about)}
            ledger.give(purpose, now, "text", "en", wire.VERSION, details)
            Keys(self.paths.keys).create(subject)
            Enrolments(ledger.connection).start(purpose, self.service.url, about, subject, code, now)
        self.send()

    def judge(self) -> int:
        """Let the agent look: prepare, and send what is due; return when it wants to look again at the latest."""
        is_due: list[bool] = []
        with Store.open(self.paths.work) as store:
            desk = Desk(
                tell=lambda _notice: True,
                prepare_reports=lambda now, zone: prepare_due_reports(self.paths, self.consents, store, now, zone),
                sending=lambda now, zone: sending(self.paths, self.consents, now, zone),
                emit=lambda event: is_due.append(event == {"event": "send"}),
            )
            judged = Judge(self.clock, store, desk, str).run(Known())
        if any(is_due):
            self.send()
        return min(self.clock.time + STEP_SECONDS, judged.retry_at or 2**40)

    def send(self) -> None:
        """Run the sender as its process does."""
        self.runs += 1
        verify(self.paths)
        with Ledger.open(self.paths) as ledger:
            Sender(ledger, Keys(self.paths.keys), RealTime, self.clock, self.dice.random).run()

    def approve(self) -> None:
        """Let everything leave that is held, as by hand."""
        with closing(open_ledger(self.paths.ledger)) as connection:
            outbox, now = Outbox(connection), self.clock.time
            slot = send_slot(connection, self.dice.random)
            for item in outbox.items(HELD):
                if not item.kept_back:
                    outbox.approve(item.id, now, send_time(item, slot, now, self.dice.random))

    def tell_duty(self, equipment: str) -> None:
        """Make the month's report, or a correction of it."""
        month = f"{local_date(self.clock.time, ZONE):%Y-%m}"
        with Store.open(self.paths.work) as store, closing(open_ledger(self.paths.ledger)) as connection:
            from fyraften_agent.facts import facts_document

            today = local_date(self.clock.time, ZONE)
            document = facts_document(store, at=self.clock.time, zone=ZONE, first=today.replace(day=1), last=today)
            consent, stated = self.consents.state("duty", self.clock.time), Stated("done", (equipment,), True)
            prepare_month(Outbox(connection), Enrolments(connection), consent, document, month, stated, self.clock.time)

    def items(self) -> list[Item]:
        """All reports."""
        with closing(open_ledger(self.paths.ledger)) as connection:
            return Outbox(connection).items()


def live(laptop: Laptop, days: int) -> None:
    """Live through the days: weeks end, reports are approved, corrected, kept back; the service is away for days."""
    start = laptop.clock.time
    done: set[str] = set()

    def once(name: str, day: float) -> bool:
        is_time = name not in done and laptop.clock.time >= start + day * 86400 * days / 30
        if is_time:
            done.add(name)
        return is_time

    while laptop.clock.time < start + days * 86400:
        laptop.service.set_date(local_date(laptop.clock.time, ZONE))
        if once("duty", 2):
            laptop.tell_duty("chair")
        if once("away", 7):
            laptop.service.stop()
        if once("correction", 9):
            laptop.tell_duty("desk")
        if once("back", 13):
            laptop.service.start()
        if once("kept back", 20):
            laptop.tell_duty("light")
            with closing(open_ledger(laptop.paths.ledger)) as connection:
                Outbox(connection).hold(max(item.id for item in laptop.items()))
        if once("left", 27):
            with Ledger.open(laptop.paths) as ledger:
                withdraw(ledger, "duty", laptop.clock.time)
        if local_date(laptop.clock.time, ZONE).weekday() < 5:
            laptop.approve()
        laptop.clock.time = max(laptop.clock.time + 60, laptop.judge())


# The account


def accounted(requests: list[Request], laptop: Laptop) -> Iterator[str]:
    """What left that nobody approved, and what was approved and did not leave."""
    approved = {item.body: item for item in laptop.items() if item.approved_at is not None and item.body is not None}
    held = [item.body for item in laptop.items() if item.approved_at is None and item.body is not None]
    with closing(open_ledger(laptop.paths.ledger)) as connection:
        subjects = {one.subject: one.state for one in Enrolments(connection).all()}
    for before, request in zip([None, *requests], requests, strict=False):
        if strange := set(request.headers) - _HEADERS:
            yield f"headers {sorted(strange)}"
        if request.headers.get("user-agent") != "fyraften":
            yield f"from {request.headers.get('user-agent')}"
        match request.method, request.path:
            case "PUT", path if request.body in approved:
                item = approved[request.body]
                if path != f"/v1/reports/{wire.report(item.report).name}/{item.period}":
                    yield f"{item.period} to {path}"
                if before is None or ((before.method, before.path) not in _MAY_COME_BEFORE and before.method != "PUT"):
                    yield f"{path} without the policy"
            case "GET", "/v1/policy" if request.body == b"" and "signature" not in request.headers:
                pass
            case "DELETE", path if subjects.get(path.rpartition("/")[2]) in ("leaving", "left"):
                pass
            case "POST", "/v1/enrolments" if json.loads(request.body)["subject"] in subjects:
                pass
            case method, path:
                yield f"{method} {path} with {len(request.body)} bytes"
        yield from (f"{request.method} with a report that is held" for body in held if body in request.body)
    sent = [request.body for request in requests if request.method == "PUT"]
    for item in laptop.items():
        if item.state == RECEIPTED and item.body not in sent:
            yield f"{item.report} {item.period} has a receipt and was never sent"
    if sum(request.method == "GET" for request in requests) > laptop.runs:
        yield "the policy was asked for more often than something was sent"


_MAY_COME_BEFORE = {("GET", "/v1/policy")}


def account(days: int, seed: int, folder: Path, offend: bool) -> dict[str, Any]:
    """Live through the days and return what was found."""
    _one_device()
    dice = random.Random(seed)
    office = folder / "office"
    office.mkdir()
    laptop_starts = FIRST_DAY + timedelta(days=30)
    service = set_up(office, laptop_starts)
    service.start()
    codes = {"group": service.invite("cell", "sales"), "duty": service.invite("person", "Bo Holm")}
    description = HttpTransport(service.url).ask("GET", "/v1/service", None, None, 0).body
    laptop = Laptop(folder / "laptop", service, dice)
    capture = Capture(int(service.url.rsplit(":", 1)[1]))
    with _unheard(service):
        for purpose, code in codes.items():
            laptop.take_part(purpose, description, code)
        live(laptop, days)
        if offend:
            _offend()
    capture.end()
    if service.process is not None:
        service.stop()
    requests = [read(raw) for raw in capture.requests() if raw and b"user-agent: python-httpx" not in raw.lower()]
    states = [f"{wire.report(item.report).name} {item.period}: {item.state}" for item in laptop.items()]
    methods = [request.method for request in requests]
    return {
        **{"days": days, "seed": seed, "packets": capture.count, "runs": laptop.runs, "reports": states},
        "requests": {method: methods.count(method) for method in sorted(set(methods))},
        "found": [*capture.strangers, *accounted(requests, laptop)][:50],
    }


@contextmanager
def _unheard(service: ServiceProcess) -> Iterator[None]:
    """End the service whatever happens."""
    try:
        yield
    except BaseException:
        if service.process is not None:
            service.kill()
        raise


def _offend() -> None:
    for family, kind, address in (
        (socket.AF_INET, socket.SOCK_DGRAM, ("192.0.2.53", 53)),
        (socket.AF_INET, socket.SOCK_STREAM, ("192.0.2.80", 443)),
        (socket.AF_INET6, socket.SOCK_DGRAM, ("2001:db8::1", 53)),
    ):
        with socket.socket(family, kind) as one:
            one.setblocking(False)
            with contextlib.suppress(OSError):
                one.connect(address)
                one.send(b"presence")


def _one_device() -> None:
    """Have every address of the world lead to the loopback device."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, 0x8914, struct.pack("16sh14x", b"lo", 0x1 | 0x40))  # SIOCSIFFLAGS: up and running
    for words in ("-4", "-6"):
        subprocess.run(["ip", words, "route", "add", "default", "dev", "lo"], check=True)


def main() -> int:
    """Go into a network of our own, live through the days, print what was found, and return the exit code."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--offend", action="store_true")
    arguments = parser.parse_args()
    if INSIDE not in os.environ:
        os.environ[INSIDE] = "1"
        os.execvp("unshare", ["unshare", "--map-root-user", "--net", sys.executable, *sys.argv])
    seed = random.SystemRandom().randrange(2**32) if arguments.seed is None else arguments.seed
    print(f"{arguments.days} days, seed {seed}", file=sys.stderr, flush=True)
    with tempfile.TemporaryDirectory() as folder:
        result = account(arguments.days, seed, Path(folder), arguments.offend)
    print(json.dumps(result))
    return 1 if result["found"] else 0


if __name__ == "__main__":
    raise SystemExit(main())
