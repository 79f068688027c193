"""The answers to self-checks in the file of the raw data: one row a question, for pulse statements one a month.

An answer that is changed replaces the one before, beyond recovery: what somebody once said about their eyes is nobody's
history. Symptoms and pulse answers go with the work of their time, all others some years later.
Not here: what may be answered (``selfchecks.answers``).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from fyraften_agent.selfchecks.answers import Answer
from fyraften_agent.selfchecks.questions import question_named
from fyraften_agent.store.schema import WorkFile

# Longer than any interval after which something is suggested again, also one that an agreement sets (36 months).
KEPT_LONGER_SECONDS = 3 * 366 * 24 * 3600


def read_answers(file: WorkFile) -> list[Answer]:
    """Return every answer to a question that is still asked, the oldest first."""
    rows = file.rows("SELECT question, period, value, answered_on, answered_at FROM answers ORDER BY answered_at, id")
    return [
        Answer(row["question"], row["value"], date.fromisoformat(row["answered_on"]), row["answered_at"], row["period"])
        for row in rows
        if question_named(row["question"]) is not None
    ]


def keep_answers(file: WorkFile, answers: Iterable[Answer]) -> None:
    """Keep answers, in one transaction; each replaces the one to the same question about the same period."""
    with file.transaction():
        for one in answers:
            file.change(
                "INSERT INTO answers (question, period, value, answered_on, answered_at, kept_longer)"
                " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (question, period) DO UPDATE SET value = excluded.value,"
                " answered_on = excluded.answered_on, answered_at = excluded.answered_at",
                [one.question, one.period, one.value, one.on.isoformat(), one.at, kept_longer(one.question)],
            )


def remove_answers(file: WorkFile, answers: Iterable[tuple[str, str]]) -> int:
    """Remove the answers to these questions about these periods, beyond recovery; return how many there were."""
    removed = 0
    with file.transaction():
        for question, period in answers:
            gone = file.change("DELETE FROM answers WHERE question = ? AND period = ?", [question, period])
            removed += gone.rowcount
    return removed


def kept_longer(question: str) -> int:
    """Return how many seconds longer than work the answer to a question is kept."""
    known = question_named(question)
    return 0 if known is None or known[1].is_short_lived else KEPT_LONGER_SECONDS
