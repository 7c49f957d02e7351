"""What the game says to the agent, in the language of its story."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .judges import Answer, Note


@dataclass(frozen=True)
class Wording:
    """Texts with ``{}`` are filled by the game."""

    rules: str
    answers: Mapping[Answer, str]
    notes: Mapping[Note, str]
    found: str
    left: str
    empty: str
    off_limits: str
    repeats: str
    first_only: str
    explained: str
    too_long: str
    over: Mapping[str, str]


_ENGLISH = Wording(
    rules=(
        "This is a game of lateral thinking. You are told a strange story; behind it lies a "
        "truth, made of {keys} keys, that you have to find. Ask questions that can be answered "
        "with yes or no, one at a time, with the tool ask. The answers are Yes, No and "
        "Irrelevant. You are told when a question has brought out a key. You have {rounds} "
        "rounds. The tool solve ends the game with your explanation of the whole story.\n\n"
        "Story: {story}"
    ),
    answers={"yes": "Yes.", "no": "No.", "irrelevant": "Irrelevant."},
    notes={
        "": "",
        "one thing": "Ask about one thing at a time: a question that names alternatives "
        "cannot be answered with yes or no.",
        "too long": "The question is too long: ask one short question.",
    },
    found="Key found: {found} of {keys}.",
    left="Rounds left: {left}.",
    empty="That is no question. Ask about the story, so that yes or no can be the answer.",
    off_limits="Stay with this story and go on asking: its truth is not found yet.",
    repeats="The story says that already. Ask about what it does not say.",
    first_only="Only the first question counts.",
    explained="Your explanation contains {told} of the keys that were open.",
    too_long="The explanation is too long: give it in a few plain sentences.",
    over={
        "solved": "The game is over: the whole truth is found.",
        "explained": "The game is over.",
        "left": "The game is over: you left it.",
        "rounds": "The game is over: no round is left.",
    },
)
_CHINESE = Wording(
    rules=(
        "这是一个海龟汤游戏。下面是一个离奇的故事，它背后的真相由{keys}个关键点组成，请你把真相找出来。"
        "请用工具 ask 提问，每次只问一个可以用是或不是回答的问题。"
        "回答只有：是、不是、无关。问出关键点时会告诉你。你一共有{rounds}轮。"
        "工具 solve 用你对整个故事的解释来结束游戏。\n\n故事：{story}"
    ),
    answers={"yes": "是。", "no": "不是。", "irrelevant": "无关。"},
    notes={
        "": "",
        "one thing": "请一次只问一件事：列出几种可能的问题不能用是或不是回答。",
        "too long": "问题太长，请只问一个简短的问题。",
    },
    found="找到关键点：{found}/{keys}。",
    left="剩余轮数：{left}。",
    empty="这不是问题。请就故事提一个可以用是或不是回答的问题。",
    off_limits="请继续就这个故事提问：真相还没有找到。",
    repeats="故事里已经这样说了，请问故事里没有说的事。",
    first_only="只回答第一个问题。",
    explained="你的解释包含了尚未找到的关键点中的{told}个。",
    too_long="解释太长，请用几句简单的话说明。",
    over={
        "solved": "游戏结束：真相已经全部找到。",
        "explained": "游戏结束。",
        "left": "游戏结束：你离开了游戏。",
        "rounds": "游戏结束：轮数已经用完。",
    },
)


def wording(language: str) -> Wording:
    return _CHINESE if language == "zh" else _ENGLISH
