"""Rooms for generated errands: what stands in each kind, what lies about, what things can be.

Counts are (easy, medium, hard). They keep a whole search, every door opened, plus the errand
itself within the 35 actions of an attempt.
"""

from __future__ import annotations

from ..environments.household.storage import GROUPS

ROOMS: dict[str, dict[str, tuple[int, int, int]]] = {
    "kitchen": {
        "cabinet": (1, 3, 4),
        "countertop": (1, 1, 1),
        "coffeemachine": (0, 1, 1),
        "diningtable": (1, 1, 1),
        "drawer": (0, 1, 2),
        "fridge": (1, 1, 1),
        "garbagecan": (0, 1, 1),
        "microwave": (1, 1, 1),
        "shelf": (0, 1, 1),
        "sinkbasin": (1, 1, 1),
        "stoveburner": (0, 0, 2),
    },
    "bathroom": {
        "bathtubbasin": (1, 1, 1),
        "cabinet": (1, 2, 4),
        "countertop": (1, 1, 1),
        "drawer": (0, 1, 3),
        "garbagecan": (0, 1, 1),
        "handtowelholder": (1, 1, 2),
        "shelf": (0, 1, 2),
        "sinkbasin": (1, 1, 2),
        "toilet": (1, 1, 1),
        "toiletpaperhanger": (0, 1, 1),
    },
    "bedroom": {
        "armchair": (0, 1, 1),
        "bed": (1, 1, 1),
        "desk": (1, 1, 1),
        "drawer": (1, 3, 6),
        "dresser": (0, 1, 1),
        "garbagecan": (0, 1, 1),
        "safe": (0, 0, 1),
        "shelf": (1, 1, 3),
        "sidetable": (1, 1, 1),
    },
    "living room": {
        "armchair": (1, 1, 2),
        "coffeetable": (1, 1, 1),
        "diningtable": (1, 1, 1),
        "drawer": (0, 2, 5),
        "dresser": (0, 1, 1),
        "garbagecan": (0, 1, 1),
        "ottoman": (0, 0, 1),
        "safe": (0, 1, 1),
        "shelf": (0, 1, 2),
        "sidetable": (1, 1, 1),
        "sofa": (1, 1, 1),
    },
}
OPENABLE = frozenset({"cabinet", "drawer", "fridge", "microwave", "safe"})
LAMPS = ("desklamp", "floorlamp")
LAMP_PLACES = ("desk", "sidetable", "dresser", "shelf", "coffeetable", "diningtable")


def _all(*groups: str) -> tuple[str, ...]:
    return tuple(thing for group in groups for thing in GROUPS.get(group, group).split())


THINGS: dict[str, tuple[str, ...]] = {
    "kitchen": _all("food", "dishes", "cutlery", "cookware", "condiments", "winebottle", "book"),
    "bathroom": _all("wash", "toilet", "candle"),
    "bedroom": _all("pocket", "paper", "writing", "electronics", "mug", "cloth", "pillow"),
    "living room": _all("pocket", "paper", "decor", "laptop", "watch", "pillow", "box"),
}
_CLEANABLE = (
    *_all("dishes", "cutlery", "cookware", "cloth", "dishsponge", "soapbar"),
    *("apple", "lettuce", "potato", "tomato"),
)
_HEATABLE = ("apple", "bread", "cup", "egg", "mug", "plate", "potato", "tomato")
_COOLABLE = (*_HEATABLE, "bowl", "lettuce", "pan", "pot", "winebottle")
_HOLDING = ("bowl", "box", "cup", "mug", "pan", "plate", "pot")


def flags(thing: str) -> dict[str, bool]:
    """What can be done with a type of thing, as a record has it: only what is true."""
    if thing in LAMPS:
        return {"toggleable": True}
    true = {
        "pickupable": True,
        "cleanable": thing in _CLEANABLE,
        "heatable": thing in _HEATABLE,
        "coolable": thing in _COOLABLE,
        "sliceable": thing in GROUPS["food"].split(),
        "isreceptacleobject": thing in _HOLDING,
    }
    return {flag: value for flag, value in true.items() if value}
