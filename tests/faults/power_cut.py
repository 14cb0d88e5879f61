#!/usr/bin/env python3
"""Undoes what a power cut would take away of a folder that fault_run watched.

Usage: power_cut.py ROOT JOURNAL [--seed N]

Content of a file is durable once the file was synced, a name (made, changed or
removed) once its folder was. Of what is not, a power cut leaves a random part:
of each folder's names the changes up to some moment, of each file's content any
of its pages, up to any length. Nobody may have the journal open; it is empty
afterwards, for all that is left is on the disk.
"""

import argparse
import dataclasses
import fcntl
import json
import os
import pathlib
import random
import shutil

PAGE = 4096


@dataclasses.dataclass
class Losses:
    """What of all that is not durable is lost."""

    # Returns how many of so many changes in the names of a folder stay.
    kept_names: object
    # Returns which content a file has: "synced", "last" or "mixed".
    content: object
    # Whether syncs count for nothing.
    unsynced: bool = False


def lose_all(_):
    return Losses(lambda count: 0, lambda: "synced")


def lose_synced_too(_):
    return Losses(lambda count: 0, lambda: "synced", True)


def lose_nothing(_):
    return Losses(lambda count: count, lambda: "last")


def lose_some(rng):
    """Everything in some cuts, a part in most."""
    if rng.random() < 0.25:
        return lose_all(rng)
    return Losses(lambda count: rng.randint(0, count),
                  lambda: rng.choice(("synced", "last", "mixed")))


def read_journal(folder):
    """Returns the changes noted, in order; a last line may be cut."""
    path = pathlib.Path(folder) / "journal"
    if not path.exists():
        return []
    with open(path, "rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # its writer outlives the program
        lines = file.read().split(b"\n")[:-1]
    return [json.loads(line) for line in lines]


def clear_journal(folder):
    shutil.rmtree(folder, ignore_errors=True)


def synced_until(changes):
    """Returns the number of the last sync of an inode, or -1, as a function."""
    synced, disk = {}, -1
    for number, change in enumerate(changes):
        if change["op"] == "sync":
            if change["whole_disk"]:
                disk = number
            else:
                synced[change["inode"]] = number
    return lambda inode: max(synced.get(inode, -1), disk)


class Tree:
    """Finds files and folders below the root by their inodes."""

    def __init__(self, root):
        self.root = os.fspath(root)
        self.moved = {}  # the inodes of folders that were made again
        self._folders = None

    def _paths(self):
        yield self.root, True
        for folder, folders, files in os.walk(self.root):
            for name in folders:
                yield os.path.join(folder, name), True
            for name in files:
                yield os.path.join(folder, name), False

    def folder(self, inode):
        if self._folders is None:
            self._folders = {os.lstat(path).st_ino: path for path, is_folder
                             in self._paths() if is_folder}
        return self._folders.get(self.moved.get(inode, inode))

    def folders_changed(self):
        self._folders = None

    def files(self):
        """Returns a path for each inode of a file."""
        return {os.lstat(path).st_ino: path for path, is_folder
                in self._paths() if not is_folder}


class PowerCut:
    def __init__(self, root, journal, rng, losses):
        self.tree = Tree(root)
        self.journal = pathlib.Path(journal)
        self.rng = rng
        self.losses = losses(rng)
        self.changes = read_journal(journal)
        self.synced = synced_until(
            [] if self.losses.unsynced else self.changes)

    def undo_names(self):
        undone = []
        pending = {}
        for number, change in enumerate(self.changes):
            if change["op"] in ("create", "rename", "remove"):
                home = change.get("target_folder", change["folder"])
                if number > self.synced(home):
                    pending.setdefault(home, []).append(number)
        for numbers in pending.values():
            undone += numbers[self.losses.kept_names(len(numbers)):]
        for number in sorted(undone, reverse=True):
            change = self.changes[number]
            getattr(self, "_undo_" + change["op"])(change)

    def _place(self, change, prefix=""):
        folder = self.tree.folder(change[prefix + "folder"])
        return folder and os.path.join(folder, change[prefix + "name"])

    def _undo_create(self, change):
        path = self._place(change)
        if path and os.path.lexists(path):
            if os.path.isdir(path) and not os.path.islink(path):
                shutil.rmtree(path)
                self.tree.folders_changed()
            else:
                os.unlink(path)

    def _bring_back(self, change, path):
        if change["grave"]:
            os.link(self.journal / "graves" / change["grave"], path,
                    follow_symlinks=False)

    def _undo_rename(self, change):
        source, target = self._place(change), self._place(change, "target_")
        if (not source or not target or not os.path.lexists(target)
                or os.path.lexists(source)):
            return  # it was killed before it was done, or its folder is gone
        os.rename(target, source)
        self.tree.folders_changed()
        self._bring_back(change, target)

    def _undo_remove(self, change):
        path = self._place(change)
        if not path or os.path.lexists(path):
            return
        if change["grave"]:
            self._bring_back(change, path)
        else:
            os.mkdir(path)
            self.tree.moved[change["inode"]] = os.lstat(path).st_ino
            self.tree.folders_changed()

    # Content.

    def undo_content(self):
        files = self.tree.files()
        pending = {}
        for number, change in enumerate(self.changes):
            if change["op"] in ("write", "truncate"):
                inode = change["inode"]
                if inode in files and number > self.synced(inode):
                    pending.setdefault(inode, []).append(change)
        if not pending:
            return
        with open(self.journal / "blobs", "rb") as blobs:
            for inode, changes in pending.items():
                self._lose_content(files[inode], changes, blobs)

    def _lose_content(self, path, changes, blobs):
        wanted = self.losses.content()
        if wanted == "last":
            return
        now = pathlib.Path(path).read_bytes()
        synced = bytearray(now)
        for change in reversed(changes):
            self._undo_change(synced, change, blobs)
        content = self._mix(synced, now) if wanted == "mixed" else synced
        with open(path, "r+b") as file:  # the inode stays
            file.write(content)
            file.truncate(len(content))

    @staticmethod
    def _undo_change(content, change, blobs):
        blobs.seek(change["blob"])
        old = blobs.read(change["saved"])
        at = change.get("at", change.get("to"))
        if len(content) < at + len(old):
            content.extend(bytes(at + len(old) - len(content)))
        content[at:at + len(old)] = old
        size = change["size"]
        if len(content) < size:
            content.extend(bytes(size - len(content)))
        del content[size:]

    def _mix(self, synced, now):
        rng = self.rng
        size = rng.randint(*sorted((len(synced), len(now))))
        mixed = bytearray(size)
        for start in range(0, size, PAGE):
            end = min(start + PAGE, size)
            # The content of a page may be lost though the length is not.
            source = rng.choice((synced, now))
            page = source[start:end]
            mixed[start:start + len(page)] = page
        return mixed


def cut(root, journal, seed=0, losses=lose_some):
    """Cuts the power; see the top."""
    power_cut = PowerCut(root, journal, random.Random(seed), losses)
    power_cut.undo_names()
    power_cut.undo_content()
    clear_journal(journal)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("root")
    parser.add_argument("journal")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    cut(arguments.root, arguments.journal, arguments.seed)


if __name__ == "__main__":
    main()
