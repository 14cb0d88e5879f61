// What a passage, a span or a text is about, as a query.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "indexer/base/status.h"
#include "server/search/deadline.h"
#include "server/search/ranking_options.h"
#include "server/search/view.h"

namespace footnote::search {

inline constexpr uint64_t kMaxLikeBytes = 100 << 10;  // of a source
inline constexpr size_t kMaxLikeWords = 40;           // that are looked for

// A text that passages are to be like.
struct LikeSource {
  std::string text;
  std::string language;       // of its document; "" where that is not known
  std::vector<ResultId> own;  // what it is itself: not to be found
};

// Returns a passage as a source. `own` is the passage, or with `whole_document`
// all of its document.
// Errors: kNotFound PASSAGE_NOT_FOUND; kDataLoss INDEX_CORRUPT.
absl::StatusOr<LikeSource> SourceOfPassage(const View& view,
                                           std::string_view passage_id,
                                           bool whole_document);

// Returns [start, end) bytes of a document as a source, widened to grapheme
// boundaries; `end` 0 or past the end means the end. `own` are the passages
// that have a part of it.
// Errors: kInvalidArgument SOURCES_TOO_LONG over kMaxLikeBytes; those of
// GetDocument().
absl::StatusOr<LikeSource> SourceOfSpan(const View& view,
                                        std::string_view document_id,
                                        uint64_t start, uint64_t end,
                                        bool whole_document);

// A word that tells a source from other texts.
struct SourceWord {
  std::string word;       // as the source has it first
  uint32_t first = 0;     // token of the source
  uint32_t count = 0;     // of its stem in the source
  uint64_t passages = 0;  // of the view that have it
  double boost = 1;       // in a query
  double weight = 0;      // the boost times the IDF
};

// Returns the words of a source that weigh most, those first, then in the order
// of the text; no function words, and none that only the source itself has. Of
// a long source, the 1,000 words that it has most often are looked up.
// Errors: kDeadlineExceeded DEADLINE_EXCEEDED; kDataLoss INDEX_CORRUPT.
absl::StatusOr<std::vector<SourceWord>> ChooseWords(const View& view,
                                                    const LikeSource& source,
                                                    const Deadline& deadline);

// Returns a query for words as they are boosted, in the query language and the
// order of the source: words that follow each other there tell more together.
std::string QueryOf(std::vector<SourceWord> words);

}  // namespace footnote::search
