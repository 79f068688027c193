"""A4: the whole history of what was sent is kept, through every upgrade, and can be taken away."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from agent_records import FIRST_DAY, NOW, FixedClock, at, give_consent, nine_weeks, small_home
from command_line import CommandLine
from fyraften_agent.consent import ledger_file
from fyraften_agent.consent.ledger_file import open_ledger
from fyraften_agent.paths import Paths
from fyraften_agent.sending.outbox import Outbox
from fyraften_agent.sending.receipts import check_report
from fyraften_agent.store.store import Store
from office_way import OfficeLaptop
from privacy.conftest import OFFICE_NOW, approved
from service_office import Office

BODY = b'{"report":"fyraften.duty.monthly/1"}'
# A report that the first version of the program sent and one that it may have sent, with its service.
FIRST_VERSION = """
INSERT INTO enrolments (subject, purpose, state, server, organisation, contact, service_key, smallest_group, started_at)
VALUES ('s1', 'duty', 'started', 'https://havn.example', 'Havn', 'hr', zeroblob(32), 10, 5);
INSERT INTO outbox (id, report, purpose, period, subject, body, sha256, prepared_at)
VALUES (1, 'fyraften.duty.monthly/1', 'duty', '2026-09', 's1', {body}, 'aa', 10),
       (2, 'fyraften.duty.monthly/1', 'duty', '2026-10', 's1', {body}, 'bb', 11);
UPDATE outbox SET state = 'approved', approved_at = 12, next_try_at = 13;
UPDATE outbox SET state = 'sent', sent_at = 14, next_try_at = 15;
UPDATE outbox SET state = 'receipted', receipt = x'7b7d', next_try_at = NULL WHERE id = 1
""".format(body=f"x'{BODY.hex()}'")


def exported(paths: Paths, to: Path, clock: str = NOW) -> dict[str, Any]:
    """Take everything away by the command; return what is in it, by name."""
    done = CommandLine(paths, FixedClock(clock)).run("export", str(to))
    assert done.code == 0, done.errors
    with zipfile.ZipFile(to) as archive:
        return {name: json.loads(archive.read(name)) for name in archive.namelist() if name.endswith(".json")}


def test_what_was_sent_and_its_correction_are_taken_away_with_receipts_that_still_prove_it(
    office: Office, tmp_path: Path
) -> None:
    laptop = OfficeLaptop(tmp_path / "laptop", office, "duty", OFFICE_NOW)
    for wish in ("chair", "light"):
        approved(laptop, wish)
        laptop.run(later=60)
    taken = exported(laptop.paths, tmp_path / "all.zip")["sent.json"]

    assert [one["body"].encode() for one in taken] == [item.body for item in laptop.items()]
    for one, before in zip(taken, [None, laptop.items()[0].sha256], strict=True):
        sha256 = hashlib.sha256(one["body"].encode()).hexdigest()
        key = bytes.fromhex(one["service_key"])
        check_report(one["receipt"].encode(), key, "duty", one["report"], "2026-10", sha256, before)


def test_an_upgrade_forgets_nothing_that_an_earlier_version_sent(tmp_path: Path) -> None:
    paths = small_home(tmp_path)
    paths.prepare()
    with closing(sqlite3.connect(paths.ledger, isolation_level=None)) as connection:
        connection.executescript(ledger_file._MIGRATIONS[0])
        connection.executescript(FIRST_VERSION)
        connection.execute("PRAGMA user_version = 1")

    with closing(open_ledger(paths.ledger)) as connection:
        items = Outbox(connection).items()
        assert [(item.period, item.state, item.body) for item in items] == [
            ("2026-09", "receipted", BODY),
            ("2026-10", "sent", BODY),
        ]
        assert (items[0].receipt, items[0].sent_at) == (b"{}", 14)
        with pytest.raises(sqlite3.IntegrityError, match="not forgotten"):
            connection.execute("DELETE FROM outbox")


def test_records_that_are_taken_away_and_brought_in_elsewhere_are_the_same(tmp_path: Path) -> None:
    paths, elsewhere = nine_weeks(small_home(tmp_path)), Paths(tmp_path / "elsewhere")
    exported(paths, tmp_path / "all.zip")
    elsewhere.prepare()
    give_consent(elsewhere, at(FIRST_DAY, "07:00"))
    done = CommandLine(elsewhere, FixedClock(NOW)).run("import", str(tmp_path / "all.zip"))

    with Store.open(paths.work) as one, Store.open(elsewhere.work) as other:
        left, came = (
            [(each.start, each.end, each.place, each.place_label) for each in store.sessions(0, 2**40)]
            for store in (one, other)
        )
    assert done.code == 0, done.errors
    assert len(left) > 80
    assert came == left
