"""What a purchase is worth: attributes, options, price and kind of product."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pytest_smallbench.benchmarks.agentbench.environments.web_shop.colours import (
    BASE_COLOURS,
    reduced,
)
from pytest_smallbench.benchmarks.agentbench.environments.web_shop.products import Goal, Product
from pytest_smallbench.benchmarks.agentbench.environments.web_shop.reward import alike, reward
from web_samples import GOAL, LAMP


def worth(product: Product = LAMP, goal: Goal = GOAL, **chosen: str) -> float:
    return reward(product, chosen, goal).total


def test_everything_met_is_worth_one() -> None:
    assert worth(color="dark blue") == 1.0


def test_what_is_missed_lessens_the_reward_evenly() -> None:
    assert worth() == pytest.approx(3 / 4)
    assert worth(goal=replace(GOAL, price_upper=19.0), color="white") == pytest.approx(2 / 4)


def test_an_attribute_counts_when_listed_nearly_so_or_verbatim_in_a_text() -> None:
    for wanted in ("energy saving", "saving energy", "warm light", "folds flat", "desk lamp"):
        assert reward(LAMP, {}, replace(GOAL, attributes=(wanted,))).attributes == 1, wanted
    assert reward(LAMP, {}, replace(GOAL, attributes=("water proof",))).attributes == 0


def test_options_are_reduced_to_base_colours_unless_given_by_name() -> None:
    assert reward(LAMP, {"color": "dark blue"}, GOAL).options == 1
    listed = replace(GOAL, options=("light slate",))
    assert reward(LAMP, {"color": "light steel"}, listed).options == 1  # both are "light"
    named = replace(listed, options=("pale sand",), reduce_colours=False)
    assert reward(LAMP, {"color": "pale sand"}, named).options == 1
    other = replace(named, options=("pale stone",))
    assert reward(LAMP, {"color": "fine sand"}, other).options == 0


def test_a_colour_is_the_first_of_the_list_that_is_contained() -> None:
    assert reduced("dark blue") == "blue"
    assert reduced("dark slate") == "dark"
    assert reduced("size 9") == "size 9"
    assert (len(BASE_COLOURS), sorted(BASE_COLOURS)) == (102, list(BASE_COLOURS))


@pytest.mark.parametrize(
    ("nouns", "query", "category", "kind"),
    [
        (("norvane", "desk", "lamp"), "x", "x", 1.0),  # half of the goal's nouns and more
        (("lamp",), "x", "x", 1.0),  # 1/3
        (("sofa",), "desk lamp", LAMP.category, 0.0),  # none: overrules query and category
    ],
)
def test_the_kind_of_product_follows_from_shared_nouns(
    nouns: tuple[str, ...], query: str, category: str, kind: float
) -> None:
    product = replace(LAMP, nouns=nouns, query=query, category=category)
    assert reward(product, {}, GOAL).kind == kind


@pytest.mark.parametrize(
    ("shared", "query", "category", "kind"),
    [
        (1, "x", "x", 0.1),  # 1/11
        (2, "x", "x", 0.5),  # 2/11
        (2, "desk lamp", "x", 1.0),
        (2, "x", "home \u203a lighting \u203a wall lamp", 1.0),
        (2, "x", "home \u203a garden", 0.5),
        (1, "desk lamp", LAMP.category, 0.1),
    ],
)
def test_few_shared_nouns_need_the_same_query_or_category(
    shared: int, query: str, category: str, kind: float
) -> None:
    goal = replace(GOAL, nouns=tuple("abcdefghijk"))
    product = replace(LAMP, nouns=goal.nouns[:shared], query=query, category=category)
    assert reward(product, {}, goal).kind == kind


def test_a_goal_without_nouns_is_in_doubt() -> None:
    goal = replace(GOAL, nouns=(), query="", category="")
    assert reward(LAMP, {}, goal).kind == 0.5
    assert reward(LAMP, {}, replace(goal, query="desk lamp")).kind == 1.0


def test_the_price_of_a_range_is_drawn_once_for_all() -> None:
    assert 20 <= LAMP.price <= 30
    assert LAMP.price == replace(LAMP, title="renamed").price
    assert replace(LAMP, asin="other").price != LAMP.price
    assert reward(LAMP, {}, replace(GOAL, price_upper=LAMP.price)).price
    assert not reward(LAMP, {}, replace(GOAL, price_upper=LAMP.price - 0.01)).price
    assert reward(LAMP, {}, replace(GOAL, price_upper=None)).price


def test_likeness_ignores_case_order_and_extra_words() -> None:
    assert alike("Slim Fit", "fit slim")
    assert alike("pack of 2", "2")
    assert not alike("small", "large")
    assert not alike("", "")
