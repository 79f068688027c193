"""The reader: each value is taken once, what is left over is an error, every error names its path."""

from __future__ import annotations

from decimal import Decimal

import pytest

from fyraften_policy.errors import FactsError
from fyraften_policy.reading import Reader


def test_a_field_that_nobody_took_is_an_error() -> None:
    reader = Reader.root({"a": 1, "b": 2})
    reader.take("a")

    with pytest.raises(FactsError) as error:
        reader.finish()

    assert (error.value.field, error.value.message) == ("b", "There is no such field.")


def test_the_path_grows_with_the_depth() -> None:
    (item,) = Reader.root({"a": {"b": [{"c": "x"}]}}).child("a").items("b")

    with pytest.raises(FactsError) as error:
        item.flag("c", False)

    assert error.value.field == "a.b[0].c"
    assert str(error.value) == "a.b[0].c: 'x' is neither true nor false. Write true or false."


def test_an_absent_object_reads_as_an_empty_one() -> None:
    child = Reader.root({}).child("agreement")

    assert not child.is_present
    assert child.names() == []
    assert child.flag("on_call", True) is True
    child.finish()


def test_an_absent_list_has_no_members_unless_it_is_required() -> None:
    assert list(Reader.root({}).items("work")) == []
    with pytest.raises(FactsError, match="The field is missing"):
        list(Reader.root({}).items("work", required=True))


@pytest.mark.parametrize("value", [0, 1, 0.5, Decimal("0.5")])
def test_a_number_is_kept_as_it_was_written(value: float | Decimal) -> None:
    assert Reader.root({"n": value}).number("n", None, least=Decimal(0), most=Decimal(1)) == Decimal(str(value))


@pytest.mark.parametrize("value", [True, "1", None, [], {}])
def test_what_is_no_number_is_an_error_that_tells_the_bounds(value: object) -> None:
    with pytest.raises(FactsError) as error:
        Reader.root({"n": value}).number("n", None, least=Decimal(0), most=Decimal(1))

    assert error.value.remedy == "Write a number from 0 to 1."


def test_a_number_without_an_upper_bound_says_so() -> None:
    with pytest.raises(FactsError) as error:
        Reader.root({"n": -1}).number("n", None, least=Decimal(0))

    assert error.value.remedy == "Write a number from 0 up."


def test_a_word_outside_the_list_is_answered_with_the_list() -> None:
    with pytest.raises(FactsError) as error:
        Reader.root({"place": "office"}).choice("place", ("home", "fixed_site", "unknown"))

    assert error.value.remedy == "Use home, fixed_site or unknown."


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "null"),
        (True, "true"),
        (False, "false"),
        ([], "[]"),
        ([None, {"a": True}], "[…]"),
        (Decimal("1.50"), "1.50"),
        ("None", "'None'"),
        ("\x1b[2J", "'\\x1b[2J'"),
    ],
)
def test_a_wrong_value_is_shown_in_the_words_of_json(value: object, shown: str) -> None:
    with pytest.raises(FactsError) as error:
        Reader.root(value)

    assert error.value.message == f"{shown} is not an object."


def test_an_object_in_place_of_a_word_is_shown_as_one() -> None:
    with pytest.raises(FactsError) as error:
        Reader.root({"place": {"kind": None}}).choice("place", ("home",))

    assert error.value.message == "{…} is not one of the words."


def test_a_long_wrong_value_is_shown_in_part() -> None:
    with pytest.raises(FactsError) as error:
        Reader.root({"place": "x" * 5000}).choice("place", ("home",))

    assert len(error.value.message) < 100
    assert error.value.remedy == "Use home."


def test_a_member_of_a_list_of_dates_is_named() -> None:
    with pytest.raises(FactsError) as error:
        list(Reader.root({"days": ["2026-01-01", "tomorrow"]}).dates("days"))

    assert error.value.field == "days[1]"
