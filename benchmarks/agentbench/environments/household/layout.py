"""What a room is made of, as a record has it: receptacles, things, and the errand's goal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pytest_smallbench.errors import UsageMistake

from ..published_lines import broken, mapping, text, texts

GOALS = (
    "pick_and_place",
    "pick_clean_then_place",
    "pick_heat_then_place",
    "pick_cool_then_place",
    "pick_two_obj_and_place",
    "look_at_obj_in_light",
)
FLAGS = ("pickupable", "cleanable", "heatable", "coolable", "sliceable", "toggleable")
STARTING_MARKS = {"isclean": "clean", "ishot": "hot", "iscool": "cool", "issliced": "sliced"}


@dataclass(frozen=True)
class Receptacle:
    """``place`` is where one stands to reach it; None: out of reach."""

    name: str
    type: str
    place: int | None
    openable: bool
    opened: bool


@dataclass(frozen=True)
class Thing:
    """``within`` are names of receptacles: the source's facts have a few things in two at
    once. ``place`` is None for what no errand can reach (windows, mirrors)."""

    name: str
    type: str
    place: int | None
    within: tuple[str, ...]
    flags: frozenset[str]
    marks: frozenset[str]
    holds_things: bool


@dataclass(frozen=True)
class Goal:
    """``target`` is a type of receptacle, or of lamp for look_at_obj_in_light."""

    kind: str
    object: str
    target: str


@dataclass(frozen=True)
class Layout:
    """A whole room. The order of both mappings is the order in which they are described.
    ``can_contain`` is the room's own table of what fits in what, where it brings one."""

    receptacles: Mapping[str, Receptacle]
    things: Mapping[str, Thing]
    start: int | None
    task: str
    goal: Goal | None
    can_contain: Mapping[str, frozenset[str]] | None = None


def read_layout(data: Mapping[str, Any], where: str) -> Layout:
    """The room in a record's ``data``. ``where`` leads each error. Without a world it is an
    empty one, without a goal. Raises UsageMistake."""
    if not data:
        return Layout({}, {}, None, "", None)
    world = mapping(data, "world", where)
    raw_receptacles = _named(world, "receptacles", where)
    receptacles = {
        name: _receptacle(name, raw, f"world.receptacles.{name}", where)
        for name, raw in raw_receptacles.items()
    }
    raw_things = _named(world, "objects", where)
    things = {
        name: _thing(name, raw, receptacles, f"world.objects.{name}", where)
        for name, raw in raw_things.items()
    }
    start = _place(world, "agent_loc", "world.agent_loc", where)
    task, goal = _task(world, where), _goal(data, where)
    return Layout(receptacles, things, start, task, goal, _can_contain(world, where))


def _task(world: Mapping[str, object], where: str) -> str:
    try:
        return text(world, "task", where)
    except UsageMistake:
        raise broken(where, "world.task", "a text", world.get("task")) from None


def _can_contain(world: Mapping[str, object], where: str) -> Mapping[str, frozenset[str]] | None:
    if world.get("can_contain") is None:
        return None
    table = mapping(world, "can_contain", where)
    return {name: frozenset(texts(table, name, where)) for name in table}


def _goal(data: Mapping[str, Any], where: str) -> Goal:
    raw = mapping(data, "goal", where)
    kind = raw.get("kind")
    if not isinstance(kind, str) or kind not in GOALS:
        raise broken(where, "goal.kind", "one of " + ", ".join(GOALS), kind)
    target = "lamp" if kind == "look_at_obj_in_light" else "receptacle"
    return Goal(kind, _part(raw, "object", "goal", where), _part(raw, target, "goal", where))


def _receptacle(name: str, raw: Mapping[str, object], path: str, where: str) -> Receptacle:
    return Receptacle(
        name,
        _part(raw, "type", path, where),
        _place(raw, "loc", f"{path}.loc", where),
        _flag(raw, "openable", path, where),
        _flag(raw, "opened", path, where),
    )


def _thing(
    name: str, raw: Mapping[str, object], known: Mapping[str, object], path: str, where: str
) -> Thing:
    within = raw.get("in", [])
    if not isinstance(within, list) or not all(
        isinstance(one, str) and one in known for one in within
    ):
        raise broken(where, f"{path}.in", "a list of the world's receptacles", within)
    return Thing(
        name,
        _part(raw, "type", path, where),
        _place(raw, "loc", f"{path}.loc", where),
        tuple(within),
        frozenset(flag for flag in FLAGS if _flag(raw, flag, path, where)),
        frozenset(m for flag, m in STARTING_MARKS.items() if _flag(raw, flag, path, where)),
        _flag(raw, "isreceptacleobject", path, where),
    )


def _named(
    world: Mapping[str, object], name: str, where: str
) -> Mapping[str, Mapping[str, object]]:
    found = world.get(name)
    if not isinstance(found, Mapping):
        raise broken(where, f"world.{name}", "an object", found)
    for key, value in found.items():
        if not isinstance(value, Mapping):
            raise broken(where, f"world.{name}.{key}", "an object", value)
    return found


def _part(raw: Mapping[str, object], name: str, path: str, where: str) -> str:
    value = raw.get(name)
    if not isinstance(value, str) or not value:
        raise broken(where, f"{path}.{name}", "a text", value)
    return value


def _place(raw: Mapping[str, object], name: str, path: str, where: str) -> int | None:
    value = raw.get(name)
    if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
        raise broken(where, path, "a whole number or null", value)
    return value


def _flag(raw: Mapping[str, object], name: str, path: str, where: str) -> bool:
    value = raw.get(name, False)
    if not isinstance(value, bool):
        raise broken(where, f"{path}.{name}", "true or false", value)
    return value
