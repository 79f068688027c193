"""The law's numbers are dated: on every day since its start exactly one value holds, and the day before is an error."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

import pytest

from fyraften_policy.errors import NotInForceError
from fyraften_policy.findings import source_json, value_step
from fyraften_policy.languages import translator
from fyraften_policy.parameters import Citation, InForce, Parameter, law, read_parameter

DAY = timedelta(days=1)


@pytest.mark.parametrize("parameter", law().values(), ids=lambda parameter: parameter.id)
def test_each_value_holds_from_its_date_until_the_next_and_none_before_the_first(parameter: Parameter) -> None:
    for value, following in zip(parameter.values, [*parameter.values[1:], None], strict=True):
        last = value.since + 3650 * DAY if following is None else following.since - DAY

        assert parameter.on(value.since) == parameter.on(last) == value

    with pytest.raises(NotInForceError) as early:
        parameter.on(parameter.values[0].since - DAY)
    assert early.value.first == parameter.values[0].since


@pytest.mark.parametrize("parameter", law().values(), ids=lambda parameter: parameter.id)
def test_each_value_says_where_it_stands(parameter: Parameter) -> None:
    for value in parameter.values:
        citation = InForce(parameter, value.amount, value.since).citation

        assert citation.act
        assert citation.provision
        assert citation.url.startswith("https://") or not citation.url


def test_a_value_of_an_act_since_replaced_has_the_citation_of_its_time() -> None:
    limit = law()["dk.screen.home.limit"]
    old, new = (InForce(limit, value.amount, value.since).citation for value in limit.values)

    assert ("247/2003" in old.act, "384/2022" in new.act) == (True, True)
    assert InForce(limit, Decimal(1), None).citation == limit.citation


def test_a_file_can_give_a_value_its_own_citation() -> None:
    table = {
        "id": "xx.hours", "unit": "hour", "label": {"en": "Hours", "da": "Timer", "nb": "Timer"},
        "citation": {"act": "New act", "provision": "§ 1", "url": ""},
        "value": [
            {"from": law()["dk.screen.home.limit"].values[0].since, "amount": 1,
             "citation": {"act": "Old act", "provision": "§ 2", "url": "", "checked": False}},
            {"from": law()["dk.screen.home.limit"].values[1].since, "amount": 2},
        ],
    }  # fmt: skip

    parameter = read_parameter("xx.toml", table)

    assert parameter.values[0].citation == Citation("Old act", "§ 2", "", checked=False)
    assert parameter.values[1].citation is None


def test_a_file_can_tell_a_citation_in_each_language() -> None:
    provision = {"en": "§ 1 (not read)", "da": "§ 1 (ikke læst)", "nb": "§ 1 (ikke lest)"}
    table = {
        "id": "xx.hours", "unit": "hour", "label": {"en": "Hours", "da": "Timer", "nb": "Timer"},
        "citation": {"act": "Act", "provision": provision, "url": ""},
        "value": [{"from": law()["dk.screen.home.limit"].values[0].since, "amount": 1}],
    }  # fmt: skip

    parameter = read_parameter("xx.toml", table)
    value = InForce(parameter, Decimal(1), parameter.values[0].since)

    for language, told in provision.items():
        translate = translator("fyraften_policy", language)
        assert source_json(parameter.citation, None, translate)["provision"] == told
        assert value_step("[{source}]", value, "1").text(translate) == f"[Act, {told}; {value.since}]"


@pytest.mark.parametrize("language", ["da", "nb"])
@pytest.mark.parametrize("parameter", law().values(), ids=lambda parameter: parameter.id)
def test_no_citation_speaks_english_in_danish_or_norwegian(parameter: Parameter, language: str) -> None:
    translate = translator("fyraften_policy", language)

    for value in parameter.values:
        source = source_json(InForce(parameter, value.amount, value.since).citation, None, translate)
        words = re.findall(r"[a-z]+", f"{source['act']} {source['provision']}".lower())
        assert not {"the", "not", "read", "reading", "our", "as", "from", "article", "directive"} & {*words}


def test_a_reading_is_called_ours_once() -> None:
    for parameter in law().values():
        for value in parameter.values:
            citation = InForce(parameter, value.amount, value.since).citation
            assert parameter.kind != "reading" or "our reading" not in citation.provision
