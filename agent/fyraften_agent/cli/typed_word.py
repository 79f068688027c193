"""Asks a person at the keyboard to type a word that was not known before: nothing else can answer for them.

Not here: consent, which has its own question (``consent_giving``).
"""

from __future__ import annotations

import secrets
from typing import TextIO

from fyraften_agent.cli.context import Context

# Short words that are read alike in every language Fyraften speaks.
_WORDS = ("bark", "fin", "glas", "kant", "lampe", "mandel", "post", "ring", "salt", "sand", "tand", "vind")


def types_the_word(sentence: str, context: Context, out: TextIO) -> bool:
    """Ask, with a sentence that has ``{word}`` in it, and say whether that word was typed."""
    word = secrets.choice(_WORDS)
    print(sentence.format(word=word), file=out)
    print(">", end=" ", file=out, flush=True)
    return context.keyboard.readline().strip().casefold() == word
