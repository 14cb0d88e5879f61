"""Footnote as a LangChain retriever."""

from langchain_footnote.retrievers import FootnoteRetriever, to_response

__all__ = ["FootnoteRetriever", "to_response"]
