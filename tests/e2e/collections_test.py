#!/usr/bin/env python3
"""Looks after collections with footnote-index, as an administrator does.

Usage: tests/e2e/collections_test.py BIN [unittest's arguments]
"""

import json

import programs
from programs import ProgramTest, run


class CollectionsTest(ProgramTest):
    """Each command of footnote-index that looks after collections."""

    def setUp(self):
        super().setUp()
        self.write("pelican.txt", "The pelican eats fish.\n")
        self.write("curlew.md", "---\ntags: [bird]\n---\n# Curlew\n\nIt calls.\n")

    def run_index(self, command, *arguments, **options):
        return run("footnote-index", command, "--data-dir", self.data,
                   *arguments, **options)

    def ask_index(self, command, *arguments, code=0):
        """Runs a command with --json; returns what it prints."""
        result = self.run_index(command, "--json", *arguments)
        self.assertEqual(code, result.returncode, result)
        return json.loads(result.stdout)

    def expect_index_error(self, reason, command, *arguments):
        return self.expect_build_error(self.run_index(command, *arguments),
                                       reason)

    def info(self, name):
        return self.ask_index("info", "--collection", name)


class ListTest(CollectionsTest):
    """list and info."""

    def test_list(self):
        self.expect_index_error("FILE_NOT_FOUND", "list")
        self.data.mkdir()
        self.assertEqual([], self.ask_index("list")["collections"])
        self.build(collection="b")
        self.build(collection="a")
        (self.data / "other").symlink_to("b")
        (self.data / "gone").symlink_to("nothing")
        listed = self.ask_index("list")
        self.assertEqual([("a", []), ("b", ["other"])], [
            (row["collection"], row["aliases"])
            for row in listed["collections"]])
        self.assertEqual(["gone"], listed["dangling_aliases"])
        self.assertEqual([2, 2], [row["documents"]
                                  for row in listed["collections"]])
        (self.data / "a/CURRENT").write_text("x")
        listed = self.ask_index("list", code=3)
        self.assertEqual("INDEX_CORRUPT", listed["damaged"][0]["reason"])
        text = self.run_index("list").stdout
        self.assertIn("b: generation 1, 2 documents, 2 passages, ", text)
        self.assertIn("also called other\n", text)
        self.assertIn("a: INDEX_CORRUPT: ", text)

    def test_info(self):
        self.build()
        self.write("pelican.txt", "The pelican eats squid.\n")
        self.build()
        info = self.info("c")
        self.assertEqual((2, 1, 2), (info["generation"], info["parent"],
                                     info["documents"]))
        self.assertEqual([1, 2], info["generations"])
        self.assertEqual([(2, 1), (1, 0)], [
            (s["documents"], s["deleted_documents"])
            for s in info["segments"]])
        self.assertGreater(info["bytes"], sum(
            s["bytes"] for s in info["segments"]))
        text = self.run_index("info", "--collection", "c").stdout
        self.assertIn("generations kept: 1, 2\n", text)
        self.assertIn("2 documents (1 deleted)", text)
        self.expect_index_error("COLLECTION_NOT_FOUND",
                                "info", "--collection", "none")
        self.expect_index_error("COLLECTION_NAME_INVALID",
                                "info", "--collection", "a/b")
        self.expect_usage(self.run_index("info"), "footnote-index",
                          "--collection")


