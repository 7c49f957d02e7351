"""The whole page: the template filled with the report, and a policy that lets it load nothing.

Every text goes through the template's escaping or into inert JSON; the script puts texts into
the page as text only. Should a hole be found in that, the policy runs no script but ours.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from pytest_smallbench.reports.attempts_text import attempts_sentences
from pytest_smallbench.reports.causes import Cause, causes
from pytest_smallbench.reports.comparison_text import comparison_sentences
from pytest_smallbench.reports.formatting import (
    duration,
    interval,
    money,
    percent,
    plural,
    token_words,
)
from pytest_smallbench.reports.html.charts import charts
from pytest_smallbench.reports.html.embedding import embed
from pytest_smallbench.reports.html.rows import rows
from pytest_smallbench.reports.shape import BenchmarkReport, Report, ResultRecord, Run
from pytest_smallbench.reports.untrusted import one_line
from pytest_smallbench.reports.verdict_line import ability_words, verdict_line

SCRIPTS = ("parts.js", "reader.js", "table.js", "main.js")  # in this order, as one
FLIPS_SHOWN = 100


def page(report: Report, folder: Path) -> str:
    """``folder`` is where ``trajectories/`` lies."""
    embedded = list(embed(folder, report["results"]))
    templates = Environment(
        loader=PackageLoader("pytest_smallbench.reports.html"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters["one_line"] = one_line
    script = "\n".join(_source(templates, name) for name in SCRIPTS)
    return templates.get_template("report.html").render(
        title=", ".join(report["benchmarks"]) or "no task",
        policy=_policy(script),
        style=_source(templates, "report.css"),
        script=script,
        benchmarks=[_benchmark(name, report) for name in report["benchmarks"]],
        run=_run_facts(report["run"]),
        rows=rows(report, [each.absence for each in embedded]),
        packed=[each.packed for each in embedded],
    )


def _source(templates: Environment, name: str) -> str:
    """A file of ours as it is: no template."""
    assert templates.loader is not None
    return templates.loader.get_source(templates, name)[0]


def _policy(script: str) -> str:
    """Nothing is loaded from anywhere, and no script runs but this one. Style may be inline:
    pygal's is, and without anything to load it can do no harm."""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return (
        f"default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'; "
        "base-uri 'none'; form-action 'none'"
    )


def _benchmark(name: str, report: Report) -> dict[str, Any]:
    benchmark = report["benchmarks"][name]
    results = [each for each in report["results"] if each["benchmark"] == name]
    comparison, label = benchmark["comparison"], benchmark["labels"]["category"]
    return {
        "name": name,
        "verdict": verdict_line(name, benchmark),
        "gate": benchmark["gate"],
        "figures": _figures(benchmark),
        "notes": benchmark["notes"],
        "compared": comparison_sentences(comparison, FLIPS_SHOWN) if comparison else [],
        "attempts": attempts_sentences(benchmark),
        "facts": _facts(benchmark),
        "charts": charts(label, benchmark["groups"]["category"], results),
        "causes": _causes(results),
        "missing": benchmark["missing"],
    }


def _figures(benchmark: BenchmarkReport) -> list[tuple[str, str, str]]:
    """The large numbers: (what, value, beside it)."""
    summary = benchmark["summary"]
    each = summary["cost_per_resolved_usd"]
    left = [f"{plural(summary['errors'], 'error')}", f"{summary['not_run']:,} not run"]
    left += [f"{summary['skipped']:,} skipped"] if summary["skipped"] else []
    left += [f"{summary['lost']:,} lost"] if summary["lost"] else []
    bounds = f"95% CI {interval(summary['ci95'])}" if summary["ci95"] else "nothing graded"
    return [
        ("resolved rate", percent(summary["resolved_rate"]), bounds),
        ("resolved", f"{summary['resolved']:,}/{summary['graded']:,}", ", ".join(left)),
        ("cost", money(summary["cost_usd"]), f"{money(each)} a resolved task" if each else ""),
        ("time", duration(summary["duration_s"]), plural(summary["tasks"], "attempt")),
    ]


def _facts(benchmark: BenchmarkReport) -> list[tuple[str, str]]:
    summary, dataset = benchmark["summary"], benchmark["dataset"]
    prompt = benchmark["agent_prompt"]
    facts = [
        ("agent", benchmark["agent"]),
        ("model", benchmark["model"] or ""),
        ("agent prompt", prompt["file"] if prompt else ""),
        ("MCP servers", benchmark.get("mcp_servers", "")),
        ("data set", " at ".join(filter(None, (dataset["source"], dataset["revision"])))),
        ("selection", dataset["selection"]),
        ("sandbox", benchmark["environment"]["sandbox"]),
        ("grading environment", benchmark["environment"]["fingerprint"]),
        ("grader version", benchmark["grader_version"]),
        ("tokens", token_words(summary["tokens"])),
        ("abilities", ", ".join(ability_words(summary["abilities"]))),
    ]  # fmt: skip
    return [(name, one_line(value)) for name, value in facts if value]


def _run_facts(run: Run) -> list[tuple[str, str]]:
    git = run["git"]
    facts = [
        ("id", run["id"]),
        ("command", run["command"]),
        ("started", run["started"]),
        ("finished", run["finished"]),
        ("stopped", run["stopped"]),
        ("seed", str(run["seed"])),
        ("workers", str(run["workers"] or "none, one process")),
        ("versions", ", ".join(f"{name} {number}" for name, number in run["versions"].items())),
        ("commit", git["commit"] + (", with changes" if git["dirty"] else "") if git else ""),
    ]
    return [(name, one_line(value)) for name, value in facts if value]


def _causes(results: Sequence[ResultRecord]) -> list[tuple[str, list[Cause]]]:
    titles = {
        "error": "Errors",
        "skipped": "Why tasks were skipped",
        "not_run": "Why tasks were not run",
        "unresolved": "Why tasks were unresolved",
    }
    found = [(title, causes(results, outcome)) for outcome, title in titles.items()]
    return [(title, each) for title, each in found if each]
