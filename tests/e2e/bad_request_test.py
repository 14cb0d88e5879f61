#!/usr/bin/env python3
"""Shows that footnote-server and footnote answer bad requests, and bad usage,
with one clear error or answer each.

Usage: tests/e2e/bad_request_test.py BIN [unittest's arguments]
"""

import json
import signal
import socket
import subprocess

import programs
from programs import ProgramTest, Server, program, run, text_of

GOOD = "The pelican eats fish.\n"
WIDE = "Größe 😀 שלום e\u0301nd\n"


class SearchTest(ProgramTest):
    """Queries, names, pages and spans, all asked of one server."""

    @classmethod
    def setUpClass(cls):
        index = ProgramTest()
        index.setUp()
        cls.addClassCleanup(index.doCleanups)
        index.write("good.txt", GOOD)
        index.write("stop.txt", "The best of times and the worst of times.\n")
        index.write("wide.txt", WIDE)
        index.write_lines("many.jsonl", *(
            {"_id": f"m{n:03}", "text": f"Gull {n}"} for n in range(150)))
        index.build()
        cls.server = Server(index.data)
        cls.addClassCleanup(cls.server.stop)

    def setUp(self):
        """Needs no folders: all is asked of the class's server."""

    def found(self, query, *flags, stdin=""):
        return self.search(self.server, query, *flags, stdin=stdin)

    def refused(self, reason, command, *arguments, **options):
        if command in ("search", "documents"):
            arguments = ("--collection", "c", *arguments)
        return self.expect_error(
            self.server.ask(command, *arguments, **options), reason)

    def ids(self, answer):
        return [p["document"]["documentId"] for p in answer["passages"]]

    def test_empty_queries(self):
        for query in ("", " ", " \t\r\n\u00a0\u3000 "):
            self.refused("QUERY_EMPTY", "search", "--", query)
        self.refused("QUERY_EMPTY", "search", "-")

    def test_length_of_queries(self):
        longest = "pelican " + "é" * 19_992
        self.assertEqual(["good.txt"], self.ids(self.found("-", stdin=longest)))
        error = self.refused("QUERY_TOO_LONG", "search", "-",
                             stdin=longest + "x")
        self.assertIn("20001 characters; at most 20000", error)
        error = self.refused("QUERY_TOO_LONG", "search", "-",
                             stdin="pelican" * 14_286)
        self.assertIn("100002 characters", error)

    def test_only_stop_words(self):
        self.assertEqual(["stop.txt"], self.ids(self.found("the of and"))[:1])

    def test_queries_without_words(self):
        for query in ("!!! ???", "\x01\x02\x7f", "“”…", '"', "()[]{}"):
            with self.subTest(query=query):
                answer = self.found(query)
                self.assertEqual([], answer["passages"])
                self.assertEqual("0", answer["count"]["passages"])
                self.assertEqual(["CODE_NO_WORDS"],
                                 [w["code"] for w in answer["warnings"]])

    def test_odd_queries(self):
        for query, first in (
                ('"pelican', "good.txt"), ("(pelican AND", "good.txt"),
                ("pelican\x07", "good.txt"),
                ("PELICAN" + "!" * 1000, "good.txt"),
                ("😀 größe", "wide.txt"),
                ("שלום", "wide.txt"), ("\u202eשלום\u202c", "wide.txt"),
                ("énd", "wide.txt"), ("pelican*~^:", "good.txt"),
                ("x" * 10_000 + " pelican", "good.txt")):
            with self.subTest(query=query[:40]):
                answer = self.found(query)
                self.assertEqual([first], self.ids(answer)[:1])
                self.assertEqual([], answer["warnings"])
        self.assertEqual([], self.found("x" * 10_000)["passages"])

    def test_unknown_things(self):
        server, unknown = self.server, "collections/nope"
        for reason, arguments in (
                ("COLLECTION_NOT_FOUND", ("search", "--collection", "nope",
                                          "x")),
                ("COLLECTION_NOT_FOUND", ("documents", "--collection", "nope")),
                ("COLLECTION_NOT_FOUND", ("get", f"{unknown}/documents/a")),
                ("COLLECTION_NOT_FOUND", ("span", f"{unknown}/documents/a", "0",
                                          "1")),
                ("DOCUMENT_NOT_FOUND", ("get", "collections/c/documents/nope")),
                ("DOCUMENT_NOT_FOUND", ("span", "collections/c/documents/nope",
                                        "0", "1")),
                ("PASSAGE_NOT_FOUND", ("get", "collections/c/passages/nope")),
                ("PASSAGE_NOT_FOUND", ("get",
                                       "collections/c/passages/" + "A" * 22))):
            with self.subTest(arguments=arguments):
                error = self.expect_error(server.ask(*arguments), reason)
                self.assertRegex(error, '"(nope|A+)"')
        document = "collections/c/documents/good.txt"
        for arguments in (("search", "--collection", "c", "x"),
                          ("documents", "--collection", "c"),
                          ("get", document), ("span", document, "0", "1")):
            for generation in ("2", "18446744073709551615"):
                error = self.expect_error(
                    server.ask(*arguments, "--generation", generation),
                    "GENERATION_NOT_FOUND")
                self.assertIn(generation, error)

    def test_malformed_names(self):
        for name in ("", "good.txt", "collections/c",
                     "collections/c/documents/", "collections//documents/x",
                     "collections/C/documents/x",
                     "/collections/c/documents/good.txt",
                     "collections/../documents/x", "collections/c/passages/"):
            with self.subTest(name=name):
                self.refused("NAME_INVALID", "get", name)
                self.refused("NAME_INVALID", "span", name, "0", "1")
        for name in ("../c", "C", "x" * 64, "a b"):
            self.expect_error(
                self.server.ask("search", "--collection", name, "x"),
                "COLLECTION_NAME_INVALID")

    def test_page_sizes(self):
        for size, expected in (("0", 10), ("1", 1), ("1000000", 100)):
            answer = self.found("gull", "--limit", size)
            self.assertEqual(expected, len(answer["passages"]))
            self.assertEqual("150", answer["count"]["passages"])
        self.refused("PAGE_SIZE_INVALID", "search", "--limit=-1", "gull")
        self.refused("PAGE_SIZE_INVALID", "documents", "--limit=-1")
        listed = self.answer(self.server.ask(
            "documents", "--collection", "c", "--limit", "1000000"))
        self.assertEqual(153, len(listed["documents"]))
        for size in ("99999999999", "ten"):
            self.expect_usage(
                self.server.ask("search", "--collection", "c", "--limit", size,
                                "gull"), "footnote", "--limit")

    def test_page_tokens(self):
        token = self.found("gull")["nextPageToken"]
        self.assertEqual(10, len(self.found("gull", "--page-token",
                                            token)["passages"]))
        changed = token[:-1] + ("A" if token[-1] != "A" else "B")
        for arguments in (("garbage", "gull"), ("x" * 100_000, "gull"),
                          ("☃", "gull"), (changed, "gull"),
                          (token, "pelican"),
                          (token, "--generation", "1", "gull")):
            self.refused("PAGE_TOKEN_INVALID", "search", "--page-token",
                         *arguments)
        self.refused("PAGE_TOKEN_INVALID", "documents", "--page-token", token)

    def test_spans(self):
        document = "collections/c/documents/wide.txt"
        size = len(WIDE.encode())
        for start, end in ((5, 3), (size + 1, size + 2)):
            error = self.refused("SPAN_OUT_OF_RANGE", "span", document,
                                 str(start), str(end))
            self.assertIn(f"bytes {start}-{end} ", error)
            self.assertIn(f"{size} bytes", error)
        self.refused("SPAN_OUT_OF_RANGE", "get", "--start", "99", document)
        # What begins or ends inside a character is widened to it.
        for start, end, text in ((3, 4, "ö"), (10, 11, "😀"), (0, 999, WIDE),
                                 (22, 23, "e\u0301"), (size, size, "")):
            answer = self.answer(self.server.ask(
                "span", document, str(start), str(end)))
            self.assertEqual(text, answer["content"]["text"])
        for count in ("-1", "101"):
            self.refused("CONTEXT_INVALID", "span",
                         f"--context-sentences={count}", document, "0", "1")
        self.refused("NEIGHBOURS_INVALID", "search", "--context-passages", "11",
                     "gull")
        self.expect_usage(self.server.ask("span", document, "x", "2"),
                                 "footnote", "START")


