"""Bad calls: each is answered in words, whatever it holds, and none undoes an end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from typing import Any

from pytest_smallbench.agents.context import play
from pytest_smallbench.contracts import Observation, TaskEntry, ToolCall
from pytest_smallbench.testing.benchmark_promise import raised
from pytest_smallbench.testing.benchmark_rig import UNLIMITED, Recorded, Rig
from pytest_smallbench.testing.odd_values import BROKEN_JSON, odd_arguments, wrong_arguments

LONGEST = 100_000  # characters of an observation, which a model must read


def bad_calls(rig: Rig) -> Iterator[str]:
    """Through the checker of arguments, as an agent calls, and for odd values past it too."""
    for entry in rig.entries:
        with _Again(rig, entry) as again:
            for call in _calls(again.recorded):
                yield from _answered(entry, call, again)


def _calls(recorded: Recorded) -> Iterator[ToolCall]:
    tools = list(recorded.environment.tools)
    yield ToolCall("no_such_tool", {})
    yield ToolCall("", "")
    for tool in tools:
        yield from (ToolCall(tool.name, text) for text in BROKEN_JSON)
        yield from (ToolCall(tool.name, values) for values in wrong_arguments(tool))
        yield from (ToolCall(tool.name, values) for values in odd_arguments(tool))


class _Again:
    """An environment of one task, opened anew when its episode is over."""

    def __init__(self, rig: Rig, entry: TaskEntry) -> None:
        self._rig, self._entry = rig, entry
        self._stack = ExitStack()

    def __enter__(self) -> _Again:
        self.recorded = self._stack.enter_context(self._rig.recorded(self._entry, UNLIMITED))
        return self

    def renew(self) -> None:
        self._stack.close()
        self.__enter__()

    def __exit__(self, *error: object) -> None:
        self._stack.close()


def _answered(entry: TaskEntry, call: ToolCall, again: _Again) -> Iterator[str]:
    said = f"{entry.id}: {call.name}({_short(call.arguments)})"
    try:
        observation = play(again.recorded.environment, call)
    except Exception as error:  # a promise broken, whatever it is
        yield f"{said} raises {raised(error)}; answer it in words, with valid=False"
        again.renew()
        return
    yield from (f"{said} {wrong}" for wrong in _faults(observation))
    if observation.done:
        again.renew()


def _faults(observation: Observation) -> Iterator[str]:
    if not isinstance(observation, Observation) or not isinstance(observation.text, str):
        yield "is answered with no contracts.Observation of a text; give one"
        return
    if not observation.valid and not observation.text.strip():
        yield "is refused without a word; say what is wrong with it"
    if len(observation.text) > LONGEST:
        yield f"is answered with {len(observation.text)} characters; cut what is shown"
    try:
        observation.text.encode()
    except UnicodeEncodeError:
        yield "is answered with half a surrogate pair, which no endpoint takes; clean the text"


def after_the_end(rig: Rig) -> Iterator[str]:
    """An episode that is over stays as it was."""
    for entry in rig.entries:
        with rig.recorded(entry, UNLIMITED) as recorded:
            environment = recorded.environment
            done = any(play(environment, call).done for call in environment.reference())
            if not done:
                continue
            before = environment.grade().resolved
            for tool in environment.tools:
                for arguments in odd_arguments(tool):
                    play(environment, ToolCall(tool.name, arguments))
            if environment.grade().resolved != before:
                yield (
                    f"{entry.id}: calls after the end change the verdict; once a call was "
                    "answered with done=True, refuse all others"
                )


def _short(arguments: Mapping[str, Any] | str) -> str:
    text = repr(arguments)
    return text if len(text) <= 70 else f"{text[:50]}... {len(text)} characters"
