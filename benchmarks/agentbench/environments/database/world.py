"""A database task: its tables, the two tools, and the verdict."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pytest_smallbench.contracts import Observation, Tool, ToolCall
from pytest_smallbench.errors import GradingError

from ...worlds import Host, Judgement, Record
from .engine import Engine, SqlError
from .grading import same_answer
from .problem import Problem, problem_of
from .table_hash import tables_hash

TOOLS = (
    Tool(
        "execute_sql",
        "Run one SQL statement in the MySQL dialect and read its rows. Every column is TEXT. "
        "Long results are cut.",
        {
            "type": "object",
            "properties": {
                "query": {"type": "string", "description": "one statement, and nothing else"}
            },
            "required": ["query"],
            "additionalProperties": False,
        },
    ),
    Tool(
        "commit_final_answer",
        "Commit the final answer, which ends the task. For a question: its answers, one string "
        "a value. For a change of the tables: an empty list once the change is made.",
        {
            "type": "object",
            "properties": {
                "answers": {
                    "type": "array",
                    "items": {"type": "string"},
                    "description": "the values that answer the question, in any order",
                }
            },
            "required": ["answers"],
            "additionalProperties": False,
        },
    ),
)

RULES = """You work with a MySQL database through two tools. execute_sql runs one statement \
and shows its rows, cut to 800 characters; commit_final_answer commits your answer and ends \
the task. If the task asks a question, commit its answers; if it asks for a change of a \
table, make the change and then commit an empty list."""

NO_LABEL = "this task has no tables and no label of its own"


def open_world(record: Record, host: Host) -> DatabaseWorld:
    """Raises UsageMistake for a record that is broken, or where ``db_engine`` is not here."""
    problem = problem_of(record.data, record.id)
    return DatabaseWorld(record, problem, _engine_maker(problem, host))


def _engine_maker(problem: Problem, host: Host) -> Callable[[], Engine]:
    if host.values.get("db_engine", "sqlite") == "mariadb":
        from .mariadb_engine import MariaEngine

        return lambda: MariaEngine(problem.tables)
    from .sqlite_engine import SqliteEngine

    return lambda: SqliteEngine(problem.tables)


class DatabaseWorld:
    """The tables as they are now, and the answer that was committed."""

    tools: Sequence[Tool] = TOOLS

    def __init__(self, record: Record, problem: Problem, make_engine: Callable[[], Engine]) -> None:
        self._record = record
        self._problem = problem
        self._make_engine = make_engine
        self._engine = make_engine()
        self._committed: tuple[str, ...] | None = None
        self._saved: dict[str, tuple[str, ...] | None] = {}

    def observe(self) -> str:
        """The rules, then the task in the published order: evidence, tables, question."""
        problem = self._problem
        parts = [RULES]
        if problem.evidence:
            parts.append(f"Evidence: {problem.evidence}")
        if problem.table_hint:
            parts.append(f"Additional table information: {problem.table_hint}")
        return "\n\n".join([*parts, self._record.instruction])

    def call(self, name: str, arguments: Mapping[str, Any]) -> Observation:
        if name == "commit_final_answer":
            self._committed = tuple(str(answer) for answer in arguments["answers"])
            return Observation("Your answer is committed.", done=True)
        try:
            return Observation(self._engine.execute(str(arguments["query"])))
        except SqlError as error:
            return Observation(_one_line(str(error)))

    # -- the verdict ----------------------------------------------------------------

    def judge(self, answer: str | None) -> Judgement:
        """Changes by the hash of the tables, questions by the committed answer; what the
        agent merely says (``answer``) counts for neither."""
        if self._problem.changes_tables:
            return self._judged_by_hash()
        if self._problem.answer is None:
            return Judgement(False, 0.0, ", ".join(self._committed or ()), NO_LABEL)
        return self._judged_by_answer(self._problem.answer)

    def _judged_by_answer(self, label: tuple[str, ...]) -> Judgement:
        if self._committed is None:
            return Judgement(False, 0.0, "", "no answer was committed")
        if same_answer(self._committed, label):
            # In the label's own spelling, so that the substring rule agrees.
            return Judgement(True, 1.0, ", ".join(label), "the committed answer is the label")
        shown = ", ".join(self._committed)
        return Judgement(False, 0.0, shown, f"committed {shown[:80]!r}, not the label")

    def _judged_by_hash(self) -> Judgement:
        try:
            actual = self._hash(self._engine)
        except SqlError as error:
            return Judgement(False, 0.0, "table-hash:none", f"a table cannot be read: {error}")
        resolved = actual == (self._problem.recorded_md5 or self._gold_hash())
        explanation = "the tables are as they should be" if resolved else "the tables differ"
        return Judgement(resolved, float(resolved), f"table-hash:{actual}", explanation)

    def _gold_hash(self) -> str:
        """The hash that the reference SQL leaves on a second copy of the tables."""
        engine = self._make_engine()
        try:
            for statement in self._problem.gold_sql:
                engine.execute(statement)
            return self._hash(engine)
        except SqlError as error:
            raise GradingError(f"{self._record.id}: gold_sql does not run: {error}") from None
        finally:
            engine.close()

    def _hash(self, engine: Engine) -> str:
        return tables_hash(engine.rows(table) for table in self._problem.tables)

    # -- the rest -------------------------------------------------------------------

    def snapshot(self) -> str:
        name = self._engine.snapshot()
        self._saved[name] = self._committed
        return name

    def restore(self, snapshot: str) -> None:
        self._engine.restore(snapshot)
        self._committed = self._saved[snapshot]

    def reference(self) -> Sequence[ToolCall]:
        """Commit the label; for a change, run the reference SQL first."""
        problem = self._problem
        changes = problem.gold_sql if problem.changes_tables else ()
        answers = list(problem.answer or ()) if not problem.changes_tables else []
        return [
            *(ToolCall("execute_sql", {"query": statement}) for statement in changes),
            ToolCall("commit_final_answer", {"answers": answers}),
        ]

    def close(self) -> None:
        self._engine.close()


def _one_line(text: str) -> str:
    """An error that quotes the statement: its control characters are made visible."""
    return "".join(c if c.isprintable() or c == " " else repr(c)[1:-1] for c in text)
