"""``report.md``: the finished report for people, as GitHub shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import quote

from pytest_smallbench.reports.attempts_text import attempts_sentences
from pytest_smallbench.reports.causes import causes
from pytest_smallbench.reports.comparison_text import comparison_sentences
from pytest_smallbench.reports.files import ReportFile
from pytest_smallbench.reports.formatting import clip, interval, money, percent, plural
from pytest_smallbench.reports.shape import (
    BenchmarkReport,
    Group,
    Paired,
    Report,
    ResultRecord,
    Resumed,
    Run,
    Tokens,
)
from pytest_smallbench.reports.untrusted import code, markdown
from pytest_smallbench.reports.verdict_line import ability_words, total_group, verdict_line

CAUSES_SHOWN = 10
UNRESOLVED_SHOWN = 20
REASON_LENGTH = 300


class MarkdownFile(ReportFile):
    name = "report.md"

    def render(self, report: Report) -> str:
        return markdown_report(report)


def markdown_report(report: Report) -> str:
    """The whole document: what each benchmark came to, and how the run was made."""
    parts = ["# Benchmark report"]
    for name, benchmark in report["benchmarks"].items():
        results = [each for each in report["results"] if each["benchmark"] == name]
        parts += _benchmark(name, benchmark, results)
    if not report["benchmarks"]:
        parts.append("No task was collected.")
    parts += ["## Run", _facts(_run_facts(report["run"]))]
    return "\n\n".join(part for part in parts if part) + "\n"


def _benchmark(name: str, benchmark: BenchmarkReport, results: Sequence[ResultRecord]) -> list[str]:
    groups, labels = benchmark["groups"], benchmark["labels"]
    total, score = total_group(benchmark), labels.get("score", "")
    return [
        f"## {markdown(name)}",
        f"**{markdown(verdict_line(name, benchmark))}**",
        *[f"- {markdown(note)}" for note in benchmark["notes"]],
        _comparison(benchmark),
        _facts(_benchmark_facts(benchmark)),
        _table(
            f"### By {labels['category']}", labels["category"], groups["category"], total, score
        ),
        _table(f"### By {labels['form']}", labels["form"], groups["form"], total, score),
        _paired(groups["paired"]),
        _attempts(benchmark),
        _causes("### Errors", results, "error"),
        _causes("### Why tasks were skipped", results, "skipped"),
        _causes("### Why tasks were not run", results, "not_run"),
        _causes("### Why tasks were unresolved", results, "unresolved"),
        _unresolved(results),
        _flags(results),
        _missing(benchmark["missing"]),
        _folded_table(labels["tag"], groups["tag"]),
    ]


def _comparison(benchmark: BenchmarkReport) -> str:
    """The comparison with a baseline; every task that flipped is named."""
    found = benchmark["comparison"]
    if found is None:
        return ""
    sentences = comparison_sentences(found, tasks=len(found["regressed"] + found["improved"]))
    return "\n".join(["### Comparison", "", *(f"- {markdown(text)}" for text in sentences)])


def _attempts(benchmark: BenchmarkReport) -> str:
    """pass@k and pass^k, and the flake table."""
    told, flaky = attempts_sentences(benchmark, tasks=0), benchmark["flaky"]
    if not told:
        return ""
    rows = [f"| {markdown(each['task'])} | {each['resolved']}/{each['graded']} |" for each in flaky]
    table = ["", "| flaky task | resolved |", "|---|--:|", *rows] if rows else []
    return "\n".join(["### Attempts", "", *(f"- {markdown(text)}" for text in told), *table])


def _tokens(tokens: Tokens) -> str:
    prompt, completion, cached = tokens["prompt"], tokens["completion"], tokens["cached"]
    if prompt is None or completion is None or cached is None:
        return "unknown"
    share = percent(cached / prompt if prompt else 0.0)
    return f"{prompt:,} prompt ({share} cached), {completion:,} completion"


def _benchmark_facts(benchmark: BenchmarkReport) -> dict[str, str]:
    summary, dataset = benchmark["summary"], benchmark["dataset"]
    prompt = benchmark["agent_prompt"]
    each = summary["cost_per_resolved_usd"]
    source = " at ".join(part for part in (dataset["source"], dataset["revision"]) if part)
    cost = money(summary["cost_usd"]) + (f" ({money(each)} a resolved task)" if each else "")
    return {
        "agent": code(benchmark["agent"]),
        "model": code(benchmark["model"] or ""),
        "agent prompt": code(prompt["file"]) if prompt else "",
        "MCP servers": code(benchmark.get("mcp_servers", "")),
        "data set": code(source),
        "selection": markdown(dataset["selection"]),
        "sandbox": code(benchmark["environment"]["sandbox"]),
        "grading environment": code(benchmark["environment"]["fingerprint"]),
        "grader version": code(benchmark["grader_version"]),
        "tokens": _tokens(summary["tokens"]),
        "cost": cost,
        benchmark["labels"]["abilities"]: markdown(", ".join(ability_words(summary["abilities"]))),
    }


def _run_facts(run: Run) -> dict[str, str]:
    git, host = run["git"], run["host"]
    memory = f", {host['memory'] / 2**30:.1f} GiB" if host["memory"] else ""
    changed = ", with changes" if git and git["dirty"] else ""
    return {
        "id": code(run["id"]),
        "command": code(run["command"]),
        "started": run["started"],
        "finished": run["finished"],
        "stopped": markdown(run["stopped"]),
        "resumed": _resumed(run.get("resumed")),
        "seed": str(run["seed"]),
        "workers": str(run["workers"] or "none, one process"),
        "host": plural(host["cpus"], "core") + memory,
        "versions": ", ".join(f"{name} {number}" for name, number in run["versions"].items()),
        "commit": code(git["commit"]) + changed if git else "",
    }


def _resumed(resumed: Resumed | None) -> str:
    if resumed is None:
        return ""
    again = (
        f"; {plural(resumed['cut_short'], 'attempt')} cut short ran again "
        f"({money(resumed['cost_usd'])} more)"
        if resumed["cut_short"]
        else ""
    )
    parts = plural(resumed["parts"], "part")
    return f"in {parts}, {resumed['carried']:,} attempts done before the last{again}"


def _facts(facts: Mapping[str, str]) -> str:
    """A list, not a table: commands and reasons may hold the sign that parts table cells."""
    return "\n".join(f"- {name}: {value}" for name, value in facts.items() if value)


def _table(
    title: str, label: str, groups: Mapping[str, Group], total: Group | None, score: str = ""
) -> str:
    """Empty for less than two groups: one group says nothing that the verdict does not.
    ``score`` heads a column of mean scores; empty: there is none."""
    if len(groups) < 2:
        return ""
    rows = [_row(markdown(name), group, bool(score)) for name, group in groups.items()]
    if total is not None:
        rows.append(_row("**all**", total, bool(score)))
    scored = (f" {markdown(score)} |", "--:|") if score else ("", "")
    head = (
        f"| {markdown(label)} | resolved | rate | 95% CI |{scored[0]} errors |\n"
        f"|---|--:|--:|--:|{scored[1]}--:|"
    )
    return "\n".join([*([title, ""] if title else []), head, *rows])


def _row(name: str, group: Group, scored: bool = False) -> str:
    counted = f"{group['resolved']:,}/{group['graded']:,}"
    bounds = interval(group["ci95"])
    score = f" {percent(group['mean_score'])} |" if scored else ""
    rate = percent(group["rate"])
    return f"| {name} | {counted} | {rate} | {bounds} |{score} {group['errors']:,} |"


def _folded_table(label: str, groups: Mapping[str, Group]) -> str:
    table = _table("", label, groups, None)
    summary = f"<summary>By {markdown(label)} ({len(groups)})</summary>"
    return f"<details>{summary}\n\n{table}\n\n</details>" if table else ""


def _paired(paired: Paired | None) -> str:
    if paired is None:
        return ""
    first, second = paired["forms"]
    lead = f"{100 * paired['difference']:+.1f}"
    return (
        f"Of {plural(paired['pairs'], 'task')} graded in both forms, {paired['both']:,} were "
        f"resolved in both and {paired['neither']:,} in neither, "
        f"{len(paired['only'][first]):,} as {markdown(first)} only and "
        f"{len(paired['only'][second]):,} as {markdown(second)} only: "
        f"{markdown(first)} less {markdown(second)} is {lead} points."
    )


def _causes(title: str, results: Sequence[ResultRecord], outcome: str) -> str:
    found = causes(results, outcome)
    if not found:
        return ""
    lines = [
        f"- **{cause.count:,}** {code(clip(cause.text, REASON_LENGTH))}, "
        + ("first: " if cause.count > 1 else "")
        + _linked(cause.first)
        for cause in found[:CAUSES_SHOWN]
    ]
    rest = sum(cause.count for cause in found[CAUSES_SHOWN:])
    if rest:
        lines.append(f"- **{rest:,}** other reasons")
    return "\n".join([title, "", *lines])


def _unresolved(results: Sequence[ResultRecord]) -> str:
    found = [each for each in results if each["outcome"] == "unresolved"]
    if not found:
        return ""
    rest = len(found) - UNRESOLVED_SHOWN
    title = "### Unresolved tasks" + (
        f" (first {UNRESOLVED_SHOWN} of {len(found):,})" if rest > 0 else ""
    )
    lines = [
        f"- {_linked(each)}: {code(clip(each['reason'], REASON_LENGTH))}"
        for each in found[:UNRESOLVED_SHOWN]
    ]
    return "\n".join([title, "", *lines])


def _flags(results: Sequence[ResultRecord]) -> str:
    """Remarks such as ``suspicious: ctypes``, with the tasks they were made on."""
    marked: dict[str, list[ResultRecord]] = {}
    for result in results:
        for flag in result["flags"]:
            marked.setdefault(flag, []).append(result)
    lines = [
        f"- {code(flag)}: {plural(len(found), 'task')}, "
        + ", ".join(_linked(each) for each in found[:3])
        + (", ..." if len(found) > 3 else "")
        for flag, found in sorted(marked.items())
    ]
    return "\n".join(["### Remarks", "", *lines]) if lines else ""


def _missing(missing: Sequence[str]) -> str:
    if not missing:
        return ""
    shown = ", ".join(code(nodeid) for nodeid in missing[:UNRESOLVED_SHOWN])
    rest = ", ..." if len(missing) > UNRESOLVED_SHOWN else ""
    return f"### No result\n\n{plural(len(missing), 'item')} sent no result: {shown}{rest}"


def _linked(result: ResultRecord) -> str:
    """The item, linked to its trajectory. File names hold percent signs, which a link
    must encode once more."""
    text = code(result["nodeid"])
    return f"[{text}]({quote(result['trajectory'])})" if result["trajectory"] else text
