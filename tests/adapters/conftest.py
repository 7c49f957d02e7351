"""The libraries under test, and what a scripted model says to each."""

from __future__ import annotations

import importlib
import itertools
import json
from dataclasses import dataclass

import pytest

from pytest_smallbench.adapters import ADAPTERS
from pytest_smallbench.errors import UsageMistake
from pytest_smallbench.testing.script import Turn, answer


@dataclass(frozen=True)
class Library:
    """``name`` is the agent's; ``adapter`` its class, which takes a model and a ``build``."""

    name: str
    adapter: type

    def script(self, turns):
        """A script of tool calls, as this library asks its model for them."""
        return in_words(turns) if self.name == "dspy" else turns

    def steps(self, turns):
        """The same as a plain list of answers."""
        return [*itertools.chain(*map(_steps, turns))] if self.name == "dspy" else [*turns]


@pytest.fixture(params=sorted(ADAPTERS))
def library(request):
    target = ADAPTERS[request.param].partition(":")[0]
    try:
        module = importlib.import_module(target)
    except UsageMistake as missing:
        pytest.skip(str(missing))
    adapter = next(kind for kind in vars(module).values() if _is_adapter(kind, module))
    return Library(request.param, adapter)


def _is_adapter(kind, module):
    ours = getattr(kind, "__module__", "") == module.__name__
    return ours and isinstance(kind, type) and hasattr(kind, "solve")


def in_words(script):
    """DSPy's ReAct asks for one call a turn, in fields of a text, and shows what was seen so
    far in a single message: the same calls in that form."""
    flat = {
        text: [step for turn in turns for step in _steps(turn)] for text, turns in script.items()
    }

    def say(messages, tools):
        seen = str(messages[-1]["content"]).count("[[ ## observation_")
        if "[[ ## reasoning ## ]]" in str(messages[-1]["content"]):
            return Turn(_fields(reasoning="It is over.", answer="done"))
        found = answer({text: [Turn(text)] for text in flat}, messages, tools).text
        return flat[found][seen] if seen < len(flat[found]) else Turn("The script has ended.")

    return say


def _steps(turn):
    for number, call in enumerate(turn.calls):
        thought = (turn.text or "") if number == 0 else ""
        yield Turn(
            _fields(next_thought=thought, next_tool_name=call.name, next_tool_args=_json(call))
        )


def _json(call):

    return call.arguments if isinstance(call.arguments, str) else json.dumps(call.arguments)


def _fields(**values):
    shown = "\n\n".join(f"[[ ## {name} ## ]]\n{value}" for name, value in values.items())
    return shown + "\n\n[[ ## completed ## ]]"
