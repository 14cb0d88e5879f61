"""Amazon Bedrock: Retrieve, RetrieveAndGenerate and Converse."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from footnote.citations import Citation
from footnote.formats._blocks import (
    Location,
    SentSource,
    citation_of,
    passage_of,
    response_from,
    sentences,
)
from footnote.passages import (
    FULL_KEY,
    add_generation,
    attributes,
    from_attributes,
    from_full,
    full,
    generation_of,
    ref_from_attributes,
    ref_of,
    response_of,
    tag,
    untag,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from footnote.v1 import Passage, SearchResponse


def retrieve_response(response: SearchResponse) -> dict[str, Any]:
    """Returns a response of `bedrock-agent-runtime` Retrieve."""
    answer: dict[str, Any] = {
        "retrievalResults": [
            {
                "content": {"type": "TEXT", "text": passage.text},
                "location": _location(passage),
                "score": passage.relevance,
                "documentId": passage.document.document_id,
                "metadata": {
                    **attributes(passage, generation_of(passage, response)),
                    FULL_KEY: full(passage, generation_of(passage, response)),
                },
            }
            for passage in response.passages
        ]
    }
    if response.next_page_token:
        answer["nextToken"] = response.next_page_token
    return answer


def from_retrieve_response(answer: Mapping[str, Any]) -> SearchResponse:
    """Returns the response of a Retrieve response."""
    response = response_of(())
    for result in answer["retrievalResults"]:
        text, values = result["content"]["text"], result.get("metadata") or {}
        if FULL_KEY in values:
            passage, generation = from_full(text, values[FULL_KEY])
            add_generation(response, generation)
        else:
            passage = from_attributes(text, values)
            passage.relevance = result.get("score") or 0
        response.passages.append(passage)
    response.next_page_token = answer.get("nextToken", "")
    return response


def search_results(response: SearchResponse) -> list[dict[str, Any]]:
    """Returns `searchResult` blocks of Converse with citations on.

    They stand in the content of a user's message or of a tool result.
    """
    return [
        {
            "searchResult": {
                "source": tag(
                    passage.document.uri,
                    ref_of(passage, generation_of(passage, response)),
                ),
                "title": passage.document.title,
                "content": [{"text": text} for text in sentences(passage)],
                "citations": {"enabled": True},
            }
        }
        for passage in response.passages
    ]


def from_search_results(blocks: Iterable[Mapping[str, Any]]) -> SearchResponse:
    """Returns the response of `searchResult` blocks: text, title, uri and ids."""
    given = [block["searchResult"] for block in blocks]
    passages = [
        passage_of(
            one["source"], one["title"], (part["text"] for part in one["content"])
        )
        for one in given
    ]
    return response_from([one["source"] for one in given], passages)


def read_converse_citations(
    answer: Mapping[str, Any], messages: Iterable[Mapping[str, Any]]
) -> list[Citation]:
    """Returns the citations of a Converse response that name sources of ours.

    Args:
        answer: The response.
        messages: Those of the request, whose search results the citations count.
    """
    sent = [
        SentSource(
            untag(block["searchResult"]["source"])[1],
            tuple(part["text"] for part in block["searchResult"]["content"]),
        )
        for block in _blocks_of(messages)
        if "searchResult" in block
    ]
    citations, position = [], 0
    for block in answer["output"]["message"]["content"]:
        cited = block.get("citationsContent", {"content": [block]})
        text = "".join(part.get("text", "") for part in cited["content"])
        end = position + len(text)
        for given in cited.get("citations", ()):
            place = given["location"].get("searchResultLocation")
            if place is None:
                continue
            location = Location(
                place["searchResultIndex"],
                place["start"],
                place["end"],
                in_blocks=True,
                quote="".join(part["text"] for part in given.get("sourceContent", ())),
                label=given.get("source", ""),
            )
            citation = citation_of(location, sent, (position, end))
            if citation is not None:
                citations.append(citation)
        position = end
    return citations


def read_generated_citations(answer: Mapping[str, Any]) -> list[Citation]:
    """Returns the citations of RetrieveAndGenerate that name passages of ours."""
    text = answer["output"]["text"]
    citations: list[Citation] = []
    for given in answer.get("citations", ()):
        part = given["generatedResponsePart"]["textResponsePart"]
        place, fault = _place_of(part, text)
        for reference in given["retrievedReferences"]:
            ref = ref_from_attributes(reference.get("metadata") or {})
            if ref is None:
                continue
            citation = Citation(
                ref=ref,
                quote=reference["content"]["text"],
                answer=place,
                said=part["text"],
                label=str(reference["metadata"].get("title", "")),
                fault=fault,
            )
            citations.append(citation)
    return citations


def _location(passage: Passage) -> dict[str, Any]:
    uri = passage.document.uri
    if uri.startswith("s3://"):
        return {"type": "S3", "s3Location": {"uri": uri}}
    if uri.startswith(("https://", "http://")):
        return {"type": "WEB", "webLocation": {"url": uri}}
    return {
        "type": "CUSTOM",
        "customDocumentLocation": {"id": passage.document.document_id},
    }


def _blocks_of(messages: Iterable[Mapping[str, Any]]) -> Iterable[Mapping[str, Any]]:
    for message in messages:
        for block in message["content"]:
            if "toolResult" in block:
                yield from block["toolResult"]["content"]
            else:
                yield block


def _place_of(part: Mapping[str, Any], text: str) -> tuple[tuple[int, int], str]:
    """Returns where a part stands in the answer, and what is wrong with that.

    It is not said whether the end is the last character or one past it.
    """
    start, end = part["span"]["start"], part["span"]["end"]
    for stop in (end, end + 1):
        if text[start:stop] == part["text"]:
            return (start, stop), ""
    fault = f"characters {start}-{end} of the answer are not what the citation says"
    return (start, end), fault
