"""The linter: findings about the program that would run, in the solution's own lines."""

from __future__ import annotations

import gzip
import json

import pytest
from bcb_samples import real_file
from pytest_smallbench.benchmarks.bcb_agent import linter
from pytest_smallbench.benchmarks.bcb_agent.linter import Finding, lint, summary
from pytest_smallbench.benchmarks.bcb_agent.program import program_head

HEAD = program_head("import os\nimport numpy as np\nfrom re import sub\ndef task_func(x):\n")


def findings(text: str, head: str = HEAD) -> list[Finding]:
    found = lint(text, head=head)
    assert found is not None
    return found


def test_lines_are_those_of_the_solution() -> None:
    found = findings("    y = x\n    return z\n")
    assert [(finding.line, finding.code) for finding in found] == [(1, "F841"), (2, "F821")]


def test_names_of_the_given_start_are_known() -> None:
    assert findings("    return np.sum(os.listdir(x)), sub\n") == []


def test_odd_escapes_in_the_given_start_warn_nobody() -> None:
    head = program_head("import re\nWORDS = re.compile('\\W+')\ndef task_func(x):\n")
    assert findings("    return WORDS.split(x)\n", head) == []


def test_repeating_the_given_start_is_no_finding() -> None:
    script = "import os\nimport numpy as np\nfrom re import sub\ndef task_func(x):\n    return x\n"
    assert findings(script) == []


def test_an_unused_import_of_ones_own_is_one() -> None:
    assert [finding.code for finding in findings("import csv\ndef task_func(x): return x\n")] == [
        "F401"
    ]


def test_other_lines_in_messages_are_the_solutions_too() -> None:
    text = "def a(): pass\ndef a(): pass\ndef task_func(x): return a\n"
    assert "from line 1" in findings(text)[0].message


def test_a_syntax_error_is_called_one() -> None:
    found = findings("    return (1\n")
    assert found[0].code == "syntax error"
    assert found[0].line == 1


def test_a_body_without_indentation() -> None:
    assert findings("return 1\n")[0].code == "F706"


def test_a_future_import_cannot_follow_the_start() -> None:
    assert "leave this import out" in findings("from __future__ import annotations\n")[0].message


def test_syntax_is_judged_for_the_grading_python() -> None:
    text = "def task_func(x):\n    return f'{x['a']}'\n"
    assert lint(text, python="py312") == []
    assert lint(text, python="py310") != []


def test_style_is_none_of_its_business() -> None:
    assert findings("def task_func( x ):\n  import  sys ; return(sys)\n") == []


def test_code_nested_too_deeply() -> None:
    assert lint("x = " + "-" * 30_000 + "1\n") is None
    assert summary(None) == "Linter: this code is nested too deeply to be checked."


def test_many_findings_are_cut_and_counted() -> None:
    text = summary([Finding(at, "F821", "no") for at in range(1, 40)])
    assert text.startswith("Linter: 39 findings:\n  line 1: F821: no\n")
    assert text.endswith(f"[... {39 - linter.MAX_FINDINGS} more findings left out ...]")


def test_the_users_configuration_is_not_read(
    tmp_path: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUFF_SELECT", "ALL")
    monkeypatch.setenv("RUFF_OUTPUT_FORMAT", "concise")
    assert findings("    return x\n") == []


def test_real_references_are_all_but_free_of_findings() -> None:
    with gzip.open(real_file(), "rt", encoding="utf-8") as file:
        records = [json.loads(line) for line in file][:200:5]
    dirty = 0
    for record in records:
        found = findings(record["canonical_solution"] + "\n", program_head(record["code_prompt"]))
        dirty += any(finding.code not in ("F841", "F541") for finding in found)
    assert dirty <= 2  # a few references lean on imports that only their tests make
