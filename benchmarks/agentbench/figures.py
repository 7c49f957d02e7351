"""AgentBench's own figures over a run: the overall score, and each environment's metric."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from pytest_smallbench.contracts import Result

from .kinds import KINDS


def figures(results: Sequence[Result]) -> dict[str, float | None]:
    """By name, None where nothing was graded:

    - overall_score: the mean over the environments of score in percent / weight
      (specification, section 0.3); gpt-4 has 4.01 over all eight;
    - substring_resolved: the share that the seed's rule resolves;
    - one for each environment, ``F1_of_kg``: the mean of its own metric, 0..1.
    """
    means = scores(results)
    graded = [result for result in results if result.outcome in ("resolved", "unresolved")]
    found = [result.metrics.get("substring_resolved", 0.0) for result in graded]
    named: dict[str, float | None] = {
        f"{kind.metric} of {key}".replace(" ", "_"): means[key]
        for key, kind in KINDS.items()
        if key in means
    }
    return {
        "overall_score": overall(means),
        "substring_resolved": _mean(found),
        **named,
    }


def remarks(results: Sequence[Result]) -> list[str]:
    """What the overall score covers."""
    covered = [key for key in KINDS if key in scores(results)]
    if not covered:
        return []
    whole = len(covered) == len(KINDS)
    which = "; web browsing is left out" if whole else f": {', '.join(covered)}"
    return [f"the AgentBench overall score is over {len(covered)} of its 8 environments{which}"]


def scores(results: Sequence[Result]) -> dict[str, float]:
    """Each environment's mean score, 0..1, over its graded attempts: what has no score, as an
    agent's own exception, counts 0; infrastructure errors are left out."""
    found: dict[str, list[float]] = defaultdict(list)
    for result in results:
        if result.category in KINDS and result.outcome in ("resolved", "unresolved"):
            found[result.category].append(result.score or 0.0)
    return {key: sum(values) / len(values) for key, values in found.items()}


def overall(means: Mapping[str, float]) -> float | None:
    """The mean of score(%) / weight over these environments."""
    return _mean([100 * mean / KINDS[key].weight for key, mean in means.items()])


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None
