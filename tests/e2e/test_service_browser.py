"""The employer's pages in a real browser: readable, operable by keyboard, without a script, from one place only."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from fyraften_policy import wire
from service_process import ADMIN, PASSWORD, Laptop, ServiceProcess, duty_values, group_values, record_values, set_up

pytestmark = pytest.mark.browser

CHROMIUM = Path("/usr/bin/chromium")
# Without these the browser looks up its maker's hosts at every start.
OPTIONS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-dev-shm-usage"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
WEEK = "2026-W45"


def working_time(person: Laptop) -> list[httpx.Request]:
    """Return the requests of somebody who files two weeks, and corrects the first."""
    first, second = record_values("2026-W43"), record_values("2026-W43", (444, 444, 444, 444, 360, None, 0))
    return [
        person.enrolment(),
        person.report("2026-W43", first),
        person.report("2026-W43", second, wire.encode("fyraften.record.weekly/1", first)),
        person.report("2026-W42", record_values("2026-W42")),
        person.report("2026-W30", record_values("2026-W30")),
    ]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServiceProcess]:
    made = set_up(tmp_path_factory.mktemp("service"), date(2026, 10, 30), {"sales": "Sales", "depot": "Depot"})
    made.start()
    with httpx.Client(trust_env=False, timeout=30) as client:
        laptops = []
        for cell, number in (("sales", 12), ("depot", 3)):
            code = made.invite("cell", cell)
            laptops += [(cell, Laptop(made.url, "group", code)) for _ in range(number)]
        person = Laptop(made.url, "duty", made.invite("person", "Åse Ødegård"))
        requests = [laptop.enrolment() for _, laptop in laptops]
        requests += [person.enrolment(), person.report("2026-10", duty_values("2026-10"))]
        requests += working_time(Laptop(made.url, "record", person.code))
        assert {client.send(request).status_code for request in requests} == {201}
        made.set_date(date(2026, 11, 9))
        for cell, laptop in laptops:
            assert client.send(laptop.report(WEEK, group_values(WEEK, cell))).status_code == 201
    made.set_date(date(2026, 11, 23))
    yield made
    made.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip("Chromium is not installed (Debian: chromium)")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=list(OPTIONS))
        yield started
        started.close()


@pytest.fixture
def page(browser: Browser, service: ServiceProcess) -> Iterator[Page]:
    """A signed-in page, with scripts switched off."""
    context = browser.new_context(java_script_enabled=False, base_url=service.url, locale="en-GB")
    opened = context.new_page()
    opened.goto("/")
    opened.fill("#account", ADMIN)
    opened.fill("#password", PASSWORD)
    opened.click("main button")
    yield opened
    context.close()


@pytest.mark.parametrize("path", ["/login", "/", "/people", "/record", "/record?until=2026-W38", "/nothing"])
@pytest.mark.parametrize("language", ["en", "da", "nb"])
def test_no_rule_of_accessibility_is_broken(
    browser: Browser, service: ServiceProcess, page: Page, path: str, language: str
) -> None:
    # axe is itself a script, put in from outside the page's own policy; the page has none.
    context = browser.new_context(base_url=service.url, bypass_csp=True, storage_state=page.context.storage_state())
    with_axe = context.new_page()
    with_axe.goto(f"{path}{'&' if '?' in path else '?'}lang={language}")
    found = Axe().run(with_axe)
    context.close()

    assert found.response["passes"]
    assert found.response["violations"] == [], found.generate_report()


def test_axe_would_see_a_table_without_words(browser: Browser) -> None:
    opened = browser.new_page()
    opened.set_content("<html><body><input><img src=x></body></html>")
    found = Axe().run(opened)
    opened.close()

    assert found.violations_count >= 3


def test_the_figures_can_be_read_without_a_script(page: Page) -> None:
    assert page.locator("h1").inner_text() == f"Group figures Week {WEEK}"
    assert page.locator("section h2").first.inner_text() == "Nordhavn Regnskab"
    assert page.locator("caption").count() == 8
    assert page.locator("#held-back").is_visible()


def test_the_list_can_be_read_without_a_script(page: Page) -> None:
    page.click("text=People who told you")

    assert page.locator("th[scope=row]").all_inner_texts() == ["Åse Ødegård"]


def test_the_record_can_be_read_without_a_script(page: Page) -> None:
    page.click("text=Record of working time")
    weeks = page.locator("th[scope=row]").all_inner_texts()
    corrected = page.locator("tbody tr:nth-child(2) td").all_inner_texts()
    page.click("text=Earlier weeks")

    assert weeks == ["2026-W43", "2026-W43", "2026-W42"]
    assert corrected == ["7:24", "7:24", "7:24", "7:24", "6:00", "left out", "0:00", "2026-10-30, corrected"]
    assert page.locator("th[scope=row]").all_inner_texts() == ["2026-W30"]
    assert page.locator("th[scope=rowgroup]").all_inner_texts() == ["Åse Ødegård"]


def test_the_record_is_reached_and_scrolled_with_the_keyboard(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto("/record")
    for _ in range(6):  # skip, four pages, sign out
        page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    table = page.locator(".wide:focus")
    is_there = table.count()
    for _ in range(30):
        page.keyboard.press("ArrowRight")
    page.wait_for_timeout(300)
    first = page.locator("th[scope=row]").first.bounding_box()
    page.keyboard.press("Tab")

    assert is_there == 1
    assert first is not None
    assert first["x"] < 0
    assert page.locator("a:focus").inner_text() == "Earlier weeks"


def test_everything_can_be_done_with_the_keyboard(browser: Browser, service: ServiceProcess) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=service.url, locale="en-GB")
    opened = context.new_page()
    opened.goto("/login")
    opened.keyboard.press("Tab")
    skip = opened.locator("a.skip")
    skip_is_seen = (skip.bounding_box() or {"x": -1})["x"] >= 0
    opened.keyboard.press("Tab")
    opened.keyboard.type(ADMIN)
    opened.keyboard.press("Tab")
    opened.keyboard.type(PASSWORD)
    opened.keyboard.press("Enter")
    opened.wait_for_url(f"{service.url}/")
    for _ in range(4):  # skip, two pages of figures, this page
        opened.keyboard.press("Tab")
    opened.keyboard.press("Enter")
    opened.wait_for_url(f"{service.url}/people")
    for _ in range(6):  # skip, four pages, sign out
        opened.keyboard.press("Tab")
    opened.keyboard.press("Enter")
    opened.wait_for_url(f"{service.url}/login")
    context.close()

    assert skip_is_seen


def test_nothing_is_fetched_from_elsewhere_and_nothing_is_refused(browser: Browser, service: ServiceProcess) -> None:
    context = browser.new_context(base_url=service.url, locale="en-GB")
    opened = context.new_page()
    asked: list[str] = []
    complaints: list[str] = []
    opened.on("request", lambda request: asked.append(request.url))
    opened.on("console", lambda message: complaints.append(message.text))
    opened.goto("/")
    opened.fill("#account", ADMIN)
    opened.fill("#password", PASSWORD)
    opened.click("main button")
    opened.goto("/people")
    context.close()

    assert len(asked) >= 5
    assert [url for url in asked if not url.startswith(f"{service.url}/")] == []
    assert complaints == []


def test_on_a_small_screen_only_the_table_of_the_record_is_moved_sideways(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto("/record")
    boxes = [part.bounding_box() for part in page.locator("main > *").all()]

    assert max(box["x"] + box["width"] for box in boxes if box) <= 360
    table = page.locator("main table").bounding_box()
    assert table is not None
    assert table["width"] > 360


@pytest.mark.parametrize("path", ["/", "/people", "/people?lang=da", "/people?lang=nb"])
def test_a_small_screen_needs_no_sideways_scrolling(page: Page, path: str) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(path)
    width = page.locator("body").bounding_box()

    widest = max(
        (box["x"] + box["width"] for box in map(lambda part: part.bounding_box(), page.locator("main *").all()) if box),
        default=0,
    )
    assert width is not None
    assert widest <= 360
