"""Exported consents: records made out of the chain, in the terms of ISO/IEC TS 27560, checkable anywhere."""

from __future__ import annotations

import copy
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from agent_records import FixedClock
from command_line import CommandLine
from fyraften_agent.consent.keys import LEDGER_KEY, Keys, SigningKey, signature_fits
from fyraften_agent.consent.ledger import PURPOSES, Event, next_event, one_year_after
from fyraften_agent.consent.ledger_store import Ledger
from fyraften_agent.consent.proof import Proof, ProofError, check, sign
from fyraften_agent.consent.records import CONTEXT, Given, receipt
from fyraften_agent.paths import Paths
from fyraften_agent.sending.enrolment import Enrolments, Service, agreed_service
from fyraften_policy import wire

NOW = 1_767_600_000
KEY = SigningKey(bytes(32))
SERVICE = Service("Havn A/S", "hr@havn.example", ("group", "duty"), 10, SigningKey(bytes([7]) * 32).public, None)
SERVER = "https://havn.example"
TEXT = "Hvad der registreres: tider. Æ, ø, å."
# What the technical specification makes mandatory, as the guide of the W3C group lists it (but a party's address).
HEADER = {"schema_version", "record_id", "pii_principal_id"}
PROCESSING = {
    *("privacy_notice", "language", "purpose", "pii_information", "pii_controllers", "storage_locations"),
    *("retention_period", "jurisdiction", "recipient_third_parties", "withdrawal_method"),
}
PARTY = {"party_id", "party_name", "party_role", "party_contact", "party_url"}
EVENT = {"event_time", "entity_id", "event_type", "event_state"}


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    paths = Paths(tmp_path / "fyraften")
    details = {**agreed_service(SERVER, SERVICE.public_key), "organisation": SERVICE.organisation}
    with Ledger.open(paths) as ledger:
        ledger.give("recording", NOW, TEXT, "da", 1)
        ledger.give("duty", NOW + 10, "The duties", "en", 1, details)
        Enrolments(ledger.connection).start("duty", SERVER, SERVICE, "s" * 26, "CODE", NOW + 11)
        ledger.append("withdrawn", "recording", NOW + 20)
        ledger.give("duty", NOW + 30, "The duties", "en", 1, details)
        ledger.refuse("group", NOW + 40, "The group", "nb", 1, details)
    return paths


@pytest.fixture
def person(paths: Paths) -> CommandLine:
    return CommandLine(paths, FixedClock("2026-01-05T10:00"))


@pytest.fixture
def document(person: CommandLine, tmp_path: Path) -> Any:
    assert person.run("consent", "export", str(tmp_path / "consents.json")).code == 0
    return json.loads((tmp_path / "consents.json").read_text(encoding="utf-8"))


def checked(document: object) -> Proof:
    return check(document, signature_fits)


def record_of(document: Any, purpose: str) -> Any:
    return next(one for one in document["records"] if one["pii_processing"][0]["purpose"] == purpose)


def test_there_is_a_record_for_each_purpose_that_was_asked_for(document: Any) -> None:
    assert [one["pii_processing"][0]["purpose"] for one in document["records"]] == ["recording", "group", "duty"]
    assert [one["consent_status"] for one in document["records"]] == [
        "dpv:ConsentWithdrawn",
        "dpv:ConsentRefused",
        "dpv:ConsentGiven",
    ]


def test_every_record_has_the_fields_the_specification_asks_for(document: Any) -> None:
    for record in document["records"]:
        (process,) = record["pii_processing"]

        assert record.keys() >= HEADER
        assert process.keys() >= PROCESSING
        assert all(event.keys() >= EVENT for event in record["events"])
        assert all(party.keys() >= PARTY for party in record["parties"][1:])


def test_every_field_has_a_meaning_in_the_context(document: Any) -> None:
    def names(value: object) -> set[str]:
        if isinstance(value, dict):
            return set(value).union(*[names(one) for one in value.values()])
        return set().union(*[names(one) for one in value]) if isinstance(value, list) else set()

    assert {name for name in names(document["records"]) if not name.startswith("@")} <= {*CONTEXT, "number"}


