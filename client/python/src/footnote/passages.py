"""What a format carries of a passage besides its text, and back.

Every format can name the passage: that is enough to find it again, with its
exact span. Formats with room for flat values carry `attributes`; formats with
room for any JSON carry the whole passage under `FULL_KEY`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from google.protobuf.json_format import MessageToDict, ParseDict

from footnote.v1 import GenerationRef, Passage, SearchResponse

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Scalar: TypeAlias = "str | int | float | bool"

FULL_KEY = "footnote"

_TAG = re.compile(r"[#&]footnote=([a-z0-9_-]+)/([0-9]+)/([A-Za-z0-9_-]+)\Z")


class PassageRef(NamedTuple):
    """Names a passage in one generation of a collection."""

    collection: str  # as in `collections/{collection}`
    generation: int  # 0 for the current one
    passage_id: str

    @property
    def name(self) -> str:
        """The resource name, as GetPassage takes it."""
        return f"collections/{self.collection}/passages/{self.passage_id}"


def ref_of(passage: Passage, generation: GenerationRef) -> PassageRef:
    """Returns what names a passage of a response."""
    collection = generation.collection or passage.name.partition("/passages/")[0]
    return PassageRef(
        collection.removeprefix("collections/"),
        generation.generation,
        passage.passage_id,
    )


def generation_of(passage: Passage, response: SearchResponse) -> GenerationRef:
    """Returns the generation that a passage of a response was drawn from."""
    for generation in response.generations:
        if passage.name.startswith(f"{generation.collection}/passages/"):
            return generation
    return response.generation


def add_generation(response: SearchResponse, generation: GenerationRef) -> None:
    """Says that a response was drawn from a generation, too."""
    known = {one.collection: one for one in response.generations}
    if response.HasField("generation"):
        known[response.generation.collection] = response.generation
    known[generation.collection] = generation
    if len(known) == 1:
        response.generation.CopyFrom(generation)
        return
    ordered = [
        GenerationRef.FromString(known[name].SerializeToString())
        for name in sorted(known)
    ]
    response.ClearField("generation")
    del response.generations[:]
    response.generations.extend(ordered)


def tag(uri: str, ref: PassageRef) -> str:
    """Returns `uri` with the passage in its fragment, where a link still works."""
    separator = "&" if "#" in uri else "#"
    return (
        f"{uri}{separator}footnote={ref.collection}/{ref.generation}/{ref.passage_id}"
    )


def untag(source: str) -> tuple[str, PassageRef | None]:
    """Returns the uri that was tagged and the passage; None where there is none."""
    match = _TAG.search(source)
    if match is None:
        return source, None
    collection, generation, passage_id = match.groups()
    return source[: match.start()], PassageRef(collection, int(generation), passage_id)


def attributes(passage: Passage, generation: GenerationRef) -> dict[str, Scalar]:
    """Returns the flat values that say where a passage stands; at most 16."""
    ref = ref_of(passage, generation)
    provenance, document = passage.provenance, passage.document
    values: dict[str, Scalar] = {
        "collection": ref.collection,
        "generation": ref.generation,
        "passage_id": ref.passage_id,
        "document_id": document.document_id,
        "title": document.title,
        "url": document.uri,
        "section": _join(provenance.heading_path),
        "ordinal": provenance.ordinal,
        "start_byte": provenance.span.start_byte,
        "end_byte": provenance.span.end_byte,
        "start_char": provenance.span.start_char,
        "end_char": provenance.span.end_char,
        "revision": provenance.document_revision or document.revision,
        "text_sha256": provenance.text_sha256.hex(),
        "language": document.language,
        "score": passage.score,
    }
    return {key: value for key, value in values.items() if value != ""}


def from_attributes(text: str, values: Mapping[str, Any]) -> Passage:
    """Returns the passage of `text` as far as `attributes` tell of it."""

    def string(key: str) -> str:
        return str(values.get(key, ""))

    def number(key: str) -> int:
        return int(values.get(key) or 0)

    ref = ref_from_attributes(values)
    passage = Passage(text=text, score=float(values.get("score") or 0))
    document, provenance = passage.document, passage.provenance
    document.document_id = string("document_id")
    document.title = string("title")
    document.uri = string("url")
    document.language = string("language")
    document.revision = provenance.document_revision = string("revision")
    provenance.heading_path.extend(_split(string("section")))
    provenance.ordinal = number("ordinal")
    provenance.text_sha256 = bytes.fromhex(string("text_sha256"))
    for key in ("start_byte", "end_byte", "start_char", "end_char"):
        setattr(provenance.span, key, number(key))
    if ref is not None:
        name_passage(passage, ref)
        document.name = f"collections/{ref.collection}/documents/{document.document_id}"
    return passage


def ref_from_attributes(values: Mapping[str, Any]) -> PassageRef | None:
    """Returns the passage that `attributes` name, None where they name none."""
    collection, passage_id = values.get("collection"), values.get("passage_id")
    if not collection or not passage_id:
        return None
    return PassageRef(
        str(collection), int(values.get("generation") or 0), str(passage_id)
    )


def name_passage(passage: Passage, ref: PassageRef) -> None:
    """Sets id and name of a passage."""
    passage.passage_id = ref.passage_id
    passage.name = ref.name


def full(passage: Passage, generation: GenerationRef) -> dict[str, Any]:
    """Returns all of a passage but its text, as JSON."""
    rest = Passage()
    rest.CopyFrom(passage)
    rest.ClearField("text")
    for block in rest.blocks:
        block.ClearField("text")
    return {
        "passage": MessageToDict(rest, preserving_proto_field_name=True),
        "generation": MessageToDict(generation, preserving_proto_field_name=True),
    }


def from_full(text: str, values: Mapping[str, Any]) -> tuple[Passage, GenerationRef]:
    """Returns what `full` was made of."""
    passage = ParseDict(values.get("passage", {}), Passage())
    passage.text = text
    start = passage.provenance.span.start_char
    for block in passage.blocks:
        block.text = text[block.span.start_char - start : block.span.end_char - start]
    return passage, ParseDict(values.get("generation", {}), GenerationRef())


def response_of(
    passages: Iterable[Passage], refs: Iterable[PassageRef | None] = ()
) -> SearchResponse:
    """Returns a response of passages of the generations that `refs` name."""
    response = SearchResponse(passages=passages)
    for ref in refs:
        if ref is not None:
            add_generation(
                response,
                GenerationRef(
                    collection=f"collections/{ref.collection}",
                    generation=ref.generation,
                ),
            )
    return response


def _join(headings: Iterable[str]) -> str:
    """Returns headings in one line; `_split` gives them back."""
    return " > ".join(
        heading.replace("\\", "\\\\").replace(">", "\\>") for heading in headings
    )


def _split(section: str) -> list[str]:
    if not section:
        return []
    parts = re.split(r" > ", section)
    return [re.sub(r"\\(.)", r"\1", part) for part in parts]
