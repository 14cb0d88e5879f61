# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads quotes.jsonl: its lines, the texts that they are about, and the quote of a line, which may have to be made."""

import unicodedata

import texts

QUOTES = texts.HERE / "quotes.jsonl"
FIELDS = {"id", "corpus", "claimed", "kind", "verdict", "spans"}
FORMS = {"upper": str.upper, "lower": str.lower, "NFD": lambda text: unicodedata.normalize("NFD", text)}


def records(errors):
    """The lines of quotes.jsonl; what is wrong with their fields is appended to errors."""
    return list(texts.records(QUOTES, FIELDS, {"quote", "made_of", "note"}, errors))


def named_documents(record):
    """The ids of all documents that a line names."""
    spans = [record["claimed"], *record["spans"], *record.get("made_of", {}).get("spans", [])]
    return {span["document_id"] for span in spans if "document_id" in span}


def read_sources(lines, path, errors):
    """The texts of the documents that lines name, by corpus; no "wikipedia" among them where its file is absent."""
    sources = {"seeds": texts.seeds()}
    if path.exists():
        named = set().union(*(named_documents(line) for line in lines if line["corpus"] == "wikipedia"))
        sources["wikipedia"] = dict(texts.articles(path, named))
        errors += [f"{path.name}: no article {name}" for name in sorted(named - set(sources["wikipedia"]))]
    return sources


def own_texts(record):
    """What a line itself holds of its quote: all of it, or what was put in the place of text of the articles."""
    if "quote" in record:
        return [record["quote"]]
    return [replacement for _, _, replacement in record["made_of"].get("edits", [])]


def check_made(record):
    """Yield what is wrong with how the quote of a line is given."""
    if ("quote" in record) == ("made_of" in record):
        yield "a line has either a quote or what it is made of"
    elif "quote" in record:
        if record["corpus"] == "wikipedia" and record["verdict"] != "ABSENT":
            yield "text of the articles stays in them: say what the quote is made of"
    elif record["corpus"] != "wikipedia":
        yield "only quotes of Wikipedia are made"
    else:
        try:
            yield from check_recipe(**record["made_of"])
        except (TypeError, ValueError) as error:
            yield f"made_of has other fields than it should: {error}"


def check_recipe(spans, form=None, edits=None):
    """Yield what is wrong with a made_of, given as its fields; TypeError or ValueError if they are others."""
    if not spans:
        yield "made of nothing"
    if form is not None and form not in FORMS:
        yield f"no form {form}"
    end = 0
    for at, length, replacement in edits or []:
        if not end <= at or length < 0 or not (length or replacement):
            yield f"the edit at {at} is empty or begins inside the one before"
        end = at + length


def text_of(record, sources):
    """The quote of a line, as it is given or as it is made from sources, its corpus; ValueError if it cannot be."""
    if "quote" in record:
        return record["quote"]
    made = record["made_of"]
    text = " ".join(texts.slice_of(span, sources) for span in made["spans"])
    if "form" in made:
        text = FORMS[made["form"]](text)
    source, result, end = text.encode("utf-8"), b"", 0
    for at, length, replacement in made.get("edits", []):
        if not end <= at <= at + length <= len(source):
            raise ValueError(f"an edit of {at}..{at + length} in {len(source)} bytes")
        result += source[end:at] + replacement.encode("utf-8")
        end = at + length
    return (result + source[end:]).decode("utf-8")