def test_the_history_says_what_happened_when_and_by_whom(document: Any) -> None:
    duty = record_of(document, "duty")
    states = [event["event_state"] for event in duty["events"]]

    assert states == [
        "dpv:ConsentRequested",
        "dpv:ConsentGiven",
        "dpv:ConsentRequested",
        "dpv:RenewedConsentGiven",
    ]
    assert duty["events"][-1]["event_time"] == "2026-01-05T08:00:30Z"
    assert duty["events"][-1]["validity_duration"] == "P1Y"
    assert duty["valid_until"] == "2027-01-05T08:00:30Z"
    assert duty["events"][-1]["entity_id"] == duty["pii_principal_id"]
    assert {event["event_type"] for event in duty["events"]} == {"dpv:ExplicitlyExpressedConsent"}


def test_the_notice_is_named_by_the_hash_and_language_of_the_words_shown(document: Any) -> None:
    notice = record_of(document, "recording")["pii_processing"][0]["privacy_notice"]

    assert notice["language"] == "da"
    assert document["chain"]["texts"][notice["notice_sha256"]] == TEXT


def test_a_notice_that_asks_for_no_consent_is_no_part_of_a_record(paths: Paths, person: CommandLine) -> None:
    def records() -> Any:
        assert person.run("consent", "export", str(paths.folder.parent / "export.json"), "--replace").code == 0
        return json.loads((paths.folder.parent / "export.json").read_text(encoding="utf-8"))["records"]

    before = records()
    with Ledger.open(paths) as ledger:
        ledger.keep_text(hashlib.sha256(b"It leaves by itself").hexdigest(), "It leaves by itself")
        digest = hashlib.sha256(b"It leaves by itself").hexdigest()
        ledger.append("notice_shown", "duty", NOW + 50, {"by_itself": True, "text_sha256": digest, "language": "nb"})
        ledger.append("notice_shown", "recording", NOW + 60, {"about": "sandbox", "lacking": ["port"]})
        ledger.append("notice_shown", "record", NOW + 70, {"about": "sandbox"})

    assert records() == before
    assert person.run("consent", "verify", str(paths.folder.parent / "export.json")).code == 0


def test_the_controller_is_the_employer_whose_service_was_agreed_to(document: Any) -> None:
    _you, employer = record_of(document, "duty")["parties"]

    assert (employer["party_name"], employer["party_contact"]) == ("Havn A/S", "hr@havn.example")
    assert employer["party_url"] == SERVER
    assert record_of(document, "recording")["pii_processing"][0]["pii_controllers"] == []


def test_the_data_are_the_fields_of_the_registry_as_far_as_they_were_agreed_to(document: Any) -> None:
    (process,) = record_of(document, "duty")["pii_processing"]
    agreed = [field.name for field in wire.report_for("duty").fields if field.since <= 1]

    assert [one["pii_type"] for one in process["pii_information"]] == agreed


