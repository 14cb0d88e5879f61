#!/usr/bin/env python3
"""Kills a footnote-server that takes changes, and cuts the power.

Usage: ingest_crash_test.py BIN [--size small|full] [--seed N]

Each run lets a client put, change, update and delete documents, and kills the
server before its n-th change of a file or at a random moment; in some runs the
power is cut too, in others calls fail from the n-th on. The server that starts
afterwards must have every change that was acknowledged and nothing else but
what was under way, and `verify` must pass. A run goes on with what the run
before it left. Prints what was done.
"""

import collections
import dataclasses
import errno
import hashlib
import pathlib
import random
import shutil
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))

import driver
import faults
import power_cut
import programs
import works

COLLECTION = "c"
NAMES = [f"document{n}" for n in range(30)]
RUNS_WITH_ONE_FOLDER = 12


@dataclasses.dataclass(frozen=True)
class State:
    """What can be seen of a document."""

    revision: str
    version: int  # in its metadata


GONE = None


class Model:
    """What each document may be: one state where the last change of it was
    acknowledged, several while some are under way."""

    def __init__(self):
        self.possible = {name: {GONE} for name in NAMES}

    def begin(self, name, state):
        self.possible[name].add(state)

    def acknowledge(self, name, state):
        self.possible[name] = {state}

    def settle(self, found):
        """Takes what was found for what is; returns what may not be."""
        wrong = [f"{name} is {found.get(name)}, may be {possible}"
                 for name, possible in self.possible.items()
                 if found.get(name) not in possible]
        wrong += [f"{name} was never put" for name
                  in found.keys() - self.possible.keys()]
        self.possible = {name: {found.get(name)} for name in NAMES}
        return wrong


class Client(threading.Thread):
    """Changes documents until the server is gone or has failed."""

    def __init__(self, port, model, seed):
        super().__init__()
        self.port, self.model = port, model
        self.rng = random.Random(seed)
        self.acknowledged = 0
        self.refused = collections.Counter()  # by reason
        self.problem = None

    def run(self):
        try:
            with driver.Driver(self.port) as connection:
                for _ in range(40):
                    self._change(connection)
        except driver.CallFailed as failure:
            self.refused[failure.reason] += 1
        except Exception as error:  # told by the main thread
            self.problem = f"{type(error).__name__}: {error}"

    def _change(self, connection):
        change = self.rng.choices(
            (self._put_some, self._delete_some, self._update_one, self._publish_now),
            (8, 2, 2, 1))[0]
        change(connection)

    def _put_some(self, connection):
        documents, states = [], []
        for name in self.rng.sample(NAMES, self.rng.randint(1, 8)):
            version = self.rng.randrange(1000)
            text = works.text_of(f"{name} {version}")
            documents.append({"document_id": name, "text": text,
                              "metadata": {"version": version}})
            states.append(State(hashlib.sha256(text.encode()).hexdigest(),
                                version))
            self.model.begin(name, states[-1])
        for answer in connection.put(COLLECTION, documents):
            state = states[int(answer["index"])]
            if "error" in answer:
                self.refused[answer["error"]["message"]] += 1
            else:
                self.acknowledged += 1
                self.model.acknowledge(answer["documentId"], state)

    def _delete_some(self, connection):
        names = self.rng.sample(NAMES, self.rng.randint(1, 3))
        for name in names:
            self.model.begin(name, GONE)
        try:
            connection.call("DeleteDocuments", collection=COLLECTION,
                            document_ids=names)
        except driver.CallFailed as failure:
            if failure.reason != "COLLECTION_NOT_FOUND":
                raise
        self.acknowledged += len(names)
        for name in names:
            self.model.acknowledge(name, GONE)

    def _update_one(self, connection):
        name = self.rng.choice(NAMES)
        (state, *others) = self.model.possible[name]
        if state is GONE or others:
            return
        new = State(state.revision, self.rng.randrange(1000))
        self.model.begin(name, new)
        connection.call(
            "UpdateMetadata",
            name=f"collections/{COLLECTION}/documents/{name}",
            document={"metadata": {"version": new.version}},
            update_mask="metadata.version")
        self.acknowledged += 1
        self.model.acknowledge(name, new)

    def _publish_now(self, connection):
        try:
            connection.call("Publish", collection=COLLECTION)
        except driver.CallFailed as failure:
            if failure.reason != "COLLECTION_NOT_FOUND":
                raise


