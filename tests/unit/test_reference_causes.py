from __future__ import annotations

import bcb_samples
import pytest
from pytest_smallbench.benchmarks.bcb_agent import reference_causes as causes
from pytest_smallbench.benchmarks.bcb_agent.records import checked_record

PLAIN = "    return sorted(set(numbers))"
ASKS = "    return requests.get(url).text"
READS = "    return nltk.word_tokenize(text)"
FAILED = "1/2 hidden tests failed: test_a ({})"


@pytest.mark.parametrize(
    ("solution", "explanation", "cause"),
    [
        (PLAIN, FAILED.format("AssertionError"), causes.TESTS),
        (PLAIN, FAILED.format("LookupError"), causes.TESTS),
        (PLAIN, FAILED.format("URLError"), causes.NETWORK),
        (PLAIN, FAILED.format("gaierror"), causes.NETWORK),
        (ASKS, FAILED.format("AssertionError"), causes.NETWORK),
        (READS, FAILED.format("LookupError"), causes.CORPORA),
        (READS, "the program raised LookupError", causes.CORPORA),
        (READS, FAILED.format("AssertionError"), causes.TESTS),
        (PLAIN, "the program raised ModuleNotFoundError", causes.LIBRARY),
        (PLAIN, "limit exceeded: wall time of 240 s", causes.TIME),
        (PLAIN, "limit exceeded: memory", causes.MEMORY),
    ],
)
def test_the_cause_follows_from_exceptions_and_code(
    solution: str, explanation: str, cause: str
) -> None:
    record = checked_record(bcb_samples.raw(canonical_solution=solution), "sample")
    assert causes.cause_of(record, explanation) == cause
    assert cause in causes.CAUSES