def test_principals_and_records_are_random_and_differ_between_purposes_and_people(document: Any) -> None:
    ids = [record[name] for record in document["records"] for name in ("record_id", "pii_principal_id")]
    other = receipt(Given(chain(("given", "duty")), {}, (), KEY.public), NOW, "en", str)

    assert len(set(ids)) == 6
    assert all(re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", one) for one in ids)
    assert other["records"][0]["record_id"] not in ids


def test_the_same_consent_has_the_same_identity_in_every_export(
    person: CommandLine, document: Any, paths: Paths
) -> None:
    again = receipt(Given([], {}, (), Keys(paths.keys).public(LEDGER_KEY)), NOW, "en", str)
    assert again["records"] == []
    assert person.run("consent", "export", str(paths.folder.parent / "again.json")).code == 0
    second = json.loads((paths.folder.parent / "again.json").read_text(encoding="utf-8"))

    assert [one["record_id"] for one in second["records"]] == [one["record_id"] for one in document["records"]]


def chain(*steps: tuple[str, str]) -> list[Event]:
    events: list[Event] = []
    for index, (kind, purpose) in enumerate(steps):
        before = events[-1] if events else None
        events.append(next_event(before, kind, purpose, NOW + index, {}, KEY.public, KEY.sign))
    return events


def test_a_consent_that_ran_out_is_exported_as_run_out() -> None:
    end = one_year_after(NOW)
    for at, status in ((end - 1, "dpv:ConsentGiven"), (end, "dpv:ConsentExpired")):
        (record,) = receipt(Given(chain(("given", "duty")), {}, (), KEY.public), at, "en", str)["records"]

        assert record["consent_status"] == status


@given(
    st.lists(
        st.tuples(st.sampled_from(("given", "refused", "withdrawn", "expired")), st.sampled_from(PURPOSES)), max_size=8
    )
)
def test_any_chain_can_be_exported_and_is_found_sound(steps: list[tuple[str, str]]) -> None:
    events = chain(*steps)
    made = sign(receipt(Given(events, {}, (), KEY.public), NOW + 100, "en", str), KEY.sign)

    assert checked(json.loads(json.dumps(made))) == (events, KEY.public, True)


def test_what_was_exported_is_found_sound_on_another_computer(document: Any, tmp_path: Path) -> None:
    elsewhere = CommandLine(Paths(tmp_path / "elsewhere"), FixedClock("2026-01-05T10:00"))
    told = elsewhere.run("consent", "verify", str(tmp_path / "consents.json"))

    assert told.code == 0, told
    assert "Sound: each event is signed" in told.out
    assert "Events: 9." in told.out
    assert not elsewhere.paths.folder.exists()


def paths_in(value: object, way: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the way to every value in a document that is no list or object."""
    if isinstance(value, dict):
        return [found for name, one in value.items() for found in paths_in(one, (*way, name))]
    if isinstance(value, list):
        return [found for index, one in enumerate(value) for found in paths_in(one, (*way, index))]
    return [way]


MADE = sign(
    receipt(
        Given(chain(("notice_shown", "duty"), ("given", "duty"), ("withdrawn", "duty")), {}, (), KEY.public),
        NOW + 100,
        "en",
        str,
    ),
    KEY.sign,
)


@given(st.sampled_from(paths_in(MADE)), st.data())
def test_any_changed_value_is_noticed(way: tuple[Any, ...], draw: st.DataObject) -> None:
    changed = copy.deepcopy(MADE)
    inner: Any = changed
    for step in way[:-1]:
        inner = inner[step]
    before = inner[way[-1]]
    inner[way[-1]] = draw.draw(st.one_of(st.text(max_size=70), st.integers(-5, 5), st.none(), st.booleans()))
    assume(inner[way[-1]] != before)
    assume(way != ("proof", "type"))

    with pytest.raises(ProofError):
        checked(changed)


@pytest.mark.parametrize("what", ["last event", "a record", "all but the first event"])
def test_what_was_left_out_is_noticed(document: Any, what: str) -> None:
    match what:
        case "last event":
            document["chain"]["events"].pop()
        case "a record":
            document["records"].pop()
        case _:
            del document["chain"]["events"][1:]

    with pytest.raises(ProofError):
        checked(document)


def test_records_that_say_less_than_the_chain_are_noticed_without_the_files_signature(document: Any) -> None:
    del document["proof"]
    assert not checked(document).is_signed
    record_of(document, "recording")["events"].pop()

    with pytest.raises(ProofError, match="add up"):
        checked(document)


@pytest.mark.parametrize("rubbish", [None, [], {}, {"schema_version": 1}, "text", 5])
def test_anything_else_is_no_export(rubbish: object) -> None:
    with pytest.raises(ProofError):
        checked(rubbish)


def test_a_changed_file_ends_the_command_with_six_and_one_line(
    person: CommandLine, document: Any, tmp_path: Path
) -> None:
    document["records"][0]["consent_status"] = "dpv:ConsentGiven"
    (tmp_path / "changed.json").write_text(json.dumps(document), encoding="utf-8")
    told = person.run("consent", "verify", str(tmp_path / "changed.json"))

    assert told.code == 6
    assert told.out == ""
    assert len(told.errors.splitlines()) == 1


def test_a_file_that_is_there_is_not_written_over_unless_asked(
    person: CommandLine, document: Any, tmp_path: Path
) -> None:
    file = str(tmp_path / "consents.json")

    assert person.run("consent", "export", file).code == 2
    assert person.run("consent", "export", file, "--replace").code == 0
    assert (tmp_path / "consents.json").stat().st_mode & 0o777 == 0o600


def test_who_was_never_asked_has_nothing_to_export(tmp_path: Path) -> None:
    nobody = CommandLine(Paths(tmp_path / "nobody"), FixedClock("2026-01-05T10:00"))

    assert nobody.run("consent", "export", str(tmp_path / "out.json")).code == 2
    assert not (tmp_path / "out.json").exists()
    assert not nobody.paths.folder.exists()
