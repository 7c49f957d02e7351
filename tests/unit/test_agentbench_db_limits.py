"""What no statement may do or use: each is answered in words, and the tables stay whole."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from pytest_smallbench.benchmarks.agentbench.environments.database import text_functions
from pytest_smallbench.benchmarks.agentbench.environments.database.engine import SqlError, Table
from pytest_smallbench.benchmarks.agentbench.environments.database.guard import Limits
from pytest_smallbench.benchmarks.agentbench.environments.database.sqlite_engine import (
    SqliteEngine,
)

from pytest_smallbench.errors import LimitReached

COUNTING = "WITH RECURSIVE c AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM c) "
TABLE = Table("t", ("a",), (("1",), ("2",)))


@pytest.fixture
def engine() -> Iterator[SqliteEngine]:
    with closing(SqliteEngine([TABLE], Limits(steps=2_000_000, memory=48 << 20))) as engine:
        yield engine


def refusal(engine: SqliteEngine, sql: str) -> str:
    with pytest.raises(SqlError) as refused:
        engine.execute(sql)
    assert engine.execute("SELECT a FROM t") == "[('1',), ('2',)]"
    return str(refused.value)


@pytest.mark.parametrize(
    "sql",
    [
        COUNTING + "SELECT COUNT(*) FROM c",
        COUNTING + "SELECT n FROM c",
        "SELECT COUNT(*) FROM " + ", ".join(f"t AS t{n}" for n in range(30)),
        "UPDATE t SET a = (" + COUNTING + "SELECT MAX(n) FROM c)",
    ],
)
def test_an_endless_statement_is_interrupted(engine: SqliteEngine, sql: str) -> None:
    assert "3024 (HY000): Query execution was interrupted" in refusal(engine, sql)


def test_the_clock_interrupts_too() -> None:
    with closing(SqliteEngine([TABLE], Limits(seconds=0.05, steps=10**12))) as engine:
        assert "3024" in refusal(engine, COUNTING + "SELECT COUNT(*) FROM c")


@pytest.mark.parametrize(
    "sql",
    [
        COUNTING + "SELECT REPEAT('a', 60000), n FROM c ORDER BY n DESC",
        "CREATE TABLE big AS " + COUNTING + "SELECT REPEAT('a', 60000), n FROM c",
        "INSERT INTO t " + COUNTING + "SELECT REPEAT('a', 60000) FROM c",
    ],
)
def test_memory_is_limited(engine: SqliteEngine, sql: str) -> None:
    assert refusal(engine, sql)[:4] in ("1041", "1114")


@pytest.mark.parametrize(
    "sql",
    ["SELECT REPEAT('a', 1000000000)", "SELECT LPAD('a', 1000000000, 'b')", "SELECT SPACE(1e12)"],
)
def test_a_text_beyond_measure_is_null(engine: SqliteEngine, sql: str) -> None:
    assert engine.execute(sql) == "[(None,)]"


def test_a_regular_expression_cannot_run_for_ever(
    engine: SqliteEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text_functions, "REGEX_SECONDS", 0.05)
    pattern = "^(([a-z])+.)+[A-Z]([a-z])+$"
    assert "3699" in refusal(engine, f"SELECT CONCAT(REPEAT('a', 60000), '!') REGEXP '{pattern}'")


@pytest.mark.parametrize(
    "sql",
    [
        "ATTACH DATABASE '{path}' AS x",
        "VACUUM INTO '{path}'",
        "SELECT 1 INTO OUTFILE '{path}'",
        "PRAGMA journal_mode = DELETE",
        "PRAGMA writable_schema = 1",
        "SELECT load_extension('{path}')",
        "SELECT LOAD_FILE('/etc/hostname')",
        "LOAD DATA INFILE '/etc/hostname' INTO TABLE t",
        "SELECT randomblob(1000000000)",
        "SELECT zeroblob(1000000000)",
        "SELECT printf('%1000000000d', 1)",
        "SELECT SLEEP(1000)",
        "CREATE VIRTUAL TABLE v USING fts5(x)",
        "CREATE TRIGGER x AFTER INSERT ON t BEGIN DELETE FROM t; END",
        "UPDATE sqlite_master SET sql = ''",
        "DROP DATABASE agentbench",
    ],
)
def test_what_is_not_the_tables_business_is_closed(
    engine: SqliteEngine, tmp_path: Path, sql: str
) -> None:
    refusal(engine, sql.format(path=tmp_path / "file"))
    assert not list(tmp_path.iterdir())


def test_the_attempts_time_limit_comes_through(engine: SqliteEngine) -> None:
    def ring(*_: object) -> None:
        raise LimitReached("time")

    before = signal.signal(signal.SIGALRM, ring)
    try:
        with closing(SqliteEngine([TABLE], Limits(steps=10**12))) as patient:
            signal.setitimer(signal.ITIMER_REAL, 0.05)
            with pytest.raises(LimitReached):
                patient.execute(COUNTING + "SELECT COUNT(*) FROM c")
            assert patient.execute("SELECT a FROM t") == "[('1',), ('2',)]"
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
