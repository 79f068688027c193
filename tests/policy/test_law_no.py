"""The sources of the Norwegian numbers: addresses of pages, not of organisations, and what was not read there."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from fyraften_policy.parameters import Parameter, law

NORWEGIAN = [parameter for name, parameter in law().items() if name.startswith("no.")]


@pytest.mark.parametrize("parameter", NORWEGIAN, ids=lambda parameter: parameter.id)
def test_the_address_is_that_of_a_page_and_not_of_an_organisation(parameter: Parameter) -> None:
    address = urlsplit(parameter.citation.url)

    assert address.scheme == "https"
    assert address.path.strip("/") or address.query


def test_what_the_ministry_said_of_home_work_and_the_paragraph_on_overtime_were_not_read_at_their_source() -> None:
    unchecked = {parameter.id for parameter in NORWEGIAN if not parameter.citation.checked}
    at_home = {parameter.id for parameter in NORWEGIAN if parameter.id.startswith("no.home_agreement.")}
    overtime = {parameter.id for parameter in NORWEGIAN if "§ 10-6 fjerde ledd" in parameter.citation.provision}

    assert unchecked == at_home | overtime


def test_the_numbers_that_the_sources_do_not_have_are_called_our_readings() -> None:
    ours = {parameter.id for parameter in NORWEGIAN if parameter.kind == "reading"}

    assert ours == {
        "no.break.gap",
        *(f"no.home_agreement.{name}" for name in ("window", "lasting", "doubtful", "history")),
    }
