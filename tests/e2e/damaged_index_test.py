#!/usr/bin/env python3
"""Shows that a damaged or newer index is answered with one reason, said once
in the log, while all other collections are served.

Usage: tests/e2e/damaged_index_test.py BIN [unittest's arguments]
"""

import os
import re
import shutil

import programs
from programs import ProgramTest, run, wait_until

GOOD = "The pelican eats fish.\n"


def edit_manifest(change):
    def edit(folder):
        path = folder / "generations/000001.json"
        path.write_text(change(path.read_text()))
    return edit


def truncate(name):
    def edit(folder):
        path, = folder.glob(f"segments/*/{name}")
        os.truncate(path, path.stat().st_size // 2)
    return edit


def overwrite(name, place, value):
    """Overwrites four bytes; the size stays as the manifest has it."""
    def edit(folder):
        path, = folder.glob(f"segments/*/{name}")
        content = bytearray(path.read_bytes())
        content[place:place + 4] = value.to_bytes(4, "little")
        path.write_bytes(content)
    return edit


def set_current(content):
    return lambda folder: (folder / "CURRENT").write_bytes(content)


HUGE = 0xFFFFFFF0
DAMAGES = {
    "flipped-manifest": edit_manifest(lambda text: text.replace("{", "}", 1)),
    "short-manifest": edit_manifest(lambda text: text[:len(text) // 2]),
    "empty-manifest": edit_manifest(lambda text: ""),
    "other-number": edit_manifest(
        lambda text: text.replace('"generation": 1', '"generation": 7')),
    "short-column": truncate("tokens.col"),
    "short-postings": truncate("postings.glass"),
    "no-column": lambda folder: next(folder.glob("segments/*/places.col"))
    .unlink(),
    "no-segment": lambda folder: shutil.rmtree(folder / "segments"),
    "bad-order": overwrite("document_order.col", 32, HUGE),
    "bad-passage-order": overwrite("passage_id_order.col", 32, HUGE),
    "bad-facets": overwrite("document_facets.col", 32, HUGE),
    "bad-places": overwrite("places.col", 48, HUGE),
    "bad-passages": overwrite("passages.col", 44, HUGE),
    "current-to-nothing": set_current(b"000009\n"),
    "current-garbage": set_current(b"\xff\x00latest"),
    "current-empty": set_current(b""),
}


class DamagedIndexTest(ProgramTest):
    """A damaged collection says so; the others are served."""

    def setUp(self):
        super().setUp()
        self.write("good.txt", GOOD)
        self.build(collection="good")

    def copy(self, name, edit):
        shutil.copytree(self.data / "good", self.data / name)
        edit(self.data / name)

    def refreshes(self, server):
        """Returns when the server has looked at all collections again."""
        for text in ("A curlew calls.", "A plover runs."):
            self.write("new.txt", text)
            number = self.build(collection="good")["generation"]
            wait_until(lambda n=number: any(
                line["collection"] == "good" and line["generation"] == n
                for line in server.log("serving a generation")),
                f"generation {number}")

    def test_each_damage(self):
        for name, edit in DAMAGES.items():
            self.copy(name, edit)
        self.copy("newer", edit_manifest(lambda text: re.sub(
            r'"format_version": \d+', '"format_version": 99', text)))
        self.copy("analyzer", edit_manifest(lambda text: text.replace(
            '"analyzer": "', '"analyzer": "other ')))
        reasons = dict.fromkeys(DAMAGES, "INDEX_CORRUPT")
        reasons.update(newer="INDEX_VERSION", analyzer="ANALYZER_MISMATCH")
        server = self.serve()
        for name, reason in reasons.items():
            with self.subTest(name=name):
                document = f"collections/{name}/documents/good.txt"
                for command in (("search", "--collection", name, "pelican"),
                                ("documents", "--collection", name),
                                ("get", document),
                                ("span", document, "0", "1")):
                    self.expect_error(server.ask(*command), reason)
                self.expect_found(server, "pelican", "good.txt", "good")
        listed = self.answer(server.ask("collections"))["collections"]
        self.assertEqual(["collections/good"], [c["name"] for c in listed])
        self.refreshes(server)
        logged = {(line["collection"], line["reason"]): line["error"]
                  for line in server.log("a generation cannot be opened")}
        self.assertEqual(set(reasons.items()), set(logged))
        self.assertEqual(len(reasons), len(
            server.log("a generation cannot be opened")), "said once")
        self.assertIn("99; this program reads version ",
                      logged["newer", "INDEX_VERSION"])
        self.assertIn("CURRENT names generation 9, which is not there",
                      logged["current-to-nothing", "INDEX_CORRUPT"])
        self.assertEqual(0, server.end())

    def test_the_indexer_refuses_a_damaged_collection(self):
        self.copy("bad", truncate("tokens.col"))
        error = self.expect_build_error(
            self.try_build(self.sources, collection="bad"), "INDEX_CORRUPT")
        self.assertIn("tokens.col", error)

    def test_damaged_text_is_noticed(self):
        def flip(folder):
            path, = folder.glob("segments/*/texts.zst")
            content = bytearray(path.read_bytes())
            content[content.index(b"pelican")] ^= 1
            path.write_bytes(content)
        self.copy("bad", flip)
        server = self.serve("--scrub-mb-per-second", "0")
        self.expect_error(
            server.ask("search", "--collection", "bad", "pelican"),
            "INDEX_CORRUPT")
        self.expect_found(server, "pelican", "good.txt", "good")

    def test_what_remains_is_served(self):
        """Of two segments one cannot be opened, or is found by scrubbing."""
        self.write("more.txt", "The pelican sleeps.\n")
        self.build(collection="good")
        names = {path.parent.name: path.stat().st_size for path in
                 self.data.glob("good/segments/*/tokens.col")}
        self.assertEqual(2, len(names))
        victim = sorted(names)[0]

        def damage(change):
            def edit(folder):
                column = folder / "segments" / victim / "tokens.col"
                column.write_bytes(change(bytearray(column.read_bytes())))
            return edit

        def flip_last(content):
            content[-1] ^= 1
            return content
        self.copy("short", damage(lambda content: content[:-1]))
        self.copy("flipped", damage(flip_last))
        server = self.serve()
        for name in ("short", "flipped"):
            with self.subTest(name=name):
                answer = wait_until(
                    lambda n=name: next(filter(
                        lambda a: a.get("warnings"),
                        [self.search(server, "pelican", collection=n)]), None),
                    "the warning")
                self.assertEqual(["CODE_SEGMENT_QUARANTINED"],
                                 [w["code"] for w in answer["warnings"]])
                self.assertEqual(1, len(answer["passages"]))
                wait_until(lambda n=name: "NOT_SERVING" in str(
                    server.ask("health", f"collections/{n}")), "health")
                marker = (self.data / name / "segments" / victim
                          / "QUARANTINE")
                self.assertEqual(name == "flipped", marker.exists())
        self.assertEqual({"short", "flipped"}, {
            line["collection"] for line in
            server.log("a segment is damaged and not served")})

    def test_a_damaged_new_generation_leaves_the_old_one(self):
        server = self.serve()
        folder = self.data / "good"
        # The next generation is built aside, damaged, and put in its place.
        aside = self.scratch / "aside"
        shutil.copytree(self.data, aside)
        self.write("good.txt", "The pelican eats squid.\n")
        run("footnote-index", "build", "--data-dir", aside, "--collection",
            "good", self.sources).check_returncode()
        for path in aside.glob("good/segments/*"):
            if not (folder / "segments" / path.name).exists():
                shutil.copytree(path, folder / "segments" / path.name)
                column = folder / "segments" / path.name / "tokens.col"
        intact = column.read_bytes()
        column.write_bytes(intact[:-8])
        shutil.copy(aside / "good/generations/000002.json",
                    folder / "generations")
        os.replace(aside / "good/CURRENT", folder / "CURRENT")
        line, = wait_until(
            lambda: server.log("a generation cannot be opened"), "the error")
        self.assertEqual("INDEX_CORRUPT", line["reason"])
        self.assertIn("tokens.col", line["error"])
        answer = self.search(server, "pelican", collection="good")
        self.assertEqual("1", answer["generation"]["generation"])
        self.assertEqual(GOOD, answer["passages"][0]["text"])
        column.write_bytes(intact)
        wait_until(lambda: len(server.log("serving a generation")) == 2,
                   "the repaired generation")
        self.assertIn("squid", self.expect_found(
            server, "pelican", "good.txt", "good")["text"])


if __name__ == "__main__":
    programs.main(__doc__)
