#!/usr/bin/env python3
# %% [markdown]
# # How well does a search find?
#
# Puts a collection of judged questions, a folder as BEIR has it (`corpus.jsonl`,
# `queries.jsonl`, `qrels/test.tsv`), into a collection of a running
# footnote-server, asks every question, and prints nDCG@10, MAP and R@100 as
# trec_eval defines them, and the questions that fare worst.
#
#     python client/python/examples/evaluate.py scifact/ --collection scifact
#
# Each cell also runs by itself in an editor that knows `# %%`.

# %% What to evaluate
from __future__ import annotations

import argparse
import csv
import json
import math
import pathlib
from collections.abc import Iterator

from footnote import Client
from footnote.v1 import InputDocument, PublishRequest, SearchRequest

parser = argparse.ArgumentParser(description="Evaluates retrieval on a BEIR folder.")
parser.add_argument("folder", type=pathlib.Path)
parser.add_argument("--server", default="127.0.0.1:50051", metavar="HOST:PORT")
parser.add_argument("--collection", default="beir")
parser.add_argument("--split", default="test")
parser.add_argument("--worst", type=int, default=5, help="how many to show")
flags = parser.parse_args()
client = Client(flags.server, timeout=60)

# %% [markdown]
# ## The corpus
#
# Putting a document again as it is changes nothing, so this cell can be repeated.


# %% Put the corpus
def documents() -> Iterator[InputDocument]:
    """Yields the documents of the corpus."""
    with (flags.folder / "corpus.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            document = InputDocument(
                document_id=row["_id"], title=row.get("title", ""), text=row["text"]
            )
            document.metadata.update(row.get("metadata") or {})
            yield document


refused = [
    answer
    for answer in client.put_documents(flags.collection, documents())
    if answer.WhichOneof("outcome") == "error"
]
for answer in refused:
    print(f"not taken: {answer.document_id}: {answer.error.message}")
published = client.publish(PublishRequest(collection=flags.collection))
print(f"{published.document_count} documents, {published.passage_count} passages")

# %% [markdown]
# ## The questions and what people judged

# %% Read the judgements
gains: dict[str, dict[str, float]] = {}
judgements = flags.folder / "qrels" / f"{flags.split}.tsv"
with judgements.open(encoding="utf-8", newline="") as rows:
    for row in csv.DictReader(rows, delimiter="\t"):
        gain = float(row["score"])
        gains.setdefault(row["query-id"], {})[row["corpus-id"]] = gain
queries: dict[str, str] = {}
with (flags.folder / "queries.jsonl").open(encoding="utf-8") as lines:
    for line in lines:
        query = json.loads(line)
        if query["_id"] in gains:
            queries[query["_id"]] = query["text"]
print(f"{len(queries)} questions")

# %% [markdown]
# ## Ask
#
# `max_passages_per_document = 1` ranks documents, each by its best passage.

# %% Search
_PAGE, _DEPTH = 100, 1000


def ranking_of(text: str) -> list[str]:
    """Returns the ids of the documents found, best first."""
    request = SearchRequest(
        collection=flags.collection,
        query=text,
        page_size=_PAGE,
        max_passages_per_document=1,
        omit_facets=True,
        omit_counts=True,
    )
    ranked: list[str] = []
    while len(ranked) < _DEPTH:
        response = client.search(request)
        ranked += [passage.document.document_id for passage in response.passages]
        request.page_token = response.next_page_token
        if not request.page_token:
            break
    return ranked


rankings = {query_id: ranking_of(text) for query_id, text in queries.items()}


# %% Measure
def discounted(gains_in_order: list[float]) -> float:
    """Returns the discounted cumulative gain."""
    return sum(
        max(0.0, gain) / math.log2(place + 1)
        for place, gain in enumerate(gains_in_order, 1)
    )


def measure(ranked: list[str], judged: dict[str, float]) -> tuple[float, float, float]:
    """Returns nDCG@10, average precision and recall at 100 of a ranking."""
    found = [judged.get(document, 0.0) for document in ranked]
    best = discounted(sorted(judged.values(), reverse=True)[:10])
    relevant = sum(gain > 0 for gain in judged.values())
    if not relevant:
        return 0.0, 0.0, 0.0
    hits, precision = 0, 0.0
    for place, gain in enumerate(found, 1):
        if gain > 0:
            hits += 1
            precision += hits / place
    recall = sum(gain > 0 for gain in found[:100]) / relevant
    return discounted(found[:10]) / best, precision / relevant, recall


measures = {
    query_id: measure(rankings[query_id], gains[query_id]) for query_id in queries
}
ndcg, average_precision, recall = (
    sum(column) / len(measures) for column in zip(*measures.values(), strict=True)
)
print(f"nDCG@10 {ndcg:.4f}  MAP {average_precision:.4f}  R@100 {recall:.4f}")

# %% [markdown]
# ## The worst

# %% Show
for query_id in sorted(measures, key=lambda one: measures[one][0])[: flags.worst]:
    print(f"{measures[query_id][0]:.3f}  {queries[query_id]}")
client.close()
