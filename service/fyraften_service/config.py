"""The settings of one service: one TOML file, written by ``init``, mode 0600, in the service's folder.

No setting widens what is collected or shows smaller groups than the floor below.
Not here: cells, codes and accounts, which are in the database.
"""

from __future__ import annotations

import json
import os
import tomllib
from contextlib import suppress
from dataclasses import MISSING, dataclass, fields
from datetime import date
from pathlib import Path
from urllib.parse import SplitResult, quote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from fyraften_policy.languages import mark
from fyraften_policy.sentences import reason_of
from fyraften_service.errors import InputError, NotSetUpError

FLOOR = 5
"""No setting can show a group smaller than this."""
NOTICE_DAYS = 42
"""The employer sees nothing before this many days after the employees' notice."""
# The wire registry promises that a group report is gone three weeks after its week, and one of duty after 24 months.
_AT_MOST = {
    **{"smallest_group": 1000, "open_days": 14, "duty_open_days": 60, "duty_kept_days": 660},
    "record_period_months": 12,  # the longest that a collective agreement may set (directive 2003/88, article 19)
}
RECORD_PERIOD_FLOOR = 4
"""The months over which the Danish act averages working time where nothing else is agreed; the record is counted on."""
LOOPBACK = ("127.0.0.1", "localhost", "[::1]", "::1")


@dataclass(frozen=True)
class Config:
    """One service's settings.

    ``open_days`` is how many days after its end a week stays open for reports; then it is published and the reports are
    deleted. ``duty_open_days`` is the same for a month of ``duty``; ``duty_kept_days`` is how long those are kept.
    ``record_period_months`` is the period over which working time is averaged: the record is kept for five years more.
    """

    folder: Path
    organisation: str
    contact: str
    public_url: str
    database: str
    zone: str
    started_on: date
    notice_given_on: date | None = None
    smallest_group: int = 10
    open_days: int = 14
    duty_open_days: int = 31
    duty_kept_days: int = 365
    record_period_months: int = RECORD_PERIOD_FLOOR
    demonstration: bool = False

    def __post_init__(self) -> None:
        _check_text(self)
        _check_numbers(self)
        _check_url(self.public_url)

    @property
    def secure(self) -> bool:
        """Whether people reach the service by https."""
        return self.public_url.startswith("https://")

    @property
    def origin(self) -> str:
        """The scheme and authority that a browser names in ``Origin``."""
        parts = urlsplit(self.public_url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def base_path(self) -> str:
        """The path below which a proxy shows the service, without a slash at its end; mostly empty."""
        return urlsplit(self.public_url).path.rstrip("/")

    @property
    def key_file(self) -> Path:
        return self.folder / "service.key"

    @property
    def tombstone_file(self) -> Path:
        return self.folder / "tombstones"

    @property
    def published_file(self) -> Path:
        return self.folder / "published"


def config_file(folder: Path) -> Path:
    """Return where the settings of the service in ``folder`` are."""
    return folder / "service.toml"


def write_config(config: Config) -> Path:
    """Write the settings file, mode 0600, and return its path; an existing file is an error of the system."""
    lines = ["# Settings of this Fyraften service, written by fyraften-service init."]
    lines += [f"{name} = {_toml(value)}" for name, value in _settings(config).items() if value is not None]
    path = config_file(config.folder)
    with open(path, "x", encoding="utf-8", opener=_private) as stream:
        stream.write("\n".join(lines) + "\n")
    return path


def read_config(folder: Path) -> Config:
    """Return the settings of the service in ``folder``.

    Raises:
        NotSetUpError: there is no settings file.
        InputError: the file cannot be read as settings.
    """
    path = config_file(folder)
    try:
        settings = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise NotSetUpError(folder) from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(
            mark("{path} cannot be read: {reason}. Correct the file."), path=path, reason=reason_of(error)
        ) from error
    known = {field.name for field in fields(Config)} - {"folder"}
    unknown = sorted(set(settings) - known)
    if unknown:
        raise InputError(
            mark("{path} has an unknown setting {name!r}. Known are: {known}."),
            path=path,
            name=unknown[0],
            known=", ".join(sorted(known)),
        )
    needed = {field.name for field in fields(Config) if field.default is MISSING} & known
    lacking = sorted(needed - set(settings))
    if lacking:
        words = mark("{path} lacks these settings: {names}. Add them.")
        raise InputError(words, path=path, names=", ".join(lacking))
    return Config(folder=folder, **settings)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _settings(config: Config) -> dict[str, object]:
    return {field.name: getattr(config, field.name) for field in fields(config) if field.name != "folder"}


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | date):
        return str(value)
    return json.dumps(value, ensure_ascii=False)


