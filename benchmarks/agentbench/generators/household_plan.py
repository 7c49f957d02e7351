"""The shortest way to run an errand, by breadth-first search.

Searched are only moves that can matter: the places of the wanted things, of the treatment, of
the lamp and of one target. Whether the plan wins is for the household itself to say.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True)
class Errand:
    """``homes`` are the places of the wanted things, by name; ``wanted`` of them go to
    ``target``, treated before by ``verb`` at ``station``. With a lamp it is turned on instead,
    and one thing held beside it. Places are names of receptacles; ``closed`` ones have doors."""

    homes: dict[str, str]
    target: str = ""
    wanted: int = 1
    verb: str = ""
    station: str = ""
    lamp: str = ""
    closed: frozenset[str] = frozenset()

    @property
    def places(self) -> tuple[str, ...]:
        named = [*self.homes.values(), self.station, self.target]
        return tuple(dict.fromkeys(place for place in named if place))


class _State(NamedTuple):
    at: str
    hand: str
    where: tuple[str, ...]  # of each thing, in the order of homes
    treated: frozenset[str]
    opened: frozenset[str]
    lit: bool


def plan(errand: Errand) -> list[str]:
    """The actions, from a start where nothing is within reach; empty where there is no way."""
    start = _State("", "", tuple(errand.homes.values()), frozenset(), frozenset(), False)
    queue = deque([start])
    came: dict[_State, tuple[_State, str] | None] = {start: None}
    while queue:
        state = queue.popleft()
        if _reached(errand, state):
            return _actions(came, state)
        for action, following in _moves(errand, state):
            if following not in came:
                came[following] = (state, action)
                queue.append(following)
    return []


def _reached(errand: Errand, state: _State) -> bool:
    if errand.lamp:
        return state.lit and bool(state.hand) and state.at == errand.target
    ready = [
        thing
        for thing, place in zip(errand.homes, state.where, strict=True)
        if place == errand.target and (not errand.verb or thing in state.treated)
    ]
    return len(ready) >= errand.wanted


def _moves(errand: Errand, state: _State) -> Iterator[tuple[str, _State]]:
    for place in errand.places:
        if place != state.at:
            yield f"go to {place}", state._replace(at=place)
    if state.at in errand.closed - state.opened:
        yield f"open {state.at}", state._replace(opened=state.opened | {state.at})
    elif state.at:
        yield from _handling(errand, state)
    if state.hand and errand.verb and state.at == errand.station:
        treated = state.treated | {state.hand}
        yield f"{errand.verb} {state.hand} with {state.at}", state._replace(treated=treated)
    if errand.lamp and state.at == errand.target:
        yield f"use {errand.lamp}", state._replace(lit=True)


def _handling(errand: Errand, state: _State) -> Iterator[tuple[str, _State]]:
    for number, thing in enumerate(errand.homes):
        before, after = state.where[:number], state.where[number + 1 :]
        if not state.hand and state.where[number] == state.at:
            where = (*before, "", *after)
            yield f"take {thing} from {state.at}", state._replace(hand=thing, where=where)
        if state.hand == thing and state.at == errand.target and not errand.lamp:
            where = (*before, state.at, *after)
            yield f"move {thing} to {state.at}", state._replace(hand="", where=where)


def _actions(came: dict[_State, tuple[_State, str] | None], state: _State) -> list[str]:
    actions: list[str] = []
    while (step := came[state]) is not None:
        state, action = step
        actions.append(action)
    return actions[::-1]
