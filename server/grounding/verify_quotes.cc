#include "server/grounding/verify_quotes.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "indexer/index/generation.h"
#include "indexer/index/segment.h"
#include "server/grounding/claimed_place.h"
#include "server/grounding/passage_search.h"
#include "server/grounding/quote_assembly.h"
#include "server/grounding/quote_places.h"
#include "server/grounding/quote_text.h"
#include "server/grounding/stitched_quote.h"

namespace footnote::grounding {
namespace {

// What a quote takes while it is verified, for each of its bytes: words by
// number, patterns, texts that it is compared with and their words.
constexpr uint64_t kMemoryPerByte = 256;

Verdict LikenessOf(const FoundPlace& place) {
  if (place.is_exact) {
    return Verdict::kExact;
  }
  return place.edits == 0 ? Verdict::kNormalised : Verdict::kFuzzy;
}

// Verifies one quote.
class Verification {
 public:
  Verification(const search::View& view, const Quote& quote,
               const QuoteTokens& tokens, const search::Deadline& deadline,
               search::MemoryBudget& memory)
      : view_(view),
        claim_(quote.claim),
        quote_(quote.text),
        tokens_(tokens),
        search_(view, tokens, deadline, memory),
        places_(quote_, tokens, deadline, search_) {}

  absl::StatusOr<QuoteCheck> Run() {
    QuoteCheck check;
    if (quote_.size() > 0) {
      FOOTNOTE_ASSIGN_OR_RETURN(check, Find());
    }
    check.words = static_cast<uint32_t>(quote_.size());
    check.incomplete =
        check.verdict != Verdict::kExact && search_.is_incomplete();
    return check;
  }

 private:
  absl::StatusOr<QuoteCheck> Find() {
    FOOTNOTE_ASSIGN_OR_RETURN(claimed_, FindClaimed(view_, claim_));
    if (claimed_) {
      FOOTNOTE_ASSIGN_OR_RETURN(const std::optional<QuoteCheck> check,
                                FindInClaimed());
      if (check) {
        return *check;
      }
    }
    FOOTNOTE_ASSIGN_OR_RETURN(const std::optional<FoundPlace> place,
                              places_.FindAnywhere());
    if (place) {
      const bool is_claimed =
          !claim_.document_id.empty() || !claim_.passage_id.empty();
      return Assemble(
          *place, is_claimed ? Verdict::kMisattributed : LikenessOf(*place));
    }
    return FindStitched();
  }

  absl::StatusOr<std::optional<QuoteCheck>> FindInClaimed() {
    std::vector<FoundPlace> places;
    if (claimed_->span) {
      FOOTNOTE_ASSIGN_OR_RETURN(places, places_.FindIn(search_.Widen(
                                            claimed_->PassagesOfSpan(view_),
                                            tokens_.size(), tokens_.size())));
    }
    const auto is_there = [&](const FoundPlace& place) {
      return !claimed_->span || place.Overlaps(*claimed_->span);
    };
    auto found = std::find_if(places.begin(), places.end(), is_there);
    if (found == places.end()) {
      FOOTNOTE_ASSIGN_OR_RETURN(places,
                                places_.FindIn(claimed_->Passages(view_)));
      found = std::find_if(places.begin(), places.end(), is_there);
    }
    if (places.empty()) {
      return std::nullopt;
    }
    const bool stays = found != places.end() && !claimed_->is_other_revision;
    const FoundPlace& place = found != places.end() ? *found : places.front();
    return Assemble(place, stays ? LikenessOf(place) : Verdict::kMoved);
  }

  absl::StatusOr<QuoteCheck> FindStitched() {
    std::optional<std::pair<size_t, uint32_t>> preferred;
    if (claimed_) {
      preferred.emplace(claimed_->segment, claimed_->document);
    }
    FOOTNOTE_ASSIGN_OR_RETURN(
        const std::vector<StitchedPart> parts,
        StitchFinder(quote_, tokens_, search_, preferred).Find());
    QuoteCheck check;
    if (parts.empty()) {
      return check;
    }
    check.verdict = check.likeness = Verdict::kStitched;
    for (const StitchedPart& part : parts) {
      const FoundPart found{part.start,
                            part.end(),
                            {part.words.front().start, part.words.back().end}};
      FOOTNOTE_ASSIGN_OR_RETURN(
          QuotedPart assembled,
          AssemblePart(view_, quote_, {part.segment, part.document}, found));
      check.parts.push_back(std::move(assembled));
    }
    return check;
  }

