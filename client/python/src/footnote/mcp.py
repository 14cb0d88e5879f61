"""footnote-mcp: a collection for assistants that speak MCP.

`search` and `fetch` are what ChatGPT's connectors expect; `verify`, `span` and
`entities` are what Footnote has besides.
"""

import argparse
import contextlib
from collections.abc import AsyncIterator, Awaitable
from typing import Any, TypeVar

from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations
from typing_extensions import TypedDict

from footnote import v1
from footnote.aio import AsyncClient
from footnote.errors import FootnoteError
from footnote.passages import PassageRef, attributes, generation_of, ref_of, tag

ResultT = TypeVar("ResultT")
Session = Context[AsyncClient, Any]

_READ_ONLY = ToolAnnotations(
    read_only_hint=True, idempotent_hint=True, open_world_hint=False
)
_INSTRUCTIONS = (
    "Search finds passages; fetch gives the text of one. Quote word for word, and "
    "check what you quote with verify before you answer."
)
_ID_PARTS = 3


class Result(TypedDict):
    """A passage that was found."""

    id: str
    title: str
    url: str


class Results(TypedDict):
    """What search found, best first."""

    results: list[Result]


class Fetched(TypedDict):
    """A passage: its exact text, and where it stands."""

    id: str
    title: str
    text: str
    url: str
    metadata: dict[str, Any]


class Place(TypedDict):
    """An exact part of a document."""

    document: str
    title: str
    url: str
    start_byte: int
    end_byte: int
    revision: str
    text: str
    text_sha256: str


class CheckedQuote(TypedDict):
    """What is found of a quote, and where it truly stands."""

    quote: str
    verdict: str
    differences: list[str]
    places: list[Place]


class CheckedQuotes(TypedDict):
    """What is found of each quote, in order."""

    checks: list[CheckedQuote]


class SpanText(TypedDict):
    """A part of a document, with whole sentences around it."""

    place: Place
    before: str
    after: str


class Entity(TypedDict):
    """An entity that passages mention."""

    type: str
    id: str
    name: str
    passages: int
    documents: int


class Entities(TypedDict):
    """Entities by descending passages."""

    entities: list[Entity]


class Tools:
    """The tools over one collection."""

    def __init__(self, collection: str) -> None:
        self._collection = collection.removeprefix("collections/")

    async def search(self, query: str, ctx: Session) -> Results:
        """Find passages that answer a question, best first.

        Takes plain language, or operators: +must -not "a phrase" (a OR b)
        title:word date:2026-01..2026-04. Use fetch with an id for the text.
        """
        request = v1.SearchRequest(collection=self._collection, query=query)
        response = await _call(_client(ctx).search(request))
        results: list[Result] = []
        for passage in response.passages:
            ref = ref_of(passage, generation_of(passage, response))
            results.append(
                {
                    "id": "/".join(map(str, ref)),
                    "title": passage.document.title,
                    "url": tag(passage.document.uri, ref),
                }
            )
        return {"results": results}

    async def fetch(self, id: str, ctx: Session) -> Fetched:  # noqa: A002
        """Get the exact text of a passage by an id that search gave.

        The metadata say where it stands in its document, and have the ids of the
        passages before and after it.
        """
        ref = _parse_id(id)
        request = v1.GetPassageRequest(name=ref.name, generation=ref.generation)
        response = await _call(_client(ctx).get_passage(request))
        passage = response.passage
        metadata: dict[str, Any] = dict(attributes(passage, response.generation))
        for key in ("previous_passage_id", "next_passage_id"):
            neighbour = getattr(passage.provenance, key)
            if neighbour:
                metadata[key] = "/".join(map(str, ref._replace(passage_id=neighbour)))
        return {
            "id": id,
            "title": passage.document.title,
            "text": passage.text,
            "url": tag(passage.document.uri, ref),
            "metadata": metadata,
        }

    async def verify(self, quotes: list[str], ctx: Session) -> CheckedQuotes:
        """Check whether quotes stand in the collection, and where.

        Verdicts: EXACT, NORMALISED (but for case, spaces, quotation marks), FUZZY
        (with differences), STITCHED (of several places), ABSENT.
        """
        request = v1.VerifyQuotesRequest(
            collection=self._collection, quotes=[v1.Quote(text=one) for one in quotes]
        )
        response = await _call(_client(ctx).verify_quotes(request))
        checks = zip(quotes, response.checks, strict=True)
        return {"checks": [_checked(quote, check) for quote, check in checks]}

    async def span(
        self,
        document: str,
        start_byte: int,
        end_byte: int,
        ctx: Session,
        sentences: int = 0,
    ) -> SpanText:
        """Get the text of a part of a document, with whole sentences around it.

        `document` is a document_id of the metadata of fetch, or the document of a
        place of verify.
        """
        request = v1.GetSpanRequest(
            name=f"collections/{self._collection}/documents/{document}",
            start_byte=start_byte,
            end_byte=end_byte,
            context_count=sentences,
        )
        response = await _call(_client(ctx).get_span(request))
        content = response.content.text
        return {
            "place": _place(content, response.document, response.provenance),
            "before": response.before.text,
            "after": response.after.text,
        }

    async def entities(self, query: str, ctx: Session, limit: int = 20) -> Entities:
        """Find the people, organisations, places and other entities of a topic.

        Counts the passages and documents that match the query and mention them;
        entity:TYPE/id in a query of search asks for one of them.
        """
        request = v1.SearchRequest(
            collection=self._collection,
            query=query,
            page_size=1,
            facets=[v1.FacetSpec(field="entity", limit=limit)],
        )
        response = await _call(_client(ctx).search(request))
        entities: list[Entity] = []
        for value in response.facets[0].values:
            kind, _, entity_id = value.value.partition("/")
            entities.append(
                {
                    "type": kind,
                    "id": entity_id,
                    "name": value.name,
                    "passages": value.count.passages,
                    "documents": value.count.documents,
                }
            )
        return {"entities": entities}


