#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check the judged questions.

    check_questions.py [ORIGINALS]

Verifies seeds/questions.jsonl: unique ids, an existing document, a span that holds the quote, at most 200 bytes of it,
and no more than half of the question's content words in the sentence around the span. With ORIGINALS, the folder of
the original texts, also verifies tests/relevance/source_questions.jsonl, whose spans are given by their SHA-256.

Prints one line for every violation and one summary line; the exit status is 0 when there is no violation.

Content words are runs of letters and digits, case-folded, that are not in STOP. Two of them are the same word when
their stems (see stem) are equal or when one stem of at least four letters begins the other: this errs on the side of
finding too many words in the sentence. A sentence ends at . ! or ? before white space, at a line's end and at a
heading.
"""

import hashlib
import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SEEDS = ROOT / "seeds"
QUESTIONS = SEEDS / "questions.jsonl"
SOURCE_QUESTIONS = Path(__file__).resolve().parent / "source_questions.jsonl"
MAX_BYTES = 200

STOP = frozenset("""
a about after against all also although among an and another any are as at be been before being besides between both but
by can could did do does down during each even for from further had has have he her his how i if in into is it its
itself may might more most much must no nor not of off on once only onto or other our out over own per same shall she
should since so some such than that the their them then there these they this those through to too under until up upon
very was we were what when where whether which while who whom whose why will with would yet you
""".split())

# Longest first; stripped once, if at least three letters remain.
SUFFIXES = ("ations", "ation", "ments", "ment", "ings", "ing", "ions", "ion", "ally", "ies", "ied", "ers", "ors",
            "al", "ed", "er", "es", "ly", "or", "e", "s", "y")


def stem(word):
    """A crude stem: one suffix off, then one letter of a final double consonant."""
    for suffix in SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= 3:
            word = word[:-len(suffix)]
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeiou":
        word = word[:-1]
    return word


def content_stems(text):
    """The set of stems of the content words of text."""
    text = re.sub(r"['\u2019]s\b", "", text.casefold())
    text = re.sub(r"(?<=\d),(?=\d)", "", text)
    return {stem(w) for w in re.findall(r"[^\W_]+", text) if w not in STOP}


def same(a, b):
    """Whether two stems count as one word."""
    short, long = sorted((a, b), key=len)
    return a == b or (len(short) >= 4 and long.startswith(short))


def sentence_around(text, start, end):
    """The sentence, or the run of sentences, of text that holds the code points start to end."""
    cuts = [m.end() for m in re.finditer(r"[.!?][\"'\u201d\u2019)]*(?=\s)|\n", text)]
    left = max([c for c in cuts if c <= start], default=0)
    right = min([c for c in cuts if c >= end], default=len(text))
    return text[left:right]


def canonical_markdown(data):
    """The bytes after the front matter; None if there is no front matter."""
    match = re.match(rb"---\n.*?\n---\n", data, re.DOTALL)
    return data[match.end():] if match else None


def records(path, fields, errors):
    """Yield the objects of a JSON Lines file that have exactly these fields, ids unique."""
    seen = set()
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        where = f"{path.name}:{number}"
        try:
            record = json.loads(line)
        except json.JSONDecodeError as error:
            errors.append(f"{where}: {error}")
            continue
        if not isinstance(record, dict) or set(record) != set(fields):
            errors.append(f"{where}: the fields must be {', '.join(fields)}")
            continue
        if record["id"] in seen:
            errors.append(f"{where}: the id {record['id']} occurs twice")
        seen.add(record["id"])
        yield record


def load(folder, name, errors):
    """The bytes of a document that lies directly in folder; None, and an error, if it does not."""
    path = folder / name
    if Path(name).name != name or not path.is_file():
        errors.append(f"{name}: no such document")
        return None
    return path.read_bytes()


def span(record, data, errors):
    """The bytes of the record's span; None, and an error, if the span is not a good one."""
    start, end = record["start"], record["end"]
    if type(start) is not int or type(end) is not int or not 0 <= start < end <= len(data):
        errors.append(f"{record['id']}: the span {start}..{end} is not inside {record['document']}")
        return None
    if end - start > MAX_BYTES:
        errors.append(f"{record['id']}: the span has {end - start} bytes, more than {MAX_BYTES}")
    return data[start:end]


def check_seeds(errors):
    """Check the questions on the digests; return how many there are."""
    count = 0
    for record in records(QUESTIONS, ("id", "question", "document", "start", "end", "quote"), errors):
        count += 1
        data = load(SEEDS, record["document"], errors)
        text = canonical_markdown(data) if data is not None else None
        if text is None:
            errors.append(f"{record['id']}: no canonical text in {record['document']}")
            continue
        gold = span(record, text, errors)
        if gold is None:
            continue
        if gold != record["quote"].encode("utf-8"):
            errors.append(f"{record['id']}: the span is not the quote")
            continue
        start = len(text[:record["start"]].decode("utf-8"))
        sentence = content_stems(sentence_around(text.decode("utf-8"), start, start + len(record["quote"])))
        words = content_stems(record["question"])
        shared = sorted(w for w in words if any(same(w, s) for s in sentence))
        if 2 * len(shared) > len(words):
            errors.append(f"{record['id']}: {len(shared)} of {len(words)} content words are in the sentence: "
                          + " ".join(shared))
    return count


def check_sources(folder, errors):
    """Check the questions on the original texts; return how many there are."""
    count = 0
    for record in records(SOURCE_QUESTIONS, ("id", "question", "document", "start", "end", "sha256"), errors):
        count += 1
        data = load(folder, record["document"], errors)
        if data is None:
            continue
        gold = span(record, data.removeprefix(b"\xef\xbb\xbf"), errors)
        if gold is not None and hashlib.sha256(gold).hexdigest() != record["sha256"]:
            errors.append(f"{record['id']}: the span has another SHA-256")
    return count


def main(arguments):
    if len(arguments) > 1 or (arguments and not Path(arguments[0]).is_dir()):
        print("usage: check_questions.py [ORIGINALS]", file=sys.stderr)
        return 2
    errors = []
    summary = f"questions.jsonl: {check_seeds(errors)} questions"
    if arguments:
        summary += f"; source_questions.jsonl: {check_sources(Path(arguments[0]), errors)} questions"
    else:
        summary += "; source_questions.jsonl: skipped, no originals given"
    for error in errors:
        print(error, file=sys.stderr)
    print(f"{summary}; {len(errors)} violations")
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
