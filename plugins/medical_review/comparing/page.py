"""A comparison as a page that everybody can read: with headings, a table of all changes, `ins` and
`del` that a screen reader announces, and nothing told by colour alone (WCAG 2.2, 1.3.1 and 1.4.1).
"""

from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True)
class _Say:
    """The words of the page in its language, and the marks of those that are in the text's: who
    hears the page hears each in its own voice (WCAG 2.2, 3.1.2)."""

    language: str
    of_text: str

    def __call__(self, key: str, **facts: object) -> str:
        return escape(word(key, self.language, **facts))

    @property
    def text(self) -> str:
        """The attribute for what stands in the text."""
        return self._lang(self.of_text)

    @property
    def own(self) -> str:
        """The attribute for what the page says amid the text."""
        return self._lang(self.language)

    def _lang(self, language: str) -> str:
        return "" if self.language == self.of_text else f' lang="{escape(language)}"'


def page(found: Comparison, language: str) -> str:
    """The whole document. Every text in it is escaped: a comparison shows markup, it runs none."""
    say = _Say(language, found.language)
    return "".join(
        (
            f'<!doctype html><html lang="{escape(language)}"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width,initial-scale=1">'
            f"<title>{say('title')}</title><style>{STYLE}</style></head><body><main>"
            f"<h1>{say('title')}</h1>",
            shown(found, language, 2),
            "</main></body></html>",
        )
    )


def shown(found: Comparison, language: str, level: int) -> str:
    """The comparison as a part of a page whose headings go on at this level."""
    say = _Say(language, found.language)
    return "".join(
        (
            f"<p>{say('from')}: {_side(found.before, say)}<br>"
            f"{say('to')}: {_side(found.after, say)}</p>",
            f"<p>{say('same')}</p>" if found.is_same else _table(rows(found, language), say, level),
            f"<h{level}>{say('text')}</h{level}>",
            *_blocks(found.blocks, say, level + 1),
        )
    )


def _side(side: Side, say: _Say) -> str:
    moment = side.saved_at.strftime("%Y-%m-%d %H:%M UTC")
    return f"{say('revision')} {side.revision_id}, {moment}, {say('by')} {escape(side.editor)}"


def _table(found: Sequence[Row], say: _Say, level: int) -> str:
    heads = "".join(
        f'<th scope="col">{say(one)}</th>' for one in ("where", "what", "before", "after")
    )
    lines = "".join(_line(row, say) for row in found)
    return (
        f'<h{level} id="changes">{say("changes")}</h{level}><table aria-labelledby="changes">'
        f"<thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table>"
    )


def _line(row: Row, say: _Say) -> str:
    where = escape(row.where)
    if row.anchor:
        where = f'<a href="#{row.anchor}">{where}</a>'
    nothing = f"<i>{say('nothing')}</i>"
    before, after = (escape(one) or nothing for one in (row.before, row.after))
    return (
        f'<tr><th scope="row">{where}</th><td>{escape(row.what)}</td>'
        f"<td>{before}</td><td>{after}</td></tr>"
    )


def _blocks(changes: Iterable[BlockChange], say: _Say, level: int) -> Iterator[str]:
    """What changed stands open; what did not is folded away between."""
    same: list[BlockChange] = []
    for one in changes:
        if one.op == "equal":
            same.append(one)
            continue
        yield _folded(same, say)
        same = []
        yield _block(one, say, level)
    yield _folded(same, say)


def _folded(same: Sequence[BlockChange], say: _Say) -> str:
    if not same:
        return ""
    shown = "".join(f"<p{say.text}>{escape(text)}</p>" for one in same for text in _texts(one))
    told = say("unchanged", count=len(same))
    return f"<details><summary>{told}</summary>{shown}</details>"


def _texts(change: BlockChange) -> Iterator[str]:
    if text := plain(change.html):
        yield text
    for one in change.inner:
        yield from _texts(one)


def _block(change: BlockChange, say: _Say, level: int) -> str:
    kind = say(f"block:{change.name}")
    head = f"{kind}: {say(change.op).lower()}"
    if change.op == "move":
        before, after = map(_place, (change.before, change.after))
        head = f"{kind}: {say('moved_from', before=before, after=after)}"
    inner = "".join(_blocks(change.inner, say, min(level + 1, 6)))
    body = _shown(change, say)
    said = f"<p{say.text}>{body}</p>" if body else ""
    return (
        f'<div class="block" id="{change.anchor}"><h{level}>{head}</h{level}>'
        f"{said}{_settings(change, say)}{inner}</div>"
    )


def _place(path: Path | None) -> str:
    return ".".join(str(one + 1) for one in path or ())


def _shown(change: BlockChange, say: _Say) -> str:
    if change.words:
        return "".join(_piece(one, say) for one in change.words)
    text = escape(plain(change.html))
    if text and change.op in {"insert", "delete"}:
        return _marked(change.op, text, say)
    return text


def _piece(change: WordChange, say: _Say) -> str:
    if change.op == "equal":
        return escape(without_tags(change.after or ""))
    gone, new = (_with_tags(one or "") for one in (change.before, change.after))
    said = _marked("delete", gone, say) if gone else ""
    return said + (_marked("insert", new, say) if new else "")


def _marked(op: str, text: str, say: _Say) -> str:
    element, key = ("ins", "inserted") if op == "insert" else ("del", "deleted")
    start, end = (say(one) for one in (key, f"{key}_end"))
    return (
        f'<{element}><span class="unseen"{say.own}> [{start}: </span>{text}'
        f'<span class="unseen"{say.own}> {end}] </span></{element}>'
    )


def _settings(change: BlockChange, say: _Say) -> str:
    told = "".join(_setting(one, say) for one in change.attributes)
    return f"<ul>{told}</ul>" if told else ""


def _setting(change: AttributeChange, say: _Say) -> str:
    sides = (("delete", change.before), ("insert", change.after))
    marked = [_marked(op, escape(str(one)), say) for op, one in sides if one is not None]
    return f"<li>{say('setting')} {escape(change.name)}: {' '.join(marked)}</li>"


def _with_tags(html: str) -> str:
    """The words, and the tags as code: that something is bold now is a change too."""
    end = 0
    pieces: list[str] = []
    for tag in TAG.finditer(html):
        pieces += escape(unescape(html[end : tag.start()])), f"<code>{escape(tag[0])}</code>"
        end = tag.end()
    return "".join((*pieces, escape(unescape(html[end:]))))
