"""Footnote as what DSPy calls to retrieve, as retrieval model or as tool."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from footnote._retrieval import metadata_of, request_of, response_from
from footnote.client import Client

if TYPE_CHECKING:
    from collections.abc import Iterable

    from footnote.v1 import Filter, SearchResponse


@dataclass(frozen=True)
class RetrievedPassage:
    """A passage as DSPy takes it."""

    long_text: str
    metadata: dict[str, Any]

    def __str__(self) -> str:
        return self.long_text


class FootnoteRM:
    """Retrieves passages: `dspy.configure(rm=FootnoteRM("notes"))`.

    `search` is the same as a tool: `dspy.ReAct(signature, tools=[rm.search])`.

    Args:
        collection: The collection.
        server: HOST:PORT of footnote-server.
        k: How many passages to retrieve, at most 100.
        filter: Only passages that meet it are retrieved.
        timeout: Of one search, in seconds.
    """

    def __init__(
        self,
        collection: str,
        server: str = "127.0.0.1:50051",
        k: int = 3,
        filter: Filter | None = None,  # noqa: A002
        timeout: float = 10.0,
    ) -> None:
        self._collection = collection
        self._k = k
        self._filter = filter
        self._client = Client(server, timeout=timeout)

    def __call__(self, query: str, k: int | None = None) -> list[RetrievedPassage]:
        """Returns the best passages for a query."""
        request = request_of(self._collection, query, k or self._k, self._filter)
        response = self._client.search(request)
        return [
            RetrievedPassage(passage.text, metadata_of(passage, response))
            for passage in response.passages
        ]

    def search(self, query: str) -> list[str]:
        """Searches the collection and returns its best passages."""
        return [found.long_text for found in self(query)]


def to_response(passages: Iterable[RetrievedPassage]) -> SearchResponse:
    """Returns the response that passages of a `FootnoteRM` came from."""
    return response_from((one.long_text, one.metadata) for one in passages)