class Bench:
    def __init__(self, folder, seed):
        self.folder = folder
        self.rng = random.Random(seed)
        self.seed = seed * 1_000_000
        self.counts = collections.Counter()
        self.start_anew()

    def start_anew(self):
        shutil.rmtree(self.folder)
        self.data = self.folder / "data"
        self.journal = self.folder / "journal"
        self.data.mkdir(parents=True)
        self.model = Model()

    def run(self, number):
        """Does one run. Returns what went wrong."""
        if number % RUNS_WITH_ONE_FOLDER == 0:
            self.start_anew()
        self.seed += 1
        kind = self.rng.choices(("kill at", "kill", "fail"), (5, 4, 2))[0]
        cuts = kind != "fail" and self.rng.random() < 1 / 3
        options = {}
        if kind == "kill at":
            options["kill_at"] = self.rng.randint(1, 400)
        elif kind == "fail":
            options["fail"] = (self.rng.choice(("write", "sync", "create",
                                                "rename", "any")),
                               self.rng.randint(1, 60),
                               self.rng.choice((errno.ENOSPC, errno.EIO)))
            options["cut_write"] = options["fail"][0] == "write"
        problems = self._disturb(kind, options)
        if cuts:
            self.counts["power cuts"] += 1
            power_cut.cut(self.data, self.journal, self.seed)
        problems += self._expect_whole()
        what = f"seed {self.seed}, run {number}, {kind} {options}, cut {cuts}"
        return [f"{what}: {problem}" for problem in problems]

    def _disturb(self, kind, options):
        def watched(command):
            return faults.fault_command(self.data, self.journal, command,
                                        **options)

        try:
            server = programs.Server(self.data, "--publish-delay", "20ms",
                                     wrap=watched)
        except AssertionError as error:  # it has ended before it listened
            self.counts["ends at the start"] += 1
            return ([str(error)] if kind == "kill" else [])
        with server:
            client = Client(server.port, self.model, self.seed)
            client.start()
            if kind == "kill":
                client.join(self.rng.uniform(0.01, 1.5))
                server.process.kill()
            client.join()
            problems = [client.problem] if client.problem else []
            self.counts["acknowledged changes"] += client.acknowledged
            problems += self._end(kind, server, client)
        power_cut.read_journal(self.journal)  # waits for its writer
        return problems

    def _end(self, kind, server, client):
        if kind == "fail":
            self.counts["failing servers"] += 1
            if server.process.poll() is not None:
                return [f"a failing call ended the server with "
                        f"{server.process.returncode}"]
            allowed = {"DISK_FULL", "FILE_IO", "OVERLOADED",
                       "COLLECTION_NOT_FOUND"}
            wrong = {reason for reason in client.refused
                     if reason.split(":")[0] not in allowed}
            server.process.kill()
            server.process.wait()
            return [f"reasons {wrong}"] if wrong else []
        if server.process.poll() is None:
            server.process.kill()  # the changes were fewer
        if server.process.wait() != -9:
            return [f"ended with {server.process.returncode}"]
        self.counts[f"kills ({kind})"] += 1
        return []

    def _expect_whole(self):
        problems = []
        with programs.Server(self.data) as server, \
                driver.Driver(server.port) as connection:
            try:
                connection.call("Publish", collection=COLLECTION)
                found = {
                    name: State(document["revision"],
                                int(document["metadata"]["version"]))
                    for name, document
                    in connection.documents(COLLECTION).items()}
            except driver.CallFailed as failure:
                found = {}
                if failure.reason != "COLLECTION_NOT_FOUND":
                    problems.append(f"afterwards: {failure}")
            problems += self.model.settle(found)
            if server.end() != 0:
                problems.append(f"ends badly: {server.log_text()[-500:]}")
        if (self.data / COLLECTION / "CURRENT").exists():
            result = programs.run("footnote-index", "verify", "--data-dir",
                                  self.data, "--collection", COLLECTION)
            if result.returncode != 0:
                problems.append(f"verify: {result.stdout}{result.stderr}")
        power_cut.clear_journal(self.journal)
        return problems


def main():
    arguments = faults.sized_parser(__doc__).parse_args()
    programs.use_programs_of(arguments.bin)
    folder = faults.scratch_folder()
    try:
        bench = Bench(folder, arguments.seed)
        runs = 120 if arguments.size == "full" else 14
        problems = [problem for number in range(runs)
                    for problem in bench.run(number)]
    finally:
        shutil.rmtree(folder)
    faults.report("ingest_crash_test", runs, bench.counts, problems)


if __name__ == "__main__":
    main()
