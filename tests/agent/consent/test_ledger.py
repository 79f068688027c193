"""Consent as a fold of events, and the chain that shows what was changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fyraften_agent.consent import ledger
from fyraften_agent.consent.keys import SigningKey, signature_fits
from fyraften_agent.consent.ledger import Event, LedgerError, consent_state
from fyraften_policy import wire

KEY = SigningKey(bytes(32))
OTHER_KEY = SigningKey(bytes([1]) * 32)
MONDAY = 1_767_600_000


def chain(*steps: tuple[str, str, int], key: SigningKey = KEY) -> list[Event]:
    events: list[Event] = []
    for kind, purpose, at in steps:
        before = events[-1] if events else None
        events.append(ledger.next_event(before, kind, purpose, at, {"wire_version": 1}, key.public, key.sign))
    return events


def check(events: list[Event]) -> None:
    ledger.check_chain(events)
    ledger.check_signatures(events, KEY.public, lambda signed, content: signature_fits(KEY.public, signed, content))


def check_all(events: list[Event], head: Event) -> None:
    ledger.check_chain(events)
    ledger.check_head(events, head.number, head.hash)


THREE = (("given", "recording", MONDAY), ("given", "group", MONDAY + 60), ("withdrawn", "group", MONDAY + 120))


def test_the_purposes_are_recording_and_those_of_the_registry_in_its_order() -> None:
    assert ledger.PURPOSES == ("recording", *wire.purposes()) == ("recording", "group", "pulse", "duty", "record")


def test_without_events_nothing_is_agreed() -> None:
    assert consent_state([], "recording", MONDAY).state == "none"


def test_what_was_given_is_given() -> None:
    state = consent_state(chain(("given", "recording", MONDAY)), "recording", MONDAY + 5)

    assert (state.state, state.is_given, state.given_at, state.wire_version) == ("given", True, MONDAY, 1)


def test_a_consent_to_one_purpose_is_none_to_another() -> None:
    assert consent_state(chain(("given", "recording", MONDAY)), "group", MONDAY).state == "none"


def test_the_latest_answer_counts() -> None:
    events = chain(("given", "group", MONDAY), ("withdrawn", "group", MONDAY + 1), ("given", "group", MONDAY + 2))

    assert [consent_state(events[:count], "group", MONDAY + 3).state for count in (1, 2, 3)] == [
        "given",
        "withdrawn",
        "given",
    ]


def test_declining_is_remembered_as_declined() -> None:
    assert consent_state(chain(("refused", "duty", MONDAY)), "duty", MONDAY).state == "refused"


def test_showing_a_text_is_no_consent() -> None:
    assert consent_state(chain(("notice_shown", "group", MONDAY)), "group", MONDAY).state == "none"


def test_a_consent_lives_until_the_last_second_of_twelve_months() -> None:
    events = chain(("given", "recording", MONDAY))
    end = ledger.one_year_after(MONDAY)

    assert consent_state(events, "recording", end - 1).state == "given"
    assert consent_state(events, "recording", end).state == "expired"


def test_setting_the_clock_back_does_not_revive_an_expired_consent() -> None:
    later = ledger.one_year_after(MONDAY) + 10
    events = chain(("given", "recording", MONDAY), ("notice_shown", "group", later))

    assert consent_state(events, "recording", MONDAY + 5).state == "expired"


@pytest.mark.parametrize(
    ("given_on", "ends_on"),
    [("2026-11-22", "2027-11-22"), ("2028-02-29", "2029-02-28"), ("2027-03-01", "2028-03-01")],
)
def test_twelve_months_end_on_the_same_date_of_the_next_year(given_on: str, ends_on: str) -> None:
    start = int(datetime.fromisoformat(given_on).replace(tzinfo=UTC).timestamp())

    assert datetime.fromtimestamp(ledger.one_year_after(start), UTC).date().isoformat() == ends_on


def test_an_untouched_chain_is_accepted() -> None:
    check(chain(*THREE))


@pytest.mark.parametrize("index", [0, 1, 2])
@pytest.mark.parametrize(
    "change",
    [
        {"at": MONDAY + 999},
        {"kind": "refused"},
        {"purpose": "duty"},
        {"details": {"wire_version": 2}},
        {"previous": "0" * 64},
        {"hash": "0" * 64},
    ],
)
def test_a_changed_event_is_named(index: int, change: dict[str, object]) -> None:
    events = chain(*THREE)
    events[index] = replace(events[index], **change)

    with pytest.raises(LedgerError) as caught:
        check(events)
    assert caught.value.number == index + 1


def test_an_event_whose_hash_was_made_anew_breaks_the_next_link() -> None:
    events = chain(*THREE)
    forged = chain(("given", "duty", MONDAY))[0]

    with pytest.raises(LedgerError) as caught:
        check([forged, *events[1:]])
    assert caught.value.number == 2


def test_exchanged_events_are_noticed() -> None:
    first, second, third = chain(*THREE)

    with pytest.raises(LedgerError) as caught:
        check([first, third, second])
    assert caught.value.number == 2


def test_a_missing_event_is_noticed() -> None:
    first, _second, third = chain(*THREE)

    with pytest.raises(LedgerError) as caught:
        check([first, third])
    assert caught.value.number == 2


def test_a_whole_chain_by_another_key_is_refused() -> None:
    with pytest.raises(LedgerError) as caught:
        check(chain(*THREE, key=OTHER_KEY))
    assert caught.value.number == 1


def test_an_event_added_by_another_key_is_refused_though_the_chain_holds() -> None:
    events = chain(*THREE)
    events.append(ledger.next_event(events[-1], "given", "duty", MONDAY + 200, {}, KEY.public, OTHER_KEY.sign))

    ledger.check_chain(events)
    with pytest.raises(LedgerError) as caught:
        check(events)
    assert caught.value.number == 4


def test_a_cut_tail_is_noticed_against_the_kept_head() -> None:
    events = chain(*THREE)

    with pytest.raises(LedgerError) as caught:
        ledger.check_head(events[:2], 3, events[2].hash)
    assert caught.value.number == 3


def test_a_ledger_longer_than_the_kept_head_is_accepted() -> None:
    events = chain(*THREE)

    ledger.check_head(events, 2, events[1].hash)


def test_another_history_of_the_same_length_is_noticed() -> None:
    events = chain(*THREE)

    with pytest.raises(LedgerError):
        ledger.check_head(events, 3, "0" * 64)


def test_unknown_kinds_and_purposes_cannot_be_written() -> None:
    for kind, purpose in (("allowed", "group"), ("given", "everything")):
        with pytest.raises(ValueError, match="knows no event"):
            chain((kind, purpose, MONDAY))


@given(
    st.lists(
        st.tuples(st.sampled_from(ledger.KINDS), st.sampled_from(ledger.PURPOSES), st.integers(MONDAY, MONDAY + 10**6)),
        min_size=1,
        max_size=12,
    ),
    st.data(),
)
def test_any_chain_is_accepted_whole_and_refused_with_any_event_dropped(
    steps: list[tuple[str, str, int]], draw: st.DataObject
) -> None:
    events = chain(*steps)
    ledger.check_chain(events)
    dropped = draw.draw(st.integers(0, len(events) - 1))

    with pytest.raises(LedgerError):
        check_all(events[:dropped] + events[dropped + 1 :], events[-1])


@given(st.lists(st.tuples(st.sampled_from(ledger.KINDS), st.sampled_from(ledger.PURPOSES)), max_size=12))
def test_given_is_given_only_if_given_is_the_last_deciding_word(steps: list[tuple[str, str]]) -> None:
    events = chain(*[(kind, purpose, MONDAY + index) for index, (kind, purpose) in enumerate(steps)])
    for purpose in ledger.PURPOSES:
        answers = [
            kind for kind, about in steps if about == purpose and kind in ("given", "refused", "withdrawn", "expired")
        ]
        expected = bool(answers) and answers[-1] == "given"

        assert consent_state(events, purpose, MONDAY + 100).is_given is expected
