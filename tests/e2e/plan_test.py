#!/usr/bin/env python3
"""What `footnote-index plan` predicts is what is measured.

Usage: tests/e2e/plan_test.py BIN [unittest's arguments]
"""

import json
import pathlib

import programs
from programs import ProgramTest, run

ROOT = pathlib.Path(__file__).resolve().parents[2]


def prose():
    """Returns the texts of this repository's pages."""
    return [path.read_text(encoding="utf-8") for path in sorted(
        [*ROOT.glob("*.md"), *ROOT.glob("*/*.md"), *ROOT.glob("*/*/*.md"),
         *ROOT.glob("seeds/*.md")]) if "build" not in path.parts]


def cut(texts, size):
    return [text[at:at + size] for text in texts
            for at in range(0, len(text), size) if text[at:at + size].strip()]


class PlanTest(ProgramTest):
    """Collections of several shapes."""

    def plan(self, documents, size):
        result = run("footnote-index", "plan", "--json", "--documents",
                     str(documents), "--bytes", str(size))
        return self.answer(result)

    def expect_near(self, what, predicted, measured, factor):
        self.assertLess(predicted / measured, factor, what)
        self.assertLess(measured / predicted, factor, what)

    def check_shape(self, name, texts):
        self.write_lines("x.jsonl", *({"_id": f"d{n}", "text": text}
                                      for n, text in enumerate(texts)))
        self.build(collection=name)
        info = json.loads(run("footnote-index", "info", "--data-dir", self.data,
                              "--collection", name, "--json").stdout)
        plan = self.plan(info["documents"], info["text_bytes"])
        self.expect_near("passages", plan["passages"], info["passages"], 1.35)
        self.expect_near("index", plan["index_bytes"], info["bytes"], 1.35)
        return plan

    def test_pages(self):
        self.check_shape("pages", prose())

    def test_one_long_document(self):
        self.check_shape("long", ["\n\n".join(prose())])

    def test_short_documents(self):
        self.check_shape("short", cut(prose(), 300))

    def test_medium_documents(self):
        self.check_shape("medium", cut(prose(), 3000))

    def test_memory_and_cpu(self):
        plan = self.check_shape("medium", cut(prose(), 3000))
        server = self.serve("--cache-mb", "0")
        for query in ("passages of a document", "what is a generation"):
            self.search(server, query, collection="medium")
        status = pathlib.Path(f"/proc/{server.process.pid}/status").read_text()
        own = next(int(line.split()[1]) << 10 for line in status.splitlines()
                   if line.startswith("RssAnon"))
        if not programs.with_memory(1):
            self.skipTest("a sanitizer takes more")
        self.expect_near("memory", plan["memory_bytes"], own, 2)

    def test_a_million_passages(self):
        """As tests/bench/sizing.py measured it; bench/README.md has more."""
        plan = self.plan(138_870, 1_111_693_073)
        self.expect_near("passages", plan["passages"], 1_069_890, 1.15)
        self.expect_near("index", plan["index_bytes"], 1_394_547_941, 1.15)

    def test_wrong_usage(self):
        for documents, size in (("0", "1"), ("x", "1"), ("1", "-5"),
                                ("nan", "1"), ("2.5", "1"), ("1", "inf")):
            result = run("footnote-index", "plan", "--documents", documents,
                         "--bytes", size)
            self.assertEqual(2, result.returncode, (documents, size))
            self.assertIn("is not a whole number from 1 to 1000000000000000",
                          result.stderr)

    def test_numbers_of_generations(self):
        for arguments in (("push", "--keep", "0", "store"),
                          ("verify", "--collection", "c", "--generation", "0")):
            result = run("footnote-index", *arguments, "--data-dir", self.data)
            self.assertEqual(2, result.returncode, result)
            self.assertRegex(result.stderr, r"not in range 1 to \d{1,18}\n")


if __name__ == "__main__":
    programs.main(__doc__)
