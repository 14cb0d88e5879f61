#!/usr/bin/env python3
"""Kills footnote-index, lets its system calls fail, and cuts the power.

Usage: crash_test.py BIN [--size small|full] [--work NAME] [--seed N]

Each command of works.py is killed before its n-th change of a file (each n at
full size, some at the small one) and at random moments; in a third of the runs
the power is cut too. Other runs let calls fail from the n-th on, fill a disk or
forbid writing. Afterwards the collection must open, hold what it held before or
what it should hold, and pass `verify`; the command, run again, must end where
an undisturbed run ends. Prints what was done.
"""

import collections
import concurrent.futures
import dataclasses
import errno
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))

import faults
import power_cut
import programs
import works

WORKERS = 2


@dataclasses.dataclass
class Step:
    """A work, and what an undisturbed run of it did."""

    work: works.Work
    before: pathlib.Path  # the data folder as it was
    digests: tuple        # of the content before and after
    changes: dict         # how many, by kind; "any" for all
    seconds: float


@dataclasses.dataclass
class Trial:
    """One disturbed run: printed, it says how to do it again."""

    step: Step
    seed: int
    faults: dict = dataclasses.field(default_factory=dict)
    kill_after: float = 0  # seconds; 0: not by the clock
    cuts_power: bool = False
    losses: object = power_cut.lose_some
    read_only: bool = False
    disk_kib: int = 0  # the size of a disk of its own; 0: none

    def __str__(self):
        parts = [self.step.work.name, f"--seed {self.seed}"]
        for name in ("faults", "kill_after", "cuts_power", "read_only",
                     "disk_kib"):
            if value := getattr(self, name):
                parts.append(f"{name}={value}")
        return ", ".join(parts)


class Failure(Exception):
    """A promise that was not kept."""


def digest_of(data):
    """Returns the digest of what the collection holds; None without one."""
    manifest = faults.manifest_of(data, works.COLLECTION)
    return manifest and manifest["content_sha256"]


class Lab:
    """A folder of its own for one run: data, and the journal beside it."""

    def __init__(self, sources):
        self.folder = faults.scratch_folder()
        self.data = self.folder / "disk" / "data"
        self.journal = self.folder / "disk" / "journal"
        self.sources = sources
        self.disk = None
        (self.folder / "disk").mkdir()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.disk:
            subprocess.run(["umount", self.folder / "disk"], check=True)
        shutil.rmtree(self.folder)

    def mount(self, kib):
        """Gives the data a disk of its own."""
        self.disk = self.folder / "disk"
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={kib}k", "tmpfs",
                        self.disk], check=True)

    def fill(self, data):
        shutil.copytree(data, self.data, symlinks=True)

    def command(self, work):
        arguments = [argument.replace("{sources}", str(self.sources))
                     for argument in work.arguments]
        return [programs.program("footnote-index"), work.command,
                "--data-dir", self.data, "--collection", works.COLLECTION,
                *arguments]

    def start(self, work, **options):
        command = faults.fault_command(self.data, self.journal,
                                       self.command(work), **options)
        return self._popen(command)

    @staticmethod
    def _popen(command, **options):
        return subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, encoding="utf-8", **options)

    def run(self, work, **options):
        """Runs a command undisturbed and unwatched."""
        process = self._popen(self.command(work), **options)
        _, stderr = process.communicate(timeout=faults.WAIT_SECONDS)
        return process.returncode, stderr

    def complete(self, work):
        code, stderr = self.run(work)
        if code != 0:
            raise Failure(f"{work.name} ended with {code}: {stderr}")

    def verify(self):
        if digest_of(self.data) is None:
            return
        result = programs.run("footnote-index", "verify", "--data-dir",
                              self.data, "--collection", works.COLLECTION)
        if result.returncode != 0:
            raise Failure(f"verify: {result.stdout}{result.stderr}")


    def expect_erased(self, word):
        for path in self.data.rglob("*"):
            if path.is_file() and word.encode() in path.read_bytes().lower():
                raise Failure(f"{path} still has {word}")


