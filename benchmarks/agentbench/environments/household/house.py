"""The household's interpreter: what can be done now, and what doing it changes.

The rules are those of ALFWorld's text games (specification, section 7): no receptacle is ever
full, one thing in hand, a treatment needs the place but not its door. ``admissible`` is the one
place that knows when an action is possible; ``act`` carries out only what is listed there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping

from . import descriptions
from .layout import Layout, Receptacle, Thing
from .rules import Rules

NOTHING = "Nothing happens."
_PUT = re.compile(r"put (.+) (?:in/on|in|on) (.+)")
_PARTS = re.compile(
    r"(go) to (.+)|(take) (.+) from (.+)|(move) (.+) to (.+)|"
    r"(clean|heat|cool|slice) (.+) with (.+)|(open|close|use|examine) (.+)"
)


class House:
    """The state of a room. Names are ``<type> <number>``."""

    def __init__(self, layout: Layout, rules: Rules) -> None:
        self.layout = layout
        self.rules = rules
        self.place = layout.start
        self.hand: str | None = None
        self.opened = {r.name for r in layout.receptacles.values() if r.opened}
        self.within = {thing.name: list(thing.within) for thing in layout.things.values()}
        self.places = {thing.name: thing.place for thing in layout.things.values()}
        self.marks = {thing.name: set(thing.marks) for thing in layout.things.values()}

    # -- what is where ----------------------------------------------------------------

    def here(self) -> list[Receptacle]:
        """The receptacles that can be reached from where the agent stands."""
        if self.place is None:
            return []
        return [r for r in self.layout.receptacles.values() if r.place == self.place]

    def accessible(self, receptacle: Receptacle) -> bool:
        return not receptacle.openable or receptacle.name in self.opened

    def contents(self, receptacle: str) -> list[Thing]:
        things = self.layout.things
        return [things[name] for name, within in self.within.items() if receptacle in within]

    # -- what can be done -------------------------------------------------------------

    def admissible(self) -> list[str]:
        """Every action that would be carried out now, sorted."""
        return sorted({*self._anywhere(), *self._at_receptacles(), *self._with_hand()})

    def _anywhere(self) -> Iterator[str]:
        yield from ("help", "inventory", "look")
        for r in self.layout.receptacles.values():
            if r.place is not None and r.place != self.place:
                yield f"go to {r.name}"

    def _at_receptacles(self) -> Iterator[str]:
        for r in self.here():
            yield f"examine {r.name}"
            if r.openable:
                yield f"{'close' if r.name in self.opened else 'open'} {r.name}"
            for thing in self.contents(r.name):
                if "toggleable" in thing.flags:
                    yield f"use {thing.name}"
                if "pickupable" in thing.flags and self.hand is None and self.accessible(r):
                    yield f"take {thing.name} from {r.name}"

    def _with_hand(self) -> Iterator[str]:
        if self.hand is None:
            return
        held = self.layout.things[self.hand]
        yield f"examine {held.name}"
        for r in self.here():
            if self.accessible(r) and self.rules.fits(r.type, held.type):
                yield f"move {held.name} to {r.name}"
            for verb, flag in (("clean", "cleanable"), ("heat", "heatable"), ("cool", "coolable")):
                if flag in held.flags and r.type in self.rules.treatments[verb]:
                    yield f"{verb} {held.name} with {r.name}"
        if held.type in self.rules.knives and self.place is not None:
            for thing in self.layout.things.values():
                if "sliceable" in thing.flags and self.places[thing.name] == self.place:
                    yield f"slice {thing.name} with {held.name}"

    # -- doing it ---------------------------------------------------------------------

    def act(self, action: str) -> str:
        """Carry out one action and say what came of it; ``put O in/on R`` is ``move O to R``."""
        action = modern(action)
        if action not in self.admissible():
            return NOTHING
        if action in ("look", "inventory", "help"):
            views = {
                "look": descriptions.look,
                "inventory": descriptions.inventory,
                "help": descriptions.help_text,
            }
            return views[action](self)
        verb, *names = _parsed(action)
        return self._DEEDS[verb](self, *names)

    def _go(self, name: str) -> str:
        self.place = self.layout.receptacles[name].place
        return f"You arrive at {name}. {descriptions.receptacle(self, name)}"

    def _open(self, name: str) -> str:
        self.opened.add(name)
        return f"You open the {name}. {descriptions.receptacle(self, name)}"

    def _close(self, name: str) -> str:
        self.opened.remove(name)
        return f"You close the {name}."

    def _take(self, thing: str, receptacle: str) -> str:
        self.within[thing].remove(receptacle)
        self.places[thing] = None
        self.hand = thing
        return f"You pick up the {thing} from the {receptacle}."

    def _move(self, thing: str, receptacle: str) -> str:
        if receptacle not in self.within[thing]:
            self.within[thing].append(receptacle)
        self.places[thing] = self.place
        self.hand = None
        return f"You move the {thing} to the {receptacle}."

    def _clean(self, thing: str, receptacle: str) -> str:
        self.marks[thing].add("clean")
        return f"You clean the {thing} using the {receptacle}."

    def _heat(self, thing: str, receptacle: str) -> str:
        self.marks[thing] = self.marks[thing] - {"cool"} | {"hot"}
        return f"You heat the {thing} using the {receptacle}."

    def _cool(self, thing: str, receptacle: str) -> str:
        self.marks[thing] = self.marks[thing] - {"hot"} | {"cool"}
        return f"You cool the {thing} using the {receptacle}."

    def _use(self, thing: str) -> str:
        on = "on" not in self.marks[thing]
        self.marks[thing] = self.marks[thing] - {"on"} | ({"on", "used"} if on else {"used"})
        return f"You turn {'on' if on else 'off'} the {thing}."

    def _slice(self, thing: str, knife: str) -> str:
        self.marks[thing].add("sliced")
        return f"You slice the {thing} with the {knife}."

    def _examine(self, name: str) -> str:
        if name in self.layout.receptacles:
            return descriptions.receptacle(self, name)
        return descriptions.thing(self, name)

    _DEEDS: Mapping[str, Callable[..., str]] = {
        "go": _go,
        "open": _open,
        "close": _close,
        "take": _take,
        "move": _move,
        "clean": _clean,
        "heat": _heat,
        "cool": _cool,
        "use": _use,
        "slice": _slice,
        "examine": _examine,
    }

    # -- keeping it -------------------------------------------------------------------

    def snapshot(self) -> str:
        state = {
            "place": self.place,
            "hand": self.hand,
            "opened": sorted(self.opened),
            "within": self.within,
            "places": self.places,
            "marks": {name: sorted(marks) for name, marks in self.marks.items()},
        }
        return json.dumps(state)

    def restore(self, snapshot: str) -> None:
        state = json.loads(snapshot)
        self.place = state["place"]
        self.hand = state["hand"]
        self.opened = set(state["opened"])
        self.within = state["within"]
        self.places = state["places"]
        self.marks = {name: set(marks) for name, marks in state["marks"].items()}


def modern(action: str) -> str:
    """The action in the newer grammar, in which a thing is moved, not put."""
    old = _PUT.fullmatch(action)
    return f"move {old[1]} to {old[2]}" if old else action


def _parsed(action: str) -> list[str]:
    match = _PARTS.fullmatch(action)
    return [part for part in match.groups() if part] if match else []
