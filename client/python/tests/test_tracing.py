"""Spans and trace context with OpenTelemetry."""

import json

import pytest
from fake_server import FakeServer
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind

from footnote import AsyncClient, Client, FootnoteError, v1

REQUEST = v1.SearchRequest(
    collection="collections/seeds", query="supply chain risk", page_size=3
)


@pytest.fixture(scope="module")
def provider() -> TracerProvider:
    made = TracerProvider()
    trace.set_tracer_provider(made)
    return made


@pytest.fixture
def spans(provider: TracerProvider) -> InMemorySpanExporter:
    exporter = InMemorySpanExporter()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    return exporter


def test_span_of_a_search(client: Client, spans: InMemorySpanExporter) -> None:
    response = client.search(REQUEST)
    (span,) = spans.get_finished_spans()
    assert (span.name, span.kind) == ("retrieval seeds", SpanKind.CLIENT)
    attributes = dict(span.attributes or {})
    found = json.loads(str(attributes.pop("gen_ai.retrieval.documents")))
    assert [(one["id"], one["score"]) for one in found] == [
        (passage.passage_id, passage.score) for passage in response.passages
    ]
    assert attributes == {
        "gen_ai.operation.name": "retrieval",
        "gen_ai.provider.name": "footnote",
        "gen_ai.data_source.id": "seeds",
        "gen_ai.request.top_k": 3,
    }


async def test_query_is_opted_in(
    server: str, spans: InMemorySpanExporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", "true")
    async with AsyncClient(server) as client:
        await client.search(REQUEST)
        with pytest.raises(FootnoteError):
            await client.search(v1.SearchRequest(collection="seeds"))
    good, bad = spans.get_finished_spans()
    assert (good.attributes or {})["gen_ai.retrieval.query.text"] == REQUEST.query
    assert (bad.attributes or {})["error.type"] == "QUERY_EMPTY"
    assert not bad.status.is_ok


def test_current_span_is_sent(spans: InMemorySpanExporter) -> None:
    with (
        FakeServer(lambda *_: v1.SearchResponse()) as fake,
        Client(fake.address) as client,
    ):
        client.search(REQUEST)
    (span,) = spans.get_finished_spans()
    assert span.context
    version, trace_id, span_id, _ = str(fake.calls[0]["traceparent"]).split("-")
    assert version == "00"
    assert int(trace_id, 16) == span.context.trace_id
    assert int(span_id, 16) == span.context.span_id


def test_spans_of_batches_and_likeness(
    client: Client, spans: InMemorySpanExporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", "true")
    other = v1.SearchRequest(collection="seeds", query="Amazon", page_size=5)
    batch = client.batch_search(v1.BatchSearchRequest(requests=[REQUEST, other]))
    like = client.more_like_this(
        v1.MoreLikeThisRequest(collection="seeds", text="Amazon invests")
    )
    of_batch, of_like = spans.get_finished_spans()
    assert of_batch.name == of_like.name == "retrieval seeds"
    attributes = dict(of_batch.attributes or {})
    assert attributes["gen_ai.request.top_k"] == 5
    assert attributes["gen_ai.retrieval.query.text"] == f"{REQUEST.query}\nAmazon"
    found = json.loads(str(attributes["gen_ai.retrieval.documents"]))
    assert [one["id"] for one in found] == [
        passage.passage_id
        for outcome in batch.outcomes
        for passage in outcome.response.passages
    ]
    attributes = dict(of_like.attributes or {})
    assert attributes["gen_ai.retrieval.query.text"] == "Amazon invests"
    found = json.loads(str(attributes["gen_ai.retrieval.documents"]))
    assert [one["id"] for one in found] == [one.passage_id for one in like.passages]
