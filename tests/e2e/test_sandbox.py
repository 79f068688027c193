"""The sandbox from inside: real processes, confined as the collector and as the sender are, try to get out.

Beside each of them stands a control: the same program, not confined, to which the way was open.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import fyraften_agent
from fyraften_agent.consent.ledger_file import open_ledger
from fyraften_agent.paths import Paths
from fyraften_agent.sandbox.landlock import version

pytestmark = pytest.mark.skipif(
    version() < 6, reason=f"this kernel's Landlock is {version()}: nothing refuses signals before 6"
)

ESCAPES = Path(__file__).with_name("escapes.py")
RECORDS = {"records", "records, the log", "records by the way round", "records by a folder left open"} | {
    *(
        "records, what is held beside them",
        "records opened anew",
        "records by a hard link",
        "records by a symbolic link",
        "records by the parent's root",
    ),
    *("records by the parent's open file", "records taken from the parent", "records by a child"),
    *("records cut to nothing", "records overwritten", "records moved", "records removed"),
}
DOCUMENTS = {
    *("a document", "the home folder", "a file that is run at the next login", "a file for everybody"),
    *("memory for everybody", "fyraften's own code"),
}
PROGRAMS = {"the parent's memory", "tracing the parent", "ending the parent", "the parent's memory by a call"}
LOOKED = {"the parent's command line", "the list of all programs", "how often each key rang"}
# Of which the collector knows the network again, and whether the lid is shut.
AROUND = {"the network's tables", "the addresses of this computer"}
SOCKETS = {
    "tcp to another port",
    "tcp over ipv6",
    "udp",
    "udp, with flags in its kind",
    "netlink",
    "io_uring",
    "a child",
}
NEEDED = {"the ledger", "the system's time zones"}
FAST = "tcp to another port, opened fast"
BY_UNIX = {"unix socket by path", "unix socket by name", "a pair of unix sockets"}
# A hard link that somebody made before is a file like any other in its folder: a rule for a folder covers it.
BEFORE = "records by a link from before"


class Outdoors:
    """What lies around a confined process: listeners that answer, an agent's folder with records, a home."""

    def __init__(self, folder: Path) -> None:
        self.paths = Paths(folder / "agent")
        self.paths.prepare()
        open_ledger(self.paths.ledger).close()
        self.paths.keys.mkdir()
        for name in ("", "-wal", "-held", "-cut", "-doomed"):
            Path(f"{self.paths.work}{name}").write_bytes(b"raw")
        os.link(f"{self.paths.work}-wal", self.paths.keys / "before")
        self.home = folder / "home"
        self.home.mkdir()
        (self.home / "letter.txt").write_text("dear")
        self.sockets = contextlib.ExitStack()
        self.ports = [self._listening(socket.AF_INET, ("127.0.0.1", 0)).getsockname()[1] for _ in range(2)]
        self.port_6 = self._listening(socket.AF_INET6, ("::1", 0)).getsockname()[1]
        self.abstract = f"fyraften-{os.getpid()}"
        self._listening(socket.AF_UNIX, str(folder / "u"))
        self._listening(socket.AF_UNIX, "\0" + self.abstract)
        self.unix = str(folder / "u")
        self.udp = self.sockets.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        self.udp.bind(("127.0.0.1", 0))
        self.udp.setblocking(False)
        self.open_file = self.sockets.enter_context(self.paths.work.open("rb"))

    def _listening(self, family: int, address: Any) -> socket.socket:
        listener = self.sockets.enter_context(socket.socket(family, socket.SOCK_STREAM))
        listener.bind(address)
        listener.listen()
        return listener

    def tried_as(self, role: str, **others: Any) -> dict[str, str]:
        """Run the program that tries to get out; return what came of each way."""
        place = {
            "agent": str(self.paths.folder),
            "work": str(self.paths.work),
            "cut": f"{self.paths.work}-cut",
            "doomed": f"{self.paths.work}-doomed",
            "ledger": str(self.paths.ledger),
            "home": str(self.home),
            "code": str(Path(fyraften_agent.__file__).parent),
            "port": self.ports[0],
            "other_port": self.ports[1],
            "port_6": self.port_6,
            "udp": self.udp.getsockname()[1],
            "unix": self.unix,
            "abstract": self.abstract,
            "open_file": self.open_file.fileno(),
            **others,
        }
        with subprocess.Popen(
            [sys.executable, "-P", str(ESCAPES), role, json.dumps(place)],
            env={**os.environ, "HOME": str(self.home)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as tried:
            assert tried.stdout is not None
            confined = tried.stdout.readline()
            if others.get("forgotten"):
                Path("/proc/sys/vm/drop_caches").write_text("2")
            try:
                found: dict[str, str] = json.loads(tried.communicate(timeout=60)[0])
            finally:
                tried.kill()
        assert (confined, tried.returncode) == ("confined\n", 0)
        return found

    def datagrams(self) -> int:
        """Return how many datagrams have come."""
        came = 0
        with contextlib.suppress(BlockingIOError):
            while self.udp.recv(10):
                came += 1
        return came


@contextlib.contextmanager
def outdoors() -> Iterator[Outdoors]:
    folder = Path(tempfile.mkdtemp(prefix="fyraften-"))
    laid_out = Outdoors(folder)
    try:
        yield laid_out
    finally:
        laid_out.sockets.close()
        shutil.rmtree(folder)
        for left in (Path("/tmp/fyraften-escape"), Path("/dev/shm/fyraften-escape")):
            left.unlink(missing_ok=True)
        (Path(fyraften_agent.__file__).parent / "escape.pth").unlink(missing_ok=True)


@pytest.fixture(scope="module")
def free() -> dict[str, str]:
    with outdoors() as around:
        found = around.tried_as("free")
        assert around.datagrams() == 2
    return found


@pytest.fixture(scope="module")
def collector() -> dict[str, str]:
    with outdoors() as around:
        found = around.tried_as("collector")
        assert around.datagrams() == 0
    return found


@pytest.fixture(scope="module")
def sender() -> dict[str, str]:
    with outdoors() as around:
        found = around.tried_as("sender")
        assert around.datagrams() == 0
    return found


def ways_open(found: dict[str, str]) -> set[str]:
    return {way for way, came in found.items() if came == "open"}


def test_without_the_sandbox_every_way_is_open_that_this_computer_has(free: dict[str, str]) -> None:
    expected = (
        RECORDS
        | DOCUMENTS
        | LOOKED
        | AROUND
        | SOCKETS
        | BY_UNIX
        | NEEDED
        | {BEFORE, FAST, "listening", "tcp to the service"}
    )
    if os.geteuid() == 0:
        expected |= PROGRAMS | {"raw", "packets", "records by a handle", "records mounted elsewhere"}

    assert expected - ways_open(free) == set()


def test_the_collector_gets_out_of_nothing(collector: dict[str, str]) -> None:
    beyond_its_own = {way for way in ways_open(collector) if way not in RECORDS | {BEFORE}}

    assert beyond_its_own == NEEDED | BY_UNIX | AROUND
    assert {way for way in RECORDS if "parent" in way} & ways_open(collector) == set()


@pytest.mark.skipif(not os.access("/proc/sys/vm/drop_caches", os.W_OK), reason="only root can let the kernel forget")
def test_what_the_collector_reads_stays_open_when_the_kernel_forgets_the_names_that_nobody_holds() -> None:
    """A rule is one for a file as the kernel knows it now: files under /proc are made anew when memory was short."""
    with outdoors() as around:
        found = around.tried_as("collector", forgotten=True)

    assert found["the network's tables"] == "open"
    assert found["the parent's command line"] == "refused"


def test_the_sender_gets_out_of_nothing(sender: dict[str, str]) -> None:
    assert ways_open(sender) == NEEDED | {"tcp to the service", BEFORE}


def test_a_hard_link_that_another_program_made_before_stays_open_to_the_sender(sender: dict[str, str]) -> None:
    """A limit that ``doctor --privacy`` tells: a rule for a folder is one for every file that is named in it."""
    assert sender[BEFORE] == "open"


@pytest.mark.parametrize(
    ("kernel", "opened"),
    [
        ((5, True), {"ending the parent"}),
        ((3, True), {"ending the parent", "tcp to another port"}),
        ((2, True), {"ending the parent", "tcp to another port", "records cut to nothing"}),
        ((0, True), None),
        ((7, False), None),
    ],
)
def test_a_weaker_kernel_leaves_open_what_the_report_says(kernel: tuple[int, bool], opened: set[str] | None) -> None:
    always = NEEDED | {"tcp to the service", BEFORE}
    with outdoors() as around:
        found = ways_open(around.tried_as("sender", kernel=kernel))
        came = around.datagrams()

    if opened is not None:
        assert found - always - {"tcp over ipv6"} == opened
        assert came == 0
    elif kernel[1]:
        assert found >= RECORDS - {"records taken from the parent"} | {"tcp to another port"}
        assert came == 0
    else:
        assert found & (RECORDS | {"tcp to another port"}) == set()
        assert found >= {"udp", FAST, "multipath tcp", "netlink", "a pair of unix sockets"}
        assert came == 2
