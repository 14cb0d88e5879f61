"""The component, and the way back from its documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from haystack import Document, component, default_from_dict, default_to_dict
from haystack.document_stores.types import FilterPolicy, apply_filter_policy

from footnote import AsyncClient, Client
from footnote._retrieval import metadata_of, request_of, response_from
from haystack_integrations.components.retrievers.footnote.filters import to_filter

if TYPE_CHECKING:
    from collections.abc import Iterable

    from footnote.v1 import Passage, SearchRequest, SearchResponse


@component
class FootnoteRetriever:
    """Retrieves passages of a collection as documents.

    Their meta have what Haystack's splitters give (`source_id`, `split_id`,
    `split_idx_start`), the exact place, and more. `to_response` makes the
    response of documents again.

    Args:
        collection: The collection.
        server: HOST:PORT of footnote-server.
        filters: Only passages that meet them are retrieved.
        top_k: How many passages to retrieve, at most 100.
        scale_score: Gives the relevance, 0 to 1, as score, not the raw score.
        filter_policy: Whether filters of a run replace these or go with them.
        timeout: Of one search, in seconds.
    """

    def __init__(
        self,
        collection: str,
        server: str = "127.0.0.1:50051",
        filters: dict[str, Any] | None = None,
        top_k: int = 10,
        scale_score: bool = False,
        filter_policy: str | FilterPolicy = FilterPolicy.REPLACE,
        timeout: float = 10.0,
    ) -> None:
        self.collection = collection
        self.server = server
        self.filters = filters
        self.top_k = top_k
        self.scale_score = scale_score
        self.filter_policy = FilterPolicy(filter_policy)
        self.timeout = timeout
        self._client = Client(server, timeout=timeout)

    def to_dict(self) -> dict[str, Any]:
        """Returns the component as a dictionary."""
        return default_to_dict(
            self,
            collection=self.collection,
            server=self.server,
            filters=self.filters,
            top_k=self.top_k,
            scale_score=self.scale_score,
            filter_policy=self.filter_policy.value,
            timeout=self.timeout,
        )

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> FootnoteRetriever:
        """Returns the component of a dictionary."""
        made: FootnoteRetriever = default_from_dict(cls, data)
        return made

    @component.output_types(documents=list[Document])
    def run(
        self,
        query: str,
        filters: dict[str, Any] | None = None,
        top_k: int | None = None,
        scale_score: bool | None = None,
    ) -> dict[str, list[Document]]:
        """Retrieves passages; what is given goes before the constructor's."""
        response = self._client.search(self._request(query, filters, top_k))
        return {"documents": self._documents(response, scale_score)}

    @component.output_types(documents=list[Document])
    async def run_async(
        self,
        query: str,
        filters: dict[str, Any] | None = None,
        top_k: int | None = None,
        scale_score: bool | None = None,
    ) -> dict[str, list[Document]]:
        """Retrieves passages as `run` does."""
        # A client belongs to one event loop, which may be another next time.
        async with AsyncClient(self.server, timeout=self.timeout) as client:
            response = await client.search(self._request(query, filters, top_k))
        return {"documents": self._documents(response, scale_score)}

    def _request(
        self, query: str, filters: dict[str, Any] | None, top_k: int | None
    ) -> SearchRequest:
        merged = apply_filter_policy(self.filter_policy, self.filters, filters)
        return request_of(
            self.collection,
            query,
            top_k or self.top_k,
            to_filter(merged) if merged else None,
        )

    def _documents(
        self, response: SearchResponse, scale_score: bool | None
    ) -> list[Document]:
        scaled = self.scale_score if scale_score is None else scale_score
        return [_document(passage, response, scaled) for passage in response.passages]


def to_response(documents: Iterable[Document]) -> SearchResponse:
    """Returns the response that documents of a `FootnoteRetriever` came from."""
    return response_from((one.content or "", one.meta) for one in documents)


def _document(passage: Passage, response: SearchResponse, scaled: bool) -> Document:
    meta = {
        **metadata_of(passage, response),
        "source_id": passage.document.document_id,
        "split_id": passage.provenance.ordinal,
        "split_idx_start": passage.provenance.span.start_char,
    }
    return Document(
        id=passage.passage_id,
        content=passage.text,
        meta=meta,
        score=passage.relevance if scaled else passage.score,
    )
