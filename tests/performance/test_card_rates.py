"""The players that the specification names win as often as it says, over 10,000 games each."""

from __future__ import annotations

import card_rates
import pytest

pytestmark = pytest.mark.performance


def test_each_player_wins_within_five_points_of_the_specification() -> None:
    measured = list(card_rates.rates())
    print(*measured, sep="\n")
    assert [str(rate) for rate in measured if abs(rate.won - rate.expected) > 5] == []


def test_baseline1_forfeits_as_often_as_published() -> None:
    assert abs(card_rates.forfeits() - 59.7) <= 5
