// What a segment keeps of a document besides its text.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "indexer/base/sha256.h"
#include "indexer/base/status.h"
#include "indexer/base/text_offset.h"

namespace footnote::index {

// A heading of a document: its text and where its section begins.
struct HeadingRecord {
  uint32_t start = 0;  // byte of the heading's line in the canonical text
  uint32_t level = 1;  // 1 to 6
  std::string text;
};

// A document's metadata. Title, uri and language are never empty: where the
// source gave none, they are made up, and the member of that name plus _given
// is false.
struct DocumentRecord {
  std::string document_id;
  std::string title;
  std::string uri;
  std::string filename;
  std::string media_type;
  std::string language;     // BCP 47 primary subtag, "und" for unknown
  std::string source_type;  // "FILE", "news", …
  std::optional<int64_t> create_time;   // Unix seconds
  std::optional<int64_t> update_time;   // Unix seconds
  int64_t index_time = 0;               // Unix seconds
  std::optional<int64_t> embargo_time;  // Unix seconds: not to be seen before
  std::optional<int64_t> expire_time;   // Unix seconds: nor from then on
  std::vector<std::string> access_labels;  // sorted, distinct; none: for all
  bool title_given = true;
  bool uri_given = true;
  bool language_given = true;
  std::string metadata_json;  // an object
  Digest revision{};          // SHA-256 of the canonical text
  Digest etag{};
  TextOffset size;             // of the canonical text
  uint32_t first_passage = 0;  // index in the segment
  uint32_t passage_count = 0;
  std::vector<HeadingRecord> headings;
};

// Returns the day of a record's create_time, as DocumentFacets has it.
int32_t DayOf(const DocumentRecord& record);

// Returns a title as title_order.col sorts it: ASCII capitals made small.
std::string TitleKey(std::string_view title);

// Returns the bytes of a record, and the record of such bytes.
// Errors: kDataLoss INDEX_CORRUPT for bytes that are no record.
std::string EncodeDocumentRecord(const DocumentRecord& record);
absl::StatusOr<DocumentRecord> DecodeDocumentRecord(std::string_view bytes);

}  // namespace footnote::index
