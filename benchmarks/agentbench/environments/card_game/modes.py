"""The two ways to play: ``fixed`` (the default) and ``faithful`` to the published benchmark."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pytest_smallbench.errors import UsageMistake

SETTING = "card_mode"


@dataclass(frozen=True)
class Mode:
    """Which known defects of the original are kept (specification, section 5).

    ``suicidal_guesses``: baseline1 may guess at a fish that is exposed already and so lose at
    once; else it guesses among the hidden ones.
    ``lost_clues``: baseline2 never completes a pair of clues (the original compares things of
    different types), so its guesses are random; else it names what the clues tell.
    ``refused_skills``: an agent's active skills of eel and sunfish are always refused.
    ``false_marks``: after a wrong guess the position is no longer listed as unknown, though it
    still is and can be guessed again.
    ``swapped_shares``: the rules told to the agent say that eel and sunfish keep 30 % of a hit
    and pass on 70 %; the game does the reverse.
    ``given_order``: both teams stand as the record lists them, for the published games always
    spray, flame, eel, sunfish, so that positions give the fish away; else the seed shuffles
    both teams.
    """

    suicidal_guesses: bool = False
    lost_clues: bool = False
    refused_skills: bool = False
    false_marks: bool = False
    swapped_shares: bool = False
    given_order: bool = False


FIXED = Mode()
FAITHFUL = Mode(True, True, True, True, True, True)


def mode_of(values: Mapping[str, str]) -> Mode:
    """The mode that --smallbench-set asks for. Raises UsageMistake."""
    value = values.get(SETTING, "fixed")
    if value not in ("fixed", "faithful"):
        raise UsageMistake(f"--smallbench-set={SETTING}={value}: take fixed or faithful")
    return FAITHFUL if value == "faithful" else FIXED
