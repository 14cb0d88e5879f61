"""What tests of stores have in common: collections that are pushed."""

import json
import os
import pathlib

from programs import ProgramTest, run


class StoreTest(ProgramTest):
    """A test that pushes generations of `data` to `store`."""

    def setUp(self):
        super().setUp()
        self.store = self.scratch / "store"

    def build_version(self, number):
        """Builds generation `number`, whose texts all say so."""
        self.write_lines("x.jsonl", *(
            {"_id": f"d{n}", "text": f"The pelican eats fish {n}. "
                                     f"Version {number}."} for n in range(50)))
        self.assertEqual(number, self.build()["generation"])

    def push(self, store=None, **options):
        result = run("footnote-index", "push", "--data-dir", self.data,
                     "--json", store or self.store, **options)
        self.assertEqual(0, result.returncode, result.stderr)
        return json.loads(result.stdout)["pushed"][0]

    def manifest_bytes(self, data, number):
        return (pathlib.Path(data) / "c/generations" /
                f"{number:06}.json").read_bytes()

    def pull(self, name, store, **options):
        """Pulls into the data folder `name`; returns how that ended."""
        return run("footnote-index", "pull", "--json", "--data-dir",
                   self.scratch / name, store, **options)

    def expect_pulled(self, name, store, number, **options):
        """Pulls, and checks that all is as it was pushed."""
        result = self.pull(name, store, **options)
        self.assertEqual(0, result.returncode, result)
        self.assertEqual(self.manifest_bytes(self.data, number),
                         self.manifest_bytes(self.scratch / name, number))
        verified = run("footnote-index", "verify", "--data-dir",
                       self.scratch / name, "--collection", "c")
        self.assertEqual(0, verified.returncode, verified)
        return json.loads(result.stdout)["pulled"][0]


def environment(**values):
    """Returns the environment with some values changed; None takes one away."""
    changed = {**os.environ, **values}
    return {name: value for name, value in changed.items() if value is not None}
