#!/usr/bin/env python3
"""Flips a byte in each file of a segment that is served: the server must find
it by itself, name it, and go on without the segment; `verify` must name it too.

Usage: flips_test.py BIN [unittest's arguments]
"""

import pathlib
import random
import shutil
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))

import faults
import programs

SEED = 20261126


class FlipsTest(faults.FaultTest):
    def setUp(self):
        super().setUp()
        self.rng = random.Random(SEED)
        self.write("a.txt", "The pelican eats fish. " * 30)
        self.write_lines("entities.tsv", "ANIMAL\tpelican\tPelican")
        self.write("notes.md", "# Birds\n\nThe pelican flies far.\n")
        self.build()
        self.write("b.txt", "The heron stands still.")
        self.build()
        self.whole = self.data.with_name("whole")
        shutil.copytree(self.data, self.whole)

    def segments(self):
        """Returns the folders of the segment of a.txt and of that of b.txt."""
        manifest = faults.manifest_of(self.data, "c")
        first, second = manifest["segments"]
        self.assertEqual([2, 1], [first["documents"], second["documents"]])
        return [self.data / "c/segments" / entry["id"]
                for entry in (first, second)]

    def flip(self, path):
        content = bytearray(path.read_bytes())
        place = self.rng.randrange(len(content))
        content[place] ^= 1 << self.rng.randrange(8)
        with open(path, "r+b") as file:  # the same file, as a disk would
            file.write(content)
        return f"seed {SEED}, {path.name}, byte {place}"

    def start_anew(self):
        super().start_anew()
        shutil.copytree(self.whole, self.data, dirs_exist_ok=True)

    def test_verify_names_the_file(self):
        for name in sorted(path.name for path in self.segments()[0].iterdir()):
            self.start_anew()
            what = self.flip(self.segments()[0] / name)
            with self.subTest(what):
                result = programs.run("footnote-index", "verify", "--data-dir",
                                      self.data, "--collection", "c")
                self.assertEqual(1, result.returncode, result)
                self.assertIn(name, result.stdout + result.stderr)

    def test_the_server_finds_it_and_serves_the_rest(self):
        for name in sorted(path.name for path in self.segments()[0].iterdir()):
            self.start_anew()
            with self.subTest(name):
                self.expect_quarantine(name)

    def expect_quarantine(self, name):
        with programs.Server(
                self.data, "--scrub-mb-per-second", "1000", "--scrub-interval",
                "20ms", "--metrics-listen", "127.0.0.1:0") as server:
            self.expect_found(server, "pelican", self.best_pelican(server))
            self.expect_found(server, "heron", "b.txt")
            self.assertEqual(0, self.health(server, "collections/c"))
            self.flip(self.segments()[0] / name)
            programs.wait_until(
                lambda: self.health(server, "collections/c") != 0,
                f"the damage of {name} to be found")
            self.expect_rest(server)
            lines = server.log("a segment was found damaged")
            self.assertTrue(lines)
            for line in lines:
                self.assertIn(name, line["error"])
            self.assertEqual(0, self.health(server, ""))
            self.assertEqual("1", server.metric(
                'footnote_quarantined_segments{collection="c"}'))
        with programs.Server(self.data, "--scrub-mb-per-second", "0") as again:
            self.expect_rest(again)

    def best_pelican(self, server):
        found = self.search(server, "pelican")["passages"]
        return found[0]["document"]["documentId"]

    def expect_rest(self, server):
        """Nothing comes of the damaged segment; all else is served."""
        answer = self.search(server, "pelican heron")
        self.assertEqual(["b.txt"], [passage["document"]["documentId"]
                                     for passage in answer["passages"]])
        self.assertEqual(["CODE_SEGMENT_QUARANTINED"],
                         [warning["code"] for warning in answer["warnings"]])
        self.assertIn("2 documents", answer["warnings"][0]["message"])

    def health(self, server, service):
        return server.ask("health", service).returncode


if __name__ == "__main__":
    programs.main(__doc__)
