"""The names that servers' tools get, and what of a config is a secret."""

from __future__ import annotations

import pytest

from pytest_smallbench.agents.mcp.beside import tool_names
from pytest_smallbench.agents.mcp.config import Server, names

LONG = "x" * 80


@pytest.mark.parametrize(
    ("own", "servers", "found"),
    [
        (["add"], {"s": ["add", "look"]}, {"s__add": ("s", "add"), "look": ("s", "look")}),
        ([], {"a": ["go"], "b": ["go"]}, {"a__go": ("a", "go"), "b__go": ("b", "go")}),
        ([], {"s": ["a.b", "c"]}, {"a_b": ("s", "a.b"), "c": ("s", "c")}),
        ([], {"s": ["a.b", "a/b"]}, {"s__a_b": ("s", "a.b"), "s__a_b_2": ("s", "a/b")}),
        ([], {"s": [LONG]}, {"x" * 64: ("s", LONG)}),
    ],
)
def test_every_tool_has_one_name_that_endpoints_take(own, servers, found):
    assert tool_names(own, servers) == found


def test_what_a_server_is_given_is_secret_unless_it_is_short():
    server = Server("s", "p", env={"A": "hunter22", "B": "on"}, headers={"C": "Bearer abcdefgh"})
    assert server.secrets == {"hunter22", "Bearer abcdefgh", "abcdefgh"}


def test_the_digest_tells_servers_apart_and_does_not_depend_on_secrets():
    first = names([Server("s", "p", env={"A": "one"})])
    assert first == names([Server("s", "p", env={"A": "two"})])
    assert first.startswith("s (")
    assert first != names([Server("s", "q", env={"A": "one"})])
