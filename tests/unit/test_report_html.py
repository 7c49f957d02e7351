"""What report.html is made of: steps, rows, charts, trajectories inside the page."""

from __future__ import annotations

import base64
import json
import zlib
from pathlib import Path
from typing import Any

import pytest
from html_samples import HOSTILE, many, run, trajectory
from report_samples import report, result

from pytest_smallbench.reports.html.charts import charts
from pytest_smallbench.reports.html.embedding import embed
from pytest_smallbench.reports.html.file import HtmlFile
from pytest_smallbench.reports.html.reading import TEXT_LENGTH, steps
from pytest_smallbench.reports.html.rows import rows
from pytest_smallbench.trajectory import read_events


def test_steps_are_replies_with_the_calls_that_came_of_them(tmp_path: Path) -> None:
    trajectory(tmp_path / "a.jsonl")
    found = steps(read_events(tmp_path / "a.jsonl"))
    assert [each["title"] for each in found] == ["Start", "Step 1", "Step 2", "Verdict"]
    assert found[1]["bill"] == "1,204 + 33 tokens, $0.0002"
    kinds = [each["kind"] for each in found[1]["entries"]]
    assert kinds == ["reply", "call", "observation", "change", "change", "message"]


def test_what_was_written_again_is_shown_as_a_difference(tmp_path: Path) -> None:
    trajectory(tmp_path / "a.jsonl")
    found = steps(read_events(tmp_path / "a.jsonl"))
    change = next(each for each in found[2]["entries"] if each["title"] == "solution.py changed")
    assert change["text"].splitlines()[1:] == [" def f():", "-    return 1", "+    return 2"]


@pytest.mark.parametrize(
    "event", [1, {}, {"kind": "call"}, {"kind": "response", "data": {"usage": 1}},
              {"kind": "grade", "data": {"score": float("nan")}}, {"kind": "odd", "data": [1]},
              {"kind": "observation", "time": "x", "data": {"changed": {"a": 1, "b": None}}}]
)  # fmt: skip
def test_an_event_of_another_shape_is_no_error(event: Any) -> None:
    assert json.dumps(steps([event]), allow_nan=False)


def test_a_long_text_is_cut_and_says_so() -> None:
    [step] = steps([{"kind": "error", "data": {"message": "x" * (TEXT_LENGTH + 7)}}])
    assert step["entries"][0]["text"].endswith("\n... 7 more characters")


def test_a_trajectory_travels_deflated(tmp_path: Path) -> None:
    built = run(tmp_path, result(0))
    [found] = embed(tmp_path, built["results"])
    unpacked = json.loads(zlib.decompress(base64.b64decode(found.packed)))
    assert unpacked == steps(read_events(tmp_path / built["results"][0]["trajectory"]))


@pytest.mark.parametrize(
    "name", ["../secret.jsonl", "secret.jsonl", "trajectories/../secret.jsonl"]
)
def test_no_other_file_gets_into_the_page(tmp_path: Path, name: str) -> None:
    (tmp_path / "run" / "trajectories").mkdir(parents=True)
    for folder in (tmp_path, tmp_path / "run"):
        trajectory(folder / "secret.jsonl", "secret")
    [found] = embed(tmp_path / "run", report(result(0, trajectory=name))["results"])
    assert found.packed == ""
    assert found.absence == f"there is no file {name} beside this report"


def test_values_that_json_does_not_know_are_left_out() -> None:
    odd = report(result(0, score=float("nan"), cost_usd=float("inf")))
    [row] = rows(odd, [""])
    assert row["cost"] is None
    assert dict(row["facts"]).get("score") is None


def test_each_chart_says_in_words_what_it_shows() -> None:
    built = report(*many(40))
    groups = built["benchmarks"]["bcb-agent"]["groups"]["category"]
    found = charts("library domain", groups, built["results"])
    assert len(found) == 3
    assert found[0].alternative.startswith("Network 100.0% (")
    assert all("<script" not in chart.svg for chart in found)


def test_nothing_graded_has_no_chart() -> None:
    assert charts("category", {}, report(result(0, "error"))["results"]) == []


def test_hostile_text_is_never_markup(tmp_path: Path) -> None:
    built = run(tmp_path, result(0, "error", reason=HOSTILE, category=HOSTILE), text=HOSTILE)
    written = HtmlFile(tmp_path).render(built)
    assert HOSTILE[:17] not in written
    assert "<img" not in written
    assert written.count("</script>") == 3  # rows, one trajectory, ours


def test_equal_reports_are_equal_pages(tmp_path: Path) -> None:
    built = run(tmp_path, *many(8))
    assert HtmlFile(tmp_path).render(built) == HtmlFile(tmp_path).render(built)


def test_a_page_that_cannot_be_made_costs_nothing_else(tmp_path: Path) -> None:
    file = HtmlFile(tmp_path)
    file.pytest_smallbench_report(report={"schema": "broken"})
    assert not file.written
    assert "report.html could not be written: KeyError" in file.problem
