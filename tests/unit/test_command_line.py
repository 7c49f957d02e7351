"""``smallbench show`` and ``smallbench compare``, by what they print."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from html_samples import run
from report_samples import outcomes, result

from pytest_smallbench.command_line import main


def written(folder: Path, **counts: int) -> Path:
    folder.mkdir()
    path = folder / "report.json"
    path.write_text(json.dumps(run(folder, *outcomes(**counts))))
    return path


def test_show_tells_the_verdict_and_writes_the_page(tmp_path: Path, capsys) -> None:
    folder = written(tmp_path / "a", resolved=2, unresolved=1).parent
    assert main(["show", str(folder)]) == 0
    assert capsys.readouterr().out.startswith("bcb-agent: resolved 2/3 (66.7%")
    assert (folder / "report.html").is_file()


def test_show_prints_one_transcript(tmp_path: Path, capsys) -> None:
    folder = written(tmp_path / "a", resolved=2).parent
    assert main(["show", str(folder), "--task", "T/1"]) == 0
    assert "call add_submission" in capsys.readouterr().out


def test_a_reader_that_has_seen_enough_is_no_error(tmp_path: Path) -> None:
    folder = written(tmp_path / "a", resolved=2).parent
    code = "import sys; from pytest_smallbench.command_line import main; sys.exit(main())"
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-c", code, "show", str(folder)]
    done = subprocess.run(command, cwd=tmp_path, stdout=writer, stderr=subprocess.PIPE)
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, b"")


def test_compare_names_the_flips_and_the_verdict(tmp_path: Path, capsys) -> None:
    old = written(tmp_path / "old", resolved=20)
    new = written(tmp_path / "new", resolved=12, unresolved=8)
    assert main(["compare", str(old), str(new)]) == 0
    out = capsys.readouterr().out
    assert "worse: 8 tasks: T/12, " in out
    assert out.endswith("bcb-agent: a regression at alpha 0.05\n")


def test_few_tasks_in_common_allow_no_verdict(tmp_path: Path, capsys) -> None:
    old = written(tmp_path / "old", resolved=9)
    new = written(tmp_path / "new", unresolved=9)
    assert main(["compare", str(old), str(new)]) == 0
    assert capsys.readouterr().out.endswith("inconclusive: 9 tasks in common, 10 needed\n")


@pytest.mark.parametrize("text", ["", "{}", '{"schema": "smallbench-report/1"}'])
def test_what_is_no_report_is_one_line(tmp_path: Path, capsys, text: str) -> None:
    (tmp_path / "report.json").write_text(text)
    assert main(["show", str(tmp_path)]) == 4
    assert capsys.readouterr().err.count("\n") == 1


def test_an_unknown_task_is_one_line(tmp_path: Path, capsys) -> None:
    folder = tmp_path / "a"
    folder.mkdir()
    (folder / "report.json").write_text(json.dumps(run(folder, result(1))))
    assert main(["show", str(folder), "--task", "no"]) == 4
    assert " has no task no; " in capsys.readouterr().err


def test_check_of_what_does_not_exist_is_one_line(capsys) -> None:
    assert main(["check", "bcb_agent"]) == 4
    assert capsys.readouterr().err.startswith(
        "smallbench check: no benchmark is called 'bcb_agent' (did you mean bcb-agent?); "
    )


def test_check_of_a_data_set_that_cannot_be_had_is_one_line(capsys) -> None:
    assert main(["check", "bcb-agent", "--dataset=none.jsonl"]) == 4
    err = capsys.readouterr().err
    assert err == "smallbench check: dataset none.jsonl: no such file or folder\n"
