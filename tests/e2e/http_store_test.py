#!/usr/bin/env python3
"""Stores that are web servers, or buckets: push, pull, and what goes wrong.

Usage: tests/e2e/http_store_test.py BIN [unittest's arguments]

The server of objects checks AWS signatures by itself; s3_server_test.py asks a
real one.
"""

from concurrent import futures
import json

import programs
from object_server import ObjectServer
from programs import run, wait_until
from stores import StoreTest, environment

KEY_ID, SECRET = "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"


class HttpTest(StoreTest):
    """A web server without signatures."""

    def setUp(self):
        super().setUp()
        self.server = ObjectServer()
        self.server.__enter__()
        self.addCleanup(self.server.__exit__)
        self.url = self.server.url + "/some/place/"
        self.build_version(1)

    def gets(self):
        """Returns what was got since the last call: path and range."""
        found = [(path.rpartition("/")[2], span) for method, path, span
                 in self.server.requests if method == "GET"]
        self.server.requests.clear()
        return found

    def test_moves_only_what_is_missing(self):
        pushed = self.push(self.url)
        self.assertLess(0.9 * pushed["total_bytes"], pushed["bytes"])
        self.assertTrue(all(path.startswith("/some/place/")
                            for path in self.server.objects))
        self.expect_pulled("replica", self.url, 1)
        self.gets()
        self.assertEqual(0, self.expect_pulled("replica", self.url, 1)["files"])
        self.assertEqual([("collections.json", None), ("latest.json", None)],
                         self.gets())
        self.build_version(2)
        self.push(self.url)
        pulled = self.expect_pulled("replica", self.url, 2)
        self.assertLess(0, pulled["files"])

    def test_collections_pushed_at_the_same_time_are_all_listed(self):
        names = [f"c{n}" for n in range(6)]
        for name in names:
            self.build(collection=name)
        with futures.ThreadPoolExecutor(len(names)) as pool:
            results = list(pool.map(lambda name: run(
                "footnote-index", "push", "--data-dir", self.data,
                "--collection", name, self.url), names))
        self.assertEqual([0] * len(names), [r.returncode for r in results])
        listed = self.server.objects["/some/place/collections.json"]
        self.assertEqual(names, json.loads(listed)["collections"])

    def test_a_server_without_conditions(self):
        self.server.knows_conditions = False
        self.push(self.url)
        self.build(collection="d")
        self.assertEqual(0, run("footnote-index", "push", "--data-dir",
                                self.data, self.url).returncode)
        listed = self.server.objects["/some/place/collections.json"]
        self.assertEqual(["c", "d"], json.loads(listed)["collections"])

    def test_goes_on_where_a_connection_ended(self):
        self.push(self.url)
        self.server.cut_after = 4000
        self.expect_pulled("replica", self.url, 1)
        spans = [span for _, span in self.gets() if span]
        self.assertIn("bytes=4000-", spans)
        self.assertTrue(all(span.endswith("000-") for span in spans), spans)

    def test_a_server_without_ranges(self):
        self.push(self.url)
        self.server.cut_after = 4000
        self.server.knows_ranges = False
        result = self.pull("replica", self.url)
        self.assertIn("STORE_UNAVAILABLE", result.stderr)
        self.server.cut_after = 0
        self.expect_pulled("replica", self.url, 1)
        self.assertTrue([span for _, span in self.gets() if span])

    def test_what_fails_for_the_moment_is_tried_again(self):
        self.server.failures = 2
        self.push(self.url)
        self.server.failures = 3
        self.expect_pulled("replica", self.url, 1)
        self.server.failures = 1000
        self.assertIn("STORE_UNAVAILABLE: ",
                      self.pull("other", self.url).stderr)

    def test_changed_objects_are_not_taken(self):
        self.push(self.url)
        path, body = max(self.server.objects.items(),
                         key=lambda one: len(one[1]))
        self.server.objects[path] = b"x" * len(body)
        result = self.pull("replica", self.url)
        self.assertEqual(1, result.returncode)
        self.assertIn("INDEX_CORRUPT", result.stderr)
        self.server.objects[path] = body
        self.expect_pulled("replica", self.url, 1)

    def test_nobody_there(self):
        result = self.pull("replica", "http://user:hush@127.0.0.1:1/x")
        self.assertIn("STORE_UNAVAILABLE", result.stderr)
        self.assertNotIn("hush", result.stderr)
        self.assertIn("COLLECTION_NOT_FOUND",
                      self.pull("replica", self.url).stderr)

    def test_bad_addresses(self):
        for address in ("", "gopher://x", "s3://", "s3://a b/c", "s3://a?b"):
            result = run("footnote-index", "pull", "--data-dir",
                         self.scratch / "replica", address)
            self.assertIn("STORE_ADDRESS_INVALID", result.stderr, address)

    def test_is_followed(self):
        replica = self.scratch / "replica"
        replica.mkdir()
        with programs.Server(replica, "--follow", self.url,
                             "--follow-interval", "50ms") as server:
            self.push(self.url)
            wait_until(lambda: server.ask("health").returncode == 0, "health")
            self.expect_found(server, "fish 7", "d7")
            self.assertEqual(0, server.end())


class S3Test(StoreTest):
    """Requests that are signed."""

    def settings(self, url, **changed):
        return {"env": environment(**{
            "AWS_ENDPOINT_URL": url, "AWS_REGION": "eu-central-1",
            "AWS_ACCESS_KEY_ID": KEY_ID, "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_SESSION_TOKEN": None, **changed})}

    def test_signatures_are_right(self):
        self.build_version(1)
        store = "s3://bucket/some/prefix"
        with ObjectServer({KEY_ID: SECRET}) as server:
            settings = self.settings(server.url)
            self.push(store, **settings)
            self.assertTrue(all(path.startswith("/bucket/some/prefix/")
                                for path in server.objects))
            server.cut_after = 4000
            self.expect_pulled("replica", store, 1, **settings)
            server.cut_after = 0
            for number in range(2, 4):
                self.build_version(number)
                self.push(store, **settings)
            self.expect_pulled("replica", store, 3, **settings)
            self.expect_pulled("token", store, 3, **self.settings(
                server.url, AWS_SESSION_TOKEN="a+token/="))
            for wrong in ({"AWS_SECRET_ACCESS_KEY": "wrong"},
                          {"AWS_ACCESS_KEY_ID": None}):
                result = self.pull("other", store,
                                   **self.settings(server.url, **wrong))
                self.assertIn("STORE_REFUSED", result.stderr)
                self.assertNotIn(SECRET, result.stderr)


if __name__ == "__main__":
    programs.main(__doc__)
