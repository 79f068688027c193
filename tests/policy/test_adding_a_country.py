"""The example of ``docs/adding-a-country.md``, taken from the page and run."""

from __future__ import annotations

import re
import sys
import tomllib
from decimal import Decimal
from pathlib import Path
from types import ModuleType

import pytest

from fyraften_policy import evaluate, facts, forecast, parameters

PAGE = (Path(__file__).parents[2] / "docs" / "adding-a-country.md").read_text(encoding="utf-8")
OFFICE = [{"start": f"2026-01-{day}T08:00", "end": f"2026-01-{day}T16:00"} for day in range(12, 17)]


def block(language: str) -> str:
    (text,) = re.findall(rf"(?ms)^```{language}\n(.*?)^```$", PAGE)
    return str(text)


@pytest.fixture
def _sweden(monkeypatch: pytest.MonkeyPatch) -> None:
    """Adds the country of the page for one test."""
    (table,) = tomllib.loads(block("toml"), parse_float=Decimal)["parameter"]
    parameter = parameters.read_parameter("rest.toml", table)
    law_of = parameters.law_of
    monkeypatch.setattr(
        parameters, "law_of", lambda folder: {parameter.id: parameter} if folder == "se" else law_of(folder)
    )
    module = ModuleType("fyraften_policy.rules.sweden")
    exec(block("python"), module.__dict__)
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(facts, "JURISDICTIONS", (*facts.JURISDICTIONS, "SE"))
    monkeypatch.setitem(evaluate.RULES, "SE", ("sweden",))


@pytest.mark.usefixtures("_sweden")
@pytest.mark.parametrize(("end", "expected"), [("2026-01-17T20:00:00", "met"), ("2026-01-17T20:00:01", "broken")])
def test_a_country_of_law_files_and_one_small_module_is_judged(end: str, expected: str) -> None:
    saturday, monday = "2026-01-17T10:00", "2026-01-19T08:00"
    work = [*OFFICE, {"start": saturday, "end": end}, {"start": monday, "end": "2026-01-19T16:00"}]
    document = {"jurisdiction": "SE", "zone": "Europe/Stockholm", "work": work, "at": "2026-01-26T00:00"}

    answer = evaluate.evaluate(facts.read_facts(document)).as_json(str)

    assert answer["summary"] == {"se.rest.weekly": expected}
    assert (answer["findings"][0]["limit"], answer["findings"][0]["force"]) == (36 * 3600, "law")
    assert answer["findings"][0]["citation"]["act"] == "Arbetstidslagen (1982:673)"


def test_the_places_where_a_country_is_named_exist() -> None:
    for module, name in ((facts, "JURISDICTIONS"), (evaluate, "RULES"), (forecast, "REST_RULES")):
        assert name in PAGE
        assert "NO" in getattr(module, name)
