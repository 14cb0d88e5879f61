"""What the retrievers of all frameworks have in common."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from footnote.passages import (
    FULL_KEY,
    add_generation,
    attributes,
    from_full,
    full,
    generation_of,
)
from footnote.v1 import SearchRequest, SearchResponse

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from footnote.v1 import Filter, Passage


def request_of(
    collection: str, query: str, count: int, filter_: Filter | None = None
) -> SearchRequest:
    """Returns a search for passages, without what only people look at."""
    return SearchRequest(
        collection=collection,
        query=query,
        page_size=count,
        filter=filter_,
        omit_facets=True,
        omit_counts=True,
    )


def metadata_of(passage: Passage, response: SearchResponse) -> dict[str, Any]:
    """Returns flat metadata; the whole passage is in them as a JSON string."""
    return {
        **attributes(passage, generation_of(passage, response)),
        "relevance": passage.relevance,
        FULL_KEY: json.dumps(
            full(passage, generation_of(passage, response)), ensure_ascii=False
        ),
    }


def response_from(found: Iterable[tuple[str, Mapping[str, Any]]]) -> SearchResponse:
    """Returns the response of which texts and metadata came."""
    response = SearchResponse()
    for text, metadata in found:
        passage, generation = from_full(text, json.loads(metadata[FULL_KEY]))
        response.passages.append(passage)
        add_generation(response, generation)
    return response
