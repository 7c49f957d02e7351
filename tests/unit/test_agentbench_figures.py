"""The overall score and each environment's own metric."""

from __future__ import annotations

import pytest
from pytest_smallbench.benchmarks.agentbench.figures import figures, overall, remarks
from pytest_smallbench.benchmarks.agentbench.kinds import KINDS
from report_samples import result

# GPT-4's row of the paper's table 3, in percent; its published overall score over all eight
# environments, web browsing (29.0 / 11.6) included, is 4.01.
GPT4 = {"os": 42.4, "db": 32.0, "kg": 58.8, "card": 74.5, "lateral": 16.6, "house": 78.0}
GPT4 |= {"web": 61.1}


def attempt(environment, score, outcome="unresolved", **metrics):
    return result(0, outcome, category=environment, score=score, metrics=metrics)


def test_the_weights_give_the_papers_overall_score():
    seven = overall({key: percent / 100 for key, percent in GPT4.items()})
    assert (7 * seven + 29.0 / 11.6) / 8 == pytest.approx(4.01, abs=0.005)


def test_each_environments_metric_is_the_mean_of_its_scores():
    found = figures([attempt("kg", 0.5), attempt("kg", 1.0, "resolved"), attempt("os", 0.0)])
    assert found["F1_of_kg"] == 0.75
    assert found["success_rate_of_os"] == 0.0
    assert found["overall_score"] == pytest.approx((75 / 13.9 + 0) / 2)
    assert "reward_of_web" not in found


def test_an_error_is_left_out_and_an_agents_own_exception_counts_0():
    found = figures([attempt("kg", None, "error"), attempt("kg", None), attempt("kg", 1.0)])
    assert found["F1_of_kg"] == 0.5


def test_the_seeds_rule_has_a_rate_of_its_own():
    found = figures([attempt("kg", 0.0, substring_resolved=1.0), attempt("kg", 0.0)])
    assert found["substring_resolved"] == 0.5


def test_nothing_graded_has_no_figures():
    assert figures([attempt("kg", None, "error")])["overall_score"] is None
    assert remarks([attempt("kg", None, "error")]) == []


def test_it_is_said_what_the_score_covers():
    (some,) = remarks([attempt("kg", 1.0), attempt("db", 1.0), attempt("general", 1.0)])
    assert some.endswith("is over 2 of its 8 environments: db, kg")
    (every,) = remarks([attempt(key, 1.0) for key in KINDS])
    assert "web browsing is left out" in every
