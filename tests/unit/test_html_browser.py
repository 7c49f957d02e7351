"""report.html in a real browser, opened from disk: by mouse, by keyboard, and attacked."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from html_samples import HOSTILE, many, run
from report_samples import result

from pytest_smallbench.contracts import Result
from pytest_smallbench.reports.html.file import HtmlFile

webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed")
from selenium.webdriver.common.by import By  # noqa: E402  # after the check that it is there
from selenium.webdriver.common.keys import Keys  # noqa: E402  # as above
from selenium.webdriver.support.wait import WebDriverWait  # noqa: E402  # as above

FLAGS = (
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--no-first-run", "--window-size=1200,900"),
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not chromium or not driver:
        pytest.skip("chromium and chromium-driver are not installed")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for flag in FLAGS:
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    found = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
    yield found
    found.quit()


@pytest.fixture
def opened(browser: Any, tmp_path: Path) -> Iterator[Any]:
    """Opens the report of these results; at the end nothing was complained of or asked for."""

    def open_report(*results: Result, **changed: Any) -> Any:
        file = HtmlFile(tmp_path)
        file.pytest_smallbench_report(run(tmp_path, *results, **changed))
        assert file.written
        browser.get(file.path.as_uri())
        return browser

    browser.get_log("performance")
    yield open_report
    assert browser.get_log("browser") == []
    assert requested(browser) == {(tmp_path / "report.html").as_uri()}


def requested(browser: Any) -> set[str]:
    import json

    messages = [json.loads(each["message"])["message"] for each in browser.get_log("performance")]
    sent = [m["params"] for m in messages if m["method"] == "Network.requestWillBeSent"]
    return {each["request"]["url"] for each in sent}


def tasks(browser: Any) -> list[str]:
    return [each.text for each in browser.find_elements(By.CSS_SELECTOR, "#rows a")]


def steps(browser: Any) -> str:
    """The reader's text once the trajectory is there."""
    wait = WebDriverWait(browser, 20)
    wait.until(lambda page: page.find_elements(By.CSS_SELECTOR, "#steps > *"))
    return str(browser.find_element(By.ID, "steps").text)


def press(browser: Any, *keys: str) -> None:
    webdriver.ActionChains(browser).send_keys(*keys).perform()


def test_the_table_sorts_and_filters(opened: Any) -> None:
    page = opened(*many(12))
    assert tasks(page)[:3] == ["T/0", "T/1", "T/2"]
    page.find_element(By.CSS_SELECTOR, "[data-key=cost] button").click()
    assert tasks(page)[0] == "T/11"
    page.find_element(By.CSS_SELECTOR, "#outcome option[value=error]").click()
    assert tasks(page) == ["T/11", "T/7", "T/3"]
    page.find_element(By.ID, "search").send_keys("why 7")
    assert tasks(page) == ["T/7"]


def test_an_attempt_shows_turns_costs_and_differences(opened: Any) -> None:
    page = opened(result(0))
    page.find_element(By.LINK_TEXT, "T/0").click()
    text = steps(page)
    assert "1,204 + 33 tokens, $0.0002" in text
    assert "solution.py changed" in text
    assert "-    return 1\n+    return 2" in text
    assert "own test test_a written" in text
    page.find_element(By.ID, "kind-change").click()
    assert "solution.py changed" not in page.find_element(By.ID, "steps").text


def test_a_keyboard_is_enough(opened: Any) -> None:
    page = opened(*many(60))
    press(page, "/")
    press(page, "T/1")  # 1 and 10 to 19
    assert len(tasks(page)) == 11
    page.execute_script("document.querySelector('#rows a').focus()")
    press(page, Keys.ARROW_DOWN, Keys.ENTER)
    WebDriverWait(page, 20).until(lambda p: p.find_element(By.ID, "task").text == "T/10")
    press(page, "n")
    WebDriverWait(page, 20).until(lambda p: p.find_element(By.ID, "task").text == "T/11")
    press(page, Keys.ESCAPE)
    WebDriverWait(page, 20).until(lambda p: p.switch_to.active_element.text == "T/11")


def test_nothing_that_an_agent_wrote_runs(opened: Any) -> None:
    hostile = result(
        0,
        "unresolved",
        task_id=HOSTILE,
        nodeid=f"bcb-agent::{HOSTILE}",
        reason=f"ValueError: {HOSTILE}\u2028",
        category=HOSTILE,
        agent_output=HOSTILE,
        flags=(HOSTILE,),
    )
    page = opened(hostile, result(1, category="other"), text=HOSTILE)
    page.find_element(By.CSS_SELECTOR, "#rows a").click()
    assert HOSTILE in steps(page)
    assert page.title == "bcb-agent: benchmark report"
    assert not page.find_elements(By.TAG_NAME, "img")


def test_a_thousand_tasks_and_ten_megabytes(opened: Any, tmp_path: Path) -> None:
    page = opened(*many(1140), padding=4500)
    weight = sum(each.stat().st_size for each in tmp_path.glob("trajectories/*"))
    size = (tmp_path / "report.html").stat().st_size
    ready = page.execute_script("return document.documentElement.dataset.ready")
    began = time.perf_counter()
    page.find_element(By.LINK_TEXT, "T/7").click()
    steps(page)
    took = time.perf_counter() - began
    print(f"{weight:,} bytes of trajectories, page {size:,}, ready {ready} ms, opened {took:.2f} s")
    assert weight > 10_000_000
    assert size < weight / 2
    press(page, Keys.ESCAPE)
    assert len(tasks(page)) == 50
