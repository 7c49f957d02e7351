"""The twelve fish: what each one has, does of itself, and can do (specification, section 5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from pytest_smallbench.errors import UsageMistake

MAX_HP = 400
LOW_HP = 120  # 30 % of MAX_HP: below it the counters strike back
TEAM = 4

Passive: TypeAlias = Literal["counter", "deflect", "reduce", "heal", "explode"]
SkillClass: TypeAlias = Literal["aoe", "infight", "crit", "subtle"]
Target: TypeAlias = Literal["none", "ally", "ally or self", "enemy", "weakest enemy", "ally, enemy"]


@dataclass(frozen=True)
class Species:
    """One kind of fish. ``target`` says whom its active skill takes, ``passive`` and
    ``skill_class`` are what an onlooker can tell apart, the texts what the rules say."""

    number: int
    name: str
    attack: int
    passive: Passive
    skill_class: SkillClass
    target: Target
    passive_text: str
    skill_text: str


_COUNTER = (
    "when another fish of its team is hit directly and is left with less than 120 hp, "
    "the attacker takes 30"
)
_DEFLECT = (
    "of a direct hit it takes 70 % itself and its living team-mates share 30 %, as long as it has "
    "one; each 200 damage that it has taken in all raise its attack by 40"
)
_REDUCE = "takes no damage at all with a chance of 30 %"
_HEAL = "regains 20 hp after each hit that it survives"
_INFIGHT = "one other living fish of its own team takes 75, its own attack rises by 140"
_SHIELD = "a fish of its team, or itself, takes 30 % of the next direct hit; its attack rises by 20"
_FINISH = (
    "the enemy with the least hp takes 120 % of the attack, or 140 % when it has less than 160 hp"
)

ALL = (
    Species(1, "spray", 200, "counter", "aoe", "none", _COUNTER, "each living enemy takes 70"),
    Species(2, "flame", 200, "counter", "infight", "ally", _COUNTER, _INFIGHT),
    Species(
        3,
        "eel",
        200,
        "deflect",
        "aoe",
        "none",
        _DEFLECT,
        "each living enemy takes 35 % of the attack",
    ),
    Species(4, "sunfish", 200, "deflect", "infight", "ally", _DEFLECT, _INFIGHT),
    Species(5, "barracuda", 100, "reduce", "crit", "enemy", _REDUCE, "one enemy takes 120"),
    Species(6, "mobula", 100, "reduce", "subtle", "ally or self", _REDUCE, _SHIELD),
    Species(
        7,
        "turtle",
        100,
        "reduce",
        "subtle",
        "ally, enemy",
        "the first three hits do nothing, later ones nothing with a chance of 30 %",
        "another living fish of its team regains 20 hp at the next hit; the first three times "
        "one enemy takes 120 as well",
    ),
    Species(8, "octopus", 100, "heal", "subtle", "ally or self", _HEAL, _SHIELD),
    Species(9, "whiteshark", 100, "heal", "crit", "weakest enemy", _HEAL, _FINISH),
    Species(
        10,
        "hammerhead",
        100,
        "explode",
        "crit",
        "weakest enemy",
        "when a direct hit kills it the attacker takes 40; below 80 hp its attack counts 15 more",
        _FINISH,
    ),
    Species(
        11,
        "clownfish",
        100,
        "counter",
        "subtle",
        "ally",
        "when a direct hit leaves it with less than 120 hp, the attacker takes 30",
        "another living fish of its team shares its next direct hit, 70 % and 30 %; the first "
        "three times each living enemy takes 35 as well",
    ),
)
SPECIES = {species.name: species for species in ALL}
IMITATOR = "imitator"
IMITATOR_ATTACK = 100
NAMES = (*SPECIES, IMITATOR)


def told_by(clues: set[str]) -> str | None:
    """The fish that a skill class and a passive name together, where only one has both.

    Mobula and turtle share theirs, and an imitator looks like another fish: nine fish are
    nameable, and these nine are what baseline2 guesses among.
    """
    return _BY_CLUES.get(frozenset(clues))


def _by_clues() -> dict[frozenset[str], str]:
    pairs = [frozenset((species.passive, species.skill_class)) for species in ALL]
    return {
        pair: species.name
        for pair, species in zip(pairs, ALL, strict=True)
        if pairs.count(pair) == 1
    }


_BY_CLUES = _by_clues()
NAMEABLE = tuple(_BY_CLUES.values())


def picked(pick: str) -> tuple[str, Species]:
    """The name that a pick is guessed by, and the fish that it acts as.

    A pick is a fish's name, or ``imitator:NAME``. Raises UsageMistake, for the caller to say where.
    """
    name, _, copied = pick.partition(":")
    species = SPECIES.get(copied if name == IMITATOR else name)
    if species is None or (copied and name != IMITATOR):
        raise UsageMistake(
            f"{pick[:60]!r} is no fish; take one of {', '.join(SPECIES)} or imitator:NAME"
        )
    return name, species
