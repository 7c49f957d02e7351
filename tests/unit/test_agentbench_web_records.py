"""Shopping tasks as records: generated ones and published ones."""

from __future__ import annotations

import hashlib
import json
import random
from dataclasses import asdict
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from pytest_smallbench.benchmarks.agentbench.environments.web_shop.catalogues import generated
from pytest_smallbench.benchmarks.agentbench.environments.web_shop.colours import reduced
from pytest_smallbench.benchmarks.agentbench.environments.web_shop.products import goal_of
from pytest_smallbench.benchmarks.agentbench.environments.web_shop.published import read
from pytest_smallbench.benchmarks.agentbench.environments.web_shop.reward import alike, reward
from pytest_smallbench.benchmarks.agentbench.environments.web_shop.world import open_world
from pytest_smallbench.benchmarks.agentbench.generators.web_shop import generate
from pytest_smallbench.benchmarks.agentbench.generators.web_taxonomy import OPTIONS, TYPES
from pytest_smallbench.benchmarks.agentbench.kinds import KINDS
from pytest_smallbench.benchmarks.agentbench.worlds import DIFFICULTIES, Record
from web_samples import click, host, search

from pytest_smallbench.errors import UsageMistake


def records(seed: int, number: int = 50) -> list[Record]:
    return [generate(seed, n, DIFFICULTIES[n % 3]) for n in range(number)]


# -- generated ----------------------------------------------------------------------


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_every_generated_goal_is_met_by_gold_found_by_search(seed: int) -> None:
    for record in records(seed):
        world = open_world(record, host())
        calls = world.reference()
        assert calls[0].name == "search_action"
        assert len(calls) <= KINDS["web"].max_steps
        assert all(world.call(call.name, call.arguments).valid for call in calls)
        assert world.judge(None).score == 1.0, record.id


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_buying_the_first_hit_as_it_stands_never_resolves(seed: int) -> None:
    for record in records(seed):
        world = open_world(record, host())
        page = search(world, record.data["goal"]["query"]).text
        first = next(part for part in page.split(" [SEP] ") if part.startswith("B0"))
        assert click(world, first, "buy now").done
        assert not world.judge("Added to cart").resolved, record.id


def test_choosing_another_value_of_an_option_does_not_resolve() -> None:
    for record in records(0):
        world = open_world(record, host())
        wanted = record.data["goal"]["goal_options"][-1]
        *calls, buy = world.reference()
        for call in calls:
            page = world.call(call.name, call.arguments).text
        names = [name for name, values in OPTIONS.items() if wanted in values]
        others = [v for name in names for v in OPTIONS[name] if v != wanted and f'"{v}"' in page]
        assert click(world, others[0], buy.arguments["value"]).done
        assert not world.judge(None).resolved, record.id


def test_a_random_product_of_another_type_is_worth_little() -> None:
    low, rng = 0, random.Random(0)
    for record in records(0, 100):
        goal = goal_of(record.data["goal"], "")
        others = [p for p in generated(0).products if p.query != goal.query]
        product = rng.choice(others)
        chosen = {name: rng.choice(values) for name, values in product.choices.items()}
        low += reward(product, chosen, goal).total < 0.5
    assert low >= 98


def test_harder_tasks_ask_for_more() -> None:
    def asked(difficulty: str) -> tuple[int, int]:
        goal = generate(0, 1, difficulty).data["goal"]
        return len(goal["attributes"]), len(goal["goal_options"])

    assert asked("easy") == (1, 1)
    assert asked("medium") == (2, 2)
    assert asked("hard")[0] == 3


def test_the_instruction_says_what_the_goal_wants_and_not_which_product() -> None:
    record = generate(0, 2, "hard")
    goal = record.data["goal"]
    wanted = [*goal["attributes"], *goal["goal_options"], goal["query"], str(goal["price_upper"])]
    assert all(text in record.instruction for text in wanted)
    assert goal["asin"] not in record.instruction
    assert goal["nouns"][0] not in record.instruction.lower()  # the brand


def test_a_task_is_made_alone_and_is_always_the_same() -> None:
    made = [generate(7, number, "hard") for number in (3, 1, 2)]
    assert generate(7, 1, "hard") == made[1]
    assert [record.id for record in made] == ["web/g7-00003", "web/g7-00001", "web/g7-00002"]
    text = json.dumps([asdict(record) for record in made], sort_keys=True)
    assert hashlib.sha256(text.encode()).hexdigest()[:12] == "0502e09bcfa3"


def test_there_are_five_departments_of_thirty_types_and_asins_of_their_own() -> None:
    departments = [kind.department for kind in TYPES]
    assert {departments.count(name) for name in departments} == {30}
    assert len({kind.name for kind in TYPES}) == 150
    assert len(generated(0).by_asin) == 1000


@pytest.mark.parametrize("name", OPTIONS)
def test_no_two_values_of_an_option_count_as_the_same(name: str) -> None:
    pairs = combinations(OPTIONS[name], 2)
    assert [pair for pair in pairs if alike(reduced(pair[0]), reduced(pair[1]))] == []


