"""Plain records: only an instruction and the expected output, as the seed has them.

Such a task is solved with its environment's tools over an empty world, and judged by the
seed's substring rule alone (specification, section 0.1).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pytest_smallbench.contracts import Observation, Tool, ToolCall
from pytest_smallbench.errors import UsageMistake

from .substring import NOTHING_EXPECTED, contains
from .worlds import Judgement, Record, World

NO_ENVIRONMENT = "general"
NO_INSTRUCTION = "No instruction provided"
ID_PREFIX = "agentbench_"
ANY_TEXT = r"\S"  # whatever is said without a tool call is the answer
ANSWER = Tool(
    "answer",
    "Hands in your answer to the task, in full, and ends the episode.",
    {"type": "object", "properties": {"text": {"type": "string"}}, "required": ["text"]},
)


class PlainRecord(Record):
    """A Record without ``data``; ``instruction`` is the whole prompt."""


def plain_record(raw: object, index: int, where: str) -> PlainRecord:
    """The record in a parsed JSON value. ``where`` (file and line) leads each error."""
    if not isinstance(raw, Mapping):
        raise UsageMistake(f"{where}: a record must be a JSON object, this is {raw!r:.40}")
    task_id = _text(raw, "task_id", where) or str(index)
    if not task_id.isprintable():
        raise UsageMistake(f"{where}: field 'task_id' must be printable, this is {task_id!r:.40}")
    environment = _text(raw, "environment", where) or NO_ENVIRONMENT
    field = "instruction" if raw.get("instruction") is not None else "description"
    instruction = _text(raw, field, where) or NO_INSTRUCTION
    return PlainRecord(
        id=ID_PREFIX + task_id,
        environment=environment.strip().lower(),
        instruction=prompt(environment, instruction),
        expected_output=_text(raw, "expected_output", where) or None,
        split=_text(raw, "split", where),
    )


def prompt(environment: str, instruction: str) -> str:
    """One sentence that names the environment, a blank line, the instruction."""
    return f"Complete the following task in the {environment} environment.\n\n{instruction}"


def _text(raw: Mapping[str, object], name: str, where: str) -> str:
    """A field as text, empty where it is absent; numbers are taken as they are written."""
    value = raw.get(name)
    if value is None:
        return ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str):
        kind = type(value).__name__
        raise UsageMistake(f"{where}: field {name!r} must be a string, this is of type {kind}")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise UsageMistake(f"{where}: field {name!r} is not valid text") from None
    return value


STATE_IT = "State your answer in full, in words or with the tool answer."


@dataclass(frozen=True)
class _State:
    """``ended``: the inner world takes no more calls; ``said``: what was handed in."""

    said: tuple[str, ...] = ()
    ended: bool = False
    inner: str = ""


class PlainWorld:
    """An empty world (or none), and a tool that takes the answer.

    What is graded is all that the agent said: the text it returned, what it handed in, the
    arguments of the call that ended the inner world, and that world's own line where it was
    won. The end of the inner world is not that of the task: the answer may follow.
    """

    def __init__(self, record: Record, inner: World | None) -> None:
        self._record = record
        self._inner = inner
        self._state = _State()
        self._states: list[_State] = []

    @property
    def tools(self) -> Sequence[Tool]:
        within = self._inner.tools if self._inner is not None else ()
        return (*(tool for tool in within if tool.name != ANSWER.name), ANSWER)

    def observe(self) -> str:
        prompt = self._record.instruction
        seen = self._inner.observe() if self._inner is not None else prompt
        text = seen if prompt in seen else f"{prompt}\n\n{seen}"
        return f"{text}\n\n{STATE_IT}"

    def call(self, name: str, arguments: Mapping[str, Any]) -> Observation:
        if name == ANSWER.name:
            self._say([str(arguments["text"])])
            return Observation("Your answer was received. The task is over.", done=True)
        if self._inner is None or self._state.ended:
            return Observation(f"There is nothing more to be done. {STATE_IT}", valid=False)
        observation = self._inner.call(name, arguments)
        if not observation.done:
            return observation
        self._say(_words(arguments.values()), ended=True)
        return replace(observation, text=f"{observation.text}\n\n{STATE_IT}", done=False)

    def _say(self, words: Sequence[str], ended: bool = False) -> None:
        self._state = replace(self._state, said=(*self._state.said, *words), ended=ended)

    def judge(self, answer: str | None) -> Judgement:
        said = [text for text in (*self._state.said, self._won(answer)) if text]
        text = "\n".join([answer, *said] if answer else said)
        expected = self._record.expected_output
        resolved = contains(text, expected)
        return Judgement(resolved, float(resolved), "\n".join(said), _why(resolved, expected))

    def _won(self, answer: str | None) -> str:
        """The inner world's line, where there is a goal in the empty world and it is reached."""
        judgement = self._inner.judge(answer) if self._inner is not None else None
        return judgement.line if judgement is not None and judgement.resolved else ""

    def snapshot(self) -> str:
        inner = self._inner.snapshot() if self._inner is not None else ""
        self._states.append(replace(self._state, inner=inner))
        return str(len(self._states) - 1)

    def restore(self, snapshot: str) -> None:
        self._state = self._states[int(snapshot)]
        if self._inner is not None:
            self._inner.restore(self._state.inner)

    def reference(self) -> Sequence[ToolCall]:
        expected = self._record.expected_output
        return [ToolCall(ANSWER.name, {"text": expected})] if expected else []

    def close(self) -> None:
        if self._inner is not None:
            self._inner.close()


def _words(values: Any) -> list[str]:
    """Every text and number in the arguments, in order."""
    found: list[str] = []
    for value in values:
        if isinstance(value, Mapping):
            found += _words(value.values())
        elif isinstance(value, list | tuple):
            found.append(", ".join(_words(value)))
        else:
            found.append(str(value))
    return found


def _why(resolved: bool, expected: str | None) -> str:
    if not (expected or "").strip():
        return NOTHING_EXPECTED
    return "" if resolved else "the expected output is not part of the answer"
