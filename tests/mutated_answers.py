"""Lets the sender meet a service whose answers are changed at random, and watches it: ``--count``, ``--seed``.

Each round is a laptop on its own, in one of several situations, and a real connection to a server that answers the
truth, changed: bytes, status, headers, JSON, signatures, also words changed and then signed with the service's own key,
floods, drips and compressed bombs. Python's audit hook sees every file that is opened to write, every process and every
connection. What is found is printed as JSON; exit code 1 where there is anything.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import os
import random
import resource
import shutil
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fyraften_agent.consent.keys import Keys, SigningKey
from fyraften_agent.consent.ledger_file import open_ledger
from fyraften_agent.consent.ledger_store import Ledger
from fyraften_agent.paths import Paths
from fyraften_agent.sender import PERMANENT, Sender
from fyraften_agent.sending.enrolment import Enrolments, Service, agreed_service
from fyraften_agent.sending.outbox import Outbox
from fyraften_agent.sending.receipts import encode, fingerprint
from fyraften_agent.sending.transport import HttpTransport
from fyraften_policy import wire
from lying_server import Asked, LyingServer
from office_way import Hours
from service_process import DUTY_ANSWERS, group_values

KEY, OTHER = SigningKey(bytes(32)), SigningKey(bytes([1]) * 32)
SERVICE = Service("Havn A/S", "hr@havn.example", ("group", "duty"), 10, KEY.public, None)
SITUATIONS = ("policy", "report", "correction", "enrolment", "erasure")
SECONDS = 0.4
_FORWARD = ("held", "approved", "sent", "receipted", "refused")
_STARTS = {"subprocess.Popen", "os.system", "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn"}
_WRITES = {"os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.truncate", "os.chmod"}


@dataclass(frozen=True)
class Laptop:
    """A laptop in one situation. ``seen`` is what may not change but in the ways the situation allows."""

    paths: Paths
    situation: str


# What an honest service says


def signed(words: dict[str, Any], key: SigningKey = KEY) -> bytes:
    name = "policy" if words.get("kind") == "policy" else "receipt"
    return wire.canonical({name: words, "signature": encode(key.sign(wire.canonical(words)))})


def truth(asked: Asked) -> dict[str, Any]:
    """The words of the answer that is due."""
    common: dict[str, Any] = {"schema": "fyraften.receipt/2", "date": "2026-01-05", "service": fingerprint(KEY.public)}
    common["laptop"] = asked.headers.get("fyraften-ledger")
    common["ledger"] = {"number": 3, "head": "34" * 32, "salt": "A" * 22}
    if asked.path == "/v1/policy":
        about = {"organisation": SERVICE.organisation, "contact": SERVICE.contact, "purposes": ["duty", "group"]}
        more = {"number": 1, "since": "2026-01-01", "cells": ["all", "sales"], "smallest_group": 10}
        kind = {"schema": "fyraften.policy/1", "kind": "policy", "service": common["service"]}
        return {**kind, **about, **more, "notice_given_on": None}
    if asked.method == "POST":
        wish = json.loads(asked.body)
        about = {"subject": wish["subject"], "cell": None, "smallest_group": 10}
        return {**common, "kind": "enrolment", "purpose": "duty", **about}
    if asked.method == "DELETE":
        about = {"subject": asked.path.rsplit("/", 1)[1], "erased": ["enrolment"], "kept_until": None}
        return {**common, "kind": "erasure", "purpose": "duty", **about}
    replaces = asked.headers.get("if-match", "").strip('"') or None
    values = json.loads(asked.body)
    return {
        **{**common, "kind": "report", "purpose": "duty", "report": values["report"], "period": values["month"]},
        **{"body_sha256": hashlib.sha256(asked.body).hexdigest(), "erase_by": "2027-12-01"},
        **{"revision": 2 if replaces else 1, "replaces": replaces},
    }


# What becomes of it


class Liar:
    """Changes answers at random."""

    def __init__(self, dice: random.Random, elsewhere: str) -> None:
        self.dice, self.elsewhere = dice, elsewhere
        self.what, self.taken = "", 0
        self.is_signed_lie = False

    def reply(self, asked: Asked, connection: socket.socket) -> None:
        """Answer one request with a lie."""
        kinds: tuple[Callable[[dict[str, Any]], Iterator[bytes]], ...] = (
            *(self._bytes, self._bytes, self._status, self._headers, self._json, self._json, self._signed_lie),
            *(self._signed_lie, self._signature, self._problem, self._garbage, self._flood, self._bomb, self._drip),
        )
        change = self.dice.choice(kinds) if self.dice.random() > 0.02 else self._drip
        self.what, self.is_signed_lie = change.__name__.strip("_"), change == self._signed_lie
        for part in change(truth(asked)):
            connection.sendall(part)

    def _whole(self, body: bytes, status: int = 200, *lines: str, media_type: str = "application/json") -> bytes:
        head = [f"HTTP/1.1 {status} Whatever", f"Content-Type: {media_type}", f"Content-Length: {len(body)}", *lines]
        return "\r\n".join([*head, "", ""]).encode("latin-1", "replace") + body

    def _bytes(self, words: dict[str, Any]) -> Iterator[bytes]:
        raw = bytearray(self._whole(signed(words)))
        for _ in range(self.dice.randint(1, 4)):
            at = self.dice.randrange(len(raw))
            match self.dice.randrange(5):
                case 0:
                    raw[at] = self.dice.randrange(256)
                case 1:
                    raw[at:at] = self.dice.randbytes(self.dice.randint(1, 40))
                case 2:
                    del raw[at : at + self.dice.randint(1, 40)]
                case 3:
                    raw[at:at] = raw[at : at + self.dice.randint(1, 200)]
                case _:
                    raw = raw[: max(1, at)]
        yield bytes(raw)

    def _status(self, words: dict[str, Any]) -> Iterator[bytes]:
        status = self.dice.choice([100, 101, 103, 204, 206, 301, 302, 303, 307, 308, 304, 401, 407, 418, 426, 500, 999])
        lines = (f"Location: {self.elsewhere}/", f"Refresh: 0; url={self.elsewhere}", "WWW-Authenticate: Negotiate")
        yield self._whole(signed(words), self.dice.choice([status, self.dice.randrange(1000)]), *lines)

    def _headers(self, words: dict[str, Any]) -> Iterator[bytes]:
        host = self.elsewhere.removeprefix("http://")
        odd = [
            *(f"Location: {self.elsewhere}/x", f"Link: <{self.elsewhere}/>; rel=preload", f'Alt-Svc: h2="{host}"'),
            *("Set-Cookie: a=b; Path=/", "Content-Encoding: gzip", "Content-Encoding: br, zstd", "Retry-After: -1"),
            *("Transfer-Encoding: chunked", "Content-Length: 3", "Content-Length: -1", f"Content-Length: {10**30}"),
            *("Connection: Upgrade", "Upgrade: websocket", f"X: {'y' * 70000}", "Content-Type: text/x-python"),
            *("Content-Disposition: attachment; filename=../../.bashrc", "Retry-After: 999999", "X\0Y: z", ": nothing"),
        ]
        lines = self.dice.choices(odd, k=self.dice.randint(1, 5))
        if self.dice.random() < 0.1:
            lines += [f"X-{n}: {n}" for n in range(400)]
        yield self._whole(signed(words), self.dice.choice([200, 201]), *lines)

    def _changed(self, words: dict[str, Any]) -> dict[str, Any]:
        strange: list[Any] = [
            *(
                None,
                True,
                0,
                -1,
                2**70,
                1.5,
                "",
                "x" * 9000,
                [],
                {},
                [[[[]]]],
                {"a": {"b": []}},
                "\ud800",
                "\x1b]0;x\7",
            ),
            *("../../../etc/passwd", "file:///etc/passwd", "$(touch /tmp/x)", "__import__('os')", self.elsewhere),
            *("2026-01-05T12:00:00Z", "9999-12-31", "fyraften.receipt/1", fingerprint(OTHER.public), [1] * 2000),
        ]
        changed = dict(words)
        for _ in range(self.dice.randint(1, 2)):
            name = self.dice.choice(sorted(changed) or ["kind"])
            match self.dice.randrange(4):
                case 0:
                    changed.pop(name, None)
                case 1:
                    changed[self.dice.choice(["command", "exec", "update", "fields", "period", name])] = "now"
                case 2:
                    changed[name] = changed.get(self.dice.choice(sorted(words)))
                case _:
                    changed[name] = self.dice.choice(strange)
        return changed

    def _json(self, words: dict[str, Any]) -> Iterator[bytes]:
        name = "policy" if words["kind"] == "policy" else "receipt"
        true = json.loads(signed(words))
        body = json.dumps({**true, name: self._changed(words)}).encode()
        odd = [
            body,
            json.dumps({**true, "command": "rm -rf ~"}).encode(),
            json.dumps([true]).encode(),
            b"[" * 15000,
            b'{"a":' * 3000 + b"1" + b"}" * 3000,
            body.replace(b"{", b'{"kind":"x",', 1),
            b"\xef\xbb\xbf" + body,
            body.decode().encode("utf-16"),
            b'{"receipt":NaN,"signature":1e999}',
            b'{"receipt":' + b"9" * 9000 + b',"signature":"x"}',
        ]
        yield self._whole(self.dice.choice([body, *odd]), self.dice.choice([200, 201]))

    def _signed_lie(self, words: dict[str, Any]) -> Iterator[bytes]:
        changed = self._changed(words)
        try:
            yield self._whole(signed(changed), self.dice.choice([200, 201]))
        except ValueError:  # what cannot be written canonically cannot be signed
            yield from self._signature(words)

    def _signature(self, words: dict[str, Any]) -> Iterator[bytes]:
        name = "policy" if words["kind"] == "policy" else "receipt"
        odd = [encode(self.dice.randbytes(64)), encode(bytes(64)), "", None, encode(OTHER.sign(wire.canonical(words)))]
        true = json.loads(signed(words))["signature"]
        odd += [true + "=", true[:-1], true + true, [true], true.replace("-", "+").replace("_", "/") + "="]
        body = json.dumps({name: words, "signature": self.dice.choice(odd)}).encode()
        yield self._whole(body, self.dice.choice([200, 201]))

    def _problem(self, words: dict[str, Any]) -> Iterator[bytes]:
        names = [*PERMANENT, "unknown-subject", "code-not-valid", "unavailable", "run-this", "../x", "x" * 60]
        name = self.dice.choice(names)
        status = self.dice.choice([PERMANENT.get(name, 403), self.dice.randrange(200, 600)])
        document = {"type": f"urn:fyraften:problem:{name}", "title": "t", "status": status, "detail": "\x1b[2J$(id)"}
        body = json.dumps(self.dice.choice([document, {**document, "status": 200}, [document], document])).encode()
        media_type = self.dice.choice(["application/problem+json", "application/problem+json", "text/html"])
        yield self._whole(body, status, "Retry-After: 60", media_type=media_type)

    def _garbage(self, words: dict[str, Any]) -> Iterator[bytes]:
        odd = [
            b"",
            b"\0" * 300,
            b"HTTP/0.9 200\r\n\r\n",
            b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            b"\x15\x03\x01\x00\x02\x02(",
            b"\r\n" * 99,
        ]
        yield self.dice.choice([*odd, self.dice.randbytes(self.dice.randint(1, 5000)), b"HTTP/1.1 200 OK\r\n"])

    def _flood(self, words: dict[str, Any]) -> Iterator[bytes]:
        if self.dice.random() < 0.5:
            yield b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n" + signed(words)
            part = b" " * 65536
        else:
            yield b"HTTP/1.1 200 OK\r\n"
            part = b"X: y\r\n" * 10000
        for _ in range(self.dice.choice([1, 20, 400])):
            yield part

    def _bomb(self, words: dict[str, Any]) -> Iterator[bytes]:
        body = gzip.compress(signed(words) + b" " * 10_000_000, 1)
        lines = ["Content-Encoding: gzip"] if self.dice.random() < 0.7 else []
        yield self._whole(body, 200, *lines)

    def _drip(self, words: dict[str, Any]) -> Iterator[bytes]:
        raw = self._whole(signed(words))
        for at in range(0, len(raw), 7):
            yield raw[at : at + 7]
            if self.dice.random() < 0.5:
                time.sleep(0.05)


# Who meets it


def laptop_in(folder: Path, situation: str, server: str, now: int) -> Laptop:
    """A laptop with an approved report, a held one and one of another purpose, in a situation."""
    paths = Paths(folder)
    with Ledger.open(paths) as ledger:
        outbox, enrolments, keys = Outbox(ledger.connection), Enrolments(ledger.connection), Keys(paths.keys)
        for purpose, cell in (("duty", None), ("group", "sales")):
            ledger.give(purpose, now - 99, "text", "en", 1, agreed_service(server, KEY.public))
            subject = ("d" if purpose == "duty" else "g") * 26
            keys.create(subject)
            enrolments.start(purpose, server, SERVICE, subject, "CODE", now - 90)
            if situation != "enrolment" or purpose == "group":
                enrolments.confirm(subject, cell, b"{}", now - 80)
        bodies = [
            wire.encode("fyraften.duty.monthly/1", {"month": "2026-01", **DUTY_ANSWERS, "eye_test_wanted": wish})
            for wish in (True, False)
        ]
        first = outbox.approve(outbox.replace(bodies[0], "d" * 26, now).id, now, now)
        outbox.prepare(wire.encode("fyraften.group.weekly/1", group_values("2026-W01")), "g" * 26, now)
        if situation == "correction":
            outbox.receipted(first.id, now, b"{}")
            outbox.approve(outbox.replace(bodies[1], "d" * 26, now).id, now, now)
        if situation == "erasure":
            ledger.append("withdrawn", "duty", now)
            enrolments.leave("d" * 26, now)
    return Laptop(paths, situation)


def told(laptop: Laptop) -> dict[str, Any]:
    """Everything that the ledger's file says."""
    with closing(open_ledger(laptop.paths.ledger)) as connection:
        outbox, enrolments = Outbox(connection).items(), Enrolments(connection).all()
        events = connection.execute("SELECT kind, purpose FROM events ORDER BY number").fetchall()
        others = connection.execute("SELECT * FROM settings").fetchall()
    return {"outbox": outbox, "enrolments": enrolments, "events": events, "settings": others}


