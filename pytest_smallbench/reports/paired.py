"""Two runs over the same tasks: is the new one worse, and what could this run have shown?

Plain exact arithmetic, so that a gate rests on nothing that cannot be read here. All tests
are one-sided: p is the chance of a loss at least this large if the two runs were equal.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from functools import lru_cache
from statistics import NormalDist

from pytest_smallbench.reports.statistics import Z95

POWER = 0.8  # the chance of finding a regression that ``detectable`` speaks of
_EXACT = 4_000_000  # steps of counting, about a second
_DRAWS = 20_000


def mcnemar(lost: int, won: int) -> float:
    """The exact test of McNemar: of ``lost + won`` tasks that flipped, each is a fair coin."""
    flips = lost + won
    worse: int = sum(math.comb(flips, k) for k in range(lost, flips + 1))
    return worse / (1 << flips)


def sign_flip(differences: Sequence[int], seed: int = 0) -> float:
    """The paired permutation test over tasks: each task's difference (new less old, whole
    numbers on any common scale) might as well have had the other sign.

    Counted exactly where that is feasible, else drawn ``_DRAWS`` times by ``seed``. With
    differences of -1, 0 and 1 it is McNemar's test.
    """
    scale = math.gcd(*differences) or 1
    sizes = [abs(each) // scale for each in differences if each]
    observed = sum(differences) // scale
    if len(sizes) * sum(sizes) <= _EXACT:
        return _counted(sizes, observed)
    return _drawn(sizes, observed, random.Random(seed))


def _counted(sizes: Sequence[int], observed: int) -> float:
    """How many of all sign assignments give a sum of at most ``observed``."""
    ways = {0: 1}
    for size in sizes:
        longer: dict[int, int] = {}
        for total, count in ways.items():
            longer[total + size] = longer.get(total + size, 0) + count
            longer[total - size] = longer.get(total - size, 0) + count
        ways = longer
    low = sum(count for total, count in ways.items() if total <= observed)
    return low / (1 << len(sizes))


def _drawn(sizes: Sequence[int], observed: int, draw: random.Random) -> float:
    # The run itself is one of the assignments: without the ones a p of 0 would come out.
    low = 1
    for _ in range(_DRAWS):
        signs = draw.getrandbits(len(sizes))
        total = sum(size if signs >> at & 1 else -size for at, size in enumerate(sizes))
        low += total <= observed
    return low / (_DRAWS + 1)


def difference_interval(differences: Sequence[float]) -> tuple[float, float]:
    """The 95% interval of the mean difference (new less old, each -1..1).

    Bonett and Price's (2012): the plain interval after adding one task lost and one won,
    which keeps its coverage where few tasks flipped.
    """
    padded = [*differences, 1.0, -1.0]
    count = len(padded)
    centre = math.fsum(padded) / count
    variance = math.fsum((each - centre) ** 2 for each in padded) / count
    half = Z95 * math.sqrt(variance / count)
    return max(centre - half, -1.0), min(centre + half, 1.0)


@lru_cache  # simulated runs ask for the same few values thousands of times
def detectable_flips(pairs: int, flipped: float, alpha: float) -> float | None:
    """The smallest drop of the resolved rate that McNemar's test at ``alpha`` finds with a
    chance of ``POWER`` among ``pairs`` tasks, if as large a share of them flips (either way)
    as did in this run: ``flipped``, or the drop itself where that is more.

    None where even the loss of every task would not be found.
    """
    critical = [_critical(flips, alpha) for flips in range(pairs + 1)]
    if _power(pairs, flipped, 1.0, critical) < POWER:
        return None
    low, high = 0.0, 1.0
    while high - low > 1e-4:
        middle = (low + high) / 2
        enough = _power(pairs, flipped, middle, critical) >= POWER
        low, high = (low, middle) if enough else (middle, high)
    return high


def power_of_flips(pairs: int, flipped: float, drop: float, alpha: float) -> float:
    """The chance that McNemar's test finds a drop, under the terms of ``detectable_flips``."""
    return _power(pairs, flipped, drop, [_critical(flips, alpha) for flips in range(pairs + 1)])


def detectable_mean(differences: Sequence[float], step: float, alpha: float) -> float | None:
    """The same for several attempts a task, in the normal approximation of the permutation
    test: (z(alpha) + z(POWER)) standard errors of the mean difference.

    ``step`` is the least difference of one task, 1 / attempts. The test cannot reject before
    enough tasks have lost at least that, which is the least drop that is ever claimed.
    """
    count = len(differences)
    needed = math.floor(-math.log2(alpha)) + 1  # tasks, all lost: 2 ** -needed < alpha
    if count < needed:
        return None
    error = math.sqrt(math.fsum(each * each for each in differences)) / count
    normal = NormalDist()
    drop = (normal.inv_cdf(1 - alpha) + normal.inv_cdf(POWER)) * error
    return min(max(drop, needed * step / count), 1.0)


def _power(pairs: int, flipped: float, drop: float, critical: Sequence[int]) -> float:
    share = max(flipped, drop)
    if share == 0:
        return 0.0
    losing = (share + drop) / (2 * share)
    chances = _binomial(pairs, min(share, 1.0))
    return math.fsum(
        chance * math.fsum(_binomial(flips, losing)[critical[flips] :])
        for flips, chance in enumerate(chances)
        if chance > 1e-9
    )


def _critical(flips: int, alpha: float) -> int:
    """The fewest losses among ``flips`` that are significant; more than all if none are."""
    above = 0.0
    for lost, chance in zip(range(flips, -1, -1), _binomial(flips, 0.5), strict=True):
        above += chance
        if above >= alpha:
            return lost + 1
    return 0


def _binomial(trials: int, share: float) -> list[float]:
    """The chances of 0, 1, ... hits."""
    if share <= 0 or share >= 1:
        certain = trials if share >= 1 else 0
        return [float(hits == certain) for hits in range(trials + 1)]
    log_all = math.lgamma(trials + 1)
    yes, no = math.log(share), math.log1p(-share)
    return [
        math.exp(
            log_all
            - math.lgamma(hits + 1)
            - math.lgamma(trials - hits + 1)
            + hits * yes
            + (trials - hits) * no
        )
        for hits in range(trials + 1)
    ]
