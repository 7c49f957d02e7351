"""The shop as web pages: what a plain HTTP client and hostile input get."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from urllib.parse import quote, urlencode, urlsplit

import pytest
from pytest_smallbench.benchmarks.agentbench.environments.web_shop.world import WebWorld
from web_samples import CHAIR, click, opened, search, shop

from pytest_smallbench.errors import UsageMistake


@pytest.fixture
def world() -> Iterator[WebWorld]:
    served = shop(pages=True)
    yield served
    served.close()


def ask(world: WebWorld, path: str, form: dict[str, str] | None = None) -> tuple[int, str]:
    """Status and text of one request below the shop's address."""
    assert world.address is not None
    address = urlsplit(world.address)
    connection = http.client.HTTPConnection(address.netloc, timeout=30)
    try:
        body = None if form is None else urlencode(form)
        connection.request("GET" if form is None else "POST", address.path + path, body)
        response = connection.getresponse()
        return response.status, response.read().decode()
    finally:
        connection.close()


def test_the_first_observation_says_where_the_pages_are(world: WebWorld) -> None:
    assert f"A browser finds the same shop at {world.address}\n" in world.observe()
    assert "browser" not in shop().observe()


def test_forms_and_links_do_what_the_tools_do(world: WebWorld) -> None:
    assert ask(world, "search", {"keywords": "lamp"})[0] == 303
    assert '/item/b0lamp">B0LAMP</a>' in ask(world, "")[1]
    assert ask(world, "item/b0lamp")[0] == 303
    assert ask(world, "click", {"value": "dark blue"})[0] == 303
    text = ask(world, "")[1]
    assert 'value="dark blue" aria-pressed="true">dark blue</button>' in text
    assert 'value="white" aria-pressed="false">white</button>' in text
    assert ask(world, "click", {"value": "buy now"})[0] == 303
    assert "Thank you for shopping" in ask(world, "")[1]
    assert world.judge(None).resolved


def test_tools_and_pages_share_one_visit(world: WebWorld) -> None:
    search(world, "lamp")
    assert "Page 1 (Total results: 1)" in ask(world, "")[1]
    ask(world, "item/b0lamp")
    assert click(world, "buy now").done


def test_everything_is_escaped(world: WebWorld) -> None:
    search(world, "chair")
    text = ask(world, "")[1]
    assert "<script" not in text
    assert "&lt;script&gt;" in text
    assert "<b>" not in ask(world, "click", {"value": "<b>'\"&"})[1]
    assert CHAIR.title not in text


def test_what_cannot_be_done_is_said_on_the_page_and_changes_nothing(world: WebWorld) -> None:
    before = world.snapshot()
    for path, form in (
        ("click", {"value": "buy now"}),
        ("click", {"other": "x"}),
        ("search", {"keywords": " "}),
        ("item/b0lamp", None),
    ):
        status, text = ask(world, path, form)
        assert (status, 'class="notice"' in text) == (409, True)
    assert world.snapshot() == before


def test_a_link_cannot_buy(world: WebWorld) -> None:
    search(world, "lamp")
    click(world, "b0lamp")
    assert ask(world, f"item/{quote('buy now')}")[0] == 409
    assert not world.call("click_action", {"value": "white"}).done


def test_other_addresses_and_methods_are_refused(world: WebWorld) -> None:
    assert ask(world, "../")[0] == 404
    assert ask(world, "nothing")[0] == 404
    assert ask(world, "nothing", {})[0] == 404
    assert ask(world, "click", {"value": "x" * 70_000})[0] == 413


def test_many_browsers_at_once_leave_one_purchase(world: WebWorld) -> None:
    search(world, "lamp")
    click(world, "b0lamp")
    statuses: list[int] = []

    def buy() -> None:
        statuses.append(ask(world, "click", {"value": "buy now"})[0])

    threads = [threading.Thread(target=buy) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [303] + [409] * 7


def test_the_pages_end_with_the_world() -> None:
    world = shop(pages=True)
    address = urlsplit(str(world.address))
    world.close()
    world.close()
    with pytest.raises(ConnectionRefusedError):
        http.client.HTTPConnection(address.netloc, timeout=30).request("GET", "/")


def test_pages_are_served_on_demand_only() -> None:
    world = opened({}, web_pages="on")
    assert world.address is not None
    world.close()
    assert opened({}).address is None
    with pytest.raises(UsageMistake, match="web_pages=yes: take on or off"):
        opened({}, web_pages="yes")
