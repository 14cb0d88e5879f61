#!/usr/bin/env python3
"""Makes a large corpus of text from Debian's documentation packages.

Usage: tests/bench/documentation_corpus.py OUTPUT [PACKAGE...]

Downloads the packages (PACKAGES below where none is named) with "apt-get
download", unpacks each with "dpkg-deb -x" into a temporary folder and writes
the text of its HTML and plain-text pages to OUTPUT, as JSON Lines that
footnote-index reads: {"_id": "package/path", "title": ..., "text": ...}.
Nothing is installed, and nothing is left behind but OUTPUT. Needs Debian with
package lists (apt-get update) and 3 GB for temporary files; no root.

A page that says the same as an earlier one, or says less than MIN_BYTES, is
left out, and so is what repeats other pages: listings of source code, indexes,
the sources of pages. Manual pages and info files are not read: the packages
have the same as HTML. A package that cannot be had is named and skipped; then
the program ends with 1, else with 0.
"""

import argparse
import concurrent.futures
import functools
import gzip
import hashlib
import html.parser
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

# Of Debian 12's "main", so free; those with much text for their size.
PACKAGES = """
    casacore-doc cppreference-doc-en-html dcmtk-doc debian-handbook derby-doc
    dpdk-doc erlang-doc ghc-doc groovy-doc lazarus-doc-2.2 libboost1.81-doc
    libfastutil-java-doc libghc-agda-doc libghc-gi-gtk-doc libgtkmm-3.0-doc
    libsbml5-doc libstdc++-12-doc linux-doc-6.1 openjdk-17-doc petsc3.18-doc
    postgresql-doc-15 python3.11-doc qtbase5-doc-html racket-doc rust-doc
    sagemath-doc scala-doc singular-doc sumo-doc trilinos-doc twisted-doc
    vtk9-doc wx3.2-doc
    """.split()

MIN_BYTES = 200
MAX_TITLE = 200  # characters

HTML_SUFFIXES = (".html", ".htm", ".xhtml")
TEXT_SUFFIXES = (".txt", ".md", ".rst")

# Pages that only repeat or list others: of Sphinx, Doxygen, Javadoc, rustdoc,
# and the kernel, which has the sources of its pages in a folder of their own.
REPEATED = re.compile(
    r"/(_sources|_modules|class-use|src-html|search)/|"
    r"/linux-doc-[^/]*/Documentation/|"
    r"(_source|-source|-members|\.rs|/genindex(-\w+)?|/index-all|"
    r"/(functions|globals|namespacemembers)(_\w+)?)\.x?html?$")

# Elements that begin and end a line; those whose text is not the page's.
BLOCKS = frozenset("""
    address article aside blockquote body br caption center dd details dir div
    dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr li
    main menu ol p pre section summary table tbody tfoot thead tr ul
    """.split())
DROPPED = frozenset("""
    button iframe math nav noscript object script select style svg template
    textarea
    """.split())

# Tags within lines say nothing here; without them parsing is twice as fast.
INLINE = re.compile(
    r"</?(a|abbr|b|code|em|font|i|img|kbd|small|span|strong|sub|sup|tt|u|var)"
    r"(\s([^<>\"']|\"[^\"]*\"|'[^']*')*)?/?>", re.IGNORECASE)

SPACES = re.compile(r"[^\S\n]+")
ANY_SPACES = re.compile(r"\s+")


