"""Corrections on their way: whatever is lost, repeated or cut off, the last one becomes the current one, once."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from fyraften_agent.consent.ledger_store import Ledger
from fyraften_agent.sending.outbox import HELD, RECEIPTED, SENT, NotPossibleError, Outbox
from fyraften_policy import wire
from fyraften_service.tables import duty_reports
from office_way import OfficeLaptop, arrives, lost
from service_office import furnish, open_office
from service_process import duty_values

NOW = 1_793_360_000  # Friday 30 October 2026, the office's day
MONTH = "2026-10"
WISHES = ("chair", "desk", "light", "screen")


class Killed(BaseException):
    """The process ends here, as by ``kill -9``: nothing of what would follow is done."""


def killed_before(_method: str, _deliver: Callable[[], httpx.Response]) -> httpx.Response:
    raise Killed


def killed_after(_method: str, deliver: Callable[[], httpx.Response]) -> httpx.Response:
    deliver()
    raise Killed


def answer_lost(method: str, deliver: Callable[[], httpx.Response]) -> httpx.Response:
    deliver()
    return lost()


def receipt_garbled(method: str, deliver: Callable[[], httpx.Response]) -> httpx.Response:
    answer = deliver()
    return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content[:-9])


def refused_for_now(_method: str, _deliver: Callable[[], httpx.Response]) -> httpx.Response:
    document = {"type": "urn:fyraften:problem:unavailable", "title": "x", "status": 503, "detail": "y"}
    return httpx.Response(503, headers={"content-type": "application/problem+json"}, content=json.dumps(document))


FATES = (arrives, lost, killed_before, killed_after, answer_lost, receipt_garbled, refused_for_now)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("correct"), st.sampled_from(WISHES)),
        st.tuples(st.just("approve"), st.none()),
        st.tuples(st.just("run"), st.sampled_from(FATES)),
        st.tuples(st.just("wait"), st.sampled_from((1, 90, 3600, 86400))),
    ),
    min_size=3,
    max_size=24,
)


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("office") / "service"
    furnish(folder)
    return folder


def body(wish: str) -> bytes:
    return wire.encode("fyraften.duty.monthly/1", duty_values(MONTH, equipment_wanted=[wish]))


def correct(laptop: OfficeLaptop, wish: str) -> None:
    laptop.outbox(lambda outbox: outbox.replace(body(wish), laptop.subject, laptop.clock.time))


def approve(laptop: OfficeLaptop) -> None:
    for item in laptop.items():
        if item.state == HELD:
            laptop.outbox(lambda outbox, item=item: outbox.approve(item.id, laptop.clock.time, laptop.clock.time))  # type: ignore[misc]


def do(laptop: OfficeLaptop, step: str, how: object) -> None:
    if step == "correct":
        correct(laptop, str(how))
    elif step == "approve":
        approve(laptop)
    elif step == "wait":
        laptop.clock.time += int(str(how))
    else:
        fate = next(each for each in FATES if each is how)

        def only_reports(method: str, deliver: Callable[[], httpx.Response]) -> httpx.Response:
            return fate(method, deliver) if method == "PUT" else deliver()

        laptop.way.fate = only_reports
        with suppress(Killed):
            laptop.run()
        laptop.way.fate = arrives


@given(steps)
@settings(max_examples=25, deadline=None)
def test_whatever_happens_one_revision_is_current_and_it_is_the_last_approved(
    furnished: Path, done: list[tuple[str, object]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        office = open_office(Path(shutil.copytree(furnished, Path(folder) / "service")))
        try:
            laptop = OfficeLaptop(Path(folder) / "laptop", office, "duty", NOW)
            for step, how in done:
                do(laptop, step, how)
            approve(laptop)
            for _ in range(4):
                laptop.run(later=86400)
            with office.database.reading() as connection:
                revisions = connection.execute(sa.select(duty_reports).order_by(duty_reports.c.revision)).all()
            items = [one for one in laptop.items() if one.state != "purged"]
        finally:
            office.database.close()

    wishes = [str(how) for step, how in done if step == "correct"]
    assert [one.state for one in items] == [RECEIPTED] * len(items)
    assert [(row.body_sha256, row.replaces) for row in revisions] == [(one.sha256, one.replaces) for one in items]
    assert [row.revision for row in revisions] == list(range(1, len(items) + 1))
    assert [row.replaces for row in revisions] == [None, *(row.body_sha256 for row in revisions[:-1])][: len(items)]
    if wishes:
        assert revisions[-1].body_sha256 == hashlib.sha256(body(wishes[-1])).hexdigest()
    assert len(items) <= len(wishes)


def test_a_correction_after_a_lost_answer_is_the_second_revision(furnished: Path, tmp_path: Path) -> None:
    office = open_office(Path(shutil.copytree(furnished, tmp_path / "service")))
    laptop = OfficeLaptop(tmp_path / "laptop", office, "duty", NOW)
    correct(laptop, "chair")
    approve(laptop)
    do(laptop, "run", answer_lost)
    correct(laptop, "desk")
    approve(laptop)
    waiting = laptop.items()
    laptop.run(later=86400)
    laptop.run()
    office.database.close()

    assert [one.waits_for for one in waiting] == [None, 1]
    receipts = [json.loads(one.receipt or b"")["receipt"] for one in laptop.items()]
    assert [(one["revision"], one["replaces"]) for one in receipts] == [(1, None), (2, laptop.items()[0].sha256)]


def test_taken_without_a_valid_receipt_the_correction_waits_for_it(furnished: Path, tmp_path: Path) -> None:
    office = open_office(Path(shutil.copytree(furnished, tmp_path / "service")))
    laptop = OfficeLaptop(tmp_path / "laptop", office, "duty", NOW)
    correct(laptop, "chair")
    approve(laptop)
    do(laptop, "run", receipt_garbled)
    correct(laptop, "desk")
    approve(laptop)
    states = [one.state for one in laptop.items()]
    laptop.run(later=86400)
    office.database.close()

    assert states == [SENT, "approved"]
    assert [one.state for one in laptop.items()] == [RECEIPTED, RECEIPTED]


def test_two_programs_that_correct_at_once_leave_one_that_waits(furnished: Path, tmp_path: Path) -> None:
    office = open_office(Path(shutil.copytree(furnished, tmp_path / "service")))
    laptop = OfficeLaptop(tmp_path / "laptop", office, "duty", NOW)
    with Ledger.open(laptop.paths) as first, Ledger.open(laptop.paths) as second:
        Outbox(first.connection).replace(body("chair"), laptop.subject, NOW)
        Outbox(second.connection).replace(body("desk"), laptop.subject, NOW)
    office.database.close()

    assert [one.state for one in laptop.items()] == ["purged", HELD]
    with pytest.raises(NotPossibleError):
        laptop.outbox(lambda outbox: outbox.approve(1, NOW, NOW))
