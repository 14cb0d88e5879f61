#!/usr/bin/env python3
"""Whether `footnote like` finds what people judged to be about the same.

Usage: like.py FOOTNOTE CORPUS [--sources N]

FOOTNOTE is the program; FOOTNOTE_SERVER and FOOTNOTE_COLLECTION say where the
corpus is served. CORPUS is a folder of judged questions as BEIR has it. Of the
first 10 documents for a document, those count that share a question with it.
Prints the share of them: of `like`, of a search for all words of the document,
and of documents at random.
"""

import argparse
import collections
import csv
import json
import pathlib
import random
import re
import subprocess

DEPTH = 10


def related(corpus: pathlib.Path) -> dict[str, set[str]]:
    """Returns the documents that share a question, by document."""
    by_question = collections.defaultdict(set)
    for path in sorted(corpus.glob("qrels/*.tsv")):
        with path.open(encoding="utf-8") as file:
            for row in csv.DictReader(file, delimiter="\t"):
                if int(row["score"]) > 0:
                    by_question[row["query-id"]].add(row["corpus-id"])
    found = collections.defaultdict(set)
    for documents in by_question.values():
        for document in documents:
            found[document] |= documents - {document}
    return {document: others for document, others in found.items() if others}


def ask(program: str, arguments: list[str], text: str = "") -> list[str]:
    """Returns the documents that a command finds."""
    options = ["--json", "--limit", str(DEPTH), "--per-document", "1"]
    result = subprocess.run([program, *arguments, *options], input=text, check=True,
                            capture_output=True, text=True)
    return [passage["document"]["documentId"]
            for passage in json.loads(result.stdout)["passages"]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("footnote")
    parser.add_argument("corpus", type=pathlib.Path)
    parser.add_argument("--sources", type=int, default=300)
    given = parser.parse_args()
    texts = {}
    with (given.corpus / "corpus.jsonl").open(encoding="utf-8") as file:
        for line in file:
            document = json.loads(line)
            texts[document["_id"]] = document.get("text", "")
    wanted = {document: others for document, others in related(given.corpus).items()
              if texts.get(document)}
    chosen = random.Random(1)
    sources = chosen.sample(sorted(wanted), min(given.sources, len(wanted)))
    shares = collections.Counter()
    for source in sources:
        words = " ".join(re.findall(r"\w+", texts[source])).lower()
        lists = {
            "like": ask(given.footnote, ["like", "--document", source,
                                         "--exclude-document"]),
            "all words": ask(given.footnote, ["search", "--exclude", source, "-"],
                             words),
            "at random": chosen.sample(sorted(texts), DEPTH),
        }
        for name, found in lists.items():
            shares[name] += len(wanted[source].intersection(found)) / DEPTH
    print(f"{len(sources)} sources")
    for name, share in shares.items():
        print(f"{name}: {share / len(sources):.3f}")


if __name__ == "__main__":
    main()
