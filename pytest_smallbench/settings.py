"""What a run was asked to do, as plain values: the options after they were checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeAlias

PromptForm: TypeAlias = Literal["instruct", "complete", "both"]
Subset: TypeAlias = Literal["full", "hard"]
Split: TypeAlias = Literal["all", "train", "dev", "test"]


@dataclass(frozen=True)
class Settings:
    """One field an option (options.py has the table); None where the user said nothing."""

    benchmarks: tuple[str, ...] = ()
    agent: str | None = None
    model: str = "gpt-4o-mini"
    base_url: str | None = None
    api: Literal["chat", "responses"] = "chat"
    dataset: str | None = None
    prompt: PromptForm = "instruct"
    subset: Subset = "full"
    split: Split = "all"
    categories: tuple[str, ...] = ()
    task: str | None = None
    limit: int | None = None
    sample: int | None = None
    seed: int = 0
    attempts: int = 1
    max_steps: int | None = None
    task_timeout: float | None = None
    max_tokens: int | None = None
    budget: float | None = None
    mcp: tuple[Path, ...] = ()
    agent_prompt: Path | None = None
    solutions: Path | None = None
    sandbox: str = "process"
    python: str | None = None
    base_python: str | None = None
    base_image: str | None = None
    environment: Literal["reference", "current"] = "reference"
    values: Mapping[str, str] = field(default_factory=dict)
    output: Path | None = None
    export: tuple[str, ...] = ()
    resume: Path | None = None
    record: Path | None = None
    replay: Path | None = None
    min_rate: float | None = None
    max_errors: float = 0.05
    baseline: Path | None = None
    no_regression: float | None = None  # its alpha
    validate: int | None = None
    clean: bool = False
    list: bool = False
    doctor: bool = False

    @property
    def only_answers(self) -> bool:
        """Whether pytest is to answer and exit, without running anything."""
        return self.list or self.doctor or self.clean
