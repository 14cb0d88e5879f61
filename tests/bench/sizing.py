#!/usr/bin/env python3
"""What serving a collection takes: time to start, memory and CPU.

Usage: tests/bench/sizing.py BIN DATA_DIR COLLECTION [QUERIES.jsonl]

Prints passages and bytes; the time from a new process to its first answer, with
the index in the page cache and, as root, with an empty one; memory after all
queries (questions.jsonl beside this file, ten results each), its own and that of
files mapped; CPU time per query with one client. `footnote-index plan` predicts
these. Needs api_driver among the programs.
"""

import json
import os
import pathlib
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path += [str(HERE.parent / "e2e"), str(HERE.parent / "faults")]

import driver
import programs


def first_answer(data, collection):
    """Returns the seconds from starting a server to its first answer."""
    start = time.monotonic()
    with programs.Server(data) as server, driver.Driver(server.port) as calls:
        calls.call("Search", collection=collection, query="how does it start")
        return time.monotonic() - start


def drop_page_cache():
    """Returns whether that was possible."""
    os.sync()
    try:
        pathlib.Path("/proc/sys/vm/drop_caches").write_text("3")
    except OSError:
        return False
    return True


def memory_of(process):
    """Returns MiB of its own and of files, resident."""
    status = dict(line.split(":", 1) for line in pathlib.Path(
        f"/proc/{process.pid}/status").read_text().splitlines())
    return [int(status[name].split()[0]) >> 10
            for name in ("RssAnon", "RssFile")]


def cpu_seconds(process):
    fields = pathlib.Path(f"/proc/{process.pid}/stat").read_text()
    user, system = fields.rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def main():
    if len(sys.argv) not in (4, 5):
        raise SystemExit(__doc__)
    programs.use_programs_of(sys.argv[1])
    data, collection = sys.argv[2:4]
    path = pathlib.Path(sys.argv[4] if len(sys.argv) == 5
                        else HERE / "questions.jsonl")
    queries = [json.loads(line) for line in path.read_text().splitlines()]
    info = json.loads(subprocess.run(
        [programs.program("footnote-index"), "info", "--data-dir", data,
         "--collection", collection, "--json"], check=True,
        capture_output=True).stdout)
    print(f"{info['documents']} documents, {info['passages']} passages, "
          f"{info['text_bytes'] / 1e6:.0f} MB of text, "
          f"{info['bytes'] / 1e6:.0f} MB of index")
    first_answer(data, collection)
    print(f"first answer, index in the page cache: "
          f"{first_answer(data, collection):.2f} s")
    if drop_page_cache():
        print(f"first answer, page cache empty: "
              f"{first_answer(data, collection):.2f} s")
    with programs.Server(data, "--scrub-mb-per-second", "0", "--cache-mb",
                         "0") as server, driver.Driver(server.port) as calls:
        before = cpu_seconds(server.process)
        for query in queries:
            calls.call("Search", collection=collection, page_size=10,
                       query=query.get("query") or query["question"])
        cpu = (cpu_seconds(server.process) - before) / len(queries)
        own, files = memory_of(server.process)
    print(f"after {len(queries)} queries: {own} MiB of its own, {files} MiB of "
          f"files; {1000 * cpu:.2f} ms of CPU a query")


if __name__ == "__main__":
    main()
