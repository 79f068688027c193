"""Self-checks on the local page, in a real browser: by keyboard, read aloud, kept, removed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pypdf
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from agent_records import NOW, FixedClock, give_consent, small_home
from e2e.page_processes import page_on_the_friday
from e2e.quiet_tabs import page_open_in, quiet_tab
from fyraften_agent.paths import Paths
from fyraften_agent.selfchecks.questions import NAMES
from fyraften_agent.store.answers import read_answers
from fyraften_agent.store.store import Store
from fyraften_policy.languages import LANGUAGES

CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed (Debian: chromium)"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield started
        started.close()


@pytest.fixture
def person(tmp_path: Path) -> Paths:
    home = small_home(tmp_path)
    give_consent(home, FixedClock(NOW).now() - 60)
    return home


@pytest.fixture
def tab(browser: Browser) -> Iterator[Page]:
    with quiet_tab(browser) as page:
        yield page


def kept(person: Paths) -> dict[str, str]:
    with Store.open(person.work) as store:
        return {one.question: one.value for one in read_answers(store.file)}


def open_check(tab: Page, address: str, name: str) -> None:
    tab.goto(address)
    tab.locator(f'[data-checks="{name}"]').click()
    tab.wait_for_selector(f'form[data-check="{name}"]')


def test_a_check_is_answered_and_kept_by_keyboard_alone(tab: Page, person: Paths) -> None:
    with page_open_in(tab, person.folder) as served:
        tab.goto(served.address)
        tab.get_by_role("button", name="Programs").focus()
        tab.keyboard.press("Enter")
        expect(tab.locator("#checks-heading")).to_be_focused()
        tab.keyboard.press("Tab")  # all checks
        tab.keyboard.press("Tab")  # the first question, at "no answer"
        tab.keyboard.press("ArrowRight")  # on to "yes", which comes after the last
        tab.keyboard.press("Tab")
        tab.keyboard.press("ArrowLeft")  # back to "does not apply"
        tab.keyboard.press("Enter")

        expect(tab.locator("#kept")).to_have_text("Your answers are kept.")
        expect(tab.locator("#kept")).to_be_focused()

    assert kept(person) == {"software.suits": "yes", "software.easy": "not_relevant"}


def test_questions_are_named_groups_for_a_screen_reader(tab: Page, person: Paths) -> None:
    with page_open_in(tab, person.folder) as served:
        open_check(tab, served.address, "workplace")

        group = tab.get_by_role("group", name="Can you set the height of the seat?")
        group.get_by_label("no", exact=True).check()
        tab.get_by_role("button", name="Keep these answers").click()

        expect(tab.locator("#kept")).to_have_text("Your answers are kept.")
        expect(tab.get_by_role("group", name="Can you set the height of the seat?")).to_have_accessible_description(
            "Said on 2026-11-20 Until you have a chair that can be set, a cushion or a footrest helps a little."
        )


def test_a_note_and_a_date_are_kept_as_they_were_written(tab: Page, person: Paths) -> None:
    with page_open_in(tab, person.folder) as served:
        open_check(tab, served.address, "dialogue")
        tab.get_by_label("What else do you want to bring up?").fill("Stolen <b>knirker</b> & æøå")
        tab.get_by_label("When will you talk about it next?").fill("2027-01-15")
        tab.get_by_role("button", name="Keep these answers").click()
        expect(tab.locator("#kept")).to_have_text("Your answers are kept.")

        assert tab.get_by_label("What else do you want to bring up?").input_value() == "Stolen <b>knirker</b> & æøå"

    assert kept(person) == {"follow_up.notes": "Stolen <b>knirker</b> & æøå", "follow_up.next": "2027-01-15"}


def test_an_answer_is_taken_back_and_all_of_them_only_after_a_second_press(tab: Page, person: Paths) -> None:
    with page_open_in(tab, person.folder) as served:
        open_check(tab, served.address, "software")
        for question in ("software.suits", "software.easy", "software.control"):
            tab.locator(f'input[name="{question}"][value="yes"]').check()
        tab.get_by_role("button", name="Keep these answers").click()
        expect(tab.locator("#kept")).to_have_text("Your answers are kept.")

        tab.locator('input[name="software.suits"][value=""]').check()
        tab.get_by_role("button", name="Keep these answers").click()
        expect(tab.locator('input[name="software.suits"][value=""]')).to_be_checked()
        expect(tab.locator("#kept")).to_have_text("Your answers are kept.")
        assert set(kept(person)) == {"software.easy", "software.control"}

        tab.get_by_role("button", name="Remove all answers of this check").click()
        assert set(kept(person)) == {"software.easy", "software.control"}
        tab.get_by_role("button", name="Press again to remove").click()
        expect(tab.locator("#kept")).to_have_text("Your answers are removed.")

    assert kept(person) == {}


def test_a_form_handed_in_unchanged_says_so(tab: Page, person: Paths) -> None:
    with page_open_in(tab, person.folder) as served:
        open_check(tab, served.address, "pulse")
        tab.get_by_role("button", name="Keep these answers").click()

        expect(tab.locator("#kept")).to_have_text("Nothing was changed.")

    assert not person.work.exists()


def test_a_sheet_is_downloaded_with_what_was_answered(tab: Page, person: Paths, tmp_path: Path) -> None:
    with page_open_in(tab, person.folder) as served:
        open_check(tab, served.address, "software")
        tab.get_by_role("group", name="Are they easy to use").get_by_label("no", exact=True).check()
        tab.get_by_role("button", name="Keep these answers").click()
        expect(tab.locator("#kept")).to_have_text("Your answers are kept.")
        with tab.expect_download() as download:
            tab.get_by_role("button", name="with my answers").click()
        download.value.save_as(tmp_path / "sheet.pdf")

        expect(tab.locator("#sheet")).to_have_text("The sheet is among your downloads.")

    assert download.value.suggested_filename == "fyraften-software.pdf"
    assert "No 2026-11-20" in " ".join(pypdf.PdfReader(tmp_path / "sheet.pdf").pages[0].extract_text().split())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_form_passes_the_accessibility_check_in_light_and_dark(
    browser: Browser, person: Paths, language: str
) -> None:
    with page_on_the_friday(person.folder, language) as served:
        context = browser.new_context(color_scheme="dark" if language == "da" else "light")
        tab = context.new_page()
        tab.goto(served.address)
        tab.wait_for_selector("#checks li")
        for name in NAMES:
            tab.locator(f'[data-checks="{name}"]').click()
            tab.wait_for_selector(f'form[data-check="{name}"]')
            found = Axe().run(tab)
            assert found.violations_count == 0, found.generate_report()
            tab.locator('[data-checks=""]').click()
            tab.wait_for_selector("#checks li")
        context.close()
