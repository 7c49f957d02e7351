"""Starting a shop is cheap, and its catalogue is made once for all tasks of a process."""

from __future__ import annotations

import pytest
import shop_start

pytestmark = pytest.mark.performance


def test_only_the_first_shop_of_a_catalogue_pays_for_it() -> None:
    costs = shop_start.measure()
    print(costs)
    assert costs.next_ms < costs.first_ms / 10


def test_ten_times_the_products_cost_no_more_than_twenty_times_the_start() -> None:
    small, large = shop_start.measure(1_000), shop_start.measure(10_000)
    print(small, large, sep="\n")
    assert large.first_ms < 20 * small.first_ms
