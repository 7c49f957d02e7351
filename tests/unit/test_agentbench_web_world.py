"""The web shop through its tools: search, pages, clicks, purchase, and what it refuses."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest
from web_samples import CHAIR, GOAL, INSTRUCTION, LAMP, click, many, opened, search, shop

from pytest_smallbench.contracts import Observation
from pytest_smallbench.errors import UsageMistake


def parts(observation: Observation) -> list[str]:
    return observation.text.partition("\n\n")[0].split(" [SEP] ")


def actions(observation: Observation) -> dict[str, Any]:
    return dict(json.loads(observation.text.partition("Available actions: ")[2]))


def visit(world: Any) -> dict[str, Any]:
    """Where the world stands, as its snapshot has it."""
    return dict(json.loads(world.snapshot()))


def found(world: Any, keywords: str) -> list[str]:
    """The asins on the first page of results."""
    return [part for part in parts(search(world, keywords)) if part.startswith("B0")]


# -- pages --------------------------------------------------------------------------


def test_the_first_page_has_a_search_bar_and_the_instruction() -> None:
    text = shop().observe()
    assert f"WebShop [SEP] Instruction: [SEP] {INSTRUCTION} [SEP] Search\n" in text
    assert text.endswith('{"has_search_bar": true, "clickables": ["search"]}')


def test_results_list_asin_title_and_price() -> None:
    observation = search(shop(), "LAMP")
    head = ["Instruction:", INSTRUCTION, "Back to Search", "Page 1 (Total results: 1)", "Next >"]
    assert parts(observation) == [*head, "B0LAMP", LAMP.title, "$20.00 to $30.00"]
    assert actions(observation) == {
        "has_search_bar": False,
        "clickables": ["back to search", "next >", "b0lamp"],
    }


def test_an_item_lists_options_price_and_sub_pages() -> None:
    world = shop()
    search(world, "lamp")
    head = ["Instruction:", INSTRUCTION, "Back to Search", "< Prev", "color", "dark blue", "white"]
    rest = ["Red <b>", "plug", "european", "british", LAMP.title, "Price: $20.00 to $30.00"]
    last = ["Rating: N.A.", "Description", "Features", "Reviews", "Buy Now"]
    assert parts(click(world, "B0Lamp")) == [*head, *rest, *last]


def test_sub_pages_show_their_text_and_lead_back_with_the_options_kept() -> None:
    world = shop()
    search(world, "lamp")
    click(world, "b0lamp", "white")
    assert parts(click(world, "features"))[-2:] == list(LAMP.features)
    assert "Buy Now" in parts(click(world, "< prev"))
    assert parts(click(world, "description"))[-1] == LAMP.description
    click(world, "< prev", "buy now")
    assert "options 0/1" in world.judge(None).explanation
    assert visit(world)["options"] == {"color": "white"}


def test_ten_results_a_page_fifty_in_all_and_an_empty_page_after_the_last() -> None:
    world = shop(*many(60))
    observation = search(world, "mug")
    assert "Page 1 (Total results: 50)" in parts(observation)
    assert "< Prev" not in parts(observation)
    assert [p for p in parts(observation) if p.startswith("B0")] == [
        f"B0MUG{n:03d}" for n in range(10)
    ]
    past = click(world, *["next >"] * 5)
    assert parts(past)[2:] == ["Back to Search", "Page 6 (Total results: 50)", "< Prev", "Next >"]
    assert "B0MUG049" in parts(click(world, "< prev"))


def test_going_back_to_the_results_keeps_the_page_and_clears_the_options() -> None:
    world = shop(*many(20))
    search(world, "mug")
    click(world, "next >", "b0mug012", "large")
    assert "Page 2 (Total results: 20)" in parts(click(world, "< prev"))
    click(world, "b0mug012", "buy now")
    assert (visit(world)["place"], visit(world)["options"]) == ("done", {})


def test_a_second_value_of_an_option_replaces_the_first() -> None:
    world = shop()
    search(world, "lamp")
    click(world, "b0lamp", "white", "british", "DARK BLUE")
    assert visit(world)["options"] == {"color": "dark blue", "plug": "british"}


# -- search -------------------------------------------------------------------------


def test_any_of_the_words_is_enough_and_stems_and_options_match() -> None:
    world = shop()
    assert found(world, "chairs that fold") == ["B0CHAIR"]
    click(world, "back to search")
    assert found(world, "british zebra") == ["B0LAMP"]
    click(world, "back to search")
    assert found(world, "zebra") == []


@pytest.mark.parametrize(
    ("keywords", "asins"),
    [
        ("<a> dimmable", ["B0LAMP"]),
        ("<c> furniture", ["B0CHAIR"]),
        ("<q> Desk Lamp", ["B0LAMP"]),
        ("<a> nothing of the kind", []),
    ],
)
def test_special_searches(keywords: str, asins: list[str]) -> None:
    assert found(shop(), keywords) == asins


def test_a_search_for_anything_finds_fifty_and_always_the_same() -> None:
    first = search(shop(*many(80)), "<r>")
    assert "Page 1 (Total results: 50)" in parts(first)
    assert search(shop(*many(80)), "<r>") == first
    assert search(shop(*many(80)), "<r> other") != first


@pytest.mark.parametrize(
    "keywords",
    [
        'lamp"',
        "lamp NEAR(chair) AND NOT OR",
        "text:lamp*",
        "^lamp (a - b) {c} + 'd'",
        "lamp \x00\x1b[2J\u202e",
        "lamp " + "word " * 200_000,
        "lamp" + " \U0001f600" * 100,
    ],
)
def test_nothing_in_keywords_is_syntax(keywords: str) -> None:
    assert "B0LAMP" in found(shop(), keywords)


def test_keywords_without_a_word_find_nothing_or_are_refused() -> None:
    assert found(shop(), '"*:') == []
    observation = search(shop(), " \t")
    assert (observation.valid, observation.done) == (False, False)
    assert "no keywords" in observation.text


# -- refusals -----------------------------------------------------------------------


@pytest.mark.parametrize("value", ["buy now", "b0chair", "", "\x00", "x" * 1_000_000, "search"])
def test_a_click_on_what_is_not_there_changes_nothing(value: str) -> None:
    world = shop()
    before = world.snapshot()
    observation = click(world, value)
    assert (observation.valid, observation.done) == (False, False)
    assert observation.text.startswith("Error: ")
    assert len(observation.text) < 600
    assert world.snapshot() == before


def test_a_search_where_there_is_no_bar_changes_nothing() -> None:
    world = shop()
    search(world, "lamp")
    before = world.snapshot()
    assert "no search bar on this page" in search(world, "chair").text
    assert world.snapshot() == before


def test_after_the_purchase_nothing_can_be_done() -> None:
    world = shop()
    search(world, "chair")
    assert click(world, "b0chair", "buy now").done
    before = world.snapshot()
    again = click(world, "back to search")
    assert (again.done, again.valid) == (True, False)
    assert world.snapshot() == before


# -- the verdict --------------------------------------------------------------------


def test_the_right_purchase_resolves_with_the_canonical_line() -> None:
    world = shop()
    for call in world.reference():
        last = world.call(call.name, call.arguments)
    assert last.done
    assert "reward" not in last.text.lower()
    judgement = world.judge(None)
    assert (judgement.resolved, judgement.score) == (True, 1.0)
    assert judgement.line == "Added to cart: B0LAMP reward=1.0"


def test_another_purchase_is_scored_but_not_resolved() -> None:
    world = shop()
    search(world, "lamp")
    click(world, "b0lamp", "buy now")
    judgement = world.judge("Added to cart")
    assert (judgement.resolved, judgement.score) == (False, 0.75)
    assert judgement.line == "Bought: B0LAMP"


def test_no_purchase_is_worth_nothing() -> None:
    judgement = shop().judge("Added to cart")
    assert (judgement.resolved, judgement.score, judgement.line) == (False, 0, "Bought: nothing")


def test_a_record_without_a_goal_is_a_shop_without_a_verdict() -> None:
    world = opened({})
    assert found(world, "desk lamp") != []
    judgement = world.judge("Added to cart")
    assert not judgement.resolved
    assert "its expected output decides" in judgement.explanation
    assert list(world.reference()) == []


def test_a_product_that_cannot_be_bought_rightly_has_no_gold() -> None:
    assert list(shop(goal=replace(GOAL, price_upper=1.0)).reference()) == []
    assert list(shop(goal=replace(GOAL, asin="nothing")).reference()) == []


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"goal": {"asin": "a"}}, "field 'catalogue' is missing"),
        ({"catalogue": 3}, "field 'catalogue' must be an object"),
        ({"catalogue": {"seed": 0, "size": 10**9}}, "field 'catalogue': size must be 1 to"),
        ({"catalogue": {"seed": 0, "size": 9}, "goal": {}}, "field 'goal': field 'asin'"),
    ],
)
def test_a_broken_record_is_told_by_task_and_field(data: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageMistake, match=f"task web/x: {said}"):
        opened(data)


# -- sameness -----------------------------------------------------------------------


def test_after_restore_the_same_calls_give_the_same_answers() -> None:
    world = shop(CHAIR, *many(30))
    search(world, "mug")
    click(world, "next >", "b0mug015", "large")
    kept = world.snapshot()
    first = [click(world, "reviews"), click(world, "< prev"), click(world, "buy now")]
    world.restore(kept)
    assert world.snapshot() == kept
    assert [click(world, value) for value in ("reviews", "< prev", "buy now")] == first


def test_another_process_gives_the_same_answers_byte_for_byte() -> None:
    code = """
import sys
sys.path.insert(0, sys.argv[1])
from web_samples import host, search
from pytest_smallbench.benchmarks.agentbench.environments.web_shop.world import open_world
from pytest_smallbench.benchmarks.agentbench.generators.web_shop import generate
record = generate(4, 2, "hard")
print(record)
for keywords in ("<r>", "navy shirt", "<c> lighting"):
    print(search(open_world(record, host()), keywords))
world = open_world(record, host())
print(world.observe(), *[world.call(c.name, c.arguments) for c in world.reference()])
"""
    folder = __file__.rpartition("/")[0]
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code, folder],
            env={"PYTHONHASHSEED": seed},
            cwd=folder,  # not the checkout, which would be imported instead of the wheel
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1
    assert b"Thank you for shopping" in outputs.pop()
