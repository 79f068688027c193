"""The full copy: one ZIP file with everything Fyraften holds about its person, readable by people and by Fyraften.

``records.json`` is the raw data and can be brought in again; ``sessions.csv`` is the same for a table program;
``sent.json`` and ``consents.json`` tell what left and what was agreed to, for keeping: they are never brought in,
because a consent is given by a person at a keyboard.  ``manifest.json`` names every file with its SHA-256.
Pure: bytes in, bytes out. Not here: SQL (``store.moving``), what may come in (``bringing_in``).
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fyraften_agent.errors import InputError
from fyraften_agent.exchange.exporting import utc_text
from fyraften_policy.languages import mark

SCHEMA = "fyraften.copy/1"
RECORDS, MANIFEST, README = "records.json", "manifest.json", "README.txt"
# Nine weeks are below one megabyte; what claims to be larger than this is not ours.
LARGEST_BYTES = 256 * 1024 * 1024
# Of what the readers of ZIP, of compressed bytes and of JSON raise, nothing has a base of its own: a missing file is a
# KeyError, another form or an encrypted file a RuntimeError, text that is none a ValueError.
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, KeyError, RuntimeError, ValueError)
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_FIRST_DATE = (1980, 1, 1, 0, 0, 0)  # of each file within; when the copy was made stands in the manifest


class ArchiveError(InputError):
    """The file is no full copy, or not as it was made."""


@dataclass(frozen=True)
class Copy:
    """What a full copy holds that can be brought in: the tables by name."""

    made_at: str
    tables: Mapping[str, list[Any]]


def archive_bytes(files: Mapping[str, bytes], made_at: int) -> bytes:
    """Return the ZIP file of these files, with its manifest; the same content always gives the same bytes."""
    manifest = {
        "schema": SCHEMA,
        "made_at": utc_text(made_at),
        "sha256": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
    }
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {MANIFEST: json_bytes(manifest), **files}.items():
            entry = zipfile.ZipInfo(name, _FIRST_DATE)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            archive.writestr(entry, content)
    return written.getvalue()


def read_archive(content: bytes) -> Copy:
    """Return what a full copy holds.

    Raises:
        ArchiveError: it is no full copy, damaged, changed, or made by a version that writes another form.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            manifest = json.loads(_read(archive, MANIFEST))
            if not isinstance(manifest, dict) or manifest.get("schema") != SCHEMA:
                raise ArchiveError(mark("The file is no full copy of Fyraften. Make one with: fyraften export"))
            records = _read(archive, RECORDS)
            tables = json.loads(records)
    except _DAMAGED as problem:
        raise ArchiveError(
            mark("The full copy is damaged or not complete. Take another one; nothing was changed.")
        ) from problem
    sums = manifest.get("sha256")
    if not isinstance(sums, dict) or sums.get(RECORDS) != hashlib.sha256(records).hexdigest():
        raise ArchiveError(mark("The full copy was changed after it was made. Take another one; nothing was changed."))
    if not isinstance(tables, dict) or not all(isinstance(rows, list) for rows in tables.values()):
        raise ArchiveError(mark("The full copy is damaged or not complete. Take another one; nothing was changed."))
    return Copy(str(manifest.get("made_at", "")), tables)


def json_bytes(document: object) -> bytes:
    """Return a document as people and programs can read it."""
    return (json.dumps(document, indent=1, ensure_ascii=False) + "\n").encode()


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    if archive.getinfo(name).compress_type not in _METHODS:
        raise zipfile.BadZipFile(name)
    with archive.open(name) as file:
        content = file.read(LARGEST_BYTES + 1)
    if len(content) > LARGEST_BYTES:
        raise ArchiveError(mark("The full copy is damaged or not complete. Take another one; nothing was changed."))
    return content
