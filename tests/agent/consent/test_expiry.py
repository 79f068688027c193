"""Consents that run out: to the second, told in time, written down, and renewed by nobody but the person."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from fakes import FakeLaptop
from fyraften_agent.consent.expiry import endings, settle_expired
from fyraften_agent.consent.ledger import PURPOSES, one_year_after
from fyraften_agent.consent.ledger_store import Consents, Ledger
from fyraften_agent.consent.notices import LAST_SECONDS, SOON_SECONDS, Ending, ending_notices
from fyraften_agent.errors import NoConsentError
from fyraften_agent.paths import Paths
from fyraften_agent.sender import Outcome, send_due
from fyraften_agent.store.store import Store
from fyraften_agent.verify_ledger import verify

ZONE = "Europe/Copenhagen"
ALWAYS = 2**40


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths(tmp_path / "fyraften")


@pytest.fixture
def laptop(paths: Paths) -> Iterator[FakeLaptop]:
    paths.prepare()
    with Store.open(paths.work) as store:
        laptop, consents = FakeLaptop(store), Consents(paths)
        laptop.may_record = lambda: consents.is_given("recording", laptop.clock.now())
        yield laptop


class StandingClock:
    """A clock that stands."""

    def __init__(self, now: int) -> None:
        self._now = now

    def now(self) -> int:
        return self._now

    def monotonic(self) -> float:
        return 0.0

    def boottime(self) -> float:
        return 0.0

    def zone(self) -> str:
        return ZONE


def give(paths: Paths, at: int, *purposes: str) -> None:
    with Ledger.open(paths) as ledger:
        for purpose in purposes:
            ledger.give(purpose, at, "the text", "en", 1)


def kinds(paths: Paths, purpose: str = "recording") -> list[str]:
    return [event.kind for event in verify(paths) if event.purpose == purpose]


def told(left: int, purpose: str = "recording") -> list[str]:
    at = one_year_after(1_767_600_000)
    return [one.key.partition(":")[0] for one in ending_notices([Ending(purpose, at)], at - left, ZONE, str)]


def test_recording_goes_on_to_the_last_second_and_ends_with_the_twelve_months(paths: Paths, laptop: FakeLaptop) -> None:
    start = laptop.clock.now()
    give(paths, start - (one_year_after(start) - start) + 30, "recording")  # half a minute is left
    laptop.start()
    laptop.work(20)
    before = len(laptop.store.spans(0, ALWAYS))
    laptop.clock.run(10)
    laptop.source.type()

    with pytest.raises(NoConsentError):
        laptop.collector.tick()
    assert before == 1
    assert laptop.store.spans(0, ALWAYS)[0].end <= start + 30
    assert len(laptop.store.spans(0, ALWAYS)) == 1


@pytest.mark.parametrize("purpose", PURPOSES)
def test_every_purpose_ends_by_itself_and_on_its_own(paths: Paths, purpose: str) -> None:
    give(paths, 1_767_600_000, purpose)
    give(paths, 1_767_700_000, *[other for other in PURPOSES if other != purpose])
    consents, end = Consents(paths), one_year_after(1_767_600_000)

    assert consents.is_given(purpose, end - 1)
    assert [other for other in PURPOSES if not consents.is_given(other, end)] == [purpose]


def test_the_sender_writes_down_what_has_run_out_also_where_nothing_is_due(paths: Paths) -> None:
    give(paths, 1_767_600_000, "recording", "group")
    end = one_year_after(1_767_600_000)
    send_due(paths, StandingClock(end - 1), lambda: 0.5)
    assert "expired" not in kinds(paths) + kinds(paths, "group")
    for _ in range(2):
        assert send_due(paths, StandingClock(end), lambda: 0.5) == Outcome()

    assert kinds(paths) == ["notice_shown", "given", "expired"]
    assert kinds(paths, "group") == ["notice_shown", "given", "expired"]


def test_where_nothing_has_run_out_nothing_is_written_and_no_file_made(paths: Paths) -> None:
    assert settle_expired(paths, 2**33) == []
    assert not paths.folder.exists()
    give(paths, 1_767_600_000, "recording")
    before = paths.ledger.read_bytes()

    assert settle_expired(paths, 1_767_600_001) == []
    assert paths.ledger.read_bytes() == before


def test_what_was_written_as_run_out_does_not_come_back_with_the_clock(paths: Paths) -> None:
    give(paths, 1_767_600_000, "recording")
    settle_expired(paths, one_year_after(1_767_600_000))

    assert Consents(paths).state("recording", 1_767_600_100).state == "expired"


def test_renewing_shows_the_same_text_and_counts_from_the_new_answer(paths: Paths) -> None:
    first, second = 1_767_600_000, 1_767_600_000 + 340 * 86_400
    give(paths, first, "recording")
    give(paths, second, "recording")
    texts = {event.details["text_sha256"] for event in verify(paths)}

    assert texts == {hashlib.sha256(b"the text").hexdigest()}
    assert kinds(paths) == ["notice_shown", "given", "notice_shown", "given"]
    assert Consents(paths).state("recording", second).expires_at == one_year_after(second)
    assert Consents(paths).is_given("recording", one_year_after(first))


def test_a_consent_that_ran_out_can_be_given_again(paths: Paths) -> None:
    give(paths, 1_767_600_000, "recording")
    end = one_year_after(1_767_600_000)
    settle_expired(paths, end)
    give(paths, end + 5, "recording")

    assert Consents(paths).is_given("recording", end + 6)
    assert settle_expired(paths, end + 6) == []


def test_it_is_told_once_thirty_days_before_once_on_the_last_day_and_once_after() -> None:
    assert told(SOON_SECONDS + 1) == []
    assert told(SOON_SECONDS) == ["consent_soon"]
    assert told(LAST_SECONDS + 1) == ["consent_soon"]
    assert told(LAST_SECONDS) == ["consent_last"]
    assert told(1) == ["consent_last"]
    assert told(0) == ["consent_over"]


def test_the_same_matter_keeps_its_key_so_that_it_is_told_once() -> None:
    at = one_year_after(1_767_600_000)
    keys = {
        one.key
        for left in range(SOON_SECONDS, LAST_SECONDS, -86_400)
        for one in ending_notices([Ending("group", at)], at - left, ZONE, str)
    }

    assert keys == {"consent_soon:group:2027-01-05"}


@pytest.mark.parametrize("purpose", PURPOSES)
def test_the_notice_says_what_stops_and_how_to_agree_again(purpose: str) -> None:
    at = one_year_after(1_767_600_000)
    (one,) = ending_notices([Ending(purpose, at)], at - 86_400 * 3, ZONE, str)

    assert f"fyraften consent give {purpose}" in one.body
    assert ("recording stops" if purpose == "recording" else "nothing more is sent") in one.body
    assert one.deadline is None


def test_only_what_was_agreed_to_can_run_out(paths: Paths) -> None:
    give(paths, 1_767_600_000, *PURPOSES)
    with Ledger.open(paths) as ledger:
        ledger.append("withdrawn", "group", 1_767_600_001)
    end = one_year_after(1_767_600_000)
    consents = Consents(paths)

    assert endings(consents, end - SOON_SECONDS - 1) == []
    assert {one.purpose for one in endings(consents, end - SOON_SECONDS)} == set(PURPOSES) - {"group"}
    assert {one.purpose for one in endings(consents, end)} == set(PURPOSES) - {"group"}
