"""Client and AsyncClient against the real server, and against one that fails."""

from __future__ import annotations

import hashlib
import importlib
import inspect
import pickle
import signal
import threading
from typing import TYPE_CHECKING, Any

import grpc
import pytest
from conftest import WAIT_SECONDS, start_server
from fake_server import FakeServer
from google.protobuf.any_pb2 import Any as AnyMessage

from footnote import AsyncClient, Client, FootnoteError, rpc, trace_context, v1
from footnote.errors import from_rpc

if TYPE_CHECKING:
    import pathlib
    from collections.abc import AsyncIterator, Iterator

QUESTION = "Which data centers did drones damage?"
TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def test_every_service(client: Client) -> None:
    listed = client.list_collections(v1.ListCollectionsRequest())
    assert [one.name for one in listed.collections] == ["collections/seeds"]
    described = client.get_collection(v1.GetCollectionRequest(name="seeds"))
    found = client.search(v1.SearchRequest(collection="seeds", query=QUESTION))
    best = found.passages[0]
    assert "drones damaged three or more data centers" in best.text
    assert hashlib.sha256(best.text.encode()).digest() == best.provenance.text_sha256
    assert "".join(block.text for block in best.blocks) == best.text

    document = client.get_document(v1.GetDocumentRequest(name=best.document.name))
    span = best.provenance.span
    text = document.content.text
    assert text[span.start_char : span.end_char] == best.text
    assert text.encode()[span.start_byte : span.end_byte].decode() == best.text
    cited = client.get_span(
        v1.GetSpanRequest(
            name=best.document.name, start_byte=span.start_byte, end_byte=span.end_byte
        )
    )
    assert cited.content.text == best.text
    passage = client.get_passage(v1.GetPassageRequest(name=best.name)).passage
    assert passage.text == best.text
    documents = client.list_documents(v1.ListDocumentsRequest(collection="seeds"))
    assert len(documents.documents) == described.collection.document_count

    quotes = v1.VerifyQuotesRequest(
        collection="seeds", quotes=[{"text": best.blocks[0].text}]
    )
    (check,) = client.verify_quotes(quotes).checks
    assert check.verdict == v1.QuoteVerdict.QUOTE_VERDICT_EXACT
    grounding = v1.CheckGroundingRequest(
        collection="seeds", answer_candidate=best.blocks[0].text
    )
    assert client.check_grounding(grounding).support_score == 1
    packed = client.pack_context(
        v1.PackContextRequest(collection="seeds", query=QUESTION, budget={"size": 300})
    )
    assert packed.blocks
    assert client.suggest(v1.SuggestRequest(collection="seeds", text="ama"))
    assert client.analyze(v1.AnalyzeRequest(collection="seeds", text="supply chain"))
    assert client.check_health() == "SERVING"


def documents_of(*texts: str) -> Iterator[v1.InputDocument]:
    for number, text in enumerate(texts):
        yield v1.InputDocument(document_id=f"d{number}", text=text)


# Longer than a message may be, with a character across each border of pieces.
LONG_TEXT = "x" + "é" * 3_000_000


def test_ingest(client: Client) -> None:
    answers = list(client.put_documents("notes", documents_of(LONG_TEXT, "", "Zwölf")))
    assert [answer.index for answer in answers] == [0, 1, 2]
    assert answers[0].result.revision == hashlib.sha256(LONG_TEXT.encode()).hexdigest()
    assert answers[1].WhichOneof("outcome") == "error"
    client.publish(v1.PublishRequest(collection="notes"))
    found = client.search(v1.SearchRequest(collection="notes", query="zwolf"))
    assert [passage.text for passage in found.passages] == ["Zwölf"]
    client.update_metadata(
        v1.UpdateMetadataRequest(
            name="collections/notes/documents/d2",
            document={"title": "Twelve"},
            update_mask={"paths": ["title"]},
        )
    )
    deleted = client.delete_documents(
        v1.DeleteDocumentsRequest(collection="notes", document_ids=["d0", "none"])
    )
    assert (deleted.deleted_count, list(deleted.missing_ids)) == (1, ["none"])


def test_source_goes_in_pieces(client: Client) -> None:
    source = ("\ufeff" + "é" * 1_500_000).encode("utf-16-le")
    document = v1.InputDocument(document_id="s", source=source)
    (answer,) = client.put_documents("sources", [document])
    assert answer.WhichOneof("outcome") == "result", answer


def broken_documents() -> Iterator[v1.InputDocument]:
    yield v1.InputDocument(document_id="d", text="Some words.")
    raise ValueError("no more")


def test_ingest_fails(client: Client) -> None:
    with pytest.raises(ValueError, match="no more"):
        list(client.put_documents("notes", broken_documents()))
    with pytest.raises(FootnoteError) as raised:
        list(client.put_documents("No name", documents_of("a")))
    assert raised.value.reason == "COLLECTION_NAME_INVALID"


