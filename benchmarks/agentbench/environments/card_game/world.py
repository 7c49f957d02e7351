"""The card game as a world: four tools over a match against a scripted opponent."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pytest_smallbench.contracts import Observation, Tool, ToolCall

from ...worlds import Host, Judgement, Record
from .deals import Deal, deal_of
from .gold import winning_line
from .match import TRIES, begin, dump, load
from .modes import Mode, mode_of
from .replies import Refused, guess_of, move_of
from .telling import introduction, turn
from .tools import TOOLS


class CardWorld:
    """One game. ``of_record`` is False where the record describes none: there is still a
    game to play, but winning it is not what the record asks."""

    def __init__(self, deal: Deal, mode: Mode, *, instruction: str, of_record: bool) -> None:
        self._deal, self._mode = deal, mode
        self._instruction, self._of_record = instruction, of_record
        self._match = begin(deal, mode)

    @property
    def tools(self) -> Sequence[Tool]:
        return TOOLS

    def observe(self) -> str:
        return f"{self._instruction}\n\n{introduction(self._match)}"

    def call(self, name: str, arguments: Mapping[str, Any]) -> Observation:
        if self._match.over:
            return Observation(turn(self._match), done=True, valid=False)
        try:
            said = self._carried_out(name, arguments)
        except Refused as refused:
            return self._failed(str(refused))
        return Observation("\n".join((*said, turn(self._match))), done=self._match.over)

    def _carried_out(self, name: str, arguments: Mapping[str, Any]) -> list[str]:
        """Do it; what there is to say of it beside the new state. Raises Refused."""
        phases: dict[str, tuple[str, Callable[[Mapping[str, Any]], list[str]]]] = {
            "guess": ("guess", self._guess),
            "skip_guess": ("guess", self._skip),
            "act": ("action", self._act),
        }
        if name not in phases:
            return []
        phase, carry_out = phases[name]
        if self._match.game.phase != phase:
            wanted = "act" if phase == "guess" else "guess or skip_guess"
            raise Refused(f"this is the {self._match.game.phase} phase: use {wanted}")
        return carry_out(arguments)

    def _guess(self, arguments: Mapping[str, Any]) -> list[str]:
        position, fish = guess_of(self._match, arguments)
        if self._match.guess(position, fish):
            return [f"Right: the enemy's fish at {position} is the {fish}. All its fish lose 50."]
        return [f"Wrong: the enemy's fish at {position} is not the {fish}."]

    def _skip(self, arguments: Mapping[str, Any]) -> list[str]:
        self._match.guess(None)
        return ["No guess was made."]

    def _act(self, arguments: Mapping[str, Any]) -> list[str]:
        self._match.act(move_of(self._match, arguments))
        return []

    def _failed(self, why: str) -> Observation:
        """A try is spent; the last one ends the phase, and in an action phase the game."""
        match, phase = self._match, self._match.game.phase
        match.fail()
        text = f"Error: {why}."
        if match.over or match.game.phase != phase:
            lost = "" if match.over else " No guess was made."
            text = f"{text} That was the last of {TRIES} tries.{lost}\n{turn(match)}"
        else:
            text = f"{text} Tries left: {TRIES - match.tries}."
        return Observation(text, done=match.over, valid=False)

    def judge(self, answer: str | None) -> Judgement:
        match = self._match
        metrics = {"win": float(match.won), "damage": float(match.damage)}
        return Judgement(
            resolved=match.won and self._of_record,
            score=match.score,
            line="win" if match.won else "loss",
            explanation=self._explanation(),
            metrics=metrics,
        )

    def _explanation(self) -> str:
        match = self._match
        if not self._of_record:
            return "the record has no game of its own; its expected output decides"
        if not match.over:
            return "the game was not played to its end"
        return f"the game was {'won' if match.won else 'lost'}: {match.game.ending}"

    def snapshot(self) -> str:
        return dump(self._match)

    def restore(self, snapshot: str) -> None:
        self._match = load(snapshot, self._match)

    def reference(self) -> Sequence[ToolCall]:
        return winning_line(begin(self._deal, self._mode))

    def close(self) -> None:
        """Nothing outlives a game."""


def open_world(record: Record, host: Host) -> CardWorld:
    """The game that a record describes. Raises UsageMistake for a broken record or setting."""
    deal = deal_of(record.data, f"task {record.id}")
    return CardWorld(
        deal,
        mode_of(host.values),
        instruction=record.instruction,
        of_record=bool(record.data),
    )