class Bench:
    """Runs trials, and counts them by kind."""

    def __init__(self, folder):
        self.folder = folder
        self.sources = folder / "sources"
        works.write_sources(self.sources)
        self.counts = collections.Counter()
        self.lock = threading.Lock()

    def steps(self):
        """Runs all works undisturbed."""
        steps = []
        with Lab(self.sources) as lab:
            lab.data.mkdir()
            for number, work in enumerate(works.works()):
                before = self.folder / f"before{number}"
                shutil.copytree(lab.data, before, symlinks=True)
                steps.append(self._undisturbed(lab, work, before))
        return steps

    @staticmethod
    def _undisturbed(lab, work, before):
        old = digest_of(lab.data)
        start = time.monotonic()
        process = lab.start(work)
        _, stderr = process.communicate(timeout=faults.WAIT_SECONDS)
        seconds = time.monotonic() - start
        if process.returncode != 0:
            raise Failure(f"{work.name}, undisturbed: {stderr}")
        lab.verify()
        new = digest_of(lab.data)
        if (old == new) != work.is_no_change:
            raise Failure(f"{work.name} changes nothing, or should not")
        changes = collections.Counter(
            change["op"] for change in power_cut.read_journal(lab.journal))
        changes["any"] = sum(changes.values())
        power_cut.clear_journal(lab.journal)
        return Step(work, before, (old, new), changes, seconds)

    def count(self, what):
        with self.lock:
            self.counts[what] += 1

    def run(self, trial):
        """Returns what went wrong, or None."""
        try:
            with Lab(self.sources) as lab:
                if trial.disk_kib:
                    lab.mount(trial.disk_kib)
                lab.fill(trial.step.before)
                if trial.read_only:
                    self._try_read_only(lab, trial)
                elif trial.disk_kib:
                    self._try_full_disk(lab, trial)
                else:
                    self._disturb(lab, trial)
            return None
        except Exception as error:  # whatever it is: say of which trial
            return f"{trial}: {type(error).__name__}: {error}"

    def _disturb(self, lab, trial):
        process = lab.start(trial.step.work, **trial.faults)
        if trial.kill_after:
            try:
                process.wait(trial.kill_after)
            except subprocess.TimeoutExpired:
                process.kill()
        _, stderr = process.communicate(timeout=faults.WAIT_SECONDS)
        code = process.returncode
        if code == -9:
            self.count("kills at random moments" if trial.kill_after
                       else "kills at changes")
        elif "fail" in trial.faults and code != 0:
            full = trial.faults["fail"][2] == errno.ENOSPC
            self._expect_clear_error(code, stderr,
                                     "DISK_FULL" if full else "FILE_IO")
        elif code != 0:
            raise Failure(f"ended with {code}: {stderr}")
        power_cut.read_journal(lab.journal)  # waits for its writer
        if trial.cuts_power:
            self.count("power cuts")
            power_cut.cut(lab.data, lab.journal, trial.seed, trial.losses)
        self._expect_whole(lab, trial, done=code == 0)

    def _expect_clear_error(self, code, stderr, *reasons):
        self.count("clear errors")
        lines = [line for line in stderr.splitlines() if line[:1] != "{"]
        pattern = rf"footnote-index: ({'|'.join(reasons)}): .+"
        if code != 1 or len(lines) != 1 or not re.fullmatch(pattern, lines[0]):
            raise Failure(f"ended with {code} and not with one line of "
                          f"{reasons}: {lines}")

    def _expect_whole(self, lab, trial, done):
        before, after = trial.step.digests
        found = digest_of(lab.data)
        if found not in ((after,) if done else (before, after)):
            raise Failure(f"the content is {found}, not {before} or {after}; "
                          f"acknowledged: {done}")
        lab.verify()
        lab.complete(trial.step.work)
        if digest_of(lab.data) != after:
            raise Failure(f"run again, it ends in {digest_of(lab.data)}, not "
                          f"{after}")
        lab.verify()
        left = [path.name for path in lab.data.rglob("*")
                if path.name.startswith("building-") or path.suffix == ".tmp"]
        if left:
            raise Failure(f"left behind: {left}")
        for word in trial.step.work.erases:
            lab.expect_erased(word)

    def _try_full_disk(self, lab, trial):
        code, stderr = lab.run(trial.step.work)
        if code != 0:
            self.count("full disks")
            self._expect_clear_error(code, stderr, "DISK_FULL")
        subprocess.run(["mount", "-o", "remount,size=64m", lab.disk],
                       check=True)
        self._expect_whole(lab, trial, done=code == 0)

    def _try_read_only(self, lab, trial):
        lab.folder.chmod(0o755)
        os.chmod(lab.data, 0o755)
        code, stderr = lab.run(trial.step.work, **programs.as_nobody())
        if code == 0:
            raise Failure("it wrote into a folder of another user")
        self.count("read-only folders")
        self._expect_clear_error(code, stderr, "FILE_UNREADABLE")
        self._expect_whole(lab, trial, done=False)


