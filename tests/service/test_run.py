"""The web server: it waits for nobody for ever, and its log holds no more than kind and place of a failure."""

from __future__ import annotations

import asyncio
import logging
import socket
import sys

import pytest
import uvicorn

from fyraften_service import run
from fyraften_service.guard import Seldom, Terse
from service_office import Office

ASKED = b"GET /v1/service HTTP/1.1\r\nHost: x\r\n\r\n"
HEAD = b"POST /v1/enrolments HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n"


async def talk(office: Office, *pieces: bytes) -> bytes:
    """Send pieces, a pause after each, and return what comes until the service ends the connection."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(office.app, http=run.Impatient, log_config=None, lifespan="off"))
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    reader, writer = await asyncio.open_connection(*listening.getsockname())
    for piece in pieces:
        writer.write(piece)
        await asyncio.sleep(0.1)
    answered = await asyncio.wait_for(reader.read(), 10)
    writer.close()
    server.should_exit = True
    await serving
    return answered


@pytest.mark.parametrize("pieces", [(b"",), (b"P",), (HEAD,), (HEAD, b"{"), (ASKED, b"G"), (ASKED, HEAD)])
def test_a_request_that_does_not_arrive_in_time_ends_the_connection(
    office: Office, monkeypatch: pytest.MonkeyPatch, pieces: tuple[bytes, ...]
) -> None:
    monkeypatch.setattr(run, "_REQUEST_SECONDS", 0.5)

    answered = asyncio.run(talk(office, *pieces))

    assert answered.count(b"HTTP/1.1 200 OK") == pieces.count(ASKED)
    assert answered.count(b"HTTP/1.1 ") == pieces.count(ASKED)


def test_a_request_in_pieces_that_arrives_in_time_is_answered(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "_REQUEST_SECONDS", 2)

    answered = asyncio.run(talk(office, ASKED[:9], ASKED[9:], HEAD[:30], HEAD[30:], b"{", b"}"))

    assert answered.startswith(b"HTTP/1.1 200 OK")
    assert b"HTTP/1.1 422 " in answered


def test_the_log_has_the_kind_of_a_failure_and_neither_its_words_nor_its_lines() -> None:
    try:
        raise ValueError("canary of Bo Holm")
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, "", 1, "It failed %s\ncanary", ("here",), sys.exc_info())

    assert Terse().format(record) == "ERROR x: It failed here (ValueError)"
    assert Terse().format(logging.LogRecord("x", logging.WARNING, "", 1, "Words", (), None)) == "WARNING x: Words"


def test_the_same_line_is_said_once_a_minute() -> None:
    now = [1000.0]
    seldom = Seldom(lambda: now[0])

    def passes(words: str) -> bool:
        return seldom.filter(logging.LogRecord("x", logging.ERROR, "", 1, words, (), None))

    assert [passes("full"), passes("full"), passes("locked"), passes("full")] == [True, False, True, False]
    now[0] = 1059.9
    assert not passes("full")
    now[0] = 1060.0
    assert passes("full")


@pytest.mark.parametrize(("most", "answered"), [(0, b""), (1, b"HTTP/1.1 200 OK")])
def test_one_connection_too_many_is_closed_at_once(
    office: Office, monkeypatch: pytest.MonkeyPatch, most: int, answered: bytes
) -> None:
    monkeypatch.setattr(run, "_MOST_CONNECTIONS", most)
    monkeypatch.setattr(run, "_REQUEST_SECONDS", 0.5)

    try:
        found = asyncio.run(talk(office, ASKED, b"G"))
    except ConnectionError:
        found = b""

    assert found[:15] == answered
