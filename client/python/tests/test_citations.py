"""Recorded answers of each provider, whose citations are verified.

The answers are written by hand from the documented shapes; what they cite is
what the server has.
"""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any

import cohere
import pytest
from anthropic.types import Message
from google.genai import types as genai
from openai.types.responses import Response

from footnote import AsyncClient, Client, v1
from footnote.citations import (
    Citation,
    Verdict,
    VerifiedCitation,
    averify,
    verify,
)
from footnote.formats import bedrock, claude, gemini, openai
from footnote.formats import cohere as cohere_format
from footnote.passages import PassageRef, ref_of, tag

if TYPE_CHECKING:
    from collections.abc import Sequence

VERIFIED, SHIFTED, WRONG, INVENTED = Verdict

NOWHERE = "The moon is made of a green and rather old cheese."


def verdicts(checked: Sequence[VerifiedCitation]) -> list[Verdict]:
    return [one.verdict for one in checked]


def check_parts(client: Client, checked: Sequence[VerifiedCitation]) -> None:
    """Checks each footnote by reading the document again."""
    for one in checked:
        assert bool(one.parts) == (one.verdict is not Verdict.INVENTED)
        assert bool(one.reason) == (one.verdict is not Verdict.VERIFIED)
        for part in one.parts:
            span = part.provenance.span
            request = v1.GetSpanRequest(
                name=part.document.name,
                start_byte=span.start_byte,
                end_byte=span.end_byte,
            )
            assert client.get_span(request).content.text == part.text


def message_of(*blocks: dict[str, Any]) -> dict[str, Any]:
    """Returns an answer of Claude, as the SDK has it."""
    message = {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "claude",
        "content": blocks,
        "stop_reason": "end_turn",
        "stop_sequence": None,
        "usage": {"input_tokens": 1, "output_tokens": 1},
    }
    Message.model_validate(message)
    return message


def cited(text: str, *citations: dict[str, Any]) -> dict[str, Any]:
    return {"type": "text", "text": text, "citations": list(citations)}


def test_claude_search_results(client: Client, found: v1.SearchResponse) -> None:
    first, second, _ = claude.search_results(found)
    foreign = {
        "type": "search_result",
        "source": "https://example.org",
        "title": "Not ours",
        "content": [{"type": "text", "text": "Something."}],
    }
    messages: list[dict[str, Any]] = [
        {"role": "user", "content": "A question."},
        {
            "role": "user",
            "content": [
                {
                    "type": "tool_result",
                    "tool_use_id": "t",
                    "content": [first, foreign],
                },
                second,
            ],
        },
    ]

    def location(index: int, start: int, end: int, text: str) -> dict[str, Any]:
        return {
            "type": "search_result_location",
            "search_result_index": index,
            "source": "s",
            "title": "t",
            "start_block_index": start,
            "end_block_index": end,
            "cited_text": text,
        }

    texts = [[part["text"] for part in one["content"]] for one in (first, second)]
    answer = message_of(
        cited("Well. "),
        cited(
            "Good.",
            location(0, 0, 2, "".join(texts[0][:2])),
            location(1, 0, 1, "Something."),  # not ours
            location(2, 0, 1, texts[1][0]),
        ),
        cited("Shifted.", location(0, 1, 2, texts[0][0])),
        cited("Wrong source.", location(2, 0, 1, texts[0][1])),
        cited("Changed.", location(0, 2, 3, texts[0][2].replace("three", "nine"))),
        cited("Invented.", location(0, 0, 1, NOWHERE)),
        cited("No such source.", location(7, 0, 1, texts[0][0])),
    )
    for given in (answer, Message.model_validate(answer)):
        checked = verify(client, claude.read_citations(given, messages))
        assert verdicts(checked) == [
            VERIFIED,
            VERIFIED,
            SHIFTED,
            WRONG,
            WRONG,
            INVENTED,
            INVENTED,
        ]
        check_parts(client, checked)
    assert "nine" in checked[4].reason
    assert checked[0].parts[0].text == "".join(texts[0][:2])
    assert checked[0].citation.answer == (6, 11)
    assert "another document" in checked[3].reason
    assert "source 7" in checked[6].reason


