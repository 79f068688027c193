"""A3: what is shown is, byte for byte, what is kept, what goes over the network, and what the receipt is for.

The bytes on the network are those that the real sender hands to the kernel. Among them is also nothing else (N3, N4).
"""

from __future__ import annotations

import getpass
import hashlib
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from agent_records import nine_weeks
from fyraften_agent.store.store import Store
from laptop_processes import LaptopProcesses, today
from privacy.conftest import names_of_this_computer
from service_process import set_up

pytestmark = pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace to see what is sent")
_SENT = re.compile(r'send(?:to|msg)\(\d+, .*?"((?:\\x[0-9a-f]{2})*)"')
LABEL = "A summer house nobody else knows"


@dataclass(frozen=True)
class Sent:
    """One report at each of its stations."""

    shown: bytes
    kept: bytes
    handed_over: bytes
    receipt_sha256: str
    folder: Path
    code: str


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Sent:
    """A report of a laptop full of records, sent to the employer's real service."""
    folder = tmp_path_factory.mktemp("sent")
    (folder / "employer").mkdir()
    service, laptop = set_up(folder / "employer", today()), LaptopProcesses(folder / "laptop")
    nine_weeks(laptop.paths)
    with Store.open(laptop.paths.work) as store:
        store.add_place("elsewhere", LABEL, "mobile", 1_795_028_700)
    service.start()
    code = service.invite("person", "Bo Holm")
    exit_code, told = laptop.give("duty", "--server", service.url, "--code", code)
    assert exit_code == 0, told
    laptop.run("outbox", "prepare", "duty", "--equipment", "chair", "screen", "--eye-test", "yes")
    shown = laptop.json("outbox", "show")["reports"][0]["body"].encode()
    with closing(sqlite3.connect(laptop.paths.ledger)) as connection:
        ((kept,),) = connection.execute("SELECT body FROM outbox").fetchall()
    laptop.run("outbox", "approve", "1")
    laptop.due_now()
    over = _handed_over(laptop, folder / "trace")
    service.stop()
    receipt = laptop.json("sent")["sent"][0]["receipt"]["receipt"]
    return Sent(shown, kept, over, receipt["body_sha256"], laptop.paths.folder, code)


def _handed_over(laptop: LaptopProcesses, trace: Path) -> bytes:
    """Run the real sender, and return everything it wrote to a socket, in order."""
    tracer = ["strace", "-f", "-qq", "-xx", "-s", "100000", "-e", "trace=sendto,sendmsg"]
    subprocess.run(
        [*tracer, "-o", str(trace), sys.executable, "-m", "fyraften_agent.sender"],
        env=laptop.environ,
        capture_output=True,
        timeout=90,
        check=True,
    )
    return b"".join(bytes.fromhex(part.replace("\\x", "")) for part in _SENT.findall(trace.read_text()))


def test_what_was_shown_is_kept_sent_and_receipted_byte_for_byte(sent: Sent) -> None:
    head, _blank, body = sent.handed_over.partition(b"PUT ")[2].partition(b"\r\n\r\n")

    assert head.startswith(b"/v1/reports/duty.monthly/")
    assert sent.shown == sent.kept == body
    assert sent.receipt_sha256 == hashlib.sha256(sent.shown).hexdigest()


def test_it_is_sent_once_and_with_nothing_but_the_question_for_the_policy(sent: Sent) -> None:
    asked = re.findall(rb"([A-Z]+) (/\S+) HTTP/1.1\r\n", sent.handed_over)

    assert [method for method, _path in asked] == [b"GET", b"PUT"]
    assert asked[0] == (b"GET", b"/v1/policy")
    assert sent.handed_over.count(sent.shown) == 1


def test_no_name_of_this_computer_its_networks_its_account_or_its_records_leaves(sent: Sent) -> None:
    """And neither a file's name nor the code, by which the employer's service knows the person."""
    own = [*names_of_this_computer(), str(sent.folder), LABEL, "a" * 64, sent.code]
    own += [name for name in (getpass.getuser(),) if len(name) > 3]  # fewer letters are in signatures by chance

    assert b"Host: 127.0.0.1" in sent.handed_over  # shows that the search would find a name
    assert [name for name in own if name.encode() in sent.handed_over] == []
