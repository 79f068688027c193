"""Findings written out: a page of text that a lawyer can follow with a pencil."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from agent_records import ZONE
from fyraften_agent.shown.explaining import explained, explained_answer, explained_error, heading_of, tally
from fyraften_agent.shown.finding_words import finding_words
from fyraften_policy.evaluate import Answer, evaluate
from fyraften_policy.facts import read_facts
from fyraften_policy.findings import Finding, Step
from fyraften_policy.parameters import Citation

LONG = "A sentence that goes on and on until it is far too long for one line of a narrow page, § 50."
FINDING = Finding(
    rule="dk.rest.daily",
    verdict="not_judged",
    force="law",
    start=0,
    end=86400,
    citation=Citation("Act", "§ 50", "https://example.org/act"),
    steps=(Step("One."), Step(LONG)),
    reason="unobserved",
)


def judged(**facts: Any) -> Answer:
    late = [{"start": "2026-01-13T08:00", "end": "2026-01-13T22:00", "place": "home"}]
    return evaluate(read_facts({"jurisdiction": "DK", "zone": ZONE, "work": late, "public_holidays": [], **facts}))


def lines_of(answer: Answer) -> list[str]:
    return explained_answer(answer, str, str, 100)


def test_a_finding_is_written_in_the_order_in_which_one_reads() -> None:
    lines = explained(finding_words(FINDING, "UTC", str, str), str, 100)

    assert lines == [
        "Daily rest: cannot be judged",
        "  Judged: 1970-01-01 00:00 to 1970-01-02 00:00",
        "  Part of the time was not observed, and it could change the answer.",
        "  What to do: If you worked in the time of which nothing is known, write it down: fyraften log add.",
        "  It is judged once enough is known; time before Fyraften began stays open.",
        "  1. One.",
        "  2. A sentence that goes on and on until it is far too long for one line of a narrow page, § 50.",
        "  Law: Act, § 50",
        "  https://example.org/act",
        "  The wording was checked at this address.",
        "",
    ]


def test_a_paragraph_sign_stays_with_its_number_where_lines_are_folded() -> None:
    words = finding_words(FINDING, "UTC", str, str)

    for width in range(30, 100):
        folded = explained(words, str, width)
        assert not any(line.endswith("§") for line in folded)
        assert "\N{NO-BREAK SPACE}" not in "".join(folded)


def test_every_finding_of_every_rule_is_explained_those_to_look_at_first() -> None:
    answer = judged()

    text = lines_of(answer)

    heads = [line for line, under in pairwise(text) if set(under) == {"-"}]
    assert heads[0] == "Daily rest (dk.rest.daily) – not met: 1"
    assert len(heads) == len(answer.summary)
    assert sum(line.startswith("  Judged: ") for line in text) == len(answer.findings)


def test_within_a_rule_the_worst_comes_first() -> None:
    short = [{"start": "2026-01-12T08:00", "end": "2026-01-12T16:00"}]
    work = [*short, {"start": "2026-01-13T08:00", "end": "2026-01-13T22:00"}]

    text = lines_of(judged(work=work))

    first = next(line for line in text if line.startswith("Daily rest: "))
    assert "Daily rest (dk.rest.daily) – not met: 1, met: 1" in text
    assert first.startswith("Daily rest: not met")


def test_what_nobody_told_comes_last() -> None:
    text = lines_of(judged())

    heads = [line.partition(" (")[0] for line, under in pairwise(text) if set(under) == {"-"}]
    assert heads[0] == "Daily rest"
    assert {"Work outside the agreed hours", "Eye test", "Home days against the agreement"} <= set(heads[-6:])
    assert heads.index("Pauses from the screen") < heads.index("Eye test")


def test_facts_that_tell_no_time_at_all_have_no_period_to_show() -> None:
    text = lines_of(judged(work=[]))

    assert not any("1970" in line for line in text)
    assert "  There is nothing complete to judge in this period." in text


def test_what_to_do_speaks_of_the_facts_not_of_commands() -> None:
    text = "\n".join(lines_of(judged()))

    assert "agreement.normal_hours" in text
    assert "fyraften" not in text


def test_verdicts_of_the_screen_rule_are_counted_too() -> None:
    found = [FINDING._replace(verdict=verdict) for verdict in ("not_covered", "covered", "covered")]

    assert tally(found, str) == "the special rules apply: 2, the special rules do not apply: 1"


def test_what_comes_next_is_told_where_the_facts_say_what_time_it_is() -> None:
    assert "Stop by 21:00 to keep the daily rest." in lines_of(judged(at="2026-01-13T20:00"))
    assert "What comes next" not in lines_of(judged())


def test_an_error_says_where_what_and_what_to_do() -> None:
    error = {"line": 3, "field": "work[0].end", "message": "08:00 is not after 09:00.", "remedy": "Correct it."}

    assert explained_error(error, str) == [
        "This document cannot be judged.",
        "  Line: 3",
        "  Field: work[0].end",
        "  08:00 is not after 09:00.",
        "  What to do: Correct it.",
        "",
    ]
    assert "  Line: 3" not in explained_error({**error, "line": None}, str)


def test_a_document_is_headed_by_its_id() -> None:
    assert heading_of("anna", str) == ["Document anna", "=============", ""]
