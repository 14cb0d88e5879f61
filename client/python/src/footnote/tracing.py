"""Trace context of calls, and spans of retrieval where OpenTelemetry is there."""

from __future__ import annotations

import contextlib
import contextvars
import json
import os
from typing import TYPE_CHECKING, Protocol

from footnote.errors import FootnoteError
from footnote.v1 import BatchSearchRequest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from contextlib import AbstractContextManager

    from footnote.v1 import (
        BatchSearchResponse,
        MoreLikeThisRequest,
        Passage,
        SearchRequest,
    )

try:
    from opentelemetry import propagate, trace
except ImportError:
    _OPENTELEMETRY = False
else:
    _OPENTELEMETRY = True

_DEFAULT_PAGE_SIZE = 10
_CAPTURE_VARIABLE = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"

_context: contextvars.ContextVar[tuple[tuple[str, str], ...]] = contextvars.ContextVar(
    "footnote_trace_context", default=()
)


@contextlib.contextmanager
def trace_context(traceparent: str, tracestate: str = "") -> Iterator[None]:
    """Gives calls within the block a W3C trace context.

    Not needed where OpenTelemetry has a current span: that goes before.
    """
    pairs = [("traceparent", traceparent), ("tracestate", tracestate)]
    token = _context.set(tuple(pair for pair in pairs if pair[1]))
    try:
        yield
    finally:
        _context.reset(token)


def trace_metadata() -> tuple[tuple[str, str], ...]:
    """Returns the trace context of the calling code as gRPC metadata."""
    if _OPENTELEMETRY:
        carrier: dict[str, str] = {}
        propagate.inject(carrier)
        if "traceparent" in carrier:
            return tuple((key.lower(), value) for key, value in carrier.items())
    return _context.get()


class RetrievalSpan(Protocol):
    """The span of one call that finds passages."""

    def answered(self, passages: Iterable[Passage]) -> None:
        """Notes what was found."""


class _NoSpan:
    def answered(self, passages: Iterable[Passage]) -> None:
        pass


def search_span(request: SearchRequest) -> AbstractContextManager[RetrievalSpan]:
    """Makes a span of a search, by the conventions of gen_ai retrieval.

    The text of the query is in it only where
    OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT is `true`.
    """
    return _retrieval_span(_source_of([request]), request.page_size, request.query)


def batch_span(request: BatchSearchRequest) -> AbstractContextManager[RetrievalSpan]:
    """Makes one span of a batch of searches, likewise."""
    searches = request.requests
    most = max((one.page_size or _DEFAULT_PAGE_SIZE for one in searches), default=0)
    fused = request.mode == BatchSearchRequest.MODE_FUSED
    return _retrieval_span(
        _source_of(searches),
        request.page_size if fused else most,
        "\n".join(one.query for one in searches),
    )


def like_span(request: MoreLikeThisRequest) -> AbstractContextManager[RetrievalSpan]:
    """Makes a span of a search by a source, whose text is its query, likewise."""
    source = request.collection.removeprefix("collections/")
    return _retrieval_span(source, request.page_size, request.text)


def passages_of(response: BatchSearchResponse) -> list[Passage]:
    """Returns what a batch found, in the order of its answers."""
    found = [*response.fused.passages]
    for outcome in response.outcomes:
        found += outcome.response.passages
    return found


def _source_of(searches: Iterable[SearchRequest]) -> str:
    """Returns the collections of searches, each once."""
    names: dict[str, None] = {}
    for one in searches:
        for name in one.collections or [one.collection]:
            names[name.removeprefix("collections/")] = None
    return ", ".join(names)


@contextlib.contextmanager
def _retrieval_span(source: str, top_k: int, query: str) -> Iterator[RetrievalSpan]:
    if not _OPENTELEMETRY:
        yield _NoSpan()
        return
    attributes: dict[str, str | int] = {
        "gen_ai.operation.name": "retrieval",
        "gen_ai.provider.name": "footnote",
        "gen_ai.data_source.id": source,
        "gen_ai.request.top_k": top_k or _DEFAULT_PAGE_SIZE,
    }
    if query and os.environ.get(_CAPTURE_VARIABLE, "").lower() == "true":
        attributes["gen_ai.retrieval.query.text"] = query
    with trace.get_tracer("footnote").start_as_current_span(
        f"retrieval {source}", kind=trace.SpanKind.CLIENT, attributes=attributes
    ) as span:
        try:
            yield _Span(span)
        except FootnoteError as error:
            span.set_attribute("error.type", error.reason)
            raise


class _Span:
    def __init__(self, span: trace.Span) -> None:
        self._span = span

    def answered(self, passages: Iterable[Passage]) -> None:
        found = [
            {"id": passage.passage_id, "score": passage.score} for passage in passages
        ]
        self._span.set_attribute("gen_ai.retrieval.documents", json.dumps(found))
