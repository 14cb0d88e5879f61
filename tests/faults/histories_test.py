#!/usr/bin/env python3
"""Random histories of a collection, against a model of it.

Usage: histories_test.py BIN [--operations N] [--seed N]

Puts, changes, deletes, labels, publishes, merges, purges and restarts a real
server (or kills it), and now and then compares the collection with one that is
built at once from what the model has: the same documents, statistics, content
digest, and search results with their order, scores, counts and facets. What was
purged must be in no file.
"""

import argparse
import json
import os
import pathlib
import random
import shutil
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))

import driver
import faults
import programs
import works

COLLECTION = "history"
COLORS = ("red", "green", "blue")
LABELS = ("public", "staff", "board")
PAST, FUTURE = "2020-01-01T00:00:00Z", "2999-01-01T00:00:00Z"
KINDS = ("news", "book", "poem", "letter")
MEMBERS_OF_COLLECTION = ("documentCount", "passageCount", "textBytes",
                         "wordCount", "languages")


def condition(field, value):
    return {"condition": {"field": field, "op": "OPERATOR_EQ", "value": value}}


class History:
    def __init__(self, data, seed):
        self.data = data
        self.rng = random.Random(seed)
        self.model = {}     # what IngestService was given, by id
        self.purged = []    # words that only purged documents had
        self.built = 0      # collections built to compare with
        self.server = None
        self.connection = None
        self._start()

    # The server.

    def _start(self):
        self.server = programs.Server(self.data, "--publish-delay", "50ms")
        self.connection = driver.Driver(self.server.port)

    def stop(self, kills=False):
        self.connection.__exit__()
        if kills:
            self.server.process.kill()
        elif (code := self.server.end()) != 0:
            raise AssertionError(f"ended with {code}: {self.server.log_text()}")
        self.server.stop()

    def restart(self):
        self.stop(kills=self.rng.random() < 0.5)
        self._start()

    def command(self, name, *arguments):
        """Runs footnote-index while the server is away."""
        self.stop(kills=self.rng.random() < 0.3)
        result = programs.run(
            "footnote-index", name, "--data-dir", self.data, "--collection",
            COLLECTION, *arguments)
        if result.returncode != 0:
            raise AssertionError(f"{name}: {result.stderr}")
        self._start()

    # Operations.

    def _document(self, name):
        rng = self.rng
        version = rng.randrange(1_000_000)
        text = works.text_of(version) + f"Only here stands mark{version}x. "
        metadata = {"color": rng.choice(COLORS), "version": version}
        document = {"document_id": name, "text": text, "metadata": metadata,
                    "title": works.sentence(rng)[:40]}
        if rng.random() < 0.2:
            document["text"] = f"# {document['title']}\n\n{text}"
            document["media_type"] = "text/markdown"
        if rng.random() < 0.3:
            document["source_type"] = rng.choice(KINDS)
        if rng.random() < 0.1:
            document["expire_time"] = rng.choice((PAST, FUTURE))
        if rng.random() < 0.1:
            document["embargo_time"] = rng.choice((PAST, FUTURE))
        if rng.random() < 0.2:
            document["access_labels"] = sorted(rng.sample(LABELS, 2))
        return document

    def put(self):
        count = self.rng.choice((1, 1, 2, 10))
        documents = [self._document(f"d{n}") for n
                     in self.rng.sample(range(120), count)]
        if self.model and self.rng.random() < 0.1:  # as it is already
            documents.append(self.rng.choice(list(self.model.values())))
        ids = [document["document_id"] for document in documents]
        if len(set(ids)) < len(ids):
            documents.pop()
        answers = list(self.connection.put(COLLECTION, documents))
        for document, answer in zip(documents, answers, strict=True):
            self._check_effect(document, answer)
            self.model[document["document_id"]] = document

    def _check_effect(self, document, answer):
        old = self.model.get(document["document_id"])
        wanted = ("EFFECT_ADDED" if old is None else "EFFECT_UNCHANGED"
                  if old == document else "EFFECT_CHANGED")
        if answer["result"]["effect"] != wanted:
            raise AssertionError(f"{answer} is not {wanted}")

    def delete(self):
        names = [f"d{n}" for n in self.rng.sample(range(120), 2)]
        answer = self.connection.call("DeleteDocuments", collection=COLLECTION,
                                      document_ids=names)
        missing = sorted(set(names) - self.model.keys())
        if sorted(answer["missingIds"]) != missing:
            raise AssertionError(f"{answer}, but {missing} are missing")
        for name in names:
            self.model.pop(name, None)

    def delete_by_filter(self):
        """Deletes what the current generation shows of a kind."""
        self.publish()
        kind = self.rng.choice(KINDS)
        answer = self.connection.call(
            "DeleteDocuments", collection=COLLECTION,
            filter=condition("source_type", kind))
        gone = [name for name, document in self.model.items()
                if document.get("source_type") == kind
                and is_visible(document)]
        if int(answer["deletedCount"]) != len(gone):
            raise AssertionError(f"{answer}, not {gone}")
        for name in gone:
            del self.model[name]

    def update(self):
        if not self.model:
            return
        name = self.rng.choice(sorted(self.model))
        document = dict(self.model[name])
        document["metadata"] = dict(document["metadata"])
        field = self.rng.choice(("title", "accessLabels", "metadata.color",
                                 "sourceType", "metadata.note", "expireTime"))
        if field == "title":
            document["title"] = works.sentence(self.rng)[:30]
        elif field == "accessLabels":
            document["access_labels"] = self.rng.sample(LABELS, 1)
        elif field == "metadata.color":
            document["metadata"]["color"] = self.rng.choice(COLORS)
        elif field == "metadata.note":
            document["metadata"].pop("note", None)
        elif field == "expireTime":
            document["expire_time"] = self.rng.choice((PAST, FUTURE))
        else:
            document["source_type"] = self.rng.choice(KINDS)
        self.connection.call(
            "UpdateMetadata",
            name=f"collections/{COLLECTION}/documents/{name}",
            document=document, update_mask=field)
        self.model[name] = document

    def publish(self):
        self.connection.call("Publish", collection=COLLECTION)

    def merge(self):
        self.command("merge")

    def collect(self):
        self.command("gc", "--keep", str(self.rng.randint(1, 4)))

    def purge(self):
        if not self.model:
            return
        name = self.rng.choice(sorted(self.model))
        version = self.model.pop(name)["metadata"]["version"]
        self.command("purge", name)
        self.purged.append(f"mark{version}x")

    def step(self):
        self.rng.choices(
            (self.put, self.delete, self.update, self.publish, self.restart,
             self.merge, self.collect, self.purge, self.delete_by_filter),
            (60, 12, 15, 6, 2, 1, 1, 1, 1))[0]()

    # Comparing.

    def compare(self):
        """Compares with a collection that is built at once."""
        self.publish()
        self.built += 1
        fresh = f"model-{self.built}"
        documents = list(self.model.values())
        self.rng.shuffle(documents)
        for answer in self.connection.put(fresh, documents):
            if "result" not in answer:
                raise AssertionError(f"not taken: {answer}")
        self.connection.call("Publish", collection=fresh)
        self._expect_same(fresh)
        if self.built % 4 == 1:
            self._import("imported-" + fresh)
        self._expect_purged()

    def _import(self, name):
        """What was exported and imported must be the same too."""
        file = self.data.with_name(self.data.name + ".jsonl")
        arguments = ("--data-dir", self.data, "--collection")
        for command in (("export", *arguments, COLLECTION, "--output", file),
                        ("import", *arguments, name, file)):
            result = programs.run("footnote-index", *command)
            if result.returncode != 0:
                raise AssertionError(f"{command}: {result.stderr}")
        file.unlink()
        programs.wait_until(
            lambda: name in json.dumps(self.connection.call(
                "ListCollections")), "the import to be served")
        self._expect_same(name)

    def _expect_same(self, fresh):
        self._same("the collection", self._statistics, fresh)
        self._same("documents", self._documents, fresh)
        for query in self._queries():
            self._same(f"search {query}", lambda collection, asked=query:
                       self._search(collection, asked), fresh)
        digests = {faults.manifest_of(self.data, name)["content_sha256"]
                   for name in (COLLECTION, fresh)}
        if len(digests) != 1:
            raise AssertionError(f"the contents differ: {digests}")

    def _same(self, what, ask, fresh):
        mine, wanted = ask(COLLECTION), ask(fresh)
        if mine != wanted:
            folder = pathlib.Path("/tmp/histories")
            folder.mkdir(exist_ok=True)
            for name, value in (("is", mine), ("should", wanted)):
                (folder / name).write_text(json.dumps(value, indent=1))
            raise AssertionError(f"{what}: {folder} has what differs")

    def _statistics(self, name):
        found = self.connection.call(
            "GetCollection", name=f"collections/{name}")["collection"]
        return {key: found[key] for key in MEMBERS_OF_COLLECTION}

    def _documents(self, name):
        return plain(self.connection.documents(name), name)

    def _queries(self):
        rng = self.rng
        for _ in range(12):
            query = {"query": " ".join(rng.choices(works.WORDS,
                                                   k=rng.randint(1, 3))),
                     "page_size": 100,
                     "facets": [{"field": "source_type"}, {"field": "language"}]}
            if rng.random() < 0.3:
                query["filter"] = condition("source_type", rng.choice(KINDS))
            yield query
        for document in rng.sample(sorted(self.model), min(3, len(self.model))):
            version = self.model[document]["metadata"]["version"]
            yield {"query": f"mark{version}x", "page_size": 10}

    def _search(self, name, query):
        response = self.connection.call("Search", collection=name, **query)
        for key in ("generation", "queryId", "nextPageToken"):
            response.pop(key, None)
        return plain(response, name)

    def _expect_purged(self):
        for path in (self.data / COLLECTION).rglob("*"):
            content = path.read_bytes() if path.is_file() else b""
            for word in self.purged:
                if word.encode() in content:
                    raise AssertionError(f"{path} still has {word}")


def is_visible(document):
    return (document.get("expire_time") != PAST
            and document.get("embargo_time") != FUTURE)


def plain(response, collection):
    """Returns a response without what must differ."""
    text = json.dumps(response).replace(f"collections/{collection}/", "")
    return json.loads(text, object_hook=lambda members: {
        key: value for key, value in members.items() if key != "indexTime"})


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("bin")
    parser.add_argument("--operations", type=int, default=int(
        os.environ.get("HISTORIES_OPERATIONS", "300")))
    parser.add_argument("--compare-every", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    programs.use_programs_of(arguments.bin)
    folder = faults.scratch_folder()
    history = None
    number = 0
    try:
        history = History(folder, arguments.seed)
        history.put()
        for number in range(1, arguments.operations + 1):
            history.step()
            if number % arguments.compare_every == 0:
                history.compare()
        history.compare()
    except Exception:
        print(f"histories_test: seed {arguments.seed}, operation {number}:")
        raise
    finally:
        if history:
            history.server.stop()
        shutil.rmtree(folder)
    print(f"histories_test: {arguments.operations} operations, "
          f"{history.built} comparisons, seed {arguments.seed}")


if __name__ == "__main__":
    main()
