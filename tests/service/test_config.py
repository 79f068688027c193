"""Settings: one private file, checked as a whole, with a floor that no setting goes below."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fyraften_service.config import Config, config_file, read_config, write_config
from fyraften_service.errors import InputError, NotSetUpError


def config(folder: Path = Path("/nowhere"), **changes: Any) -> Config:
    settings: dict[str, Any] = {
        "organisation": "Nordhavn",
        "contact": "hr@example.dk",
        "public_url": "https://fyraften.example.dk",
        "database": "sqlite:////nowhere/x",
        "zone": "Europe/Copenhagen",
        "started_on": date(2026, 11, 1),
        "notice_given_on": date(2026, 9, 1),
    }
    return Config(folder=folder, **{**settings, **changes})


def test_what_is_written_is_read(tmp_path: Path) -> None:
    written = config(tmp_path, organisation='Å "quoted" \\ back', smallest_group=12, demonstration=True)
    write_config(written)

    assert read_config(tmp_path) == written


@given(st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=30))
def test_any_name_is_written_whole_or_refused(name: str) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        try:
            written = config(Path(folder), organisation=name)
        except InputError:
            return
        write_config(written)

        assert read_config(Path(folder)) == written


def test_the_file_is_private(tmp_path: Path) -> None:
    write_config(config(tmp_path))

    assert config_file(tmp_path).stat().st_mode & 0o777 == 0o600


def test_no_notice_is_no_date(tmp_path: Path) -> None:
    write_config(config(tmp_path, notice_given_on=None))

    assert read_config(tmp_path).notice_given_on is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("smallest_group", 4),
        ("smallest_group", 0),
        ("smallest_group", True),
        ("smallest_group", 10.0),
        ("open_days", 0),
        ("open_days", 15),
        ("duty_kept_days", 661),
        ("record_period_months", 3),
        ("record_period_months", 13),
        ("organisation", ""),
        ("organisation", "two\nlines"),
        ("organisation", 7),
        ("zone", "Europe/Nowhere"),
        ("zone", "../../etc/passwd"),
        ("public_url", "fyraften.example.dk"),
        ("public_url", "http://fyraften.example.dk"),
        ("public_url", "ftp://fyraften.example.dk"),
        ("public_url", "https://x/?a=b"),
        ("public_url", "https://user@x/"),
        ("public_url", "https://x:99999"),
        ("public_url", "https://x/a/../b"),
        ("started_on", "2026-11-01"),
        ("notice_given_on", 7),
        ("demonstration", "yes"),
    ],
)
def test_a_setting_that_cannot_be_is_refused(name: str, value: object) -> None:
    with pytest.raises(InputError):
        config(**{name: value})


def test_five_is_the_floor() -> None:
    assert config(smallest_group=5).smallest_group == 5
    with pytest.raises(InputError, match="the floor is 5"):
        config(smallest_group=4)


@pytest.mark.parametrize("months", [4, 12])
def test_the_period_of_the_record_is_the_laws_own_up_to_the_longest_that_can_be_agreed(months: int) -> None:
    assert config(record_period_months=months).record_period_months == months


@pytest.mark.parametrize("content", ["smallest_group = 4", "surprise = 1", "organisation = ", "", "\x00"])
def test_a_file_that_does_not_fit_is_refused(tmp_path: Path, content: str) -> None:
    config_file(tmp_path).write_text(content)

    with pytest.raises(InputError):
        read_config(tmp_path)


def test_a_folder_without_settings_holds_no_service(tmp_path: Path) -> None:
    with pytest.raises(NotSetUpError, match="fyraften-service init"):
        read_config(tmp_path)


def test_no_setting_speaks_of_times_people_or_more_fields() -> None:
    assert {field.name for field in fields(Config)} == {
        *("folder", "organisation", "contact", "public_url", "database", "zone", "started_on", "notice_given_on"),
        *("smallest_group", "open_days", "duty_open_days", "duty_kept_days"),
        *("record_period_months", "demonstration"),
    }


def test_a_path_of_a_proxy_is_kept_apart_from_the_origin() -> None:
    behind = replace(config(), public_url="https://work.example.dk:8443/fyraften")

    assert (behind.origin, behind.base_path) == ("https://work.example.dk:8443", "/fyraften")


@pytest.mark.parametrize(
    ("written", "called"),
    [
        ("https://HR.Example.DK", "https://hr.example.dk"),
        ("https://hr.example.dk:443", "https://hr.example.dk"),
        ("http://127.0.0.1:80", "http://127.0.0.1"),
        ("https://hr.bølge.dk", "https://hr.xn--blge-gra.dk"),
        ("https://hr.example.dk/a b", "https://hr.example.dk/a%20b"),
        ("https://hr.example.dk/å", "https://hr.example.dk/%C3%A5"),
        ("https://hr.example.dk?", "https://hr.example.dk"),
        ("HTTPS://hr.example.dk", "https://hr.example.dk"),
    ],
)
def test_an_address_that_is_called_by_another_spelling_is_refused_with_that_one(written: str, called: str) -> None:
    # Laptops sign the address as they call it, and browsers name it as their origin: with another spelling in the
    # settings no signature fits, and nobody can sign in.
    with pytest.raises(InputError, match=re.escape(f"Write it as {called}.")):
        config(public_url=written)
    assert config(public_url=called).public_url == called


@pytest.mark.parametrize(
    "url",
    [
        *("https://hr.example.dk/", "https://hr.example.dk/fyraften/", "https://hr.example.dk:8443/a%20b"),
        *("http://[::1]:8440", "http://localhost:8440", "https://hr.xn--blge-gra.dk", "https://hr.example.dk/~a:b@c"),
    ],
)
def test_an_address_as_it_is_called_is_taken(url: str) -> None:
    assert config(public_url=url).public_url == url
    assert str(httpx.URL(url)).rstrip("/") == url.rstrip("/")
