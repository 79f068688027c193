"""The places of work in the file of the raw data, and which of them each network stands for.

A network is known by a keyed fingerprint alone.
Not here: which place a session has (``store``), making a fingerprint (``places``).
"""

from __future__ import annotations

from fyraften_agent.errors import InputError
from fyraften_agent.recording.places import KINDS, WORKSTATIONS
from fyraften_agent.store.records import Place, place_of
from fyraften_agent.store.schema import WorkFile
from fyraften_policy.languages import mark

PlaceChoice = int | str | None
"""A place's number, or a kind (``home``, …) for a place without a label, or None: not said."""


class Places:
    """The places, and the networks as far as somebody said where they are."""

    def __init__(self, file: WorkFile) -> None:
        self._file = file

    def all(self) -> list[Place]:
        """Return all places in the order in which they were added."""
        return [place_of(row) for row in self._file.rows("SELECT * FROM places ORDER BY id")]

    def add(self, kind: str, label: str | None, workstation: str, now: int) -> int:
        """Add a place; return its number."""
        check_one_of(kind, KINDS)
        check_one_of(workstation, WORKSTATIONS)
        with self._file.transaction():
            made = self._file.change(
                "INSERT INTO places (kind, label, workstation, made_at) VALUES (?, ?, ?, ?)",
                [kind, label, workstation, now],
            )
        return int(made.lastrowid or 0)

    def number_of(self, place: PlaceChoice, now: int) -> int | None:
        """Return the number of the place meant; a kind without a place of its own gets one.

        Raises:
            InputError: there is no such place.
        """
        if place is None or isinstance(place, int):
            if place is not None and not self._file.rows("SELECT 1 FROM places WHERE id = ?", [place]):
                raise InputError(
                    mark("There is no place {number}. The numbers are shown by: fyraften place"), number=place
                )
            return place
        check_one_of(place, KINDS)
        rows = self._file.rows("SELECT id FROM places WHERE kind = ? ORDER BY label IS NOT NULL, id", [place])
        return next((int(row["id"]) for row in rows), None) or self.add(place, None, "fixed", now)

    def of_network(self, fingerprint: str) -> Place | None:
        """Return the place that the employee said this network is."""
        rows = self._file.rows(
            "SELECT p.* FROM places p JOIN fingerprints f ON f.place = p.id WHERE f.fingerprint = ?", [fingerprint]
        )
        return next((place_of(row) for row in rows), None)

    def assign(self, fingerprint: str, place: PlaceChoice, now: int) -> None:
        """Note which place a network is; sessions on it follow, except those corrected by hand."""
        with self._file.transaction():
            self._file.change(
                "INSERT INTO fingerprints (fingerprint, place, seen_at, asked_at) VALUES (?, ?, ?, ?)"
                " ON CONFLICT (fingerprint) DO UPDATE SET place = excluded.place,"
                " asked_at = coalesce(asked_at, excluded.asked_at)",
                [fingerprint, self.number_of(place, now), now, now],
            )

    def current_network(self) -> str | None:
        """Return the network that the collector saw last; None where there was none."""
        rows = self._file.rows("SELECT fingerprint FROM current_network")
        return next((str(row["fingerprint"]) for row in rows), None)

    def ask_about(self, fingerprint: str, now: int) -> bool:
        """Say whether to ask where this network is, and note it as asked: true once, and never for a known place."""
        with self._file.transaction():
            self._file.change(
                "INSERT INTO fingerprints (fingerprint, seen_at) VALUES (?, ?) ON CONFLICT (fingerprint) DO NOTHING",
                [fingerprint, now],
            )
            asked = self._file.change(
                "UPDATE fingerprints SET asked_at = ? WHERE fingerprint = ? AND asked_at IS NULL AND place IS NULL",
                [now, fingerprint],
            )
        return asked.rowcount > 0

    def is_unasked(self, fingerprint: str) -> bool:
        """Say whether it is still to be asked where this network is."""
        known = "SELECT 1 FROM fingerprints WHERE fingerprint = ? AND (asked_at IS NOT NULL OR place IS NOT NULL)"
        return not self._file.rows(known, [fingerprint])


def check_one_of(value: str | None, known: tuple[str, ...]) -> None:
    """Raise an :class:`InputError` that lists what is known, unless the value is one of it or None."""
    if value is not None and value not in known:
        raise InputError(mark("{value!r} is none of these: {known}."), value=value, known=", ".join(known))