# -- published ----------------------------------------------------------------------

PRODUCT = {
    "asin": "B01",
    "title": "Norvane desk lamp",
    "attributes": ["dimmable"],
    "options": {"color": ["black", "white"]},
    "pricing": [25.5],
    "product_category": "home \u203a lighting",
    "query": "lamp",
}
GOAL = {
    "id": "web-std-4",
    "instruction": "A dimmable lamp in black.",
    "asin": "B01",
    "attributes": ["dimmable"],
    "goal_options": ["black"],
    "price_upper": 30,
}


def shop(folder: Path, products: list[Any], goals: list[Any]) -> Path:
    for name, lines in (("web_products", products), ("web_goals", goals)):
        text = "".join(json.dumps(line) + "\n" for line in lines)
        (folder / f"{name}.jsonl").write_text(text)
    return folder


def test_a_published_goal_can_be_met_in_its_folders_catalogue(tmp_path: Path) -> None:
    named = {**GOAL, "id": "x", "split": "dev", "goal_options": {"color": "black"}}
    found = list(read(shop(tmp_path, [PRODUCT], [GOAL, named])))
    assert [(record.id, record.split) for record in found] == [
        ("web/dev-x", "dev"),
        ("web/std-4", "test"),
    ]
    for record in found:
        world = open_world(record, host(tmp_path))
        for call in world.reference():
            world.call(call.name, call.arguments)
        assert world.judge(None).line == "Added to cart: B01 reward=1.0"


def test_a_folder_without_a_shop_has_no_web_tasks(tmp_path: Path) -> None:
    assert list(read(tmp_path)) == []


@pytest.mark.parametrize("missing", ["web_products.jsonl", "web_goals.jsonl"])
def test_half_a_shop_is_a_usage_mistake(tmp_path: Path, missing: str) -> None:
    (shop(tmp_path, [PRODUCT], [GOAL]) / missing).unlink()
    with pytest.raises(UsageMistake, match="a shop needs both"):
        read(tmp_path)


def test_a_threshold_below_one_can_be_asked_for(tmp_path: Path) -> None:
    goal = {**GOAL, "threshold": 0.6}
    (record,) = read(shop(tmp_path, [PRODUCT], [goal]))
    world = open_world(record, host(tmp_path))
    search(world, "lamp")
    click(world, "b01", "buy now")
    judgement = world.judge(None)
    assert judgement.resolved
    assert judgement.line == "Added to cart: B01 reward=0.6667"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"asin": None}, ":1: field 'asin' must be a text"),
        ({"title": " "}, ":1: field 'title' must be a text"),
        ({"features": "soft"}, ":1: field 'features' must be a list of texts"),
        ({"options": {"color": "red"}}, ":1: field 'options' must be an object of lists"),
        ({"pricing": [1, 2, 3]}, ":1: field 'pricing' must be a list of one or two prices"),
        ({"pricing": ["$5"]}, ":1: field 'pricing' must be a list of one or two prices"),
        ({"pricing": [float("nan")]}, ":1: field 'pricing' must be a list of one or two prices"),
        ({"query": 3}, ":1: field 'query' must be a text"),
        ({"title": "lamp \ud800"}, ":1: field 'title' must be a text"),
    ],
)
def test_a_broken_product_is_told_by_file_line_and_field(
    tmp_path: Path, change: dict[str, Any], said: str
) -> None:
    folder = shop(tmp_path, [{**PRODUCT, **change}], [GOAL])
    with pytest.raises(UsageMistake) as mistake:
        read(folder)
    assert str(mistake.value).startswith(f"{tmp_path / 'web_products.jsonl'}{said}")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"id": ""}, ":2: field 'id' must be a text"),
        ({"instruction": None}, ":2: field 'instruction' must be a text"),
        ({"asin": "B99"}, ":2: field 'asin': there is no product 'B99'"),
        ({"attributes": "x"}, ":2: field 'attributes' must be a list of texts"),
        ({"goal_options": [1]}, ":2: field 'goal_options' must be a list of texts"),
        ({"price_upper": "30"}, ":2: field 'price_upper' must be a number"),
        ({"threshold": True}, ":2: field 'threshold' must be a number"),
        ({"expected_output": 1}, ":2: field 'expected_output' must be a text"),
        ({"split": 1}, ":2: field 'split' must be a text"),
        ({"id": "web-std-4"}, ":2: field 'id' is already that of"),
    ],
)
def test_a_broken_goal_is_told_by_file_line_and_field(
    tmp_path: Path, change: dict[str, Any], said: str
) -> None:
    folder = shop(tmp_path, [PRODUCT], [GOAL, {**GOAL, "id": "two", **change}])
    with pytest.raises(UsageMistake) as mistake:
        read(folder)
    assert str(mistake.value).startswith(f"{tmp_path / 'web_goals.jsonl'}{said}")