class VerifyTest(CollectionsTest):
    """verify."""

    def test_verify(self):
        self.build()
        self.write("pelican.txt", "The pelican eats squid.\n")
        self.build()
        whole = self.ask_index("verify", "--collection", "c", "--all")
        self.assertTrue(whole["whole"])
        self.assertEqual(([1, 2], 2, []), (
            whole["generations"], whole["segments"], whole["findings"]))
        path, = self.data.glob("c/generations/2-*.tombstones")
        path.write_bytes(path.read_bytes()[:-1] + b"\xff")
        name = f"generations/{path.name}"
        for flags in ((), ("--quick",), ("--all",), ("--generation", "2")):
            damaged = self.ask_index("verify", "--collection", "c", *flags,
                                     code=1)
            self.assertFalse(damaged["whole"])
            self.assertIn(name, [f["file"] for f in damaged["findings"]])
        self.assertTrue(self.ask_index("verify", "--collection", "c",
                                       "--generation", "1")["whole"])
        text = self.run_index("verify", "--collection", "c")
        self.assertEqual(1, text.returncode)
        self.assertIn(f"  {name}: has the digest ", text.stdout)
        self.assertEqual("", text.stderr, "no progress but on a terminal")

    def test_wrong_use(self):
        self.build()
        self.expect_index_error("COLLECTION_NOT_FOUND",
                                "verify", "--collection", "none")
        self.expect_index_error("GENERATION_NOT_FOUND", "verify",
                                "--collection", "c", "--generation", "9")
        self.expect_usage(self.run_index(
            "verify", "--collection", "c", "--all", "--generation", "1"),
            "footnote-index", "--all")


class TransferTest(CollectionsTest):
    """export and import."""

    def setUp(self):
        super().setUp()
        self.write("entities.tsv", "BIRD\tcurlew\tCurlew\tCurlews\n")
        self.build()
        self.lines = self.scratch / "c.jsonl"
        self.names = self.scratch / "c.tsv"

    def export(self, *flags):
        return self.ask_index("export", "--collection", "c", "--output",
                              self.lines, "--entities", self.names, *flags)

    def test_there_and_back(self):
        exported = self.export()
        self.assertEqual((2, 0, []), (
            exported["documents"], exported["changed_etags"],
            exported["left_out"]))
        imported = self.ask_index("import", "--collection", "copy",
                                  "--entities", self.names, self.lines)
        self.assertEqual(exported["content_sha256"],
                         imported["content_sha256"])
        self.assertEqual(self.info("c")["content_sha256"],
                         self.info("copy")["content_sha256"])
        self.assertTrue(self.ask_index("verify", "--collection",
                                       "copy")["whole"])
        # A build takes the lines as well, and finds nothing new in them.
        summary = self.build(self.lines, collection="copy",
                             flags=("--entities", self.names))
        self.assertEqual((2, False), (summary["unchanged"],
                                      summary["published"]))
        self.expect_index_error("COLLECTION_EXISTS", "import",
                                "--collection", "copy", self.lines)

    def test_to_standard_output(self):
        result = self.run_index("export", "--collection", "c")
        self.assertEqual(0, result.returncode, result.stderr)
        self.assertIn("c: generation 1: 2 documents", result.stderr)
        documents = [json.loads(line) for line in result.stdout.splitlines()]
        self.assertEqual(["curlew.md", "pelican.txt"],
                         [d["_id"] for d in documents])
        self.assertEqual({"filename": "curlew.md",
                          "media_type": "text/markdown"},
                         documents[0]["_footnote"])

    def test_what_cannot_be(self):
        self.expect_index_error("COLLECTION_NOT_FOUND", "export",
                                "--collection", "none")
        self.expect_index_error(
            "FILE_NOT_FOUND", "export", "--collection", "c", "--output",
            self.scratch / "no/such/file")
        self.lines.write_text('{"text":"good"}\n{"text":3}\n')
        imported = self.ask_index("import", "--collection", "copy",
                                  self.lines, code=3)
        self.assertEqual("FIELD_TYPE", imported["skipped"][0]["reason"])
        self.expect_index_error("NOTHING_TO_INDEX", "import", "--collection",
                                "other", self.scratch / "none.jsonl")
        self.assertFalse((self.data / "other").exists())


