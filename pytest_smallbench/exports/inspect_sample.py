"""An attempt as a sample of an inspect log: an attempt's number is there an epoch."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from pytest_smallbench.exports.attempt import Attempt
from pytest_smallbench.exports.conversation import Remark
from pytest_smallbench.exports.inspect_events import (
    NO_MODEL,
    error_of,
    events,
    limit_of,
    output,
    usage,
)
from pytest_smallbench.exports.inspect_messages import Messages
from pytest_smallbench.exports.plain import filled, moment
from pytest_smallbench.reports.plain import usage_of
from pytest_smallbench.reports.shape import ResultRecord

RESOLVED, SCORE = "resolved", "score"  # the two scorers: the verdict, and its shade
VERDICTS = {"resolved": "C", "unresolved": "I"}  # as inspect writes correct and incorrect
ENDED = {"error": "", "not_run": "not run: "}  # outcomes that are there an error, and how told
UNTOLD = ("task_id", "attempt", "agent_output", "expected_output", "score", "tokens")
Fields = dict[str, Any]


def sample_ids(results: Sequence[ResultRecord]) -> dict[str, str]:
    """Names for the tasks of one benchmark, by item: the task's own id, with its form where
    there are several; an id and an epoch must occur once in a log."""
    several = len({each["form"] for each in results}) > 1
    found, taken = {}, set()
    for each in results:
        name = f"{each['task_id']}[{each['form']}]" if several and each["form"] else each["task_id"]
        name = each["nodeid"] if (name, each["attempt"]) in taken else name
        taken.add((name, each["attempt"]))
        found[each["nodeid"]] = name
    return found


def sample(attempt: Attempt, sample_id: str) -> Fields:
    record, result = attempt.record, attempt.result
    unique = hashlib.sha256(attempt.id.encode("utf-8", "replace")).hexdigest()[:22]
    messages = Messages(record, attempt.model or NO_MODEL, unique)
    task, scores = _task(attempt, sample_id), scores_of(result)
    return {
        **task,
        "epoch": result["attempt"],
        "messages": messages.history(),
        "output": _output(attempt, messages),
        "scores": scores,
        "events": events(attempt, messages, unique, task, scores),
        "events_data": {"messages": messages.all, "calls": []},
        "model_usage": model_usage(attempt.model, result),
        "total_time": result["duration_s"],
        "uuid": unique,
        "turn_count": len(record.replies),
        **filled(
            started_at=moment(record.began),
            completed_at=moment(record.ended),
            error=_error(result),
            limit=_limit(attempt),
            token_limit=record.limit("max_tokens"),
            time_limit=record.limit("timeout_s"),
        ),
    }


def scores_of(result: ResultRecord) -> Fields:
    """None of an attempt without a verdict: an error is not wrong."""
    value = VERDICTS.get(result["outcome"])
    if value is None:
        return {}
    said = {"answer": result["agent_output"], "explanation": result["reason"]}
    found: Fields = {RESOLVED: {"value": value, **said, "metadata": {"flags": result["flags"]}}}
    if result["score"] is not None:
        found[SCORE] = {"value": result["score"], **said}
    return found


def model_usage(model: str | None, result: ResultRecord) -> Fields:
    used = usage_of(result["tokens"])
    return {model: usage(used, result["cost_usd"])} if model and used.total else {}


def _task(attempt: Attempt, sample_id: str) -> Fields:
    return {
        "id": sample_id,
        "input": attempt.record.statement,
        "target": attempt.result["expected_output"] or "",
        "metadata": _metadata(attempt),
    }


def _metadata(attempt: Attempt) -> Fields:
    """What the format has no place for; ``note`` says where the record is not whole."""
    rest = {name: value for name, value in attempt.result.items() if name not in UNTOLD}
    return {
        **rest,
        "limits": attempt.record.start.get("limits"),
        **filled(note=attempt.record.note or None),
    }


def _output(attempt: Attempt, messages: Messages) -> Fields:
    """The last reply; where no model of ours was asked, the work that was graded."""
    replies = attempt.record.replies
    if replies:
        last = replies[-1]
        return output(messages.all[last.index], last, attempt.model or NO_MODEL)
    return {"model": NO_MODEL, "choices": [], "completion": attempt.result["agent_output"]}


def _error(result: ResultRecord) -> Fields | None:
    told = ENDED.get(result["outcome"])
    return None if told is None else error_of(told + result["reason"])


def _limit(attempt: Attempt) -> Fields | None:
    remarks = [each for each in attempt.record.entries if isinstance(each, Remark)]
    found = (limit_of(attempt, each.text.partition(": ")[2]) for each in remarks)
    return next((each for each in found if each is not None), None)
