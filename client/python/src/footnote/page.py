"""An answer with its footnotes as a page of HTML that needs nothing else."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import TYPE_CHECKING

from footnote.v1 import GetSpanRequest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from footnote.citations import VerifiedCitation
    from footnote.client import Client
    from footnote.v1 import QuotedPart

# Sentences before and after what is cited.
_CONTEXT_SENTENCES = 20

_STYLE = """
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 44rem; margin: 2rem auto;
  padding: 0 1rem; }
.text { white-space: pre-wrap; overflow-wrap: anywhere; }
sup a { text-decoration: none; padding: 0 .15em; }
.shifted { color: #8a5a00; } .wrong, .invented { color: #b3001b; }
@media (prefers-color-scheme: dark) {
  .shifted { color: #ffc966; } .wrong, .invented { color: #ff8a96; } }
.source { border-left: .25rem solid #8888; padding-left: 1rem; }
.source .text { max-height: 24rem; overflow: auto; }
mark { background: #ffe680; color: #000; } :target { outline: .15rem solid #c90; }
.digest { font-size: .8rem; overflow-wrap: anywhere; }
@supports selector(:has(a)) {
  @media screen { .source:not(:has(:target)) .text { display: none; } } }
"""


@dataclass(frozen=True)
class _Note:
    """One footnote: a number of the page, and what it is of."""

    number: int
    cited: VerifiedCitation
    part: QuotedPart | None  # None where nothing stands anywhere


def render(
    client: Client,
    question: str,
    answer: str,
    checked: Sequence[VerifiedCitation],
) -> str:
    """Returns the page: question, answer, and every footnote in its source.

    Each number in the answer leads to the exact span, which is marked in the text
    around it. What is not verified says so and why.
    """
    notes = _notes_of(checked)
    sources = "\n".join(_source(client, note) for note in notes)
    return f"""<!DOCTYPE html>
<html>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{html.escape(question)}</title>
<style>{_STYLE}</style>
</head>
<body>
<h1 dir="auto">{html.escape(question)}</h1>
<div class="text" dir="auto">{_answer(answer, notes)}</div>
<h2>Footnotes</h2>
{sources}
</body>
</html>
"""


def _notes_of(checked: Sequence[VerifiedCitation]) -> list[_Note]:
    """Numbers what is cited: each part of a quote has its own footnote."""
    pairs = [(one, part) for one in checked for part in one.parts or (None,)]
    return [_Note(number, one, part) for number, (one, part) in enumerate(pairs, 1)]


def _answer(answer: str, notes: Sequence[_Note]) -> str:
    """Returns the answer with the numbers of footnotes where what cites ends."""
    by_end: dict[int, list[_Note]] = {}
    for note in notes:
        end = min(note.cited.citation.answer[1], len(answer))
        end = len(answer[:end].rstrip())
        by_end.setdefault(end, []).append(note)
    pieces, position = [], 0
    for end, ending in sorted(by_end.items()):
        pieces.append(html.escape(answer[position:end]))
        pieces += [_reference(note) for note in ending]
        position = end
    pieces.append(html.escape(answer[position:]))
    return "".join(pieces)


def _reference(note: _Note) -> str:
    verdict = note.cited.verdict.value
    return (
        f'<sup><a id="r{note.number}" href="#s{note.number}" class="{verdict}" '
        f'title="{verdict}">[{note.number}]</a></sup>'
    )


def _source(client: Client, note: _Note) -> str:
    verdict = note.cited.verdict.value
    said = verdict + (f": {note.cited.reason}" if note.cited.reason else "")
    back = f'<a href="#r{note.number}">[{note.number}]</a>'
    head = f'<span class="{verdict}">{html.escape(said)}</span>'
    if note.part is None:
        quote = html.escape(note.cited.citation.quote)
        return f"""<section class="source">
<p>{back} <mark id="s{note.number}" dir="auto">{quote or "no such source"}</mark>
{head}</p>
</section>"""
    document, provenance = note.part.document, note.part.provenance
    span = provenance.span
    around = client.get_span(
        GetSpanRequest(
            name=document.name,
            start_byte=span.start_byte,
            end_byte=span.end_byte,
            document_revision=provenance.document_revision,
            context_count=_CONTEXT_SENTENCES,
        )
    )
    before, text, after = (
        html.escape(block.text)
        for block in (around.before, around.content, around.after)
    )
    uri = html.escape(document.uri)
    marked = f'{before}<mark id="s{note.number}">{text}</mark>{after}'
    link = f'<a href="{uri}">{uri}</a>' if _is_web(document.uri) else uri
    return f"""<section class="source">
<p>{back} <b dir="auto">{html.escape(document.title)}</b> · {link} ·
bytes {span.start_byte}-{span.end_byte} · {head}</p>
<div class="text" dir="auto">{marked}</div>
<p class="digest">sha256 {provenance.text_sha256.hex()}</p>
</section>"""


def _is_web(uri: str) -> bool:
    return uri.startswith(("https://", "http://"))
