"""From a record and a submission to what the harness runs: program, tests, and their names."""

from __future__ import annotations

import ast
import builtins
import functools
import io
import re
import tokenize
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .program import parsed, solution_program

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_FUTURE = "__future__"
_BUILTINS = {name for name in dir(builtins) if not name.startswith("__")}


def program(code_prompt: str, solution: str, entry_point: str) -> str:
    """The program without its tests, in BigCodeBench's calibrated form.

    A text that defines the entry point at its top level is a whole script; any other is
    what follows ``code_prompt``, and is indented where it is not.
    """
    if not is_script(solution, entry_point) and re.match(r"\s*^\S", solution, re.MULTILINE):
        solution = _indented(solution)
    return solution_program(code_prompt, solution)


def is_script(solution: str, entry_point: str) -> bool:
    """Whether the text defines ``entry_point`` at its top level."""
    tree = parsed(solution)
    if tree is not None:
        return entry_point in bound_names(tree.body)
    # It may be in a newer Python's syntax, or broken: the text decides.
    name = re.escape(entry_point)
    found = re.search(rf"^(?:(?:async\s+)?def|class)\s+{name}\b|^{name}\s*[:=]", solution, re.M)
    return found is not None


def _indented(body: str) -> str:
    """Four spaces before every line but those that begin within a string."""
    inside: set[int] = set()
    try:
        for token in tokenize.generate_tokens(io.StringIO(body).readline):
            if token.type in (tokenize.STRING, _FSTRING_MIDDLE):
                inside.update(range(token.start[0] + 1, token.end[0] + 1))
    except (tokenize.TokenError, SyntaxError):
        pass
    lines = body.splitlines(keepends=True)
    return "".join(
        line if number in inside or not line.strip() else "    " + line
        for number, line in enumerate(lines, 1)
    )


_FSTRING_MIDDLE: int = getattr(tokenize, "FSTRING_MIDDLE", -1)  # since 3.12


def bound_names(statements: Iterable[ast.stmt]) -> set[str]:
    """The names that a module's statements bind at its top level, in branches, too."""
    names: set[str] = set()
    for statement in flattened(statements):
        if isinstance(statement, (*_FUNCTIONS, ast.ClassDef)):
            names.add(statement.name)
        elif isinstance(statement, (ast.Import, ast.ImportFrom)):
            names.update((a.asname or a.name.partition(".")[0]) for a in statement.names)
        else:
            names.update(_stored(statement))
    return names


def flattened(statements: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """Statements and those in their branches, in order, but not in functions and classes.

    Without recursion: a submission may have thousands of branches in each other.
    """
    waiting = [*statements][::-1]
    while waiting:
        statement = waiting.pop()
        yield statement
        if isinstance(statement, (*_FUNCTIONS, ast.ClassDef)):
            continue
        inner: list[ast.stmt] = [*getattr(statement, "body", [])]
        for handler in getattr(statement, "handlers", []):
            inner += handler.body
        inner += [*getattr(statement, "orelse", []), *getattr(statement, "finalbody", [])]
        waiting += inner[::-1]


def _stored(statement: ast.stmt) -> Iterator[str]:
    for node in ast.iter_child_nodes(statement):
        if isinstance(node, (ast.stmt, ast.ExceptHandler)):
            continue
        for inner in ast.walk(node):
            if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store):
                yield inner.id


@dataclass(frozen=True)
class Suite:
    """A record's hidden tests, read but not run.

    ``names``: the test methods in the order in which unittest runs them; ``methods`` every
    definition of them, as some records define a name twice.
    """

    source: str
    tree: ast.Module
    names: tuple[str, ...]
    methods: tuple[ast.FunctionDef | ast.AsyncFunctionDef, ...]

    @functools.cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """Every node of the tree: it is asked several things, and a walk is the dear part."""
        return tuple(ast.walk(self.tree))


