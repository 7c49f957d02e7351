"""An adapter is thin: what a library's agent needs to act here, and nothing else."""

from __future__ import annotations

import ast
import io
import tokenize
from pathlib import Path

import pytest

from pytest_smallbench import adapters
from pytest_smallbench.adapters import ADAPTERS

FOLDER = Path(adapters.__file__).parent
MOST = 40
NO_CODE = {
    *(tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE),
    *(tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER),
}


def code_lines(source: str) -> int:
    """Lines with code on them, docstrings and imports aside."""
    used: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in NO_CODE:
            used |= set(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(source)):
        if _is_import(node) or _is_docstring(node):
            used -= set(range(node.lineno, node.end_lineno + 1))
    return len(used)


def _is_import(node: ast.AST) -> bool:
    return isinstance(node, ast.Import | ast.ImportFrom)


def _is_docstring(node: ast.AST) -> bool:
    """A text that stands by itself is a docstring in all but name."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


@pytest.mark.parametrize("name", sorted(ADAPTERS))
def test_the_glue_is_at_most_forty_lines(name):
    module = ADAPTERS[name].partition(":")[0].rpartition(".")[2]
    assert code_lines((FOLDER / f"{module}.py").read_text()) <= MOST


def test_what_counts_as_a_line_of_code():
    source = (
        '"""Docs."""\nimport os\n\n# why\ndef f():\n    """More."""\n    return (\n        1)\n'
    )
    assert code_lines(source) == 3
