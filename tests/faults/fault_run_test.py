#!/usr/bin/env python3
"""Tests of fault_run and power_cut.py themselves: no change may be missed.

Usage: fault_run_test.py BIN, the folder of fault_run and the programs.
"""

import errno
import pathlib
import random
import subprocess
import sys
import textwrap
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))

import faults
import power_cut
import programs

# Random changes of files below the first argument, by every call there is.
CHANGES = textwrap.dedent("""
    import os, random, sys
    root, seed, count, durable = sys.argv[1], *map(int, sys.argv[2:5])
    rng = random.Random(seed)
    def files():
        return [os.path.join(f, n) for f, _, ns in os.walk(root) for n in ns]
    def folders():
        return [f for f, _, _ in os.walk(root)]
    def new():
        return os.path.join(rng.choice(folders()), f"n{rng.randrange(40)}")
    def on(flags):
        return os.open(rng.choice(files()), flags)
    def create():
        with open(new(), "wb") as file: file.write(rng.randbytes(9000))
    def append():
        fd = on(os.O_WRONLY | os.O_APPEND); os.write(fd, rng.randbytes(5000))
        os.close(fd)
    def overwrite():
        fd = on(os.O_RDWR)
        os.pwrite(fd, rng.randbytes(3000), rng.randrange(9000))
        os.writev(fd, [b"one", b"two"]); os.pwritev(fd, [b"x", b"yz"], 4100)
        os.close(fd)
    def cut():
        os.truncate(rng.choice(files()), rng.randrange(7000))
    def send():
        with open(rng.choice(files()), "rb") as source:
            fd = os.open(new(), os.O_WRONLY | os.O_CREAT)
            os.sendfile(fd, source.fileno(), 0, 4000)
            os.copy_file_range(source.fileno(), fd, 3000, 0, 5000)
            os.close(fd)
    def grow():
        fd = on(os.O_WRONLY); os.posix_fallocate(fd, 0, 12000); os.close(fd)
    def folder(): os.mkdir(new())
    def link(): os.link(rng.choice(files()), new())
    def symlink(): os.symlink("anything", new())
    def replace(): os.replace(rng.choice(files()), new())
    def move(): os.rename(rng.choice(folders()[1:]), new())
    def remove(): os.unlink(rng.choice(files()))
    def remove_folder(): os.rmdir(rng.choice(folders()[1:]))
    def remove_in_folder():
        path = rng.choice(files()); fd = os.open(os.path.dirname(path), 0)
        os.unlink(os.path.basename(path), dir_fd=fd); os.close(fd)
    def relative():
        os.chdir(rng.choice(folders())); open("here", "ab").write(b"." * 99)
    changes = [create, append, overwrite, cut, send, grow, folder, link,
               symlink, replace, move, remove, remove_folder, remove_in_folder,
               relative]
    done = 0
    for _ in range(count):
        try:
            rng.choice(changes)()
            done += 1
        except (OSError, IndexError):
            pass
    assert done > count / 4, done
    if durable:
        for path in files() + folders():
            if os.path.islink(path): continue
            fd = os.open(path, os.O_RDONLY)
            (os.fsync if rng.random() < .5 or os.path.isdir(path)
             else os.fdatasync)(fd)
            os.close(fd)
    print("done")
    """)