def test_claude_documents(client: Client, found: v1.SearchResponse) -> None:
    plain_text, _, _ = claude.documents(found)
    _, blocks, _ = claude.documents(found, sentences_as_blocks=True)
    foreign = {
        "type": "document",
        "source": {"type": "text", "media_type": "text/plain", "data": "A."},
    }
    messages = [{"role": "user", "content": [plain_text, foreign, blocks]}]
    text = found.passages[0].text
    quote = found.passages[0].blocks[0].text
    sentence = found.passages[1].blocks[1].text

    def chars(start: int, end: int, quote: str) -> dict[str, Any]:
        return {
            "type": "char_location",
            "document_index": 0,
            "document_title": "t",
            "file_id": None,
            "start_char_index": start,
            "end_char_index": end,
            "cited_text": quote,
        }

    block = {
        "type": "content_block_location",
        "document_index": 2,
        "document_title": "t",
        "file_id": None,
        "start_block_index": 1,
        "end_block_index": 2,
        "cited_text": sentence,
    }
    answer = message_of(
        cited("Good.", chars(0, len(quote), quote), block),
        cited("Cut off.", chars(1, 60, text[1:60])),
        cited("Shifted.", chars(3, len(quote) + 3, quote)),
        cited("Shifted far.", chars(200, 250, quote)),
        cited("Beyond the end.", chars(10_000, 10_050, quote)),
        cited("Wrong.", chars(0, len(sentence), sentence)),
    )
    checked = verify(client, claude.read_citations(answer, messages))
    assert verdicts(checked) == [VERIFIED] * 3 + [SHIFTED] * 3 + [WRONG]
    check_parts(client, checked)


def response_of(*output: dict[str, Any]) -> dict[str, Any]:
    """Returns an answer of OpenAI's Responses API, as the SDK has it."""
    response = {
        "id": "resp_1",
        "object": "response",
        "created_at": 1,
        "model": "gpt",
        "output": list(output),
        "parallel_tool_calls": True,
        "tool_choice": "auto",
        "tools": [],
    }
    Response.model_validate(response)
    return response


def test_openai(client: Client, found: v1.SearchResponse) -> None:
    first, second, third = found.passages
    call = openai.file_search_call(found, "fs_1")
    call["results"][2]["text"] = NOWHERE
    sentence = second.blocks[1].text.strip()
    text = f"Good, “zwölf”. {sentence} {sentence} Made up. None. By URL."
    ref = ref_of(third, found.generation)
    start = text.index("By URL.")

    def file_at(file_id: str, after: str) -> dict[str, Any]:
        index = text.rindex(after) + len(after)
        return {
            "type": "file_citation",
            "file_id": file_id,
            "filename": "f",
            "index": index,
        }

    def url(given: str) -> dict[str, Any]:
        return {
            "type": "url_citation",
            "url": given,
            "title": "t",
            "start_index": start,
            "end_index": len(text),
        }

    annotations = [
        file_at(first.document.document_id, "“zwölf”."),
        file_at(second.document.document_id, sentence),
        file_at(first.document.document_id, sentence),
        file_at(third.document.document_id, "Made up."),
        file_at("file-none", "None."),
        url(tag(third.document.uri, ref)),
        url(tag(third.document.uri, ref._replace(passage_id="A" * 22))),
        url(tag(third.document.uri, ref._replace(collection="none"))),
        url("https://example.org"),
    ]
    message = {
        "type": "message",
        "id": "msg_1",
        "role": "assistant",
        "status": "completed",
        "content": [{"type": "output_text", "text": text, "annotations": annotations}],
    }
    answer = response_of(call, message)
    for given in (answer, Response.model_validate(answer)):
        checked = verify(client, openai.read_citations(given))
        assert verdicts(checked) == [
            VERIFIED,
            VERIFIED,
            WRONG,
            INVENTED,
            INVENTED,
            VERIFIED,
            INVENTED,
            INVENTED,
        ]
        check_parts(client, checked)
    begin, end = checked[0].citation.answer
    assert text[begin:end] == "Good, “zwölf”."
    # What the answer took word for word is the footnote, not all of the passage.
    assert checked[1].parts[0].text in sentence
    assert checked[0].parts[0].text == first.text


