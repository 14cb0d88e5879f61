"""The retrievers of each framework against the running server."""

from __future__ import annotations

from typing import Any

import dspy
import pytest
from haystack import Pipeline
from haystack.components.builders import AnswerBuilder
from langchain_core.tools import create_retriever_tool
from langchain_tests.integration_tests import RetrieversIntegrationTests
from llama_index.core.llms import MockLLM
from llama_index.core.query_engine import RetrieverQueryEngine
from llama_index.core.response_synthesizers import (
    ResponseMode,
    get_response_synthesizer,
)
from llama_index.core.schema import MetadataMode

from footnote import Client, v1
from footnote import dspy as dspy_footnote
from haystack_integrations.components.retrievers import footnote as haystack_footnote
from haystack_integrations.components.retrievers.footnote.filters import to_filter
from langchain_footnote import FootnoteRetriever, to_response
from llama_index.retrievers import footnote as llama_footnote

QUERY = "supply chain risk"


def searched(client: Client, count: int) -> v1.SearchResponse:
    """Returns what the retrievers are to give: the passages, and where from."""
    request = v1.SearchRequest(
        collection="seeds",
        query=QUERY,
        page_size=count,
        omit_facets=True,
        omit_counts=True,
    )
    found = client.search(request)
    return v1.SearchResponse(passages=found.passages, generation=found.generation)


class TestLangChain(RetrieversIntegrationTests):
    """LangChain's own tests of retrievers."""

    @pytest.fixture(autouse=True)
    def _serve(self, server: str) -> None:
        self._server = server

    @property
    def retriever_constructor(self) -> type[FootnoteRetriever]:
        return FootnoteRetriever

    @property
    def retriever_constructor_params(self) -> dict[str, Any]:
        return {"collection": "seeds", "server": self._server}

    @property
    def retriever_query_example(self) -> str:
        return QUERY


def test_langchain_round_trip(client: Client, server: str) -> None:
    retriever = FootnoteRetriever(collection="seeds", server=server, k=3)
    documents = retriever.invoke(QUERY)
    assert to_response(documents) == searched(client, 3)
    first = documents[0]
    whole = client.get_document(
        v1.GetDocumentRequest(
            name=f"collections/seeds/documents/{first.metadata['document_id']}"
        )
    ).content.text
    start = first.metadata["start_index"]
    assert whole[start:].startswith(first.page_content)
    assert first.metadata["source"]


def test_langchain_filter_and_tool(server: str) -> None:
    only = v1.Filter(
        condition={
            "field": "source_type",
            "op": "OPERATOR_EQ",
            "value": {"string_value": "analysis"},
        }
    )
    retriever = FootnoteRetriever(collection="seeds", server=server, filter=only)
    tool = create_retriever_tool(
        retriever, "seeds", "finds", response_format="content_and_artifact"
    )
    call = {"name": "seeds", "id": "1", "args": {"query": QUERY}, "type": "tool_call"}
    message = tool.invoke(call)
    documents = message.artifact
    assert documents
    kinds = {one.document.source_type for one in to_response(documents).passages}
    assert kinds == {"analysis"}


async def test_llama_index(client: Client, server: str) -> None:
    retriever = llama_footnote.FootnoteRetriever("seeds", server, similarity_top_k=3)
    nodes = retriever.retrieve(QUERY)
    assert llama_footnote.to_response(nodes) == searched(client, 3)
    assert [one.node_id for one in await retriever.aretrieve(QUERY)] == [
        one.node_id for one in nodes
    ]
    first = nodes[0].node
    assert first.ref_doc_id == first.metadata["document_id"]
    prompt = first.get_content(MetadataMode.LLM)
    assert first.metadata["title"] in prompt
    assert "sha256" not in prompt
    engine = RetrieverQueryEngine(
        retriever,
        get_response_synthesizer(
            llm=MockLLM(), response_mode=ResponseMode.COMPACT, use_async=False
        ),
    )
    answer = engine.query(QUERY)
    assert [one.node_id for one in answer.source_nodes] == [
        one.node_id for one in nodes
    ]


async def test_haystack(client: Client, server: str) -> None:
    retriever = haystack_footnote.FootnoteRetriever("seeds", server, top_k=3)
    documents = retriever.run(query=QUERY)["documents"]
    response = searched(client, 3)
    assert haystack_footnote.to_response(documents) == response
    assert [one.score for one in documents] == [one.score for one in response.passages]
    scaled = (await retriever.run_async(query=QUERY, scale_score=True))["documents"]
    assert [one.score for one in scaled] == [one.relevance for one in response.passages]


def test_haystack_pipeline(server: str) -> None:
    pipeline = Pipeline()
    pipeline.add_component(
        "retriever",
        haystack_footnote.FootnoteRetriever("seeds", server, top_k=2),
    )
    pipeline.add_component("builder", AnswerBuilder(reference_pattern=r"\[(\d+)\]"))
    pipeline.connect("retriever.documents", "builder.documents")
    again = Pipeline.loads(pipeline.dumps())
    result = again.run(
        {
            "retriever": {"query": QUERY},
            "builder": {"query": QUERY, "replies": ["So it is [2]."]},
        }
    )
    (answer,) = result["builder"]["answers"]
    referenced = [one for one in answer.documents if one.meta.get("referenced")]
    assert [one.meta["source_index"] for one in referenced] == [2]


def condition(field: str, operator: str, value: Any) -> dict[str, Any]:
    return {"field": field, "operator": operator, "value": value}


@pytest.mark.parametrize(
    ("filters", "kinds"),
    [
        (condition("meta.source_type", "==", "news"), {"news"}),
        (condition("meta.source_type", "!=", "news"), {"analysis"}),
        (condition("meta.source_type", "in", ["news", "x"]), {"news"}),
        (
            {
                "operator": "NOT",
                "conditions": [condition("source_type", "==", "analysis")],
            },
            {"news"},
        ),
        (
            {
                "operator": "AND",
                "conditions": [
                    condition("source_type", "==", "analysis"),
                    condition("source_type", "==", "news"),
                ],
            },
            set(),
        ),
        (
            {
                "operator": "OR",
                "conditions": [
                    condition("source_type", "==", "analysis"),
                    condition("source_type", "==", "news"),
                ],
            },
            {"analysis", "news"},
        ),
        (condition("meta.date", ">=", "2100"), set()),
    ],
)
def test_haystack_filters(
    server: str, filters: dict[str, Any], kinds: set[str]
) -> None:
    retriever = haystack_footnote.FootnoteRetriever("seeds", server, top_k=50)
    documents = retriever.run(query=QUERY, filters=filters)["documents"]
    found = haystack_footnote.to_response(documents).passages
    assert {one.document.source_type for one in found} == kinds


def test_haystack_filter_without_operator() -> None:
    with pytest.raises(ValueError, match="no operator 'like'"):
        to_filter(condition("meta.x", "like", "y"))


def test_dspy(client: Client, server: str) -> None:
    rm = dspy_footnote.FootnoteRM("seeds", server)
    response = searched(client, 2)
    assert dspy_footnote.to_response(rm(QUERY, k=2)) == response
    texts = [passage.text for passage in response.passages]
    with dspy.context(rm=rm):
        assert dspy.Retrieve(k=2)(QUERY).passages == texts
    tool = dspy.Tool(rm.search)
    assert tool(query=QUERY)[:2] == texts
