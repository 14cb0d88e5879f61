"""What a failed call raises."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeVar, cast

import grpc
from google.protobuf.message import DecodeError, Message

from footnote.rpc import BadRequest, ErrorInfo, RetryInfo, Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from google.protobuf.any_pb2 import Any

MessageT = TypeVar("MessageT", bound=Message)

_DOMAIN = "footnote.v1"
_DETAILS_KEY = "grpc-status-details-bin"
_REASONS_WITHOUT_SERVER = {
    grpc.StatusCode.UNAVAILABLE: "CONNECTION_FAILED",
    grpc.StatusCode.DEADLINE_EXCEEDED: "DEADLINE_EXCEEDED",
}


class FieldViolation(NamedTuple):
    """One thing that is wrong with a request."""

    field: str  # a path from the request: "facets.limit"
    description: str
    reason: str  # as FootnoteError.reason


class FootnoteError(Exception):
    """A call failed.

    Attributes:
        code: The canonical gRPC code.
        reason: A name of `footnote.v1.ErrorReason` without its prefix, as the
            server sent it. Without one of the server's: `CONNECTION_FAILED`,
            `DEADLINE_EXCEEDED`, else `RPC_FAILED`.
        message: What went wrong, in English, for developers.
        metadata: What the error was about, by key.
        field_violations: What is wrong with the request.
        retry_delay: The least seconds to wait before trying again, where the
            server says so.
    """

    def __init__(
        self,
        code: grpc.StatusCode,
        reason: str,
        message: str,
        metadata: Mapping[str, str] | None = None,
        field_violations: Iterable[FieldViolation] = (),
        retry_delay: float | None = None,
    ) -> None:
        super().__init__(f"{reason}: {message}")
        self.code = code
        self.reason = reason
        self.message = message
        self.metadata = dict(metadata or {})
        self.field_violations = tuple(field_violations)
        self.retry_delay = retry_delay

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (
            self.code,
            self.reason,
            self.message,
            self.metadata,
            self.field_violations,
            self.retry_delay,
        )


def from_status(
    code: grpc.StatusCode,
    message: str | None,
    trailers: Iterable[tuple[str, str | bytes]] | None,
) -> FootnoteError:
    """Returns the error that a call's status stands for."""
    details = _details_of(trailers or ())
    info = _find(details, ErrorInfo)
    if info is None or info.domain != _DOMAIN:
        return _without_server(code, message or "")
    retry = _find(details, RetryInfo)
    request = _find(details, BadRequest)
    return FootnoteError(
        code,
        info.reason,
        message or "",
        info.metadata,
        from_bad_request(request),
        retry.retry_delay.ToTimedelta().total_seconds() if retry else None,
    )


def from_rpc(status: Status) -> FootnoteError:
    """Returns the error that stands in an answer, of a batch say."""
    code = next(
        (code for code in grpc.StatusCode if code.value[0] == status.code),
        grpc.StatusCode.UNKNOWN,
    )
    trailers = [(_DETAILS_KEY, status.SerializeToString())]
    return from_status(code, status.message, trailers)


def from_bad_request(request: BadRequest | None) -> list[FieldViolation]:
    """Returns what is wrong with a request."""
    if request is None:
        return []
    return [
        FieldViolation(one.field, one.description, one.reason)
        for one in request.field_violations
    ]


def from_call(error: grpc.RpcError) -> FootnoteError:
    """Returns the error of a call, blocking or asynchronous."""
    call = cast("grpc.Call", error)
    return from_status(call.code(), call.details(), call.trailing_metadata())


def _without_server(code: grpc.StatusCode, message: str) -> FootnoteError:
    if code is grpc.StatusCode.CANCELLED:
        # What a server says of calls that come while it shuts down: see
        # github.com/grpc/grpc/issues/41785. This client cancels none itself.
        return FootnoteError(
            grpc.StatusCode.UNAVAILABLE,
            "CONNECTION_FAILED",
            "the server stopped before it had read the request",
        )
    if code is grpc.StatusCode.DEADLINE_EXCEEDED:
        message = "there was no answer in the time given"
    return FootnoteError(code, _REASONS_WITHOUT_SERVER.get(code, "RPC_FAILED"), message)


def _details_of(trailers: Iterable[tuple[str, str | bytes]]) -> list[Any]:
    status = Status()
    for key, value in trailers:
        if key == _DETAILS_KEY and isinstance(value, bytes):
            try:
                status.ParseFromString(value)
            except DecodeError:
                return []
    return list(status.details)


def _find(details: list[Any], kind: type[MessageT]) -> MessageT | None:
    """Returns the first detail of a kind, by its public name."""
    for detail in details:
        if detail.type_url.endswith(f"/google.rpc.{kind.DESCRIPTOR.name}"):
            try:
                return kind.FromString(detail.value)
            except DecodeError:
                return None
    return None
