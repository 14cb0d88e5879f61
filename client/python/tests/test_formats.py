"""Ours to theirs and back, checked by the types of the official SDKs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import botocore.session
import cohere
import pytest
from anthropic.types import DocumentBlockParam, SearchResultBlockParam
from botocore.validate import ParamValidator
from google.genai import types as genai
from hypothesis import given
from hypothesis import strategies as st
from openai.types import VectorStoreSearchResponse
from openai.types.responses import ResponseFileSearchToolCall
from pydantic import TypeAdapter
from strategies import responses, responses_of_several

from footnote import v1
from footnote.formats import bedrock, claude, gemini, openai
from footnote.formats import cohere as cohere_format
from footnote.passages import PassageRef, tag, untag

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from google.protobuf.message import Message

# Where each flat attribute stands in a passage.
ATTRIBUTES = (
    "text",
    "passage_id",
    "name",
    "score",
    "document.document_id",
    "document.name",
    "document.title",
    "document.uri",
    "document.language",
    "document.revision",
    "provenance.span",
    "provenance.heading_path",
    "provenance.ordinal",
    "provenance.document_revision",
    "provenance.text_sha256",
)
SEARCH_RESULT = ("text", "passage_id", "name", "document.title", "document.uri")


def kept(response: v1.SearchResponse, paths: Iterable[str]) -> v1.SearchResponse:
    """Returns only these fields of the passages, and the generations' numbers."""
    result = v1.SearchResponse()
    generations = response.generations or [response.generation]
    for generation in generations:
        result.generations.add(
            collection=generation.collection, generation=generation.generation
        )
    for passage in response.passages:
        one = result.passages.add()
        for path in paths:
            copy_field(passage, one, path.split("."))
    return result


def copy_field(source: Message, target: Message, path: list[str]) -> None:
    if len(path) > 1:
        copy_field(getattr(source, path[0]), getattr(target, path[0]), path[1:])
        return
    partial = type(source)()
    value = getattr(source, path[0])
    if isinstance(value, str | int | float | bytes):
        setattr(partial, path[0], value)
    elif hasattr(value, "CopyFrom"):
        getattr(partial, path[0]).CopyFrom(value)
    else:
        getattr(partial, path[0]).extend(value)
    target.MergeFrom(partial)


def blocks_of(response: v1.SearchResponse) -> list[list[str]]:
    return [[block.text for block in one.blocks] for one in response.passages]


def joined_blocks(response: v1.SearchResponse) -> list[list[str]]:
    """Returns the sentences, white space alone joined to its neighbour."""
    result = []
    for texts in blocks_of(response):
        joined: list[str] = []
        for text in texts:
            if joined and (not text.strip() or not joined[-1].strip()):
                joined[-1] += text
            else:
                joined.append(text)
        result.append(joined)
    return result


@given(responses() | responses_of_several())
def test_claude_search_results(response: v1.SearchResponse) -> None:
    blocks = claude.search_results(response)
    for block in blocks:
        TypeAdapter(SearchResultBlockParam).validate_python(block)
    again = claude.from_search_results(blocks)
    assert kept(again, SEARCH_RESULT) == kept(response, SEARCH_RESULT)
    assert blocks_of(again) == joined_blocks(response)


@given(responses() | responses_of_several(), st.booleans())
def test_claude_documents(response: v1.SearchResponse, as_blocks: bool) -> None:
    blocks = claude.documents(response, sentences_as_blocks=as_blocks)
    for block in blocks:
        TypeAdapter(DocumentBlockParam).validate_python(block)
    again = claude.from_documents(blocks)
    assert kept(again, ATTRIBUTES) == kept(response, ATTRIBUTES)
    if as_blocks:
        assert blocks_of(again) == joined_blocks(response)


OPENAI = (*ATTRIBUTES, "relevance")


@given(responses() | responses_of_several())
def test_openai_search_page(response: v1.SearchResponse) -> None:
    page = openai.search_page(response)
    for item in page["data"]:
        parsed = VectorStoreSearchResponse.model_validate(item)
        assert parsed.model_dump() == item
        check_attributes(item["attributes"])
    again = openai.from_search_page(page)
    assert kept(again, OPENAI) == kept(response, OPENAI)
    assert again.executed_queries == response.executed_queries
    assert again.next_page_token == response.next_page_token
    assert page["has_more"] == bool(response.next_page_token)


