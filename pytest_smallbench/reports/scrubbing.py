"""Takes secrets out of text before it goes into a report."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Sequence

MASK = "***"
_SECRET_NAME = r"(?:key|token|secret|passw(?:or)?d|auth|credentials?)"
# --api-key=VALUE, token=VALUE, ?key=VALUE; but not max-tokens=8000 and not --task=key.
_NAMED = re.compile(rf"(?i)((?:^|[-_.?&=]){_SECRET_NAME}=)[^&\s]+")
_OPTION = re.compile(rf"(?i)--?(?:[\w-]*[-_])?{_SECRET_NAME}")
# --api-key VALUE inside one text, as in a command to run.
_SPACED = re.compile(rf"(?i)((?:^|\s)--?(?:[\w-]*[-_])?{_SECRET_NAME}\s+)(?!-)\S+")
_USER_INFO = re.compile(r"(?<=://)[^/@\s]+(?=@)")
_TOKEN_SHAPES = re.compile(r"\b(?:sk|ghp|gho|hf|xox[abp])[-_][A-Za-z0-9_-]{8,}")


def mask_values(text: str, secrets: Iterable[str]) -> str:
    """``text`` with every one of these values masked; give the longest first."""
    for secret in secrets:
        text = text.replace(secret, MASK)
    return text


def scrub(text: str, secrets: Iterable[str] = ()) -> str:
    """Masks these values, and what has the form of a password or token."""
    text = _USER_INFO.sub(MASK, mask_values(text, secrets))
    text = _NAMED.sub(rf"\1{MASK}", text)
    text = _SPACED.sub(rf"\1{MASK}", text)
    return _TOKEN_SHAPES.sub(MASK, text)


def command_line(arguments: Sequence[str], secrets: Iterable[str] = ()) -> str:
    """The command, quoted for a shell, with what looks like a secret masked."""
    secrets = tuple(secrets)
    words: list[str] = []
    hide_next = False
    for argument in arguments:
        hidden = hide_next and not argument.startswith("-")
        words.append(MASK if hidden else _quoted(scrub(argument, secrets)))
        hide_next = _OPTION.fullmatch(argument) is not None
    return " ".join(words)


def _quoted(argument: str) -> str:
    """Quoted where it must be; the mask alone, whose asterisks shlex minds, needs none."""
    return (
        argument
        if shlex.quote(argument.replace(MASK, "")) == argument.replace(MASK, "")
        else shlex.quote(argument)
    )