# The errors that a kind of change may end with.
ERRORS = {
    "write": (errno.ENOSPC, errno.EIO), "sync": (errno.EIO, errno.ENOSPC),
    "create": (errno.ENOSPC, errno.EROFS, errno.EIO),
    "rename": (errno.EIO, errno.EROFS), "remove": (errno.EIO, errno.EROFS),
    "truncate": (errno.EIO,), "any": (errno.EROFS, errno.EIO)}


def spread(last, count):
    """Returns at most `count` numbers of 1 to `last`, evenly apart."""
    if count >= last:
        return list(range(1, last + 1))
    return sorted({1 + round((i + 0.5) * (last - 1) / count)
                   for i in range(count)})


def can_mount():
    return os.getuid() == 0 and shutil.which("mount") and subprocess.run(
        ["unshare", "--mount", "true"], capture_output=True,
        check=False).returncode == 0


class Plan:
    """Which trials a size means."""

    def __init__(self, size, seed):
        full = size == "full"
        self.rng = random.Random(seed)
        self.seed = seed * 1_000_000
        self.kills = sys.maxsize if full else 6
        self.random_kills = 15 if full else 2
        self.cuts_when_done = 3 if full else 1
        self.failures = 12 if full else 1  # of each kind and errno
        self.disks = 25 if full else 2

    def _next_seed(self):
        self.seed += 1
        return self.seed

    def trials(self, step):
        def trial(**options):
            return Trial(step, self._next_seed(), **options)

        for number in spread(step.changes["any"], self.kills):
            yield trial(faults={"kill_at": number},
                        cuts_power=self.rng.random() < 1 / 3)
        for _ in range(self.random_kills):
            yield trial(kill_after=self.rng.uniform(0.001, step.seconds),
                        cuts_power=self.rng.random() < 1 / 3)
        for number in range(self.cuts_when_done):
            yield trial(cuts_power=True,
                        losses=(power_cut.lose_all if number == 0
                                else power_cut.lose_some))
        yield from self._failures(step, trial)
        yield trial(read_only=True)
        if can_mount():
            used = sum(path.lstat().st_blocks for path
                       in step.before.rglob("*")) // 2  # of 512 bytes
            for _ in range(self.disks):
                yield trial(disk_kib=used + self.rng.randint(10, 300))

    def _failures(self, step, trial):
        for kind, numbers in ERRORS.items():
            for number in spread(step.changes[kind], self.failures):
                code = self.rng.choice(numbers)
                yield trial(faults={
                    "fail": (kind, number, code),
                    "cut_write": kind == "write" and code == errno.ENOSPC})


def main():
    parser = faults.sized_parser(__doc__)
    parser.add_argument("--work", help="only the work of this name")
    arguments = parser.parse_args()
    programs.use_programs_of(arguments.bin)
    folder = faults.scratch_folder()
    try:
        bench = Bench(folder)
        plan = Plan(arguments.size, arguments.seed)
        trials = [trial for step in bench.steps() for trial in plan.trials(step)
                  if arguments.work in (None, step.work.name)]
        with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
            problems = [problem for problem in pool.map(bench.run, trials)
                        if problem]
    finally:
        shutil.rmtree(folder)
    faults.report("crash_test", len(trials), bench.counts, problems)


if __name__ == "__main__":
    main()
