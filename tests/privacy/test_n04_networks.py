"""N4: no name or address of a network, no coordinates, and no name of the computer is kept or sent."""

from __future__ import annotations

import re

import pytest

from fyraften_policy import wire
from privacy.conftest import Seized, names_of_this_computer

ADDRESS = re.compile(rb"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])|(?:[0-9a-f]{2}:){5}[0-9a-f]{2}", re.IGNORECASE)


def test_no_name_or_address_of_this_computer_is_in_a_file_or_a_word(seized: Seized) -> None:
    names = names_of_this_computer()

    assert names != []
    assert seized.files_with(*names) == []
    assert [name for name in names if name in seized.words] == []


def test_nothing_that_looks_like_an_address_of_a_network_is_in_a_file(seized: Seized) -> None:
    found = {name: ADDRESS.findall(content) for name, content in seized.files.items() if ADDRESS.search(content)}

    assert found == {}
    assert ADDRESS.findall(b"by 192.168.1.1 and 0a:1b:2c:3d:4e:5f") == [b"192.168.1.1", b"0a:1b:2c:3d:4e:5f"]


@pytest.mark.parametrize("report", wire.reports(), ids=lambda report: str(report.id))
def test_no_field_of_a_report_is_about_a_place_or_a_network(report: wire.Report) -> None:
    words = {word for field in report.fields for word in field.name.split("_")}

    assert not words & {"network", "ip", "mac", "ssid", "host", "hostname", "address", "latitude", "longitude", "place"}
