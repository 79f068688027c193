"""An employer's service within the test: the real application on a SQLite file, with a clock that stands still."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from fyraften_service.accounts import create_account
from fyraften_service.app import create_app
from fyraften_service.config import Config
from fyraften_service.database import Database, open_database
from fyraften_service.enrolment import invite_cell, invite_person
from fyraften_service.receipts import create_key
from fyraften_service.setup import declare_cells, read_cells
from service_process import ADMIN, PASSWORD, Laptop

URL = "https://fyraften.example.dk"
FRIDAY = date(2026, 10, 30)
WEEK = "2026-W45"
OVER = date(2026, 11, 9)
CLOSED = date(2026, 11, 23)


@dataclass
class StillClock:
    """A clock that moves only when a test moves it."""

    instant: int = 1_780_000_000
    day: date = FRIDAY

    def now(self) -> int:
        return self.instant

    def today(self) -> date:
        return self.day


@dataclass
class Office:
    """The service, and somebody who asks it."""

    config: Config
    database: Database
    clock: StillClock
    app: FastAPI
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(self, request: httpx.Request) -> httpx.Response:
        """Send one request as it is."""
        return asyncio.run(self._ask(request))

    async def _ask(self, request: httpx.Request) -> httpx.Response:
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport) as client:
            return await client.send(request)

    def get(self, path: str, **headers: str) -> httpx.Response:
        """Open an address in the browser of this office: with its cookies."""
        return self._browse("GET", path, None, headers)

    def post(self, path: str, form: Mapping[str, str], **headers: str) -> httpx.Response:
        """Send a form from that browser."""
        return self._browse("POST", path, form, headers)

    def sign_in(self, password: str = PASSWORD, account: str = ADMIN) -> httpx.Response:
        """Fill in the sign-in form."""
        token = re.search(r'name="token" value="([^"]+)"', self.get("/login").text)
        assert token is not None
        return self.post("/login", {"token": token[1], "account": account, "password": password})

    def cell_laptop(self, cell: str = "sales", purpose: str = "group") -> Laptop:
        """Return a laptop with a cell code, not enrolled yet."""
        with self.database.writing() as connection:
            return self._laptop(purpose, invite_cell(connection, cell))

    def person_laptop(self, name: str = "Bo Holm", purpose: str = "duty") -> Laptop:
        """Return a laptop with a personal code, not enrolled yet."""
        with self.database.writing() as connection:
            return self._laptop(purpose, invite_person(connection, name))

    def enrolled(self, laptop: Laptop) -> Laptop:
        """Enrol it."""
        assert self.ask(laptop.enrolment()).status_code == 201
        return laptop

    def with_config(self, **changes: Any) -> Office:
        """Return the same office under other settings."""
        config = replace(self.config, **changes)
        return replace(self, config=config, app=create_app(config, self.database, self.clock))

    def _laptop(self, purpose: str, code: str) -> Laptop:
        return Laptop(URL, purpose, code, now=self.clock.now)

    def _browse(
        self, method: str, path: str, form: Mapping[str, str] | None, headers: Mapping[str, str]
    ) -> httpx.Response:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent = {"cookie": cookie, **{name.replace("_", "-"): value for name, value in headers.items()}}
        answer = self.ask(httpx.Request(method, URL + path, headers=sent, data=form))
        for line in answer.headers.get_list("set-cookie"):
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer


def config_in(folder: Path, database: str | None = None) -> Config:
    """Return the settings of the office in a folder; its database is a file there unless another address is given."""
    return Config(
        folder=folder,
        organisation="Nordhavn Regnskab",
        contact="hr@example.dk",
        public_url=URL,
        database=database or f"sqlite:///{folder / 'service.sqlite3'}",
        zone="Europe/Copenhagen",
        started_on=FRIDAY,
        notice_given_on=date(2026, 8, 31),
    )


def furnish(folder: Path) -> None:
    """Make the files of an office with the cells sales and support."""
    folder.mkdir(mode=0o700)
    config = config_in(folder)
    fill(config)
    create_key(config.key_file)


def fill(config: Config) -> None:
    """Make the tables of an office, with its cells and its account."""
    database = open_database(config.database)
    database.upgrade()
    with database.writing() as connection:
        declare_cells(connection, read_cells(["sales=Sales", "support=Support"], config.organisation))
        create_account(connection, ADMIN, PASSWORD)
    database.close()


def open_office(folder: Path, database_url: str | None = None) -> Office:
    """Return the office whose files are in a folder."""
    config, clock = config_in(folder, database_url), StillClock()
    database = open_database(config.database)
    return Office(config, database, clock, create_app(config, database, clock))
