#!/usr/bin/env python3
"""Restarts three replicas one after the other, under load.

Usage: tests/e2e/rolling_restart_test.py BIN [unittest's arguments]
"""

import pathlib
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "faults"))

import driver
import programs
from programs import ProgramTest, Server, wait_until


class RollingRestartTest(ProgramTest):
    """The C++ client goes round the servers."""

    def setUp(self):
        super().setUp()
        self.write("pelican.txt", "The pelican eats fish.\n")
        self.build()
        self.stopping = threading.Event()
        self.answers, self.problems = 0, []

    def start(self, port=0):
        # Long enough for a client to see that the server goes.
        server = Server(self.data, "--drain-delay", "200ms", "--cache-mb", "0",
                        port=port)
        self.addCleanup(server.stop)
        return server

    def ask(self, ports):
        """Searches until the test ends."""
        try:
            with driver.Driver(*ports) as calls:
                while not self.stopping.is_set():
                    found = calls.call("Search", collection="c",
                                       query="pelican")["passages"]
                    assert len(found) == 1, found
                    self.answers += 1
        except Exception as error:  # whatever it is: the test says so
            self.problems.append(error)

    def expect_asked(self, server):
        wait_until(lambda: server.log("rpc") or self.problems, "calls")

    def test_no_request_fails(self):
        servers = [self.start() for _ in range(3)]
        ports = [server.port for server in servers]
        threads = [threading.Thread(target=self.ask, args=(ports,))
                   for _ in range(3)]
        for thread in threads:
            thread.start()
        try:
            for server in servers:
                self.expect_asked(server)
            for server in servers:
                self.assertEqual(0, server.end())
                self.expect_asked(self.start(server.port))
        finally:
            self.stopping.set()
            for thread in threads:
                thread.join()
        self.assertEqual([], self.problems)
        print(f"{self.answers} searches over three restarts, none failed")


if __name__ == "__main__":
    programs.main(__doc__)
