"""Collect the sentences of the three packages and bring every catalogue up to date (``make catalogues``).

A sentence is what stands in ``_("…")`` or ``mark("…")``, in Python or in a page's template. New ones come without a
translation, ones that are gone are dropped. Write the translations into the ``.po`` files by hand;
``tests/test_catalogues.py`` fails while one is missing. The packages are compiled when they are built.
Not here: translating, and guessing: nothing is marked fuzzy.
"""

from __future__ import annotations

import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "packaging"))
from build_catalogues import compile_catalogues  # noqa: E402  # packaging/ is no package

PACKAGES = {"fyraften_agent": "agent", "fyraften_policy": "policy", "fyraften_service": "service"}
LANGUAGES = ("da", "nb")
KEYWORDS = {"_": None, "mark": None}
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2"), ("**/pages/**.html", "jinja2")]


class PlainCatalog(Catalog):
    """A catalogue whose header has no dates, names or tools: a file changes only when a sentence does."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """What gettext needs to know."""
        return [
            ("Language", str(self.locale)),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
        ]


def sentences(package: str) -> Catalog:
    """Return the sentences of a package, each with the files it stands in."""
    found = Catalog(domain=package)
    folder = ROOT / PACKAGES[package] / package
    options = {"**.html": {"trimmed": "true"}}
    for file, _line, message, _comments, context in extract_from_dir(folder, METHODS, options, KEYWORDS):
        found.add(message, locations=[(f"{package}/{file}", 0)], context=context)
    return found


def path_of(package: str, language: str) -> Path:
    """Return where the catalogue of a package in a language is kept."""
    return ROOT / PACKAGES[package] / package / "locale" / language / "LC_MESSAGES" / f"{package}.po"


def read(package: str, language: str) -> Catalog:
    """Return the catalogue as it is kept; an empty one where there is none yet."""
    path = path_of(package, language)
    if not path.exists():
        return Catalog(locale=language, domain=package)
    with path.open("rb") as stream:
        return read_po(stream, locale=language, domain=package)


def updated(package: str, language: str) -> Catalog:
    """Return the catalogue with exactly the sentences of the code, sorted by sentence."""
    before, after = read(package, language), PlainCatalog(locale=language, domain=package, fuzzy=False)
    for sentence in sentences(package):
        if sentence.id:
            known = before.get(sentence.id, sentence.context)
            after.add(sentence.id, known.string if known else "", sorted(set(sentence.locations)))
    return after


def write(package: str, language: str) -> int:
    """Write the catalogue and return how many sentences wait for a translation."""
    catalogue = updated(package, language)
    catalogue.header_comment = f"# The sentences of {package} in {catalogue.locale.english_name}."
    path = path_of(package, language)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as stream:
        write_po(stream, catalogue, width=120, sort_output=True, include_lineno=False)
    return sum(1 for message in catalogue if message.id and not message.string)


def main() -> int:
    """Update every catalogue, compile all, and say what waits."""
    for package in PACKAGES:
        for language in LANGUAGES:
            waiting = write(package, language)
            print(f"{path_of(package, language).relative_to(ROOT)}: {waiting} without a translation")
    compile_catalogues(ROOT)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
