"""Which expressions an administrator may add: anchored, short, and with a bounded number of ways to
try them, so that no text can keep a process busy (CWE-1333)."""

import math
import re
from typing import NamedTuple

LONGEST = 300
MOST_WAYS = 20_000

_TOKEN = re.compile(
    r"""(?P<escape>\\.)|(?P<charset>\[\^?\]?(?:\\.|[^\]\\])*\])
      |(?P<group>\((?:\?:|\?P<\w+>|(?!\?)))|(?P<strange>\(\?)|(?P<end>\))|(?P<bar>\|)
      |(?P<counted>\{(?P<least>\d{1,2})(?:,(?P<most>\d{1,2}))?\})|(?P<maybe>\?)
      |(?P<unbounded>[*+]|\{\d*,?\d*\})|(?P<plain>.)""",
    re.VERBOSE | re.DOTALL,
)


class _Group(NamedTuple):
    """Ways through the branches before the last bar, and through the one being read."""

    closed: int = 0
    ways: int = 1

    @property
    def total(self) -> int:
        return self.closed + self.ways


def pattern_fault(pattern: str) -> str:
    """Why the expression is not accepted, or nothing.

    The ways are counted, not guessed: every choice that a matcher can make is bounded, and their
    product is the most it will ever try at one place of the text.
    """
    if len(pattern) > LONGEST:
        return f"is longer than {LONGEST} characters"
    if not (pattern.startswith("^") and pattern.endswith("$") and not pattern.endswith(r"\$")):
        return "must be anchored: begin with ^ and end with $"
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        return f"does not compile: {error}"
    try:
        ways = _ways(pattern[1:-1])
    except ValueError as error:
        return str(error)
    return "" if ways <= MOST_WAYS else f"may be tried in more than {MOST_WAYS} ways: simplify it"


def _ways(pattern: str) -> int:
    stack, just_closed = [_Group()], False
    for token in _TOKEN.finditer(pattern):
        kind = token.lastgroup or ""
        _refuse_strange(kind, token.group(), just_closed)
        just_closed = kind == "end"
        if kind == "group":
            stack.append(_Group())
        elif kind == "end":
            inner = stack.pop().total
            stack[-1] = _Group(stack[-1].closed, stack[-1].ways * inner)
        elif kind == "bar":
            _refuse_open_choice(stack)
            stack[-1] = _Group(stack[-1].total, 1)
        else:
            stack[-1] = _Group(stack[-1].closed, stack[-1].ways * _choices(token))
    return math.prod(group.total for group in stack)


def _choices(token: re.Match[str]) -> int:
    if token["maybe"]:
        return 2
    if token["counted"] and token["most"]:
        return int(token["most"]) - int(token["least"]) + 1
    return 1


def _refuse_strange(kind: str, written: str, just_closed: bool) -> None:
    if kind == "unbounded":
        raise ValueError(f"{written} has no upper bound: write how many, like {{1,6}}")
    if kind == "strange":
        raise ValueError("looks ahead, looks back or sets flags: only groups are accepted")
    if kind == "escape" and (written[1].isdigit() or written[1] in "AZ"):
        raise ValueError(f"{written} is not accepted: repeat no group, anchor with ^ and $")
    if kind == "counted" and just_closed:
        raise ValueError("repeats a group: write its parts out, or make it optional with ?")
    if kind == "plain" and written in "^$":
        raise ValueError("is anchored twice")


def _refuse_open_choice(stack: list[_Group]) -> None:
    # `^a|b$` is anchored on one side of each branch only.
    if len(stack) == 1:
        raise ValueError("has a | outside of a group: write ^(?:a|b)$")
