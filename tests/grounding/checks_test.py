#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests that the checks of this folder count words and edits rightly, and find what is wrong with a line."""

import random
import unittest

import check_claims
import check_quotes
import quotes
import texts

SOURCES = {"a": b"Ten ships sailed at dawn. They carried grain \xe2\x80\x93 and salt.\nTwo ships came back.",
           "b": b"Ten trains left the old station at noon."}


def line(verdict, quote, *spans, claimed=None):
    """A line of quotes.jsonl whose spans are the pieces of SOURCES that these strings are."""
    def place(text):
        document = next(name for name, data in SOURCES.items() if text.encode() in data)
        start = SOURCES[document].index(text.encode())
        return {"document_id": document, "start": start, "end": start + len(text.encode())}
    return {"id": "x", "corpus": "seeds", "quote": quote, "claimed": claimed or {}, "kind": "", "verdict": verdict,
            "spans": [place(text) for text in spans]}


def problems(record):
    found = list(check_quotes.check_form(record))
    quote = check_quotes.Quote(record, SOURCES)
    found += check_quotes.check_verdict(quote, SOURCES)
    for name, data in SOURCES.items():
        words = texts.words(data.decode())
        found += check_quotes.check_other_places(quote, name, words, set(words))
    return found


class Words(unittest.TestCase):
    def test_folds_what_the_rules_fold(self):
        self.assertEqual(texts.words("Amazon’s “multi‑year” deal"), ["amazon's", "multi", "year", "deal"])
        self.assertEqual(texts.words("STRASSE ﬁne Ａ４"), texts.words("straße fine a4"))
        self.assertEqual(texts.words("so\u00adft cafe\u0301"), ["soft", "café"])

    def test_keeps_what_bears_meaning(self):
        self.assertEqual(texts.words("$1,400 or 5.5% (2026)."), ["$", "1,400", "or", "5.5", "%", "2026"])
        self.assertEqual(texts.words("節飲食 パラ"), ["節", "飲", "食", "パ", "ラ"])
        self.assertNotEqual(texts.words("Pénin"), texts.words("Penin"))


class Edits(unittest.TestCase):
    def test_counts_words(self):
        self.assertEqual(texts.edits("a b c d".split(), "a x c".split()), 2)
        self.assertEqual(texts.edits("b x d".split(), "a b c d e".split(), anywhere=True), 1)

    def test_fewest_edits_is_the_same_in_less_time(self):
        chance = random.Random(6)
        for _ in range(3000):
            text = [chance.choice("abcdefgh") for _ in range(chance.randrange(60))]
            quote = [chance.choice("abcdefghij") for _ in range(chance.randrange(4, 12))]
            limit = check_quotes.absent_limit(len(quote))
            self.assertEqual(texts.fewest_edits(quote, text, set(text), limit),
                             min(limit, texts.edits(quote, text, anywhere=True)))


def made(spans, **fields):
    """A line of quotes.jsonl whose quote is made of these spans, (document, start, end), of SOURCES."""
    record = {**line("STITCHED", ""), "corpus": "wikipedia"}
    del record["quote"]
    spans = [{"document_id": name, "start": start, "end": end} for name, start, end in spans]
    return {**record, "made_of": {"spans": spans, **fields}}


