"""``fyraften-service run``: the web server. It logs that it started and what failed, and nothing about requests."""

from __future__ import annotations

import argparse
import asyncio
import signal
import socket
import sys
from contextlib import suppress
from urllib.parse import urlsplit

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from fyraften_policy.languages import Translate, mark
from fyraften_policy.sentences import reason_of
from fyraften_service.app import create_app
from fyraften_service.clock import clock_of
from fyraften_service.config import LOOPBACK, Config, read_config
from fyraften_service.database import in_words, open_database
from fyraften_service.erasure import replay
from fyraften_service.errors import ListenError
from fyraften_service.guard import Seldom, Terse
from fyraften_service.publication import keep_published

_PORT = 8440
_LOG = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": Terse}},
    "filters": {"seldom": {"()": Seldom}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["seldom"]}},
    "loggers": {
        "fyraften_service": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        "uvicorn.error": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
_REQUEST_SECONDS = 30
_MOST_CONNECTIONS = 800  # a process may mostly have 1024 files open; where it has none left, it cannot even say no


class Impatient(H11Protocol):
    """Speaks HTTP, and closes a connection on which a request was begun and does not arrive in time.

    Otherwise whoever sends one letter and waits holds a connection for ever. One too many is closed at once.
    """

    _late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as the parent does
        super().connection_made(transport)
        if len(self.connections) > _MOST_CONNECTIONS:
            transport.abort()
            return
        self._late = self.loop.call_later(_REQUEST_SECONDS, transport.close)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        is_whole = self.cycle is not None and not self.cycle.more_body and not self.cycle.response_complete
        if is_whole:
            self._forget()
        elif self._late is None:
            self._late = self.loop.call_later(_REQUEST_SECONDS, self.transport.close)

    def connection_lost(self, exc: Exception | None) -> None:
        self._forget()
        super().connection_lost(exc)

    def _forget(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None


def run(arguments: argparse.Namespace, _: Translate) -> dict[str, object]:
    """Serve until stopped."""
    config = read_config(arguments.folder.absolute())
    clock = clock_of(config, arguments.calendar)
    port = arguments.port if arguments.port is not None else _default_port(config)
    _check_host(arguments.host, behind_proxy=arguments.behind_proxy)
    database = open_database(config.database)
    try:
        database.check()
        _make_files(config)
        with in_words():  # here, where what prevents it can be said: nobody is answered before it is done
            replay(database, config.tombstone_file)
            keep_published(database, config.published_file)
        app = create_app(config, database, clock)
        with _listen(arguments.host, port) as listening:
            line = _("Fyraften's service for {organisation} is ready at {url}. Stop it with Ctrl-C.")
            print(line.format(organisation=config.organisation, url=config.public_url), file=sys.stderr, flush=True)
            server = uvicorn.Server(
                uvicorn.Config(
                    app,
                    http=Impatient,
                    log_config=_LOG,
                    access_log=False,
                    server_header=False,
                    date_header=True,
                    ws="none",
                    proxy_headers=False,
                    h11_max_incomplete_event_size=16 * 1024,
                    timeout_keep_alive=5,
                    timeout_graceful_shutdown=10,
                )
            )
            # The server ends orderly at a signal, and then raises it again: that is the end we wanted.
            signal.signal(signal.SIGTERM, signal.default_int_handler)
            with suppress(KeyboardInterrupt):
                server.run([listening])
    finally:
        database.close()
    return {"stopped": True, "text": _("The service has stopped.")}


def _make_files(config: Config) -> None:
    """Make the files that a backup takes, empty where there are none; what is wrong with one is told by its reader."""
    for file in (config.tombstone_file, config.published_file):
        with suppress(OSError):
            file.touch(0o600)


def _default_port(config: Config) -> int:
    return urlsplit(config.public_url).port or _PORT


def _check_host(host: str, *, behind_proxy: bool) -> None:
    if host not in LOOPBACK and not behind_proxy:
        raise ListenError(
            mark(
                "{host} is beyond this computer, and the service itself speaks plain http. "
                "Put a proxy with https in front of it and add --behind-proxy, or listen at 127.0.0.1."
            ),
            host=host,
        )


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listening = socket.socket(family, kind, protocol)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(100)
    except (OSError, OverflowError) as error:
        raise ListenError(
            mark("Port {port} of {host} cannot be used: {reason}. Stop what uses it, or take another."),
            port=port,
            host=host,
            reason=reason_of(error),
        ) from error
    return listening
