"""``fyraften outbox by-itself``: whether reports without a name leave by themselves after two days; chosen by a person.

Not here: what follows from the choice (``sending/by_itself.py``).
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from contextlib import closing
from typing import Any

from fyraften_agent.cli.consent import tell_agent
from fyraften_agent.cli.context import Context
from fyraften_agent.cli.exit_codes import ExitCode
from fyraften_agent.cli.typed_word import types_the_word
from fyraften_agent.consent.ledger_file import open_ledger, open_to_read, transaction
from fyraften_agent.consent.ledger_store import Ledger
from fyraften_agent.errors import InputError, NoConsentError
from fyraften_agent.sending.by_itself import CHOICE, CHOICE_WORDS, is_chosen, may_be_chosen
from fyraften_agent.sending.outbox import APPROVED, HELD, Item, Outbox
from fyraften_agent.shown.wording import PURPOSES, word
from fyraften_agent.verify_ledger import verify
from fyraften_policy import wire
from fyraften_policy.languages import Translate


def add(steps: Any, _: Translate) -> None:
    """Register ``outbox by-itself``."""
    chosen = steps.add_parser(
        "by-itself",
        help=_("let group reports leave by themselves after two days, or no longer"),
        description=_(
            "Choose whether reports without a name leave by themselves, two days after they were made. You are told "
            "on the day before, and can keep each one back. Reports under your name never leave by themselves."
        ),
        epilog=_("Examples:\n  fyraften outbox by-itself group on\n  fyraften outbox by-itself group off"),
    )
    purposes = [purpose for purpose in wire.purposes() if may_be_chosen(purpose)]
    chosen.add_argument("purpose", choices=purposes, help=_("what for"))
    chosen.add_argument("choice", nargs="?", choices=("on", "off"), help=_("on or off; shown if left out"))
    chosen.set_defaults(run="outbox_by_itself:choose")


def choose(arguments: argparse.Namespace, context: Context) -> int:
    """Show the choice, or change it; only a person at a terminal can turn it on."""
    from fyraften_agent.cli.outbox import state_words  # which registers this command

    purpose = arguments.purpose
    is_on = is_chosen(verify(context.paths), purpose)
    wanted = is_on if arguments.choice is None else arguments.choice == "on"
    if wanted and not is_on and not _agrees(purpose, arguments.json, context):
        return ExitCode.NO_CONSENT
    if wanted != is_on:
        _note(purpose, wanted, context)
        tell_agent(context)
    going = _approved(purpose, context)
    document = {"purpose": purpose, "by_itself": wanted, "approved": [item.id for item in going]}
    lines = [f"{item.id}: {state_words(item, context._)}" for item in going]
    context.show(arguments, document, [_sentence(purpose, wanted, context), *lines])
    return ExitCode.DONE


def _approved(purpose: str, context: Context) -> list[Item]:
    """Return what is on its way already, by the person's word or by itself: turning it off does not stop these."""
    connection = open_to_read(context.paths.ledger)
    if connection is None:
        return []
    with closing(connection):
        items = Outbox(connection).items(APPROVED)
    return [item for item in items if item.purpose == purpose and not item.kept_back]


def _agrees(purpose: str, to_errors: bool, context: Context) -> bool:
    _ = context._
    if not context.paths.ledger.exists():
        raise _not_agreed(purpose, context)
    with Ledger.open(context.paths) as ledger:
        if not ledger.holds(purpose, context.clock.now()):
            raise _not_agreed(purpose, context)
    if not context.at_a_terminal():
        raise NoConsentError(_("This is chosen by a person: this is no terminal, so nothing was changed."))
    out = sys.stderr if to_errors else context.out
    print(_text(_), file=out)
    asked = _("To choose it, type the word {word} and press Enter. Anything else changes nothing.")
    return types_the_word(asked, context, out)


def _not_agreed(purpose: str, context: Context) -> InputError:
    words = context._("You have not agreed to send such reports: fyraften consent give {purpose}")
    return InputError(words.format(purpose=purpose))


def _note(purpose: str, is_on: bool, context: Context) -> None:
    """Write the choice into the ledger; where it is off, no report has a moment any more."""
    text, now = _text(context._), context.clock.now()
    digest = hashlib.sha256(text.encode()).hexdigest()
    with Ledger.open(context.paths) as ledger:
        with transaction(ledger.connection):
            ledger.keep_text(digest, text)
            shown = {CHOICE: is_on, "text_sha256": digest, "language": context.language}
            ledger.append("notice_shown", purpose, now, shown)
        ledger.settle_head()
    with closing(open_ledger(context.paths.ledger)) as connection:
        outbox = Outbox(connection)
        for item in outbox.items(HELD):
            if item.purpose == purpose:
                outbox.put_off(item.id, None)


def _text(_: Translate) -> str:
    return _(
        "Reports of this purpose will leave by themselves, two days after they were made, without your approval of "
        "each one. What is in them, and who receives them, stays what you agreed to. On the day before, you are told. "
        "Until then each can be read (fyraften outbox show) and kept back (fyraften outbox hold)."
    )


def _sentence(purpose: str, is_on: bool, context: Context) -> str:
    return context._(CHOICE_WORDS[is_on]).format(purpose=word(PURPOSES, purpose, context._))