def make_server(address: str, collection: str) -> MCPServer[AsyncClient]:
    """Returns an MCP server over a collection of a footnote-server."""

    @contextlib.asynccontextmanager
    async def connected(_: MCPServer[AsyncClient]) -> AsyncIterator[AsyncClient]:
        async with AsyncClient(address) as client:
            yield client

    server = MCPServer("footnote", instructions=_INSTRUCTIONS, lifespan=connected)
    tools = Tools(collection)
    for tool in (tools.search, tools.fetch, tools.verify, tools.span, tools.entities):
        server.add_tool(tool, annotations=_READ_ONLY)
    return server


def main(arguments: list[str] | None = None) -> None:
    """Runs the command."""
    parser = argparse.ArgumentParser(
        prog="footnote-mcp",
        description="Serves a collection over MCP, on stdin and stdout or by HTTP.",
    )
    parser.add_argument("--collection", required=True, help="the collection")
    parser.add_argument(
        "--server",
        default="127.0.0.1:50051",
        metavar="HOST:PORT",
        help="footnote-server (%(default)s)",
    )
    parser.add_argument(
        "--http",
        metavar="HOST:PORT",
        help="serves streamable HTTP at /mcp of this address",
    )
    flags = parser.parse_args(arguments)
    server = make_server(flags.server, flags.collection)
    if flags.http is None:
        server.run("stdio")
        return
    host, _, port = flags.http.rpartition(":")
    if not host or not port.isdecimal():
        parser.error(f"--http takes HOST:PORT, not {flags.http!r}")
    server.run("streamable-http", host=host, port=int(port), stateless_http=True)


def _client(ctx: Session) -> AsyncClient:
    return ctx.request_context.lifespan_context


async def _call(call: Awaitable[ResultT]) -> ResultT:
    """Waits for a call; what fails is told to the model."""
    try:
        return await call
    except FootnoteError as error:
        raise ToolError(str(error)) from error


def _parse_id(text: str) -> PassageRef:
    parts = text.split("/")
    if len(parts) != _ID_PARTS or not parts[1].isdecimal():
        raise ToolError(f"{text!r} is no id of a passage; search gives them")
    return PassageRef(parts[0], int(parts[1]), parts[2])


def _place(text: str, document: v1.DocumentRef, provenance: v1.Provenance) -> Place:
    return {
        "document": document.document_id,
        "title": document.title,
        "url": document.uri,
        "start_byte": provenance.span.start_byte,
        "end_byte": provenance.span.end_byte,
        "revision": provenance.document_revision,
        "text": text,
        "text_sha256": provenance.text_sha256.hex(),
    }


def _checked(quote: str, check: v1.QuoteCheck) -> CheckedQuote:
    verdict = v1.QuoteVerdict.Name(check.verdict)
    return {
        "quote": quote,
        "verdict": verdict.removeprefix("QUOTE_VERDICT_"),
        "differences": [
            f'"{one.quote_text}" for "{one.source_text}"' for one in check.differences
        ],
        "places": [
            _place(part.text, part.document, part.provenance) for part in check.parts
        ],
    }
