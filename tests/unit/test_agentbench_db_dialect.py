"""Statements in MySQL's dialect over the embedded engine: what they give, and what refuses."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest
from pytest_smallbench.benchmarks.agentbench.environments.database.engine import SqlError, Table
from pytest_smallbench.benchmarks.agentbench.environments.database.sqlite_engine import (
    SqliteEngine,
)

PEOPLE = Table(
    "the people",
    ("Name", "Year", "Points", "Date"),
    (
        ("Ann", "1999", "1,200", "2004-10-27"),
        ("bob", "2010", "15", "2012-01-31"),
        ("Cy", "2015", "9", "2015-03-01"),
        ("Al", None, "x", ""),
    ),
)


@pytest.fixture
def engine() -> Iterator[SqliteEngine]:
    with closing(SqliteEngine([PEOPLE])) as engine:
        yield engine


def refusal(engine: SqliteEngine, sql: str) -> str:
    with pytest.raises(SqlError) as refused:
        engine.execute(sql)
    return str(refused.value)


# A real MariaDB gives the same rows to these: see test_agentbench_db_mariadb.py.
QUERIES = {
    # text is compared with a number as a number, and without regard to case
    "SELECT Name FROM `the people` WHERE Points > 10": "[('bob',)]",
    "SELECT Name FROM `the people` WHERE Points > '10' AND Name < 'b'": "[('Al',)]",
    "SELECT Name FROM `the people` WHERE Year IN (1999, 2015)": "[('Ann',), ('Cy',)]",
    "SELECT Name FROM `the people` WHERE Year BETWEEN 2000 AND 2012": "[('bob',)]",
    "SELECT Name FROM `the people` WHERE Year > (SELECT AVG(Year) FROM `the people`)": (
        "[('bob',), ('Cy',)]"
    ),
    "SELECT name FROM `the people` WHERE NAME = 'ANN' OR Name LIKE 'B%'": "[('Ann',), ('bob',)]",
    "SELECT Name FROM `the people` WHERE LOWER(Name) = 'CY'": "[('Cy',)]",
    "SELECT Name FROM `the people` WHERE BINARY Name = 'ann'": "[]",
    "SELECT CASE Year WHEN 1999 THEN 'a' ELSE 'b' END FROM `the people` LIMIT 1, 1": "[('b',)]",
    "SELECT Name FROM `the people` WHERE Name LIKE '%\\_%'": "[]",
    "SELECT Name FROM `the people` WHERE Year >= ALL (SELECT Year FROM `the people` "
    "WHERE Year IS NOT NULL)": "[('Cy',)]",
    # functions
    "SELECT CONCAT(Name, '-', Year) FROM `the people` WHERE Name IN ('Ann', 'Al')": (
        "[('Ann-1999',), (None,)]"
    ),
    "SELECT IF(Year > 2000, 'new', 'old'), IFNULL(Year, 0) FROM `the people` LIMIT 1": (
        "[('old', '1999')]"
    ),
    "SELECT SUBSTRING_INDEX('a b c', ' ', 2), LEFT('abc', 2), RIGHT('abc', 2)": (
        "[('a b', 'ab', 'bc')]"
    ),
    "SELECT LPAD('5', 3, '0'), FIND_IN_SET('b', 'a,b'), LOCATE('b', 'abc')": "[('005', 2, 2)]",
    "SELECT Name REGEXP '^a', 'x1' REGEXP '[0-9]$' FROM `the people` LIMIT 1": "[(1, 1)]",
    "SELECT YEAR(Date), MONTH(Date), DAYNAME(Date) FROM `the people` LIMIT 1": (
        "[(2004, 10, 'Wednesday')]"
    ),
    "SELECT DATE_ADD('2024-01-31', INTERVAL 1 MONTH), DATEDIFF('2024-03-01', '2024-02-01')": (
        "[('2024-02-29', 29)]"
    ),
    "SELECT DATE_FORMAT('2024-01-05', '%W %D %c %y'), EXTRACT(YEAR FROM '2024-01-05')": (
        "[('Friday 5th 1 24', 2024)]"
    ),
    "SELECT GROUP_CONCAT(DISTINCT Name ORDER BY Year DESC SEPARATOR '; ') FROM `the people`": (
        "[('Cy; bob; Ann; Al',)]"
    ),
    "SELECT CAST(REPLACE(Points, ',', '') AS UNSIGNED) FROM `the people` LIMIT 1": "[(1200,)]",
    "SELECT 7 / 2, 7 DIV 2, -7 MOD 3, '12abc' + 1, ROUND(2.5)": "[(3.5, 3, -1, 13, 3)]",
    "SELECT SUM(Year), COUNT(DISTINCT Name, Year) FROM `the people`": "[(6024.0, 3)]",
    # forms of statements
    "SELECT \"it's\", 'it\\'s'": '[("it\'s", "it\'s")]',
    "(SELECT Name FROM `the people` LIMIT 1) UNION ALL (SELECT 'b')": "[('Ann',), ('b',)]",
    "WITH x AS (SELECT Name, Points + 0 AS p FROM `the people`) SELECT Name FROM x "
    "WHERE p = (SELECT MAX(p) FROM x)": "[('bob',)]",
    "SELECT Name, RANK() OVER (ORDER BY CAST(Points AS SIGNED) DESC) FROM `the people` LIMIT 1": (
        "[('bob', 1)]"
    ),
    "SELECT 1; -- and no more": "[(1,)]",
}


@pytest.mark.parametrize(("sql", "reply"), QUERIES.items(), ids=range(len(QUERIES)))
def test_a_query_means_what_mysql_means(engine: SqliteEngine, sql: str, reply: str) -> None:
    assert engine.execute(sql) == reply


@pytest.mark.parametrize(
    ("sql", "reply"),
    [
        ("SHOW TABLES", "[('the people',)]"),
        ("SHOW COLUMNS FROM `the people` LIKE 'n%'", "[('Name', 'text', 'YES', '', None, '')]"),
        ("DESC `the people`", "('Points', 'text', 'YES', '', None, '')"),
        ("SHOW CREATE TABLE `the people`", "CREATE TABLE `the people`"),
        (
            "SELECT COLUMN_NAME FROM information_schema.columns WHERE TABLE_NAME = 'the people' "
            "AND TABLE_SCHEMA = DATABASE() LIMIT 1",
            "[('Name',)]",
        ),
        ("SELECT Name FROM agentbench.`the people` LIMIT 1", "[('Ann',)]"),
    ],
)
def test_the_tables_can_be_looked_up(engine: SqliteEngine, sql: str, reply: str) -> None:
    assert reply in engine.execute(sql)


@pytest.mark.parametrize(
    ("change", "where", "row"),
    [
        ("INSERT INTO `the people` (Name, Points) VALUES ('Dee', 2.50)", "Dee", "None, '2.50'"),
        ("INSERT INTO `the people` SET Name = 'Eve', Year = -1", "Eve", "'-1', None"),
        ("REPLACE INTO `the people` (Name) VALUES ('Fay')", "Fay", "None, None"),
        ("UPDATE `the people` AS x SET x.Year = 2 WHERE x.Name = 'CY'", "Cy", "'2', '9'"),
        ("UPDATE `the people` SET Points = Points + 1 WHERE Year = 2015", "Cy", "'2015', '10'"),
        ("UPDATE `the people` SET Year = '0' ORDER BY Points + 0 DESC LIMIT 1", "bob", "'0', '15'"),
    ],
)
def test_a_change_is_stored_as_text(
    engine: SqliteEngine, change: str, where: str, row: str
) -> None:
    assert engine.execute(change) == "[]"
    reply = engine.execute(f"SELECT Year, Points FROM `the people` WHERE Name = '{where}'")
    assert reply == f"[({row})]"


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM `the people` WHERE Year > 2000",
        "DELETE x FROM `the people` AS x WHERE x.Year > 2000",
        "DELETE FROM `the people` WHERE Year IS NOT NULL ORDER BY Year DESC LIMIT 2",
    ],
)
def test_rows_are_deleted(engine: SqliteEngine, change: str) -> None:
    engine.execute(change)
    assert engine.execute("SELECT Name FROM `the people`") == "[('Ann',), ('Al',)]"


def test_an_agent_may_make_and_alter_tables_of_its_own(engine: SqliteEngine) -> None:
    engine.execute("CREATE TABLE z (id INT AUTO_INCREMENT PRIMARY KEY, a VARCHAR(9)) ENGINE=InnoDB")
    engine.execute("INSERT INTO z (a) VALUES ('x'), ('y')")
    engine.execute("ALTER TABLE z ADD COLUMN b INT AFTER id")
    engine.execute("UPDATE `the people` p JOIN z ON p.Year = z.id + 1997 SET p.Points = z.a")
    engine.execute("TRUNCATE TABLE z")
    assert engine.execute("SELECT Points FROM `the people` WHERE Name = 'Ann'") == "[('y',)]"
    assert engine.execute("SELECT * FROM z") == "[]"


REFUSALS = {
    "SELECT nope FROM `the people`": "1054 (42S22): Unknown column 'nope'",
    "SELECT `nope` FROM `the people`": "1054 (42S22): Unknown column 'nope'",
    "SELECT * FROM nope": "1146 (42S02): Table 'agentbench.nope' doesn't exist",
    "SELEC 1 FROM x": "1064 (42000): You have an error in your SQL syntax",
    "SELECT * FROM `the people": "1064 (42000): You have an error in your SQL syntax",
    "SELECT 1; SELECT 2": "send one statement a call",
    "": "1065 (42000): Query was empty",
    "SELECT nope(1)": "1305 (42000): FUNCTION agentbench.NOPE does not exist",
    "SELECT LEFT('a')": "1582 (42000): Incorrect parameter count",
    "SELECT 1 WHERE COUNT(*) > 1": "1111 (HY000): Invalid use of group function",
    "INSERT INTO `the people` VALUES (1)": "1136 (21S01): Column count doesn't match",
    "INSERT INTO `the people` (nope) VALUES (1)": "1054 (42S22): Unknown column 'nope'",
    "SELECT 'x' REGEXP '('": "3685 (HY000): Illegal argument to a regular expression",
    "SELECT Name FROM `the people` GROUP BY Name WITH ROLLUP": "1235 (42000)",
    "SELECT 1 FROM (SELECT GROUP_CONCAT(DISTINCT )) AS x": "1064 (42000)",
    "SHOW TABLES LIKE '" + "%a" * 40_000 + "'": "1105 (HY000): LIKE or GLOB pattern too complex",
    "SELECT '\ud800'": "1300 (HY000): Invalid utf8mb4 character string",
    "SELECT '\0'": "1064 (42000)",
    "SELECT " + "(" * 5000 + "1" + ")" * 5000: "1436 (HY000): Thread stack overrun",
    "SELECT '" + "x" * 1_000_000 + "'": "1153 (08S01): Got a packet bigger",
}


@pytest.mark.parametrize(("sql", "message"), REFUSALS.items(), ids=range(len(REFUSALS)))
def test_a_wrong_statement_is_answered_in_mysqls_words(
    engine: SqliteEngine, sql: str, message: str
) -> None:
    assert message in refusal(engine, sql)
    assert engine.execute("SELECT COUNT(*) FROM `the people`") == "[(4,)]"


def test_a_long_reply_is_cut(engine: SqliteEngine) -> None:
    reply = engine.execute("SELECT REPEAT('a', 900)")
    assert reply == "[('" + "a" * 797 + "[TRUNCATED]"
