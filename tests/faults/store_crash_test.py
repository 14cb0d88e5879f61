#!/usr/bin/env python3
"""Kills footnote-index push and pull, lets calls fail, and cuts the power.

Usage: store_crash_test.py BIN [--size small|full] [--seed N]

Each push and pull is killed before its n-th change of a file (each n at full
size, some at the small one); in a third of the runs the power is cut too, in
others calls fail from the n-th on. Whoever pulls after a disturbed push gets the
generation before it or the new one, whole; what a disturbed pull leaves is
whole; run again, both end where an undisturbed run ends, and nothing is left
over. Prints what was done.
"""

import collections
import errno
import json
import pathlib
import random
import shutil
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))

import faults
import power_cut
import programs
import works

COLLECTION = works.COLLECTION


class Failure(Exception):
    """A promise that was not kept."""


def index(command, data, *arguments):
    result = programs.run("footnote-index", command, "--data-dir", data,
                          "--collection", COLLECTION, *arguments)
    if result.returncode != 0:
        raise Failure(f"{command}: {result.stdout}{result.stderr}")


def digest_of(data):
    manifest = faults.manifest_of(data, COLLECTION)
    return manifest and manifest["content_sha256"]


def digests_in(manifest):
    found = [file["sha256"] for segment in manifest["segments"]
             for file in segment["files"]]
    found += [segment["tombstones"]["file"]["sha256"]
              for segment in manifest["segments"] if "tombstones" in segment]
    return found + [manifest[name]["sha256"] for name
                    in ("entities_file", "synonyms_file") if name in manifest]


class Scene:
    """Two generations: what is pushed and pulled first, and then."""

    def __init__(self, folder):
        sources = folder / "sources"
        works.write_sources(sources)
        self.data = folder / "data"
        self.store = folder / "store"
        self.replica = folder / "replica"
        index("build", self.data, sources / "first")
        index("push", self.data, self.store)
        index("pull", self.replica, self.store)
        self.before = digest_of(self.data)
        self.pushed = folder / "pushed"
        index("build", self.data, sources / "second")
        shutil.copytree(self.store, self.pushed)
        index("push", self.data, "--keep", "1", self.pushed)
        self.after = digest_of(self.data)
        assert self.before != self.after


class Trial:
    """One push or pull that is disturbed, in a folder of its own."""

    def __init__(self, scene, command):
        self.scene, self.command = scene, command
        self.folder = faults.scratch_folder()
        self.root = self.folder / "root"
        self.journal = self.folder / "journal"
        shutil.copytree(scene.store if command == "push" else scene.replica,
                        self.root)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder)

    def _arguments(self):
        if self.command == "push":
            return self.scene.data, "--keep", "1", self.root
        return self.root, self.scene.pushed

    def run(self, **options):
        data, *arguments = self._arguments()
        return subprocess.run(
            faults.fault_command(self.root, self.journal, [
                programs.program("footnote-index"), self.command, "--data-dir",
                data, "--collection", COLLECTION, *arguments], **options),
            capture_output=True, encoding="utf-8",
            timeout=faults.WAIT_SECONDS, check=False)

    def again(self):
        data, *arguments = self._arguments()
        index(self.command, data, *arguments)

    def expect_whole(self, allowed):
        """Checks what whoever comes now gets."""
        data = self.root
        if self.command == "push":
            data = self.folder / "reader"
            index("pull", data, self.root)
        index("verify", data)
        if digest_of(data) not in allowed:
            raise Failure(f"the content is {digest_of(data)}, not of {allowed}")
        if self.command == "push":
            shutil.rmtree(data)

    def expect_nothing_left(self):
        left = [path.name for path in self.root.rglob("*")
                if path.suffix in (".tmp", ".part")
                or path.name.startswith("building-")]
        if left:
            raise Failure(f"left over: {left}")
        if self.command == "push":
            self._expect_only_what_is_named()

    def _expect_only_what_is_named(self):
        latest = json.loads((self.root / COLLECTION / "latest.json")
                            .read_text())
        objects = self.root / COLLECTION / "sha256"
        named = set()
        for generation in latest["generations"]:
            named.add(generation["sha256"])
            named.update(digests_in(json.loads(
                (objects / generation["sha256"]).read_text())))
        found = {path.name for path in objects.iterdir()}
        if found != named:
            raise Failure(f"not named: {found - named}; "
                          f"missing: {named - found}")


class Bench:
    """Runs trials, and counts them by kind."""

    def __init__(self, scene, arguments):
        self.scene, self.size = scene, arguments.size
        self.rng = random.Random(arguments.seed)
        self.counts = collections.Counter()
        self.problems = []

    def run(self, command):
        with Trial(self.scene, command) as trial:
            result = trial.run()
            if result.returncode != 0:
                raise Failure(f"{command}, undisturbed: {result.stderr}")
            trial.expect_whole([self.scene.after])
            trial.expect_nothing_left()
            changes = power_cut.read_journal(trial.journal)
        numbers = range(1, len(changes) + 1)
        if self.size == "small":
            numbers = sorted(self.rng.sample(numbers, min(12, len(numbers))))
        for number in numbers:
            self._try(command, kill_at=number)
        syncs = sum(change["op"] == "write" for change in changes)
        for error in (errno.ENOSPC, errno.EIO):
            for number in self.rng.sample(range(1, syncs + 1), 3):
                self._try(command, fail=("write", number, error))

    def _try(self, command, **options):
        try:
            with Trial(self.scene, command) as trial:
                self._disturb(trial, options)
        except Exception as error:  # whatever it is: say of which trial
            self.problems.append(
                f"{command}, {options}: {type(error).__name__}: {error}")

    def _disturb(self, trial, options):
        result = trial.run(**options)
        power_cut.read_journal(trial.journal)  # waits for its writer
        self.counts["kills" if "kill_at" in options else "failing calls"] += 1
        if "fail" in options:
            reason = ("DISK_FULL" if options["fail"][2] == errno.ENOSPC
                      else "FILE_IO")
            if result.returncode != 1 or reason not in result.stderr:
                raise Failure(f"ended with {result.returncode}: "
                              f"{result.stderr}")
        elif self.rng.random() < 1 / 3:
            self.counts["power cuts"] += 1
            power_cut.cut(trial.root, trial.journal, self.rng.random())
        trial.expect_whole([self.scene.before, self.scene.after])
        trial.again()
        trial.expect_whole([self.scene.after])
        trial.expect_nothing_left()


def main():
    arguments = faults.sized_parser(__doc__).parse_args()
    programs.use_programs_of(arguments.bin)
    folder = faults.scratch_folder()
    try:
        bench = Bench(Scene(folder), arguments)
        for command in ("push", "pull"):
            bench.run(command)
    finally:
        shutil.rmtree(folder)
    faults.report("store_crash_test", sum(bench.counts.values()), bench.counts,
                  bench.problems)


if __name__ == "__main__":
    main()
