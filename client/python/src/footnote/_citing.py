"""What a citation is, and what verifying it says."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from footnote.passages import PassageRef
    from footnote.v1 import QuoteCheck, QuotedPart


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
