"""The shop in a real browser: Debian's chromium and chromium-driver, headless."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from web_samples import CHAIR, INSTRUCTION, shop

_PROGRAMS = [shutil.which("chromium"), shutil.which("chromedriver")]
pytestmark = pytest.mark.skipif(
    not all(_PROGRAMS), reason="there is no chromium with chromedriver (apt: chromium-driver)"
)


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    webdriver = pytest.importorskip("selenium.webdriver")
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    profile: Path = tmp_path_factory.mktemp("profile")
    options.binary_location = _PROGRAMS[0]
    # Root, as which CI runs, gets no sandbox from Chromium; the pages are our own.
    for argument in ("--headless=new", "--no-sandbox", f"--user-data-dir={profile}"):
        options.add_argument(argument)
    options.add_argument("--disable-dev-shm-usage")
    driver = webdriver.Chrome(options, Service(_PROGRAMS[1]))
    yield driver
    driver.quit()


def press(browser: Any, name: str) -> None:
    """Click the button of this name and wait for the page that it leads to."""
    follow(browser, "xpath", f"//button[normalize-space()='{name}']")


def follow(browser: Any, by: str, name: str) -> None:
    from selenium.webdriver.support.wait import WebDriverWait

    browser.execute_script("window.leaving = true")  # a mark that the next page does not have
    browser.find_element(by, name).click()
    arrived = "return !window.leaving && document.readyState === 'complete'"
    WebDriverWait(browser, 60).until(lambda driver: driver.execute_script(arrived))


def look_for(browser: Any, keywords: str) -> None:
    browser.find_element("name", "keywords").send_keys(keywords)
    press(browser, "Search")


def test_a_purchase_in_the_browser_is_graded_like_one_by_the_tools(browser: Any) -> None:
    world = shop(pages=True)
    try:
        browser.get(world.address)
        assert INSTRUCTION in browser.find_element("tag name", "body").text
        look_for(browser, "desk lamp")
        follow(browser, "link text", "B0LAMP")
        press(browser, "dark blue")
        assert selected(browser) == ["dark blue"]
        press(browser, "Features")
        press(browser, "< Prev")
        press(browser, "Buy Now")
        assert "You bought B0LAMP" in browser.find_element("tag name", "body").text
        assert world.judge(None).line == "Added to cart: B0LAMP reward=1.0"
    finally:
        world.close()


def selected(browser: Any) -> list[str]:
    found = browser.find_elements("css selector", "button[aria-pressed=true]")
    return [button.get_attribute("value") for button in found]


def test_a_title_with_a_script_is_shown_and_not_run(browser: Any) -> None:
    world = shop(pages=True)
    try:
        browser.get(world.address)
        look_for(browser, "chair")
        assert CHAIR.title in browser.find_element("tag name", "body").text
        assert browser.find_elements("tag name", "script") == []
    finally:
        world.close()


def test_an_old_page_in_the_browser_changes_nothing(browser: Any) -> None:
    world = shop(pages=True)
    try:
        browser.get(world.address)
        look_for(browser, "lamp")
        follow(browser, "link text", "B0LAMP")
        stale = f"{world.address}item/b0chair"
        browser.get(stale)
        notice = browser.find_element("css selector", ".notice").text
        assert notice == "Error: there is no link to 'b0chair' on this page."
        assert '"place": "item"' in world.snapshot()
    finally:
        world.close()
