"""The retriever, and the way back from its documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, Field, PrivateAttr

from footnote import AsyncClient, Client
from footnote._retrieval import metadata_of, request_of, response_from
from footnote.v1 import Filter  # noqa: TC001

if TYPE_CHECKING:
    from collections.abc import Iterable

    from langchain_core.callbacks import (
        AsyncCallbackManagerForRetrieverRun,
        CallbackManagerForRetrieverRun,
    )

    from footnote.v1 import SearchResponse


class FootnoteRetriever(BaseRetriever):
    """Retrieves passages of a collection.

    The metadata of each document say where exactly it stands: `source`, `title`,
    `start_index` (in code points), `start_byte`, `end_byte`, `revision`,
    `text_sha256` and more, with `score` and `relevance`. `to_response` makes the
    response of documents again.

    Example:
        FootnoteRetriever(collection="notes", k=5).invoke("supply chain risk")
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    collection: str
    """The collection."""
    server: str = "127.0.0.1:50051"
    """HOST:PORT of footnote-server."""
    k: int = Field(default=4, ge=1, le=100)
    """How many passages to retrieve."""
    filter: Filter | None = None
    """Only passages that meet it are retrieved."""
    timeout: float = 10.0
    """Of one search, in seconds."""

    _client: Client | None = PrivateAttr(default=None)

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,
        k: int | None = None,
    ) -> list[Document]:
        if self._client is None:
            self._client = Client(self.server, timeout=self.timeout)
        request = request_of(self.collection, query, k or self.k, self.filter)
        return _documents(self._client.search(request))

    async def _aget_relevant_documents(
        self,
        query: str,
        *,
        run_manager: AsyncCallbackManagerForRetrieverRun,
        k: int | None = None,
    ) -> list[Document]:
        # A client belongs to one event loop, which may be another next time.
        request = request_of(self.collection, query, k or self.k, self.filter)
        async with AsyncClient(self.server, timeout=self.timeout) as client:
            return _documents(await client.search(request))


def to_response(documents: Iterable[Document]) -> SearchResponse:
    """Returns the response that documents of a `FootnoteRetriever` came from."""
    return response_from((one.page_content, one.metadata) for one in documents)


def _documents(response: SearchResponse) -> list[Document]:
    documents = []
    for passage in response.passages:
        metadata: dict[str, Any] = metadata_of(passage, response)
        metadata["source"] = passage.document.uri
        metadata["start_index"] = passage.provenance.span.start_char
        documents.append(
            Document(
                id=passage.passage_id, page_content=passage.text, metadata=metadata
            )
        )
    return documents
