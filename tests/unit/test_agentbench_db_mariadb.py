"""The real MariaDB: the same answers as the embedded engine, and nothing left behind."""

from __future__ import annotations

import ast
import os
import re
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from agentbench_worlds import generated, host, judged_after_reference, opened
from pytest_smallbench.benchmarks.agentbench.environments.database import mariadb_server
from pytest_smallbench.benchmarks.agentbench.environments.database.engine import SqlError, Table
from pytest_smallbench.benchmarks.agentbench.environments.database.mariadb_engine import MariaEngine
from pytest_smallbench.benchmarks.agentbench.environments.database.mariadb_server import (
    MariaServer,
    missing,
    shared_server,
)
from pytest_smallbench.benchmarks.agentbench.worlds import Record
from test_agentbench_db_dialect import PEOPLE, QUERIES

from pytest_smallbench.errors import UsageMistake

needs_mariadb = pytest.mark.skipif(bool(missing()), reason=missing())


@pytest.fixture
def engine() -> Iterator[MariaEngine]:
    with closing(MariaEngine([PEOPLE], shared_server())) as engine:
        yield engine


def plain(reply: str) -> list[tuple[object, ...]]:
    """A reply's rows without the types that only a real server has."""
    text = re.sub(r"Decimal\('([^']*)'\)", r"\1", reply)
    text = re.sub(
        r"datetime\.date\((\d+), (\d+), (\d+)\)",
        lambda m: f"'{int(m[1])}-{int(m[2]):02d}-{int(m[3]):02d}'",
        text,
    )
    return [tuple(row) for row in ast.literal_eval(text)]


@needs_mariadb
def test_both_engines_answer_alike(engine: MariaEngine) -> None:
    different = [
        (sql, reply, said)
        for sql, reply in QUERIES.items()
        if plain(said := engine.execute(sql)) != plain(reply)
    ]
    assert not different


@needs_mariadb
@pytest.mark.parametrize("number", range(12))
def test_generated_tasks_are_resolved(number: int) -> None:
    task = generated("db", 0, number)
    assert judged_after_reference(task, host(db_engine="mariadb")).resolved


@needs_mariadb
def test_group_concat_is_cut_as_in_the_original(engine: MariaEngine) -> None:
    assert engine.execute("SELECT @@group_concat_max_len, @@skip_networking") == "[(1024, 1)]"


@needs_mariadb
def test_a_wrong_statement_is_answered_in_words(engine: MariaEngine) -> None:
    with pytest.raises(SqlError, match=r"1146: Table 'task_.*nope' doesn't exist"):
        engine.execute("SELECT * FROM nope")
    with pytest.raises(SqlError, match="1064"):
        engine.execute("SELECT 1; SELECT 2")


@needs_mariadb
@pytest.mark.parametrize(
    "sql",
    [
        "SHUTDOWN",
        "CREATE DATABASE other",
        "SELECT * FROM mysql.user",
        "SELECT 1 INTO OUTFILE '/tmp/smallbench-outfile'",
        "LOAD DATA LOCAL INFILE '/etc/hostname' INTO TABLE `the people`",
        "INSTALL SONAME 'ha_connect'",
        "SET GLOBAL max_connections = 1",
    ],
)
def test_a_task_has_its_own_database_and_no_more(engine: MariaEngine, sql: str) -> None:
    with pytest.raises(SqlError):
        engine.execute(sql)
    assert engine.execute("SELECT LOAD_FILE('/etc/hostname')") == "[(None,)]"


@needs_mariadb
def test_restore_brings_back_the_tables() -> None:
    query = {"query": "SELECT * FROM t"}
    table = {"name": "t", "columns": ["a", ""], "rows": [["1", None], ["2", "x"]]}
    data = {"type": "DELETE", "table": table, "gold_sql": ["DELETE FROM t WHERE a = 1"]}
    task = Record("db/x", "db", "?", None, data)
    with opened(task, host(db_engine="mariadb")) as world:
        before, saved = world.call("execute_sql", query), world.snapshot()
        world.call("execute_sql", {"query": "DELETE FROM t WHERE a = 1"})
        assert world.judge(None).resolved
        world.call("execute_sql", {"query": "CREATE TABLE mine (x INT)"})
        world.restore(saved)
        assert world.call("execute_sql", query) == before
        assert not world.judge(None).resolved


@needs_mariadb
def test_a_world_drops_what_it_made() -> None:
    server = shared_server()
    with closing(MariaEngine([Table("t", ("a",), ())], server)) as engine:
        engine.snapshot()
        name = engine.execute("SELECT DATABASE()")[3:-4]
    admin = server.connect()
    with closing(admin), admin.cursor() as cursor:
        cursor.execute("SHOW DATABASES LIKE %s", (f"{name}%",))
        assert cursor.fetchall() == ()


_OWNER = """
import time
from pytest_smallbench.benchmarks.agentbench.environments.database.mariadb_server import MariaServer
server = MariaServer()
print(server.folder, (server.folder / "pid").read_text().strip(), server._keeper.pid, flush=True)
time.sleep(600)
"""


@needs_mariadb
def test_nothing_is_left_when_the_owner_is_killed() -> None:
    argv = [sys.executable, "-c", _OWNER]
    folder = __file__.rpartition("/")[0]  # in the checkout, that would be imported, not the wheel
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True, cwd=folder) as own:
        assert own.stdout is not None
        folder, server, keeper = own.stdout.readline().split()
        ended = os.pidfd_open(int(keeper))
        own.send_signal(signal.SIGKILL)
    try:
        assert select.select([ended], [], [], 60)[0], "the keeper has not ended"
    finally:
        os.close(ended)
    assert not Path(folder).exists()
    with pytest.raises(ProcessLookupError):
        os.kill(int(server), 0)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("_program", lambda _name: None, "apt-get install mariadb-server"),
        ("_has_client", lambda: False, r"pip install 'pytest-smallbench\[mariadb\]'"),
    ],
)
def test_what_is_missing_is_named_with_its_cure(
    monkeypatch: pytest.MonkeyPatch, name: str, value: object, message: str
) -> None:
    if name != "_program":
        monkeypatch.setattr(mariadb_server, "_program", lambda program: program)
    monkeypatch.setattr(mariadb_server, name, value)
    with pytest.raises(UsageMistake, match=message):
        MariaServer()
