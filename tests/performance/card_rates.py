"""How often the specification's players win at Aquawar: ``python card_rates.py [GAMES]``.

The rates of the specification (section 5) come from games in which baseline1 does not guess at
exposed fish: that way all twelve are met. With its guesses as published it forfeits most
games against the scripted player, which the last line counts.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

from pytest_smallbench.benchmarks.agentbench.environments.card_game.modes import FAITHFUL
from pytest_smallbench.benchmarks.agentbench.environments.card_game.policies import matches

GAMES = 10_000
PLAYED = replace(FAITHFUL, suicidal_guesses=False)
EXPECTED = {
    # (player, opponent): percent won when moving first, and second
    ("random", "baseline1"): (54, 46),
    ("random", "baseline2"): (26, 12),
    ("scripted", "baseline1"): (88, 74),
    ("deducing", "baseline1"): (100, 98),
    ("deducing", "baseline2"): (100, 98),
}


@dataclass(frozen=True)
class Rate:
    """One pairing: percent won, beside the specification's."""

    player: str
    opponent: str
    side: int
    won: float
    expected: float
    ms: float

    def __str__(self) -> str:
        order = "second" if self.side else "first"
        return (
            f"{self.player:9} {self.opponent} {order:6} {self.won:5.1f} %"
            f"  (specification {self.expected} %)  {self.ms:.2f} ms a game"
        )


def rates(games: int = GAMES) -> Iterator[Rate]:
    """The pairings of the specification, measured one after the other."""
    for (player, opponent), sides in EXPECTED.items():
        for side, expected in enumerate(sides):
            start = time.perf_counter()
            won = sum(won for won, _ in matches(player, opponent, side, games, PLAYED))
            took = 1000 * (time.perf_counter() - start) / games
            yield Rate(player, opponent, side, 100 * won / games, expected, took)


def forfeits(games: int = 1000) -> float:
    """Percent of the games that baseline1, guessing as published, gives to the scripted player
    that moves first."""
    played = matches("scripted", "baseline1", 0, games, FAITHFUL)
    return 100 * sum(won and forfeited for won, forfeited in played) / games


if __name__ == "__main__":
    for rate in rates(int(sys.argv[1]) if len(sys.argv) > 1 else GAMES):
        print(rate, flush=True)
    print(f"baseline1 as published forfeits {forfeits():.1f} % (specification 59.7 %)")
