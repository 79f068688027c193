"""A5: hours written by hand and corrections are equal, and a correction is a new revision with its own receipt.

The earlier one stays, at the service and on the laptop: what was filed cannot be made unsaid by either side.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from fyraften_agent.sending.outbox import RECEIPTED
from fyraften_agent.sending.receipts import check_report
from fyraften_agent.sending.record_reports import propose
from fyraften_agent.store.records import Session, Source
from fyraften_policy import wire
from fyraften_policy.periods import week_interval
from fyraften_service.receipts import from_text, is_signed_by
from fyraften_service.tables import record_reports
from office_way import OfficeLaptop
from service_office import Office, furnish, open_office
from service_process import RECORD_MINUTES, record_values

NOW = 1_793_360_000  # Friday 30 October 2026, the office's day
ZONE, WEEK = "Europe/Copenhagen", "2026-W43"
CORRECTED = (*RECORD_MINUTES[:4], 360, None, None)


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("office") / "service"
    furnish(folder)
    return folder


@pytest.fixture
def office(furnished: Path, tmp_path: Path) -> Iterator[Office]:
    opened = open_office(Path(shutil.copytree(furnished, tmp_path / "service")))
    yield opened
    opened.database.close()


def file(laptop: OfficeLaptop, *minutes: int | None) -> None:
    """Put the week into the outbox, approve it, and let the sender run."""
    body = wire.encode("fyraften.record.weekly/1", record_values(WEEK, minutes))
    item = laptop.outbox(lambda outbox: outbox.replace(body, laptop.subject, laptop.clock.time))
    laptop.outbox(lambda outbox: outbox.approve(item.id, laptop.clock.time, laptop.clock.time))
    assert laptop.run().receipted == 1


def envelopes(laptop: OfficeLaptop) -> list[dict[str, Any]]:
    return [json.loads(item.receipt or b"") for item in laptop.items()]


def kept(office: Office) -> list[tuple[int, list[int | None]]]:
    with office.database.reading() as connection:
        found = connection.execute(sa.select(record_reports).order_by(record_reports.c.revision))
        return [(row.revision, json.loads(row.answers)["minutes"]) for row in found]


def test_a_correction_is_a_new_revision_with_a_receipt_of_its_own(office: Office, tmp_path: Path) -> None:
    laptop = OfficeLaptop(tmp_path / "laptop", office, "record", NOW)
    file(laptop, *RECORD_MINUTES)
    first_receipt = laptop.items()[0].receipt
    file(laptop, *CORRECTED)

    first, second = (each["receipt"] for each in envelopes(laptop))
    assert (first["revision"], first["replaces"]) == (1, None)
    assert (second["revision"], second["replaces"]) == (2, first["body_sha256"])
    public = from_text(office.get("/v1/service").json()["public_key"])
    assert all(is_signed_by(public, each["receipt"], each["signature"]) for each in envelopes(laptop))
    assert laptop.items()[0].receipt == first_receipt


def test_the_earlier_one_stays_on_both_sides(office: Office, tmp_path: Path) -> None:
    laptop = OfficeLaptop(tmp_path / "laptop", office, "record", NOW)
    file(laptop, *RECORD_MINUTES)
    file(laptop, *CORRECTED)
    office.sign_in()
    page = office.get("/record").text

    assert kept(office) == [(1, list(RECORD_MINUTES)), (2, list(CORRECTED))]
    assert [item.state for item in laptop.items()] == [RECEIPTED, RECEIPTED]
    assert [json.loads(item.body or b"")["minutes"] for item in laptop.items()] == [
        list(RECORD_MINUTES),
        list(CORRECTED),
    ]
    assert page.index("2026-10-30, corrected") < page.index("2026-10-30, replaced")


def test_a_correction_back_to_what_was_filed_first_is_the_third_revision(office: Office, tmp_path: Path) -> None:
    laptop = OfficeLaptop(tmp_path / "laptop", office, "record", NOW)
    for minutes in (RECORD_MINUTES, CORRECTED, RECORD_MINUTES):
        file(laptop, *minutes)

    assert [revision for revision, _minutes in kept(office)] == [1, 2, 3]
    first, _second, third = (each["receipt"] for each in envelopes(laptop))
    assert third["body_sha256"] == first["body_sha256"]
    assert third["replaces"] != first["replaces"]


@given(
    st.lists(
        st.tuples(*(st.one_of(st.none(), st.integers(0, 1440)) for _ in range(7))).filter(lambda days: any(days)),
        min_size=1,
        max_size=5,
    )
)
@settings(max_examples=10, deadline=None)
def test_whatever_is_corrected_every_version_is_there_and_the_last_is_current(
    furnished: Path, tmp_path_factory: pytest.TempPathFactory, versions: list[tuple[int | None, ...]]
) -> None:
    folder = tmp_path_factory.mktemp("filed")
    office = open_office(Path(shutil.copytree(furnished, folder / "service")))
    distinct = [each for number, each in enumerate(versions) if number == 0 or each != versions[number - 1]]
    try:
        laptop = OfficeLaptop(folder / "laptop", office, "record", NOW)
        for minutes in distinct:
            file(laptop, *minutes)
        found = kept(office)
        items = laptop.items()
        key = from_text(office.get("/v1/service").json()["public_key"])
    finally:
        office.database.close()

    assert found == [(number, list(minutes)) for number, minutes in enumerate(distinct, 1)]
    for item in items:
        assert item.receipt is not None
        check_report(item.receipt, key, "record", item.report, WEEK, item.sha256, item.replaces, is_kept=True)


def test_work_that_was_added_or_corrected_counts_as_what_was_measured() -> None:
    week = week_interval(WEEK, ZONE)
    start, end = week.start + 8 * 3600, week.start + 15 * 3600
    sources: tuple[Source, ...] = ("measured", "added", "corrected")
    proposals = {propose(WEEK, ZONE, [_session(start, end, source)], [], week.end)[0].minutes for source in sources}

    assert proposals == {7 * 60}


def _session(start: int, end: int, source: Source) -> Session:
    measured = (None, None) if source == "added" else (start, end)
    return Session(1, start, end, ZONE, "home", None, None, "fixed", True, source, False, *measured, None, start)
