// Citations of what a document said once.

#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "indexer/base/sha256.h"
#include "indexer/base/status.h"
#include "server/search/catalog.h"
#include "server/search/deadline.h"
#include "server/search/documents.h"

namespace footnote::search {

// A span of one revision of a document.
struct CitedSpan {
  std::string collection;
  std::string document_id;
  Digest revision{};
  uint64_t generation = 0;  // the one that may answer; 0 for any
  uint64_t start = 0;       // bytes
  uint64_t end = 0;
  SpanContext context;
  std::string quote;                  // its text; "" where it is not known
  std::optional<Digest> text_sha256;  // the digest of its text, where known
};

// What has become of a document since.
struct Superseded {
  uint64_t generation = 0;         // the current one
  std::optional<Digest> revision;  // its revision there; none: it is gone
};

struct CitedText {
  std::shared_ptr<const View> view;  // that answers
  SpanText span;
  std::optional<Superseded> superseded;  // where the revision is not current
  std::vector<Span> moved_to;            // where its text stands now
};

// Returns a cited span: from the current generation where that has the
// revision, else from the newest retained one that has it, else, where its text
// is known and stands in the current revision, from there. Opens no more than
// the segments that the document may be in. Thread-safe.
// Errors: as of Catalog::Get() and GetSpan(); kFailedPrecondition REVISION_GONE
// with the current revision; kDeadlineExceeded DEADLINE_EXCEEDED.
absl::StatusOr<CitedText> GetCitedSpan(const Catalog& catalog,
                                       const CitedSpan& cited,
                                       const Deadline& deadline);

}  // namespace footnote::search
