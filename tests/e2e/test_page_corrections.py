"""The employee corrects their day on the local page, in a real browser: by keyboard, with errors, read aloud."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from agent_records import NOW, TODAY, ZONE, FixedClock, at, nine_weeks, small_home
from command_line import CommandLine
from e2e.page_processes import PageProcess, page_on_the_friday
from e2e.quiet_tabs import page_open_in, quiet_tab
from fyraften_agent.paths import Paths
from fyraften_agent.store.store import Session, Store

CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed (Debian: chromium)"),
]
MORNING = "08:05–11:52"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield started
        started.close()


@pytest.fixture
def person(tmp_path: Path) -> Paths:
    """Nine weeks of records, with four minutes in the night of which nobody has said whether they were work."""
    home = nine_weeks(small_home(tmp_path))
    with Store.open(home.work) as store:
        store.add_session(at(TODAY, "03:00"), at(TODAY, "03:04"), ZONE, "home", None, False, at(TODAY, "15:00"))
    return home


@pytest.fixture
def tab(browser: Browser) -> Iterator[Page]:
    with quiet_tab(browser) as page:
        yield page


@pytest.fixture
def refused_tab(browser: Browser) -> Iterator[Page]:
    """A tab in which something is refused: the browser notes that, and nothing else, with no word of what was typed."""
    complaints: list[str] = []
    context = browser.new_context(locale="en-GB")
    page = context.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text))
    yield page
    context.close()
    refusals = "Failed to load resource: the server responded with a status of 400 (Bad Request)"
    assert [one for one in complaints if one != refusals] == []


def sessions(person: Paths, day: date = TODAY) -> list[Session]:
    with Store.open(person.work) as store:
        return store.sessions(at(day, "00:00"), at(day, "23:59"))


def open_page(tab: Page, served: PageProcess) -> None:
    tab.goto(served.address)
    tab.wait_for_selector("#month table")


def unfolded(tab: Page, name: str) -> Locator:
    """Unfold what has that summary, and return where its form stands."""
    holder = tab.locator("[data-session]").filter(has=tab.locator("summary", has_text=name))
    holder.locator("summary").click()
    return holder


def said(tab: Page) -> Locator:
    return tab.locator("#day-said")


def test_a_session_is_corrected_by_keyboard_alone_and_its_row_is_read(tab: Page, person: Paths) -> None:
    with page_open_in(tab, person.folder) as served:
        open_page(tab, served)
        tab.locator("summary", has_text=f"Correct {MORNING}").focus()
        tab.keyboard.press("Enter")
        tab.keyboard.press("Tab")  # from
        tab.keyboard.press("Tab")
        expect(tab.get_by_label("To", exact=True).locator("visible=true")).to_be_focused()
        tab.keyboard.press("ControlOrMeta+a")
        tab.keyboard.type("11:30")
        tab.keyboard.press("Tab")
        tab.keyboard.type("elsewhere")  # as lists are chosen from by keyboard
        tab.keyboard.press("Tab")
        tab.keyboard.press("Tab")
        tab.keyboard.press("Enter")

        expect(said(tab)).to_have_text("Corrected: 2026-11-20, 08:05–11:30.")
        expect(tab.locator("summary", has_text="Correct 08:05–11:30")).to_be_focused()
        expect(tab.locator("#day tr", has_text="08:05–11:30").first).to_contain_text("corrected by you")
        expect(tab.locator("#month tr", has_text="2026-11-20")).to_contain_text("3 h 25 min")

    changed = next(one for one in sessions(person) if one.measured_end == at(TODAY, "11:52"))
    assert (changed.end, changed.place) == (at(TODAY, "11:30"), "elsewhere")


def test_versions_are_told_and_the_last_change_is_taken_back(tab: Page, person: Paths) -> None:
    number = next(one.id for one in sessions(person) if one.measured_start == at(TODAY, "08:05"))
    CommandLine(person, FixedClock(NOW)).run("log", "edit", str(number), "--end", "11:30")
    with page_open_in(tab, person.folder) as served:
        open_page(tab, served)
        holder = unfolded(tab, "Correct 08:05–11:30")
        expect(holder.locator(".versions li")).to_have_text(
            [re.compile(f"^measured: 2026-11-20, {MORNING}"), re.compile("^corrected by you on 2026-11-20 15:30: ")]
        )
        holder.get_by_role("button", name="Take the last change back").click()

        expect(said(tab)).to_have_text("What you said on 2026-11-20 15:30 is taken back.")
        expect(tab.locator("summary", has_text=f"Correct {MORNING}")).to_be_focused()
        expect(unfolded(tab, MORNING).get_by_role("button", name="Take the last change back")).to_have_count(0)


def test_a_session_is_removed_and_taken_in_again(tab: Page, person: Paths) -> None:
    with page_open_in(tab, person.folder) as served:
        open_page(tab, served)
        unfolded(tab, MORNING).get_by_role("button", name="Remove it").click()
        expect(said(tab)).to_have_text(f"Left out from now on: 2026-11-20, {MORNING}.")
        expect(tab.locator("#day-heading")).to_be_focused()
        expect(tab.locator("summary", has_text=MORNING)).to_have_count(0)
        assert len(sessions(person)) == 2

        tab.get_by_role("button", name=f"Take it in again: {MORNING}").click()

        expect(tab.locator("summary", has_text=MORNING)).to_be_focused()
        expect(tab.locator("#left-out")).to_have_count(0)
    assert len(sessions(person)) == 3


def test_work_is_added_once_although_the_button_is_pressed_twice(tab: Page, person: Paths) -> None:
    with page_open_in(tab, person.folder) as served:
        open_page(tab, served)
        tab.get_by_role("button", name="2026-11-18 Wednesday").click()
        expect(tab.locator("#day-heading")).to_contain_text("2026-11-18")
        holder = unfolded(tab, "Add work")
        holder.get_by_label("From").fill("18:00")
        holder.get_by_label("To", exact=True).fill("18:45")
        holder.get_by_label("Place").select_option("Flat (home)")
        holder.get_by_label("Workstation").select_option("mobile")
        holder.get_by_role("button", name="Add it").dblclick()

        expect(said(tab)).to_have_text("Added: 2026-11-18, 18:00–18:45.")
        expect(tab.locator("summary", has_text="Correct 18:00–18:45")).to_be_focused()

    added = [one for one in sessions(person, date(2026, 11, 18)) if one.source == "added"]
    assert [(one.start, one.place_label, one.workstation) for one in added] == [
        (at(date(2026, 11, 18), "18:00"), "Flat", "mobile")
    ]


@pytest.mark.parametrize(
    ("answer", "sentence", "left"), [("Yes", "Noted as work: ", 3), ("No", "Left out from now on: ", 2)]
)
def test_was_this_work_is_answered(tab: Page, person: Paths, answer: str, sentence: str, left: int) -> None:
    with page_open_in(tab, person.folder) as served:
        open_page(tab, served)
        question = tab.get_by_role("group", name="Was this work? 03:00–03:04")
        question.get_by_role("button", name=answer).click()

        expect(said(tab)).to_have_text(f"{sentence}2026-11-20, 03:00–03:04.")
        expect(question).to_have_count(0)

    assert len(sessions(person)) == left
    assert all(one.confirmed for one in sessions(person))


def test_an_error_is_told_beside_the_form_with_what_was_typed_kept(refused_tab: Page, person: Paths) -> None:
    tab = refused_tab
    with page_open_in(tab, person.folder) as served:
        open_page(tab, served)
        holder = unfolded(tab, MORNING)
        holder.get_by_label("From").fill("half past eight")
        holder.get_by_label("Place").select_option("elsewhere")
        holder.get_by_role("button", name="Keep the change").click()

        expect(holder.get_by_role("alert")).to_contain_text("half past eight is no time. Write it as 13:00")
        expect(holder.get_by_label("From")).to_have_value("half past eight")
        expect(holder.get_by_label("From")).to_be_focused()
        expect(holder.get_by_label("From")).to_have_attribute("aria-invalid", "true")
        expect(holder.get_by_label("From")).to_have_accessible_description(re.compile("needs its date.*is no time"))
        expect(holder.get_by_label("Place")).to_have_value("elsewhere")
        holder.get_by_label("From").fill("08:30")
        tab.keyboard.press("Enter")

        expect(said(tab)).to_have_text("Corrected: 2026-11-20, 08:30–11:52.")
        expect(tab.get_by_role("alert").locator("visible=true")).to_have_count(0)


def test_a_time_that_came_twice_is_chosen_from_two(refused_tab: Page, person: Paths) -> None:
    tab = refused_tab
    with page_open_in(tab, person.folder) as served:
        open_page(tab, served)
        holder = unfolded(tab, "Add work")
        holder.get_by_label("From").fill("2026-10-25 02:30")
        holder.get_by_label("To", exact=True).fill("04:00")
        holder.get_by_role("button", name="Add it").click()
        expect(holder.get_by_role("alert")).to_contain_text("happens twice in Europe/Copenhagen")
        holder.get_by_role("button", name="the second 02:30 (+01:00)").click()
        expect(holder.get_by_label("From")).to_be_focused()
        tab.keyboard.press("Enter")

        expect(said(tab)).to_have_text("Added: 2026-10-25, 02:30+01:00–04:00.")
        expect(tab.locator("#day-heading")).to_be_focused()  # it is of another day


def test_a_form_handed_in_unchanged_says_so(refused_tab: Page, person: Paths) -> None:
    with page_open_in(refused_tab, person.folder) as served:
        open_page(refused_tab, served)
        holder = unfolded(refused_tab, MORNING)
        holder.get_by_role("button", name="Keep the change").click()

        expect(holder.get_by_role("alert")).to_have_text("Nothing was changed.")


def test_what_was_typed_is_in_no_address(tab: Page, person: Paths) -> None:
    asked: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    with page_open_in(tab, person.folder) as served:
        open_page(tab, served)
        holder = unfolded(tab, MORNING)
        holder.get_by_label("To", exact=True).fill("11:31")
        holder.get_by_role("button", name="Keep the change").click()
        expect(said(tab)).to_contain_text("Corrected")

    assert sum(url.endswith("/corrections") for url in asked) == 1
    assert [url for url in asked if "11" in url.partition("127.0.0.1")[2].partition("/")[2]] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "language"), [(1100, "da"), (550, "en"), (375, "nb"), (320, "da")])
def test_every_form_and_error_has_no_barrier_that_axe_finds(
    browser: Browser, person: Paths, scheme: str, width: int, language: str
) -> None:
    CommandLine(person, FixedClock(NOW)).run("log", "remove", "91")
    with page_on_the_friday(person.folder, language) as served:
        context = browser.new_context(
            color_scheme=scheme,  # type: ignore[arg-type]  # light or dark
            viewport={"width": width, "height": 900},
        )
        tab = context.new_page()
        open_page(tab, served)
        tab.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
        tab.locator('form[data-do="edit"] button[type="submit"]').last.click()
        tab.wait_for_selector(".refusal:not(:empty)")
        tab.locator('form[data-do="add"] input[name="start"]').fill("2026-10-25 02:30")
        tab.locator('form[data-do="add"] input[name="end"]').fill("04:00")
        tab.locator('form[data-do="add"] button[type="submit"]').click()
        tab.wait_for_selector("[data-fill]")

        found = Axe().run(tab)

        assert found.violations_count == 0, found.generate_report()
        assert tab.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        wide = tab.locator(".correction :is(input, select, button)").evaluate_all(
            "all => all.filter(one => one.getBoundingClientRect().right > document.documentElement.clientWidth)"
        )
        assert wide == []
        context.close()
