#!/usr/bin/env python3
"""Finds queries in passages by reading them, without an index.

Usage: tests/search/exact_scan.py PASSAGES QUERIES

PASSAGES has a JSON string a line, the text of a passage. QUERIES has a JSON
list a line: lists of words, each to be found side by side, all of them. Prints
for each query the numbers of the passages that have them, from 0.

Shares nothing with the analyzer, its tables included. Words are cut and folded
as server/QUERIES.md says: the word boundaries of UAX #29, ":" between letters
not joining, each Chinese, Japanese or Korean character by itself.
"""

import collections
import functools
import json
import re
import sys
import unicodedata

APOSTROPHES = "'\u2018\u2019\u02bc\uff07"
# Word_Break properties by hand, as far as texts in Latin letters need them.
MIDDLE_OF_LETTERS = "\u00b7\u0387\u055f\u05f4\u2027\ufe13\ufe55\uff1a"
MIDDLE_OF_BOTH = ".\u2018\u2019\u2024\ufe52\uff07\uff0e"
MIDDLE_OF_NUMBERS = ",;\u037e\u0589\u060c\u060d\u066c\u07f8\u2044\ufe10\ufe14"
ELIDED = frozenset(
    "all anch c coll d dall degl dell gl j jusqu l lorsqu m n nell presqu "
    "puisqu qu quand quell quest quoiqu s sull t un v".split())
PLAIN = {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "ŋ": "n",
         "æ": "ae", "œ": "oe", "þ": "th", "ı": "i"}


@functools.lru_cache(maxsize=None)
def class_of(char):
    """a letter, n digit, b m u joining them, x underscore, e attached, c one
    character that is a word, . other."""
    if char == "'" or char in MIDDLE_OF_BOTH:
        return "b"
    if char in MIDDLE_OF_LETTERS:
        return "m"
    if char in MIDDLE_OF_NUMBERS:
        return "u"
    category = unicodedata.category(char)
    name = unicodedata.name(char, "")
    if category == "Pc" or char == "\u202f":
        return "x"
    if category in ("Mn", "Mc", "Me", "Cf") and char != "\u200b":
        return "e"
    if category == "Nd":
        return "n"
    if name.startswith(("CJK UNIFIED", "CJK COMPAT", "HIRAGANA", "KATAKANA",
                        "HANGUL", "HALFWIDTH KATAKANA", "IDEOGRAPHIC")):
        return "c" if category.startswith("L") else "."
    if category.startswith("L") or category == "Nl" or name.startswith("CIRCLED LATIN"):
        return "a"
    return "."


WORD = re.compile(
    r"c|[anx](?:[anx]|(?<=a)[mb](?=a)|(?<=n)[bu](?=n))*")


def fold(word):
    """Returns the folded form, "" where there is none."""
    text = unicodedata.normalize("NFKC", word).casefold()
    text = unicodedata.normalize("NFKD", text)
    text = "".join(PLAIN.get(c, c) for c in text if not unicodedata.combining(c))
    text = "".join("'" if c in APOSTROPHES else c for c in text)
    start = 0
    while start < len(text) and not text[start].isalnum():
        start += 1
    end = len(text)
    while end > start and not text[end - 1].isalnum():
        end -= 1
    text = text[start:end]
    while len(text) > 2 and text.endswith("'s"):
        text = text[:-2]
    if re.fullmatch(r"(?:[^\W\d_]\.)+[^\W_]", text):
        return text.replace(".", "")
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+", text) or re.fullmatch(
            r"\d{1,3}(?:'\d{3})+", text):
        return re.sub("[,']", "", text)
    return text


@functools.lru_cache(maxsize=None)
def parts(token):
    """Returns the words of a token: an elided one stands apart."""
    token = token.strip("_") or token
    for at, char in enumerate(token[:9]):
        if char in APOSTROPHES:
            head, rest = token[:at].lower(), token[at + 1:]
            if (head in ELIDED and rest and rest.lower() not in ("s", "t")
                    and (rest[0].isalpha())):
                return (fold(token[:at]),) + parts(rest)
            break
    return (fold(token),)


def words_of(text):
    """Returns the folded words of a passage."""
    kept = "".join(c for c in text if class_of(c) != "e")
    classes = "".join(map(class_of, kept))
    words = []
    for match in WORD.finditer(classes):
        if any(c != "x" for c in match.group()):
            words.extend(w for w in parts(kept[match.start():match.end()]) if w)
    return words


def stands_in(phrase, words):
    """Returns whether the words of a phrase follow each other."""
    length = len(phrase)
    return any(words[i:i + length] == phrase
               for i, word in enumerate(words) if word == phrase[0])


def main():
    passages = [words_of(json.loads(line)) for line in open(sys.argv[1])]
    having = collections.defaultdict(set)
    for number, words in enumerate(passages):
        for word in words:
            having[word].add(number)
    for line in open(sys.argv[2]):
        query = json.loads(line)
        found = set.intersection(
            *(having[word] for phrase in query for word in phrase))
        for phrase in query:
            if len(phrase) > 1:
                found = {n for n in found if stands_in(phrase, passages[n])}
        print(*sorted(found))


if __name__ == "__main__":
    main()
