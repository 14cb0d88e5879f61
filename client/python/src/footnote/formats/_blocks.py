"""What Claude and Bedrock have in common: sources sent as blocks of text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from footnote.citations import Citation
from footnote.passages import PassageRef, name_passage, response_of, untag
from footnote.v1 import Passage, TextBlock

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from footnote.v1 import SearchResponse


@dataclass(frozen=True)
class SentSource:
    """A source as it stood in the request."""

    ref: PassageRef | None  # None where it is none of ours
    blocks: tuple[str, ...]


@dataclass(frozen=True)
class Location:
    """Where in what was sent a citation says that its text stands."""

    index: int  # of the source
    start: int
    end: int
    in_blocks: bool  # else in characters
    quote: str
    label: str


def sentences(passage: Passage) -> list[str]:
    """Returns the text of a passage in blocks that a model may be sent.

    These are its sentences, but white space alone, which is refused, is part of
    its neighbour.
    """
    blocks: list[str] = []
    for text in [block.text for block in passage.blocks] or [passage.text]:
        if blocks and (not text.strip() or not blocks[-1].strip()):
            blocks[-1] += text
        else:
            blocks.append(text)
    return blocks


def passage_of(source: str, title: str, blocks: Iterable[str]) -> Passage:
    """Returns the passage of a source, as far as a search result tells of it."""
    uri, ref = untag(source)
    texts = list(blocks)
    passage = Passage(
        text="".join(texts), blocks=[TextBlock(text=text) for text in texts]
    )
    passage.document.uri = uri
    passage.document.title = title
    if ref is not None:
        name_passage(passage, ref)
    return passage


def response_from(sources: Sequence[str], passages: list[Passage]) -> SearchResponse:
    """Returns a response of passages that came from these sources."""
    return response_of(passages, (untag(source)[1] for source in sources))


def citation_of(
    location: Location, sent: Sequence[SentSource], answer: tuple[int, int]
) -> Citation | None:
    """Returns the citation of a location; None where its source is not ours."""
    if not 0 <= location.index < len(sent):
        fault = f"there is no source {location.index} in the request"
        return Citation(
            ref=None,
            quote=location.quote,
            answer=answer,
            label=location.label,
            missing=fault,
        )
    source = sent[location.index]
    if source.ref is None:
        return None
    start, end = location.start, location.end
    if location.in_blocks:
        start = sum(map(len, source.blocks[: location.start]))
        end = sum(map(len, source.blocks[: location.end]))
    return Citation(
        ref=source.ref,
        quote=location.quote,
        place=(start, end),
        answer=answer,
        label=location.label,
    )
