"""Errands in made-up rooms: the plan is found by search and played to a win before a task counts.

A room is drawn by its kind, things are put where they fit, then a goal, a thing and a target
are drawn. Harder rooms are larger, keep the wanted thing behind a door, and hold decoys.
"""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

from ..environments.household.errand import done
from ..environments.household.house import House
from ..environments.household.layout import GOALS, read_layout
from ..environments.household.rules import Rules
from ..worlds import DIFFICULTIES, Record
from . import household_phrases
from .household_plan import Errand, plan
from .household_rooms import LAMP_PLACES, LAMPS, OPENABLE, ROOMS, THINGS, flags

_RULES = Rules()
_VERBS = {
    "pick_clean_then_place": ("clean", "cleanable"),
    "pick_heat_then_place": ("heat", "heatable"),
    "pick_cool_then_place": ("cool", "coolable"),
}
_ROOMS = {
    "pick_and_place": tuple(ROOMS),
    "pick_clean_then_place": ("kitchen", "bathroom"),
    "pick_heat_then_place": ("kitchen",),
    "pick_cool_then_place": ("kitchen",),
    "pick_two_obj_and_place": tuple(ROOMS),
    "look_at_obj_in_light": ("bedroom", "living room"),
}
_CLUTTER = {"easy": 6, "medium": 14, "hard": 24}  # things besides the wanted ones
_SPARE = {"easy": 0, "medium": 1, "hard": 1}  # at most so many wanted things too many


def generate(seed: int, number: int, difficulty: str) -> Record:
    """The errand ``house/g<seed>-<number:05d>``."""
    level = DIFFICULTIES.index(difficulty)
    attempt = 0
    while True:
        rng = random.Random(f"house {seed} {number} {difficulty} {attempt}")
        data = _Draft(rng, level).data()
        if data is not None and _wins(data):
            break
        attempt += 1
    return Record(
        id=f"house/g{seed}-{number:05d}",
        environment="house",
        instruction=data["world"]["task"],
        expected_output="task completed",
        data=data,
        difficulty=difficulty,
    )


class _Draft:
    """One draw. ``data`` is None where the room has no place for what was drawn."""

    def __init__(self, rng: random.Random, level: int) -> None:
        self.rng = rng
        self.level = level
        self.difficulty = DIFFICULTIES[level]
        self.kind = rng.choice(GOALS)
        self.room = rng.choice(_ROOMS[self.kind])
        self.receptacles = [
            f"{kind} {number}"
            for kind, counts in ROOMS[self.room].items()
            for number in range(counts[level], 0, -1)
        ]

    def data(self) -> dict[str, Any] | None:
        wanted = self.rng.choice(self._candidates())
        target = self._target(wanted)
        homes = self._homes(wanted, target)
        if not target or not homes:
            return None
        needed = 2 if self.kind == "pick_two_obj_and_place" else 1
        count = needed + self.rng.randint(0, _SPARE[self.difficulty])
        things = [(wanted, self.rng.choice(homes)) for _ in range(count)] + self._clutter(wanted)
        lamp = LAMPS[self.rng.randrange(len(LAMPS))] if self._lit() else ""
        if lamp:
            things.append((lamp, target))
        placed = _numbered(things)
        errand = self._errand(wanted, target, lamp, placed, needed)
        return self._record(wanted, target, lamp, placed, plan(errand))

    def _lit(self) -> bool:
        return self.kind == "look_at_obj_in_light"

    def _candidates(self) -> list[str]:
        flag = _VERBS.get(self.kind, ("", "pickupable"))[1]
        return [thing for thing in THINGS[self.room] if flag in flags(thing)]

    def _target(self, wanted: str) -> str:
        """A receptacle for the thing, or for the lamp."""
        fitting = [
            name
            for name in self.receptacles
            if (_type(name) in LAMP_PLACES if self._lit() else _RULES.fits(_type(name), wanted))
        ]
        return self.rng.choice(fitting) if fitting else ""

    def _homes(self, wanted: str, target: str) -> list[str]:
        """Where the wanted things may lie; in harder rooms behind a door where one fits."""
        fitting = [
            name
            for name in self.receptacles
            if _RULES.fits(_type(name), wanted) and _type(name) != _type(target)
        ]
        doors = [name for name in fitting if _type(name) in OPENABLE]
        open_ones = [name for name in fitting if _type(name) not in OPENABLE]
        first = (open_ones, fitting, doors)[self.level]
        return first or fitting

    def _clutter(self, wanted: str) -> list[tuple[str, str]]:
        things = []
        others = [thing for thing in THINGS[self.room] if thing != wanted]
        for thing in self.rng.choices(others, k=_CLUTTER[self.difficulty]):
            homes = [name for name in self.receptacles if _RULES.fits(_type(name), thing)]
            if homes:
                things.append((thing, self.rng.choice(homes)))
        return things

    def _errand(
        self, wanted: str, target: str, lamp: str, placed: dict[str, str], needed: int
    ) -> Errand:
        verb = _VERBS.get(self.kind, ("", ""))[0]
        stations = _RULES.treatments.get(verb, ())
        return Errand(
            homes={name: home for name, home in placed.items() if _type(name) == wanted},
            target=target,
            wanted=needed,
            verb=verb,
            station=next((name for name in self.receptacles if _type(name) in stations), ""),
            lamp=f"{lamp} 1" if lamp else "",
            closed=frozenset(name for name in self.receptacles if _type(name) in OPENABLE),
        )

    def _record(
        self, wanted: str, target: str, lamp: str, placed: dict[str, str], actions: list[str]
    ) -> dict[str, Any]:
        places = {name: place for place, name in enumerate(self.receptacles, 1)}
        goal = {"kind": self.kind, "object": wanted}
        goal |= {"lamp": lamp} if lamp else {"receptacle": _type(target)}
        task = household_phrases.task(self.rng, self.kind, wanted, lamp or _type(target))
        return {
            "goal": goal,
            "world": {
                "task": f"Your task is to: {task}",
                "agent_loc": 0,
                "receptacles": {name: _receptacle(name, place) for name, place in places.items()},
                "objects": {
                    name: {"type": _type(name), "loc": places[home], "in": [home]}
                    | flags(_type(name))
                    for name, home in placed.items()
                },
            },
            "walkthrough": actions,
        }


def _receptacle(name: str, place: int) -> dict[str, Any]:
    described: dict[str, Any] = {"type": _type(name), "loc": place}
    return described | ({"openable": True} if _type(name) in OPENABLE else {})


def _numbered(things: list[tuple[str, str]]) -> dict[str, str]:
    """Names and homes, by type; of each type the first gets the highest number."""
    left = Counter(thing for thing, _ in things)
    named = {}
    for thing, home in sorted(things, key=lambda pair: pair[0]):
        named[f"{thing} {left[thing]}"] = home
        left[thing] -= 1
    return named


def _type(name: str) -> str:
    return name.partition(" ")[0]


def _wins(data: dict[str, Any]) -> bool:
    """Not won at the start, and won by the plan, at its end."""
    layout = read_layout(data, "generated")
    assert layout.goal is not None
    house = House(layout, _RULES)
    if not data["walkthrough"] or done(house, layout.goal):
        return False
    for action in data["walkthrough"]:
        house.act(action)
    return done(house, layout.goal)
