"""Runs programs under fault_run, for tests of kills, faults and power cuts."""

import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import power_cut
import programs

WAIT_SECONDS = 120


def sized_parser(doc):
    """Returns a parser of what tests of two sizes take: BIN, --size, --seed."""
    parser = argparse.ArgumentParser(description=doc.splitlines()[0])
    parser.add_argument("bin")
    parser.add_argument("--size", choices=("small", "full"),
                        default=os.environ.get("CRASH_TEST_SIZE", "small"))
    parser.add_argument("--seed", type=int, default=1)
    return parser


def report(name, runs, counts, problems):
    """Prints what was done and what went wrong; ends the program."""
    print(f"{name}: {runs} runs: " + ", ".join(
        f"{count} {what}" for what, count in sorted(counts.items())))
    for problem in problems:
        print(problem)
    print(f"{len(problems)} failed")
    sys.exit(bool(problems))


def fault_command(root, journal, command, kill_at=0, kill_kind="any",
                  fail=None, cut_write=False):
    """Returns the command line of `command`, watched.

    `fail` is a kind of change, the number of the first to fail and an errno.
    """
    flags = ["--root", root, "--journal", journal]
    if kill_at:
        flags += ["--kill-at", str(kill_at), "--kill-kind", kill_kind]
    if fail:
        flags += ["--fail", ":".join(map(str, fail))]
    if cut_write:
        flags.append("--cut-write")
    return [programs.program("fault_run"), *map(os.fspath, flags), "--",
            *map(os.fspath, command)]


def snapshot(folder):
    """Returns everything below a folder: contents and kinds by path."""
    found = {}
    for path in sorted(pathlib.Path(folder).rglob("*")):
        name = os.fspath(path.relative_to(folder))
        if path.is_symlink():
            found[name] = ("link", os.readlink(path))
        elif path.is_dir():
            found[name] = ("folder", "")
        else:
            found[name] = ("file", path.read_bytes())
    return found


def manifest_of(data, collection):
    """Returns the manifest of the current generation, or None."""
    folder = pathlib.Path(data) / collection
    if not (folder / "CURRENT").exists():
        return None
    number = int((folder / "CURRENT").read_text())
    return json.loads((folder / "generations" / f"{number:06}.json")
                      .read_text())


def scratch_folder():
    """Makes a folder, in memory where that is possible: syncs cost nothing."""
    memory = pathlib.Path("/dev/shm")
    return pathlib.Path(tempfile.mkdtemp(
        dir=memory if os.access(memory, os.W_OK) else None))


class FaultTest(programs.ProgramTest):
    """A test whose `data` is watched; `journal` lies beside it."""

    def setUp(self):
        super().setUp()
        folder = scratch_folder()
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        self.data = folder / "data"
        self.journal = folder / "journal"
        self.data.mkdir()

    def start_anew(self):
        shutil.rmtree(self.data)
        self.data.mkdir()
        power_cut.clear_journal(self.journal)

    def watched(self, command, stdin="", **faults):
        return subprocess.run(
            fault_command(self.data, self.journal, command, **faults),
            input=stdin, capture_output=True, encoding="utf-8",
            errors="surrogateescape", timeout=WAIT_SECONDS, check=False)

    def build_watched(self):
        result = self.watched([programs.program("footnote-index"), "build",
                               "--data-dir", self.data, "--collection", "c",
                               "--json", self.sources])
        self.assertEqual(0, result.returncode, result.stderr)