def _is_to_write(arguments: tuple[Any, ...]) -> bool:
    _path, mode, flags = arguments
    by_flags = isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR))
    return by_flags or bool(set(str(mode or "")) & set("wax+"))


class Watch:
    """What this process does while it is watched, as Python's audit hook sees it."""

    def __init__(self) -> None:
        self.is_on, self.found = False, list[str]()
        self.allowed: tuple[str, ...] = ()
        self.server: tuple[str, int] = ("", 0)
        sys.addaudithook(self._hook)

    def _hook(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.is_on:
            return
        if event in _STARTS or (event in _WRITES and not self._is_own(arguments[0])):
            self.found.append(f"{event} {arguments[0]!r}")
        elif event == "open" and _is_to_write(arguments):
            self._file(arguments[0])
        elif event == "sqlite3.connect":
            self._file(str(arguments[0]))
        elif event in ("socket.connect", "socket.sendto") and tuple(arguments[1][:2]) != self.server:
            self.found.append(f"{event} {arguments[1]!r}")
        elif event in ("socket.getaddrinfo", "socket.gethostbyname") and arguments[0] != self.server[0]:
            self.found.append(f"{event} {arguments[0]!r}")

    def _is_own(self, path: object) -> bool:
        return isinstance(path, int) or str(path).startswith(self.allowed)

    def _file(self, path: object) -> None:
        if not self._is_own(path):
            self.found.append(f"open {path!r}")


def wrong_steps(before: dict[str, Any], after: dict[str, Any], laptop: Laptop, liar: Liar) -> Iterator[str]:
    """What the answers changed that they may not."""
    if before["settings"] != after["settings"] or len(before["outbox"]) != len(after["outbox"]):
        yield "something else in the file"
    for old, new in zip(before["outbox"], after["outbox"], strict=True):
        is_same = (old.body, old.sha256, old.subject, old.purpose) == (new.body, new.sha256, new.subject, new.purpose)
        if not is_same and new.state != "purged":
            yield "other bytes"
        if old.purpose == "group" and old != new:
            yield "a report that was not asked about"
        if new.state != "purged" and _FORWARD.index(new.state) < _FORWARD.index(old.state):
            yield f"{old.state} to {new.state}"
        if new.state == "receipted" != old.state:
            yield from _wrong_receipt(new, liar)
        if new.state == "refused" and liar.what not in ("problem", "bytes"):
            yield f"refused by {liar.what}"
    new_events = after["events"][len(before["events"]) :]
    if before["events"] != after["events"][: len(before["events"])]:
        yield "events were changed"
    may_come = {"report_sent", "receipt", "policy_seen", "erasure_completed"}
    may_come |= {"withdrawn", "erasure_requested"} if laptop.situation == "enrolment" else set()
    for kind, purpose in new_events:
        if kind not in may_come or purpose != "duty":
            yield f"event {kind} of {purpose}"


def _wrong_receipt(item: Any, liar: Liar) -> Iterator[str]:
    words = json.loads(item.receipt)["receipt"]
    wanted = {"body_sha256": item.sha256, "report": item.report, "period": item.period, "purpose": "duty"}
    if any(words.get(name) != value for name, value in {**wanted, "replaces": item.replaces}.items()):
        yield f"receipted with {words}"
    if not liar.is_signed_lie and words["date"] != "2026-01-05":
        yield "receipted with another date"


def is_taken(before: dict[str, Any], after: dict[str, Any]) -> bool:
    """Say whether an answer was believed."""
    states = [[one.state for one in (*told["outbox"], *told["enrolments"])] for told in (before, after)]
    return any(new in ("receipted", "enrolled", "left") for old, new in zip(*states, strict=True) if old != new)


def one_round(
    folder: Path, number: int, dice: random.Random, watch: Watch, server: LyingServer, liar: Liar
) -> list[str]:
    """Let one laptop meet the liar; return what was wrong."""
    now = 1_767_600_000
    base = folder / "laptops" / SITUATIONS[number % len(SITUATIONS)]
    if not base.exists():  # made where it is used: a consent holds in its folder alone
        shutil.move(laptop_in(folder / "laptop", base.name, server.url, now).paths.folder, base)
    liar.what = ""
    laptop = Laptop(Paths(Path(shutil.copytree(base, folder / "laptop"))), base.name)
    before, clock = told(laptop), Hours(now)
    files = snapshot(folder / "home", laptop.paths)
    at = "/v1/policy" if laptop.situation == "policy" else ""

    def reply(asked: Asked, connection: socket.socket) -> None:
        if laptop.situation in ("report", "correction") and asked.path == "/v1/policy":
            connection.sendall(liar._whole(signed(truth(asked))))
        elif at and asked.path != at:
            connection.sendall(liar._whole(signed(truth(asked)), 201))
        else:
            liar.reply(asked, connection)

    server.reply = reply
    with Ledger.open(laptop.paths) as ledger:
        sender = Sender(ledger, Keys(laptop.paths.keys), lambda url: HttpTransport(url, SECONDS), clock, lambda: 0.5)
        watch.allowed = (*(f"{laptop.paths.ledger}{end}" for end in ("", "-journal")), str(laptop.paths.keys))
        watch.is_on = True
        try:
            sender.run()
        finally:
            watch.is_on = False
    found = [] if liar.what else ["the changed answer was not asked for"]
    after = told(laptop)
    liar.taken += is_taken(before, after)
    found += [*watch.found, *wrong_steps(before, after, laptop, liar)]
    if snapshot(folder / "home", laptop.paths) != files:
        found.append("another file was changed")
    watch.found.clear()
    shutil.rmtree(laptop.paths.folder)
    return [f"round {number}, {laptop.situation}, {liar.what}: {one}" for one in found]


def snapshot(home: Path, paths: Paths) -> dict[str, str]:
    """Every file but the outbox's own, with its hash."""
    own = {paths.ledger, paths.keys / "ledger.head", paths.folder / "ledger.sqlite3-journal"}
    found = [
        path for folder in (home, paths.folder) for path in folder.rglob("*") if path.is_file() and path not in own
    ]
    keys = [path for path in found if path.parent != paths.keys or path.name == "ledger.key"]
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in keys}


