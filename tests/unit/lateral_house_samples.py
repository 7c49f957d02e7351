"""A small room, a small puzzle, and ways to play them, for the tests of both worlds."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
from pytest_smallbench.benchmarks.agentbench.environments.household.world import HouseWorld
from pytest_smallbench.benchmarks.agentbench.environments.lateral_thinking.world import LateralWorld
from pytest_smallbench.benchmarks.agentbench.worlds import Host, Record, World

from pytest_smallbench.contracts import Sandbox, SandboxLimits

ROOM: dict[str, Any] = {
    "goal": {"kind": "pick_heat_then_place", "object": "mug", "receptacle": "shelf"},
    "world": {
        "task": "Your task is to: put a hot mug in shelf.",
        "agent_loc": 0,
        "receptacles": {
            "desk 1": {"type": "desk", "loc": 1},
            "drawer 2": {"type": "drawer", "loc": 2, "openable": True},
            "drawer 1": {"type": "drawer", "loc": 2, "openable": True},
            "fridge 1": {"type": "fridge", "loc": 5, "openable": True},
            "microwave 1": {"type": "microwave", "loc": 3, "openable": True},
            "shelf 1": {"type": "shelf", "loc": 4},
            "sinkbasin 1": {"type": "sinkbasin", "loc": 6},
            "window 1": {"type": "window", "loc": None},
        },
        "objects": {
            "apple 1": {"type": "apple", "loc": 4, "in": ["shelf 1"], "sliceable": True},
            "desklamp 1": {"type": "desklamp", "loc": 1, "in": ["desk 1"], "toggleable": True},
            "key 1": {"type": "keychain", "loc": 2, "in": ["drawer 1"], "pickupable": True},
            "knife 1": {"type": "knife", "loc": 6, "in": ["sinkbasin 1"], "pickupable": True},
            "mug 2": {
                "type": "mug",
                "loc": 1,
                "in": ["desk 1"],
                "pickupable": True,
                "cleanable": True,
                "heatable": True,
                "coolable": True,
                "isreceptacleobject": True,
            },
            "mug 1": {"type": "mug", "loc": 4, "in": ["shelf 1", "desk 1"], "pickupable": True},
        },
    },
    "walkthrough": [
        *("go to desk 1", "take mug 2 from desk 1", "go to microwave 1"),
        *("heat mug 2 with microwave 1", "go to shelf 1", "move mug 2 to shelf 1"),
    ],
}
PUZZLE: dict[str, Any] = {
    "lang": "en",
    "story": "A woman puts the lamp out, goes to bed, and hears of many deaths on the radio.",
    "truth": "She keeps a lighthouse. Without its light a ship ran aground in the storm.",
    "story_keys": ["A woman puts a lamp out.", "The radio tells her of many deaths."],
    "truth_keys": [
        "The woman is a lighthouse keeper.",
        "A ship hit the rocks in the dark.",
        "Nobody had warned the captain.",
    ],
}
PUZZLE_ZH: dict[str, Any] = {
    "lang": "zh",
    "story": "女人关灯睡觉，第二天从收音机里听到死了很多人。",
    "truth": "她是灯塔管理员。没有灯光，轮船触礁了。",
    "story_keys": ["女人关灯睡觉。", "收音机里说死了很多人。"],
    "truth_keys": ["女人是灯塔管理员。", "轮船在黑暗中触礁。", "没有人警告船长。"],
}


def host(tmp_path: Path = Path("unused"), folder: Path | None = None, **options: Any) -> Host:
    """A host without a sandbox, which neither world needs."""
    return Host(tmp_path, _no_sandbox, options.pop("values", {}), folder, **options)


def house(data: Mapping[str, Any] = ROOM, at: Host | None = None) -> HouseWorld:
    return HouseWorld(Record("house/sample", "house", "Tidy up.", None, data), at or host())


def lateral(data: Mapping[str, Any] = PUZZLE, at: Host | None = None) -> LateralWorld:
    return LateralWorld(Record("lateral/sample", "lateral", "Solve it.", None, data), at or host())


def act(world: HouseWorld, *actions: str) -> str:
    """What the last of the actions came to, without the list of actions."""
    said = ""
    for action in actions:
        said = world.call("take_action", {"action": action}).text
    return said.partition("\n\n")[0]


def ask(world: LateralWorld, *questions: str) -> str:
    """The answer to the last of the questions, without the count of rounds."""
    said = ""
    for question in questions:
        said = world.call("ask", {"question": question}).text
    return said.partition(" Rounds left")[0].partition(" 剩余轮数")[0]


def play(world: World) -> list[str]:
    """Everything that a world says when its reference is played."""
    calls = world.reference()
    return [world.observe(), *(world.call(c.name, dict(c.arguments)).text for c in calls)]


def published() -> Path:
    """The folder with the real records; tests that need it skip where it is not at hand."""
    folder = os.environ.get("SMALLBENCH_TEST_DATA")
    if not folder:
        pytest.skip("SMALLBENCH_TEST_DATA does not name a folder with the real data")
    return Path(folder) / "agentbench"


def without(data: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {key: value for key, value in data.items() if key not in names}


def chosen(records: Iterable[Record], **fields: str) -> list[Record]:
    """The records whose ``data`` has these values."""
    return [r for r in records if all(r.data[key] == value for key, value in fields.items())]


def _no_sandbox(limits: SandboxLimits) -> Sandbox:
    raise AssertionError(f"no sandbox is needed here ({limits})")
