"""Programs that hang, flood, die, leave children behind: each attempt ends, and cleanly."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

PATIENCE_S = 60
TASK = "--smallbench-task=Toy/1"


def until(condition):
    """Poll for an event of another process; PATIENCE_S is no measure of speed."""
    deadline = time.monotonic() + PATIENCE_S
    while not (value := condition()):
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)
    return value


def ended(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


@pytest.fixture
def temporary(project, monkeypatch):
    """Where attempts have their folders: empty again when they are over."""
    folder = project.path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


def left_in(folder):
    return [path for path in folder.iterdir() if not path.name.startswith("pytest-of-")]


def test_a_hanging_program_is_ended_at_the_time_limit(program, temporary):
    source = "print(os.getpid())\nimport signal; signal.signal(15, signal.SIG_IGN)\ntime.sleep(600)"
    _, (result,) = program.run(source, TASK, "--smallbench-task-timeout=20")
    assert (result["outcome"], "time limit" in result["reason"]) == ("unresolved", True)
    assert ended(int(program.events("response")[0]["stdout"]))
    assert not left_in(temporary)


def test_ten_megabytes_are_cut_and_the_bill_at_their_end_is_read(program):
    used = {"input_tokens": 7, "cache_read_input_tokens": 3, "output_tokens": 2}
    bill = {"type": "result", "result": "all done", "total_cost_usd": 0.25, "usage": used}
    source = f"""
tool("add", n=1)
tool("done")
for _ in range(12):
    print("x" * (1 << 20))
print({json.dumps(bill)!r})
"""
    _, (result,) = program.run(source, TASK)
    assert result["outcome"] == "resolved"
    assert result["tokens"] == {"prompt": 10, "completion": 2, "cached": 3}
    assert result["cost_usd"] == 0.25
    (said,) = program.events("response")
    assert said["output_cut"]
    assert said["message"]["content"] == "all done"


def test_what_a_program_does_not_say_is_unknown_and_not_nothing(program):
    _, (result,) = program.run("print('hello')", TASK)
    assert result["tokens"] == {"prompt": None, "completion": None, "cached": None}
    assert result["cost_usd"] is None
    assert program.project.summary["tokens"]["prompt"] is None


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("os.kill(os.getpid(), 9)", "agent's program ended early: signal SIGKILL"),
        ("os.abort()", "agent's program ended early: signal SIGABRT"),
        ("print('a\\nno quota left', file=sys.stderr); sys.exit(3)",
         "agent's program ended early: exit status 3: no quota left"),
        ("sys.exit(0)", "reached 0, not 1"),
    ],
)  # fmt: skip
def test_an_early_end_is_the_agents_own_failure(program, source, reason):
    _, (result,) = program.run(source, TASK)
    assert result["outcome"] == "unresolved"
    assert reason in result["reason"]


def test_a_program_may_say_that_no_fair_attempt_was_possible(program):
    source = "print('the provider is down', file=sys.stderr); sys.exit(75)"
    outcome, (result,) = program.run(source, TASK)
    assert result["outcome"] == "error"
    assert "exit status 75: the provider is down" in result["reason"]
    assert outcome.ret == 7


def test_what_a_program_leaves_in_the_background_ends_with_it(program, temporary):
    source = """
import subprocess
child = subprocess.Popen(["sh", "-c", "sleep 600 & sleep 600"], start_new_session=True)
print(child.pid)
"""
    program.run(source, TASK)
    assert ended(int(program.events("response")[0]["stdout"]))
    assert not left_in(temporary)


def test_parallel_calls_are_all_answered(program):
    source = """
from concurrent.futures import ThreadPoolExecutor
with ThreadPoolExecutor(8) as pool:
    print(sorted(pool.map(lambda n: tool("add", n=n), [1, -1] * 4 + [1])))
