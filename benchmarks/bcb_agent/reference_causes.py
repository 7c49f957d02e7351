"""Why a reference solution does not pass here: causes in a few words, few enough to count."""

from __future__ import annotations

import re
from typing import Final

from .records import Record

NETWORK: Final = "needs the network"
CORPORA: Final = "needs NLTK corpora"
LIBRARY: Final = "needs a library that cannot be imported"
TIME: Final = "takes longer than the time limit"
MEMORY: Final = "needs more than a sandbox may use"
SKIPPED: Final = "skips all its tests"
VERSIONS: Final = "needs the older libraries of the reference environment"
TESTS: Final = "its tests fail"
CAUSES: Final = (NETWORK, CORPORA, LIBRARY, TIME, MEMORY, SKIPPED, VERSIONS, TESTS)

# In this order: a missing corpus is a LookupError whatever was tried to fetch it before.
_SIGNS = (
    (TIME, re.compile(r"limit exceeded: wall time|\((?:Test)?Timeout\w*\)")),
    (MEMORY, re.compile(r"limit exceeded|\(MemoryError\)")),
    (LIBRARY, re.compile(r"\b(?:ModuleNotFoundError|ImportError)\b")),
    (NETWORK, re.compile(r"\b(?:URLError|HTTPError|gaierror|MaxRetryError|NewConnectionError"
                         r"|ConnectionError|ConnectTimeout|SSLError|SMTP\w*|NoNameservers)\b")),
)  # fmt: skip
# How code reaches for other machines, where its tests hide that it could not.
_REACHES_OUT: Final = re.compile(
    r"\brequests\.(?:get|post|head)\(|\burl(?:open|retrieve)\(|\bgethostby\w+\(|https?://"
)
_CORPUS: Final = re.compile(r"\bnltk\b|\btextblob\b")


def cause_of(record: Record, explanation: str) -> str:
    """One of ``CAUSES`` for a reference that was not resolved; ``explanation`` is the grade's.

    What the exceptions show goes first; where they show nothing, what the code reaches for.
    """
    if _CORPUS.search(record.reference_solution) and re.search(
        r"\b(?:LookupError|MissingCorpusError)\b", explanation
    ):
        return CORPORA
    for cause, signs in _SIGNS:
        if signs.search(explanation):
            return cause
    return NETWORK if _REACHES_OUT.search(record.reference_solution) else TESTS
