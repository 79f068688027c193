"""What ``fyraften doctor`` says of keys and of the ledger's end: where they are kept, and what would go unseen.

Not here: the other checks (``doctor.py``), the check of every signature (``verify_ledger.py``).
"""

from __future__ import annotations

from collections.abc import Iterator

from fyraften_agent.cli.context import Context
from fyraften_agent.consent.keys import IN_FILE, LEDGER_KEY, KeyringGoneError, Keys, kept_words
from fyraften_agent.consent.ledger_head import HEAD, read_head
from fyraften_agent.consent.system_keyring import KeyringError
from fyraften_policy.languages import mark

_END_WORDS = {
    "keyring": mark(
        "The end of the consent ledger is compared with a note in the system's keyring: that entries were cut off "
        "would be seen."
    ),
    "file": mark(
        "The end of the consent ledger is compared with a note in a file beside its key: that entries were cut off "
        "would be seen, unless somebody changed both."
    ),
    "nowhere": mark(
        "There is no note of the consent ledger's end, neither in the system's keyring nor in {file}: that entries "
        "were cut off cannot be seen."
    ),
}

Found = tuple[str, bool, str]
"""The name of a check, whether it is well, and the sentence."""


def keys_found(context: Context) -> Iterator[Found]:
    """Yield where the keys are, and whether they can be had now; ends with the note of the ledger's end."""
    _, keys = context._, Keys(context.paths.keys)
    names = keys.names()
    if not names:
        yield "keys", True, kept_words(None, _)
        return
    for place in sorted({keys.kept_in(name) or IN_FILE for name in names}):
        yield "keys", True, kept_words(place, _)
    if any(keys.kept_in(name) != IN_FILE for name in names):
        yield from _looked_into(keys, names, context)
    elif (keyring := _better_place(keys)) is not None:
        text = _("There is a keyring here ({keyring}); the keys move into it the next time one of them is used.")
        yield "keys", True, text.format(keyring=keyring)
    if context.paths.ledger.exists():
        yield _end(keys, context)


def _looked_into(keys: Keys, names: list[str], context: Context) -> Iterator[Found]:
    for name in names:
        try:
            keys.load(name)
        except KeyringGoneError as failure:
            yield "keys", False, failure.text(context._)
            return


def _better_place(keys: Keys) -> str | None:
    try:
        place = keys.check_keyring()
    except KeyringError:
        return None
    return None if place == IN_FILE else place


def _end(keys: Keys, context: Context) -> Found:
    """Say against what the ledger's end is held, which a chain of hashes cannot show by itself."""
    _, file = context._, context.paths.keys / HEAD
    try:
        in_keyring = keys.head(LEDGER_KEY) is not None
    except KeyringGoneError:
        in_keyring = False
    where = "keyring" if in_keyring else "file" if read_head(file)[0] else "nowhere"
    return "ledger_end", where != "nowhere", _(_END_WORDS[where]).format(file=file)