def test_gemini(client: Client, found: v1.SearchResponse) -> None:
    metadata = gemini.grounding_metadata(found)
    first, second, third = found.passages
    sentence = second.blocks[1].text.strip()
    metadata["grounding_chunks"][2]["retrieved_context"]["text"] = NOWHERE
    metadata["grounding_chunks"].append({"web": {"uri": "https://example.org"}})
    parts = ["Zwölf Drohnen. ", f"Überall: {sentence}"]
    start = len("Überall: ".encode())

    def support(part: int, start: int, end: int, *chunks: int) -> dict[str, Any]:
        text = parts[part].encode()[start:end].decode()
        return {
            "segment": {
                "part_index": part,
                "start_index": start,
                "end_index": end,
                "text": text,
            },
            "grounding_chunk_indices": list(chunks),
        }

    shifted = support(0, 0, 15, 0)
    shifted["segment"]["start_index"] += 1
    metadata["grounding_supports"] = [
        support(0, 0, 15, 0, 3),
        support(1, start, len(parts[1].encode()), 1, 0),
        shifted,
        support(0, 0, 6, 2, 9),
    ]
    candidate = {
        "content": {"role": "model", "parts": [{"text": part} for part in parts]},
        "grounding_metadata": metadata,
    }
    answer = {"candidates": [candidate]}
    parsed = genai.GenerateContentResponse.model_validate(answer)
    rest = parsed.model_dump(by_alias=True, exclude_none=True)
    assert "groundingSupports" in json.dumps(rest)
    for given in (answer, parsed, rest):
        checked = verify(client, gemini.read_citations(given))
        assert verdicts(checked) == [
            VERIFIED,
            VERIFIED,
            WRONG,
            SHIFTED,
            INVENTED,
            INVENTED,
        ]
        check_parts(client, checked)
    whole = "".join(parts)
    begin, end = checked[1].citation.answer
    assert whole[begin:end] == sentence
    assert checked[0].parts[0].text == first.text
    assert third.passage_id not in [one.parts[0].passage_id for one in checked[:4]]


def test_cohere(client: Client, found: v1.SearchResponse) -> None:
    documents = cohere_format.documents(found)
    second = found.passages[1]
    sentence = second.blocks[1].text.strip()
    text = f"Ein Überblick: {sentence}"

    def citation(start: int, said: str, *documents: dict[str, Any]) -> dict[str, Any]:
        sources = [
            {"type": "document", "id": one["id"], "document": one["data"]}
            for one in documents
        ]
        return {
            "start": start,
            "end": start + len(said),
            "text": said,
            "sources": sources,
            "type": "TEXT_CONTENT",
        }

    made_up = {**documents[0], "data": {**documents[0]["data"], "text": NOWHERE}}
    foreign = {"id": "doc-1", "data": {"text": "x"}}
    at = text.index(sentence)
    message = {
        "role": "assistant",
        "content": [{"type": "text", "text": text}],
        "citations": [
            citation(4, "Überblick", documents[0], foreign),
            citation(at, sentence, documents[1], documents[0]),
            citation(5, "Überblick", documents[0]),
            citation(4, "Überblick", made_up),
            citation(4, "Überblick", {"id": "seeds/1/none", "data": {}}),
        ],
    }
    answer = {
        "id": str(uuid.UUID(int=1)),
        "finish_reason": "COMPLETE",
        "message": message,
    }
    parsed = cohere.V2ChatResponse.model_validate(answer)
    for given in (answer, parsed):
        checked = verify(client, cohere_format.read_citations(given))
        assert verdicts(checked) == [
            VERIFIED,
            VERIFIED,
            WRONG,
            SHIFTED,
            INVENTED,
            INVENTED,
        ]
        check_parts(client, checked)
    begin, end = checked[1].citation.answer
    assert text[begin:end] == sentence


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        (
            "In March 2026, three data centers in Bahrain and the UAE were hit.",
            VERIFIED,
        ),
        ("Iranian drones damaged nine data centers of AWS in Bahrain.", WRONG),
        ("Early in March 2024, Iranian drones damaged data centers of AWS.", WRONG),
        ("Iranian drones did not damage data centers of AWS in Bahrain.", WRONG),
    ],
)
def test_source_says_otherwise(
    client: Client, found: v1.SearchResponse, said: str, verdict: Verdict
) -> None:
    """Where an answer is in its own words, its source must not contradict it."""
    (document, *_) = cohere_format.documents(found)
    source = {"type": "document", "id": document["id"], "document": document["data"]}
    citation = {"start": 0, "end": len(said), "text": said, "sources": [source]}
    message = {"content": [{"type": "text", "text": said}], "citations": [citation]}
    checked = verify(client, cohere_format.read_citations({"message": message}))
    assert verdicts(checked) == [verdict]
    check_parts(client, checked)


def test_nothing_cited() -> None:
    assert gemini.read_citations({"candidates": None}) == []
    assert gemini.read_citations({"candidates": [{"finish_reason": "SAFETY"}]}) == []
    assert cohere_format.read_citations({"message": {"content": None}}) == []
    assert claude.read_citations(message_of({"type": "text", "text": "x"}), []) == []
    part = {"type": "output_text", "text": "x", "annotations": []}
    message = {"type": "message", "content": [part, {"type": "refusal"}]}
    assert openai.read_citations({"output": [message]}) == []


