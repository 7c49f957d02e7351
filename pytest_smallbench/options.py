"""Every --smallbench-* option and its ini twin, in one table.

The ini twin of ``--smallbench-agent`` is ``smallbench_agent``; the command line wins.
Values stay text until ``read`` checks them all in one place, so that a wrong value gives
the same one line wherever it came from.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from pytest_smallbench import option_values as values
from pytest_smallbench.errors import UsageMistake
from pytest_smallbench.exports import FORMATS
from pytest_smallbench.settings import Settings

Parser = Callable[[str], object]


@dataclass(frozen=True)
class Option:
    """A row of the table. ``field`` names the Settings field it fills."""

    name: str
    field: str
    help: str
    parse: Parser = str
    metavar: str | None = None
    repeatable: bool = False
    flag: bool = False

    @property
    def ini(self) -> str:
        return self.name.lstrip("-").replace("-", "_")


# fmt: off
# A table: one option a row.
# Help texts follow pytest's own manner: a capital letter, no final full stop.
OPTIONS: tuple[Option, ...] = (
    Option("--smallbench", "benchmarks", "Run these benchmarks as test suites; without paths, only these", values.names, "NAME[,NAME]"),
    Option("--smallbench-agent", "agent", "Agent: react (default), oracle, nop, solutions, another library's (dspy, langgraph, openai-agents, pydantic-ai, smolagents), package.module:factory, or cmd:PROGRAM ARGUMENT...", str, "AGENT"),
    Option("--smallbench-model", "model", "Model name for the agent (default: gpt-4o-mini)", str, "NAME"),
    Option("--smallbench-base-url", "base_url", "Any OpenAI-compatible endpoint (default: OPENAI_BASE_URL or OpenAI's own)", str, "URL"),
    Option("--smallbench-api", "api", "Protocol that the endpoint is asked in (default: chat, that is, chat completions)", values.choice("chat", "responses"), "PROTOCOL"),
    Option("--smallbench-dataset", "dataset", "Where the tasks come from: a hub id, a local file or folder, mini (bundled, bcb-agent), or generated:N[:SEED] (agentbench)", str, "SOURCE"),
    Option("--smallbench-prompt", "prompt", "Form of the task's text (default: instruct)", values.choice("instruct", "complete", "both"), "FORM"),
    Option("--smallbench-subset", "subset", "Part of the data set (default: full)", values.choice("full", "hard"), "PART"),
    Option("--smallbench-split", "split", "Split of the data set (default: all)", values.choice("all", "train", "dev", "test"), "SPLIT"),
    Option("--smallbench-category", "categories", "Only tasks of this category; may be repeated", str, "NAME", repeatable=True),
    Option("--smallbench-task", "task", "Only tasks whose id matches this glob", str, "GLOB"),
    Option("--smallbench-limit", "limit", "Only the first N of the tasks selected", values.count, "N"),
    Option("--smallbench-sample", "sample", "Draw N of the tasks by --smallbench-seed", values.count, "N"),
    Option("--smallbench-seed", "seed", "Seed of the sample (default: 0)", values.whole, "S"),
    Option("--smallbench-attempts", "attempts", "Attempts at each task, for pass@k and the flake table (default: 1)", values.count, "K"),
    Option("--smallbench-max-steps", "max_steps", "Model turns an attempt may take (default: the benchmark's)", values.count, "N"),
    Option("--smallbench-task-timeout", "task_timeout", "Seconds an attempt may take (default: the benchmark's)", values.seconds, "SECONDS"),
    Option("--smallbench-max-tokens", "max_tokens", "Tokens an attempt may use, prompt and completion together", values.count, "N"),
    Option("--smallbench-budget", "budget", "US dollars that the run may spend on model calls, over all workers", values.dollars, "USD"),
    Option("--smallbench-agent-prompt", "agent_prompt", "File with a prompt template; {problem_statement} is the task's text", values.existing_file, "FILE"),
    Option("--smallbench-mcp", "mcp", "JSON file of MCP servers ({\"mcpServers\": ...}) whose tools the agent gets beside the environment's; may be repeated", values.existing_file, "CONFIG", repeatable=True),
    Option("--smallbench-solutions", "solutions", "JSON lines of {task_id, solution} for --smallbench-agent=solutions", values.existing_file, "FILE"),
    Option("--smallbench-sandbox", "sandbox", "Where code runs (default: process)", str, "NAME"),
    Option("--smallbench-python", "python", "Interpreter of an existing environment to grade with", values.program, "PATH"),
    Option("--smallbench-base-python", "base_python", "Interpreter to build the grading environment from", values.program, "PATH"),
    Option("--smallbench-base-image", "base_image", "Image to build the docker or modal sandbox's images from, or to run in (default: a python:*-slim)", str, "IMAGE"),
    Option("--smallbench-environment", "environment", "Grading environment to build (default: reference)", values.choice("reference", "current"), "NAME"),
    Option("--smallbench-set", "values", "A benchmark's own setting, such as difficulty=easy; may be repeated", values.key_value, "KEY=VALUE", repeatable=True),
    Option("--smallbench-output", "output", "Folder for the report and trajectories (default: smallbench-results/<time>-<id>)", values.folder, "DIR"),
    Option("--smallbench-export", "export", "Also write the run in other tools' formats: atif (a file an attempt), inspect (a log a benchmark)", values.several(*FORMATS), "FORMAT[,FORMAT]"),
    Option("--smallbench-resume", "resume", "Carry on the run in this output folder: what has a verdict does not run again", values.existing_folder, "DIR"),
    Option("--smallbench-record", "record", "Folder to record every model request and answer in", values.folder, "DIR"),
    Option("--smallbench-replay", "replay", "Answer model requests from this recording: no key, no network, no cost", values.existing_folder, "DIR"),
    Option("--smallbench-min-rate", "min_rate", "Gate: the resolved rate that must be reached, 0 to 1", values.share, "RATE"),
    Option("--smallbench-max-errors", "max_errors", "Share of errors above which a run is inconclusive (default: 0.05)", values.share, "SHARE"),
    Option("--smallbench-baseline", "baseline", "A report.json of an earlier run to compare with, task by task", values.existing_file, "FILE"),
    Option("--smallbench-gate", "no_regression", "Gate: no-regression against --smallbench-baseline (default: alpha=0.05)", values.no_regression, "no-regression[,alpha=0.05]"),
    Option("--smallbench-validate", "validate", "Run each task's reference solution N times and remember which tasks can be graded here", values.count, "N"),
    Option("--smallbench-clean", "clean", "Remove what killed runs have left on container engines, say what, and exit", values.yes, flag=True),
    Option("--smallbench-list", "list", "List benchmarks, agents and sandboxes, and exit", values.yes, flag=True),
    Option("--smallbench-doctor", "doctor", "Say what is missing and the command that mends it, and exit", values.yes, flag=True),
)
# fmt: on


def add(parser: pytest.Parser) -> None:
    """Register every option and its ini twin."""
    group = parser.getgroup("smallbench", "benchmarks of language-model agents")
    for option in OPTIONS:
        kind: dict[str, Any] = {"action": "store", "metavar": option.metavar}
        if option.flag:
            kind = {"action": "store_const", "const": "true"}
        elif option.repeatable:
            kind["action"] = "append"
        group.addoption(option.name, dest=_dest(option), default=None, help=option.help, **kind)
        ini_type = "linelist" if option.repeatable else "string"
        parser.addini(option.ini, option.help, type=ini_type, default=None)  # type: ignore[arg-type]  # one of pytest's literals


def read(config: pytest.Config) -> Settings:
    """Check every value given; raises UsageMistake that names the option and what is allowed."""
    found: dict[str, Any] = {}
    for option in OPTIONS:
        given = config.getoption(_dest(option))
        origin = option.name
        if given is None:
            given, origin = config.getini(option.ini), f"ini option {option.ini}"
        if given is not None and given != "" and given != []:
            found[option.field] = _parsed(option, given, origin)
    return Settings(**found)


def _parsed(option: Option, given: str | Sequence[str], origin: str) -> object:
    if not option.repeatable:
        return _checked(option, str(given), origin)
    parsed = [_checked(option, text, origin) for text in given]
    return dict(parsed) if option.field == "values" else tuple(parsed)  # type: ignore[arg-type] # _key_value gives pairs


def _checked(option: Option, text: str, origin: str) -> object:
    try:
        return option.parse(text)
    except ValueError as allowed:
        raise UsageMistake(f"{origin}: {text!r} is not {allowed}") from None


def _dest(option: Option) -> str:
    return option.ini
