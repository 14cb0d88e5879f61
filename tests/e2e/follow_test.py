#!/usr/bin/env python3
"""Replicas that follow a store: from nothing, under load, while it is away.

Usage: tests/e2e/follow_test.py BIN [unittest's arguments]
"""

import pathlib
import subprocess
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "faults"))

import driver
import faults
import programs
from programs import Server, run, wait_until
from stores import StoreTest

INTERVAL = ("--follow-interval", "50ms")


class Load(threading.Thread):
    """Searches a server again and again; notes what is wrong with answers."""

    def __init__(self, port):
        super().__init__()
        self.port = port
        self.answers, self.problems = 0, []
        self.generations = set()
        self.stopping = threading.Event()

    def run(self):
        try:
            with driver.Driver(self.port) as calls:
                while not self.stopping.is_set():
                    self._check(calls.call("Search", collection="c",
                                           query="pelican", page_size=20))
        except Exception as error:  # whatever it is: the test says so
            self.problems.append(error)

    def _check(self, response):
        number = int(response["generation"]["generation"])
        texts = [passage["text"] for passage in response["passages"]]
        if len(texts) != 20 or not all(f"Version {number}." in text
                                       for text in texts):
            self.problems.append((number, texts))
        self.answers += 1
        self.generations.add(number)

    def stop(self):
        self.stopping.set()
        self.join()


class FollowTest(StoreTest):
    """Servers with --follow, and footnote-index push."""

    def killed_push(self, at):
        """A push that is killed before its change number `at`."""
        journal = self.scratch / f"journal{at}"
        result = subprocess.run(faults.fault_command(
            self.store, journal, [
                programs.program("footnote-index"), "push", "--data-dir",
                self.data, self.store], kill_at=at), check=False,
            capture_output=True)
        self.assertEqual(-9, result.returncode, result)

    def follow(self, name="replica", store=None, *flags):
        data = self.scratch / name
        server = Server(data, "--follow", store or self.store, *INTERVAL,
                        *flags)
        self.addCleanup(server.stop)
        return server

    def is_serving(self, server):
        return server.ask("health").returncode == 0

    def generation_of(self, name):
        manifest = faults.manifest_of(self.scratch / name, "c")
        return manifest and manifest["generation"]

    def test_begins_with_nothing(self):
        server = self.follow()
        self.assertFalse(self.is_serving(server))
        self.assertEqual(0, server.ask("health", "liveness").returncode)
        self.build_version(1)
        self.assertFalse(self.is_serving(server))
        self.push()
        wait_until(lambda: self.is_serving(server), "health")
        self.expect_found(server, "fish 7", "d7")
        self.build_version(2)
        self.push()
        wait_until(lambda: self.generation_of("replica") == 2, "generation 2")
        self.assertEqual(0, server.end())

    def test_serves_when_all_is_copied(self):
        """Within two seconds of what copying takes."""
        self.build_version(1)
        self.push()
        start = time.monotonic()
        self.expect_pulled("copy", self.store, 1)
        copying = time.monotonic() - start
        start = time.monotonic()
        server = self.follow()
        wait_until(lambda: self.is_serving(server), "health")
        taken = time.monotonic() - start
        print(f"served after {taken:.2f} s; copying takes {copying:.2f} s")
        self.assertLess(taken, copying + 2)

    def test_says_that_there_is_no_store(self):
        self.build_version(1)
        self.push()
        server = self.follow(store=self.scratch / "none")
        line, = wait_until(
            lambda: server.log("cannot follow the store"), "a line")
        self.assertIn("there is no store", line["error"])
        self.assertFalse(self.is_serving(server))
        for options in ((), ("--collection", "c")):
            result = run("footnote-index", "pull", "--data-dir",
                         self.scratch / "other", self.scratch / "none",
                         *options)
            self.assertEqual(1, result.returncode, result)
            self.assertIn("there is no store", result.stderr)

    def test_says_that_the_store_is_gone(self):
        self.build_version(1)
        self.push()
        server = self.follow()
        wait_until(lambda: self.is_serving(server), "health")
        self.store.rename(self.scratch / "away")
        wait_until(lambda: server.log("cannot follow the store"), "a line")
        self.assertTrue(self.is_serving(server))

    def test_takes_no_changes(self):
        self.build_version(1)
        self.push()
        server = self.follow()
        wait_until(lambda: self.is_serving(server), "health")
        path = self.write("more.txt", "More.\n")
        result = server.ask("put", "--collection", "c", path)
        self.assertIn("READ_ONLY", result.stdout + result.stderr)

    def test_serves_what_is_there_while_the_store_is_away(self):
        self.build_version(1)
        self.push()
        server = self.follow()
        wait_until(lambda: self.is_serving(server), "health")
        server.stop()
        self.store.rename(self.scratch / "away")
        self.store.write_text("no folder")
        server = self.follow()
        self.assertTrue(self.is_serving(server))
        self.expect_found(server, "fish 7", "d7")
        lines = wait_until(
            lambda: server.log("cannot follow the store"), "a line")
        self.assertEqual(1, len(lines))
        self.store.unlink()
        (self.scratch / "away").rename(self.store)
        self.build_version(2)
        self.push()
        wait_until(lambda: self.generation_of("replica") == 2, "generation 2")
        self.assertEqual(1, len(server.log("cannot follow the store")))

    def test_stays_with_what_it_has_where_the_store_is_damaged(self):
        self.build_version(1)
        self.push()
        server = self.follow()
        wait_until(lambda: self.is_serving(server), "health")
        latest = self.store / "c/latest.json"
        whole = latest.read_text()
        latest.write_text(whole[:len(whole) // 2])
        wait_until(lambda: server.log("cannot follow the store"), "a line")
        self.expect_found(server, "fish 7", "d7")
        self.assertTrue(self.is_serving(server))

    def test_wrong_usage(self):
        self.data.mkdir()
        self.expect_usage(
            run("footnote-server", "--data-dir", self.data, "--follow",
                "gopher://x"), "footnote-server", "--follow", "gopher://x")

    def test_three_replicas_under_load(self):
        """A pusher is killed half-way twice: no search fails or is mixed."""
        self.build_version(1)
        self.push()
        names = ["one", "two", "three"]
        start = time.monotonic()
        servers = [self.follow(name) for name in names]
        for server in servers:
            wait_until(lambda s=server: self.is_serving(s), "health")
        print(f"three replicas served {time.monotonic() - start:.2f} s after "
              "they began with nothing")
        loads = [Load(server.port) for server in servers]
        for load in loads:
            load.start()
        for number in (2, 3):
            self.build_version(number)
            for at in (15, 25):
                self.killed_push(at)
                self.assertEqual([number - 1] * 3,
                                 [self.generation_of(name) for name in names])
            self.push()
            for load in loads:
                wait_until(lambda l=load, n=number: n in l.generations
                           or l.problems, f"generation {number}")
        for load in loads:
            load.stop()
            self.assertEqual([], load.problems)
            self.assertEqual({1, 2, 3}, load.generations)
        self.assertEqual({self.manifest_bytes(self.data, 3)}, {
            self.manifest_bytes(self.scratch / name, 3) for name in names})
        print(f"{sum(load.answers for load in loads)} searches, none failed")


if __name__ == "__main__":
    programs.main(__doc__)
