"""The law's numbers are dated: on every day since its start exactly one value holds, and the day before is an error."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from fyraften_policy.errors import NotInForceError
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
