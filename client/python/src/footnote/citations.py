"""A model's citations as verified spans.

`footnote.formats` reads the citations of an answer; `verify` asks the server
what stands where they say, and tells good ones from shifted, wrong and invented
ones.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from footnote.errors import FootnoteError
from footnote.v1 import (
    GetPassageRequest,
    Passage,
    Quote,
    QuoteCheck,
    QuoteClaim,
    QuotedPart,
    QuoteVerdict,
    VerifyQuotesRequest,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from footnote.aio import AsyncClient
    from footnote.client import Client
    from footnote.passages import PassageRef

# An answer says many short things that stand in many places.
_MIN_WORDS_SAID = 5

_LIKE = (QuoteVerdict.QUOTE_VERDICT_EXACT, QuoteVerdict.QUOTE_VERDICT_NORMALISED)


@dataclass(frozen=True, kw_only=True)
class Citation:
    """One citation of an answer, as the model gave it.

    Attributes:
        ref: The passage that it names; None where it names nothing that was
            sent, and then `missing` says so.
        quote: What it says that the source says; empty where the format does
            not have that.
        place: Where in the passage it says that `quote` stands, in code points;
            None for anywhere.
        answer: The part of the answer that cites, in code points.
        said: The text of that part, where it may be the source's own words.
        label: What the answer calls the source.
        missing: Why there is no source.
        fault: What in the citation contradicts itself, if anything does.
    """

    ref: PassageRef | None
    quote: str = ""
    place: tuple[int, int] | None = None
    answer: tuple[int, int]
    said: str = ""
    label: str = ""
    missing: str = ""
    fault: str = ""


class Verdict(enum.Enum):
    """What a citation is."""

    VERIFIED = "verified"  # the source has it, where the citation says
    SHIFTED = "shifted"  # the source has it, but not where the citation says
    WRONG = "wrong"  # the source does not have it so, or another source has it
    INVENTED = "invented"  # there is no such source, or nothing that says it


@dataclass(frozen=True)
class VerifiedCitation:
    """A citation and what the server says of it.

    Attributes:
        citation: The citation.
        verdict: What it is.
        reason: Why it is not `VERIFIED`, in English.
        parts: The footnotes: what truly stands, where, and what proves it. One,
            or several of what was stitched together; none of what is invented.
        check: What VerifyQuotes answered; None where there was nothing to ask.
    """

    citation: Citation
    verdict: Verdict
    reason: str = ""
    parts: tuple[QuotedPart, ...] = ()
    check: QuoteCheck | None = field(default=None, repr=False)


def verify(client: Client, citations: Iterable[Citation]) -> list[VerifiedCitation]:
    """Verifies citations by the passages that they name; keeps their order.

    They are looked up in the generation that they name, in the current one where
    that is no longer kept.
    """
    given = list(citations)
    sources: dict[PassageRef, _Source] = {}
    for ref in _refs_of(given):
        for attempt in _attempts(ref):
            try:
                response = client.get_passage(_passage_request(attempt))
            except FootnoteError as error:
                sources[ref] = _missing(attempt, error)
            else:
                sources[ref] = _Source(attempt, response.passage)
                break
    questions = _questions(given, sources)
    answers: dict[_Key, QuoteCheck] = {}
    for request, keys in _quote_requests(questions):
        checks = client.verify_quotes(request).checks
        answers.update(zip(keys, checks, strict=True))
    return _judge_all(given, sources, questions, answers)


async def averify(
    client: AsyncClient, citations: Iterable[Citation]
) -> list[VerifiedCitation]:
    """Verifies citations as `verify` does."""
    given = list(citations)
    sources: dict[PassageRef, _Source] = {}
    for ref in _refs_of(given):
        for attempt in _attempts(ref):
            try:
                response = await client.get_passage(_passage_request(attempt))
            except FootnoteError as error:
                sources[ref] = _missing(attempt, error)
            else:
                sources[ref] = _Source(attempt, response.passage)
                break
    questions = _questions(given, sources)
    answers: dict[_Key, QuoteCheck] = {}
    for request, keys in _quote_requests(questions):
        checks = (await client.verify_quotes(request)).checks
        answers.update(zip(keys, checks, strict=True))
    return _judge_all(given, sources, questions, answers)


# What a server says of a name that nothing has.
_NOT_FOUND = frozenset(
    {
        "COLLECTION_NAME_INVALID",
        "COLLECTION_NOT_FOUND",
        "GENERATION_NOT_FOUND",
        "NAME_INVALID",
        "PASSAGE_NOT_FOUND",
    }
)


@dataclass(frozen=True)
class _Source:
    """What was found by the name of a passage."""

    ref: PassageRef  # in the generation that was asked last
    passage: Passage | None
    reason: str = ""  # why there is no passage

    @property
    def can_be_asked(self) -> bool:
        """Whether quotes can be looked for in its collection."""
        return self.reason in {"", "PASSAGE_NOT_FOUND"}


def _attempts(ref: PassageRef) -> list[PassageRef]:
    return list(dict.fromkeys([ref, ref._replace(generation=0)]))


def _missing(ref: PassageRef, error: FootnoteError) -> _Source:
    if error.reason not in _NOT_FOUND:
        raise error
    return _Source(ref, None, error.reason)


# The number of a citation, and whether the question is of what the answer says.
_Key = tuple[int, bool]


@dataclass(frozen=True)
class _Question:
    key: _Key
    ref: PassageRef
    quote: Quote


def _refs_of(citations: Sequence[Citation]) -> list[PassageRef]:
    return list(dict.fromkeys(one.ref for one in citations if one.ref is not None))


def _passage_request(ref: PassageRef) -> GetPassageRequest:
    return GetPassageRequest(name=ref.name, generation=ref.generation)


def _questions(
    citations: Sequence[Citation], sources: dict[PassageRef, _Source]
) -> list[_Question]:
    questions = []
    for number, citation in enumerate(citations):
        source = sources.get(citation.ref) if citation.ref is not None else None
        if source is None or not source.can_be_asked:
            continue
        place = citation.place
        texts = [(citation.quote, place, False), (citation.said, None, True)]
        for text, where, is_said in texts:
            if not text.strip() or (is_said and len(text.split()) < _MIN_WORDS_SAID):
                continue
            claim = _claim(source.passage, where)
            quote = Quote(text=text, claim=claim)
            questions.append(_Question((number, is_said), source.ref, quote))
    return questions


def _claim(passage: Passage | None, place: tuple[int, int] | None) -> QuoteClaim | None:
    """Returns the claim that a text stands at a place of a passage."""
    if passage is None:
        return None
    start, end = _clip(passage.text, place)
    if start >= end:
        return QuoteClaim(passage=passage.name)
    first = passage.provenance.span.start_byte + len(passage.text[:start].encode())
    return QuoteClaim(
        document=passage.document.name,
        document_revision=passage.provenance.document_revision,
        start_byte=first,
        end_byte=first + len(passage.text[start:end].encode()),
    )


def _clip(text: str, place: tuple[int, int] | None) -> tuple[int, int]:
    start, end = place or (0, len(text))
    return max(0, start), min(len(text), end)


def _quote_requests(
    questions: Sequence[_Question],
) -> Iterable[tuple[VerifyQuotesRequest, list[_Key]]]:
    """Yields one request for each generation that is asked."""
    groups: dict[tuple[str, int], list[_Question]] = {}
    for question in questions:
        key = (question.ref.collection, question.ref.generation)
        groups.setdefault(key, []).append(question)
    for (collection, generation), asked in groups.items():
        request = VerifyQuotesRequest(
            collection=collection,
            generation=generation,
            quotes=[question.quote for question in asked],
        )
        yield request, [question.key for question in asked]


def _judge_all(
    citations: Sequence[Citation],
    sources: dict[PassageRef, _Source],
    questions: Sequence[_Question],
    answers: dict[_Key, QuoteCheck],
) -> list[VerifiedCitation]:
    claims = {question.key: question.quote.claim for question in questions}
    judged = []
    for number, citation in enumerate(citations):
        source = sources.get(citation.ref) if citation.ref is not None else None
        passage = source.passage if source is not None else None
        check = answers.get((number, False))
        result = _judge(citation, passage, check, claims.get((number, False)))
        said = answers.get((number, True))
        if said is not None and result.verdict is Verdict.VERIFIED:
            result = _consider_said(result, said)
        judged.append(result)
    return judged


def _judge(
    citation: Citation,
    passage: Passage | None,
    check: QuoteCheck | None,
    claim: QuoteClaim | None,
) -> VerifiedCitation:
    if citation.ref is None:
        return VerifiedCitation(citation, Verdict.INVENTED, citation.missing)
    if passage is None:
        reason = f"there is no passage {citation.ref.passage_id}"
        parts = tuple(check.parts) if check is not None else ()
        verdict = Verdict.WRONG if parts else Verdict.INVENTED
        return VerifiedCitation(citation, verdict, reason, parts, check)
    if check is None or claim is None:
        verdict = Verdict.SHIFTED if citation.fault else Verdict.VERIFIED
        return VerifiedCitation(citation, verdict, citation.fault, (_whole(passage),))
    verdict, reason = Verdict.VERIFIED, ""
    if not _is_slice(citation, passage):
        verdict, reason = _verdict_of(citation, check, claim)
    if verdict is Verdict.VERIFIED and citation.fault:
        verdict, reason = Verdict.SHIFTED, citation.fault
    return VerifiedCitation(citation, verdict, reason, tuple(check.parts), check)


def _is_slice(citation: Citation, passage: Passage) -> bool:
    """Whether the passage has the quote at its place, to the last character."""
    if citation.place is None:
        return False
    start, end = citation.place
    return passage.text[start:end] == citation.quote


def _verdict_of(
    citation: Citation, check: QuoteCheck, claim: QuoteClaim
) -> tuple[Verdict, str]:
    match check.verdict:
        case QuoteVerdict.QUOTE_VERDICT_EXACT | QuoteVerdict.QUOTE_VERDICT_NORMALISED:
            return _compare_places(citation, check, claim)
        case QuoteVerdict.QUOTE_VERDICT_MOVED if check.likeness in _LIKE:
            return Verdict.SHIFTED, "it stands elsewhere in the document"
        case QuoteVerdict.QUOTE_VERDICT_MISATTRIBUTED:
            other = check.parts[0].document.document_id
            return Verdict.WRONG, f"it stands in another document, {other}"
        case QuoteVerdict.QUOTE_VERDICT_STITCHED:
            return Verdict.WRONG, "it is put together of several places"
        case QuoteVerdict.QUOTE_VERDICT_ABSENT:
            return Verdict.INVENTED, "nothing in the collection says so"
        case _:
            return Verdict.WRONG, _differences(check)


def _compare_places(
    citation: Citation, check: QuoteCheck, claim: QuoteClaim
) -> tuple[Verdict, str]:
    """Compares where a text stands with its claimed place, which it overlaps."""
    if citation.place is None:
        return Verdict.VERIFIED, ""
    found = check.parts[0].provenance.span
    if (found.start_byte, found.end_byte) == (claim.start_byte, claim.end_byte):
        return Verdict.VERIFIED, ""
    return Verdict.SHIFTED, (
        f"it stands at bytes {found.start_byte}-{found.end_byte}, "
        f"not at {claim.start_byte}-{claim.end_byte}"
    )


def _differences(check: QuoteCheck) -> str:
    """Says how a quote differs from what the source has."""
    differences = [
        f'"{one.quote_text}" for "{one.source_text}"' for one in check.differences
    ]
    return "; ".join(differences) or "it differs from what the source says"


def _consider_said(result: VerifiedCitation, said: QuoteCheck) -> VerifiedCitation:
    """Looks at an answer's own words, where they are those of some source.

    In the source that is cited they make the footnote more exact; in another
    one only, the wrong source is cited.
    """
    if said.verdict in _LIKE:
        return replace(result, parts=tuple(said.parts), check=said)
    if (
        said.verdict == QuoteVerdict.QUOTE_VERDICT_MISATTRIBUTED
        and said.likeness in _LIKE
    ):
        other = said.parts[0].document.document_id
        reason = f"what the answer says stands in another document, {other}"
        return replace(
            result,
            verdict=Verdict.WRONG,
            reason=reason,
            parts=tuple(said.parts),
            check=said,
        )
    return result


def _whole(passage: Passage) -> QuotedPart:
    """Returns the footnote of a passage as a whole."""
    return QuotedPart(
        text=passage.text,
        document=passage.document,
        provenance=passage.provenance,
        passage_id=passage.passage_id,
    )