class Page(html.parser.HTMLParser):
    """Collects the title and the text of one HTML page."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.title = ""
        self._pieces = []
        self._dropped = ""  # the element being dropped, and how deep in itself
        self._depth = 0
        self._in_title = False
        self._in_pre = False

    def handle_starttag(self, tag, attrs):
        if self._dropped:
            self._depth += tag == self._dropped
        elif tag in DROPPED or ("role", "navigation") in attrs:
            self._dropped, self._depth = tag, 1
        elif tag in BLOCKS:
            self._pieces.append("\n")
            self._in_pre = self._in_pre or tag == "pre"
        elif tag in ("td", "th"):
            self._pieces.append(" ")
        elif tag == "title":
            self._in_title = not self.title

    def handle_startendtag(self, tag, attrs):
        if tag in BLOCKS:
            self._pieces.append("\n")

    def handle_endtag(self, tag):
        if self._dropped:
            self._depth -= tag == self._dropped
            if not self._depth:
                self._dropped = ""
        elif tag in BLOCKS:
            self._pieces.append("\n")
            self._in_pre = self._in_pre and tag != "pre"
        elif tag == "title":
            self._in_title = False

    def handle_data(self, data):
        if self._in_title:
            self.title += data
        elif not self._dropped:
            self._pieces.append(
                data if self._in_pre else ANY_SPACES.sub(" ", data))

    def text(self):
        return "".join(self._pieces)


def decoded(data):
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def tidied(text):
    """Returns the lines of a text that say something, single-spaced."""
    lines = (SPACES.sub(" ", line).strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line)


def suffix_of(path):
    name = path.name.lower().removesuffix(".gz")
    return os.path.splitext(name)[1]


def is_wanted(path):
    """True for a file, not a link, that may be a page of its own."""
    return (suffix_of(path) in HTML_SUFFIXES + TEXT_SUFFIXES
            and not REPEATED.search(path.as_posix())
            and path.is_file() and not path.is_symlink())


def document_of(path):
    """Returns the (title, text) of a page; ("", "") of a broken one."""
    try:
        data = path.read_bytes()
        if path.suffix.lower() == ".gz":
            data = gzip.decompress(data)
    except (OSError, EOFError) as error:
        print(f"{path.name}: {error}", file=sys.stderr)
        return "", ""
    text = decoded(data).replace("\0", "")
    title = ""
    if suffix_of(path) in HTML_SUFFIXES:
        page = Page()
        page.feed(INLINE.sub("", text))
        page.close()
        title, text = page.title, page.text()
    text = tidied(text)
    title = tidied(title).replace("\n", " ") or text.partition("\n")[0]
    return title[:MAX_TITLE], text


def fetch(package, folder):
    """Downloads and unpacks a package; returns the root of its files."""
    run = functools.partial(subprocess.run, cwd=folder, check=True, text=True,
                            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    run(["apt-get", "download", "--quiet", package])
    archive, = folder.glob("*.deb")
    run(["dpkg-deb", "-x", archive, "root"])
    return folder / "root"


class Corpus:
    """Writes documents to a file, each text once, and counts them."""

    def __init__(self, file):
        self._file = file
        self._seen = set()
        self.documents = 0
        self.text_bytes = 0

    def add(self, name, title, text):
        data = text.encode("utf-8", "replace")
        digest = hashlib.blake2b(data, digest_size=16).digest()
        if len(data) < MIN_BYTES or digest in self._seen:
            return
        self._seen.add(digest)
        self.documents += 1
        self.text_bytes += len(data)
        json.dump({"_id": name, "title": title, "text": text}, self._file,
                  ensure_ascii=False)
        self._file.write("\n")


def add_package(corpus, package, workers):
    """Adds the pages of a package; prints what came of it."""
    documents, text_bytes = corpus.documents, corpus.text_bytes
    with tempfile.TemporaryDirectory(prefix="footnote-corpus-") as folder:
        root = fetch(package, pathlib.Path(folder))
        paths = sorted(filter(is_wanted, root.rglob("*")))
        pages = workers.map(document_of, paths, chunksize=32)
        for path, (title, text) in zip(paths, pages):
            name = path.relative_to(root).as_posix()
            corpus.add(f"{package}/{name}", title, text)
    print(f"{package}: {corpus.documents - documents} of {len(paths)} pages, "
          f"{(corpus.text_bytes - text_bytes) / 1e6:.1f} MB", flush=True)


def main():
    parser = argparse.ArgumentParser(
        description="Makes a corpus from Debian's documentation packages.")
    parser.add_argument("output", type=pathlib.Path, help="JSON Lines to write")
    parser.add_argument("packages", nargs="*", metavar="package",
                        default=PACKAGES, help="default: PACKAGES in this file")
    arguments = parser.parse_args()
    for program in ("apt-get", "dpkg-deb"):
        if not shutil.which(program):
            sys.exit(f"{program} is not installed; this needs Debian")

    started = time.monotonic()
    missing = []
    with (concurrent.futures.ProcessPoolExecutor() as workers,
          arguments.output.open("w", encoding="utf-8",
                                errors="replace") as file):
        corpus = Corpus(file)
        for package in arguments.packages:
            try:
                add_package(corpus, package, workers)
            except subprocess.CalledProcessError as error:
                missing.append(package)
                print(f"{package}: {error.cmd[0]} failed: "
                      f"{error.stderr.strip()}", file=sys.stderr)
    print(f"{arguments.output}: {corpus.documents} documents, "
          f"{corpus.text_bytes / 1e6:.1f} MB of text, "
          f"{time.monotonic() - started:.0f} s")
    if missing:
        sys.exit("not had: " + " ".join(missing))


if __name__ == "__main__":
    try:
        main()
    except OSError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit("interrupted; the output is not complete")