def test_bedrock_converse(client: Client, found: v1.SearchResponse) -> None:
    first, second, third = bedrock.search_results(found)
    messages: list[dict[str, Any]] = [
        {"role": "user", "content": [{"text": "A question."}, first]},
        {
            "role": "user",
            "content": [{"toolResult": {"toolUseId": "t", "content": [second, third]}}],
        },
    ]
    texts = [
        [part["text"] for part in one["searchResult"]["content"]]
        for one in (first, second)
    ]

    def citation(index: int, start: int, end: int, text: str) -> dict[str, Any]:
        return {
            "source": "s",
            "title": "t",
            "sourceContent": [{"text": text}],
            "location": {
                "searchResultLocation": {
                    "searchResultIndex": index,
                    "start": start,
                    "end": end,
                }
            },
        }

    citations = [
        citation(0, 1, 2, texts[0][1]),
        citation(1, 0, 1, texts[1][0]),
        citation(0, 0, 1, texts[0][1]),
        citation(1, 0, 1, texts[0][1]),
        citation(0, 0, 1, NOWHERE),
        citation(5, 0, 1, texts[0][1]),
        {"location": {"web": {"url": "https://example.org"}}},
    ]
    content = [
        {"text": "Well. "},
        {"citationsContent": {"content": [{"text": "So."}], "citations": citations}},
    ]
    answer = {"output": {"message": {"role": "assistant", "content": content}}}
    checked = verify(client, bedrock.read_converse_citations(answer, messages))
    assert verdicts(checked) == [VERIFIED, VERIFIED, SHIFTED, WRONG, INVENTED, INVENTED]
    assert checked[0].citation.answer == (6, 9)
    check_parts(client, checked)


@pytest.mark.parametrize("end_is_inclusive", [False, True])
def test_bedrock_generated(
    client: Client, found: v1.SearchResponse, end_is_inclusive: bool
) -> None:
    results = bedrock.retrieve_response(found)["retrievalResults"]
    text = "Drohnen über Zürich."

    def citation(start: int, said: str, *references: dict[str, Any]) -> dict[str, Any]:
        end = start + len(said) - end_is_inclusive
        part = {"text": said, "span": {"start": start, "end": end}}
        return {
            "generatedResponsePart": {"textResponsePart": part},
            "retrievedReferences": list(references),
        }

    made_up = {**results[2], "content": {"type": "TEXT", "text": NOWHERE}}
    swapped = {**results[1], "content": results[0]["content"]}
    answer = {
        "output": {"text": text},
        "citations": [
            citation(0, "Drohnen über", results[0], results[1]),
            citation(3, "Drohnen über", results[0]),
            citation(0, "Drohnen", swapped, made_up),
            citation(0, "Drohnen", {"content": {"text": "not ours"}}),
        ],
    }
    checked = verify(client, bedrock.read_generated_citations(answer))
    assert verdicts(checked) == [VERIFIED, VERIFIED, SHIFTED, WRONG, INVENTED]
    assert checked[0].citation.answer == (0, 12)
    check_parts(client, checked)


async def test_asynchronous(server: str, found: v1.SearchResponse) -> None:
    first = found.passages[0]
    ref = ref_of(first, found.generation)
    citations = [
        Citation(ref=ref, quote=first.text[5:50], place=(5, 50), answer=(0, 1)),
        Citation(ref=ref, quote=NOWHERE, answer=(0, 1)),
        Citation(ref=ref._replace(generation=99), quote=first.text, answer=(0, 1)),
        Citation(ref=PassageRef("seeds", 1, "none"), quote=first.text, answer=(0, 1)),
        Citation(ref=PassageRef("gone", 1, "none"), quote=first.text, answer=(0, 1)),
    ]
    async with AsyncClient(server) as client:
        checked = await averify(client, citations)
    assert verdicts(checked) == [VERIFIED, INVENTED, VERIFIED, WRONG, INVENTED]
    with Client(server) as blocking:
        assert verify(blocking, citations) == checked


@pytest.mark.parametrize(
    "said",
    [
        "Amazon put another $4.5 billion into it in May.",
        "That is 12.5 % of the U.S. market.",
        "„Elf“, he said.",
    ],
)
def test_openai_sentences(said: str) -> None:
    """A file citation is of the whole sentence before it."""
    text = f"Before. {said}"
    annotation = {
        "type": "file_citation",
        "file_id": "none",
        "filename": "f",
        "index": len(text),
    }
    part = {"type": "output_text", "text": text, "annotations": [annotation]}
    message = {"type": "message", "content": [part]}
    (citation,) = openai.read_citations({"output": [message]})
    assert citation.answer is not None
    assert text[slice(*citation.answer)] == said
