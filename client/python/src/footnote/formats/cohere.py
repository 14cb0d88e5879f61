"""Cohere's chat, version 2: documents and citations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from footnote.citations import Citation
from footnote.formats._plain import plain
from footnote.passages import (
    PassageRef,
    attributes,
    from_attributes,
    generation_of,
    ref_from_attributes,
    ref_of,
    response_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from footnote.v1 import SearchResponse

_TEXT_KEY = "text"


def documents(response: SearchResponse) -> list[dict[str, Any]]:
    """Returns the `documents` of a chat; all of their `data` reaches the model."""
    return [
        {
            "id": "/".join(map(str, ref_of(passage, generation_of(passage, response)))),
            "data": {
                _TEXT_KEY: passage.text,
                **attributes(passage, generation_of(passage, response)),
            },
        }
        for passage in response.passages
    ]


def from_documents(given: Iterable[Any]) -> SearchResponse:
    """Returns the response of `documents`: text and attributes."""
    passages, refs = [], []
    for one in given:
        data = plain(one)["data"]
        passages.append(from_attributes(data[_TEXT_KEY], data))
        refs.append(ref_from_attributes(data))
    return response_of(passages, refs)


def read_citations(answer: Any) -> list[Citation]:
    """Returns the citations of a `V2ChatResponse` that name documents of ours."""
    message = plain(answer)["message"]
    texts = [part.get("text") or "" for part in message.get("content") or ()]
    citations: list[Citation] = []
    for given in message.get("citations") or ():
        index = given.get("content_index") or 0
        text = texts[index] if index < len(texts) else ""
        start, end = given["start"], given["end"]
        fault = ""
        if text[start:end] != given["text"]:
            fault = f"characters {start}-{end} of the answer are not {given['text']!r}"
        before = sum(map(len, texts[:index]))
        for source in given.get("sources") or ():
            data = _data_of(source)
            ref = ref_from_attributes(data) or _ref_of_id(source.get("id") or "")
            if ref is None:
                continue
            citation = Citation(
                ref=ref,
                quote=str(data.get(_TEXT_KEY, "")),
                answer=(before + start, before + end),
                said=given["text"],
                label=str(data.get("title", "")),
                fault=fault,
            )
            citations.append(citation)
    return citations


def _data_of(source: Mapping[str, Any]) -> Mapping[str, Any]:
    """Returns the data of a document, given as such or by a tool."""
    return source.get("document") or source.get("tool_output") or {}


def _ref_of_id(document_id: str) -> PassageRef | None:
    parts = document_id.split("/")
    if len(parts) != 3 or not parts[1].isdecimal():  # noqa: PLR2004
        return None
    return PassageRef(parts[0], int(parts[1]), parts[2])