async def test_asynchronous(server: str) -> None:
    async with AsyncClient(server) as client:
        request = v1.SearchRequest(collection="seeds", query=QUESTION)
        assert (await client.search(request)).passages
        answers = client.put_documents("later", documents_of(LONG_TEXT, "two"))
        assert [answer.document_id async for answer in answers] == ["d0", "d1"]

        async def later() -> AsyncIterator[v1.InputDocument]:
            for document in documents_of("three"):
                yield document

        assert [one.index async for one in client.put_documents("later", later())] == [
            0
        ]
        with pytest.raises(ValueError, match="no more"):
            _ = [one async for one in client.put_documents("later", broken_documents())]
        with pytest.raises(FootnoteError) as raised:
            _ = [one async for one in client.put_documents("No name", later())]
        assert raised.value.reason == "COLLECTION_NAME_INVALID"
        with pytest.raises(FootnoteError) as raised:
            await client.search(v1.SearchRequest(collection="seeds"))
        assert raised.value.reason == "QUERY_EMPTY"
        assert await client.check_health() == "SERVING"


def test_both_clients_have_the_same_methods() -> None:
    def methods(kind: type) -> dict[str, list[str]]:
        return {
            name: list(inspect.signature(method).parameters)
            for name, method in inspect.getmembers(kind, inspect.isfunction)
            if not name.startswith("_")
        }

    assert methods(Client) == methods(AsyncClient)


def test_every_call_of_the_api_has_a_method() -> None:
    modules = [
        importlib.import_module(f"footnote.v1.{name}_service_pb2")
        for name in ("search", "document", "collection", "grounding", "ingest")
    ]
    services = [
        service
        for module in modules
        for service in module.DESCRIPTOR.services_by_name.values()
    ]
    called = [
        "".join(f"_{c.lower()}" if c.isupper() else c for c in method.name)[1:]
        for service in services
        for method in service.methods
    ]
    assert len(called) == 18
    assert all(hasattr(Client, name) for name in called)


def test_errors(client: Client) -> None:
    request = v1.SearchRequest(collection="seeds", query='"open', strict_query=True)
    with pytest.raises(FootnoteError) as raised:
        client.search(request)
    error = raised.value
    assert (error.code, error.reason) == (
        grpc.StatusCode.INVALID_ARGUMENT,
        "QUERY_SYNTAX",
    )
    assert error.metadata["offset"] == "5"
    assert error.field_violations[0].field == "query"
    again = pickle.loads(pickle.dumps(error))  # noqa: S301
    assert vars(again) == vars(error)
    assert str(error).startswith("QUERY_SYNTAX: ")
    with pytest.raises(FootnoteError) as raised:
        client.search(v1.SearchRequest(collection="none", query="x"))
    assert raised.value.reason == "COLLECTION_NOT_FOUND"
    with pytest.raises(FootnoteError) as raised:
        client.check_health("no.such.Service")
    assert raised.value.reason == "RPC_FAILED"


def test_batch_of_separate_searches(client: Client) -> None:
    good = v1.SearchRequest(collection="seeds", query="supply chain risk", page_size=2)
    bad = v1.SearchRequest(collection="seeds", query=" ")
    response = client.batch_search(v1.BatchSearchRequest(requests=[good, bad]))
    first, second = response.outcomes
    alone = client.search(good)
    first.response.query_id = alone.query_id
    assert first.response == alone
    error = from_rpc(second.error)
    assert (error.code, error.reason) == (
        grpc.StatusCode.INVALID_ARGUMENT,
        "QUERY_EMPTY",
    )
    assert error.field_violations[0].field == "query"


async def test_fused_batch(server: str) -> None:
    queries = ["Amazon's investment in Anthropic", "money that Amazon gave Anthropic"]
    request = v1.BatchSearchRequest(
        mode=v1.BatchSearchRequest.MODE_FUSED,
        requests=[v1.SearchRequest(collection="seeds", query=one) for one in queries],
        page_size=4,
    )
    async with AsyncClient(server) as client:
        response = await client.batch_search(request)
    assert len(response.fused.passages) == 4
    assert len(response.fused_queries) == len(response.fused.executed_queries) == 2
    with Client(server) as blocking:
        again = blocking.batch_search(request)
    assert list(again.fused.passages) == list(response.fused.passages)


async def test_more_like_this(server: str, found: v1.SearchResponse) -> None:
    source = found.passages[0]
    request = v1.MoreLikeThisRequest(
        collection="seeds", passage=source.name, page_size=3
    )
    async with AsyncClient(server) as client:
        response = await client.more_like_this(request)
    assert source.passage_id not in [one.passage_id for one in response.passages]
    with Client(server) as blocking:
        search = v1.SearchRequest(
            collection="seeds",
            query=response.executed_queries[0],
            excluded=[v1.ResultId(passage_id=source.passage_id)],
            page_size=3,
        )
        assert list(blocking.search(search).passages) == list(response.passages)
        with pytest.raises(FootnoteError) as raised:
            blocking.more_like_this(v1.MoreLikeThisRequest(collection="seeds"))
    assert raised.value.reason == "SOURCE_EMPTY"


