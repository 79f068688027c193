"""``fyraften-service``: set up, invite, run. The only module that prints and ends with a code."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from fyraften_policy.errors import PolicyError
from fyraften_policy.languages import LANGUAGES, Translate, choose_language, mark, translator
from fyraften_policy.usage import TranslatedParser
from fyraften_service.errors import ServiceError
from fyraften_service.exit_codes import MEANINGS, ExitCode

_FOLDER = "fyraften-service"
Command = Callable[[argparse.Namespace, Translate], dict[str, object]]


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    os.umask(0o077)
    given = list(sys.argv[1:] if argv is None else argv)
    _ = translator("fyraften_service", _language(given))
    arguments = _parser(_).parse_args(given)
    try:
        result = _command(arguments.command)(arguments, _)
    except (ServiceError, PolicyError) as error:
        print(f"fyraften-service: {error.text(_)}", file=sys.stderr)
        return error.exit_code if isinstance(error, ServiceError) else ExitCode.BAD_INPUT
    except ModuleNotFoundError as error:
        missing = _("The part {part} is not installed. Install fyraften[service] again.").format(part=error.name)
        print(f"fyraften-service: {missing}", file=sys.stderr)
        return ExitCode.FAILED
    except KeyboardInterrupt:
        return ExitCode.DONE
    _show(result, _, as_json=arguments.json)
    return ExitCode.DONE


def _command(name: str) -> Command:
    """Return what runs a command; nothing else is imported."""
    if name == "init":
        from fyraften_service.setup import init

        return init
    if name == "run":
        from fyraften_service.run import run

        return run
    from fyraften_service import upkeep

    return {"invite": upkeep.invite, "publish": upkeep.publish, "upgrade": upkeep.upgrade}[name]


def _show(result: dict[str, object], _: Translate, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps({name: value for name, value in result.items() if name != "text"}, ensure_ascii=False))
    else:
        print(result["text"])


def _language(given: Sequence[str]) -> str:
    for place, word in enumerate(given):
        if word.startswith("--language="):
            return choose_language([word.partition("=")[2]])
        if word == "--language" and place + 1 < len(given):
            return choose_language([given[place + 1]])
    # The first that is set decides, as everywhere on POSIX systems.
    found = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "en")
    return choose_language([found])


def _parser(_: Translate) -> argparse.ArgumentParser:
    meanings = {code: _(text) for code, text in MEANINGS.items()}
    parser = TranslatedParser(
        translate=_,
        prog="fyraften-service",
        description=_("The employer's side of Fyraften: receives what employees agreed to send, and shows groups."),
        epilog="\n".join([_("Exit codes:"), *(f"  {code.value}  {words}" for code, words in meanings.items())]),
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar=_("COMMAND"))
    _add_init(commands, _)
    _add_invite(commands, _)
    _add_run(commands, _)
    text = _("publish the weeks and months that are closed; a running service does so by itself")
    _add_calendar(_add(commands, "publish", text, _), _)
    _add(commands, "upgrade", _("bring the database to this version of the program"), _)
    return parser


def _add(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, text: str, _: Translate
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=text, description=text)
    parser.add_argument(
        "--folder",
        type=Path,
        default=Path(_FOLDER),
        help=_("the service's folder (default: {folder})").format(folder=_FOLDER),
    )
    parser.add_argument("--json", action="store_true", help=_("answer as one JSON document"))
    parser.add_argument("--language", choices=LANGUAGES, help=_("the language to answer in"))
    return parser


def _add_init(commands: argparse._SubParsersAction[argparse.ArgumentParser], _: Translate) -> None:
    parser = _add(commands, "init", _("set up a service: settings, database, key and the first account"), _)
    for option, text in (
        ("--organisation", mark("the employer's name, as employees see it")),
        ("--contact", mark("whom employees can ask, as they see it")),
        ("--public-url", mark("the address at which laptops and people reach the service")),
    ):
        parser.add_argument(option, required=True, help=_(text))
    parser.add_argument("--notice-date", help=_("the date of the notice to the employees, such as 2026-09-01"))
    parser.add_argument(
        "--cell",
        action="append",
        default=[],
        metavar="CODE=NAME[:PARENT]",
        help=_("a group to declare, inside the organisation or inside another; give it for each"),
    )
    parser.add_argument("--zone", default="Europe/Copenhagen", help=_("the IANA time zone whose date counts"))
    parser.add_argument("--smallest-group", type=int, default=10, help=_("the smallest group shown; never below 5"))
    parser.add_argument("--database", help=_("a SQLAlchemy address; default: a SQLite file in the folder"))
    parser.add_argument("--admin", metavar="NAME", help=_("the first account; asked for if left out"))
    parser.add_argument("--password-file", type=Path, help=_("a file of mode 0600 whose first line is the password"))
    parser.add_argument(
        "--demonstration",
        action="store_true",
        help=_("a service for showing and testing, marked on every page, that may run on a calendar of its own"),
    )


def _add_invite(commands: argparse._SubParsersAction[argparse.ArgumentParser], _: Translate) -> None:
    parser = _add(commands, "invite", _("make a code with which laptops enrol"), _)
    parser.add_argument("kind", choices=("cell", "person"), help=_("for a group (used by many), or for one person"))
    parser.add_argument("whom", help=_("the group's code, or the person's name"))


def _add_run(commands: argparse._SubParsersAction[argparse.ArgumentParser], _: Translate) -> None:
    parser = _add(commands, "run", _("run the service until it is stopped"), _)
    parser.add_argument("--host", default="127.0.0.1", help=_("the address to listen at (default: this computer only)"))
    parser.add_argument("--port", type=int, help=_("the port to listen at (default: the public address's, or 8440)"))
    parser.add_argument(
        "--behind-proxy", action="store_true", help=_("a proxy in front ends https; needed beyond this computer")
    )
    _add_calendar(parser, _)


def _add_calendar(parser: argparse.ArgumentParser, _: Translate) -> None:
    text = _("read the date from this file; only for a demonstration")
    parser.add_argument("--calendar", type=Path, help=text)
