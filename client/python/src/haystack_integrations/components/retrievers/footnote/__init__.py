"""Footnote as a Haystack retriever."""

from haystack_integrations.components.retrievers.footnote.retriever import (
    FootnoteRetriever,
    to_response,
)

__all__ = ["FootnoteRetriever", "to_response"]
