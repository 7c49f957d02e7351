"""Names of new packages, and folders that are written whole or not at all."""

from __future__ import annotations

import pytest

from pytest_smallbench.command_line import main
from pytest_smallbench.errors import UsageMistake
from pytest_smallbench.scaffold import writing
from pytest_smallbench.scaffold.names import named


@pytest.mark.parametrize("given", ["my-bench", "my_bench", " My Bench ", "my.bench", "MY--BENCH"])
def test_a_name_is_made_valid(given):
    names = named(given)
    assert (names.name, names.package, names.title) == ("my-bench", "my_bench", "My bench")


@pytest.mark.parametrize("given", ["", "-", "7days", "größe", "a/b", "../up", "a" * 61, "x\n;"])
def test_a_name_that_cannot_be_made_valid_is_one_line(given):
    with pytest.raises(UsageMistake, match=r"cannot name a package: use letters") as mistake:
        named(given)
    assert "\n" not in str(mistake.value)


@pytest.mark.parametrize("given", ["json", "class", "pytest", "tests", "typing"])
def test_a_name_that_would_hide_a_module_is_refused(given):
    with pytest.raises(UsageMistake, match="is taken: Python or pytest has a module"):
        named(given)


def test_the_name_of_an_installed_benchmark_is_refused(tmp_path, capsys):
    assert main(["new", "benchmark", "bcb-agent", "--output", str(tmp_path / "new")]) == 4
    assert capsys.readouterr().err == (
        "smallbench new: 'bcb-agent' is taken: a package that is installed here brings it\n"
    )
    assert not (tmp_path / "new").exists()


def test_the_folder_is_named_after_it_and_the_next_step_is_told(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["new", "benchmark", "my-bench"]) == 0
    out = capsys.readouterr().out
    assert "my-bench/src/my_bench/benchmark.py\n" in out
    assert out.endswith("\nnext: cd my-bench && pip install -e . && pytest\n")
    assert [path.name for path in tmp_path.iterdir()] == ["my-bench"]


@pytest.mark.parametrize("kind", ["file", "folder", "dangling link"])
def test_what_exists_is_left_alone(tmp_path, capsys, kind):
    there = tmp_path / "my-bench"
    if kind == "file":
        there.write_text("mine")
    elif kind == "folder":
        there.mkdir()
    else:
        there.symlink_to("nowhere")
    assert main(["new", "benchmark", "my-bench", "--output", str(there)]) == 4
    assert capsys.readouterr().err == (
        f"smallbench new: {there} exists already; name another folder with --output\n"
    )
    assert [path.name for path in tmp_path.iterdir()] == ["my-bench"]


def test_where_nothing_can_be_written_is_one_line(tmp_path, capsys):
    (tmp_path / "file").touch()
    assert main(["new", "benchmark", "x1", "--output", str(tmp_path / "file" / "new")]) == 4
    err = capsys.readouterr().err
    assert err.startswith(f"smallbench new: cannot write {tmp_path / 'file' / 'new'}: ")
    assert err.count("\n") == 1


@pytest.mark.parametrize("kind", writing.kinds())
def test_every_place_of_a_template_is_filled_in(kind):
    for path, text in writing.rendered(kind, named("my-bench")):
        assert "PACKAGE" not in path
        assert not path.endswith(".j2")
        assert "<<" not in text
