"""How the household puts what is there into words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .house import House

_HELP = """\
Available commands:
  look: what is around you
  inventory: what you are carrying
  go to (receptacle)
  open (receptacle), close (receptacle)
  take (object) from (receptacle)
  move (object) to (receptacle), or put (object) in/on (receptacle)
  examine (something)
  use (object)
  heat (object) with (receptacle)
  clean (object) with (receptacle)
  cool (object) with (receptacle)
  slice (object) with (object)"""


def listed(names: Sequence[str]) -> str:
    """``a mug 1``, ``a mug 1, and a pen 2``, ``a mug 1, a pen 2, and a key 1``, or nothing."""
    if not names:
        return "nothing"
    articled = [f"a {name}" for name in names]
    if len(articled) == 1:
        return articled[0]
    return ", ".join(articled[:-1]) + ", and " + articled[-1]


def welcome(house: House) -> str:
    """The first look at the room: every receptacle that can be reached."""
    names = [r.name for r in house.layout.receptacles.values() if r.place is not None]
    return f"{_IN_THE_MIDDLE}{listed(names)}."


_IN_THE_MIDDLE = "You are in the middle of a room. Looking quickly around you, you see "


def look(house: House) -> str:
    names = [r.name for r in house.here()]
    if not names:
        return f"{_IN_THE_MIDDLE}nothing."
    facing = names[0] if len(names) == 1 else ", and ".join([", ".join(names[:-1]), names[-1]])
    return f"You are facing the {facing}. Next to it, you see nothing."


def inventory(house: House) -> str:
    if house.hand is None:
        return "You are not carrying anything."
    return f"You are carrying: a {house.hand}."


def help_text(_: House) -> str:
    return _HELP


def receptacle(house: House, name: str) -> str:
    found = house.layout.receptacles[name]
    if not house.accessible(found):
        return f"The {name} is closed."
    inside = f"you see {listed([thing.name for thing in house.contents(name)])}."
    return f"The {name} is open. In it, {inside}" if found.openable else f"On the {name}, {inside}"


def thing(house: House, name: str) -> str:
    """A thing in hand: what was done to it."""
    marks = [m for m in ("clean", "hot", "cool", "sliced") if m in house.marks[name]]
    if house.layout.things[name].holds_things:
        return f"This is a {' and '.join(marks) or 'normal'} {name}. In it, you see nothing."
    return f"This is a {' and '.join(marks)} {name}." if marks else _ORDINARY.format(name)


_ORDINARY = "There's nothing special about {}."
