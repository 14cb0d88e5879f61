#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check the judged quotes.

    check_quotes.py [--whole] [ARTICLES]

Verifies that every line of quotes.jsonl keeps the rules of README.md: the fields, the spans, and the verdict, by
counting edits of words between the quote and the places that it names. ARTICLES is the Wikipedia articles,
articles.jsonl.zst; without it they are looked for in FOOTNOTE_SHARED_DIR, or in ../shared beside the project. Where they
are absent, the quotes on them cannot be made and are checked for their form alone; the summary says how many.

--whole also searches every article: that no quote has another place than those named, that no absent one stands
anywhere, and that no line copies text of any. This takes a minute or so.

Prints one line for every violation and one summary line; the exit status is 0 when there is no violation.
"""

import argparse
import collections
import hashlib
import re
import sys
from pathlib import Path

import quotes
import texts

LEAST = {"EXACT": 35, "NORMALISED": 35, "FUZZY": 35, "MOVED": 35, "MISATTRIBUTED": 35, "STITCHED": 35, "ABSENT": 50}
COPIED = 6  # so many words of an article in a row are a copy
ELLIPSIS = re.compile(r"[\[(]?(?:…|\.\s?\.\s?\.)[\])]?")


def fuzzy_limit(count):
    """The most edits that a quote of so many words may have and be the source's text."""
    return max(1, count // 4)


def absent_limit(count):
    """The fewest edits that part a quote of so many words from every place where it does not stand."""
    return max(2, -(-2 * count // 5))


def stitched_limit(count):
    """The fewest edits that part a stitched quote of so many words from every single place."""
    return max(2, -(-3 * count // 10))


class Quote:
    """A line of the file with its words, and the words of its places."""

    def __init__(self, record, sources):
        self.record = record
        self.spans = record["spans"]
        self.claimed = record["claimed"]
        self.text = quotes.text_of(record, sources)
        self.words = texts.words(self.text)
        self.slices = [texts.slice_of(span, sources) for span in self.spans]
        self.places = [texts.words(text) for text in self.slices]

    def documents(self):
        return [span["document_id"] for span in self.spans]


def check_form(record):
    """Yield what is wrong with a line that no text is needed to see."""
    if record["corpus"] not in ("seeds", "wikipedia"):
        yield "the corpus must be seeds or wikipedia"
    if record["verdict"] not in LEAST:
        yield f"no verdict {record['verdict']}"
    yield from quotes.check_made(record)
    if set(record["claimed"]) not in ({*()}, {"document_id"}, {"document_id", "revision"},
                                      {"document_id", "start", "end"}):
        yield "claimed is {}, or a document_id, alone or with a revision or a span"
    if (record["verdict"] == "ABSENT") != (not record["spans"]):
        yield "an absent quote has no spans, any other has some"
    if record["verdict"] in ("MOVED", "MISATTRIBUTED") and not record["claimed"]:
        yield "claims nothing, and so cannot be elsewhere than claimed"


def check_exact(quote):
    if quote.slices != [quote.text]:
        yield "the span is not the quote"


def check_normalised(quote):
    if quote.slices == [quote.text]:
        yield "the span is the very quote"
    if len(quote.spans) == 1:
        if quote.words != quote.places[0]:
            yield "the span has other words"
        return
    pieces = [texts.words(piece) for piece in ELLIPSIS.split(quote.text)]
    if [piece for piece in pieces if piece] != quote.places:
        yield "the pieces are not the spans"
    if min(len(place) for place in quote.places) < 3:
        yield "a piece has fewer than three words"
    for before, after in zip(quote.spans, quote.spans[1:]):
        if before["document_id"] != after["document_id"] or before["end"] > after["start"]:
            yield "the pieces are not in order in one document"


def check_cuts(quote, sources):
    """Between the pieces of a quote with ellipses there is no border of paragraphs."""
    for before, after in zip(quote.spans, quote.spans[1:]):
        if b"\n" in sources[before["document_id"]][before["end"]:after["start"]]:
            yield "a piece is in another paragraph"


def check_fuzzy(quote):
    count = texts.edits(quote.words, quote.places[0])
    if len(quote.spans) != 1 or not 1 <= count <= fuzzy_limit(len(quote.words)):
        yield f"{count} edits in {len(quote.words)} words"


def check_elsewhere(quote):
    """A quote that is moved or misattributed stands where it says, by few edits."""
    count = texts.edits(quote.words, quote.places[0])
    if len(quote.spans) != 1 or count > fuzzy_limit(len(quote.words)):
        yield f"{count} edits in {len(quote.words)} words"


def check_moved(quote, sources):
    yield from check_elsewhere(quote)
    span, claimed = quote.spans[0], quote.claimed
    if claimed["document_id"] != span["document_id"]:
        yield "another document is claimed"
        return
    if "revision" in claimed:
        if claimed["revision"] == hashlib.sha256(sources[span["document_id"]]).hexdigest():
            yield "the revision is the current one"
    elif "start" not in claimed:
        yield "no place is claimed"
    elif claimed["start"] < span["end"] and span["start"] < claimed["end"]:
        yield "stands where it is claimed"
    elif texts.edits(quote.words, texts.words(texts.slice_of(claimed, sources)), True) < absent_limit(len(quote.words)):
        yield "the claimed span has nearly the same text"


def check_misattributed(quote, sources):
    yield from check_elsewhere(quote)
    name = quote.claimed["document_id"]
    if name == quote.documents()[0] or name not in sources:
        yield "the claimed document must be another one"
        return
    claimed = texts.words(sources[name].decode("utf-8"))
    if not stands_nowhere(quote.words, claimed, set(claimed)):
        yield "the claimed document has nearly the same text"


def check_stitched(quote):
    """The parts are the quote but for one word between two of them, and none is nearly all of it."""
    at = 0
    for part in quote.places:
        while at < len(quote.words) and quote.words[at:at + len(part)] != part:
            at += 1
        at += len(part)
    joints = len(quote.words) - sum(map(len, quote.places))
    if at != len(quote.words) or not 0 <= joints < len(quote.places):
        yield "the parts are not the quote"
    if min(map(len, quote.places)) < 4 or 3 * max(map(len, quote.places)) > 2 * len(quote.words):
        yield "a part has fewer than four words, or more than two thirds of all"


def stands_nowhere(quote, text, vocabulary, limit=absent_limit):
    least = limit(len(quote))
    return texts.fewest_edits(quote, text, vocabulary, least) >= least


def check_verdict(quote, sources):
    """Yield why the verdict of a quote is not the one that the rules give."""
    verdict = quote.record["verdict"]
    if verdict == "EXACT":
        yield from check_exact(quote)
    elif verdict == "NORMALISED":
        yield from check_normalised(quote)
        yield from check_cuts(quote, sources)
    elif verdict == "FUZZY":
        yield from check_fuzzy(quote)
    elif verdict == "MOVED":
        yield from check_moved(quote, sources)
    elif verdict == "MISATTRIBUTED":
        yield from check_misattributed(quote, sources)
    elif verdict == "STITCHED":
        yield from check_stitched(quote)
    if verdict in ("EXACT", "NORMALISED", "FUZZY") and quote.claimed:
        yield from check_claimed_place(quote)


def check_claimed_place(quote):
    """A quote that is where it is claimed stands in the claimed document and touches the claimed span."""
    span, claimed = quote.spans[0], quote.claimed
    if set(quote.documents()) != {claimed["document_id"]}:
        yield "does not stand in the claimed document"
    elif "start" in claimed and not (claimed["start"] < span["end"] and span["start"] < claimed["end"]):
        yield "does not touch the claimed span"


def check_other_places(quote, document_id, document, vocabulary):
    """Yield what of the quote stands in a document, given in words, besides the places that are named."""
    verdict, claimed = quote.record["verdict"], quote.claimed
    if verdict in ("ABSENT", "STITCHED"):
        limit = absent_limit if verdict == "ABSENT" else stitched_limit
        if not stands_nowhere(quote.words, document, vocabulary, limit):
            yield f"stands nearly in {document_id}"
    if verdict not in ("MISATTRIBUTED", "STITCHED") and document_id != claimed.get("document_id", document_id):
        return
    for place in quote.places:
        count = texts.occurrences(place, document, vocabulary)
        if count > quote.documents().count(document_id) and "start" not in claimed:
            yield f"stands {count} times in {document_id}"
    if verdict == "FUZZY" and document_id not in quote.documents():
        count = texts.edits(quote.words, quote.places[0])
        if texts.fewest_edits(quote.words, document, vocabulary, count + 1) <= count:
            yield f"stands as well in {document_id}"


def check_copies(quote, document_id, document, vocabulary):
    """Yield what a line itself holds of the words of an article."""
    for own in map(texts.words, quotes.own_texts(quote.record)):
        for i in range(len(own) - COPIED + 1):
            if texts.occurrences(own[i:i + COPIED], document, vocabulary):
                yield f"copies text of {document_id}: {' '.join(own[i:i + COPIED])}"


def check_all(records, sources, errors):
    """Check the lines whose corpus is there; return them as quotes."""
    there = []
    for record in records:
        found = list(check_form(record))
        if not found and record["corpus"] in sources:
            try:
                quote = Quote(record, sources[record["corpus"]])
                there.append(quote)
                found = list(check_verdict(quote, sources[record["corpus"]]))
            except (ValueError, KeyError) as error:
                found = [str(error)]
        errors += [f"{record['id']}: {problem}" for problem in found]
    return there


def check_corpus(of_corpus, documents, errors):
    """Check against every document that the quotes of a corpus stand nowhere else, and that none is copied."""
    for document_id, data in documents:
        document = texts.words(data.decode("utf-8"))
        vocabulary = set(document)
        for quote in of_corpus:
            found = list(check_other_places(quote, document_id, document, vocabulary))
            if quote.record["corpus"] == "wikipedia":
                found += check_copies(quote, document_id, document, vocabulary)
            errors += [f"{quote.record['id']}: {problem}" for problem in found]


def main(arguments):
    parser = argparse.ArgumentParser(description="Check the judged quotes.")
    parser.add_argument("--whole", action="store_true", help="search every article")
    parser.add_argument("articles", nargs="?", type=Path, default=texts.ARTICLES)
    options = parser.parse_args(arguments)
    errors = []
    records = quotes.records(errors)
    sources = quotes.read_sources(records, options.articles, errors)
    there = check_all(records, sources, errors)
    counts = collections.Counter(record["verdict"] for record in records)
    errors += [f"only {counts[v]} of {v}" for v, least in LEAST.items() if counts[v] < least]
    of = {corpus: [quote for quote in there if quote.record["corpus"] == corpus] for corpus in ("seeds", "wikipedia")}
    check_corpus(of["seeds"], sources["seeds"].items(), errors)
    if "wikipedia" in sources:
        documents = texts.articles(options.articles) if options.whole else sources["wikipedia"].items()
        check_corpus(of["wikipedia"], documents, errors)
    for error in errors:
        print(error, file=sys.stderr)
    absent = sum(record["corpus"] not in sources for record in records)
    skipped = f"; {absent} on Wikipedia skipped but for their form, no articles here" if absent else ""
    print(f"quotes.jsonl: {len(records)} quotes, " + ", ".join(f"{counts[v]} {v}" for v in LEAST)
          + f"{skipped}; {len(errors)} violations")
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
