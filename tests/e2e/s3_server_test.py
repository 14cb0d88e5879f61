#!/usr/bin/env python3
"""Pushes to and pulls from a bucket of moto's S3 server.

Usage: tests/e2e/s3_server_test.py BIN [unittest's arguments]

Ends with 77 where deploy/tools.sh has not installed moto.
"""

import pathlib
import subprocess
import sys
import urllib.request

import programs
from stores import StoreTest, environment

ROOT = pathlib.Path(__file__).resolve().parents[2]


def find_moto():
    found = subprocess.run(
        [ROOT / "deploy/tools.sh", "--find", "moto"], capture_output=True,
        encoding="utf-8", check=False)
    if found.returncode != 0:
        print(found.stderr.strip())
        sys.exit(77)
    return found.stdout.strip()


class S3ServerTest(StoreTest):
    """The whole way there and back."""

    def serve(self):
        """Starts the server; returns its URL."""
        server = subprocess.Popen(
            [find_moto(), "-H", "127.0.0.1", "-p", "0"],
            stderr=subprocess.PIPE, stdout=subprocess.DEVNULL,
            encoding="utf-8")
        self.addCleanup(server.stderr.close)
        self.addCleanup(server.wait)
        self.addCleanup(server.kill)
        line = next(line for line in server.stderr if "http://" in line)
        return line[line.index("http://"):].split()[0].rstrip("/")

    def test_push_and_pull(self):
        url = self.serve()
        settings = {"env": environment(
            AWS_ENDPOINT_URL=url, AWS_REGION="eu-central-1",
            AWS_ACCESS_KEY_ID="AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY="secret",
            AWS_SESSION_TOKEN=None)}
        urllib.request.urlopen(urllib.request.Request(
            url + "/bucket", method="PUT")).close()
        store = "s3://bucket/some/prefix"
        self.assertIn("COLLECTION_NOT_FOUND",
                      self.pull("replica", store, **settings).stderr)
        self.build_version(1)
        self.push(store, **settings)
        self.expect_pulled("replica", store, 1, **settings)
        part = next(self.scratch.glob("replica/c/segments/*/postings.glass"))
        whole = part.read_bytes()
        building = self.scratch / f"other/c/segments/building-{part.parent.name}"
        building.mkdir(parents=True)
        (building / "postings.glass.part").write_bytes(whole[:5000])
        self.expect_pulled("other", store, 1, **settings)
        for number in (2, 3):
            self.build_version(number)
            self.push(store, **settings)
        self.expect_pulled("replica", store, 3, **settings)


if __name__ == "__main__":
    find_moto()
    programs.main(__doc__)
