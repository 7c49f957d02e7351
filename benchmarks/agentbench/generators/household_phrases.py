"""How an errand is asked for: a few ways for each kind of goal."""

from __future__ import annotations

import random

_PHRASES = {
    "pick_and_place": (
        "put a {thing} in or on a {target}.",
        "bring a {thing} to a {target} and leave it there.",
        "there should be a {thing} at a {target}: see to it.",
        "find a {thing} and set it down at a {target}.",
    ),
    "pick_clean_then_place": (
        "put a clean {thing} in or on a {target}.",
        "wash a {thing} and leave it at a {target}.",
        "find a {thing}, clean it, and set it down at a {target}.",
    ),
    "pick_heat_then_place": (
        "put a hot {thing} in or on a {target}.",
        "warm up a {thing} and leave it at a {target}.",
        "find a {thing}, heat it, and set it down at a {target}.",
    ),
    "pick_cool_then_place": (
        "put a cold {thing} in or on a {target}.",
        "chill a {thing} and leave it at a {target}.",
        "find a {thing}, cool it, and set it down at a {target}.",
    ),
    "pick_two_obj_and_place": (
        "put two {thing}s in or on the same {target}.",
        "gather two of the {thing}s and leave both at one {target}.",
        "find two {thing}s and set them down together at a {target}.",
    ),
    "look_at_obj_in_light": (
        "look at a {thing} by the light of a {target}.",
        "examine a {thing} under a {target}.",
        "hold a {thing} where a {target} has been switched on.",
    ),
}


def task(rng: random.Random, kind: str, thing: str, target: str) -> str:
    """``target`` is a type of receptacle, or of lamp."""
    return rng.choice(_PHRASES[kind]).format(thing=thing, target=target)