class ChangeTest(CollectionsTest):
    """add, delete, gc and purge."""

    def test_delete_takes_each_id_once(self):
        self.build()
        deleted = self.ask_index("delete", "--collection", "c", "curlew.md",
                                 "curlew.md", "none", "none")
        self.assertEqual((1, ["none"]), (deleted["deleted"],
                                         deleted["not_found"]))

    def test_purge_names_what_is_not_there(self):
        self.build()
        result = self.run_index("purge", "--collection", "c", "none", "nor")
        self.assertEqual(0, result.returncode, result.stderr)
        self.assertIn("  not there: none\n  not there: nor\n", result.stdout)
        self.assertEqual([1], self.info("c")["generations"])
        purged = self.ask_index("purge", "--collection", "c", "curlew.md",
                                "none")
        self.assertEqual((1, ["none"]), (purged["erased"],
                                         purged["not_found"]))
        self.assertFalse((self.data / "c/purge.json").exists())

    def test_a_failure_leaves_no_folder(self):
        self.data.mkdir()
        for command in (("add", self.scratch / "none"),
                        ("import", self.scratch / "none"),
                        ("build", self.scratch / "none")):
            self.expect_index_error("NOTHING_TO_INDEX", command[0],
                                    "--collection", "c", *command[1:])
            self.assertEqual([], list(self.data.iterdir()), command)
        self.build(collection="d")
        self.ask_index("alias", "c", "d")  # the name is free

    def test_gc_goes_on_beside_a_damaged_manifest(self):
        for n in range(6):
            self.write("pelican.txt", f"The pelican eats {n}.\n")
            self.build()
        manifest = self.data / "c/generations/000004.json"
        manifest.write_bytes(manifest.read_bytes()[:100])
        removed = self.ask_index("gc", "--collection", "c", "--keep", "3",
                                 code=3)
        self.assertEqual((3, [4, 5, 6]), (removed["removed"],
                                          removed["generations"]))
        self.assertEqual([("INDEX_CORRUPT", str(manifest))], [
            (s["reason"], s["path"]) for s in removed["skipped"]])
        for generation in ("5", "6"):
            self.assertTrue(self.ask_index(
                "verify", "--collection", "c", "--generation",
                generation)["whole"])

    def test_put_calls_documents_as_add_does(self):
        self.write("a b/Notes.MD", "# Notes\n\nAn avocet wades.\n")
        self.write("a b/.hidden.txt", "Hidden.")
        self.write_lines("lines.JSONL", {"text": "A plover."},
                         {"_id": "given", "id": 7, "text": "An owl.",
                          "access_labels": ["staff"]})
        self.data.mkdir()
        one = self.sources / "a b/Notes.MD"
        self.ask_index("add", "--collection", "folder", self.sources)
        self.ask_index("add", "--collection", "file", one)
        server = self.serve()
        for name, path in (("folder", self.sources), ("file", one)):
            put = server.ask("put", "--collection", "put-" + name, "--publish",
                             path)
            self.assertEqual(0, put.returncode, put)
            digests = {self.info(collection)["content_sha256"]
                       for collection in (name, "put-" + name)}
            self.assertEqual(1, len(digests), name)
        self.assertEqual(
            ["a%20b/Notes.MD", "curlew.md", "given", "lines.JSONL#L1",
             "pelican.txt"],
            [document["documentId"] for document in self.answer(server.ask(
                "documents", "--collection", "put-folder"))["documents"]])
        missing = server.ask("put", "--collection", "put-file",
                             self.scratch / "none", one)
        self.assertEqual(1, missing.returncode)
        self.assertIn("EFFECT_UNCHANGED", missing.stdout)
        self.assertIn("FILE_NOT_FOUND", missing.stderr)


