"""The general environment: an instruction, and a sandbox with a shell and files to act in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import pytest

from pytest_smallbench.contracts import (
    Completed,
    Environment,
    Grade,
    Observation,
    Sandbox,
    Shell,
    Task,
    Tool,
    ToolCall,
)
from pytest_smallbench.errors import GradingError

COMMAND_S = 60.0
SHOWN = 10_000  # characters of an output or a file: the first and last halves of these
OVER = "The answer was given already: nothing more can be done."


def _texts(**described: str) -> Mapping[str, Any]:
    """The schema of an object of texts, all required."""
    properties = {name: {"type": "string", "description": d} for name, d in described.items()}
    return {"type": "object", "properties": properties, "required": list(described)}


BASH = Tool(
    "bash",
    "Runs a command in a shell that stays open from call to call, in the working folder at "
    f"first, and shows what it prints. A command may take {COMMAND_S:g} seconds.",
    _texts(command="The command, or a script of several lines."),
)
READ = Tool("read_file", "Shows a text file.", _texts(path="Its path in the working folder."))
WRITE = Tool(
    "write_file",
    "Writes a text file, in place of one that is there; missing folders are made.",
    _texts(path="Its path in the working folder.", content="The whole text of the file."),
)
ANSWER = Tool(
    "answer",
    "Gives the final answer, which ends the task. Call it also where no answer in words was "
    "asked for, once all is done.",
    _texts(text="The answer and nothing else."),
)
TOOLS = (BASH, READ, WRITE, ANSWER)


@dataclass(frozen=True)
class _State:
    files: str
    answer: str | None
    over: bool


class SandboxEnvironment:
    """See ``contracts.Environment``. The sandbox is its opener's to close.

    ``acting`` is what a reference that is a function is given: this, or what wraps it.
    """

    tools: Sequence[Tool] = TOOLS

    def __init__(self, sandbox: Sandbox, task: Task, reference: object = None) -> None:
        self.task = task
        self.answer: str | None = None
        self.acting: Environment = cast("Environment", self)
        self._sandbox = sandbox
        self._reference = reference
        self._shell: Shell | None = None
        self._over = False
        self._states: list[_State] = []

    def observe(self) -> str:
        return self.task.problem_statement

    def call(self, name: str, arguments: Mapping[str, Any]) -> Observation:
        if self._over:
            return Observation(OVER, done=True, valid=False)
        act: Callable[..., Observation] = getattr(self, f"_{name}")
        return act(**arguments)

    def _bash(self, command: str) -> Observation:
        if "\0" in command:
            return Observation("Error: the command holds the character NUL.", valid=False)
        if self._shell is None:
            self._shell = self._sandbox.shell()
        return Observation(_told(self._shell.run(command, timeout=COMMAND_S)))

    def _read_file(self, path: str) -> Observation:
        try:
            return Observation(_cut(self._sandbox.read(path).decode("utf-8", "replace")))
        except (OSError, ValueError) as error:
            return Observation(f"Error: {path}: {_reason(error)}.", valid=False)

    def _write_file(self, path: str, content: str) -> Observation:
        try:
            self._sandbox.write(path, content)
        except (OSError, ValueError) as error:
            return Observation(f"Error: {path}: {_reason(error)}.", valid=False)
        return Observation(f"Wrote {len(content)} characters to {path}.")

    def _answer(self, text: str) -> Observation:
        self.answer, self._over = text, True
        return Observation("The answer was given.", done=True)

    def grade(self) -> Grade:
        """By the mark's ``expected``: the answer must be that text, white space around it
        aside. Without one the test's own asserts are the grader."""
        expected = self.task.expected_output
        if expected is None:
            raise GradingError(
                "environment.grade() needs @pytest.mark.smallbench(expected=...); without it "
                "assert in the test what must hold"
            )
        given = self.answer or ""
        resolved = given.strip() == expected.strip()
        why = "" if resolved else f"answered {given.strip()[:100]!r}, expected {expected!r}"
        return Grade(resolved, float(resolved), why, output=given)

    def snapshot(self) -> str:
        self._states.append(_State(self._sandbox.snapshot(), self.answer, self._over))
        return str(len(self._states) - 1)

    def restore(self, snapshot: str) -> None:
        """Raises KeyError for an id that ``snapshot`` did not give."""
        if not snapshot.isdecimal() or int(snapshot) >= len(self._states):
            raise KeyError(snapshot)
        state = self._states[int(snapshot)]
        self._shell = None
        self._sandbox.restore(state.files)
        self.answer, self._over = state.answer, state.over

    def reference(self) -> Sequence[ToolCall]:
        """What is left to play of the mark's ``reference``: a function of the environment acts
        itself, and what it returns is played after that."""
        found: Any = self._reference
        if callable(found):
            found = found(self.acting)
        elif found is None:
            pytest.skip("no reference: @pytest.mark.smallbench(reference=...) says what solves it")
        if found is None:
            return ()
        return [ToolCall("answer", {"text": found})] if isinstance(found, str) else list(found)

    def metrics(self) -> Mapping[str, float]:
        return {}

    def close(self) -> None:
        if self._shell is not None:
            self._shell.close()


def _told(done: Completed) -> str:
    """What a command printed, and how it ended where that is not well."""
    parts = [_cut(stream.decode("utf-8", "replace")) for stream in (done.stdout, done.stderr)]
    if done.timed_out:
        parts.append(f"[It did not end within {COMMAND_S:g} seconds and was stopped.]")
    elif done.killed:
        parts.append(f"[It was stopped: limit of {done.killed}.]")
    elif done.exit_code:
        parts.append(f"[exit code {done.exit_code}]")
    return "\n".join(part.strip("\n") for part in parts if part.strip("\n")) or "(no output)"


def _cut(text: str) -> str:
    if len(text) <= SHOWN:
        return text
    half = SHOWN // 2
    return f"{text[:half]}\n[... {len(text) - SHOWN} characters left out ...]\n{text[-half:]}"


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
