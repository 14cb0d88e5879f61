"""footnote-mcp, asked by the official client over stdio and HTTP."""

from __future__ import annotations

import hashlib
import json
import pathlib
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from mcp import Client as McpClient
from mcp import StdioServerParameters

from footnote.passages import untag

if TYPE_CHECKING:
    from collections.abc import Iterator

# As pip installs it.
COMMAND = [
    str(pathlib.Path(sys.executable).with_name("footnote-mcp")),
    "--collection",
    "seeds",
]


@pytest.fixture
def stdio(server: str) -> StdioServerParameters:
    return StdioServerParameters(
        command=COMMAND[0], args=[*COMMAND[1:], "--server", server]
    )


async def ask(client: McpClient, tool: str, **arguments: Any) -> Any:
    """Returns what a tool answers, which stands in one text as well."""
    result = await client.call_tool(tool, arguments)
    assert not result.is_error, result.content
    (content,) = result.content
    assert json.loads(content.text) == result.structured_content  # type: ignore[union-attr]
    return result.structured_content


async def check_tools(client: McpClient) -> None:
    tools = {tool.name: tool for tool in (await client.list_tools()).tools}
    assert list(tools) == ["search", "fetch", "verify", "span", "entities"]
    assert tools["search"].input_schema["required"] == ["query"]
    assert list(tools["search"].input_schema["properties"]) == ["query"]
    assert list(tools["fetch"].input_schema["properties"]) == ["id"]
    for tool in tools.values():
        assert tool.annotations
        assert tool.annotations.read_only_hint
        assert tool.output_schema

    found = await ask(client, "search", query="Which data centers did drones damage?")
    assert set(found) == {"results"}
    best = found["results"][0]
    assert set(best) == {"id", "title", "url"}
    assert "/".join(map(str, untag(best["url"])[1] or ())) == best["id"]

    fetched = await ask(client, "fetch", id=best["id"])
    assert set(fetched) == {"id", "title", "text", "url", "metadata"}
    assert (fetched["id"], fetched["url"]) == (best["id"], best["url"])
    assert "drones damaged three or more data centers" in fetched["text"]
    metadata = fetched["metadata"]
    digest = hashlib.sha256(fetched["text"].encode()).hexdigest()
    assert digest == metadata["text_sha256"]
    before = await ask(client, "fetch", id=metadata["previous_passage_id"])
    assert before["metadata"]["end_byte"] == metadata["start_byte"]

    span = await ask(
        client,
        "span",
        document=metadata["document_id"],
        start_byte=metadata["start_byte"],
        end_byte=metadata["end_byte"],
        sentences=1,
    )
    assert span["place"]["text"] == fetched["text"]
    assert span["before"]
    quotes = [
        "drones damaged nine or more data centers of AWS",
        "No one said this ever.",
    ]
    checks = (await ask(client, "verify", quotes=quotes))["checks"]
    assert [one["verdict"] for one in checks] == ["FUZZY", "ABSENT"]
    assert checks[0]["differences"] == ['"nine" for "three"']
    assert "three" in checks[0]["places"][0]["text"]
    entities = (await ask(client, "entities", query="Amazon", limit=3))["entities"]
    assert len(entities) == 3
    assert {"type", "id", "name", "passages", "documents"} == set(entities[0])


async def test_stdio(stdio: StdioServerParameters) -> None:
    async with McpClient(stdio) as client:
        await check_tools(client)
        wrong: list[tuple[str, dict[str, Any], str]] = [
            ("search", {"query": " "}, "QUERY_EMPTY"),
            ("fetch", {"id": "none"}, "no id of a passage"),
            ("fetch", {"id": "seeds/1/none"}, "PASSAGE_NOT_FOUND"),
            ("verify", {"quotes": []}, "QUOTES_MISSING"),
        ]
        for tool, arguments, reason in wrong:
            result = await client.call_tool(tool, arguments)
            assert result.is_error
            assert reason in result.content[0].text  # type: ignore[union-attr]


@pytest.fixture
def http(server: str) -> Iterator[str]:
    """The URL of footnote-mcp."""
    process = subprocess.Popen(
        [*COMMAND, "--server", server, "--http", "127.0.0.1:0"],
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr
    try:
        for line in process.stderr:
            if match := re.search(r"running on (http://\S+)", line):
                yield f"{match[1]}/mcp"
                break
        else:
            raise AssertionError("it did not start")
    finally:
        process.terminate()
        process.communicate()


async def test_http(http: str) -> None:
    async with McpClient(http) as client:
        await check_tools(client)


@pytest.mark.parametrize("address", ["8000", "127.0.0.1:", ":x"])
def test_wrong_address(address: str) -> None:
    done = subprocess.run(
        [*COMMAND, "--http", address], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "--http takes HOST:PORT" in done.stderr
