"""card: the original has no data file for its games, only how often each is played."""

from __future__ import annotations

from pathlib import Path

from .original import Raw

REPEATS = {"dev": 3, "std": 5}
TEAM = ["spray", "flame", "eel", "sunfish"]


def convert(data: Path) -> dict[str, list[Raw]]:
    """Records by split: both opponents, both sides, each so many times."""
    del data
    return {split: list(_games(split, repeats)) for split, repeats in REPEATS.items()}


def _games(split: str, repeats: int) -> list[Raw]:
    return [
        {
            "id": f"card-{split}-{opponent}-p{player}-{repeat}",
            "split": split,
            "stage": 2,
            "opponent": opponent,
            "agent_player": player,
            "repeat": repeat,
            "seed": repeat,
            "my_team": TEAM,
            "enemy_team": TEAM,
        }
        for opponent in ("baseline1", "baseline2")
        for player in (0, 1)
        for repeat in range(repeats)
    ]
