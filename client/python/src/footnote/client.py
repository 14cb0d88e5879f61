"""The blocking client."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import grpc

from footnote import _methods as m
from footnote import v1
from footnote._pieces import requests_of
from footnote._transport import DEFAULT_TIMEOUT, channel_options
from footnote.errors import from_call
from footnote.tracing import (
    batch_span,
    like_span,
    passages_of,
    search_span,
    trace_metadata,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


class Client:
    """Calls one server. Connects when first needed, and again when it must.

    Thread-safe. Each method takes the request message of the call that it is
    named after and returns the response message: see `footnote.v1` for their
    fields. `timeout` is of one call with its retries, in seconds. A call that
    only reads is tried up to three times within it where the server was
    UNAVAILABLE, or stopped before it answered; nothing else is tried again.
    Every failure of a call is a `FootnoteError`.

    Args:
        server: HOST:PORT, or any name that gRPC resolves.
        timeout: Of calls that do not say otherwise, in seconds.
        credentials: For TLS; without them the connection is plain.
        metadata: Sent with each call, for example an authorization.
    """

    def __init__(
        self,
        server: str = "127.0.0.1:50051",
        *,
        timeout: float = DEFAULT_TIMEOUT,
        credentials: grpc.ChannelCredentials | None = None,
        metadata: Sequence[tuple[str, str]] = (),
    ) -> None:
        options = channel_options(server)
        self._channel = (
            grpc.insecure_channel(server, options)
            if credentials is None
            else grpc.secure_channel(server, credentials, options)
        )
        self._timeout = timeout
        self._metadata = tuple(metadata)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends the connection; no call can be made after it."""
        self._channel.close()

    def search(
        self, request: v1.SearchRequest, *, timeout: float | None = None
    ) -> v1.SearchResponse:
        """Searches collections; returns a page of passages, best first."""
        with search_span(request) as span:
            response = self._call(m.SEARCH, request, timeout)
            span.answered(response.passages)
            return response

    def batch_search(
        self, request: v1.BatchSearchRequest, *, timeout: float | None = None
    ) -> v1.BatchSearchResponse:
        """Searches several times in one call, for separate answers or one list.

        A request that failed by itself has its `error` among the outcomes, of
        which `footnote.errors.from_rpc` makes a `FootnoteError`.
        """
        with batch_span(request) as span:
            response = self._call(m.BATCH_SEARCH, request, timeout)
            span.answered(passages_of(response))
            return response

    def more_like_this(
        self, request: v1.MoreLikeThisRequest, *, timeout: float | None = None
    ) -> v1.MoreLikeThisResponse:
        """Finds passages about what a passage, a span or a text is about."""
        with like_span(request) as span:
            response = self._call(m.MORE_LIKE_THIS, request, timeout)
            span.answered(response.passages)
            return response

    def suggest(
        self, request: v1.SuggestRequest, *, timeout: float | None = None
    ) -> v1.SuggestResponse:
        """Completes what a person types, and proposes other spellings."""
        return self._call(m.SUGGEST, request, timeout)

    def analyze(
        self, request: v1.AnalyzeRequest, *, timeout: float | None = None
    ) -> v1.AnalyzeResponse:
        """Says what a text or query becomes in a collection, and why."""
        return self._call(m.ANALYZE, request, timeout)

    def get_document(
        self, request: v1.GetDocumentRequest, *, timeout: float | None = None
    ) -> v1.GetDocumentResponse:
        """Returns a document with its text, or a range of it."""
        return self._call(m.GET_DOCUMENT, request, timeout)

    def get_passage(
        self, request: v1.GetPassageRequest, *, timeout: float | None = None
    ) -> v1.GetPassageResponse:
        """Returns one passage."""
        return self._call(m.GET_PASSAGE, request, timeout)

    def get_span(
        self, request: v1.GetSpanRequest, *, timeout: float | None = None
    ) -> v1.GetSpanResponse:
        """Returns the text of a span, with context where asked for."""
        return self._call(m.GET_SPAN, request, timeout)

    def list_documents(
        self, request: v1.ListDocumentsRequest, *, timeout: float | None = None
    ) -> v1.ListDocumentsResponse:
        """Lists the documents of a collection by id."""
        return self._call(m.LIST_DOCUMENTS, request, timeout)

    def list_collections(
        self, request: v1.ListCollectionsRequest, *, timeout: float | None = None
    ) -> v1.ListCollectionsResponse:
        """Lists the collections that are served."""
        return self._call(m.LIST_COLLECTIONS, request, timeout)

    def get_collection(
        self, request: v1.GetCollectionRequest, *, timeout: float | None = None
    ) -> v1.GetCollectionResponse:
        """Describes one collection."""
        return self._call(m.GET_COLLECTION, request, timeout)

    def verify_quotes(
        self, request: v1.VerifyQuotesRequest, *, timeout: float | None = None
    ) -> v1.VerifyQuotesResponse:
        """Says of each quote whether it stands where it is claimed."""
        return self._call(m.VERIFY_QUOTES, request, timeout)

    def check_grounding(
        self, request: v1.CheckGroundingRequest, *, timeout: float | None = None
    ) -> v1.CheckGroundingResponse:
        """Says of each claim of an answer how far sources bear it."""
        return self._call(m.CHECK_GROUNDING, request, timeout)

    def pack_context(
        self, request: v1.PackContextRequest, *, timeout: float | None = None
    ) -> v1.PackContextResponse:
        """Packs passages into the best context that fits a budget."""
        return self._call(m.PACK_CONTEXT, request, timeout)

    def update_metadata(
        self, request: v1.UpdateMetadataRequest, *, timeout: float | None = None
    ) -> v1.UpdateMetadataResponse:
        """Changes what is known of a document besides its text."""
        return self._call(m.UPDATE_METADATA, request, timeout)

    def delete_documents(
        self, request: v1.DeleteDocumentsRequest, *, timeout: float | None = None
    ) -> v1.DeleteDocumentsResponse:
        """Deletes documents, by ids or by a filter."""
        return self._call(m.DELETE_DOCUMENTS, request, timeout)

    def publish(
        self, request: v1.PublishRequest, *, timeout: float | None = None
    ) -> v1.PublishResponse:
        """Publishes what was changed, and returns when it is served."""
        return self._call(m.PUBLISH, request, timeout)

    def put_documents(
        self,
        collection: str,
        documents: Iterable[v1.InputDocument],
        *,
        timeout: float | None = None,
    ) -> Iterator[v1.PutDocumentsResponse]:
        """Puts documents into a collection; yields the answer to each, in order.

        `documents` is read on another thread, as fast as the server takes them;
        texts longer than a message may be go in pieces. What it raises is raised
        here. Without `timeout` it takes as long as it takes; nothing is tried
        again.
        """
        failures: list[Exception] = []

        def requests() -> Iterator[v1.PutDocumentsRequest]:
            try:
                for document in documents:
                    yield from requests_of(collection, document)
            except Exception as error:
                failures.append(error)
                raise

        method = m.PUT_DOCUMENTS
        call = self._channel.stream_stream(
            method.path,
            request_serializer=method.serialize,
            response_deserializer=method.parse,
        )(requests(), timeout=timeout, metadata=self._call_metadata())
        try:
            yield from call
        except grpc.RpcError as error:
            if failures:
                raise failures[0] from None
            raise from_call(error) from None
        finally:
            call.cancel()

    def check_health(self, service: str = "", *, timeout: float | None = None) -> str:
        """Returns what health says of a service, "" for the server as a whole.

        One of `SERVING`, `NOT_SERVING` and `UNKNOWN`.
        """
        return self._call(m.CHECK_HEALTH, service, timeout)

    def _call(
        self,
        method: m.Method[m.RequestT, m.ResponseT],
        request: m.RequestT,
        timeout: float | None,
    ) -> m.ResponseT:
        call = self._channel.unary_unary(
            method.path,
            request_serializer=method.serialize,
            response_deserializer=method.parse,
        )
        try:
            return call(
                request,
                timeout=self._timeout if timeout is None else timeout,
                metadata=self._call_metadata(),
            )
        except grpc.RpcError as error:
            raise from_call(error) from None

    def _call_metadata(self) -> tuple[tuple[str, str], ...]:
        return self._metadata + trace_metadata()
