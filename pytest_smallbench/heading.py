"""What a run's header says: what runs, of what, by whom, and where to."""

from __future__ import annotations

from collections.abc import Iterable

from pytest_smallbench.controller import Controller


def heading(controller: Controller, names: Iterable[str]) -> list[str]:
    """A line for each of these benchmarks, then those of the run as a whole."""
    lines = [_benchmark(controller, name) for name in names]
    lines += _run(controller)
    return [f"smallbench: {line}" for line in lines]


def _benchmark(controller: Controller, name: str) -> str:
    settings, plan = controller.settings, controller.plan.benches[name]
    count = len(plan.index.entries)
    solver = "the reference solutions" if settings.validate else controller.agents[name]
    return (
        f"{name}: {count} task{'s' if count != 1 else ''} of {plan.index.source} "
        f"({plan.index.selection}){_each(plan.attempts)}, agent {solver}, "
        f"sandbox {plan.sandbox(settings.sandbox)}"
    )


def _run(controller: Controller) -> list[str]:
    lines, plan, earlier = [], controller.plan, controller.earlier
    if controller.settings.replay is not None:
        lines.append(f"model answers are replayed from {controller.settings.replay}")
    if earlier is not None:
        lines.append(
            f"part {earlier.parts} of run {plan.run_id}: {len(earlier.done):,} done before"
        )
    if plan.output:
        lines.append(f"output in {plan.output}")
    return lines


def _each(attempts: int) -> str:
    return f", {attempts} attempts each" if attempts > 1 else ""
