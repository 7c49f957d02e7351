"""Images are built once, said step by step, and keep no secret."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from container_samples import BASE
from docker.errors import NotFound

from pytest_smallbench.errors import SandboxUnavailable
from pytest_smallbench.sandboxes.docker.images import Recipe, build, find, pull

if TYPE_CHECKING:
    from docker import APIClient

TWO_STAGES = b"""\
ARG BASE
FROM ${BASE} AS builder
ARG TOKEN
RUN test "$TOKEN" = sesame && echo "fetched with $TOKEN" > /made
FROM ${BASE}
COPY --from=builder /dev/null /empty
COPY note /note
"""


@pytest.fixture
def recipe(client: APIClient) -> Iterator[Recipe]:
    """One that no earlier test has built."""
    files = {"Dockerfile": TWO_STAGES, "note": os.urandom(8).hex().encode()}
    args, secrets = {"BASE": BASE}, {"TOKEN": "sesame"}
    made = Recipe("smallbench-test", files, args=args, secret_args=secrets)
    yield made
    if find(client, made.tag):
        client.remove_image(made.tag, force=True)


def test_it_is_built_once_and_each_step_is_said(client: APIClient, recipe: Recipe) -> None:
    said: list[str] = []
    image = build(client, recipe, said.append)
    assert image.tag == recipe.tag
    assert image.digest.startswith("sha256:")
    assert any("step 2 of 7: FROM" in line for line in said)
    said.clear()
    assert build(client, recipe, said.append) == image
    assert said == []


def test_a_secret_is_neither_said_nor_kept(client: APIClient, recipe: Recipe) -> None:
    said: list[str] = []
    build(client, recipe, said.append)
    history = client.history(recipe.tag)
    assert "sesame" not in "".join(said) + str(history)


def test_a_build_that_fails_shows_its_last_words(client: APIClient, recipe: Recipe) -> None:
    failing = TWO_STAGES + b"RUN echo the end is $((40 + 2)) && false\n"
    broken = replace(recipe, files={**recipe.files, "Dockerfile": failing})
    with pytest.raises(SandboxUnavailable, match="the end is 42"):
        build(client, broken, lambda _: None)
    assert find(client, broken.tag) is None


def test_a_build_that_is_broken_off_leaves_no_container(client: APIClient, recipe: Recipe) -> None:
    waiting = {**recipe.files, "Dockerfile": f"FROM {BASE}\nCOPY note /\nRUN sleep 600\n".encode()}
    before = {one["Id"] for one in client.containers(all=True)}

    def interrupt(line: str) -> None:
        if "sleep 600" in line:
            raise KeyboardInterrupt

    slow = Recipe(recipe.name, waiting)
    with pytest.raises(KeyboardInterrupt):
        build(client, slow, interrupt)
    assert find(client, slow.tag) is None
    # The engine removes a build's container when it notices that nobody listens any more.
    for one in client.containers(all=True):
        if one["Id"] not in before and "sleep 600" in one["Command"]:
            with contextlib.suppress(NotFound):
                client.wait(one["Id"], condition="removed", timeout=60)


def test_what_is_there_is_not_pulled(client: APIClient) -> None:
    said: list[str] = []
    assert pull(client, BASE, said.append) == find(client, BASE)
    assert said == []


def test_what_no_registry_has_is_told_in_a_line(client: APIClient) -> None:
    with pytest.raises(SandboxUnavailable, match="localhost:1/nothing:1 cannot be pulled"):
        pull(client, "localhost:1/nothing:1", lambda _: None)


def test_the_tag_is_that_of_the_contents(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM scratch\n")
    one = Recipe.of_folder("x", tmp_path, args={"BASE": "a"})
    assert one.tag == Recipe.of_folder("x", tmp_path, args={"BASE": "a"}).tag
    assert (
        one.tag == Recipe.of_folder("x", tmp_path, args={"BASE": "a"}, secret_args={"T": "1"}).tag
    )
    assert one.tag != Recipe.of_folder("x", tmp_path, args={"BASE": "b"}).tag
    (tmp_path / "lock.txt").write_text("a==1\n")
    assert one.tag != Recipe.of_folder("x", tmp_path, args={"BASE": "a"}).tag
