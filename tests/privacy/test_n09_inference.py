"""N9: mood, health, productivity, personality and union activity are not inferred: nothing here has a name for them."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import fyraften_agent
import fyraften_policy
import fyraften_service
from fyraften_policy import wire
from fyraften_service.tables import metadata
from privacy.conftest import Seized

PACKAGES = [Path(next(iter(one.__path__))) for one in (fyraften_agent, fyraften_policy, fyraften_service)]
# As parts of names. What a person answers about symptoms stays on the laptop and is kept as an answer, not inferred.
WORDS = {
    *("score", "rank", "ranking", "productive", "productivity", "efficiency", "performance", "idle_percent"),
    *("mood", "emotion", "sentiment", "stress", "fatigue", "burnout", "wellbeing", "personality", "diligence"),
    *("union", "unionised", "strike", "churn", "attrition", "flight_risk", "suspicious", "anomaly", "fraud"),
}
# The union of intervals of time, and the order in which findings are listed.
ARITHMETIC = {("intervals.py", "union"), ("intervals.py", "union_of_sorted"), ("week.py", "_rank")}
_PARTS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


def forbidden(name: str) -> set[str]:
    """Return the words of the list that are parts of a name."""
    return {part.lower() for part in _PARTS.findall(name)} & WORDS


def test_no_field_of_a_report_and_no_value_of_it_is_named_for_one() -> None:
    names = {name for report in wire.reports() for field in report.fields for name in (field.name, *field.values)}

    assert {name for name in names if forbidden(name)} == set()


def test_no_column_on_the_laptop_or_at_the_service_is_named_for_one(seized: Seized) -> None:
    laptop = {column for tables in seized.columns.values() for columns in tables.values() for column in columns}
    service = {column.name for table in metadata.tables.values() for column in table.columns}

    assert {name for name in laptop | service if forbidden(name)} == set()


def test_no_function_class_or_module_is_named_for_one() -> None:
    named = {
        (file.name, name)
        for package in PACKAGES
        for file in package.rglob("*.py")
        for name in (file.stem, *_defined(ast.parse(file.read_text(encoding="utf-8"))))
        if forbidden(name)
    }

    assert named <= ARITHMETIC


def test_the_list_finds_such_names() -> None:
    assert forbidden("productivity_score") == {"productivity", "score"}
    assert forbidden("MoodIndex") == {"mood"}


def _defined(tree: ast.Module) -> list[str]:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return [node.name for node in ast.walk(tree) if isinstance(node, kinds)]
