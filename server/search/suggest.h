// Completes what a person types.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "indexer/base/status.h"
#include "server/search/deadline.h"
#include "server/search/spelling.h"
#include "server/search/view.h"

namespace footnote::search {

inline constexpr uint32_t kDefaultSuggestions = 8;
inline constexpr uint32_t kMaxSuggestions = 50;
inline constexpr size_t kMaxSuggestBytes = 1000;  // of the text

struct SuggestOptions {
  std::string text;                      // as it is typed so far
  uint32_t limit = kDefaultSuggestions;  // of each kind
};

// One way to go on.
struct Completion {
  std::string text;       // the whole text, completed
  std::string value;      // what stands at its end: a word, a name, a title
  std::string entity;     // of an entity "TYPE/id", else ""
  uint64_t passages = 0;  // of the view: that have the word, mention the
                          // entity; of a title, those of its documents
};

struct Suggestions {
  std::vector<Completion> words;     // by passages, then by word
  std::vector<Completion> entities;  // by passages, then by name
  std::vector<Completion> titles;    // in their order
  std::optional<SpellingProposal> spelling;
};

// Returns how a text may go on, by what the view shows: its last word, where
// nothing follows it, as the beginning of a folded word; its last one to four
// words as that of an entity's name; all of it as that of a title. And what the
// text should perhaps have been, but for a last word that begins others.
// Statistics of what the view does not show have no part in any of it.
//
// Errors: kInvalidArgument QUERY_EMPTY, QUERY_TOO_LONG (over kMaxSuggestBytes),
// QUERY_NOT_UTF8; kDeadlineExceeded DEADLINE_EXCEEDED; kDataLoss INDEX_CORRUPT.
// Thread-safe.
absl::StatusOr<Suggestions> Suggest(const View& view,
                                    const SuggestOptions& options,
                                    const Deadline& deadline);

}  // namespace footnote::search
