// Checks the claims of an answer against passages, documents, given facts or a
// whole collection.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "indexer/base/status.h"
#include "indexer/base/text_offset.h"
#include "server/grounding/claim_check.h"
#include "server/grounding/claims.h"
#include "server/search/deadline.h"
#include "server/search/result.h"
#include "server/search/searcher.h"
#include "server/search/view.h"

namespace footnote::grounding {

// Limits, stated in the API.
inline constexpr size_t kMaxAnswerBytes = 1 << 20;
inline constexpr size_t kMaxGroundingSources = 200;
inline constexpr size_t kMaxSourceBytes = 4 << 20;  // of all sources together
inline constexpr double kDefaultCitationThreshold = 0.6;

// A text that is given with the call instead of standing in the collection.
struct Fact {
  std::string text;
  std::vector<std::pair<std::string, std::string>> attributes;
};

// One of: a passage, a document, a fact.
struct GroundingSource {
  enum class Kind { kPassage, kDocument, kFact };

  Kind kind = Kind::kFact;
  std::string id;  // of a passage or document
  Fact fact;
};

struct GroundingRequest {
  std::string answer;  // valid UTF-8
  // In the order that citation marks count them; none for the whole collection.
  std::vector<GroundingSource> sources;
  double citation_threshold = kDefaultCitationThreshold;  // (0, 1]
  std::string language;         // of the answer and facts; "" to detect it
  bool find_citations = false;  // in the collection too, where `sources` bear
                                // a claim not
  uint64_t memory_bytes = search::kDefaultMemory;
};

// Returns OK where an answer and what else does not depend on the collection
// can be checked, else the first of the errors that CheckGrounding() has for
// it.
absl::Status CheckRequest(const GroundingRequest& request);

// A sentence of a source that bears claims or contradicts them, with its
// footnote.
struct CitedChunk {
  static constexpr uint32_t kNoSource = UINT32_MAX;

  uint32_t source = kNoSource;  // in the request; kNoSource where it was found
  search::TextBlock content;    // in the document, or in the fact
  // Of a passage or document; empty for a fact.
  std::string passage_id;
  index::DocumentRecord document;
  search::Provenance provenance;
};

enum class ClaimStatus {
  kExempt,        // needs no grounding
  kSupported,     // its score reaches the threshold, and nothing disagrees
  kContradicted,  // the sources say a piece of it otherwise
  kUnsupported,   // the sources do not say it
};

// A chunk that bears a claim.
struct ClaimCitation {
  uint32_t chunk = 0;  // index in GroundingResult::chunks
  double share = 0;    // of the claim that it covers, [0, 1]
};

// A piece of a claim that the sources say otherwise or do not say.
struct ClaimDisagreement {
  DisagreementKind kind = DisagreementKind::kNumber;
  Span span;  // in the answer
  // What the sources have in its place, as chunk and bytes in it.
  std::optional<CitedChunk> source;
};

// A citation mark and where it stands in the answer.
struct MarkInAnswer {
  Span span;
  std::vector<uint32_t> numbers;
};

// How many sources say a claim. Documents whose sentence on it is nearly the
// same count once.
struct Corroboration {
  std::vector<uint32_t> agreeing;     // chunks, one for each such source
  std::vector<uint32_t> disagreeing;  // likewise, of those that say otherwise
  uint32_t near_duplicates = 0;       // documents not counted
};

struct CheckedClaim {
  Span span;  // in the answer
  Exemption exemption = Exemption::kNone;
  ClaimStatus status = ClaimStatus::kExempt;
  double score = 0;                 // [0, 1]; 0 where exempt
  std::vector<MarkInAnswer> marks;  // by start
  // The sources that it cites bear it. Nothing where it cites none.
  std::optional<bool> marks_hold;
  std::vector<ClaimCitation> citations;  // best first
  // What the collection has for a claim that the given sources bear not, where
  // `find_citations`; best first.
  std::vector<ClaimCitation> suggestions;
  std::vector<ClaimDisagreement> disagreements;
  Corroboration corroboration;
};

struct GroundingResult {
  // The mean of the scores of claims that need grounding, by their length; 1
  // where none does.
  double support_score = 0;
  std::vector<CheckedClaim> claims;  // by start
  std::vector<CitedChunk> chunks;    // distinct; in the order of citing
};

// Checks an answer. Deterministic for one view and thread-safe. A claim that
// cites given sources by their numbers is checked against these first, and
// against the others where they do not bear it.
//
// Errors: kInvalidArgument ANSWER_EMPTY, ANSWER_TOO_LONG, ANSWER_NOT_UTF8,
// CITATION_THRESHOLD_INVALID, SOURCES_TOO_MANY, SOURCES_TOO_LONG;
// kNotFound DOCUMENT_NOT_FOUND, PASSAGE_NOT_FOUND; kDeadlineExceeded
// DEADLINE_EXCEEDED; kResourceExhausted SEARCH_TOO_LARGE; kDataLoss
// INDEX_CORRUPT.
absl::StatusOr<GroundingResult> CheckGrounding(
    const search::View& view, const GroundingRequest& request,
    const search::Deadline& deadline);

}  // namespace footnote::grounding