def read_suite(source: str) -> Suite:
    """Raises ValueError where there is no class TestCases with tests."""
    tree = parsed(source)
    if tree is None:
        raise ValueError("the tests cannot be parsed")
    classes = {s.name: s for s in flattened(tree.body) if isinstance(s, ast.ClassDef)}
    if "TestCases" not in classes:
        raise ValueError("the tests define no class TestCases")
    methods = []
    for owner in _lineage("TestCases", classes):
        for statement in flattened(owner.body):
            if isinstance(statement, _FUNCTIONS) and statement.name.startswith("test"):
                methods.append(statement)
    if not methods:
        raise ValueError("the class TestCases has no test methods")
    return Suite(source, tree, tuple(sorted({m.name for m in methods})), tuple(methods))


def _lineage(name: str, classes: dict[str, ast.ClassDef]) -> list[ast.ClassDef]:
    """A class and those of the same source that it inherits from."""
    found: list[ast.ClassDef] = []
    queue = [name]
    while queue:
        owner = classes.get(queue.pop(0))
        if owner is not None and owner not in found:
            found.append(owner)
            queue += [base.id for base in owner.bases if isinstance(base, ast.Name)]
    return found


@dataclass(frozen=True)
class Uses:
    """What the tests rely on, by name, for the harness to remember before the submission runs.

    ``imports``: import statements of prompt and tests; ``chains``: dotted names that start
    at an import; ``builtins``: builtins that the tests use; ``borrowed``: names they use
    that only the prompt imports; ``defined``: names that they bind themselves; ``imported``:
    those that nothing but their own imports binds.
    """

    imports: tuple[str, ...]
    chains: tuple[tuple[str, ...], ...]
    builtins: tuple[str, ...]
    borrowed: tuple[str, ...]
    defined: tuple[str, ...]
    imported: tuple[str, ...]


def uses(code_prompt: str, suite: Suite, entry_point: str) -> Uses:
    prompt = parsed(code_prompt + "\n    pass\n") or ast.Module([], [])
    own_imports = _imports(suite.tree)
    others = [statement for statement in suite.tree.body if statement not in own_imports]
    imports = [*_imports(prompt), *own_imports]
    defined, given = bound_names(suite.tree.body), bound_names(_imports(prompt))
    loaded = {n.id for n in suite.nodes if isinstance(n, ast.Name)}
    rebound = {name for n in suite.nodes if isinstance(n, ast.Global) for name in n.names}
    prompt_names = bound_names(prompt.body)
    return Uses(
        imports=tuple(ast.unparse(statement) for statement in imports),
        chains=tuple(sorted(_chains(suite.nodes, bound_names(imports)))),
        builtins=tuple(sorted(loaded & _BUILTINS - defined - prompt_names)),
        borrowed=tuple(sorted((loaded & given) - defined - {entry_point})),
        defined=tuple(sorted(defined - rebound)),
        imported=tuple(sorted(bound_names(own_imports) - bound_names(others) - rebound)),
    )


def _imports(tree: ast.Module) -> list[ast.stmt]:
    return [
        statement
        for statement in tree.body
        if isinstance(statement, ast.Import)
        or (isinstance(statement, ast.ImportFrom) and statement.module != _FUTURE)
    ]


def _chains(nodes: Iterable[ast.AST], roots: set[str]) -> set[tuple[str, ...]]:
    """Dotted names from imports on, but for those that the tests themselves replace."""
    found: set[tuple[str, ...]] = set()
    replaced: set[str] = set()  # by assignment, or named in a string: patch("os.remove")
    for node in nodes:
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            replaced.add(node.attr)
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            replaced.update(node.value.split(".") if re.fullmatch(r"[\w.]+", node.value) else ())
        chain = _chain(node)
        if len(chain) > 1 and chain[0] in roots:
            found.add(chain)
    return {chain for chain in found if not replaced.intersection(chain[1:])}


def _chain(node: ast.AST) -> tuple[str, ...]:
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    return (node.id, *reversed(names)) if isinstance(node, ast.Name) else ()
