"""A game of Aquawar: two teams, whose phase it is, and how it ends."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Literal, TypeAlias

from .dice import Dice
from .fish import IMITATOR, IMITATOR_ATTACK, MAX_HP, SPECIES, TEAM, Passive, Species, picked

Side: TypeAlias = int  # 0 moves first, 1 second
Phase: TypeAlias = Literal["guess", "action"]

GUESS_DAMAGE = 50
PICK_PHASES = 2  # the two teams are dealt, and still each pick counts as a phase
LAST_PHASE = 128
_FORFEIT = "the loser"


@dataclass(slots=True)
class Fish:
    """A fish in play. ``name`` is what has to be guessed, ``species`` what it behaves as; the
    two differ for an imitator. ``taken`` is the damage not yet turned into attack, ``uses``
    counts its active skill, ``hits`` the hits it has had; the last three are pending effects."""

    side: Side
    position: int
    name: str
    species: Species
    attack: int
    hp: int = MAX_HP
    alive: bool = True
    exposed: bool = False
    taken: int = 0
    uses: int = 0
    hits: int = 0
    shielded: bool = False
    shared: bool = False
    mending: bool = False

    @property
    def force(self) -> int:
        """Its attack as it counts now."""
        return self.attack + (15 if self.species.name == "hammerhead" and self.hp < 80 else 0)

    def copy(self) -> Fish:
        return Fish(*[getattr(self, name) for name in _FISH_FIELDS])

    def dump(self) -> list[Any]:
        """Its fields as plain values."""
        values = [getattr(self, name) for name in _FISH_FIELDS]
        values[3] = self.species.name
        return values

    @classmethod
    def load(cls, values: Sequence[Any]) -> Fish:
        side, position, name, species, *rest = values
        return cls(side, position, name, SPECIES[species], *rest)


_FISH_FIELDS = tuple(field.name for field in fields(Fish))


@dataclass(frozen=True)
class Move:
    """A fish's action. ``target`` is a position: of an enemy, or of an own fish for skills
    that take one (flame, sunfish, mobula, octopus, clownfish); None for skills that take
    nobody. ``ally`` is the own fish that a turtle's skill takes beside its enemy."""

    fish: int
    action: str
    target: int | None = None
    ally: int | None = None


@dataclass(frozen=True)
class Deed:
    """What an onlooker sees of an action: nominal damage, whom it was aimed at, and the passives
    that it set off, as (side, position, passive)."""

    fish: int
    kind: str
    damage: int
    targets: tuple[int, ...]
    passives: tuple[tuple[Side, int, Passive], ...] = ()


@dataclass(frozen=True)
class Guess:
    position: int
    name: str
    right: bool


Clues: TypeAlias = tuple[list[set[str]], list[set[str]]]
"""By side and position: the skill classes and passives that were seen of the fish there."""


def _no_clues() -> list[set[str]]:
    return [set() for _ in range(TEAM)]


@dataclass(slots=True)
class Game:
    """The whole state. ``winner`` is None while it goes on, ``ending`` says why it is over."""

    teams: tuple[list[Fish], list[Fish]]
    dice: Dice
    mover: Side = 0
    phase: Phase = "guess"
    clock: int = PICK_PHASES
    winner: Side | None = None
    ending: str = ""
    deeds: list[Deed | None] = field(default_factory=lambda: [None, None])
    guesses: list[Guess | None] = field(default_factory=lambda: [None, None])
    clues: Clues = field(default_factory=lambda: (_no_clues(), _no_clues()))
    passives: list[tuple[Side, int, Passive]] = field(default_factory=list)

    def living(self, side: Side) -> list[Fish]:
        return [fish for fish in self.teams[side] if fish.alive]

    def hidden(self, side: Side) -> list[Fish]:
        """The living fish of a side that are not exposed yet."""
        return [fish for fish in self.teams[side] if fish.alive and not fish.exposed]

    def guess(self, position: int | None, name: str = "") -> None:
        """The mover's guess phase; None is no guess. A fish that is dead or known already
        must not be guessed at: that loses the game at once."""
        enemies = self.teams[1 - self.mover]
        self.guesses[self.mover] = None
        if position is not None:
            fish = enemies[position]
            if not fish.alive or fish.exposed:
                self.forfeit(f"guessed at position {position}, which was dead or known already")
                return
            fish.exposed = fish.name == name
            self.guesses[self.mover] = Guess(position, name, fish.exposed)
            if fish.exposed:
                for enemy in self.living(1 - self.mover):
                    enemy.hp = max(enemy.hp - GUESS_DAMAGE, 0)
        self._end_phase()

    def acted(self, deed: Deed) -> None:
        """Close the mover's action phase; ``moves.perform`` has carried the action out."""
        self.deeds[self.mover] = deed
        self.clues[self.mover][deed.fish].add(deed.kind)
        for side, position, passive in deed.passives:
            self.clues[side][position].add(passive)
        self._end_phase()

    def forfeit(self, why: str) -> None:
        self.winner, self.ending = 1 - self.mover, f"{_FORFEIT} {why}"

    @property
    def forfeited(self) -> bool:
        return self.ending.startswith(_FORFEIT)

    def _end_phase(self) -> None:
        alive = [False, False]
        for fish in (*self.teams[0], *self.teams[1]):
            if fish.hp <= 0:
                fish.alive = False
            elif fish.alive:
                alive[fish.side] = True
        self.clock += 1
        if not all(alive):
            self.winner = alive.index(True) if any(alive) else self.mover
            self.ending = "one side has no fish left" if any(alive) else "no fish is left"
        elif self.clock > LAST_PHASE:
            self.winner, self.ending = self._ahead(), f"phase {LAST_PHASE} is over"
        elif self.phase == "guess":
            self.phase = "action"
        else:
            self.phase, self.mover = "guess", 1 - self.mover

    def _ahead(self) -> Side:
        """Who leads at the end of time: fish, then hp, then the strongest fish, else second."""
        first, second = (_standing(self.living(side)) for side in (0, 1))
        return 0 if first > second else 1

    def copy(self) -> Game:
        mine, theirs = ([fish.copy() for fish in team] for team in self.teams)
        return Game(
            (mine, theirs),
            self.dice.copy(),
            self.mover,
            self.phase,
            self.clock,
            self.winner,
            self.ending,
            list(self.deeds),
            list(self.guesses),
            ([set(c) for c in self.clues[0]], [set(c) for c in self.clues[1]]),
        )


def _standing(living: Sequence[Fish]) -> tuple[int, int, int]:
    hp = [fish.hp for fish in living]
    return len(hp), sum(hp), max(hp)


def deal(teams: Iterable[Sequence[str]], dice: Dice) -> Game:
    """A new game between two teams of picks. Raises UsageMistake for what is no fish."""
    mine, theirs = (_team(side, picks) for side, picks in enumerate(teams))
    return Game((mine, theirs), dice)


def _team(side: Side, picks: Sequence[str]) -> list[Fish]:
    team = []
    for position, pick in enumerate(picks):
        name, species = picked(pick)
        attack = IMITATOR_ATTACK if name == IMITATOR else species.attack
        team.append(Fish(side, position, name, species, attack))
    return team
