"""Runs the real programs for tests: footnote-index, footnote-server, footnote.

Which ones is said by the folder that use_programs_of() is given.
"""

import json
import os
import pathlib
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.request

NOBODY = 65534
WAIT_SECONDS = 60
PROGRAMS = ("footnote-index", "footnote-server", "footnote")

_bin = pathlib.Path()


def use_programs_of(folder):
    """Sets the folder of the programs; ends the test when one is missing."""
    global _bin
    _bin = pathlib.Path(folder).resolve()
    for name in PROGRAMS:
        if not os.access(_bin / name, os.X_OK):
            raise SystemExit(f"{_bin / name} is not there")


def main(usage):
    """Runs the tests of a script: BIN is its first argument."""
    if len(sys.argv) < 2:
        raise SystemExit(usage)
    use_programs_of(sys.argv.pop(1))
    unittest.main()


def program(name):
    return str(_bin / name)


def wait_until(condition, what):
    """Returns what `condition` gives as soon as that is true."""
    end = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < end:
        if value := condition():
            return value
        time.sleep(0.02)
    raise AssertionError(f"{what}: not within {WAIT_SECONDS} s")


def run(name, *arguments, stdin="", **options):
    """Runs a program to its end; text comes back with bad UTF-8 escaped."""
    return subprocess.run(
        [program(name), *map(os.fspath, arguments)], input=stdin,
        capture_output=True, encoding="utf-8", errors="surrogateescape",
        timeout=WAIT_SECONDS, check=False, **options)


def with_memory(size):
    """Returns options of run() that give a program `size` bytes for its data,
    but not one with a sanitizer, which takes much more."""
    code = pathlib.Path(program("footnote-index")).read_bytes()
    if b"__asan_init" in code or b"__tsan_init" in code:
        return {}
    return {"preexec_fn": lambda: resource.setrlimit(resource.RLIMIT_DATA,
                                                     (size, size))}


def as_nobody():
    """Options of run() that take the rights to everything away from root."""
    return ({"user": NOBODY, "group": NOBODY, "extra_groups": []}
            if os.getuid() == 0 else {})


