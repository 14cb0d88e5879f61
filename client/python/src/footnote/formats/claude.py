"""Claude's Messages API: search results and documents with citations."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from footnote.formats._blocks import (
    Location,
    SentSource,
    citation_of,
    passage_of,
    response_from,
    sentences,
)
from footnote.formats._plain import plain
from footnote.passages import (
    attributes,
    from_attributes,
    generation_of,
    ref_from_attributes,
    ref_of,
    response_of,
    tag,
    untag,
)
from footnote.v1 import TextBlock

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from footnote.citations import Citation
    from footnote.v1 import Passage, SearchResponse

# Per kind of citation: which source, from where, to where, counted in blocks.
_LOCATIONS = {
    "search_result_location": (
        ("search_result_index", "start_block_index", "end_block_index"),
        True,
    ),
    "content_block_location": (
        ("document_index", "start_block_index", "end_block_index"),
        True,
    ),
    "char_location": (("document_index", "start_char_index", "end_char_index"), False),
}


def search_results(response: SearchResponse) -> list[dict[str, Any]]:
    """Returns `search_result` blocks with citations on, a text block a sentence.

    They stand in the content of a user's message or of a tool result. All
    sources of a request must have citations on, or none.
    """
    return [
        {
            "type": "search_result",
            "source": tag(
                passage.document.uri, ref_of(passage, generation_of(passage, response))
            ),
            "title": passage.document.title,
            "content": [{"type": "text", "text": text} for text in sentences(passage)],
            "citations": {"enabled": True},
        }
        for passage in response.passages
    ]


def from_search_results(blocks: Iterable[Mapping[str, Any]]) -> SearchResponse:
    """Returns the response of `search_result` blocks: text, title, uri and ids."""
    given = list(blocks)
    passages = [
        passage_of(
            block["source"],
            block["title"],
            (part["text"] for part in block["content"]),
        )
        for block in given
    ]
    return response_from([block["source"] for block in given], passages)


def documents(
    response: SearchResponse, *, sentences_as_blocks: bool = False
) -> list[dict[str, Any]]:
    """Returns `document` blocks with citations on; `context` says what they are.

    Claude cites sentences that it finds itself, by characters;
    with `sentences_as_blocks` ours, by blocks.
    """
    return [
        {
            "type": "document",
            "source": _source(passage, sentences_as_blocks),
            "title": passage.document.title,
            "context": json.dumps(
                attributes(passage, generation_of(passage, response)),
                ensure_ascii=False,
            ),
            "citations": {"enabled": True},
        }
        for passage in response.passages
    ]


def from_documents(blocks: Iterable[Mapping[str, Any]]) -> SearchResponse:
    """Returns the response of `document` blocks: text and attributes."""
    passages, refs = [], []
    for block in blocks:
        texts = _texts_of(block["source"])
        values = json.loads(block["context"])
        passage = from_attributes("".join(texts), values)
        if block["source"]["type"] == "content":
            passage.blocks.extend(TextBlock(text=text) for text in texts)
        passages.append(passage)
        refs.append(ref_from_attributes(values))
    return response_of(passages, refs)


def read_citations(
    answer: Any, messages: Iterable[Mapping[str, Any]]
) -> list[Citation]:
    """Returns the citations of an answer that name sources of ours.

    Args:
        answer: The message that Claude gave, as dictionary or `Message`.
        messages: Those of the request, whose sources the citations count.
    """
    results, documents_sent = _sent(messages)
    citations, position = [], 0
    for block in plain(answer)["content"]:
        if block["type"] != "text":
            continue
        end = position + len(block["text"])
        for given in block.get("citations") or ():
            kind = _LOCATIONS.get(given["type"])
            if kind is None:  # pages and the web, which are never ours
                continue
            (index, start, stop), in_blocks = kind
            location = Location(
                given[index],
                given[start],
                given[stop],
                in_blocks,
                given["cited_text"],
                given.get("source") or given.get("document_title") or "",
            )
            is_result = index == "search_result_index"
            sent = results if is_result else documents_sent
            citation = citation_of(location, sent, (position, end))
            if citation is not None:
                citations.append(citation)
        position = end
    return citations


def _source(passage: Passage, sentences_as_blocks: bool) -> dict[str, Any]:
    if not sentences_as_blocks:
        return {"type": "text", "media_type": "text/plain", "data": passage.text}
    content = [{"type": "text", "text": text} for text in sentences(passage)]
    return {"type": "content", "content": content}


def _texts_of(source: Mapping[str, Any]) -> list[str]:
    """Returns the text of a document block in its blocks."""
    if source["type"] == "text":
        return [source["data"]]
    if source["type"] != "content":
        return []  # a PDF
    content = source["content"]
    if isinstance(content, str):
        return [content]
    return [part["text"] for part in content if part["type"] == "text"]


def _sent(
    messages: Iterable[Mapping[str, Any]],
) -> tuple[Sequence[SentSource], Sequence[SentSource]]:
    """Returns the search results and the documents of a request, in order."""
    results, found = [], []
    for block in _blocks_of(messages):
        if block["type"] == "search_result":
            texts = tuple(part["text"] for part in block["content"])
            results.append(SentSource(untag(block["source"])[1], texts))
        elif block["type"] == "document":
            texts = tuple(_texts_of(block["source"]))
            found.append(SentSource(_ref_of_context(block.get("context")), texts))
    return results, found


def _blocks_of(messages: Iterable[Mapping[str, Any]]) -> Iterable[Mapping[str, Any]]:
    """Yields the blocks of a request; earlier answers are often models in it."""
    for message in messages:
        content = message["content"]
        for given in content if not isinstance(content, str) else ():
            block = plain(given)
            inner = block.get("content") if block["type"] == "tool_result" else None
            if inner is None:
                yield block
            elif not isinstance(inner, str):
                yield from map(plain, inner)


def _ref_of_context(context: str | None) -> Any:
    try:
        values = json.loads(context or "")
    except ValueError:
        return None
    return ref_from_attributes(values) if isinstance(values, dict) else None
