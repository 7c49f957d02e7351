"""One errand in one room, through the tool ``take_action``."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from pytest_smallbench.contracts import Observation, Tool, ToolCall

from ...worlds import Host, Judgement, Record
from . import descriptions
from .errand import done
from .house import NOTHING, House, modern
from .layout import read_layout
from .repair import LONGEST, meant
from .rules import open_rules

MAX_ACTIONS = 35
_STUCK = 3  # the same action so often in a row, more than so many steps in, ends the episode

_INTRODUCTION = """\
You are in a household and have an errand to do. Act with the tool take_action, one action at \
a time, chosen from the list of available actions that comes with each answer. You can carry \
one thing at a time; what is closed must be opened first. "Nothing happens." means that the \
action was not possible. You have {limit} actions; the same one three times in a row ends the \
errand."""

TOOL = Tool(
    "take_action",
    "Do one thing in the household and see what comes of it.",
    {
        "type": "object",
        "properties": {
            "action": {
                "type": "string",
                "description": "One of the available actions, such as: go to shelf 1",
            }
        },
        "required": ["action"],
        "additionalProperties": False,
    },
)


def open_world(record: Record, host: Host) -> HouseWorld:
    return HouseWorld(record, host)


class HouseWorld:
    """The errand is won as soon as the room is as the goal wants it."""

    tools: Sequence[Tool] = (TOOL,)

    def __init__(self, record: Record, host: Host) -> None:
        self._record = record
        self._layout = read_layout(record.data, f"task {record.id}")
        rules = open_rules(host.folder)
        if self._layout.can_contain is not None:
            rules = replace(rules, can_contain=self._layout.can_contain)
        self._house = House(self._layout, rules)
        self._actions: list[str] = []
        self._won = False

    def observe(self) -> str:
        welcome = descriptions.welcome(self._house)
        task = self._layout.task or self._record.instruction
        introduction = _INTRODUCTION.format(limit=MAX_ACTIONS)
        return f"{introduction}\n\nHere is your task. {welcome}\n{task}\n\n{self._available()}"

    def call(self, name: str, arguments: Mapping[str, Any]) -> Observation:
        if self._over():
            return Observation("The errand is over.", done=True, valid=False)
        asked = " ".join(str(arguments.get("action", "")).lower().split("\n")[0].split())
        self._actions.append(asked[:LONGEST])
        said = self._act(asked)
        self._won = self._layout.goal is not None and done(self._house, self._layout.goal)
        if self._over():
            return Observation(f"{said}\n{self._ending()}", done=True, valid=said != NOTHING)
        return Observation(f"{said}\n\n{self._available()}", valid=said != NOTHING)

    def judge(self, answer: str | None) -> Judgement:
        if self._layout.goal is None:
            return Judgement(False, 0.0, "", "this record has no room and no goal")
        if self._won:
            return Judgement(True, 1.0, "task completed", "", self._metrics())
        explanation = f"{self._ending()} after {len(self._actions)} actions"
        return Judgement(False, 0.0, "task not completed", explanation, self._metrics())

    def snapshot(self) -> str:
        return json.dumps([self._house.snapshot(), self._actions, self._won])

    def restore(self, snapshot: str) -> None:
        house, self._actions, self._won = json.loads(snapshot)
        self._house.restore(house)

    def reference(self) -> Sequence[ToolCall]:
        walkthrough = self._record.data.get("walkthrough", ())
        return [ToolCall("take_action", {"action": action}) for action in walkthrough]

    def close(self) -> None: ...

    def _act(self, asked: str) -> str:
        if len(asked) > LONGEST:
            return NOTHING
        return self._house.act(meant(modern(asked), self._house.admissible()))

    def _available(self) -> str:
        return "AVAILABLE ACTIONS: " + ", ".join(self._house.admissible())

    def _stuck(self) -> bool:
        return len(self._actions) > _STUCK and len(set(self._actions[-_STUCK:])) == 1

    def _over(self) -> bool:
        return self._won or self._stuck() or len(self._actions) >= MAX_ACTIONS

    def _ending(self) -> str:
        if self._won:
            return "The task is completed."
        if self._stuck():
            return "The errand ended: the same action three times in a row"
        if len(self._actions) >= MAX_ACTIONS:
            return "The errand ended: no action is left"
        return "The task is not completed"

    def _metrics(self) -> Mapping[str, float]:
        return {"actions": float(len(self._actions))}
