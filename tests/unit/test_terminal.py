from __future__ import annotations

from dataclasses import replace

from report_samples import FACTS, outcomes, report, result

from pytest_smallbench.reports.gate import GateSettings
from pytest_smallbench.reports.shape import Group, Report
from pytest_smallbench.reports.terminal import (
    Line,
    shown_in,
    summary_lines,
    table,
    verdict_lines,
)
from pytest_smallbench.reports.verdict_line import verdict_line

SMALL = """\
agent react · model gpt-4o-mini · data set mini · sandbox process

library domain  resolved           rate  95% CI     errors
Computation     1/1  ██████████  100.0%  20.7-100.0      1
System          1/1  ██████████  100.0%  20.7-100.0
Visualization   0/1  ░░░░░░░░░░    0.0%  0.0-79.3
all             2/3  ███████░░░   66.7%  20.8-93.9       1

errors:
  1  why error (bcb-agent::T/3)
"""


def text_of(built: Report) -> str:
    return "".join(f"{line.text}\n" for line in summary_lines(built))


def verdict(built: Report) -> str:
    [line] = verdict_lines(built)
    return line.text


def test_a_small_summary() -> None:
    assert text_of(report(*outcomes(resolved=2, unresolved=1, error=1))) == SMALL


def test_without_errors_there_is_no_column_for_them() -> None:
    assert "errors" not in text_of(report(*outcomes(resolved=2, unresolved=1)))


def test_the_verdict_of_the_design() -> None:
    results = outcomes(resolved=41, unresolved=54, error=5)
    built = report(*results, gate=GateSettings(min_rate=0.4))
    built["benchmarks"]["bcb-agent"]["summary"]["cost_usd"] = 0.31
    assert verdict(built) == (
        "bcb-agent: resolved 41/95 (43.2%, 95% CI 33.7-53.2), 5 errors, 0 not run, $0.31, 2m 10s "
        "· gate: met"
    )


def test_the_verdict_names_what_is_skipped_and_why_it_is_missed() -> None:
    built = report(*outcomes(resolved=1, unresolved=1, skipped=2), gate=GateSettings(min_rate=0.9))
    assert verdict(built) == (
        "bcb-agent: resolved 1/2 (50.0%, 95% CI 9.5-90.5), 0 errors, 2 skipped, 0 not run, $0.04, "
        "2m 10s · gate: missed (resolved 50.0%, asked for 90.0%: 1 more needed)"
    )


def test_the_verdict_on_nothing() -> None:
    built = report(*[result(n, "error", cost_usd=None) for n in range(3)])
    assert verdict(built) == (
        "bcb-agent: resolved 0/0, 3 errors, 0 not run, cost unknown, 2m 10s "
        "· gate: inconclusive (nothing was graded)"
    )


def test_lost_items_are_in_the_verdict() -> None:
    built = report(result(1))
    benchmark = built["benchmarks"]["bcb-agent"]
    benchmark["summary"]["lost"] = 2
    assert ", 0 not run, 2 lost, " in verdict_line("bcb-agent", benchmark)


def test_the_verdict_has_the_colour_of_its_gate() -> None:
    def markup(min_rate: float | None, **counts: int) -> dict[str, bool]:
        [line] = verdict_lines(report(*outcomes(**counts), gate=GateSettings(min_rate=min_rate)))
        return dict(line.markup)

    assert markup(0.5, resolved=1) == {"bold": True, "green": True}
    assert markup(0.5, unresolved=1) == {"bold": True, "red": True}
    assert markup(None, error=1) == {"bold": True, "yellow": True}
    assert markup(None, resolved=1) == {"bold": True}


def test_a_whole_data_set_fits_a_screen() -> None:
    results = outcomes(resolved=500, unresolved=580, error=50, skipped=10)
    lines = summary_lines(report(*results))
    assert len(lines) < 24
    assert max(len(line.text) for line in lines) <= 80


def test_causes_are_counted_and_aligned() -> None:
    errors = [result(n, "error", reason=f"worker {n} died") for n in range(12)]
    errors.append(result(99, "error", reason="rate limit after 8 retries"))
    assert [line.text for line in summary_lines(report(*errors))][-3:] == [
        "errors:",
        "  12  worker # died (first: bcb-agent::T/0)",
        "   1  rate limit after 8 retries (bcb-agent::T/99)",
    ]


def test_other_causes_are_summed_up() -> None:
    errors = [result(n, "error", reason=chr(97 + n)) for n in range(11)]
    assert summary_lines(report(*errors))[-1].text == "  3  other reasons"


def test_unresolved_tasks_are_left_to_pytests_own_summary() -> None:
    assert "why unresolved" not in text_of(report(*outcomes(unresolved=3)))


def test_only_the_largest_groups_are_shown() -> None:
    results = [result(n, category=f"level {n % 25}") for n in range(70)]
    lines = [line.text for line in summary_lines(report(*results))]
    assert sum(line.startswith("level ") for line in lines) == 20
    assert "(5 smaller groups in the report)" in lines


def test_hostile_text_cannot_command_the_terminal() -> None:
    hostile = "\x1b]0;owned\x07\x1b[2J\x1b[1;1Hbcb-agent: resolved 95/95\r\n\u202egate: met"
    results = [
        result(1, "error", reason=hostile, category=hostile, flags=(hostile,)),
        result(2, category="plain", nodeid=f"bcb-agent::{hostile}"),
    ]
    facts = replace(FACTS, agent=hostile, abilities=lambda _: {hostile: 0.5})
    built = report(*results, facts=facts)
    for line in [*summary_lines(built), *verdict_lines(built)]:
        assert line.text == "" or line.text.isprintable()


def test_notes_abilities_and_remarks() -> None:
    facts = replace(FACTS, abilities=lambda _: {"valid_tool_calls": 0.972})
    results = [result(1, flags=("unvalidated",)), result(2, flags=("unvalidated",)), result(2)]
    assert text_of(report(*results, facts=facts)).splitlines()[2:] == [
        "remarks: unvalidated (2)",
        "abilities: valid tool calls 97.2%",
        "1 result of items that ran again: the first verdict stands, what the others cost is "
        "counted",
    ]


def test_several_benchmarks_have_a_headline_each() -> None:
    built = report(result(1), result(2, "error", benchmark="custom", nodeid="test_a.py::x"))
    lines = summary_lines(built)
    assert Line("bcb-agent", {"bold": True}) in lines
    assert Line("custom", {"bold": True}) in lines
    assert [line.text.split(":")[0] for line in verdict_lines(built)] == ["bcb-agent", "custom"]


def test_labels_may_be_longer_than_the_names() -> None:
    group: Group = {
        "resolved": 1,
        "graded": 2,
        "rate": 0.5,
        "ci95": [0.1, 0.9],
        "errors": 0,
        "mean_score": 0.75,
        "metrics": {},
    }
    assert [line.text for line in table("kind of thing", {"a": group}, group)] == [
        "kind of thing  resolved           rate  95% CI",
        "a              1/2  █████░░░░░   50.0%  10.0-90.0",
        "all            1/2  █████░░░░░   50.0%  10.0-90.0",
    ]
    scored = [line.text for line in table("kind", {"a": group}, group, "reward")]
    assert scored[0].endswith("95% CI         reward")
    assert scored[1].endswith("10.0-90.0       75.0%")


def test_a_terminal_without_utf8_gets_ascii() -> None:
    assert shown_in("ANSI_X3.4-1968")("███░ a · b") == "###. a - b"
    assert shown_in("UTF-8")("███░ a · b") == "███░ a · b"
    assert shown_in(None)("·") == "-"
