"""A browser's tab in which every complaint is a failure."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page

from e2e.page_processes import PageProcess, page_on_the_friday


@contextlib.contextmanager
def quiet_tab(browser: Browser) -> Iterator[Page]:
    """Open a tab until the block ends; then the page must have complained of nothing."""
    complaints: list[str] = []
    context = browser.new_context(locale="en-GB")
    page = context.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    yield page
    context.close()
    assert complaints == []


@contextlib.contextmanager
def page_open_in(tab: Page, folder: Path, language: str = "en") -> Iterator[PageProcess]:
    """Serve the records in ``folder``; the tab leaves the page before that ends, or would complain."""
    with page_on_the_friday(folder, language) as served:
        yield served
        tab.goto("about:blank")
