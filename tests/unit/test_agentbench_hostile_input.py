"""Whatever an agent sends: an answer in words, the world intact, the same every time.

A world joins by its kind's key in ``WORLDS``; its tools and their arguments are read off it.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

import pytest
from lateral_house_samples import host
from pytest_smallbench.benchmarks.agentbench.kinds import KINDS
from pytest_smallbench.benchmarks.agentbench.worlds import Record, World

from pytest_smallbench.contracts import Observation, Tool

WORLDS = [
    "lateral",
    "house",
]
HOSTILE = {
    "empty": "",
    "blank": " \t\r\n ",
    "control characters": "\x00\x07\x1b[2J\x1b]0;title\x07\x7f",
    "a megabyte": "x" * (1 << 20),
    "a megabyte of words": "zz " * (1 << 18),
    "a megabyte of lines": "\n" * (1 << 20),
    "a megabyte of Chinese": "龘" * (1 << 18),
    "half a surrogate pair": "\ud800\udfff",
    "right to left": "\u202egnp.exe\u2066\ufeff",
    "emoji": "👩‍👩‍👧‍👦🏴‍☠️" * 50,
    "braces": "{} {0} {story} %s %(x)s ${HOME} {{7*7}}",
    "shell": "; rm -rf / ; :(){ :|:& };:",
    "sql": "'; DROP TABLE tasks; --",
    "json": '{"action": {"$ne": null}}' + "[" * 5000,
    "a deep regular expression": "(" * 500 + "a+" * 500 + ")" * 500,
    "quotation marks": '"“「' * 3000 + "?" * 3000,
    "numbers": "1e999 -0 NaN 0x7fffffff" + "9" * 5000,
    "negators": "no not never without " * 15,
}


@pytest.fixture(params=WORLDS)
def key(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def attribute(text: str) -> Any:
    """What ``.module:attribute``, relative to the benchmark, names."""
    module, _, name = text.partition(":")
    package = "pytest_smallbench.benchmarks.agentbench"
    return getattr(importlib.import_module(module, package), name)


@lru_cache
def record(key: str) -> Record:
    made = attribute(KINDS[key].generator)(0, 0, "easy")
    assert isinstance(made, Record)
    return made


def opened(key: str, data: Mapping[str, Any] | None = None) -> World:
    made = record(key)
    if data is not None:
        made = Record(made.id, made.environment, "Do it.", made.expected_output, data)
    world: World = attribute(KINDS[key].world)(made, host())
    return world


def filled(tool: Tool, text: str) -> dict[str, Any]:
    """Arguments that fit the tool's schema, with ``text`` wherever a text may be."""
    plain = {"integer": 0, "number": 0.0, "boolean": False, "array": [], "object": {}}
    properties = tool.parameters["properties"]
    return {
        name: schema["enum"][0] if "enum" in schema else plain.get(schema.get("type"), text)
        for name, schema in properties.items()
    }


def calls(world: World, text: str) -> Iterator[Observation]:
    for tool in world.tools:
        yield world.call(tool.name, filled(tool, text))


def finished(world: World) -> World:
    for call in world.reference():
        world.call(call.name, dict(call.arguments))
    assert world.judge(None).resolved
    return world


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_text_is_answered_in_words_and_solves_nothing(key, text):
    world = opened(key)
    for observation in calls(world, text):
        assert observation.text.strip()
        assert len(observation.text) < 20_000
        observation.text.encode()
    assert not world.judge(text).resolved
    assert not world.judge(None).resolved


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_the_world_is_intact_after_a_hostile_text(key, text):
    tool = opened(key).tools[0]
    world = opened(key)
    assert not world.call(tool.name, filled(tool, text)).done
    finished(world)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_text_gets_the_same_answer_again_and_after_restore(key, text):
    world, other = opened(key), opened(key)
    state = world.snapshot()
    first = [observation.text for observation in calls(world, text)]
    assert [observation.text for observation in calls(other, text)] == first
    world.restore(state)
    assert [observation.text for observation in calls(world, text)] == first


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_after_the_end_nothing_happens(key, text):
    world = finished(opened(key))
    for observation in calls(world, text):
        assert observation.done
        assert observation.text
    assert world.judge(None).resolved
    world.close()
    world.close()


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_an_empty_world_bears_it_too(key, text):
    world = opened(key, {})
    assert "Do it." in world.observe()
    assert all(observation.text for observation in calls(world, text))
    judgement = world.judge(text)
    assert not judgement.resolved
    assert judgement.explanation


def test_a_whole_episode_of_hostile_texts_ends_in_words(key):
    world = opened(key)
    for text in [*HOSTILE.values()] * 3:
        for observation in calls(world, text):
            assert observation.text
    assert not world.judge(None).resolved
