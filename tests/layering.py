#!/usr/bin/env python3
"""Keeps the layout true: which folder may include what, and how long files are.

Usage: tests/layering.py [ROOT]

Prints one line for each include against the allowed direction, third-party
headers and cycles between folders included, for each header without
"#pragma once" and for each file over its length. Ends with 1 when there is one.
"""

import pathlib
import re
import sys

# Every folder, and the folders whose headers it may include besides its own.
# "proto" stands for the code generated from proto/. The programs' main.cc
# belong to "indexer" and "server". Tests may include everything.
FOLDERS = {
    "indexer/base": "",
    "indexer/text": "indexer/base",
    "indexer/entities": "indexer/base indexer/text",
    "indexer/index": "indexer/base",
    "indexer/sources": "indexer/base indexer/text",
    "indexer/store": "indexer/base indexer/index",
    "indexer/pipeline": "indexer/base indexer/text indexer/entities "
                        "indexer/index indexer/sources",
    "indexer": "indexer/base indexer/text indexer/entities indexer/index "
               "indexer/sources indexer/pipeline indexer/store",
    "server/search": "indexer/base indexer/text indexer/entities indexer/index",
    "server/grounding": "indexer/base indexer/text indexer/entities "
                        "indexer/index server/search",
    "server/auth": "indexer/base",
    "server/observability": "indexer/base",
    "server/service": "indexer/base indexer/text indexer/entities "
                      "indexer/index indexer/sources indexer/pipeline "
                      "indexer/store server/search server/grounding server/auth "
                      "server/observability proto",
    "server": "indexer/base indexer/index indexer/pipeline server/search "
              "server/grounding server/auth server/observability "
              "server/service",
    "client": "indexer/base proto",
}

EVERYWHERE = tuple(FOLDERS)
RPC = ("server/service", "server/main.cc", "client")

# Third-party headers by how their name starts, and who may name them: folders
# or files, all of them or ".cc" files only.
THIRD_PARTY = (
    (("absl/",), EVERYWHERE),
    (("nlohmann/",), EVERYWHERE),
    (("re2/",), EVERYWHERE),
    (("CLI/",), ("indexer", "server", "server/service", "client")),
    (("spdlog/", "fmt/"), ("indexer/base",)),
    (("openssl/",), ("indexer/base",)),
    (("unicode/",), ("indexer/text/*.cc",)),
    (("cld2/", "compact_lang_det.h", "encodings.h"), ("indexer/text/*.cc",)),
    (("libstemmer.h", "libstemmer/"), ("indexer/text/*.cc",)),
    (("cmark-gfm", "gumbo.h", "poppler/", "archive.h", "archive_entry.h"),
     ("indexer/sources/*.cc",)),
    (("xapian.h", "xapian/"),
     ("indexer/index", "indexer/pipeline", "server/search")),
    (("roaring/",), ("indexer/index", "indexer/pipeline", "server/search")),
    (("prometheus/",), ("server/observability",)),
    (("curl/",), ("indexer/store/*.cc",)),
    (("zstd", "zdict"), ("indexer/index", "indexer/sources")),
    (("grpc/", "grpcpp/", "google/", "footnote/v1/"), RPC),
)

# Headers of the system, besides C++'s own, which have no dot in their names.
SYSTEM = re.compile(
    r"(sys|netinet|arpa|net|linux)/\w+\.h|"
    r"(assert|cpuid|ctype|dirent|dlfcn|endian|err|errno|fcntl|float|fnmatch|"
    r"ftw|getopt|glob|immintrin|inttypes|limits|locale|malloc|math|netdb|poll|"
    r"pthread|pwd|sched|semaphore|signal|stdarg|stddef|stdint|stdio|stdlib|"
    r"string|strings|syslog|termios|time|unistd|wchar)\.h")

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.M)
ROOTS = ("client", "indexer", "server", "tests")
SOURCE_SUFFIXES = (".h", ".cc")


def files_under(root, top, suffixes):
    return sorted(path for path in (root / top).rglob("*")
                  if path.suffix in suffixes and path.is_file())


def folder_of(path):
    """Returns the folder of FOLDERS that holds a path, or ""."""
    folder = path.parent.as_posix()
    return folder if folder in FOLDERS else ""


def includes_of(root, path):
    """Yields (line number, name) of each include of a file."""
    text = (root / path).read_text(encoding="utf-8", errors="replace")
    for match in INCLUDE.finditer(text):
        yield text.count("\n", 0, match.start()) + 1, match.group(2)


