"""Whose doing a failed request is: the agent's, the endpoint's, or the set-up's.

    context too long, refused content, a call that the endpoint could not parse  Unresolved
    rate limit, 5xx, time-out, connection, an answer that is none                ModelError
    401, 402, 403, 404, a form refused on the first turn, no credit              ModelMisconfigured

A request refused for its form (400, 422) on a later turn is a ModelError: the endpoint has
taken this conversation before, so the set-up is right and the run goes on.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pytest_smallbench.errors import (
    ModelError,
    ModelMisconfigured,
    SmallbenchError,
    Unresolved,
)

PROBLEM_HEADER = "x-smallbench-problem"
"""Set on a response by our own transport hook where a 200 was no answer: why."""

NO_CREDIT = frozenset({"insufficient_quota", "billing_not_active", "billing_hard_limit_reached"})
_TOO_LONG = re.compile(
    r"context[ _](length|window|size)|maximum context|prompt is too long|input is too long"
    r"|too many (input )?tokens|reduce the length of the (messages|input|prompt)",
    re.IGNORECASE,
)
_REFUSED = re.compile(
    r"content[ _](management )?(filter|policy)|responsible_?ai|usage polic|safety system"
    r"|moderation|was flagged|content exists risk|invalid_prompt",
    re.IGNORECASE,
)
_UNPARSED_CALL = "tool_use_failed"
_SECRETS = (
    re.compile(r"\b(sk|pk|rk|key|gsk|xai|hf|ghp|AIza)[-_][\w*.\-]{4,}"),
    re.compile(r"(?i)\bbearer\s+\S+"),
    re.compile(r"(?i)\b(api[-_ ]?key|token|secret|password)(\s*(?:provided)?\s*[:=]\s*)\S+"),
    re.compile(r"(?<=://)[^/\s@]+@"),
    re.compile(r"\b(?=\w*\d)(?=\w*[A-Za-z])\w{28,}\b"),
)


@dataclass(frozen=True)
class Attempted:
    """What was asked of whom: ``tries`` counts all, ``first_turn`` is before any answer."""

    model: str
    address: str
    tries: int
    timeout_s: float
    first_turn: bool
    secrets: Sequence[str] = ()
    kind: str = "chat completion"


def scrub(text: str, secrets: Sequence[str] = ()) -> str:
    """One line of at most 300 characters, without anything that looks like a secret."""
    for secret in secrets:
        text = text.replace(secret, "[secret]") if secret else text
    for pattern in _SECRETS:
        text = pattern.sub("[secret]", text)
    return " ".join(text.split())[:300]


def translate(error: Exception, attempted: Attempted) -> SmallbenchError:
    """Our own exception for one of the ``openai`` package's, as one line that says what to do."""
    status = getattr(error, "status_code", None)
    if not isinstance(status, int):
        return ModelError(_no_answer(error, attempted))
    code = f"{getattr(error, 'code', None) or ''} {getattr(error, 'type', None) or ''}"
    said = scrub(_said(error), attempted.secrets)
    return (
        _agents_doing(status, code, said)
        or _set_ups_doing(status, code, said, attempted)
        or ModelError(_failed(error, status, said, attempted))
    )


def _agents_doing(status: int, code: str, said: str) -> Unresolved | None:
    if status not in (400, 403, 413, 422, 500):
        return None
    text = f"{code} {said}"
    if _TOO_LONG.search(text) or (status == 413 and "rate_limit" not in code):
        return Unresolved("context length exceeded")
    if _REFUSED.search(text):
        return Unresolved(f"model refused: {said}")
    if _UNPARSED_CALL in code:
        return Unresolved("the model wrote a tool call that the endpoint could not parse")
    return None


def _set_ups_doing(
    status: int, code: str, said: str, attempted: Attempted
) -> ModelMisconfigured | None:
    model, address = attempted.model, attempted.address
    if status == 402 or NO_CREDIT & set(code.split()):
        advice = f"no credit left at {address}: add credit, or set OPENAI_API_KEY to another key"
    elif status == 401:
        advice = f"{address} refused the key (401): set OPENAI_API_KEY to a valid one"
    elif status == 403:
        advice = f"{address} denied access (403): use a key that may use {model}"
    elif status == 404:
        advice = (
            f"{address} has no such model or path (404): check --smallbench-model and "
            f"--smallbench-base-url (most end in /v1; asked for a {attempted.kind})"
        )
    elif status in (400, 422) and attempted.first_turn:
        advice = (
            f"{address} refused the request's form ({status}): choose a model and endpoint "
            f"that take {attempted.kind}s with tools"
        )
    else:
        return None
    return ModelMisconfigured(f"model {model}: {advice}; it said: {said}")


def _no_answer(error: Exception, attempted: Attempted) -> str:
    if "Timeout" in type(error).__name__:
        what = f"no answer within {attempted.timeout_s:g} s"
    else:
        cause = error.__cause__ or error
        what = f"no connection ({scrub(str(cause) or type(cause).__name__, attempted.secrets)})"
    return f"model {attempted.model}: {what} from {attempted.address} in {attempted.tries} tries"


def _failed(error: Exception, status: int, said: str, attempted: Attempted) -> str:
    response = getattr(error, "response", None)
    problem = response.headers.get(PROBLEM_HEADER) if response is not None else None
    what = problem or (f"rate limited ({status})" if status == 429 else f"status {status}")
    tries = attempted.tries if status in (408, 409, 429) or status >= 500 else 1
    said = "" if problem else f"; it said: {said}"
    return f"model {attempted.model}: {what} from {attempted.address} in {tries} tries{said}"


def _said(error: Exception) -> str:
    """The server's own words, without the status and the JSON around them."""
    body = getattr(error, "body", None)
    message = body.get("message") if isinstance(body, dict) else None
    return str(message or getattr(error, "message", "") or error)
