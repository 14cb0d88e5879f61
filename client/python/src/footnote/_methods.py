"""The calls of the API: their paths and messages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from google.protobuf.message import Message
from google.protobuf.wrappers_pb2 import Int32Value, StringValue

from footnote import v1

if TYPE_CHECKING:
    from collections.abc import Callable

RequestT = TypeVar("RequestT")
ResponseT = TypeVar("ResponseT")
MessageT = TypeVar("MessageT", bound=Message)
AnswerT = TypeVar("AnswerT", bound=Message)


@dataclass(frozen=True)
class Method(Generic[RequestT, ResponseT]):
    """One call: how gRPC names it, and how its messages become bytes."""

    path: str
    serialize: Callable[[RequestT], bytes]
    parse: Callable[[bytes], ResponseT]


def _method(
    name: str, request: type[MessageT], response: type[AnswerT]
) -> Method[MessageT, AnswerT]:
    def serialize(message: MessageT) -> bytes:
        return message.SerializeToString()

    return Method(f"/footnote.v1.{name}", serialize, response.FromString)


SEARCH = _method("SearchService/Search", v1.SearchRequest, v1.SearchResponse)
BATCH_SEARCH = _method(
    "SearchService/BatchSearch", v1.BatchSearchRequest, v1.BatchSearchResponse
)
MORE_LIKE_THIS = _method(
    "SearchService/MoreLikeThis", v1.MoreLikeThisRequest, v1.MoreLikeThisResponse
)
ANALYZE = _method("SearchService/Analyze", v1.AnalyzeRequest, v1.AnalyzeResponse)
SUGGEST = _method("SearchService/Suggest", v1.SuggestRequest, v1.SuggestResponse)
GET_DOCUMENT = _method(
    "DocumentService/GetDocument", v1.GetDocumentRequest, v1.GetDocumentResponse
)
GET_PASSAGE = _method(
    "DocumentService/GetPassage", v1.GetPassageRequest, v1.GetPassageResponse
)
GET_SPAN = _method("DocumentService/GetSpan", v1.GetSpanRequest, v1.GetSpanResponse)
LIST_DOCUMENTS = _method(
    "DocumentService/ListDocuments", v1.ListDocumentsRequest, v1.ListDocumentsResponse
)
LIST_COLLECTIONS = _method(
    "CollectionService/ListCollections",
    v1.ListCollectionsRequest,
    v1.ListCollectionsResponse,
)
GET_COLLECTION = _method(
    "CollectionService/GetCollection", v1.GetCollectionRequest, v1.GetCollectionResponse
)
VERIFY_QUOTES = _method(
    "GroundingService/VerifyQuotes", v1.VerifyQuotesRequest, v1.VerifyQuotesResponse
)
CHECK_GROUNDING = _method(
    "GroundingService/CheckGrounding",
    v1.CheckGroundingRequest,
    v1.CheckGroundingResponse,
)
PACK_CONTEXT = _method(
    "GroundingService/PackContext", v1.PackContextRequest, v1.PackContextResponse
)
PUT_DOCUMENTS = _method(
    "IngestService/PutDocuments", v1.PutDocumentsRequest, v1.PutDocumentsResponse
)
UPDATE_METADATA = _method(
    "IngestService/UpdateMetadata", v1.UpdateMetadataRequest, v1.UpdateMetadataResponse
)
DELETE_DOCUMENTS = _method(
    "IngestService/DeleteDocuments",
    v1.DeleteDocumentsRequest,
    v1.DeleteDocumentsResponse,
)
PUBLISH = _method("IngestService/Publish", v1.PublishRequest, v1.PublishResponse)


# On the wire a HealthCheckRequest is a StringValue, and a HealthCheckResponse an
# Int32Value: one field of number 1.
_HEALTH_STATUSES = ("UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN")


def _parse_health(data: bytes) -> str:
    value = Int32Value.FromString(data).value
    return _HEALTH_STATUSES[value] if 0 <= value < len(_HEALTH_STATUSES) else "UNKNOWN"


def _serialize_health(service: str) -> bytes:
    return StringValue(value=service).SerializeToString()


CHECK_HEALTH = Method("/grpc.health.v1.Health/Check", _serialize_health, _parse_health)