print(tool("done"))
"""
    _, (result,) = program.run(source, TASK)
    assert (result["outcome"], result["tool_calls"]) == ("resolved", 10)


def test_calls_beyond_the_step_limit_are_refused_in_words(program):
    source = "for _ in range(5): print(tool('add', n=0))"
    _, (result,) = program.run(source, TASK, "--smallbench-max-steps=2")
    assert "step limit of 2 reached" in result["reason"]
    assert result["tool_calls"] == 2
    said = program.events("response")[0]["message"]["content"].splitlines()
    assert said[:2] == ["total 0", "total 0"]
    assert said[2].startswith("step limit of 2 reached. The attempt is over")
    assert said[3].startswith("The attempt is over")


def test_malformed_messages_are_answered_and_the_next_ones_heard(program):
    source = """
import subprocess
entry = json.load(open(sys.argv[1]))["mcpServers"]["smallbench"]
proxy = subprocess.Popen([entry["command"], *entry["args"]], stdin=-1, stdout=-1, text=True)

def ask(line):
    proxy.stdin.write(line + "\\n")
    proxy.stdin.flush()
    return json.loads(proxy.stdout.readline())

print(ask("{no json")["error"]["code"])
print(ask('{"id": 5, "what": 1}')["error"]["code"])
hello = {"protocolVersion": "2025-06-18", "capabilities": {},
         "clientInfo": {"name": "t", "version": "1"}}
def call(number, method, params):
    return ask(json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": params}))
print(call(1, "initialize", hello)["result"]["serverInfo"]["name"])
print(call(2, "tools/call", {"name": "add", "arguments": {"n": "one"}})["result"]["isError"])
print(call(3, "tools/call", {"name": "add", "arguments": {"n": 1}})["result"]["isError"])
print("error" in call(4, "no/such", {}))
"""
    _, (result,) = program.run(source, TASK, command="{python} {cwd}/program.py {mcp_config}")
    said = program.events("response")[0]["message"]["content"].splitlines()
    assert said == ["-32700", "-32600", "smallbench", "True", "False", "True"]
    assert (result["outcome"], result["invalid_tool_calls"]) == ("resolved", 1)


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("no-such-program {prompt}", "no program 'no-such-program' on PATH"),
        ("./toy_suite.py", "toy_suite.py is not executable"),
        ("", "no command after cmd:"),
        ("sh -c 'x", "no closing quotation"),
        ("sh {promt}", "did you mean {prompt}?"),
        ("sh toy_suite.py", "write {cwd}/toy_suite.py"),
    ],
)
def test_a_wrong_command_is_told_before_any_task(program, command, said):
    result = program.project.run(agent=f"cmd:{command}")
    assert result.ret == 4
    assert said in result.stderr.str()


@pytest.mark.parametrize(
    "option", ["--smallbench-budget=1", "--smallbench-max-tokens=9", "--smallbench-record=r"]
)
def test_what_holds_only_between_an_agent_and_its_model_is_refused(program, option):
    result = program.project.run(option, agent="cmd:true")
    assert result.ret == 4
    assert option.partition("=")[0] in result.stderr.str()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT], ids=["kill -9", "Ctrl-C"])
def test_nothing_is_left_when_pytest_is_ended(program, temporary, number):
    (program.project.path / "program.py").write_text(
        "import os, pathlib, sys, time\n"
        "pathlib.Path(sys.argv[1]).write_text(f'{os.getpid()} {os.getppid()}')\n"
        "time.sleep(600)"
    )
    command = [
        sys.executable, "-m", "pytest", "--smallbench=toy", "--smallbench-sandbox=none",
        "--smallbench-output=out", TASK, "-p", "no:cacheprovider",
        f"--smallbench-agent=cmd:{sys.executable} {{cwd}}/program.py {{cwd}}/pids",
    ]  # fmt: skip
    with (program.project.path / "log").open("w") as log:
        process = subprocess.Popen(
            command, cwd=program.project.path, stdout=log, stderr=log,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        )  # fmt: skip
    pids = program.project.path / "pids"
    written = until(lambda: process.poll() is not None or (pids.exists() and pids.read_text()))
    assert process.poll() is None, written
    process.send_signal(number)
    process.wait(PATIENCE_S)
    until(lambda: all(ended(pid) for pid in pids.read_text().split()))
    until(lambda: not left_in(temporary))
