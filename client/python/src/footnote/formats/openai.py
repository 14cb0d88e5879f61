"""OpenAI: vector store search, file search, and annotations."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from footnote.citations import Citation
from footnote.formats._plain import plain
from footnote.passages import (
    attributes,
    from_attributes,
    generation_of,
    ref_from_attributes,
    response_of,
    untag,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from footnote.v1 import Passage, SearchResponse

_MAX_VALUE = 512
_WORD = re.compile(r"\w+")
# No stop within a sentence, as in "4.5" and "the U.S. market", ends it.
_SENTENCE_END = re.compile(
    r"[.!?][\"')\]\u201d\u2019]*\s+(?![\sa-z\u00e0-\u00ff])|[。！？\n]\s*"
)


def search_page(response: SearchResponse) -> dict[str, Any]:
    """Returns a page of `vector_stores.search`."""
    return {
        "object": "vector_store.search_results.page",
        "search_query": list(response.executed_queries),
        "data": [
            {
                **_result(passage, response),
                "content": [{"type": "text", "text": passage.text}],
            }
            for passage in response.passages
        ],
        "has_more": bool(response.next_page_token),
        "next_page": response.next_page_token or None,
    }


def from_search_page(page: Any) -> SearchResponse:
    """Returns the response of a page of `vector_stores.search`."""
    given = plain(page)
    response = _response(
        (item, "".join(part["text"] for part in item["content"]))
        for item in given["data"]
    )
    queries = given.get("search_query") or []
    response.executed_queries.extend([queries] if isinstance(queries, str) else queries)
    response.next_page_token = given.get("next_page") or ""
    return response


def file_search_call(response: SearchResponse, call_id: str) -> dict[str, Any]:
    """Returns a `file_search_call` of the Responses API with its results."""
    return {
        "id": call_id,
        "type": "file_search_call",
        "status": "completed",
        "queries": list(response.executed_queries),
        "results": [
            {**_result(passage, response), "text": passage.text}
            for passage in response.passages
        ],
    }


def from_file_search_call(call: Any) -> SearchResponse:
    """Returns the response of a `file_search_call`."""
    given = plain(call)
    response = _response(
        (item, item.get("text") or "") for item in given.get("results") or ()
    )
    response.executed_queries.extend(given["queries"])
    return response


def read_citations(answer: Any) -> list[Citation]:
    """Returns the citations of a `Response` that name sources of ours.

    Those of files are of the results in the answer itself, which it has where
    the request asked to include `file_search_call.results`; those of URLs are
    of URLs that the MCP server gave.
    """
    output = plain(answer)["output"]
    results = [
        result
        for item in output
        if item["type"] == "file_search_call"
        for result in item.get("results") or ()
    ]
    citations: list[Citation] = []
    position = 0
    parts = (
        part for item in output if item["type"] == "message" for part in item["content"]
    )
    for part in parts:
        if part["type"] != "output_text":
            continue
        for annotation in part.get("annotations") or ():
            citation = _citation(annotation, part["text"], position, results)
            if citation is not None:
                citations.append(citation)
        position += len(part["text"])
    return citations


def _result(passage: Passage, response: SearchResponse) -> dict[str, Any]:
    values = attributes(passage, generation_of(passage, response))
    values.pop("document_id", None)  # that is the file
    return {
        "file_id": passage.document.document_id,
        "filename": passage.document.filename or passage.document.title,
        "score": passage.relevance,
        # What is too long for a value cannot be carried.
        "attributes": {
            key: value
            for key, value in values.items()
            if not isinstance(value, str) or len(value) <= _MAX_VALUE
        },
    }


def _response(items: Iterable[tuple[Mapping[str, Any], str]]) -> SearchResponse:
    passages, refs = [], []
    for rank, (item, text) in enumerate(items, 1):
        values = {**(item.get("attributes") or {}), "document_id": item["file_id"]}
        passage = from_attributes(text, values)
        passage.rank = rank
        passage.relevance = item.get("score") or 0
        if item.get("filename") != passage.document.title:
            passage.document.filename = item.get("filename") or ""
        passages.append(passage)
        refs.append(ref_from_attributes(values))
    return response_of(passages, refs)


def _citation(
    annotation: Mapping[str, Any],
    text: str,
    position: int,
    results: Sequence[Mapping[str, Any]],
) -> Citation | None:
    if annotation["type"] == "url_citation":
        start, end = annotation["start_index"], annotation["end_index"]
        _, ref = untag(annotation["url"])
        if ref is None:
            return None
        return Citation(
            ref=ref, answer=(position + start, position + end), label=annotation["url"]
        )
    if annotation["type"] != "file_citation":
        return None
    start, end = _sentence_before(text, annotation["index"])
    answer = (position + start, position + end)
    cited = [one for one in results if one.get("file_id") == annotation["file_id"]]
    label = annotation["filename"]
    if not cited:
        missing = f"no result is of the file {annotation['file_id']}"
        return Citation(ref=None, answer=answer, label=label, missing=missing)
    best = max(
        cited, key=lambda one: _shared_words(text[start:end], one.get("text") or "")
    )
    ref = ref_from_attributes(best.get("attributes") or {})
    if ref is None:
        return None
    return Citation(
        ref=ref,
        quote=best.get("text") or "",
        answer=answer,
        said=text[start:end].strip(),
        label=label,
    )


def _sentence_before(text: str, index: int) -> tuple[int, int]:
    """Returns the sentence that ends where a file citation is to be put."""
    index = min(index, len(text))
    ends = [match.end() for match in _SENTENCE_END.finditer(text, 0, index)]
    start = next((end for end in reversed(ends) if text[end:index].strip()), 0)
    return start, index


def _shared_words(a: str, b: str) -> int:
    return len({*_WORD.findall(a.lower())} & {*_WORD.findall(b.lower())})
