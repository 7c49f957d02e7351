from __future__ import annotations

import contextlib
import json
import os
import threading
from pathlib import Path

import pytest

from pytest_smallbench.contracts import Reply, Usage
from pytest_smallbench.errors import BudgetSpent, ModelError, UsageMistake
from pytest_smallbench.models.budget import Budget, BudgetedModel, known_price
from pytest_smallbench.models.prices import Price

PRICE = Price("m", 1.0, None, 10.0, "2026-01-01")
SAID = [{"role": "user", "content": "x" * 1_000}]
DEAD = "999999999"  # above any process id


def budget(folder: Path, limit: float = 0.05) -> Budget:
    made = Budget(folder / "budget.json", limit, PRICE)
    made.begin(anew=True)
    return made


def state(of: Budget) -> dict[str, object]:
    found: dict[str, object] = json.loads(of.path.read_text())
    return found


def test_half_the_bytes_and_a_thousand_tokens_are_set_aside_at_first(tmp_path: Path) -> None:
    it = budget(tmp_path)
    amount = it.reserve(SAID)
    assert amount == pytest.approx((1_040 / 2 * 1.0 + 1_000 * 10.0) / 1e6, rel=0.01)
    it.settle(amount, 0.002, completion=30)
    assert state(it)["spent"] == 0.002
    assert it.reserve(SAID) == pytest.approx((1_040 / 2 * 1.0 + 30 * 10.0) / 1e6, rel=0.01)


def test_what_nobody_knows_costs_what_was_set_aside(tmp_path: Path) -> None:
    it = budget(tmp_path)
    amount = it.reserve(SAID)
    it.settle(amount, None)
    assert state(it)["spent"] == amount


def test_once_refused_nothing_begins(tmp_path: Path) -> None:
    it = budget(tmp_path, 0.011)
    it.check()
    it.settle(it.reserve(SAID), 0.0109)
    with pytest.raises(BudgetSpent, match=r"budget of \$0\.011 spent"):
        it.reserve(SAID)
    with pytest.raises(BudgetSpent):
        it.check()


def test_a_call_waits_for_those_under_way(tmp_path: Path) -> None:
    it = budget(tmp_path, 0.015)
    first = it.reserve(SAID)  # about 0.0105: no room for two
    second: list[float] = []
    other = threading.Thread(target=lambda: second.append(it.reserve(SAID)))
    other.start()
    it.settle(first, 0.001, completion=10)
    other.join(60)
    assert second


def test_a_dead_process_is_taken_to_have_spent_what_it_set_aside(tmp_path: Path) -> None:
    it = budget(tmp_path, 0.03)
    it.path.write_text(
        json.dumps({"spent": 0.0, "reserved": {DEAD: 0.01}, "longest": 0, "closed": False})
    )
    it.settle(it.reserve(SAID), 0.0)
    assert state(it)["spent"] == 0.01


def test_the_next_part_of_a_run_goes_on_with_what_is_left(tmp_path: Path) -> None:
    it = budget(tmp_path)
    it.settle(it.reserve(SAID), 0.02)
    it.reserve(SAID)
    Budget(it.path, 1.0, PRICE).begin(anew=False)
    assert state(it)["spent"] == pytest.approx(0.02 + 0.0105, rel=0.01)
    assert state(it)["reserved"] == {}


@pytest.mark.parametrize(("answer", "spent"), [(0.003, 0.003), (ModelError("down"), 0.0)])
def test_a_model_is_paid_for_what_it_cost(tmp_path: Path, answer: object, spent: float) -> None:
    class Fixed:
        name = "m"

        def complete(self, messages: object, tools: object = (), **options: object) -> Reply:
            if isinstance(answer, Exception):
                raise answer
            return Reply({"role": "assistant"}, usage=Usage(5, 7), cost_usd=float(str(answer)))

    it = budget(tmp_path)
    with contextlib.suppress(ModelError):
        BudgetedModel(Fixed(), it).complete(SAID)
    assert state(it)["spent"] == spent
    assert state(it)["reserved"] == {str(os.getpid()): 0.0}


def test_a_model_without_a_price_has_no_budget() -> None:
    assert known_price("gpt-4o-mini").input == 0.15
    with pytest.raises(UsageMistake, match="no price is known of model 'home-made'; choose one"):
        known_price("home-made")


def test_what_a_kill_leaves_behind_the_state_is_no_matter(tmp_path: Path) -> None:
    it = budget(tmp_path)
    it.path.write_text('{"spent": 0.01, "reserved": {}, "longest": 9, "closed": false}, 4}}')
    it.check()
    it.settle(it.reserve(SAID), 0.01)
    assert state(it)["spent"] == 0.02
