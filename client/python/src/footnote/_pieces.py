"""Documents as the messages that PutDocuments takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from footnote.v1 import InputDocument, PutDocumentsRequest

if TYPE_CHECKING:
    from collections.abc import Iterator

# A message may have 4 MiB.
_PIECE_BYTES = 1 << 20
_CONTINUATION = range(0x80, 0xC0)


def requests_of(
    collection: str, document: InputDocument
) -> Iterator[PutDocumentsRequest]:
    """Yields a document, in pieces where it is long."""
    is_source = document.HasField("source")
    content = document.source if is_source else document.text.encode()
    head = InputDocument()
    head.CopyFrom(document)
    request = PutDocumentsRequest(collection=collection, document=head)
    start = 0
    while True:
        end = min(len(content), start + _PIECE_BYTES)
        while not is_source and end < len(content) and content[end] in _CONTINUATION:
            end -= 1  # a text is valid UTF-8 in every message
        if is_source:
            request.document.source = content[start:end]
        else:
            request.document.text = content[start:end].decode()
        request.continues = end < len(content)
        yield request
        if not request.continues:
            return
        request = PutDocumentsRequest(document=InputDocument())
        start = end
