#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check the judged claims.

    check_claims.py

Verifies that every line of claims.jsonl keeps the rules of README.md: the fields, the kind, the documents, the spans of
the evidence, the piece of the claim that disagrees, and what the text says in its place.

Prints one line for every violation and one summary line; the exit status is 0 when there is no violation.
"""

import collections
import sys

import texts

CLAIMS = texts.HERE / "claims.jsonl"
FIELDS = {"id", "claim", "documents", "kind", "supported", "disagrees", "source_piece", "spans"}
CHANGED = ("number_changed", "date_changed", "name_swapped", "negated", "modality_changed")
LEAST = {"supported": 80, "changed": 80, "unsupported": 40}


def check_disagreement(record, sources):
    """Yield what is wrong with the pieces of a changed claim."""
    piece, source = record["disagrees"], record["source_piece"]
    if record["claim"].encode("utf-8")[piece["start"]:piece["end"]] != piece["text"].encode("utf-8"):
        yield "the piece that disagrees is not in the claim"
    if texts.slice_of(source, sources) != source["text"]:
        yield "what the text says is not in it"
    if piece["text"] == source["text"]:
        yield "the pieces agree"
    if not any(span["document_id"] == source["document_id"] and span["start"] <= source["start"]
               and source["end"] <= span["end"] for span in record["spans"]):
        yield "what the text says is not in the evidence"


def check_claim(record, sources):
    """Yield what is wrong with a line."""
    kind = record["kind"]
    if kind not in (*CHANGED, "supported", "unsupported"):
        yield f"no kind {kind}"
    if record["supported"] != (kind == "supported"):
        yield "only claims of the kind supported are"
    if (kind == "unsupported") != (not record["spans"]):
        yield "an unsupported claim has no evidence, any other has some"
    if not record["documents"] or not set(record["documents"]) <= set(sources):
        yield "the documents must be some of seeds/"
    for span in record["spans"]:
        texts.slice_of(span, sources)
        if span["document_id"] not in record["documents"]:
            yield "the evidence is in another document"
    if kind in CHANGED:
        yield from check_disagreement(record, sources)
    elif record["disagrees"] is not None or record["source_piece"] is not None:
        yield "nothing of a claim that was not changed disagrees"


def main(arguments):
    if arguments:
        print("usage: check_claims.py", file=sys.stderr)
        return 2
    errors = []
    sources = texts.seeds()
    counts = collections.Counter()
    for record in texts.records(CLAIMS, FIELDS, {"note"}, errors):
        counts["changed" if record["kind"] in CHANGED else record["kind"]] += 1
        try:
            errors += [f"{record['id']}: {problem}" for problem in check_claim(record, sources)]
        except (ValueError, KeyError, TypeError, UnicodeDecodeError) as error:
            errors.append(f"{record['id']}: {error}")
    errors += [f"only {counts[kind]} {kind}" for kind, least in LEAST.items() if counts[kind] < least]
    for error in errors:
        print(error, file=sys.stderr)
    print("claims.jsonl: " + ", ".join(f"{counts[kind]} {kind}" for kind in LEAST) + f"; {len(errors)} violations")
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
