"""A comparison with a baseline, in sentences: the same for the terminal and for markdown."""

from __future__ import annotations

from collections.abc import Sequence

from pytest_smallbench.reports.formatting import clip, percent, plural
from pytest_smallbench.reports.shape import Change, Comparison, Flip

TASKS_SHOWN = 10
HASH_LENGTH = 12
VALUE_LENGTH = 60


def comparison_sentences(comparison: Comparison, tasks: int = TASKS_SHOWN) -> list[str]:
    """What there is to say, most important first; ``tasks`` are named of each direction.
    The texts hold what a baseline says of itself: uncleaned."""
    return [
        _what(comparison),
        _figures(comparison),
        _power(comparison),
        *_flips("worse", comparison["regressed"], tasks),
        *_flips("better", comparison["improved"], tasks),
    ]


def points(share: float) -> str:
    """A difference of rates, with its sign: ``-6.7``."""
    return f"{100 * share:+.1f}"


def _what(comparison: Comparison) -> str:
    baseline = comparison["baseline"]
    run = ", ".join(
        part for part in (f"run {baseline['run']}", baseline["finished"][:10]) if part.strip()
    )
    changes = ", ".join(_change(each) for each in comparison["changes"]) or "nothing else differs"
    return f"against {baseline['path']} ({run}): {changes}"


def _change(change: Change) -> str:
    length = HASH_LENGTH if change["what"] in ("commit", "agent prompt") else VALUE_LENGTH
    before, now = change["before"][:length] or "none", change["now"][:length] or "none"
    return f"{change['what']} {before} -> {now}"


def _figures(comparison: Comparison) -> str:
    alone = [
        f"{count:,} {where} only"
        for count, where in (
            (comparison["only_before"], "there"),
            (comparison["only_now"], "here"),
        )
        if count
    ]
    told = f" ({', '.join(alone)})" if alone else ""
    pairs = f"{plural(comparison['pairs'], 'task')} graded in both{told}"
    difference, bounds, p_value = (
        comparison["difference"],
        comparison["ci95"],
        comparison["p_value"],
    )
    if difference is None or bounds is None or p_value is None:
        return pairs
    return (
        f"{pairs}: {percent(comparison['rate_before'])} before, {percent(comparison['rate_now'])} "
        f"now, {points(difference)} points (95% CI {points(bounds[0])} to {points(bounds[1])}), "
        f"{comparison['test']} p {p_value:.2g} for a regression"
    )


def _power(comparison: Comparison) -> str:
    drop, alpha = comparison["detectable"], comparison["alpha"]
    if drop is None:
        return f"too few tasks to find any regression at alpha {alpha:g}"
    return (
        f"smallest drop that such a run finds with a chance of 80% at alpha {alpha:g}: "
        f"{100 * drop:.1f} points"
    )


def _flips(direction: str, flips: Sequence[Flip], shown: int) -> list[str]:
    if not flips:
        return []
    several = any(not {each["before"], each["now"]} <= {0.0, 1.0} for each in flips)
    named = [
        clip(each["task"], VALUE_LENGTH) + (_shares(each) if several else "") for each in flips
    ]
    rest = f", and {len(named) - shown:,} more" if len(named) > shown else ""
    return [f"{direction}: {plural(len(named), 'task')}: {', '.join(named[:shown])}{rest}"]


def _shares(flip: Flip) -> str:
    return f" ({100 * flip['before']:.0f}% -> {100 * flip['now']:.0f}%)"