  absl::StatusOr<QuoteCheck> Assemble(const FoundPlace& place,
                                      Verdict verdict) const {
    QuoteCheck check;
    check.verdict = verdict;
    check.likeness = LikenessOf(place);
    check.edits = place.edits;
    for (const FoundPart& part : place.parts) {
      FOOTNOTE_ASSIGN_OR_RETURN(
          QuotedPart assembled,
          AssemblePart(view_, quote_, {place.segment, place.document}, part));
      check.parts.push_back(std::move(assembled));
    }
    if (place.edits > 0) {
      FOOTNOTE_RETURN_IF_ERROR(AddDifferences(
          view_, quote_, {place.segment, place.document}, &check));
    }
    return check;
  }

  const search::View& view_;
  const QuoteClaim& claim_;
  const QuotedText quote_;
  const QuoteTokens& tokens_;
  PassageSearch search_;
  PlaceFinder places_;
  std::optional<ClaimedPlace> claimed_;
};

absl::Status CheckQuote(const Quote& quote, size_t index) {
  const std::string field = "quotes[" + std::to_string(index) + "].text";
  if (quote.text.find_first_not_of(" \t\r\n\f\v") == std::string::npos) {
    return MakeError(absl::StatusCode::kInvalidArgument, "QUOTE_EMPTY",
                     field + " is empty", {{"field", field}});
  }
  if (quote.text.size() > kMaxQuotedBytes) {
    return MakeError(
        absl::StatusCode::kInvalidArgument, "QUOTE_TOO_LONG",
        field + " has " + std::to_string(quote.text.size()) +
            " bytes; at most " + std::to_string(kMaxQuotedBytes) + " are taken",
        {{"field", field}, {"limit", std::to_string(kMaxQuotedBytes)}});
  }
  return absl::OkStatus();
}

absl::Status CheckQuotes(const std::vector<Quote>& quotes) {
  if (quotes.empty()) {
    return MakeError(absl::StatusCode::kInvalidArgument, "QUOTES_MISSING",
                     "there is no quote to verify", {{"field", "quotes"}});
  }
  if (quotes.size() > kMaxQuotes) {
    return MakeError(
        absl::StatusCode::kInvalidArgument, "QUOTES_TOO_MANY",
        std::to_string(quotes.size()) + " quotes; at most " +
            std::to_string(kMaxQuotes) + " are taken at once",
        {{"field", "quotes"}, {"limit", std::to_string(kMaxQuotes)}});
  }
  for (size_t i = 0; i < quotes.size(); ++i) {
    FOOTNOTE_RETURN_IF_ERROR(CheckQuote(quotes[i], i));
  }
  return absl::OkStatus();
}

absl::StatusOr<QuoteCheck> VerifyQuote(const search::View& view,
                                       const Quote& quote,
                                       const search::Deadline& deadline,
                                       search::MemoryBudget& memory) {
  if (deadline.Passed()) {
    return search::DeadlineError();
  }
  search::MemoryUse use(memory);
  FOOTNOTE_RETURN_IF_ERROR(
      use.Take(quote.text.size() * kMemoryPerByte, "a quote"));
  FOOTNOTE_ASSIGN_OR_RETURN(const QuoteTokens tokens,
                            ReadQuoteTokens(quote.text, deadline));
  return Verification(view, quote, tokens, deadline, memory).Run();
}

}  // namespace

absl::StatusOr<std::vector<QuoteCheck>> VerifyQuotes(
    const search::View& view, const std::vector<Quote>& quotes,
    const search::Deadline& deadline, search::MemoryBudget& memory) {
  FOOTNOTE_RETURN_IF_ERROR(CheckQuotes(quotes));
  std::vector<QuoteCheck> checks;
  search::MemoryUse answer(memory);
  for (const Quote& quote : quotes) {
    FOOTNOTE_ASSIGN_OR_RETURN(QuoteCheck check,
                              VerifyQuote(view, quote, deadline, memory));
    FOOTNOTE_RETURN_IF_ERROR(answer.Take(MemoryOf(check), "the answer"));
    checks.push_back(std::move(check));
  }
  return checks;
}

}  // namespace footnote::grounding
