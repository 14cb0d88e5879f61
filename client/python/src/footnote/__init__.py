"""Footnote: passages with verifiable footnotes, for language models.

    from footnote import Client
    from footnote.v1 import SearchRequest

    with Client("127.0.0.1:50051") as client:
        request = SearchRequest(collection="seeds", query="supply chain risk")
        for passage in client.search(request).passages:
            print(passage.text, passage.provenance.span)

`footnote.formats` turns answers into what language models take, and
`footnote.citations` a model's citations into verified spans.
"""

from footnote.aio import AsyncClient
from footnote.client import Client
from footnote.errors import FieldViolation, FootnoteError
from footnote.tracing import trace_context

__all__ = [
    "AsyncClient",
    "Client",
    "FieldViolation",
    "FootnoteError",
    "trace_context",
]
