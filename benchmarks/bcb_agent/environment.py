"""BCB-Agent's environment: nine tools around a solution, tests of one's own, and notes.

While the agent acts, nothing of the hidden tests or the reference solution is held here:
``load_record`` is called when they are needed, to grade and for the gold calls.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pytest_smallbench.contracts import (
    Grade,
    Limits,
    Observation,
    Sandbox,
    SandboxLimits,
    Task,
    Tool,
    ToolCall,
)

from . import linter, own_tests
from .instructions import first_observation
from .observations import OBSERVATION_LIMIT, cut, numbered, plural, unusable
from .program import defines, program_head
from .records import Record
from .reference import reference_calls
from .rehearsal import Rehearsal
from .solution import SUBMISSION_LIMIT, Solution
from .state import State
from .tools import TOOLS

SCRATCHPAD_LIMIT = 4_000  # characters
CODE_LIMIT = 20_000  # characters of a snippet


class _BadCall(Exception):
    """The call cannot be carried out as asked; the message is the answer."""


class BcbEnvironment:
    """See ``contracts.Environment``.

    ``grade_solution`` gets the record and the submitted text and judges it in a sandbox of
    its own; ``open_sandbox`` gives the agent's own, opened when it first runs anything.
    ``python`` is the grading interpreter's version as ruff names it.
    """

    def __init__(
        self,
        task: Task,
        load_record: Callable[[], Record],
        open_sandbox: Callable[[SandboxLimits], Sandbox],
        grade_solution: Callable[[Record, str], Grade],
        limits: Limits,
        *,
        sandbox_limits: SandboxLimits | None = None,
        python: str = "py310",
    ) -> None:
        self.task = task
        self.answer: str | None = None
        self._load_record = load_record
        self._grade_solution = grade_solution
        self._limits = limits
        self._python = python
        record = load_record()  # of which only what the agent is shown anyway is kept
        self._code_prompt, self._entry_point = record.code_prompt, record.entry_point
        self._rehearsal = Rehearsal(
            self._code_prompt, lambda: open_sandbox(sandbox_limits or SandboxLimits())
        )
        self._state = State()
        self._snapshots: list[tuple[State, str, str | None]] = []
        self._actions: dict[str, Callable[..., str]] = {
            "add_submission": self._add_submission,
            "edit_submission": self._edit_submission,
            "view_submission": self._view_submission,
            "add_unit_test": self._add_unit_test,
            "remove_unit_test": self._remove_unit_test,
            "test_submission": self._test_submission,
            "run_code": self._run_code,
            "write_scratchpad": self._write_scratchpad,
            "submit_solution": self._submit_solution,
        }

    # -- the contract -------------------------------------------------------------

    @property
    def tools(self) -> Sequence[Tool]:
        return TOOLS

    def observe(self) -> str:
        return first_observation(self.task, self._entry_point, self._limits)

    def call(self, name: str, arguments: Mapping[str, Any]) -> Observation:
        if self._state.submitted:
            text = "Already submitted: the solution was handed in and nothing can follow."
            return Observation(text, done=True, valid=False)
        try:
            text = self._act(name, arguments)
        except _BadCall as bad:
            return Observation(self._with_notes(f"Error: {bad}."), valid=False)
        done = self._state.submitted
        return Observation(text if done else self._with_notes(text), done=done)

    def grade(self) -> Grade:
        if not self._state.submitted:
            written = len(self._state.solution.lines)
            what = (
                f"a solution of {plural(written, 'line')} was left" if written else "none written"
            )
            output = self._state.solution.text
            return Grade(False, 0.0, f"no submission: {what}, submit_solution not called", output)
        solution = self._state.solution.text
        grade = self._grade_solution(self._load_record(), solution)
        return grade if grade.output else replace(grade, output=solution)

    def snapshot(self) -> str:
        """Remembers solution, tests, notes, metrics and the sandbox's files."""
        entry = (copy.deepcopy(self._state), self._rehearsal.snapshot(), self.answer)
        self._snapshots.append(entry)
        return str(len(self._snapshots) - 1)

    def restore(self, snapshot: str) -> None:
        """Raises KeyError for an id that ``snapshot`` did not give."""
        if not snapshot.isdecimal() or int(snapshot) >= len(self._snapshots):
            raise KeyError(snapshot)
        state, files, self.answer = self._snapshots[int(snapshot)]
        self._rehearsal.restore(files)
        self._state = copy.deepcopy(state)

    def reference(self) -> Sequence[ToolCall]:
        return reference_calls(self._load_record())

    def metrics(self) -> Mapping[str, float]:
        return self._state.metrics()

    def work(self) -> Mapping[str, str]:
        """The solution and the agent's own tests: see ``contracts.ShowsWork``."""
        state = self._state
        solution = {} if state.solution.blank else {"solution.py": state.solution.text}
        tests = {f"own test {name}": code + "\n" for name, code in state.tests.items()}
        return {**solution, **tests}

    def close(self) -> None:
        self._rehearsal.close()

    # -- the tools ----------------------------------------------------------------

    def _act(self, name: str, arguments: Mapping[str, Any]) -> str:
        action = self._actions.get(name)
        if action is None:
            raise _BadCall(f"there is no tool {name[:80]!r}; there are {', '.join(self._actions)}")
        return action(**_fitting(name, arguments))

    def _add_submission(self, submission: str) -> str:
        self._replace(_usable("submission", submission, SUBMISSION_LIMIT), "the submission")
        if self._state.solution.blank:
            return "The solution was cleared: it is empty now."
        return f"Solution saved, {self._size()}:\n{self._shown()}"

    def _edit_submission(self, first_line: int, last_line: int, new_code: str) -> str:
        solution = self._state.solution
        if problem := solution.range_problem(first_line, last_line):
            raise _BadCall(f"nothing was changed: {problem}")
        edited = solution.edited(
            first_line, last_line, _usable("new_code", new_code, SUBMISSION_LIMIT)
        )
        self._replace(edited.text, "the solution with this edit")
        self._state.edits += 1
        return f"Solution changed, now {self._size()}:\n{self._shown(first_line)}"

    def _view_submission(self) -> str:
        if not self._state.solution.lines:
            return "The solution is empty."
        return f"The solution, {self._size()}:\n{numbered(self._state.solution.lines)}"

    def _add_unit_test(self, unit_test_name: str, test_code: str) -> str:
        code = own_tests.dedented(test_code)
        problem = own_tests.name_problem(unit_test_name) or own_tests.code_problem(
            unit_test_name, code, self._python
        )
        replaced = unit_test_name in self._state.tests
        if not problem and not replaced and len(self._state.tests) >= own_tests.MAX_TESTS:
            problem = f"there are {own_tests.MAX_TESTS} unit tests already; remove one first"
        if problem:
            raise _BadCall(f"the unit test was not added: {problem}")
        self._state.tests[unit_test_name] = code
        self._state.tests_written += 1
        verb = "replaced" if replaced else "added"
        return f"Unit test {unit_test_name} {verb}. {self._test_list()}"

    def _remove_unit_test(self, unit_test_name: str) -> str:
        if unit_test_name not in self._state.tests:
            raise _BadCall(
                f"there is no unit test {unit_test_name[:80]!r}. {self._test_list()[:-1]}"
            )
        del self._state.tests[unit_test_name]
        return f"Unit test {unit_test_name} removed. {self._test_list()}"

    def _test_submission(self) -> str:
        state = self._state
        if state.solution.blank:
            raise _BadCall("there is no solution to test yet; write it with add_submission")
        if not state.tests:
            raise _BadCall("there are no unit tests to run; add one with add_unit_test")
        outcomes, text = self._rehearsal.run_tests(state.solution.text, state.tests)
        state.record_run(outcomes)
        return text

    def _run_code(self, code: str) -> str:
        text = self._rehearsal.run_snippet(
            self._state.solution.text, _usable("code", code, CODE_LIMIT)
        )
        self._state.snippets += 1
        return text

    def _write_scratchpad(self, text: str) -> str:
        self._state.scratchpad = _usable("text", text, SCRATCHPAD_LIMIT).strip("\n")
        self._state.scratchpad_used |= bool(self._state.scratchpad.strip())
        return "Scratchpad saved." if self._state.scratchpad else "Scratchpad cleared."

    def _submit_solution(self) -> str:
        if self._state.solution.blank:
            raise _BadCall(
                "there is nothing to submit: the solution is empty; write it with add_submission"
            )
        self._state.submitted = True
        return "Received: the solution was handed in. The task is over."

    # -- what the tools share -----------------------------------------------------

    def _replace(self, text: str, what: str) -> None:
        if len(text) > SUBMISSION_LIMIT:
            raise _BadCall(
                f"nothing was changed: {what} has {len(text)} characters, and "
                f"{SUBMISSION_LIMIT} is the most"
            )
        self._state.solution = Solution.of(text)

    def _size(self) -> str:
        return plural(len(self._state.solution.lines), "line")

    def _shown(self, around: int = 1) -> str:
        """The solution numbered, what the linter finds, and what it cannot know."""
        solution = self._state.solution
        if solution.blank:
            return "(The solution is empty.)"
        head = program_head(self._code_prompt)
        findings = linter.lint(solution.text, head=head, python=self._python)
        parts = [numbered(solution.lines, around), linter.summary(findings)]
        if solution.text.lstrip().startswith("```"):
            parts.append("Note: leave out the Markdown fences (```); give the code alone.")
        elif not defines(solution.text, self._entry_point):
            parts.append(
                f"Note: this neither defines {self._entry_point} nor, being unindented, goes on "
                f"inside it, so {self._entry_point} would do nothing and return None."
            )
        return "\n".join(parts)

    def _test_list(self) -> str:
        names = ", ".join(self._state.tests)
        return f"Your unit tests: {names}." if names else "You have no unit tests."

    def _with_notes(self, text: str) -> str:
        notes = self._state.scratchpad
        kept = f"\n\nScratchpad:\n{notes}" if notes else ""
        return cut(text, OBSERVATION_LIMIT - len(kept)) + kept


def _fitting(name: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """The arguments, checked for the tool's names and types: the caller checks the whole
    schema, but this must hold for one that does not."""
    schema = next(tool for tool in TOOLS if tool.name == name).parameters
    properties: Mapping[str, Mapping[str, str]] = schema["properties"]
    if set(arguments) != set(properties):
        wanted = ", ".join(properties) or "no arguments"
        raise _BadCall(f"{name} takes {wanted}, and was given {', '.join(arguments) or 'none'}")
    for key, value in arguments.items():
        kind = properties[key]["type"]
        if not isinstance(value, str if kind == "string" else int) or isinstance(value, bool):
            raise _BadCall(f"{name} takes {key} as a JSON {kind}")
    return arguments


def _usable(argument: str, text: str, limit: int) -> str:
    if len(text) > limit:
        raise _BadCall(
            f"nothing was done: {argument} has {len(text)} characters, and {limit} is the most"
        )
    if problem := unusable(text):
        raise _BadCall(f"nothing was done: {argument} cannot be used: {problem}")
    return text
