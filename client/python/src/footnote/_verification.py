"""How citations are verified: what is asked, and what the answers mean.

Nothing here calls a server: `verification` gives requests and takes responses,
so that both clients can drive it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from footnote._citing import Citation, Verdict, VerifiedCitation
from footnote.errors import FootnoteError
from footnote.v1 import (
    CheckGroundingRequest,
    CheckGroundingResponse,
    ClaimStatus,
    GetPassageRequest,
    GroundingSource,
    Passage,
    Quote,
    QuoteCheck,
    QuoteClaim,
    QuotedPart,
    QuoteVerdict,
    VerifyQuotesRequest,
)

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Sequence

    from google.protobuf.message import Message

    from footnote.passages import PassageRef

# An answer says many short things that stand in many places.
_MIN_WORDS_SAID = 5

_LIKE = (QuoteVerdict.QUOTE_VERDICT_EXACT, QuoteVerdict.QUOTE_VERDICT_NORMALISED)


def verification(
    citations: Sequence[Citation],
) -> Generator[Message, Any, list[VerifiedCitation]]:
    """Yields requests, takes their responses or errors, and returns what they say."""
    sources: dict[PassageRef, _Source] = {}
    for ref in _refs_of(citations):
        sources[ref] = yield from _find_source(ref)
    questions = {one.key: one for one in _questions(citations, sources)}
    answers: dict[_Key, QuoteCheck] = {}
    for request, keys in _quote_requests(questions.values()):
        response = yield request
        answers.update(zip(keys, response.checks, strict=True))
    results = []
    for number, citation in enumerate(citations):
        result = _judge_quote(number, citation, sources, questions, answers)
        if _needs_grounding(result, answers.get((number, True))):
            grounding = yield _grounding_request(citation, sources)
            result = _consider_grounding(result, grounding)
        results.append(result)
    return results


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


def _find_source(ref: PassageRef) -> Generator[Message, Any, _Source]:
    """Looks a passage up, in the current generation where its own is gone."""
    reason = ""
    for attempt in _attempts(ref):
        try:
            response = yield GetPassageRequest(
                name=attempt.name, generation=attempt.generation
            )
        except FootnoteError as error:
            if error.reason not in _NOT_FOUND:
                raise
            reason = error.reason
        else:
            return _Source(attempt, response.passage)
    return _Source(attempt, None, reason)


# The number of a citation, and whether the question is of what the answer says.
_Key = tuple[int, bool]


@dataclass(frozen=True)
class _Question:
    key: _Key
    ref: PassageRef
    quote: Quote


def _refs_of(citations: Sequence[Citation]) -> list[PassageRef]:
    return list(dict.fromkeys(one.ref for one in citations if one.ref is not None))


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
    questions: Iterable[_Question],
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


def _judge_quote(
    number: int,
    citation: Citation,
    sources: dict[PassageRef, _Source],
    questions: dict[_Key, _Question],
    answers: dict[_Key, QuoteCheck],
) -> VerifiedCitation:
    """Judges a citation by what was answered of its quotes."""
    key = (number, False)
    source = sources.get(citation.ref) if citation.ref is not None else None
    passage = source.passage if source is not None else None
    claim = questions[key].quote.claim if key in questions else None
    result = _judge(citation, passage, answers.get(key), claim)
    said = answers.get((number, True))
    if said is not None and result.verdict is Verdict.VERIFIED:
        result = _consider_said(result, said)
    return result


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


def _needs_grounding(result: VerifiedCitation, said: QuoteCheck | None) -> bool:
    """Whether an answer says in words of its own what its source may say else."""
    return (
        result.verdict is Verdict.VERIFIED
        and bool(result.citation.said.strip())
        and (said is None or said.verdict not in _LIKE)
    )


def _grounding_request(
    citation: Citation, sources: dict[PassageRef, _Source]
) -> CheckGroundingRequest:
    assert citation.ref is not None  # noqa: S101 - it is verified
    ref = sources[citation.ref].ref
    return CheckGroundingRequest(
        collection=ref.collection,
        generation=ref.generation,
        answer_candidate=citation.said,
        sources=[GroundingSource(passage=ref.passage_id)],
    )


def _consider_grounding(
    result: VerifiedCitation, response: CheckGroundingResponse
) -> VerifiedCitation:
    """Looks at whether the source contradicts what the answer says."""
    pieces = [
        f'"{one.claim_piece}" for "{one.source_piece.chunk_text}"'
        for claim in response.claims
        if claim.status == ClaimStatus.CLAIM_STATUS_CONTRADICTED
        for one in claim.disagreements
        if one.HasField("source_piece")
    ]
    if not pieces:
        return result
    reason = "the source says otherwise: " + "; ".join(pieces)
    return replace(result, verdict=Verdict.WRONG, reason=reason)


def _whole(passage: Passage) -> QuotedPart:
    """Returns the footnote of a passage as a whole."""
    return QuotedPart(
        text=passage.text,
        document=passage.document,
        provenance=passage.provenance,
        passage_id=passage.passage_id,
    )
