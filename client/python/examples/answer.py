#!/usr/bin/env python3
"""Answers a question with footnotes that are verified.

Question -> passages -> Claude's answer -> verified footnotes, printed, and with
--html as a page where each footnote opens its highlighted source. The answer is
Claude's where ANTHROPIC_API_KEY is set (pip install anthropic); else a recorded
one, of the question that is asked by default: its second footnote is shifted,
the third wrong, the fourth invented, as models do it now and then.

    footnote-server --data-dir collections &
    python client/python/examples/answer.py --collection seeds --html answer.html
"""

from __future__ import annotations

import argparse
import json
import os
import pathlib
import sys
from typing import TYPE_CHECKING, Any

from footnote import Client, FootnoteError
from footnote.citations import verify
from footnote.formats import claude
from footnote.page import render
from footnote.v1 import SearchRequest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from footnote.citations import VerifiedCitation

RECORDED = pathlib.Path(__file__).with_name("recorded_answer.json")
RECORDED_QUESTION = "Which data centers did drones damage?"


def main() -> None:
    """Runs the example."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("question", nargs="?", default=RECORDED_QUESTION)
    parser.add_argument("--server", default="127.0.0.1:50051", metavar="HOST:PORT")
    parser.add_argument("--collection", default="seeds")
    parser.add_argument("--html", type=pathlib.Path, metavar="FILE")
    parser.add_argument("--model", default="claude-sonnet-5-5")
    flags = parser.parse_args()
    try:
        with Client(flags.server) as client:
            answer(client, flags)
    except FootnoteError as error:
        sys.exit(f"answer.py: {error}")


def answer(client: Client, flags: argparse.Namespace) -> None:
    """Answers, verifies, and shows."""
    found = client.search(
        SearchRequest(collection=flags.collection, query=flags.question, page_size=5)
    )
    question = {"type": "text", "text": flags.question}
    messages = [{"role": "user", "content": [*claude.search_results(found), question]}]
    message = ask(flags.question, flags.model, messages)
    text = "".join(
        block["text"] for block in message["content"] if block["type"] == "text"
    )
    checked = verify(client, claude.read_citations(message, messages))
    show(text, checked)
    if flags.html:
        page = render(client, flags.question, text, checked)
        flags.html.write_text(page, "utf-8")
        print(f"\n{flags.html}")


def ask(question: str, model: str, messages: list[dict[str, Any]]) -> dict[str, Any]:
    """Returns Claude's message: a live one where there is a key."""
    if "ANTHROPIC_API_KEY" in os.environ:
        from anthropic import Anthropic  # noqa: PLC0415

        made: Any = Anthropic().messages
        live = made.create(model=model, max_tokens=1000, messages=messages)
        return dict(live.model_dump())
    if question != RECORDED_QUESTION:
        sys.exit("answer.py: a question that is not recorded needs ANTHROPIC_API_KEY")
    return dict(json.loads(RECORDED.read_text("utf-8")))


def show(text: str, checked: Sequence[VerifiedCitation]) -> None:
    """Prints the answer and its footnotes."""
    print(text, "\n")
    for number, one in enumerate(checked, 1):
        start, end = one.citation.answer
        print(f"[{number}] {one.verdict.value.upper()} {one.reason}".rstrip())
        print(f"    answer: {text[start:end].strip()}")
        for part in one.parts:
            span = part.provenance.span
            print(f"    source: {part.text.strip()}")
            print(f"    {part.document.uri} bytes {span.start_byte}-{span.end_byte}")


if __name__ == "__main__":
    main()
