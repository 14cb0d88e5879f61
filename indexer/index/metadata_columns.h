// The values that documents have in the fields of their metadata.
//
// Every value of every field has a number in its segment: values are sorted by
// field, then by type, then as values of that type compare. What meets a
// comparison is a range of numbers.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "indexer/base/status.h"
#include "indexer/base/varint.h"
#include "indexer/index/column.h"

namespace footnote::index {

// In this order. A time is a string that ParseMetadataTime() reads; any other
// string is kString.
enum class MetadataType : char {
  kBool = 'b',
  kNumber = 'n',
  kString = 's',
  kTime = 't',
};

// A value that was read.
struct MetadataValue {
  MetadataType type = MetadataType::kString;
  double number = 0;      // of kNumber; 0 or 1 of kBool
  int64_t time = 0;       // of kTime: Unix seconds
  std::string_view text;  // of kString and kTime: as the metadata has it
};

// Values as bytes that compare as the values do: types in their order, false
// before true, numbers by size (as doubles; 0 and -0 are one), strings
// bytewise, times by the second, then bytewise.
std::string EncodeBool(bool value);
std::string EncodeNumber(double value);
std::string EncodeString(std::string_view value);
std::string EncodeTime(int64_t time, std::string_view text);
// Returns the Unix seconds of a day or a time, "2026-04-21" or
// "2026-04-21T09:30:00Z" as ParseTime() has them, in UTC where it names no
// offset; nothing of any other text.
std::optional<int64_t> ParseMetadataTime(std::string_view text);
// Returns the bytes of a string of metadata: a time where it is one.
std::string EncodeText(std::string_view text);

// Returns the value of such bytes, which must outlive it; an empty string where
// they are none.
MetadataValue DecodeValue(std::string_view bytes);

// Returns a value as people write it: "true", "2.5", the text itself.
std::string TextOf(const MetadataValue& value);

// Returns the entries, "field NUL value", that a document's metadata, a JSON
// object, have: each once, ascending. A member of an object within has its path
// with "." as its field; members of lists count one by one; null is no value.
// Fields whose names have a NUL are left out.
std::vector<std::string> MetadataEntries(const std::string& metadata_json);

// The columns of a segment, opened for reading. Thread-safe.
class MetadataColumns {
 public:
  // Numbers of values, [first, end).
  struct Range {
    uint32_t first = 0;
    uint32_t end = 0;
    bool is_empty() const { return first >= end; }
  };

  // Opens the columns in `folder`, of a segment of so many documents.
  // Errors: kDataLoss INDEX_CORRUPT, FILE_NOT_FOUND.
  static absl::StatusOr<MetadataColumns> Open(const std::string& folder,
                                              uint32_t documents);

  // Returns the values of a field; an empty range where no document has any.
  Range ValuesOf(std::string_view field) const;
  // Returns the first number in `range`, of one field, whose value is not
  // before `bytes`; the end of the range where there is none.
  uint32_t LowerBound(const Range& range, std::string_view bytes) const;
  // Returns the bytes of a value; "" where it is damaged.
  std::string_view value(uint32_t number) const;
  // Returns the entry of a value: its field, NUL, its bytes.
  std::string_view entry(uint32_t number) const { return values_[number]; }
  uint32_t value_count() const { return static_cast<uint32_t>(values_.size()); }

  // Calls `f` with the numbers of a document's values in `range`, ascending.
  template <typename F>
  void ForEachValue(uint32_t document, const Range& range, F&& f) const {
    ForEach(documents_[document], range.end, [&](uint32_t number) {
      if (number >= range.first) {
        f(number);
      }
    });
  }
  // Calls `f` with the documents that have a value, ascending.
  template <typename F>
  void ForEachDocument(uint32_t number, F&& f) const {
    ForEach(places_[number], document_count_, f);
  }

 private:
  // Reads ascending numbers below `end`; up to the first that is damaged.
  template <typename F>
  static void ForEach(std::string_view bytes, uint32_t end, F&& f) {
    FieldReader reader(bytes);
    uint64_t number = 0;
    while (!reader.AtEnd()) {
      const uint64_t gap = reader.Varint();
      if (!reader.ok() || gap >= end || number + gap >= end) {
        break;
      }
      number += gap;
      f(static_cast<uint32_t>(number));
    }
  }

  BlobColumn values_;     // entries, in order
  BlobColumn documents_;  // by document: its values
  BlobColumn places_;     // by value: the documents that have it
  uint32_t document_count_ = 0;
};

// Returns ascending numbers as the columns have them: varints of the first and
// of the differences.
std::string EncodeAscending(const std::vector<uint32_t>& numbers);

// Writes the columns. Not thread-safe.
class MetadataWriter {
 public:
  // Adds the next document, by its metadata.
  void Add(const std::string& metadata_json);

  // Writes and syncs the columns in `folder`. Call once, last.
  absl::Status Finish(const std::string& folder) const;

  // The memory that it takes, about.
  uint64_t memory_bytes() const;

 private:
  std::unordered_map<std::string, uint32_t> numbers_;  // as they came
  std::vector<uint32_t> values_;   // of all documents, end to end
  std::vector<uint64_t> ends_{0};  // where those of each end
  uint64_t entry_bytes_ = 0;
};

}  // namespace footnote::index
