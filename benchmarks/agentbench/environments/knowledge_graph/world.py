"""A graph task: the tools, the variables made with them, and the verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pytest_smallbench.contracts import Observation, Tool, ToolCall

from ...worlds import Host, Judgement, Record
from .grading import f1, final_variable
from .graph import Graph
from .problem import Problem, Triple, problem_of
from .schema import ATTRIBUTE, RELATION, Schema, schema_for
from .toolbox import Toolbox, ToolError
from .tools import RULES, TOOLS
from .variables import answer_ids, answer_line

NO_LABEL = "this task has no graph and no label of its own"


def open_world(record: Record, host: Host) -> KnowledgeGraphWorld:
    """Raises UsageMistake for a broken record or schema."""
    problem = problem_of(record.data, record.id)
    return KnowledgeGraphWorld(record, problem, _schema(host.folder, problem.triples))


def _schema(folder: Path | None, triples: Sequence[Triple]) -> Schema:
    """The folder's vocabulary. Ours, where it has none, is widened by the graph's own words."""
    schema, of_folder = schema_for(folder)
    if of_folder:
        return schema
    kinds = {p: ATTRIBUTE if o.startswith('"') else RELATION for _, p, o in triples}
    return schema.with_unknown(kinds)


class KnowledgeGraphWorld:
    """The variables as they are now, and the one that was submitted."""

    tools: Sequence[Tool] = TOOLS

    def __init__(self, record: Record, problem: Problem, schema: Schema) -> None:
        self._record, self._problem = record, problem
        self._toolbox = Toolbox(Graph(problem.triples), schema, problem.starts)
        self._submitted: int | None = None
        self._saved: list[tuple[Any, int | None]] = []

    def observe(self) -> str:
        """The rules, the question and the names of its entities; ids stay behind the tools."""
        names = ", ".join(self._problem.entities)
        return f"{RULES}\n\nQuestion: {self._record.instruction}\nEntities: [{names}]"

    def call(self, name: str, arguments: Mapping[str, Any]) -> Observation:
        try:
            if name == "final_answer":
                self._submitted = self._toolbox.index(str(arguments["variable"]))
                return Observation("Observation: your answer is submitted.", done=True)
            said = self._toolbox.call(name, {key: str(v) for key, v in arguments.items()})
        except ToolError as error:
            text = f"Observation: Error processing tool call: {error}"
            return Observation(text, valid=False)
        return Observation(f"Observation: {said}")

    # -- the verdict ------------------------------------------------------------------

    def judge(self, answer: str | None) -> Judgement:
        """Of the variable that ``final_answer`` named, else of ``Final Answer: #k`` in what
        the agent said. Resolved is an exact match; the score is F1."""
        number = final_variable(answer) if self._submitted is None else self._submitted
        if number is None:
            return self._unanswered("no final answer was given (`Final Answer: #k`)")
        if number >= len(self._toolbox.variables):
            return self._unanswered(f"validation failed: there is no variable #{number}")
        ids = answer_ids(self._toolbox.variables[number])
        if self._problem.gold is None:
            return Judgement(False, 0.0, answer_line(ids), NO_LABEL)
        return _judged(ids, self._problem.gold, number)

    def _unanswered(self, explanation: str) -> Judgement:
        if self._problem.gold is None:
            explanation = NO_LABEL
        return Judgement(False, 0.0, "", explanation, _metrics(0.0, False, False))

    # -- the rest ---------------------------------------------------------------------

    def snapshot(self) -> str:
        self._saved.append((self._toolbox.state(), self._submitted))
        return str(len(self._saved) - 1)

    def restore(self, snapshot: str) -> None:
        state, self._submitted = self._saved[int(snapshot)]
        self._toolbox.set_state(state)

    def reference(self) -> Sequence[ToolCall]:
        """The gold chain, and its last variable as the answer. Entities go by their names,
        which is all that an agent knows of them."""
        actions = self._problem.actions
        names = {id: name for name, id in self._problem.entities.items()}
        made = sum(action.makes_variable for action in actions)
        return [
            *(
                ToolCall(a.tool, {k: names.get(v, v) for k, v in a.arguments.items()})
                for a in actions
            ),
            ToolCall("final_answer", {"variable": f"#{made - 1}"}),
        ]

    def close(self) -> None:
        """Nothing outlives a world."""


def _judged(ids: Sequence[str], gold: Sequence[str], number: int) -> Judgement:
    score, exact = f1(ids, gold), set(ids) == set(gold)
    explanation = (
        f"#{number} is the answer"
        if exact
        else f"#{number} holds {len(ids)} of which {len(set(ids) & set(gold))} are right; "
        f"the answer has {len(set(gold))}"
    )
    metrics = _metrics(score, exact, bool(ids))
    return Judgement(exact, score, answer_line(ids), explanation, metrics)


def _metrics(score: float, exact: bool, executable: bool) -> dict[str, float]:
    return {"f1": score, "exact_match": float(exact), "executable": float(executable)}
