"""Gemini and Vertex AI: grounding metadata, and search by your own API."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from footnote.citations import Citation
from footnote.formats._plain import plain
from footnote.passages import (
    FULL_KEY,
    add_generation,
    attributes,
    from_attributes,
    from_full,
    full,
    generation_of,
    name_passage,
    ref_from_attributes,
    ref_of,
    response_of,
    tag,
    untag,
)
from footnote.v1 import Passage

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from footnote.passages import PassageRef
    from footnote.v1 import SearchResponse

_CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def grounding_metadata(response: SearchResponse) -> dict[str, Any]:
    """Returns `GroundingMetadata` whose chunks are the passages."""
    return {
        "retrieval_queries": list(response.executed_queries),
        "grounding_chunks": [
            _chunk(passage, response) for passage in response.passages
        ],
    }


def from_grounding_metadata(metadata: Any) -> SearchResponse:
    """Returns the response of the chunks of `GroundingMetadata`."""
    given = _snake(plain(metadata))
    contexts = [
        chunk.get("retrieved_context") or {}
        for chunk in given.get("grounding_chunks") or ()
    ]
    response = response_of(())
    for context in contexts:
        text = context.get("text") or ""
        values = _values_of(context)
        if FULL_KEY in values:
            passage, generation = from_full(text, json.loads(str(values[FULL_KEY])))
            add_generation(response, generation)
        else:
            passage = from_attributes(text, values)
        response.passages.append(passage)
    response.executed_queries.extend(given.get("retrieval_queries") or ())
    return response


def simple_search(response: SearchResponse) -> list[dict[str, str]]:
    """Returns what a search API of one's own answers to Gemini (SIMPLE_SEARCH)."""
    return [
        {
            "snippet": passage.text,
            "uri": tag(
                passage.document.uri, ref_of(passage, generation_of(passage, response))
            ),
        }
        for passage in response.passages
    ]


def from_simple_search(results: Iterable[Mapping[str, str]]) -> SearchResponse:
    """Returns the response of a SIMPLE_SEARCH answer: text, uri and ids."""
    passages, refs = [], []
    for result in results:
        uri, ref = untag(result["uri"])
        passage = Passage(text=result["snippet"])
        passage.document.uri = uri
        if ref is not None:
            name_passage(passage, ref)
        passages.append(passage)
        refs.append(ref)
    return response_of(passages, refs)


def read_citations(answer: Any) -> list[Citation]:
    """Returns the citations of a response's first candidate that are ours.

    Takes a `GenerateContentResponse`, or its JSON with the names of either.
    """
    candidates = _snake(plain(answer)).get("candidates") or [{}]
    candidate = candidates[0]
    metadata = candidate.get("grounding_metadata") or {}
    chunks = metadata.get("grounding_chunks") or []
    content = candidate.get("content") or {}
    parts = [part.get("text") or "" for part in content.get("parts") or ()]
    citations: list[Citation] = []
    for support in metadata.get("grounding_supports") or ():
        answer_place, said, fault = _segment(support["segment"], parts)
        for index in support.get("grounding_chunk_indices") or ():
            citation = _citation(index, chunks, answer_place, said, fault)
            if citation is not None:
                citations.append(citation)
    return citations


def _chunk(passage: Passage, response: SearchResponse) -> dict[str, Any]:
    ref = ref_of(passage, generation_of(passage, response))
    values: dict[str, Any] = dict(attributes(passage, generation_of(passage, response)))
    values[FULL_KEY] = json.dumps(full(passage, generation_of(passage, response)))
    return {
        "retrieved_context": {
            "uri": tag(passage.document.uri, ref),
            "title": passage.document.title,
            "text": passage.text,
            "document_name": passage.document.name,
            "rag_chunk": {
                "text": passage.text,
                "chunk_id": passage.passage_id,
                "file_id": passage.document.document_id,
            },
            "custom_metadata": [
                {"key": key, "string_value": value}
                if isinstance(value, str)
                else {"key": key, "numeric_value": float(value)}
                for key, value in values.items()
            ],
        }
    }


def _values_of(context: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the custom metadata of a chunk by key."""
    values: dict[str, Any] = {}
    for one in context.get("custom_metadata") or ():
        text, number = one.get("string_value"), one.get("numeric_value")
        values[one["key"]] = text if text is not None else number
    return values


def _ref_of_chunk(chunk: Mapping[str, Any]) -> PassageRef | None:
    context = chunk.get("retrieved_context") or {}
    ref = ref_from_attributes(_values_of(context))
    uri = context.get("uri") or (chunk.get("web") or {}).get("uri") or ""
    return ref or untag(uri)[1]


def _segment(
    segment: Mapping[str, Any], parts: Sequence[str]
) -> tuple[tuple[int, int], str, str]:
    """Returns a segment in code points of the answer, its text, and its fault.

    Segments count bytes of UTF-8 within one part.
    """
    part = segment.get("part_index") or 0
    data = (parts[part] if part < len(parts) else "").encode()
    first, last = segment.get("start_index") or 0, segment.get("end_index") or 0
    said = segment.get("text") or data[first:last].decode(errors="replace")
    fault = ""
    if data[first:last] != said.encode():
        fault = f"bytes {first}-{last} of the answer are not what the segment says"
    before = sum(map(len, parts[:part]))
    start = before + len(data[:first].decode(errors="ignore"))
    return (start, start + len(said)), said, fault


def _citation(
    index: int,
    chunks: Sequence[Mapping[str, Any]],
    answer: tuple[int, int],
    said: str,
    fault: str,
) -> Citation | None:
    if not 0 <= index < len(chunks):
        missing = f"there is no chunk {index}"
        return Citation(ref=None, answer=answer, said=said, missing=missing)
    chunk = chunks[index]
    ref = _ref_of_chunk(chunk)
    if ref is None:
        return None
    context = chunk.get("retrieved_context") or chunk.get("web") or {}
    return Citation(
        ref=ref,
        quote=context.get("text") or "",
        answer=answer,
        said=said,
        label=context.get("title") or "",
        fault=fault,
    )


def _snake(value: Any) -> Any:
    """Returns JSON with its names as Python has them; REST has camelCase."""
    if isinstance(value, dict):
        return {
            _CAPITAL.sub("_", key).lower(): _snake(one) for key, one in value.items()
        }
    return [_snake(one) for one in value] if isinstance(value, list) else value