def is_project(name):
    return name.startswith(tuple(top + "/" for top in ROOTS))


def is_generated(name):
    return name.endswith(".pb.h")


def may_name(path, places):
    """True where one of `places` covers the file `path`."""
    return any(path.match(place) if place.endswith(".cc")
               else folder_of(path) == place for place in places)


def third_party_problem(path, name):
    """Returns what is wrong with an include of a header not ours, or ""."""
    if "." not in name and "/" not in name or SYSTEM.fullmatch(name):
        return ""
    for prefixes, places in THIRD_PARTY:
        if name.startswith(prefixes):
            if may_name(path, places):
                return ""
            return f"{name} belongs to " + " ".join(places)
    return f"{name} is not known; say in tests/layering.py who may name it"


def project_problem(root, path, name):
    """Returns what is wrong with an include of a header of ours, or ""."""
    if name.startswith("tests/"):
        return f"{name} is for tests only"
    if not (root / name).is_file():
        return f"{name} does not exist"
    ours, theirs = folder_of(path), folder_of(pathlib.PurePosixPath(name))
    if theirs == ours or theirs in FOLDERS[ours].split():
        return ""
    return f"{ours} may not include {theirs}"


def include_problem(root, path, name):
    if is_generated(name) and not name.startswith(("google/", "grpc")):
        ours = folder_of(path)
        allowed = ours in FOLDERS and "proto" in FOLDERS[ours].split()
        return "" if allowed else f"{ours} may not include generated {name}"
    if is_project(name):
        return project_problem(root, path, name)
    return third_party_problem(path, name)


def check_includes(root):
    """Yields the problems of all includes outside tests."""
    for path in sources(root):
        if path.parts[0] == "tests":
            continue
        if not folder_of(path):
            yield f"{path}: its folder is not known to tests/layering.py"
            continue
        for line, name in includes_of(root, path):
            problem = include_problem(root, path, name)
            if problem:
                yield f"{path}:{line}: {problem}"


def sources(root):
    """Yields the sources and headers, relative to the root."""
    for top in ROOTS:
        for path in files_under(root, top, SOURCE_SUFFIXES):
            yield path.relative_to(root)


def edges(root):
    """Returns the folders that each folder really includes."""
    graph = {}
    for path in sources(root):
        ours = path.parent.as_posix()
        for _, name in includes_of(root, path):
            theirs = name.rpartition("/")[0]
            if is_project(name) and theirs != ours:
                graph.setdefault(ours, set()).add(theirs)
    return graph


def check_cycles(root):
    """Yields the first cycle of folders that is found."""
    graph = edges(root)
    done = set()

    def visit(folder, trail):
        if folder in trail:
            return trail[trail.index(folder):] + [folder]
        if folder in done:
            return None
        for other in sorted(graph.get(folder, ())):
            cycle = visit(other, trail + [folder])
            if cycle:
                return cycle
        done.add(folder)
        return None

    for folder in sorted(graph):
        cycle = visit(folder, [])
        if cycle:
            yield "cycle of folders: " + " -> ".join(cycle)
            return


def check_headers(root):
    for path in sources(root):
        if path.suffix == ".h" and not re.search(
                r"^#pragma once$", (root / path).read_text(encoding="utf-8"),
                re.M):
            yield f"{path}: no #pragma once"


# One enum, which cannot be split.
UNDIVIDED = {"error_reason.proto"}


def check_lengths(root):
    limits = ((("client", "indexer", "server"), SOURCE_SUFFIXES, 400),
              (("tests",), SOURCE_SUFFIXES, 600), (("proto",), (".proto",), 250))
    for tops, suffixes, limit in limits:
        for top in tops:
            for path in files_under(root, top, suffixes):
                length = path.read_bytes().count(b"\n")
                if length > limit and path.name not in UNDIVIDED:
                    yield (f"{path.relative_to(root)}: {length} lines, "
                           f"over {limit}; split it by noun")


def problems(root):
    """Returns every problem of the tree under `root`, as lines."""
    return [problem
            for check in (check_includes, check_cycles, check_headers,
                          check_lengths)
            for problem in check(root)]


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1
                        else pathlib.Path(__file__).parent.parent)
    found = problems(root)
    for problem in found:
        print(problem)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