def _check_text(config: Config) -> None:
    for name in ("organisation", "contact", "public_url", "database", "zone"):
        value = getattr(config, name)
        if not isinstance(value, str) or not value.strip() or not value.isprintable():
            raise InputError(
                mark("{name} must be a line of text, not {value!r}. Give it again."), name=name, value=value
            )
    for name in ("started_on", "notice_given_on"):
        value = getattr(config, name)
        if type(value) is not date and not (value is None and name == "notice_given_on"):
            raise InputError(mark("{name} must be a date such as 2026-09-01, not {value!r}."), name=name, value=value)
    try:
        ZoneInfo(config.zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise InputError(
            mark("{zone!r} is no time zone. Use an IANA name such as Europe/Copenhagen."), zone=config.zone
        ) from error


def _check_numbers(config: Config) -> None:
    for name, most in _AT_MOST.items():
        value = getattr(config, name)
        if type(value) is not int or not 1 <= value <= most:
            raise InputError(
                mark("{name} must be a whole number from 1 to {most}, not {value!r}."),
                name=name,
                most=most,
                value=value,
            )
    if type(config.demonstration) is not bool:
        raise InputError(mark("demonstration must be true or false, not {value!r}."), value=config.demonstration)
    if config.smallest_group < FLOOR:
        raise InputError(
            mark("smallest_group is {value}; the floor is {floor}. Set {floor} or more."),
            value=config.smallest_group,
            floor=FLOOR,
        )
    if config.record_period_months < RECORD_PERIOD_FLOOR:
        raise InputError(
            mark("record_period_months is {value}; the law's own is {floor}. Set {floor} or more."),
            value=config.record_period_months,
            floor=RECORD_PERIOD_FLOOR,
        )


_IN_A_PATH = "/%!$&'()*+,;=:@~"
_NO_ADDRESS = mark("{url!r} is no address people can open. Give one such as https://fyraften.example.dk.")


def _check_url(url: str) -> None:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise InputError(_NO_ADDRESS, url=url) from error
    if (
        parts.scheme not in ("http", "https")
        or not host
        or parts.query
        or parts.fragment
        or parts.username
        or port == 0
        or {".", ".."} & set(parts.path.split("/"))
    ):
        raise InputError(_NO_ADDRESS, url=url)
    if parts.scheme == "http" and host not in LOOPBACK:
        raise InputError(
            mark("{url} is plain http beyond this computer. Use https, ended by a proxy in front."), url=url
        )
    if url.rstrip("/") != _as_called(parts):
        raise InputError(
            mark("Laptops and browsers call {url!r} by another spelling. Write it as {called}."),
            url=url,
            called=_as_called(parts),
        )


def _as_called(parts: SplitResult) -> str:
    """Return an address as programs write it: they sign it, and name it as their origin, in this spelling only."""
    host, port = parts.hostname or "", parts.port
    with suppress(UnicodeError):
        host = host.encode("idna").decode("ascii")
    host = f"[{host}]" if ":" in host else host
    tail = "" if port in (None, {"http": 80, "https": 443}[parts.scheme]) else f":{port}"
    return f"{parts.scheme}://{host}{tail}{quote(parts.path.rstrip('/'), safe=_IN_A_PATH)}"