def run(count: int, seed: int, folder: Path) -> dict[str, Any]:
    """Run so many rounds; return what was found."""
    dice, watch = random.Random(seed), Watch()
    home = folder / "home"
    home.mkdir()
    os.environ.update(HOME=str(home), TMPDIR=str(home), XDG_CACHE_HOME=str(home))
    os.chdir(home)
    found, kinds = list[str](), dict[str, int]()
    with LyingServer(lambda *_: None) as elsewhere, LyingServer(lambda *_: None) as server:
        liar = Liar(dice, elsewhere.url)
        watch.server = ("127.0.0.1", int(server.url.rsplit(":", 1)[1]))
        for number in range(count):
            found += one_round(folder, number, dice, watch, server, liar)
            kinds[liar.what] = kinds.get(liar.what, 0) + 1
            if number == 50:
                warm = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        asked_elsewhere = len(elsewhere.asked)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    if asked_elsewhere:
        found.append(f"{asked_elsewhere} requests to another server")
    grown = (peak - warm) / 1024 if count > 50 else 0.0
    return {
        "rounds": count,
        "taken": liar.taken,
        "seed": seed,
        "kinds": kinds,
        "grown_mib": round(grown, 1),
        "found": found[:50],
    }


def main() -> int:
    """Run, print what was found, and return the exit code."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--seed", type=int, default=None)
    arguments = parser.parse_args()
    seed = random.SystemRandom().randrange(2**32) if arguments.seed is None else arguments.seed
    print(f"{arguments.count} changed answers, seed {seed}", file=sys.stderr, flush=True)
    memory = Path("/dev/shm")  # written to and forgotten thousands of times: no disk is needed for that
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        result = run(arguments.count, seed, Path(folder))
        os.chdir("/")
    print(json.dumps(result))
    return 1 if result["found"] else 0


if __name__ == "__main__":
    raise SystemExit(main())
