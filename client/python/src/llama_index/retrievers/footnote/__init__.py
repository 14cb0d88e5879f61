"""Footnote as a LlamaIndex retriever."""

from llama_index.retrievers.footnote.base import FootnoteRetriever, to_response

__all__ = ["FootnoteRetriever", "to_response"]
