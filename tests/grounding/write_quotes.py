#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write judged quotes with their texts, for programs that do not make them.

    write_quotes.py CORPUS [FILE [ARTICLES]]

Prints the lines of FILE, by default quotes.jsonl, on CORPUS (seeds or wikipedia), each with "quote" as it is given or
made. ARTICLES as for check_quotes.py.
"""

import json
import sys
from pathlib import Path

import quotes
import texts


def main(arguments):
    corpus = arguments[0]
    if len(arguments) > 1:
        quotes.QUOTES = Path(arguments[1])
    errors = []
    lines = [line for line in quotes.records(errors) if line["corpus"] == corpus]
    articles = Path(arguments[2]) if len(arguments) > 2 else texts.ARTICLES
    sources = quotes.read_sources(lines, articles, errors)
    for line in lines:
        line["quote"] = quotes.text_of(line, sources.get(corpus, {}))
        print(json.dumps(line, ensure_ascii=False))
    print(*errors, sep="\n", end="", file=sys.stderr)
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
