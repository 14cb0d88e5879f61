"""What crash_test.py does to a collection: one command after another.

Each work begins where the one before it ended.
"""

import dataclasses
import json
import random

COLLECTION = "c"
WORDS = ("apple pear quince medlar plum damson cherry almond walnut hazel "
         "chestnut mulberry fig olive grape currant bramble cloudberry").split()


@dataclasses.dataclass
class Work:
    name: str
    command: str       # of footnote-index
    arguments: list    # after --data-dir and --collection; {sources}: a folder
    is_no_change: bool = False  # of what the collection holds
    erases: tuple = ()  # words that are in no file afterwards


def sentence(rng):
    words = rng.choices(WORDS, k=rng.randint(5, 15))
    return " ".join(words).capitalize() + ". "


def text_of(seed):
    """Returns a text of a few passages, or of one."""
    rng = random.Random(seed)
    return "".join(sentence(rng) for _ in range(rng.choice((2, 8, 60))))


def write_sources(folder):
    """Writes the sources that the works name, in folders below `folder`."""
    def write(name, content):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")

    def lines(name, numbers, version):
        write(name, "".join(json.dumps(
            {"_id": f"line{n}", "title": f"Line {n}",
             "text": text_of(f"line {n} {version}") + f"Mark{n}v{version}x.",
             "metadata": {"version": version}}) + "\n" for n in numbers))

    for version, changed in (("first", 0), ("second", 1)):
        for n in range(12):
            stays = n % 3 != 0
            if version == "second" and n == 3:
                continue  # removed
            write(f"{version}/{n}.txt", text_of(f"{n} {0 if stays else version}"))
        lines(f"{version}/lines.jsonl", range(20), changed)
        lines(f"{version}-more/lines.jsonl", range(15, 25), changed + 2)
        write(f"{version}/notes/read.md", f"# Notes\n\n{text_of(version)}\n\n"
              f"## More\n\n{text_of(version + ' more')}\n")
    write("first/entities.tsv", "PLANT\tfig\tFig\nPLANT\tolive\tOlive\n")
    write("second/entities.tsv", "PLANT\tfig\tFig\nPLANT\tolive\tOlive\n")


def works():
    return [
        Work("build", "build", ["{sources}/first"]),
        Work("rebuild", "build", ["{sources}/second"]),
        Work("add", "add", ["{sources}/first-more"]),
        Work("delete", "delete", ["4.txt", "line3", "line24", "nothing"]),
        Work("update-metadata", "update-metadata", [
            "line5", "--set", '{"title": "Five", "metadata": {"a": 1}}']),
        Work("sync", "sync", ["{sources}/first"]),
        Work("add more", "add", ["{sources}/second-more"]),
        Work("add to merge", "add", ["{sources}/first-more"]),
        Work("merge", "merge", [], is_no_change=True),
        Work("purge", "purge", ["5.txt", "line7", "line20"],
             erases=("mark7v0x", "mark7v1x", "mark20v2x")),
        Work("gc", "gc", ["--keep", "1"], is_no_change=True),
        Work("build anew", "build", ["--from-scratch", "{sources}/second"]),
    ]