def text_of(size):
    """Returns `size` bytes of prose whose words come back now and then."""
    words = " ".join(f"word{n * 7919 % 5003}" for n in range(20_000))
    sentences = words.replace("3 ", "3. ") + ". "
    return (sentences * (size // len(sentences) + 1))[:size]


def json_lines(text):
    """Returns the JSON objects and the other lines of a log."""
    objects, others = [], []
    for line in text.splitlines():
        try:
            objects.append(json.loads(line))
        except ValueError:
            others.append(line)
    return objects, others


class Server:
    """footnote-server on a free port, for a `with` statement.

    `wrap` makes another command line of that of the server. `port` is one that
    a server had before.
    """

    def __init__(self, data, *flags, wrap=list, port=0):
        self._scratch = pathlib.Path(tempfile.mkdtemp())
        port_file = self._scratch / "port"
        self._log = self._scratch / "log"
        with open(self._log, "wb") as log:
            self.process = subprocess.Popen(wrap(
                [program("footnote-server"), "--data-dir", data, "--listen",
                 f"127.0.0.1:{port}", "--port-file", port_file, *flags]),
                stderr=log)
        try:
            wait_until(lambda: port_file.exists()
                       or self.process.poll() is not None, "the port")
            if self.process.poll() is not None:
                raise AssertionError(f"the server ended: {self.log_text()}")
            self.port = int(port_file.read_text())
        except BaseException:
            self.stop()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        shutil.rmtree(self._scratch, ignore_errors=True)

    def end(self):
        """Ends the server as an administrator does; returns its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(WAIT_SECONDS)

    def log_text(self):
        return self._log.read_text(encoding="utf-8")

    def log(self, message=None):
        """Returns the lines logged; every one of them is a JSON object."""
        lines = [json.loads(line) for line in self.log_text().splitlines(True)
                 if line.endswith("\n")]
        return [line for line in lines
                if message is None or line["message"] == message]

    def metric(self, name):
        """Returns the text of a metric; needs --metrics-listen."""
        port = wait_until(lambda: self.log("serving"),
                          "the ports")[0]["metrics_port"]
        with urllib.request.urlopen(
                f"http://127.0.0.1:{port}/metrics") as page:
            text = page.read().decode()
        return re.search(rf"^{re.escape(name)} (\S+)$", text, re.M).group(1)

    def ask(self, command, *arguments, **options):
        """Runs a command of the client."""
        address = f"127.0.0.1:{self.port}"
        return run("footnote", command, "--server", address, "--json",
                   *arguments, **options)


class ProgramTest(unittest.TestCase):
    """A test with folders of its own: `sources` to write, `data` to build."""

    def setUp(self):
        self.scratch = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.scratch, ignore_errors=True)
        self.scratch.chmod(0o755)
        self.sources = self.scratch / "sources"
        self.sources.mkdir()
        self.data = self.scratch / "data"

    def write(self, name, content):
        """Writes a source, text or bytes; returns its path."""
        path = self.sources / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes)
                         else content.encode())
        return path

    def write_lines(self, name, *objects):
        """Writes JSON Lines; text and bytes among `objects` stand as such."""
        lines = [line if isinstance(line, bytes) else line.encode()
                 if isinstance(line, str) else json.dumps(line).encode()
                 for line in objects]
        return self.write(name, b"\n".join(lines) + b"\n")

    def serve(self, *flags):
        server = Server(self.data, *flags)
        self.addCleanup(server.stop)
        return server

    def try_build(self, *paths, collection="c", flags=(), **options):
        return run("footnote-index", "build", "--data-dir", self.data,
                   "--collection", collection, "--json", *flags, "--", *paths,
                   **options)

    def build(self, *paths, **options):
        """Builds; returns the summary, whose skipped sources fit the code."""
        result = self.try_build(*(paths or [self.sources]), **options)
        self.assertIn(result.returncode, (0, 3), result.stderr)
        summary = json.loads(result.stdout)
        self.assertEqual(3 if summary["skipped"] else 0, result.returncode)
        return summary

    def skipped(self, summary):
        """Returns reason and message of what was skipped, by relative path."""
        found = {}
        for entry in summary["skipped"]:
            path = os.path.relpath(entry["path"], self.sources)
            self.assertNotIn(path, found)
            found[path] = (entry["reason"], entry["message"])
        return found

    def expect_error(self, result, reason, code=1, program_name="footnote"):
        """Checks for one line with `reason` and no output; returns its end."""
        self.assertEqual(code, result.returncode, result)
        self.assertEqual("", result.stdout)
        _, others = json_lines(result.stderr)
        self.assertEqual(1, len(others), result.stderr)
        start = f"{program_name}: {reason}: "
        self.assertTrue(others[0].startswith(start), others[0])
        self.assertGreater(len(others[0]), len(start))
        return others[0].removeprefix(start)

    def expect_build_error(self, result, reason):
        return self.expect_error(result, reason, program_name="footnote-index")

    def expect_usage(self, result, program_name, *wanted):
        """Checks for a first line that has `wanted`, and exit code 2."""
        self.assertEqual(2, result.returncode, result)
        self.assertEqual("", result.stdout)
        line = result.stderr.splitlines()[0]
        self.assertTrue(line.startswith(f"{program_name}: "), line)
        for text in wanted:
            self.assertIn(text, line)

    def answer(self, result):
        """Returns the answer of a command that succeeded."""
        self.assertEqual(0, result.returncode, result.stderr)
        self.assertEqual("", result.stderr)
        return json.loads(result.stdout)

    def search(self, server, query, *flags, collection="c", stdin=""):
        return self.answer(server.ask("search", "--collection", collection,
                                      *flags, "--", query, stdin=stdin))

    def expect_found(self, server, query, document_id, collection="c"):
        """Checks that `query` finds the document first."""
        passages = self.search(server, query, collection=collection)["passages"]
        self.assertTrue(passages, f"nothing found for {query!r}")
        self.assertEqual(document_id, passages[0]["document"]["documentId"])
        return passages[0]
