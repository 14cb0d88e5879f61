#!/usr/bin/env python3
"""Shows that footnote-index answers bad sources and bad usage, each piece with
one clear error, and that nothing else is harmed by it.

Usage: tests/e2e/bad_input_test.py BIN [unittest's arguments]
"""

import json
import os
import shutil
import signal
import subprocess

import programs
from programs import (ProgramTest, as_nobody, program, run, text_of, wait_until,
                      with_memory)

GOOD = "The pelican eats fish.\n"
MEGABYTE = 1_000_000


class SourcesTest(ProgramTest):
    """Files and lines that are no documents, beside some that are."""

    def setUp(self):
        super().setUp()
        self.write("good.txt", GOOD)

    def check_served(self, *found):
        """Checks that each (query, document id), and good.txt, is found."""
        server = self.serve()
        for query, document_id in (("pelican", "good.txt"), *found):
            self.expect_found(server, query, document_id)
        return server

    def test_files_that_are_no_text(self):
        self.write("empty.txt", b"")
        self.write("blank.txt", " \n\t\r\n")
        self.write("empty.jsonl", b"")
        self.write("image.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(64))
        self.write("controls.txt", bytes(range(1, 9)) * 100)
        self.write("nul.txt", b"a NUL \0 in a text\n")
        skipped = self.skipped(self.build())
        self.assertEqual(
            {"empty.txt": "FILE_EMPTY", "blank.txt": "TEXT_EMPTY",
             "empty.jsonl": "FILE_EMPTY", "image.png": "BINARY_CONTENT",
             "controls.txt": "BINARY_CONTENT", "nul.txt": "BINARY_CONTENT"},
            {path: reason for path, (reason, _) in skipped.items()})
        self.assertIn("NUL byte at 6", skipped["nul.txt"][1])
        self.check_served()

    def test_a_list_of_entities_is_one_file(self):
        self.write_lines("a/a.jsonl", {"_id": "a", "text": "Acme sells."})
        self.write_lines("b/b.jsonl", {"_id": "b", "text": "Acme buys."})
        names = self.write("names.tsv", "ORG\tacme\tAcme\t\n")
        result = run("footnote-index", "build", "--data-dir", self.data,
                     "--collection", "c", "--json", "--entities", names,
                     self.sources / "a", self.sources / "b")
        self.assertEqual(0, result.returncode, result.stderr)
        self.assertEqual(2, json.loads(result.stdout)["documents"])

    def test_skipped_may_be_allowed(self):
        self.write("empty.txt", b"")
        result = self.try_build(self.sources, flags=("--allow-skipped",))
        self.assertEqual(0, result.returncode, result.stderr)
        self.assertEqual(["empty.txt"],
                         list(self.skipped(json.loads(result.stdout))))
        empty = self.try_build(self.sources / "empty.txt", collection="d",
                               flags=("--allow-skipped",))
        self.assertEqual(1, empty.returncode, "nothing was published")

    def test_unreadable_file_and_folder(self):
        self.write("secret.txt", "a secret\n").chmod(0)
        self.write("closed/file.txt", "closed\n").parent.chmod(0)
        self.addCleanup((self.sources / "closed").chmod, 0o700)
        self.data.mkdir()
        self.data.chmod(0o777)
        # The programs may stand where only root comes.
        copy = self.scratch / "footnote-index"
        shutil.copy(program("footnote-index"), copy)
        result = subprocess.run(
            [copy, "build", "--json", "--data-dir", self.data, "--collection",
             "c", self.sources], capture_output=True, text=True, check=False,
            **as_nobody())
        self.assertEqual(3, result.returncode, result.stderr)
        skipped = self.skipped(json.loads(result.stdout))
        self.assertEqual({"secret.txt", "closed"}, set(skipped))
        for path, (reason, message) in skipped.items():
            self.assertEqual("FILE_UNREADABLE", reason)
            self.assertIn(path, message)
            self.assertIn("Permission denied", message)
        self.check_served()

    def test_broken_lines(self):
        self.write_lines(
            "lines.jsonl", {"_id": "first", "text": "Alpha comes first."},
            '{"_id": "broken", "text": oops}', "[1, 2]",
            b'{"_id": "nul", "text": "a \0 byte"}', {"_id": "no text"},
            {"_id": "number", "text": 5}, {"_id": "", "text": "no id"},
            {"_id": "x" * 12289, "text": "long id"},
            '{"_id": "cut", "text": "x',
            {"_id": "last", "text": "Omega comes last."})
        skipped = self.skipped(self.build())
        expected = {
            2: ("JSON_SYNTAX", "line 2: malformed JSON at byte 26"),
            3: ("JSON_SYNTAX", "line 3: expected a JSON object, found array "
                               "at byte 0"),
            4: ("JSON_SYNTAX", "line 4: a NUL at byte 26"),
            5: ("FIELD_MISSING", 'line 5: field "text" is missing'),
            6: ("FIELD_TYPE", 'line 6: field "text" must be a string, '
                              "not number"),
            7: ("DOCUMENT_ID_INVALID", "line 7: the document id is empty"),
            8: ("DOCUMENT_ID_INVALID", "line 8: the document id has 12289 "
                                       "bytes; at most 12288 are allowed"),
            9: ("JSON_SYNTAX", "line 9: malformed JSON at byte 25"),
        }
        self.assertEqual({f"lines.jsonl:{line}": error
                          for line, error in expected.items()}, skipped)
        self.check_served(("alpha", "first"), ("omega", "last"))

    def test_escaped_nul_and_lone_surrogate(self):
        self.write_lines("nul.jsonl",
                         '{"_id": "n", "text": "Heron\\u0000\\ud800 wades."}')
        self.assertEqual([], self.build()["skipped"])
        server = self.check_served(("heron", "n"), ("wades", "n"))
        text = self.answer(server.ask(
            "get", "collections/c/documents/n"))["content"]["text"]
        self.assertEqual("Heron\0\ufffd wades.", text)

    def test_duplicate_ids(self):
        self.write_lines("a.jsonl", {"_id": "one", "text": "The first crane."},
                         {"_id": "one", "text": "The second crane."},
                         {"_id": "two", "text": "A stork."})
        self.write_lines("b.jsonl", {"_id": "two", "text": "Another stork."})
        other = self.write("other/good.txt", "Another good text.\n")
        summary = self.build(self.sources / "a.jsonl", self.sources / "b.jsonl",
                             self.sources / "good.txt", other)
        self.assertEqual(3, summary["documents"])
        skipped = self.skipped(summary)
        self.assertEqual({"a.jsonl:2", "b.jsonl:1", "other/good.txt"},
                         set(skipped))
        for reason, message in skipped.values():
            self.assertEqual("DOCUMENT_ID_DUPLICATE", reason)
            self.assertIn("the first one stays", message)
        self.assertIn('"one"', skipped["a.jsonl:2"][1])
        server = self.check_served(("stork", "two"))
        self.assertEqual("The first crane.",
                         self.expect_found(server, "crane", "one")["text"])

    def test_the_same_file_by_two_paths_is_one(self):
        os.symlink("good.txt", self.sources / "link.txt")
        summary = self.build(self.sources, self.sources / "good.txt",
                             self.sources)
        self.assertEqual(1, summary["documents"])
        self.assertEqual([], summary["skipped"])

    def test_encodings(self):
        self.write("wide.txt", "Der Wiedehopf ruft.".encode("utf-16"))
        self.write("wide.jsonl", '{"text": "x"}'.encode("utf-16"))
        self.write("west.txt", "Das Café hat “schöne” Flügel für Gäste.\n"
                   .encode("cp1252"))
        self.write("damaged.txt", "Überall schöne Grüße, süße Bäume, Möwen "
                   .encode() + b"\xff am Meer.\n")
        self.write_lines("damaged.jsonl",
                         b'{"_id": "d", "text": "Kiebitz \xff"}')
        skipped = self.skipped(self.build())
        self.assertEqual({"wide.jsonl"}, set(skipped))
        self.assertEqual("ENCODING_UNKNOWN", skipped["wide.jsonl"][0])
        server = self.check_served(("wiedehopf", "wide.txt"), ("kiebitz", "d"))
        self.assertIn("Café hat “schöne” Flügel", self.expect_found(
            server, "flügel", "west.txt")["text"])
        self.assertIn("Möwen \ufffd am Meer", self.expect_found(
            server, "möwen", "damaged.txt")["text"])

    def test_long_words(self):
        word = "qu" * 150
        self.write("long.txt", f"Before {word} after.\n")
        self.assertEqual([], self.build()["skipped"])
        server = self.check_served((word, "long.txt"), ("after", "long.txt"))
        passage = self.expect_found(server, word.upper(), "long.txt")
        self.assertIn(word, passage["text"])
        span = passage["highlights"][0]["span"]
        self.assertEqual((7, 307), (int(span["startByte"]),
                                    int(span["endByte"])))

    def test_size_limit(self):
        limit = ("--max-document-bytes", str(MEGABYTE))
        self.write("under.txt", text_of(MEGABYTE - 8) + " flamingo"[:8])
        self.write("over.txt", text_of(MEGABYTE + 1))
        self.write_lines("lines.jsonl", {"text": text_of(MEGABYTE)},
                         {"_id": "next", "text": "A heron."})
        summary = self.build(flags=limit)
        self.assertEqual(3, summary["documents"])
        skipped = self.skipped(summary)
        self.assertEqual({"over.txt", "lines.jsonl:1"}, set(skipped))
        for reason, message in skipped.values():
            self.assertEqual("DOCUMENT_TOO_LARGE", reason)
            self.assertIn(f"at most {MEGABYTE} are taken", message)
        self.assertIn(f"has {MEGABYTE + 1} bytes", skipped["over.txt"][1])
        self.check_served(("heron", "next"), ("flaming", "under.txt"))

    def test_hundred_megabytes(self):
        """A file is refused by its size; a line takes what the limit allows."""
        piece = text_of(MEGABYTE).encode()
        for name in ("huge.txt", "huge.jsonl"):
            with open(self.sources / name, "wb") as file:
                for _ in range(100):
                    file.write(piece)
        summary = self.build(flags=("--max-document-bytes", "10000000"),
                             **with_memory(80 * MEGABYTE))
        skipped = self.skipped(summary)
        self.assertEqual({"huge.txt", "huge.jsonl:1"}, set(skipped))
        for reason, message in skipped.values():
            self.assertEqual("DOCUMENT_TOO_LARGE", reason)
            self.assertIn(f"has {100 * MEGABYTE} bytes", message)
        self.assertLess(summary["seconds"], 10)
        self.check_served()
        (self.sources / "huge.jsonl").unlink()
        summary = self.build(**with_memory(60 * MEGABYTE))
        reason, message = self.skipped(summary)["huge.txt"]
        self.assertEqual("DOCUMENT_TOO_LARGE", reason)
        self.assertIn("100000000 bytes; at most 67108864 are taken", message)

    def test_folder_loops_and_odd_files(self):
        (self.sources / "sub").mkdir()
        os.symlink(".", self.sources / "here")
        os.symlink("..", self.sources / "sub" / "up")
        os.symlink("self", self.sources / "self")
        os.symlink("nowhere", self.sources / "dangling")
        os.mkfifo(self.sources / "pipe.txt")
        missing = self.sources / "missing.txt"
        skipped = self.skipped(self.build(self.sources, missing))
        self.assertEqual(
            {"here": "FOLDER_LOOP", "sub/up": "FOLDER_LOOP",
             "self": "FOLDER_LOOP", "dangling": "FILE_NOT_FOUND",
             "pipe.txt": "FILE_NOT_REGULAR", "missing.txt": "FILE_NOT_FOUND"},
            {path: reason for path, (reason, _) in skipped.items()})
        self.check_served()

    def test_front_matter(self):
        self.write("list.md", "---\ntitle: [a\n---\nBody.\n")
        self.write("escape.md", '---\n# x\ntitle: "\\q"\n---\nBody.\n')
        self.write("fine.md", "---\ntitle: Fine\n---\nAn avocet.\n")
        skipped = self.skipped(self.build())
        self.assertEqual({"list.md", "escape.md"}, set(skipped))
        for reason, message in skipped.values():
            self.assertEqual("FRONT_MATTER_SYNTAX", reason)
            self.assertRegex(message, r"\bline \d")
        self.check_served(("avocet", "fine.md"))


class BuildTest(ProgramTest):
    """Builds that publish nothing leave what was published."""

    def setUp(self):
        super().setUp()
        self.good = self.write("good.txt", GOOD)
        self.build(self.good)

    def check_unharmed(self):
        self.assertEqual("000001\n", (self.data / "c/CURRENT").read_text())
        server = self.serve()
        self.expect_found(server, "pelican", "good.txt")
        return server

    def test_nothing_to_index(self):
        empty = self.write("empty.txt", b"")
        binary = self.write("binary.bin", bytes(100))
        folder = self.sources / "folder"
        folder.mkdir()
        error = self.expect_build_error(
            self.try_build(folder), "NOTHING_TO_INDEX")
        self.assertIn("no document", error)
        error = self.expect_build_error(
            self.try_build(empty, binary), "NOTHING_TO_INDEX")
        self.assertIn(f"{binary}: BINARY_CONTENT: ", error)
        self.assertIn("1 more", error)
        error = self.expect_build_error(
            self.try_build(self.scratch / "missing"), "NOTHING_TO_INDEX")
        self.assertIn("missing: FILE_NOT_FOUND: ", error)
        server = self.check_unharmed()
        # Nor does a collection come into being.
        self.expect_build_error(
            self.try_build(empty, collection="new"), "NOTHING_TO_INDEX")
        self.expect_error(server.ask("search", "--collection", "new", "x"),
                          "COLLECTION_NOT_FOUND")

    def test_errors_do_not_reach_into_the_terminal(self):
        path = self.write("a\x1b[31m\nb.txt", b"")
        error = self.expect_build_error(self.try_build(path),
                                        "NOTHING_TO_INDEX")
        self.assertIn("a?[31m?b.txt: FILE_EMPTY: ", error)
        result = run("footnote-index", "build", "--data-dir", self.data,
                     "--collection", "c", self.good, path)
        self.assertEqual(3, result.returncode)
        self.assertIn("a?[31m?b.txt: FILE_EMPTY: ", result.stdout)

    def test_collection_names(self):
        for name in ("", "../x", "A", "a" * 64, "-a", "_a", "a b", "a/b", "ä"):
            with self.subTest(name=name):
                error = self.expect_build_error(
                    self.try_build(self.good, collection=name),
                    "COLLECTION_NAME_INVALID")
                self.assertIn(f'"{name}"', error)
        self.assertEqual(["c"], os.listdir(self.data))
        self.assertEqual({"data", "sources"}, set(os.listdir(self.scratch)))
        self.build(self.good, collection="a" * 63)
        self.check_unharmed()

    def test_gazetteer(self):
        for content, line in (("ORG\tonly\n", 1),
                              ("ORG\to1\tOne\n\tx\ty\n", 2)):
            path = self.write("names.tsv", content)
            result = self.try_build(self.good, collection="listed",
                                    flags=["--entities", path])
            self.assertEqual(3, result.returncode, result.stderr)
            skipped, = json.loads(result.stdout)["skipped"]
            self.assertEqual((f"{path}:{line}", "GAZETTEER_SYNTAX"),
                             (skipped["path"], skipped["reason"]))
        missing = self.sources / "missing.tsv"
        error = self.expect_build_error(
            self.try_build(self.good, flags=["--entities", missing]),
            "FILE_NOT_FOUND")
        self.assertIn(str(missing), error)
        self.check_unharmed()

    def test_data_folder_that_cannot_be_written(self):
        error = self.expect_build_error(
            run("footnote-index", "build", "--data-dir", self.good,
                "--collection", "c", self.good), "FILE_IO")
        self.assertIn(str(self.good), error)
        copy = self.scratch / "footnote-index"
        shutil.copy(program("footnote-index"), copy)
        self.data.chmod(0o555)
        self.addCleanup(self.data.chmod, 0o755)
        result = subprocess.run(
            [copy, "build", "--data-dir", self.data, "--collection", "new",
             self.good], capture_output=True, text=True, check=False,
            **as_nobody())
        error = self.expect_build_error(result, "FILE_UNREADABLE")
        self.assertIn(f"{self.data}/new", error)
        self.assertIn("Permission denied", error)
        self.check_unharmed()

    def test_wrong_usage(self):
        for arguments, wanted in (
                ([], "subcommand"), (["build"], "--data-dir"),
                (["build", "--data-dir", self.data, "--collection", "c"],
                 "PATH"),
                (["build", "--data-dir", self.data, self.good], "--collection"),
                (["build", "--data-dir", self.data, "--collection", "c",
                  "--bogus", self.good], "--bogus"),
                (["build", "--data-dir", self.data, "--collection", "c",
                  "--max-document-bytes", "0", self.good],
                 "--max-document-bytes")):
            with self.subTest(wanted=wanted):
                self.expect_usage(run("footnote-index", *arguments),
                                  "footnote-index", wanted)
        self.check_unharmed()

    def test_locked_then_killed(self):
        """A second writer is refused; kill -9 leaves the old generation."""
        text = text_of(10_000)
        self.write_lines("big.jsonl", *({"_id": f"d{n}", "text": text}
                                        for n in range(12000)))
        build = subprocess.Popen(
            [program("footnote-index"), "build", "--data-dir", self.data,
             "--collection", "c", self.sources],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        try:
            json.loads(build.stderr.readline())  # the first document is in
            error = self.expect_build_error(self.try_build(self.good),
                                            "COLLECTION_LOCKED")
            self.assertIn(str(self.data / "c"), error)
            progress = json.loads(build.stderr.readline())  # a second later
            self.assertIsNone(build.poll())
            self.assertGreater(progress["bytes"],
                               progress["documents"] * 10_000)
            self.assertLess(progress["bytes"], progress["total_bytes"])
            self.assertGreater(progress["seconds_left"], 0)
        finally:
            build.kill()
            build.wait()
            build.stderr.close()
        self.assertEqual(-signal.SIGKILL, build.returncode)
        server = self.check_unharmed()
        late = self.write("late.txt", "A bittern hides.\n")
        self.assertEqual(2, self.build(self.good, late)["generation"])
        wait_until(lambda: self.search(server, "bittern")["passages"],
                   "generation 2")
        self.expect_found(server, "pelican", "good.txt")
        self.assertEqual(2, len(os.listdir(self.data / "c/segments")))


if __name__ == "__main__":
    programs.main(__doc__)
