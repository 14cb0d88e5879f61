"""A model's citations as verified spans.

`footnote.formats` reads the citations of an answer; `verify` asks the server
what stands where they say, and tells good ones from shifted, wrong and invented
ones.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from footnote._citing import Citation, Verdict, VerifiedCitation
from footnote._verification import verification
from footnote.errors import FootnoteError
from footnote.v1 import CheckGroundingRequest, GetPassageRequest, VerifyQuotesRequest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from footnote.aio import AsyncClient
    from footnote.client import Client

__all__ = ["Citation", "Verdict", "VerifiedCitation", "averify", "verify"]


def verify(client: Client, citations: Iterable[Citation]) -> list[VerifiedCitation]:
    """Verifies citations by the passages that they name; keeps their order.

    They are looked up in the generation that they name, in the current one where
    that is no longer kept. VerifyQuotes says where what they quote stands, and
    CheckGrounding whether their source contradicts what the answer says in words
    of its own.
    """
    steps = verification(list(citations))
    calls = _calls(client)
    try:
        request = next(steps)
        while True:
            try:
                answer = calls[type(request)](request)
            except FootnoteError as error:
                request = steps.throw(error)
            else:
                request = steps.send(answer)
    except StopIteration as end:
        return list(end.value)


async def averify(
    client: AsyncClient, citations: Iterable[Citation]
) -> list[VerifiedCitation]:
    """Verifies citations as `verify` does."""
    steps = verification(list(citations))
    calls = _calls(client)
    try:
        request = next(steps)
        while True:
            try:
                answer = await calls[type(request)](request)
            except FootnoteError as error:
                request = steps.throw(error)
            else:
                request = steps.send(answer)
    except StopIteration as end:
        return list(end.value)


def _calls(client: Client | AsyncClient) -> dict[type, Callable[[Any], Any]]:
    """Returns what answers each request that a verification makes."""
    return {
        GetPassageRequest: client.get_passage,
        VerifyQuotesRequest: client.verify_quotes,
        CheckGroundingRequest: client.check_grounding,
    }
