"""The retriever, and the way back from its nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.schema import (
    NodeRelationship,
    NodeWithScore,
    QueryBundle,
    RelatedNodeInfo,
    TextNode,
)

from footnote import AsyncClient, Client
from footnote._retrieval import metadata_of, request_of, response_from

if TYPE_CHECKING:
    from collections.abc import Iterable

    from footnote.v1 import Filter, Passage, SearchResponse

# What of the metadata a language model is to read; the rest are numbers.
_FOR_MODELS = frozenset({"title", "url", "section"})


class FootnoteRetriever(BaseRetriever):
    """Retrieves passages of a collection as nodes.

    A node has the place of its passage in code points, its document as source,
    its neighbours, and more in its metadata, of which models get title, url and
    section. The score of a node is the relevance, 0 to 1. `to_response` makes
    the response of nodes again.

    Args:
        collection: The collection.
        server: HOST:PORT of footnote-server.
        similarity_top_k: How many passages to retrieve, at most 100.
        filter: Only passages that meet it are retrieved.
        timeout: Of one search, in seconds.
        options: Those of every retriever of LlamaIndex.
    """

    def __init__(
        self,
        collection: str,
        server: str = "127.0.0.1:50051",
        similarity_top_k: int = 4,
        filter: Filter | None = None,  # noqa: A002
        timeout: float = 10.0,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self._collection = collection
        self._server = server
        self._top_k = similarity_top_k
        self._filter = filter
        self._timeout = timeout
        self._client = Client(server, timeout=timeout)

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        request = request_of(
            self._collection, query_bundle.query_str, self._top_k, self._filter
        )
        return _nodes(self._client.search(request))

    async def _aretrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        request = request_of(
            self._collection, query_bundle.query_str, self._top_k, self._filter
        )
        # A client belongs to one event loop, which may be another next time.
        async with AsyncClient(self._server, timeout=self._timeout) as client:
            return _nodes(await client.search(request))


def to_response(nodes: Iterable[NodeWithScore]) -> SearchResponse:
    """Returns the response that nodes of a `FootnoteRetriever` came from."""
    return response_from((one.node.get_content(), one.node.metadata) for one in nodes)


def _nodes(response: SearchResponse) -> list[NodeWithScore]:
    return [
        NodeWithScore(node=_node(passage, response), score=passage.relevance)
        for passage in response.passages
    ]


def _node(passage: Passage, response: SearchResponse) -> TextNode:
    metadata = metadata_of(passage, response)
    hidden = [key for key in metadata if key not in _FOR_MODELS]
    provenance = passage.provenance
    related = {
        NodeRelationship.SOURCE: passage.document.document_id,
        NodeRelationship.PREVIOUS: provenance.previous_passage_id,
        NodeRelationship.NEXT: provenance.next_passage_id,
    }
    return TextNode(
        id_=passage.passage_id,
        text=passage.text,
        metadata=metadata,
        excluded_llm_metadata_keys=hidden,
        excluded_embed_metadata_keys=hidden,
        start_char_idx=provenance.span.start_char,
        end_char_idx=provenance.span.end_char,
        relationships={
            kind: RelatedNodeInfo(node_id=node)
            for kind, node in related.items()
            if node
        },
    )
