"""Wrong usage is told in the languages, whatever ``argparse`` finds wrong."""

from __future__ import annotations

import pytest

from fyraften_policy.languages import Translate, translator
from fyraften_policy.usage import TranslatedParser, usage_problem


def parser_for(translate: Translate) -> TranslatedParser:
    parser = TranslatedParser(prog="tool", translate=translate)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    add = commands.add_parser("add", allow_abbrev=False)
    add.add_argument("number", type=int)
    add.add_argument("way", nargs="?", choices=("in", "out"))
    commands.add_parser("turn").add_argument("side", choices=("left", "right"))
    add.add_argument("--kind", choices=("one", "two"))
    add.add_argument("--pair", nargs=2)
    add.add_argument("--some", nargs="+")
    ways = add.add_mutually_exclusive_group()
    ways.add_argument("--up", action="store_true")
    ways.add_argument("--down", action="store_true")
    needed = commands.add_parser("go").add_mutually_exclusive_group(required=True)
    needed.add_argument("--left", action="store_true")
    needed.add_argument("--right", action="store_true")
    return parser


WRONG = [
    ([], "tool: still to give: COMMAND."),
    (["sing"], "'sing' is none of these: "),
    (["add"], "tool add: still to give: number."),
    (["add", "x"], "tool add: argument number: 'x' is not a whole number."),
    (["add", "1", "in", "2"], "there is nothing called 2 here"),
    (["add", "1", "up"], "tool add: 'up' is none of these: 'in', 'out'."),
    (["turn"], "tool turn: still to give: {left,right}."),
    (["add", "1", "--kind"], "argument --kind: a value belongs to it"),
    (["add", "1", "--kind", "ten"], "argument --kind: 'ten' is none of these: "),
    (["add", "1", "--pair", "a"], "argument --pair: this many values belong to it: 2"),
    (["add", "1", "--some"], "argument --some: at least one value belongs to it"),
    (["add", "1", "--up", "--down"], "argument --down: it does not go together with argument --up"),
    (["add", "1", "--up=yes"], "argument --up: no value belongs to it, and 'yes' was given"),
    (["go"], "one of these is to be given: --left --right"),
]


@pytest.mark.parametrize(("given", "words"), WRONG, ids=[" ".join(given) for given, _ in WRONG])
def test_wrong_usage_is_told_in_plain_words(given: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parser_for(str).parse_args(given)

    printed = capsys.readouterr().err
    assert ended.value.code == 2
    assert words.replace("argument --up", "--up") in printed.replace("argument --up", "--up")
    assert printed.startswith("usage: tool")


@pytest.mark.parametrize("language", ["da", "nb"])
@pytest.mark.parametrize("given", [given for given, _ in WRONG], ids=" ".join)
def test_no_english_is_left_of_it(given: list[str], language: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parser_for(translator("fyraften_policy", language)).parse_args(given)

    printed = capsys.readouterr().err
    assert printed.startswith("bruk: " if language == "nb" else "brug: ")
    assert not [
        word for word in ("usage", "error", "invalid", "required", "expected", " is ", "help:") if word in printed
    ]


def test_what_a_later_python_says_stays_as_it_is() -> None:
    assert str(usage_problem("the {moon} is full")) == "the {moon} is full"


def test_help_has_translated_headings(capsys: pytest.CaptureFixture[str]) -> None:
    parser_for(translator("fyraften_policy", "da")).print_help()

    assert capsys.readouterr().out.startswith("brug: tool")
