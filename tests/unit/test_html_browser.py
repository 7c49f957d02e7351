"""report.html in a real browser, opened from disk: by mouse, by keyboard, and attacked."""

from __future__ import annotations

import dataclasses
import json
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from html_samples import HOSTILE, many, repeated, run
from report_samples import FACTS, outcomes, report, result

from pytest_smallbench.contracts import Result
from pytest_smallbench.reports.baseline import read_baseline
from pytest_smallbench.reports.build import Against
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


@pytest.fixture
def against(tmp_path: Path) -> Against:
    """A baseline of twelve tasks that were all resolved."""
    path = tmp_path / "old.json"
    path.write_text(json.dumps(report(*outcomes(resolved=12))))
    return Against(read_baseline(path))


def test_a_comparison_names_the_flips_and_filters_by_them(opened: Any, against: Against) -> None:
    page = opened(
        *outcomes(resolved=10, unresolved=2),
        facts=dataclasses.replace(FACTS, model=HOSTILE),
        against=against,
    )
    text = page.find_element(By.TAG_NAME, "main").text
    assert "Comparison with the baseline" in text
    assert "12 tasks graded in both: 100.0% before, 83.3% now" in text
    assert "worse: 2 tasks: T/10, T/11" in text
    assert f"model gpt-4o-mini -> {HOSTILE[:60]}" in text
    page.find_element(By.CSS_SELECTOR, "#change option[value=worse]").click()
    assert tasks(page) == ["T/10", "T/11"]
    page.find_element(By.LINK_TEXT, "T/11").click()
    steps(page)
    assert "worse than the baseline" in page.find_element(By.CSS_SELECTOR, ".about").text


def test_a_page_without_a_baseline_has_no_comparison(opened: Any) -> None:
    page = opened(result(0))
    assert "baseline" not in page.find_element(By.TAG_NAME, "main").text
    assert not page.find_element(By.ID, "change").is_displayed()


def test_several_attempts_have_rows_and_a_flake_table(opened: Any) -> None:
    facts = dataclasses.replace(FACTS, attempts=3)
    page = opened(*repeated(6, 3), facts=facts)
    text = page.find_element(By.TAG_NAME, "main").text
    assert "3 attempts a task: pass@1 44.4%, pass@2 66.7%, pass@3 66.7%" in text
    assert "resolved by some attempts only: 4 tasks: T/1 2/3, T/2 2/3, T/4 2/3, T/5 2/3" in text
    assert tasks(page)[:4] == ["T/0[1]", "T/0[2]", "T/0[3]", "T/1[1]"]
    page.find_element(By.LINK_TEXT, "T/1[2]").click()
    steps(page)
    press(page, "n")
    WebDriverWait(page, 20).until(lambda p: p.find_element(By.ID, "task").text == "T/1[3]")


@pytest.fixture
def narrow(browser: Any) -> Iterator[None]:
    """As wide as a phone."""
    size = {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": True}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    yield
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


@pytest.mark.usefixtures("narrow")
def test_nothing_is_wider_than_a_phone(opened: Any, against: Against) -> None:
    worse = result(0, "unresolved", category="C" * 60, reason="why " * 40, tags=("t" * 80,))
    page = opened(worse, *outcomes(resolved=12)[1:], against=against)
    width = "return document.documentElement.scrollWidth"
    assert page.execute_script(width) == 390
    page.find_element(By.LINK_TEXT, "T/0").click()
    steps(page)
    assert page.execute_script(width) == 390


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
