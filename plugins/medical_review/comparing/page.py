"""A comparison as a page that everybody can read: with headings, a table of all changes, `ins` and
`del` that a screen reader announces, and nothing told by colour alone (WCAG 2.2, 1.3.1 and 1.4.1).
"""

from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from hashlib import sha256
from html import escape, unescape

from plugins.medical_review.comparing.comparison import Comparison, Side
from plugins.medical_review.comparing.labels import word
from plugins.medical_review.comparing.nodes import Path
from plugins.medical_review.comparing.rows import Row, rows
from plugins.medical_review.comparing.structure import AttributeChange, BlockChange
from plugins.medical_review.comparing.words import TAG, WordChange, plain, without_tags

STYLE = (
    "body{font:1rem/1.6 system-ui,sans-serif;max-width:60rem;margin:auto;padding:1rem;"
    "color:#1b1b1b;background:#fff}"
    "ins{text-decoration:underline;background:#e6f4ea}"
    "del{text-decoration:line-through;background:#fce8e6}"
    "ins::before{content:'+'}del::before{content:'\\2212'}"
    "table{border-collapse:collapse;width:100%}"
    "th,td{border:1px solid #666;padding:.4rem;text-align:left;vertical-align:top}"
    ".unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);"
    "white-space:nowrap}"
    ".block{border-left:.25rem solid #666;padding-left:.75rem;margin:1rem 0}"
    "@media (prefers-color-scheme:dark){body{color:#eee;background:#111}"
    "ins{background:#12361f}del{background:#4a1512}a{color:#9ecbff}}"
)
POLICY = (
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; "
    f"style-src 'sha256-{b64encode(sha256(STYLE.encode()).digest()).decode()}'"
)
"""The Content-Security-Policy of the page: its own style, and nothing else at all."""


def page(found: Comparison, language: str) -> str:
    """The whole document. Every text in it is escaped: a comparison shows markup, it runs none."""
    say = partial(word, language=language)
    return "".join(
        (
            f'<!doctype html><html lang="{escape(language)}"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width,initial-scale=1">'
            f"<title>{say('title')}</title><style>{STYLE}</style></head><body><main>"
            f"<h1>{say('title')}</h1>",
            f"<p>{say('from')}: {_side(found.before, language)}<br>"
            f"{say('to')}: {_side(found.after, language)}</p>",
            f"<p>{say('same')}</p>" if found.is_same else _table(rows(found, language), language),
            f'<h2>{say("text")}</h2><div lang="{escape(found.language)}">',
            *_blocks(found.blocks, language),
            "</div></main></body></html>",
        )
    )


def _side(side: Side, language: str) -> str:
    said = word("revision", language), word("by", language)
    moment = side.saved_at.strftime("%Y-%m-%d %H:%M UTC")
    return escape(f"{said[0]} {side.revision_id}, {moment}, {said[1]} {side.editor}")


def _table(found: Sequence[Row], language: str) -> str:
    say = partial(word, language=language)
    heads = "".join(
        f'<th scope="col">{say(one)}</th>' for one in ("where", "what", "before", "after")
    )
    lines = "".join(_line(row, language) for row in found)
    return (
        f'<h2 id="changes">{say("changes")}</h2><table aria-labelledby="changes">'
        f"<thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table>"
    )


def _line(row: Row, language: str) -> str:
    where = escape(row.where)
    if row.anchor:
        where = f'<a href="#{row.anchor}">{where}</a>'
    nothing = f"<i>{word('nothing', language)}</i>"
    before, after = (escape(one) or nothing for one in (row.before, row.after))
    return (
        f'<tr><th scope="row">{where}</th><td>{escape(row.what)}</td>'
        f"<td>{before}</td><td>{after}</td></tr>"
    )


def _blocks(changes: Iterable[BlockChange], language: str, level: int = 3) -> Iterator[str]:
    """What changed stands open; what did not is folded away between."""
    same: list[BlockChange] = []
    for one in changes:
        if one.op == "equal":
            same.append(one)
            continue
        yield _folded(same, language)
        same = []
        yield _block(one, language, level)
    yield _folded(same, language)


def _folded(same: Sequence[BlockChange], language: str) -> str:
    if not same:
        return ""
    shown = "".join(f"<p>{escape(text)}</p>" for one in same for text in _texts(one))
    told = word("unchanged", language, count=len(same))
    return f"<details><summary>{told}</summary>{shown}</details>"


def _texts(change: BlockChange) -> Iterator[str]:
    if text := plain(change.html):
        yield text
    for one in change.inner:
        yield from _texts(one)


def _block(change: BlockChange, language: str, level: int) -> str:
    kind = word(f"block:{change.name}", language)
    head = f"{kind}: {word(change.op, language).lower()}"
    if change.op == "move":
        before, after = map(_place, (change.before, change.after))
        head = f"{kind}: {word('moved_from', language, before=before, after=after)}"
    inner = "".join(_blocks(change.inner, language, min(level + 1, 6)))
    body = _shown(change, language)
    said = f"<p>{body}</p>" if body else ""
    return (
        f'<div class="block" id="{change.anchor}"><h{level}>{escape(head)}</h{level}>'
        f"{said}{_settings(change, language)}{inner}</div>"
    )


def _place(path: Path | None) -> str:
    return ".".join(str(one + 1) for one in path or ())


def _shown(change: BlockChange, language: str) -> str:
    if change.words:
        return "".join(_piece(one, language) for one in change.words)
    text = escape(plain(change.html))
    if text and change.op in {"insert", "delete"}:
        return _marked(change.op, text, language)
    return text


def _piece(change: WordChange, language: str) -> str:
    if change.op == "equal":
        return escape(without_tags(change.after or ""))
    gone, new = (_with_tags(one or "") for one in (change.before, change.after))
    said = _marked("delete", gone, language) if gone else ""
    return said + (_marked("insert", new, language) if new else "")


def _marked(op: str, text: str, language: str) -> str:
    element, key = ("ins", "inserted") if op == "insert" else ("del", "deleted")
    start, end = (word(one, language) for one in (key, f"{key}_end"))
    return (
        f'<{element}><span class="unseen"> [{start}: </span>{text}'
        f'<span class="unseen"> {end}] </span></{element}>'
    )


def _settings(change: BlockChange, language: str) -> str:
    told = "".join(_setting(one, language) for one in change.attributes)
    return f"<ul>{told}</ul>" if told else ""


def _setting(change: AttributeChange, language: str) -> str:
    sides = (("delete", change.before), ("insert", change.after))
    marked = [_marked(op, escape(str(one)), language) for op, one in sides if one is not None]
    return f"<li>{word('setting', language)} {escape(change.name)}: {' '.join(marked)}</li>"


def _with_tags(html: str) -> str:
    """The words, and the tags as code: that something is bold now is a change too."""
    end = 0
    pieces: list[str] = []
    for tag in TAG.finditer(html):
        pieces += escape(unescape(html[end : tag.start()])), f"<code>{escape(tag[0])}</code>"
        end = tag.end()
    return "".join((*pieces, escape(unescape(html[end:]))))
