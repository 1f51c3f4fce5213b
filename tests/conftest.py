"""A real Chromium: `page` as on a desk, `phone` as in a hand, `open_page()` for one more person signing in.

A test fails when any of its pages reports an error: a script, a refused resource, a breach of the security policy.
"""

from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

HERE = Path(__file__).parent
CHROMIUM = "/usr/bin/chromium"
# --no-sandbox: CI runs as root; the others keep Chromium from calling its maker.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP = {"viewport": {"width": 1280, "height": 900}}
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}


def pytest_collection_modifyitems(items):
    for item in items:
        for folder in ("browser", "services"):
            if item.path.is_relative_to(HERE / folder):
                item.add_marker(folder)


@pytest.fixture(scope="session")
def browser():
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright keeps an event loop in this thread, which Django takes for asynchronous code.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page_errors():
    """What pages complained of; a test that provokes an error on purpose removes it from here."""
    return []


@pytest.fixture
def open_page(browser, live_server, page_errors):
    """Makes a page with cookies of its own: a person at a desk, or with `**PHONE` on a phone."""
    contexts = []

    def note_console(message):
        if message.type == "error":
            page_errors.append(f"{message.page.url}: {message.text} {message.location['url']}")

    def make(**options):
        context = browser.new_context(
            base_url=live_server.url, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", **(DESKTOP | options)
        )
        contexts.append(context)
        context.set_default_timeout(10_000)
        context.on("console", note_console)
        context.on("weberror", lambda error: page_errors.append(f"{error.page.url}: {error.error}"))
        return context.new_page()

    yield make
    for context in contexts:
        context.close()
    assert not page_errors, "\n".join(page_errors)


@pytest.fixture
def page(open_page):
    return open_page()


@pytest.fixture
def phone(open_page):
    return open_page(**PHONE)
