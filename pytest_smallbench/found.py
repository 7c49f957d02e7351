"""What collection found: the tasks among the items, as a worker tells them to the controller."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from pytest_smallbench.fixture_use import agent_of, agents_of_other_names
from pytest_smallbench.plan import PlannedItem, bare, pack_items, unpack_items
from pytest_smallbench.task_items import task_of


@dataclass(frozen=True)
class Found:
    """``items`` by benchmark. ``asks_agent``: an item uses the agent that the run's options
    name; ``own_agents`` are the files whose fixture ``agent`` the others use, ``lookalikes``
    users' fixtures that may have been meant for it. ``mistake`` is what is wrong with the tasks
    as they are written: then nothing is to be run."""

    items: dict[str, tuple[PlannedItem, ...]] = field(default_factory=dict)
    asks_agent: bool = False
    own_agents: tuple[str, ...] = ()
    lookalikes: tuple[str, ...] = ()
    mistake: str = ""

    def __bool__(self) -> bool:
        return bool(self.items or self.mistake)

    def pack(self) -> str:
        items = {name: pack_items(found) for name, found in self.items.items()}
        return json.dumps({**vars(self), "items": items})

    @staticmethod
    def unpack(text: str) -> Found:
        values: dict[str, Any] = json.loads(text)
        values["items"] = {name: unpack_items(each) for name, each in values["items"].items()}
        lists = {name: tuple(values[name]) for name in ("own_agents", "lookalikes")}
        return Found(**{**values, **lists})


def find(items: Sequence[pytest.Item], selected: Sequence[str] = ()) -> Found:
    """The tasks among ``items`` but those of benchmarks that were ``selected`` by name: these
    the controller knows already."""
    found: dict[str, list[PlannedItem]] = {}
    agents: set[str | None] = set()
    for item in items:
        task = task_of(item)
        if task is None or task.benchmark in selected:
            continue
        planned = PlannedItem(item.nodeid, bare(task.entry), task.attempt)
        found.setdefault(task.benchmark, []).append(planned)
        agents.add(agent_of(item))
    own = sorted(agent for agent in agents if agent)
    others = agents_of_other_names(items[0].config) if "" in agents else ()
    return Found(
        items={name: tuple(each) for name, each in found.items()},
        asks_agent="" in agents,
        own_agents=tuple(own),
        lookalikes=tuple(others),
    )
