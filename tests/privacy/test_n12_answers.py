"""N12: nobody far away widens what is collected or runs code: no answer changes anything but the outbox.

``make prove`` runs ten thousand answers that are changed at random.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from fyraften_agent.consent.notices import Refused, refused_notices
from fyraften_agent.sending.preparing import checked_consents, sending
from fyraften_agent.verify_ledger import verify
from fyraften_service.receipts import load_key, signed
from lying_server import LyingServer, answer, says
from office_way import OfficeLaptop, arrives
from privacy.conftest import OFFICE_NOW, approved
from service_office import Office

TESTS = Path(__file__).parents[1]
OFFENCES = {
    "a file": "open('left-behind', 'w').close()",
    "a file by another way": "os.close(os.open('left-behind', os.O_CREAT | os.O_WRONLY))",
    "a process": "subprocess.run(['true'])",
    "a connection": "socket.create_connection(('127.0.0.1', 9), timeout=1)",
    "a name asked for": "socket.getaddrinfo('elsewhere.example', 80)",
}


def rounds(*program: str) -> dict[str, Any]:
    """Run rounds in a process of its own, whose every file, process and connection is watched."""
    done = subprocess.run(
        [sys.executable, *program],
        env={**os.environ, "PYTHONPATH": str(TESTS)},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.stdout, done.stderr
    result: dict[str, Any] = json.loads(done.stdout)
    return result


@pytest.mark.parametrize("wider", [{"smallest_group": 2}, {"fields": ["app_names"]}, {"period": "day"}])
def test_a_policy_that_wants_more_is_refused_noted_and_nothing_is_sent(
    office: Office, tmp_path: Path, wider: dict[str, Any]
) -> None:
    """Signed by the service's own key, and on the way that an honest one comes."""
    laptop = OfficeLaptop(tmp_path / "laptop", office, "duty", OFFICE_NOW)
    approved(laptop, "chair")
    before = laptop.items()[0].body

    def widened(_method: str, deliver: Callable[[], httpx.Response]) -> httpx.Response:
        words = {**deliver().json()["policy"], "number": 9, **wider}
        envelope = signed(load_key(office.config.key_file), words, "policy")
        return httpx.Response(200, headers={"content-type": "application/json"}, content=envelope)

    laptop.way.fate = widened
    laptop.run()

    assert [each for each in laptop.way.asked if each[0] != "POST"] == [("GET", "/v1/policy")]
    assert (laptop.items()[0].state, laptop.items()[0].body) == ("approved", before)
    assert verify(laptop.paths)[-1].kind == "policy_seen"
    (told,) = refused_notices(in_sending(laptop), str)
    assert "were not accepted" in told.title
    laptop.way.fate = arrives
    assert laptop.run(later=86_400).receipted == 1
    assert in_sending(laptop) == ()  # nothing more to tell


def in_sending(laptop: OfficeLaptop) -> tuple[Refused, ...]:
    """Return what the process that tells is given."""
    now = laptop.clock.now()
    return sending(laptop.paths, checked_consents(laptop.paths, now), now, laptop.clock.zone()).refused


def test_the_watch_sees_what_the_sender_must_not_do(tmp_path: Path) -> None:
    """The positive control: a sender that does more than send is found out, whatever it does."""
    for number, (name, offence) in enumerate(OFFENCES.items()):
        folder = tmp_path / str(number)
        folder.mkdir()
        program = (
            "import contextlib, json, os, pathlib, socket, subprocess, mutated_answers as rounds\n"
            "def run(self):\n"
            f"    with contextlib.suppress(OSError): {offence}\n"
            "rounds.Sender.run = run\n"
            f"print(json.dumps(rounds.run(1, 1, pathlib.Path({str(folder)!r}))))\n"
        )
        found = [one for one in rounds("-c", program)["found"] if "not asked for" not in one]

        assert found, name


def test_a_receipt_that_was_changed_would_be_noticed(tmp_path: Path) -> None:
    """The other control: a sender that believes every answer is found out, too."""
    program = (
        "import json, pathlib, mutated_answers as rounds\n"
        "import fyraften_agent.sender as sender\n"
        "sender.check_report = lambda body, *more: None\n"
        f"print(json.dumps(rounds.run(60, 1, pathlib.Path({str(tmp_path)!r}))))\n"
    )
    try:
        found = rounds("-c", program)["found"]
    except AssertionError as failure:  # what it believed cannot even be read
        found = [str(failure)]

    assert found


def test_honest_answers_are_taken_in_every_situation(tmp_path: Path) -> None:
    """The third control: what is changed at random are answers that would be believed."""
    program = (
        "import json, pathlib, mutated_answers as rounds\n"
        "def reply(self, asked, connection):\n"
        "    self.what = 'honest'\n"
        "    connection.sendall(self._whole(rounds.signed(rounds.truth(asked))))\n"
        "rounds.Liar.reply = reply\n"
        f"print(json.dumps(rounds.run(10, 1, pathlib.Path({str(tmp_path)!r}))))\n"
    )
    result = rounds("-c", program)

    assert (result["found"], result["taken"]) == ([], 10)


def test_changed_answers_change_nothing_but_the_outbox() -> None:
    result = rounds(str(TESTS / "mutated_answers.py"), "--count", "300", "--seed", "20261122")

    assert result["found"] == []
    assert result["grown_mib"] < 64
    assert len(result["kinds"]) >= 11


def test_the_lying_server_goes_on_after_somebody_who_left_in_the_middle_of_a_request() -> None:
    """Or nothing would be tried from then on."""
    with LyingServer(says(answer(200, b"{}"))) as server:
        where = ("127.0.0.1", int(server.url.rpartition(":")[2]))
        with socket.create_connection(where) as halfway:
            halfway.sendall(b"PUT / HTTP/1.1\r\nContent-Length: 5\r\n\r\n12")
        with socket.create_connection(where, timeout=5) as whole:
            whole.sendall(b"GET / HTTP/1.1\r\n\r\n")
            heard = whole.recv(65536)

    assert heard.startswith(b"HTTP/1.1 200")
    assert len(server.asked) == 1