def test_nobody_listens() -> None:
    with Client("127.0.0.1:1") as client, pytest.raises(FootnoteError) as raised:
        client.search(v1.SearchRequest(collection="seeds", query="x"))
    assert raised.value.reason == "CONNECTION_FAILED"


def fails_twice_with(code: grpc.StatusCode) -> Any:
    calls = []

    def answer(_: object, context: grpc.ServicerContext) -> v1.SearchResponse:
        calls.append(1)
        if len(calls) < 3:
            context.abort(code, "not now")
        return v1.SearchResponse(query_id="third")

    return answer


@pytest.mark.parametrize("code", ["UNAVAILABLE", "CANCELLED"])
def test_reading_is_tried_three_times(code: str) -> None:
    with (
        FakeServer(fails_twice_with(grpc.StatusCode[code])) as fake,
        Client(fake.address) as client,
    ):
        assert client.search(v1.SearchRequest(query="x")).query_id == "third"
        assert len(fake.calls) == 3


@pytest.mark.parametrize("code", ["RESOURCE_EXHAUSTED", "INTERNAL"])
def test_nothing_else_is_tried_again(code: str) -> None:
    with (
        FakeServer(fails_twice_with(grpc.StatusCode[code])) as fake,
        Client(fake.address) as client,
    ):
        with pytest.raises(FootnoteError) as raised:
            client.search(v1.SearchRequest(query="x"))
        assert raised.value.code is grpc.StatusCode[code]
        assert len(fake.calls) == 1


def test_changes_are_not_tried_again() -> None:
    with (
        FakeServer(fails_twice_with(grpc.StatusCode.UNAVAILABLE)) as fake,
        Client(fake.address) as client,
    ):
        with pytest.raises(FootnoteError) as raised:
            client.delete_documents(v1.DeleteDocumentsRequest())
        assert raised.value.reason == "CONNECTION_FAILED"
        assert len(fake.calls) == 1


def test_deadline() -> None:
    done = threading.Event()

    def wait(*_: object) -> v1.SearchResponse:
        assert done.wait(WAIT_SECONDS)
        return v1.SearchResponse()

    with FakeServer(wait) as fake, Client(fake.address, timeout=0.2) as client:
        for timeout in (None, 0.1):
            with pytest.raises(FootnoteError) as raised:
                client.search(v1.SearchRequest(query="x"), timeout=timeout)
            assert raised.value.reason == "DEADLINE_EXCEEDED"
        done.set()


def test_details_of_errors() -> None:
    def overloaded(_: object, context: grpc.ServicerContext) -> None:
        info = rpc.ErrorInfo(reason="SEARCH_TOO_LARGE", domain="footnote.v1")
        retry = rpc.RetryInfo(retry_delay={"nanos": 250_000_000})
        details = [
            AnyMessage(
                type_url=f"type.googleapis.com/google.rpc.{one.DESCRIPTOR.name}",
                value=one.SerializeToString(),
            )
            for one in (info, retry)
        ]
        status = rpc.Status(code=8, details=details).SerializeToString()
        context.set_trailing_metadata((("grpc-status-details-bin", status),))
        context.abort(grpc.StatusCode.RESOURCE_EXHAUSTED, "too much")

    with (
        FakeServer(overloaded) as fake,
        Client(fake.address) as client,
        pytest.raises(FootnoteError) as raised,
    ):
        client.search(v1.SearchRequest(query="x"))
    assert raised.value.reason == "SEARCH_TOO_LARGE"
    assert raised.value.retry_delay == 0.25


def test_metadata_and_trace_context() -> None:
    with (
        FakeServer(lambda *_: v1.SearchResponse()) as fake,
        Client(fake.address, metadata=[("authorization", "Bearer t")]) as client,
    ):
        client.search(v1.SearchRequest(query="x"))
        with trace_context(TRACEPARENT, "vendor=1"):
            client.search(v1.SearchRequest(query="x"))
        plain, traced = fake.calls
    assert plain["authorization"] == "Bearer t"
    assert "traceparent" not in plain
    assert (traced["traceparent"], traced["tracestate"]) == (TRACEPARENT, "vendor=1")


def test_goes_on_after_a_restart(tmp_path: pathlib.Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    process, address = start_server(data, tmp_path)
    with Client(address) as client:
        assert client.check_health()
        process.send_signal(signal.SIGTERM)
        assert process.wait(WAIT_SECONDS) == 0
        with pytest.raises(FootnoteError) as raised:
            client.check_health()
        assert raised.value.reason == "CONNECTION_FAILED"
