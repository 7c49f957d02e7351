from __future__ import annotations

import itertools
import random

import pytest

from pytest_smallbench.reports import paired
from pytest_smallbench.reports.paired import (
    detectable_flips,
    detectable_mean,
    difference_interval,
    mcnemar,
    power_of_flips,
    sign_flip,
)


def test_mcnemar_in_figures() -> None:
    assert mcnemar(0, 0) == 1.0
    assert mcnemar(5, 0) == 1 / 32
    assert mcnemar(12, 2) == pytest.approx(0.00647, abs=1e-5)  # (1 + 14 + 91) / 2**14
    assert mcnemar(2000, 1) < 1e-300


def test_the_permutation_test_counts_every_assignment_of_signs() -> None:
    differences = [-3, 1, -2, 0, 2, -1]
    observed = sum(differences)
    sums = [
        sum(sign * abs(each) for sign, each in zip(signs, differences, strict=True))
        for signs in itertools.product((1, -1), repeat=len(differences))
    ]
    assert sign_flip(differences) == sum(total <= observed for total in sums) / len(sums)


def test_of_single_attempts_it_is_mcnemars_test() -> None:
    for lost, won in itertools.product(range(8), repeat=2):
        assert sign_flip([-1] * lost + [1] * won + [0] * 5) == mcnemar(lost, won)


def test_drawn_and_counted_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    draw = random.Random(1)
    differences = [draw.choice((-3, -2, -1, -1, 0, 1, 2)) for _ in range(60)]
    exact = sign_flip(differences)
    monkeypatch.setattr(paired, "_EXACT", 0)
    assert sign_flip(differences) == pytest.approx(exact, abs=0.005)
    assert sign_flip(differences) == sign_flip(differences)
    assert sign_flip([-7] * 60) == 1 / 20_001  # never 0


def test_the_interval_of_a_difference() -> None:
    """Bonett and Price: (won - lost) / (n + 2), with one of each added."""
    low, high = difference_interval([-1.0] * 8 + [1.0] * 2 + [0.0] * 90)
    assert (low + high) / 2 == pytest.approx(-6 / 102)
    assert (low, high) == pytest.approx((-0.1241, 0.0064), abs=5e-4)
    assert difference_interval([-1.0] * 3)[0] == -1.0


@pytest.mark.parametrize(("pairs", "flipped"), [(30, 0.1), (100, 0.1), (100, 0.4), (20, 0.0)])
def test_the_detectable_drop_is_where_the_power_reaches_four_fifths(
    pairs: int, flipped: float
) -> None:
    drop = detectable_flips(pairs, flipped, 0.05)
    assert drop is not None
    assert power_of_flips(pairs, flipped, drop, 0.05) == pytest.approx(0.8, abs=0.01)
    assert power_of_flips(pairs, flipped, drop - 0.01, 0.05) < 0.8


def test_too_few_tasks_detect_nothing() -> None:
    assert detectable_flips(4, 0.0, 0.05) is None  # all four lost: p is 1/16
    assert detectable_flips(5, 0.0, 0.05) is not None
    assert detectable_mean([0.0] * 4, 0.5, 0.05) is None


def test_several_attempts_in_agreement_still_need_five_tasks_to_lose_one() -> None:
    assert detectable_mean([0.0] * 100, 0.25, 0.05) == pytest.approx(5 * 0.25 / 100)
