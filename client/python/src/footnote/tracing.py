"""Trace context of calls, and spans of retrieval where OpenTelemetry is there."""

from __future__ import annotations

import contextlib
import contextvars
import json
import os
from typing import TYPE_CHECKING, Protocol

from footnote.errors import FootnoteError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from footnote.v1 import SearchRequest, SearchResponse

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


class SearchSpan(Protocol):
    """The span of one search."""

    def answered(self, response: SearchResponse) -> None:
        """Notes what was found."""


class _NoSpan:
    def answered(self, response: SearchResponse) -> None:
        pass


@contextlib.contextmanager
def search_span(request: SearchRequest) -> Iterator[SearchSpan]:
    """Makes a span of a search, by the conventions of gen_ai retrieval.

    The text of the query is in it only where
    OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT is `true`.
    """
    if not _OPENTELEMETRY:
        yield _NoSpan()
        return
    source = request.collection.removeprefix("collections/")
    attributes: dict[str, str | int] = {
        "gen_ai.operation.name": "retrieval",
        "gen_ai.provider.name": "footnote",
        "gen_ai.data_source.id": source,
        "gen_ai.request.top_k": request.page_size or _DEFAULT_PAGE_SIZE,
    }
    if os.environ.get(_CAPTURE_VARIABLE, "").lower() == "true":
        attributes["gen_ai.retrieval.query.text"] = request.query
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

    def answered(self, response: SearchResponse) -> None:
        found = [
            {"id": passage.passage_id, "score": passage.score}
            for passage in response.passages
        ]
        self._span.set_attribute("gen_ai.retrieval.documents", json.dumps(found))
