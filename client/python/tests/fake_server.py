"""A server that answers as a test says, for what a real one does seldom."""

from __future__ import annotations

from concurrent import futures
from typing import TYPE_CHECKING, Any, Self

import grpc

from footnote import v1

if TYPE_CHECKING:
    from collections.abc import Callable


class FakeServer(grpc.GenericRpcHandler):
    """Answers unary calls; keeps the metadata of each call."""

    def __init__(self, answer: Callable[[Any, grpc.ServicerContext], Any]) -> None:
        self._answer = answer
        self.calls: list[dict[str, str | bytes]] = []
        self._server = grpc.server(futures.ThreadPoolExecutor(2))
        self._server.add_generic_rpc_handlers((self,))
        self.address = f"127.0.0.1:{self._server.add_insecure_port('127.0.0.1:0')}"

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.stop(None).wait()

    def service(
        self, handler_call_details: grpc.HandlerCallDetails
    ) -> grpc.RpcMethodHandler[Any, Any]:
        """Finds the messages of a call by its name."""
        name = handler_call_details.method.rpartition("/")[2]

        def answer(request: Any, context: grpc.ServicerContext) -> Any:
            self.calls.append(dict(context.invocation_metadata()))
            return self._answer(request, context)

        return grpc.unary_unary_rpc_method_handler(
            answer,
            getattr(v1, f"{name}Request").FromString,
            getattr(v1, f"{name}Response").SerializeToString,
        )
