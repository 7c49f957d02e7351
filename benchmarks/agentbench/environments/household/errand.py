"""Whether an errand is done: the six kinds of goal (specification, section 7)."""

from __future__ import annotations

from collections.abc import Iterator

from .house import House
from .layout import Goal, Thing

_TREATED = {
    "pick_clean_then_place": ("cleanable", "clean"),
    "pick_heat_then_place": ("heatable", "hot"),
    "pick_cool_then_place": ("coolable", "cool"),
}


def done(house: House, goal: Goal) -> bool:
    """Whether the room is as the goal wants it, now."""
    if goal.kind == "look_at_obj_in_light":
        return _lit(house, goal)
    placed = list(_placed(house, goal))
    if goal.kind == "pick_two_obj_and_place":
        receptacles = [receptacle for _, receptacle in placed]
        return len(receptacles) > len(set(receptacles))
    if goal.kind in _TREATED:
        flag, mark = _TREATED[goal.kind]
        return any(flag in thing.flags and mark in house.marks[thing.name] for thing, _ in placed)
    return bool(placed)


def _placed(house: House, goal: Goal) -> Iterator[tuple[Thing, str]]:
    """Each thing of the wanted type with each receptacle of the wanted type that it is in."""
    for thing in house.layout.things.values():
        if thing.type == goal.object:
            for name in house.within[thing.name]:
                if house.layout.receptacles[name].type == goal.target:
                    yield thing, name


def _lit(house: House, goal: Goal) -> bool:
    """Holding the thing where a lamp stands that was used. One turned off again counts too."""
    if house.hand is None or house.layout.things[house.hand].type != goal.object:
        return False
    return any(
        thing.type == goal.target and "used" in house.marks[thing.name]
        for receptacle in house.here()
        for thing in house.contents(receptacle.name)
        if "toggleable" in thing.flags
    )