class ServerTest(ProgramTest):
    """How the server starts, fails to start, and ends."""

    def test_wrong_configuration(self):
        self.data.mkdir()
        missing, file = self.scratch / "missing", self.write("file", GOOD)
        for arguments, wanted in (
                ((), ("--data-dir", "required")),
                (("--data-dir", missing), ("--data-dir", str(missing))),
                (("--data-dir", file), ("--data-dir", "not a folder")),
                (("--data-dir", self.data, "--bogus"), ("--bogus",)),
                (("--data-dir", self.data, "extra"), ("extra",)),
                (("--data-dir", self.data, "--listen", "127.0.0.1:99999"),
                 ("--listen", "127.0.0.1:99999", "0 to 65535")),
                (("--data-dir", self.data, "--listen", "nonsense"),
                 ("--listen", "HOST:PORT")),
                (("--data-dir", self.data, "--threads", "0"), ("--threads",)),
                (("--data-dir", self.data, "--grace", "soon"), ("--grace",))):
            with self.subTest(arguments=arguments):
                result = run("footnote-server", *arguments)
                self.expect_usage(result, "footnote-server", *wanted)
                self.assertEqual(1, len(result.stderr.splitlines()))

    def test_taken_port(self):
        self.data.mkdir()
        with socket.create_server(("127.0.0.1", 0)) as taken:
            address = f"127.0.0.1:{taken.getsockname()[1]}"
            result = run("footnote-server", "--data-dir", self.data, "--listen",
                         address)
        self.assertEqual((1, ""), (result.returncode, result.stdout))
        _, others = programs.json_lines(result.stderr)
        self.assertEqual([f"footnote-server: cannot listen on {address}: "
                          "another program listens there already"], others)

    def test_no_server(self):
        with socket.create_server(("127.0.0.1", 0)) as free:
            address = f"127.0.0.1:{free.getsockname()[1]}"
        self.expect_error(run("footnote", "collections", "--server", address),
                          "CONNECTION_FAILED")

    def test_ends_in_order(self):
        """Calls that run, or wait, when SIGTERM comes are answered."""
        self.write_lines("many.jsonl", *(
            {"_id": f"d{n}", "text": text_of(4000)} for n in range(1000)))
        self.build()
        server = self.serve("--threads", "1", "--max-deadline", "5m",
                            "--grace", "5m", "--metrics-listen", "127.0.0.1:0")
        query = " ".join(f"word{n}" for n in range(2200))
        clients = []
        while server.metric("footnote_queue_length") < "3":
            clients.append(subprocess.Popen(
                [program("footnote"), "search", "--server",
                 f"127.0.0.1:{server.port}", "--collection", "c", "--timeout",
                 "200", "--json", query], stdout=subprocess.PIPE,
                stderr=subprocess.PIPE, text=True))
        server.process.send_signal(signal.SIGTERM)
        answers = [client.communicate(timeout=200) for client in clients]
        self.assertEqual(0, server.process.wait(200))
        answered = 0
        for client, (out, error) in zip(clients, answers):
            if client.returncode == 0:
                self.assertTrue(json.loads(out)["passages"])
                answered += 1
            else:  # it had not reached the server
                self.assertIn("footnote: CONNECTION_FAILED: ", error)
        messages = [line["message"] for line in server.log()]
        self.assertEqual("stopped", messages[-1])
        self.assertIn("rpc", messages[messages.index("draining"):])
        self.assertEqual(["OK"] * answered,
                         [line["code"] for line in server.log("rpc")])


if __name__ == "__main__":
    programs.main(__doc__)
