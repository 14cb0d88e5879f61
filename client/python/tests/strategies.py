"""Responses of any passages whose parts agree, for property tests."""

from __future__ import annotations

import hashlib
from typing import Any

from hypothesis import strategies as st

from footnote import v1

# All of Unicode that UTF-8 has: no lone surrogates.
texts = st.text(st.characters(codec="utf-8"), max_size=30)
words = texts.filter(str.strip)
ids = st.text("abcdefXYZ012_-", min_size=22, max_size=22)
hashes = st.binary(min_size=32, max_size=32)


@st.composite
def passages(draw: Any, collection: str) -> v1.Passage:
    blocks = draw(st.lists(texts.filter(bool), min_size=1, max_size=4))
    before = draw(texts)
    text = "".join(blocks)
    revision = draw(hashes)
    document_id = draw(words)
    passage_id = draw(ids)
    passage = v1.Passage(
        passage_id=passage_id,
        name=f"collections/{collection}/passages/{passage_id}",
        rank=draw(st.integers(1, 100)),
        score=draw(st.floats(0, 1e6)),
        relevance=draw(st.floats(0, 1)),
        text=text,
        score_kind=v1.ScoreKind.SCORE_KIND_BM25,
        highlights=[{"span": span("", text[:1]), "term": draw(texts)}],
        document={
            "document_id": document_id,
            "name": f"collections/{collection}/documents/{document_id}",
            "title": draw(words),
            "uri": draw(words),
            "language": draw(st.sampled_from(["en", "de", "und"])),
            "revision": revision.hex(),
            "sha256": revision,
            "create_time": {"seconds": draw(st.integers(0, 10**10))},
        },
        provenance={
            "span": span(before, text),
            "heading_path": draw(st.lists(words, max_size=3)),
            "ordinal": draw(st.integers(0, 1000)),
            "document_revision": revision.hex(),
            "document_sha256": revision,
            "text_sha256": hashlib.sha256(text.encode()).digest(),
            "prefix": before,
        },
    )
    passage.document.metadata.update({"key": draw(texts), "list": [1, None, "ü"]})
    for block in blocks:
        passage.blocks.add(text=block, span=span(before, block))
        before += block
    return passage


def span(before: str, text: str) -> dict[str, int]:
    return {
        "start_byte": len(before.encode()),
        "end_byte": len((before + text).encode()),
        "start_char": len(before),
        "end_char": len(before + text),
    }


@st.composite
def responses(draw: Any) -> v1.SearchResponse:
    collection = draw(st.sampled_from(["seeds", "a-b_c"]))
    return v1.SearchResponse(
        passages=draw(st.lists(passages(collection), min_size=1, max_size=3)),
        executed_queries=draw(st.lists(words, min_size=1, max_size=2)),
        next_page_token=draw(st.sampled_from(["", "token"])),
        generation={
            "collection": f"collections/{collection}",
            "generation": draw(st.integers(1, 10**6)),
            "manifest_sha256": draw(hashes),
        },
    )


@st.composite
def responses_of_several(draw: Any) -> v1.SearchResponse:
    """Responses of searches in two collections."""
    one: v1.SearchResponse = draw(responses())
    other: v1.SearchResponse = draw(responses())
    names = {one.generation.collection, other.generation.collection}
    if len(names) == 1:
        return one
    generations = sorted(
        (one.generation, other.generation), key=lambda each: each.collection
    )
    return v1.SearchResponse(
        passages=[*one.passages, *other.passages], generations=generations
    )