class MadeQuotes(unittest.TestCase):
    def test_are_made_of_spans_a_form_and_edits(self):
        for record, expected in (
                (line("EXACT", "Ten ships"), "Ten ships"),
                (made([("a", 0, 9)]), "Ten ships"),
                (made([("b", 4, 10), ("a", 4, 9)]), "trains ships"),
                (made([("a", 0, 9)], form="upper"), "TEN SHIPS"),
                (made([("a", 0, 9)], form="lower", edits=[[0, 3, "two"]]), "two ships"),
                (made([("a", 39, 52)], edits=[[6, 3, "-"]]), "grain - and"),
                (made([("a", 0, 9), ("a", 59, 68)], edits=[[0, 3, "Six"], [9, 0, " …"], [14, 5, "boats"]]),
                 "Six ships … Two boats"),
                (made([("a", 0, 9)], edits=[[9, 0, " é"]]), "Ten ships é")):
            self.assertEqual(quotes.text_of(record, SOURCES), expected)
            self.assertEqual(list(quotes.check_made(record)), [])

    def test_cannot_be_made_of_what_is_not_there(self):
        for record in (
                made([("c", 0, 9)]),
                made([("a", 0, 900)]),
                made([("a", 0, 9)], edits=[[8, 2, ""]]),
                made([("a", 0, 9)], edits=[[4, 2, ""], [5, 1, ""]]),
                made([("a", 39, 52)], edits=[[6, 1, "-"]]),
                made([("a", 46, 52)])):
            with self.assertRaises(ValueError, msg=record):
                quotes.text_of(record, SOURCES)

    def test_wrong_recipes_are_found(self):
        for record in (
                made([]),
                made([("a", 0, 9)], form="title"),
                made([("a", 0, 9)], other=1),
                made([("a", 0, 9)], edits=[[4, 2]]),
                made([("a", 0, 9)], edits=[["4", 2, "x"]]),
                made([("a", 0, 9)], edits=[[4, 2, ""], [5, 1, ""]]),
                made([("a", 0, 9)], edits=[[4, 0, ""]]),
                {**made([("a", 0, 9)]), "quote": "Ten ships"},
                {**made([("a", 0, 9)]), "corpus": "seeds"},
                {**line("EXACT", "Ten ships"), "corpus": "wikipedia"}):
            self.assertNotEqual(list(quotes.check_made(record)), [], record)

    def test_copies_are_found(self):
        data = SOURCES["b"].decode()
        for record, count in (
                (line("ABSENT", "left the old station at eight"), 0),
                (line("ABSENT", "Some say: TRAINS left the old station at eight"), 1),
                (made([("a", 0, 9)], edits=[[0, 0, "Ten trains left the old "]]), 0),
                (made([("a", 0, 9)], edits=[[0, 0, "Ten trains left the old station "]]), 1)):
            quote = check_quotes.Quote(record, SOURCES)
            words = texts.words(data)
            self.assertEqual(len(list(check_quotes.check_copies(quote, "b", words, set(words)))), count, record)


class Quotes(unittest.TestCase):
    def test_right_verdicts_pass(self):
        whole = {"document_id": "a"}
        for record in (
                line("EXACT", "They carried grain", "They carried grain"),
                line("NORMALISED", "they carried grain - and salt", "They carried grain – and salt"),
                line("NORMALISED", "Ten ships sailed … carried grain – and", "Ten ships sailed", "carried grain – and"),
                line("FUZZY", "Ten boats sailed at dawn", "Ten ships sailed at dawn"),
                line("MOVED", "Two ships came back", "Two ships came back", claimed={**whole, "start": 0, "end": 25}),
                line("MISATTRIBUTED", "Ten trains left the old station", "Ten trains left the old station",
                     claimed=whole),
                line("STITCHED", "Ten ships sailed at dawn the old station at noon", "Ten ships sailed at dawn",
                     "the old station at noon"),
                line("ABSENT", "Nobody saw the fleet again")):
            self.assertEqual(problems(record), [], record)

    def test_wrong_verdicts_are_found(self):
        for record in (
                line("EXACT", "They carried salt", "They carried grain"),
                line("NORMALISED", "They carried grain", "They carried grain"),
                line("NORMALISED", "Ten ships sailed … ships came back", "Ten ships sailed", "ships came back"),
                line("FUZZY", "Ten boats rowed at dawn", "Ten ships sailed at dawn"),
                line("FUZZY", "Ten ships sailed at dawn", "Ten ships sailed at dawn"),
                line("MOVED", "Two ships came back", "Two ships came back",
                     claimed={"document_id": "a", "start": 60, "end": 70}),
                line("MISATTRIBUTED", "Two ships came back", "Two ships came back", claimed={"document_id": "a"}),
                line("STITCHED", "Ten ships sailed at noon", "Ten ships sailed", "at noon"),
                line("ABSENT", "Ten ships sailed at dusk"),
                line("ABSENT", "They carried grain", "They carried grain")):
            self.assertNotEqual(problems(record), [], record)


class Claims(unittest.TestCase):
    def claim(self, **changes):
        return {"id": "x", "claim": "Nine ships sailed.", "documents": ["a"], "kind": "number_changed",
                "supported": False, "disagrees": {"text": "Nine", "start": 0, "end": 4},
                "source_piece": {"text": "Ten", "document_id": "a", "start": 0, "end": 3},
                "spans": [{"document_id": "a", "start": 0, "end": 25}], **changes}

    def test_right_claims_pass(self):
        self.assertEqual(list(check_claims.check_claim(self.claim(), SOURCES)), [])

    def test_wrong_claims_are_found(self):
        for record in (
                self.claim(supported=True),
                self.claim(kind="other"),
                self.claim(spans=[]),
                self.claim(documents=["b"]),
                self.claim(disagrees={"text": "Nine", "start": 1, "end": 5}),
                self.claim(source_piece={"text": "Two", "document_id": "a", "start": 58, "end": 61})):
            self.assertNotEqual(list(check_claims.check_claim(record, SOURCES)), [], record)


if __name__ == "__main__":
    unittest.main()
