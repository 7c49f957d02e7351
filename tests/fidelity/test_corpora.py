"""NLTK's corpora in the reference environment, with its own NLTK and a server of ours."""

from __future__ import annotations

import functools
import hashlib
import io
import threading
import zipfile
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from agreement import grading_python
from pytest_smallbench.benchmarks.bcb_agent.images import corpora

from pytest_smallbench.contracts import SandboxLimits, SandboxSetup
from pytest_smallbench.sandboxes.process import ProcessSandboxes

pytestmark = pytest.mark.fidelity


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def index(tmp_path: Path):
    """The address of an index as NLTK's own, with a tiny archive for each corpus."""
    folder = tmp_path / "served"
    folder.mkdir()
    with ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder))
    ) as server:
        address = f"http://127.0.0.1:{server.server_port}"
        packages = [package(folder, address, *pair) for pair in corpora.CORPORA.items()]
        (folder / "index.xml").write_text(
            f"<nltk_data><packages>{''.join(packages)}</packages><collections/></nltk_data>"
        )
        threading.Thread(target=server.serve_forever).start()
        yield f"{address}/index.xml"
        server.shutdown()


def package(folder: Path, address: str, name: str, kind: str) -> str:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(f"{name}/README", name)
    data = content.getvalue()
    (folder / f"{name}.zip").write_bytes(data)
    digest = hashlib.md5(data).hexdigest()
    return (
        f'<package id="{name}" name="{name}" subdir="{kind}" unzip="1" size="{len(data)}" '
        f'unzipped_size="9" checksum="{digest}" url="{address}/{name}.zip"/>'
    )


def test_all_are_fetched_into_the_environments_folder(index: str, tmp_path: Path):
    said: list[str] = []
    corpora.fetch(Path(grading_python(None).python), tmp_path, said.append, index)
    assert corpora.present(tmp_path) == list(corpora.CORPORA)
    assert said == [f"fetching {len(corpora.CORPORA)} NLTK corpora"]


def test_a_corpus_that_is_missing_there_is_named(index: str, tmp_path: Path):
    (tmp_path / "served" / "words.zip").unlink()
    said: list[str] = []
    corpora.fetch(Path(grading_python(None).python), tmp_path, said.append, index)
    assert "words" not in corpora.present(tmp_path)
    assert "not to be had: words" in said[-1]


def test_a_server_that_is_not_there_is_one_line(tmp_path: Path):
    said: list[str] = []
    nowhere = "http://127.0.0.1:9/index.xml"
    corpora.fetch(Path(grading_python(None).python), tmp_path, said.append, nowhere)
    assert "Connection refused" in said[-1]
    assert corpora.present(tmp_path) == []


def test_nltk_in_the_sandbox_looks_into_the_environments_folder():
    python = grading_python(None)
    back = ProcessSandboxes()
    address = back.start(SandboxSetup(python=python.python))
    try:
        sandbox = back.open(address, SandboxLimits())
        done = sandbox.python("import nltk; print(*nltk.data.path, sep='\\n')", timeout=60)
        sandbox.close()
    finally:
        back.stop()
    folder = corpora.folder_in(Path(python.python).parent.parent)
    assert str(folder) in done.stdout.decode().splitlines()
