"""An agent whose answers are plausible and wrong: a grader that resolves any of them is broken.

Used by name, ``--smallbench-agent=agentbench_wrong:create``, from a folder with this file.
"""

from __future__ import annotations

import json
import re


class Wrong:
    """Does what the reference does, but for what decides the task."""

    def solve(self, environment):
        calls = environment.reference()
        getattr(self, f"_{environment.task.category}")(environment, calls)
        return environment.answer

    def _os(self, environment, calls):
        """Looks around as the reference does; changes nothing; a number that is off by one."""
        (answer,) = [c.arguments["answer"] for c in calls if c.name == "answer_action"] or ["done"]
        environment.call("bash_action", {"script": "ls -la; pwd"})
        environment.call("answer_action", {"answer": other(answer)})

    def _db(self, environment, calls):
        """Reads the table, changes nothing, and answers something near."""
        answers = calls[-1].arguments["answers"]
        environment.call("execute_sql", {"query": "SELECT 1"})
        environment.call("commit_final_answer", {"answers": [other(text) for text in answers]})

    def _kg(self, environment, calls):
        """Submits the variable before the last."""
        for call in calls[:-1]:
            environment.call(call.name, call.arguments)
        number = int(calls[-1].arguments["variable"].strip("#"))
        if number:
            environment.call("final_answer", {"variable": f"#{number - 1}"})

    def _web(self, environment, calls):
        """Buys the last of the products found, without an option."""
        found = environment.call(calls[0].name, calls[0].arguments).text
        clicked = [call.arguments["value"].upper() for call in calls[1:]]
        wrong = [asin for asin in re.findall(r"\bB0\w{8}\b", found) if asin not in clicked]
        environment.call("click_action", {"value": wrong[-1]})
        environment.call("click_action", {"value": "Buy Now"})

    def _card(self, environment, calls):
        """Never guesses; its first fish hits the enemy's first one."""
        for _ in range(64):
            environment.call("skip_guess", {})
            teams = json.loads(environment.call("state", {}).text.splitlines()[-1])
            fish = next(own["fish"] for own in teams["you"] if own["hp"] > 0)
            target = next(enemy["position"] for enemy in teams["enemy"] if enemy["hp"] > 0)
            move = {"fish": fish, "action": "normal", "target": target}
            if environment.call("act", move).done:
                return

    def _lateral(self, environment, calls):
        """Asks about something else, and tells another story."""
        for question in ("Was it a dream?", "Did a doctor do it?", "Was it about money?"):
            environment.call("ask", {"question": question})
        environment.call("solve", {"explanation": "It was all a dream of the doctor's."})

    def _house(self, environment, calls):
        """All but the last action."""
        for call in calls[:-1]:
            environment.call(call.name, call.arguments)


def other(text):
    """Near, of the same kind, and not the same: 7 becomes 8, a word another."""
    try:
        number = json.loads(str(text))
        return str(number + 1)
    except (ValueError, TypeError):
        return "".join(reversed(str(text))) + "x"


def create(context):
    return Wrong()
