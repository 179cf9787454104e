"""What must hold of every page in a browser."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page

WIDTHS = (1280, 390)


def grave(page: Page) -> list[str]:
    """The serious and critical violations of accessibility rules that axe-core finds on a page.

    It looks at the same address in a window that does not hold to the page's policy, as axe writes styles that it forbids.
    """
    copy = _bypassing(page).new_page()
    try:
        copy.goto(page.url)
        found = Axe().run(copy).response["violations"]
    finally:
        copy.context.close()
    return [f"{v['id']}: {n['target']}" for v in found if v["impact"] in {"serious", "critical"} for n in v["nodes"]]


def _bypassing(page: Page) -> BrowserContext:
    browser = page.context.browser
    assert browser is not None
    context = browser.new_context(viewport=page.viewport_size, bypass_csp=True)
    context.add_cookies(page.context.cookies())  # type: ignore[arg-type]
    return context


def too_wide(page: Page) -> int:
    """By how many pixels a page is wider than its window: a reader on a phone would have to scroll sideways."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def small_targets(page: Page) -> list[str]:
    """The buttons and inputs that are less than 24 pixels high or wide (WCAG 2.2, 2.5.8)."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll('button, input:not([type=hidden]), select, textarea, summary')]
            .filter(e => e.checkVisibility()).filter(e => {
                const r = e.getBoundingClientRect(); return r.height < 24 || r.width < 24; }).map(e => e.outerHTML)"""
    )
    return found
