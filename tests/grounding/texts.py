# SPDX-License-Identifier: GPL-3.0-or-later
"""What the two checks of this folder share: texts, spans, words and edits."""

import json
import os
import re
import subprocess
import sys
import unicodedata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
SEEDS = ROOT / "seeds"
ARTICLES = (Path(os.environ.get("FOOTNOTE_SHARED_DIR", ROOT.parent / "shared"))
            / "corpora/wikipedia/articles.jsonl.zst")


def seeds():
    """The canonical text of every document of seeds/, in bytes, by its id."""
    texts = {}
    for path in sorted(SEEDS.glob("*.md")):
        match = re.match(rb"---\n.*?\n---\n", data := path.read_bytes(), re.DOTALL)
        if match:
            texts[path.name] = data[match.end():]
    return texts


def articles(path, wanted=None):
    """Yield (id, canonical text in bytes) of the articles, or of those in wanted."""
    with subprocess.Popen(["zstd", "-dc", path], stdout=subprocess.PIPE) as unpack:
        for line in unpack.stdout:
            article = json.loads(line)
            if wanted is None or article["_id"] in wanted:
                yield article["_id"], article["text"].encode("utf-8")
    if unpack.returncode != 0:
        raise OSError(f"zstd could not read {path}")


def records(path, required, optional, errors):
    """Yield the objects of a JSON Lines file, ids unique, with these fields."""
    seen = set()
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        record = json.loads(line)
        if not required <= set(record) <= required | optional:
            errors.append(f"{path.name}:{number}: the fields must be {', '.join(sorted(required))}")
            continue
        if record["id"] in seen:
            errors.append(f"{path.name}:{number}: the id {record['id']} occurs twice")
        seen.add(record["id"])
        yield record


def slice_of(span, texts):
    """The text of {document_id, start, end}; ValueError if there is none."""
    data = texts.get(span["document_id"])
    start, end = span["start"], span["end"]
    if data is None:
        raise ValueError(f"no document {span['document_id']}")
    if type(start) is not int or type(end) is not int or not 0 <= start < end <= len(data):
        raise ValueError(f"{start}..{end} is not inside {span['document_id']}")
    return data[start:end].decode("utf-8")


def _classes():
    """Classes of a regular expression: Han and kana, other characters of words, signs that bear meaning."""
    def kind(char):
        category = unicodedata.category(char)
        if re.match(r"CJK UNIFIED|HIRAGANA|KATAKANA", unicodedata.name(char, "")):
            return 0
        if category[0] in "LMN":
            return 1
        return 2 if category in ("Sc", "Sm", "So") or char in "%‰&@" else 3

    ranges = ["", "", "", ""]
    begin, last = 0, kind("\0")
    for code in range(1, sys.maxunicode + 2):
        now = kind(chr(code)) if code <= sys.maxunicode else None
        if now != last:
            ranges[last] += f"{re.escape(chr(begin))}-{re.escape(chr(code - 1))}"
            begin, last = code, now
    return ranges[:3]


_HAN, _LETTER, _SIGN = _classes()
_WORD = re.compile(f"[{_HAN}]|[{_LETTER}]+(?:'[{_LETTER}]+|(?<=[0-9])[.,](?=[0-9])[{_LETTER}]+)*|[{_SIGN}]")
_FOLD = {ord(c): "'" for c in "\u2018\u2019\u201a\u201b\u2032\u02bc\u0060\u00b4"}
_FOLD[0x2212] = "-"
_FOLD.update({code: None for code in range(sys.maxunicode + 1)
              if unicodedata.category(chr(code)) == "Cf" or 0xFE00 <= code <= 0xFE0F})


def words(text):
    """The folded words of text, as README.md defines them."""
    text = unicodedata.normalize("NFKC", text.translate(_FOLD))
    return _WORD.findall(unicodedata.normalize("NFKC", text.casefold()).translate(_FOLD))


def edits(quote, text, anywhere=False):
    """The fewest words inserted, dropped or replaced that turn quote into text, or into any stretch of it."""
    row = [0] * (len(text) + 1) if anywhere else list(range(len(text) + 1))
    for i, word in enumerate(quote, 1):
        corner, row[0] = row[0], i
        for j, other in enumerate(text, 1):
            corner, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, corner + (word != other))
    return min(row) if anywhere else row[-1]


def fewest_edits(quote, text, vocabulary, limit):
    """As edits(quote, text, anywhere=True), but limit where there are limit or more; much faster.

    vocabulary is the set of the words of text.
    """
    need = len(quote) - limit + 1
    wanted = set(quote)
    if sum(word in vocabulary for word in quote) < need:
        return limit
    places = [i for i, word in enumerate(text) if word in wanted]
    width = len(quote) + limit
    best, begin = limit, 0
    while begin < len(places):
        # The stretches that can hold enough words of the quote, those that touch taken together.
        end, reach = begin, -1
        while end < len(places) and (reach < 0 or places[end] <= reach):
            if end + need - 1 < len(places) and places[end + need - 1] - places[end] < width:
                reach = places[end] + width
            elif reach < 0:
                break
            end += 1
        if reach < 0:
            begin += 1
            continue
        best = min(best, edits(quote, text[max(0, places[begin] - limit):reach + limit], anywhere=True))
        begin = end
    return best


def occurrences(quote, text, vocabulary):
    """How many times the words of quote stand in text, whose words are vocabulary, one after the other."""
    if not vocabulary.issuperset(quote):
        return 0
    return sum(text[i:i + len(quote)] == quote for i, word in enumerate(text) if word == quote[0])