@given(responses() | responses_of_several())
def test_openai_file_search_call(response: v1.SearchResponse) -> None:
    call = openai.file_search_call(response, "fs_1")
    parsed = ResponseFileSearchToolCall.model_validate(call)
    assert parsed.model_dump() == call
    for again in (openai.from_file_search_call(one) for one in (call, parsed)):
        assert kept(again, OPENAI) == kept(response, OPENAI)
        assert again.executed_queries == response.executed_queries


def check_attributes(attributes: dict[str, Any]) -> None:
    assert len(attributes) <= 16
    for key, value in attributes.items():
        assert len(key) <= 64
        assert isinstance(value, str | int | float)
        assert not isinstance(value, str) or len(value) <= 512


def test_openai_leaves_out_what_is_too_long() -> None:
    response = v1.SearchResponse(passages=[{"document": {"uri": "x" * 513}}])
    (item,) = openai.search_page(response)["data"]
    assert "url" not in item["attributes"]


@given(responses() | responses_of_several())
def test_gemini_grounding_metadata(response: v1.SearchResponse) -> None:
    metadata = gemini.grounding_metadata(response)
    parsed = genai.GroundingMetadata.model_validate(metadata)
    by_alias = parsed.model_dump(by_alias=True, exclude_none=True)
    assert "groundingChunks" in by_alias
    expected = v1.SearchResponse()
    expected.CopyFrom(response)
    expected.next_page_token = ""
    for given_ in (metadata, parsed, by_alias):
        assert gemini.from_grounding_metadata(given_) == expected


@given(responses() | responses_of_several())
def test_gemini_simple_search(response: v1.SearchResponse) -> None:
    results = gemini.simple_search(response)
    assert all(set(result) == {"snippet", "uri"} for result in results)
    again = gemini.from_simple_search(results)
    paths = ("text", "passage_id", "name", "document.uri")
    assert kept(again, paths) == kept(response, paths)


def shape(service: str, name: str) -> Any:
    model = botocore.session.get_session().get_service_model(service)
    return model.shape_for(name)


RETRIEVE = shape("bedrock-agent-runtime", "RetrieveResponse")
CONTENT_BLOCK = shape("bedrock-runtime", "ContentBlock")


def check_shape(value: Any, wanted: Any) -> None:
    report = ParamValidator().validate(value, wanted)
    assert not report.has_errors(), report.generate_report()


@given(responses() | responses_of_several())
def test_bedrock_retrieve(response: v1.SearchResponse) -> None:
    answer = bedrock.retrieve_response(response)
    check_shape(answer, RETRIEVE)
    again = bedrock.from_retrieve_response(answer)
    again.executed_queries.extend(response.executed_queries)  # it has no place
    assert again == response


@pytest.mark.parametrize(
    ("uri", "kind"),
    [("s3://b/k", "S3"), ("https://a/b", "WEB"), ("footnote:x", "CUSTOM")],
)
def test_bedrock_location(uri: str, kind: str) -> None:
    document = {"document_id": "x", "uri": uri}
    response = v1.SearchResponse(passages=[{"document": document}])
    answer = bedrock.retrieve_response(response)
    check_shape(answer, RETRIEVE)
    assert answer["retrievalResults"][0]["location"]["type"] == kind


@given(responses() | responses_of_several())
def test_bedrock_search_results(response: v1.SearchResponse) -> None:
    blocks = bedrock.search_results(response)
    for block in blocks:
        check_shape(block, CONTENT_BLOCK)
    again = bedrock.from_search_results(blocks)
    assert kept(again, SEARCH_RESULT) == kept(response, SEARCH_RESULT)
    assert blocks_of(again) == joined_blocks(response)


@given(responses() | responses_of_several())
def test_cohere_documents(response: v1.SearchResponse) -> None:
    documents = cohere_format.documents(response)
    parsed = [cohere.Document(**one) for one in documents]
    for given_ in (documents, parsed):
        again = cohere_format.from_documents(given_)
        assert kept(again, ATTRIBUTES) == kept(response, ATTRIBUTES)


@pytest.mark.parametrize(
    "uri",
    ["https://a/b", "https://a/b#c", "ü#footnote=x/1/y", "#", "a&footnote=b/2/c"],
)
def test_tag(uri: str) -> None:
    ref = PassageRef("seeds", 7, "AbC_-9")
    assert untag(tag(uri, ref)) == (uri, ref)


@pytest.mark.parametrize(
    "convert",
    [
        claude.search_results,
        claude.documents,
        gemini.simple_search,
        bedrock.search_results,
        cohere_format.documents,
    ],
)
def test_nothing_found(convert: Callable[[v1.SearchResponse], list[Any]]) -> None:
    assert convert(v1.SearchResponse()) == []
