"""What a scripted model says, and how its endpoint fails: plain values and one function.

server = ScriptedServer({"add two numbers": [
    Turn(calls=(ToolCall("add_submission", {"submission": "    return a + b"}),)),
    Turn(calls=(ToolCall("submit_solution"),)),
]})
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Literal, TypeAlias

from pytest_smallbench.contracts import Message, ToolCall
from pytest_smallbench.errors import UsageMistake

FaultKind: TypeAlias = Literal[
    "rate_limit", "server_error", "malformed", "drop", "cut", "hang", "slow"
]


@dataclass(frozen=True)
class Turn:
    """One answer. ``finish_reason`` is by default what fits: tool_calls or stop.

    ``usage`` False leaves the usage out, as old servers do. ``body`` takes the place of the
    whole answer: a text is sent as it is, anything else as JSON; it is counted as no tokens.
    """

    text: str | None = None
    calls: tuple[ToolCall, ...] = ()
    finish_reason: str = ""
    usage: bool = True
    body: object = None


@dataclass(frozen=True)
class Failure:
    """An error in place of an answer, in the form that OpenAI gives it."""

    status: int
    message: str = "scripted failure"
    code: str | None = None
    type: str = "invalid_request_error"
    headers: Mapping[str, str] = field(default_factory=dict)


Answer: TypeAlias = Turn | Failure
ScriptFunction: TypeAlias = Callable[[Sequence[Message], Sequence[Message]], Answer]
Script: TypeAlias = ScriptFunction | Mapping[str, Sequence[Answer]]
"""A function of (messages, tools), or a mapping from a text in the first user message to the
answers, turn by turn. The longest text found wins, so that "" is what all others get."""


@dataclass(frozen=True)
class Faults:
    """Shares (0..1) of requests that fail, drawn by ``seed``, conversation, turn and try: the
    same requests fail in each run, however many workers there are.

    ``malformed`` is a 200 that is not JSON, ``drop`` closes the connection unanswered,
    ``cut`` amid the answer, ``hang`` never answers; ``slow`` answers rightly after ``slow_s``.
    """

    rate_limit: float = 0.0
    server_error: float = 0.0
    malformed: float = 0.0
    drop: float = 0.0
    cut: float = 0.0
    hang: float = 0.0
    slow: float = 0.0
    slow_s: float = 0.05
    seed: int = 0

    def draw(self, conversation: str, turn: int, try_number: int) -> FaultKind | None:
        """The fault that befalls this try, or None."""
        text = f"{self.seed} {conversation} {turn} {try_number}"
        left = int(hashlib.sha256(text.encode()).hexdigest()[:12], 16) / 16**12
        shares: tuple[tuple[FaultKind, float], ...] = (
            ("rate_limit", self.rate_limit),
            ("server_error", self.server_error),
            ("malformed", self.malformed),
            ("drop", self.drop),
            ("cut", self.cut),
            ("hang", self.hang),
            ("slow", self.slow),
        )
        for kind, share in shares:
            if left < share:
                return kind
            left -= share
        return None


def answer(script: Script, messages: Sequence[Message], tools: Sequence[Message]) -> Answer:
    """What the script says next. It depends on the request alone, so retries and workers
    that come in any order get the same."""
    if not isinstance(script, Mapping):
        return script(messages, tools)
    first = next((text_of(m.get("content")) for m in messages if m.get("role") == "user"), "")
    found = max((text for text in script if text in first), key=len, default=None)
    if found is None:
        return Failure(400, f"no script for a task that starts with {first[:60]!r}")
    turn = sum(message.get("role") == "assistant" for message in messages)
    turns = script[found]
    return turns[turn] if turn < len(turns) else Turn(text="The script has ended.")


def text_of(content: object) -> str:
    """A message's text, also where it comes in parts."""
    if isinstance(content, list):
        return "".join(str(part.get("text", "")) for part in content if isinstance(part, dict))
    return str(content or "")


def load_script(path: Path) -> dict[str, list[Answer]]:
    """A script from a JSON file: {text: [{"text", "calls": [{"name", "arguments"}], ...}]}.

    An object with ``status`` is a Failure, any other a Turn. Raises UsageMistake.
    """
    try:
        data = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise UsageMistake(f"--script: cannot read {path}: {error}") from None
    if not isinstance(data, dict) or not all(isinstance(turns, list) for turns in data.values()):
        raise UsageMistake(f"--script: {path} must hold an object of lists of turns")
    return {text: [_answer(turn, path) for turn in turns] for text, turns in data.items()}


def _answer(data: object, path: Path) -> Answer:
    kind = Failure if isinstance(data, dict) and "status" in data else Turn
    known = {f.name for f in fields(kind)}
    if not isinstance(data, dict) or not set(data) <= known:
        raise UsageMistake(
            f"--script: {path}: {str(data)[:80]} is no turn; a turn has {', '.join(sorted(known))}"
        )
    try:
        calls = tuple(ToolCall(**call) for call in data.get("calls", ()))
    except TypeError:
        raise UsageMistake(
            f"--script: {path}: {str(data)[:80]}: a call has name, arguments and id"
        ) from None
    return kind(**(data | {"calls": calls} if calls else data))