class FolderTest(CollectionsTest):
    """create, drop, copy, alias and diff."""

    def test_a_life(self):
        self.data.mkdir()
        self.ask_index("create", "--collection", "c")
        self.assertEqual(0, self.info("c")["documents"])
        server = self.serve()
        self.assertEqual([], self.search(server, "pelican")["passages"])
        self.expect_index_error("COLLECTION_IN_USE", "drop",
                                "--collection", "c")
        self.build()
        self.assertEqual(0, server.end())
        self.ask_index("copy", "c", "d")
        self.ask_index("alias", "live", "d")
        self.write("pelican.txt", "The pelican eats squid.\n")
        self.build()
        diff = self.run_index("diff", "--collection", "c", "--with", "live",
                              "0", "0")
        self.assertEqual("changed pelican.txt\n0 added, 1 changed, 0 removed, "
                         "1 unchanged\n", diff.stdout)
        lines = self.run_index("diff", "--json", "--collection", "c", "1", "2")
        self.assertEqual(["curlew.md", "pelican.txt"], [
            json.loads(line)["added"]
            for line in lines.stdout.splitlines()[:-1]])
        self.expect_index_error("COLLECTION_IN_USE", "drop", "--force",
                                "--collection", "d")
        self.ask_index("alias", "--remove", "live")
        self.ask_index("drop", "--collection", "d")
        self.assertEqual(["c"], [row["collection"] for row in
                                 self.ask_index("list")["collections"]])
        self.expect_usage(self.run_index("alias", "live"), "footnote-index",
                          "NAME and COLLECTION")

    def test_an_alias_is_switched_under_a_server(self):
        self.build(collection="old")
        self.write("new.txt", "A plover runs.\n")
        self.build(collection="new")
        self.ask_index("alias", "live", "old")
        server = self.serve()
        answer = self.search(server, "pelican", collection="live")
        self.assertEqual("collections/old",
                         answer["generation"]["collection"])
        listed = self.answer(server.ask("collections"))["collections"]
        self.assertEqual(["collections/new", "collections/old"],
                         [c["name"] for c in listed])
        self.ask_index("alias", "live", "new")
        programs.wait_until(
            lambda: self.search(server, "pelican", collection="live")
            ["generation"]["collection"] == "collections/new", "the switch")
        self.expect_found(server, "plover", "new.txt", "live")


class RepairTest(CollectionsTest):
    """repair."""

    def repair(self, code=0):
        return self.ask_index("repair", "--collection", "c", code=code)

    def test_what_comes_back(self):
        self.build()
        self.assertEqual(0, self.repair()["generation"])
        path, = self.data.glob("c/segments/*/tokens.col")
        path.write_bytes(b"")
        repaired = self.repair()
        self.assertEqual((2, True, []), (
            repaired["generation"], repaired["content_is_whole"],
            repaired["lost"]))
        self.assertTrue(self.ask_index("verify", "--collection", "c")["whole"])
        self.expect_found(self.serve(), "pelican", "pelican.txt")

    def test_what_is_lost(self):
        self.build()
        path, = self.data.glob("c/segments/*/texts.zst")
        path.unlink()
        self.assertEqual({"curlew.md", "pelican.txt"}, {
            lost["document"] for lost in self.repair(code=3)["lost"]})
        text = self.run_index("repair", "--collection", "c")
        self.assertEqual("c: generation 2 is whole\n", text.stdout)
        # A build brings everything back.
        self.assertEqual(2, self.build()["added"])
        self.expect_index_error("COLLECTION_NOT_FOUND", "repair",
                                "--collection", "none")

    def test_without_any_manifest(self):
        self.build()
        self.write("pelican.txt", "The pelican eats squid.\n")
        self.build()
        content = self.info("c")["content_sha256"]
        for path in self.data.glob("c/generations/*.json"):
            path.write_bytes(path.read_bytes()[:150])
        repaired = self.repair(code=3)
        self.assertEqual((True, 3, []), (
            repaired["manifests_lost"], repaired["generation"],
            repaired["lost"]))
        self.assertEqual(content, self.info("c")["content_sha256"])
        self.assertTrue(self.ask_index("verify", "--collection", "c")["whole"])
        for path in self.data.glob("c/generations/*.json"):
            path.write_bytes(b"")
        text = self.run_index("repair", "--collection", "c")
        self.assertIn("generation 4 published, made of the segments that are "
                      "there\n  no manifest could be read: documents that had "
                      "been deleted may be back\n", text.stdout)


if __name__ == "__main__":
    programs.main(__doc__)
