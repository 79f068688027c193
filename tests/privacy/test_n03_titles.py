"""N3: no window title, program, address, file name or message is kept: what a seizure of the laptop would find."""

from __future__ import annotations

import re

from privacy.conftest import DOCUMENT, TITLE, Seized

# Every file that an agent leaves behind; a new one has to be thought about here.
FILES = (
    r"agent/work\.sqlite3(-wal|-shm|-held)?",
    r"agent/ledger\.sqlite3(-journal)?",
    r"agent/ledger\.spare",  # room on the disk, kept for a withdrawal
    r"agent/keys/(ledger\.key|ledger\.head|places\.key)",
    r"agent/(supervisor|collector|sender)\.lock",
    r"agent/agent\.log",
    r"words/(out|errors)",  # where this test lets the processes speak
)
LEDGER = {
    "events": {"number", "at", "kind", "purpose", "details", "previous", "hash", "signature"},
    "texts": {"sha256", "text"},
}


def test_the_agent_leaves_no_file_but_those_on_this_list(seized: Seized) -> None:
    unknown = [name for name in seized.files if not any(re.fullmatch(known, name) for known in FILES)]

    assert unknown == []


def test_no_column_of_the_ledger_is_new(seized: Seized) -> None:
    found = {table: set(seized.columns["ledger.sqlite3"][table]) for table in LEDGER}

    assert found == LEDGER


def test_title_program_and_document_in_front_of_the_person_are_in_no_file_and_no_word(seized: Seized) -> None:
    canaries = (TITLE, DOCUMENT, "texteditor", "TextEditor")

    assert seized.files_with(*canaries) == []
    assert not any(canary in seized.words for canary in canaries)


def test_no_process_of_the_agent_touches_the_document_of_another_program(seized: Seized) -> None:
    assert DOCUMENT not in seized.trace


def test_title_program_and_document_are_not_in_the_memory_of_the_agent(seized: Seized) -> None:
    assert seized.in_memory_of("collector", TITLE, DOCUMENT, "TextEditor") == []
    assert seized.in_memory_of("supervisor", TITLE, DOCUMENT, "TextEditor") == []