class FaultRunTest(faults.FaultTest):
    def change(self, seed, count, durable, **options):
        return self.watched(
            [sys.executable, "-c", CHANGES, self.data, str(seed), str(count),
             str(int(durable))], **options)

    def expect_data(self, wanted):
        """Compares without printing contents."""
        found = faults.snapshot(self.data)
        self.assertEqual([], sorted(
            name for name in wanted.keys() | found.keys()
            if wanted.get(name) != found.get(name)))

    def test_what_is_not_synced_can_be_lost_and_nothing_else(self):
        for seed in range(8):
            with self.subTest(seed=seed):
                self.start_anew()
                result = self.change(seed, 150, True)
                self.assertEqual("done\n", result.stdout, result.stderr)
                durable = faults.snapshot(self.data)
                self.change(seed + 100, 150, False)
                last = faults.snapshot(self.data)
                self.assertNotEqual(durable, last)
                power_cut.cut(self.data, self.journal, seed,
                              power_cut.lose_all)
                self.expect_data(durable)

    def test_a_cut_may_lose_nothing(self):
        self.change(1, 200, False)
        last = faults.snapshot(self.data)
        power_cut.cut(self.data, self.journal, 0, power_cut.lose_nothing)
        self.expect_data(last)

    def test_some_cuts_lose_a_part(self):
        results = set()
        for seed in range(12):
            self.start_anew()
            (self.data / "synced").write_bytes(b"s" * 5000)
            self.change(7, 60, False)
            power_cut.cut(self.data, self.journal, seed)
            results.add(repr(faults.snapshot(self.data)))
        self.assertGreater(len(results), 6)

    def test_no_call_of_a_build_is_missed(self):
        """Undone without regard to syncs, a build has never been."""
        for n in range(6):
            self.write(f"{n}.txt", f"Apples and pears, number {n}. " * 40)
        self.build_watched()
        power_cut.clear_journal(self.journal)
        before = faults.snapshot(self.data)
        self.write("6.txt", "Quinces are new here.")
        self.write("3.txt", "Plums took their place.")
        self.build_watched()
        self.assertNotEqual(before, faults.snapshot(self.data))
        power_cut.cut(self.data, self.journal, 0, power_cut.lose_synced_too)
        self.expect_data(before)

    def test_kills_before_each_change_in_turn(self):
        self.change(3, 40, True)
        changes = power_cut.read_journal(self.journal)
        for number in range(1, len(changes) + 1, 7):
            self.start_anew()
            result = self.change(3, 40, True, kill_at=number)
            self.assertEqual(-9, result.returncode)
            self.assertEqual(number - 1,
                             len(power_cut.read_journal(self.journal)))
        self.start_anew()
        result = self.change(3, 40, True, kill_at=len(changes) + 1)
        self.assertEqual(0, result.returncode, result.stderr)

    def test_kills_before_a_change_of_a_kind(self):
        result = self.change(3, 200, True, kill_at=4, kill_kind="sync")
        self.assertEqual(-9, result.returncode)
        ops = [change["op"] for change
               in power_cut.read_journal(self.journal)]
        self.assertEqual(3, ops.count("sync"))

    def test_lets_calls_fail_from_the_nth_on(self):
        script = textwrap.dedent("""
            import errno, os, sys
            fd = os.open(sys.argv[1] + "/f", os.O_WRONLY | os.O_CREAT)
            for _ in range(5):
                try: print(os.write(fd, b"0123456789"))
                except OSError as error: print(errno.errorcode[error.errno])
            os.fsync(fd)
            print(os.fstat(fd).st_size)
            """)
        program = [sys.executable, "-c", script, self.data]
        result = self.watched(program, fail=("write", 3, errno.ENOSPC))
        self.assertEqual("10\n10\nENOSPC\nENOSPC\nENOSPC\n20\n", result.stdout)
        result = self.watched(program, fail=("write", 3, errno.EIO),
                              cut_write=True)
        self.assertEqual("10\n10\n5\nEIO\nEIO\n25\n", result.stdout)
        result = self.watched(program, fail=("sync", 1, errno.EIO))
        self.assertEqual(1, result.returncode)
        self.assertIn("Input/output error", result.stderr)

    def test_wrong_usage_is_said(self):
        result = subprocess.run([programs.program("fault_run"), "--root"],
                                capture_output=True, text=True, check=False)
        self.assertEqual(2, result.returncode)
        self.assertTrue(result.stderr.startswith("Usage: fault_run"))


if __name__ == "__main__":
    programs.main(__doc__)
