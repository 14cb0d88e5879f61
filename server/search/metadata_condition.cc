#include "server/search/metadata_condition.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "indexer/index/segment.h"
#include "server/search/filter_condition.h"

namespace footnote::search {
namespace {

using index::MetadataColumns;
using index::MetadataType;

constexpr uint32_t kValuesPerLook = 4096;

// Returns the first bytes after all that begin with `bytes`; "" for none.
std::string After(std::string bytes) {
  while (!bytes.empty() && static_cast<unsigned char>(bytes.back()) == 0xFF) {
    bytes.pop_back();
  }
  if (!bytes.empty()) {
    bytes.back() = static_cast<char>(bytes.back() + 1);
  }
  return bytes;
}

// Finds the values of one field that meet one condition.
class ValueFinder {
 public:
  using Range = MetadataColumns::Range;

  ValueFinder(const MetadataColumns& metadata, const Filter& condition,
              const Deadline& deadline)
      : metadata_(metadata),
        condition_(condition),
        deadline_(deadline),
        field_(metadata.ValuesOf(MetadataFieldOf(condition.field))),
        strings_(OfType(MetadataType::kString)),
        times_(OfType(MetadataType::kTime)) {}

  absl::StatusOr<std::vector<Range>> Find() {
    if (condition_.op == FilterOperator::kExists) {
      return std::vector{field_};
    }
    uint32_t seen = 0;
    for (const FilterValue& value : condition_.values) {
      if (field_.is_empty()) {
        break;
      }
      if (++seen % kValuesPerLook == 0 && deadline_.Passed()) {
        return DeadlineError();
      }
      FOOTNOTE_RETURN_IF_ERROR(Add(value));
    }
    return std::move(found_);
  }

 private:
  absl::Status Add(const FilterValue& value) {
    if (const auto* text = std::get_if<std::string>(&value)) {
      return AddText(*text);
    }
    if (const auto* number = std::get_if<double>(&value)) {
      AddOrdered(OfType(MetadataType::kNumber), index::EncodeNumber(*number));
    } else {
      AddOrdered(OfType(MetadataType::kBool),
                 index::EncodeBool(std::get<bool>(value)));
    }
    return absl::OkStatus();
  }

  Range OfType(MetadataType type) const {
    const std::string tag(1, static_cast<char>(type));
    return {metadata_.LowerBound(field_, tag),
            metadata_.LowerBound(field_, After(tag))};
  }

  // Adds the values of `range` that compare as the operator says with those
  // from `first` on and before `end`.
  void AddCompared(const Range& range, uint32_t first, uint32_t end) {
    Range found{first, end};
    switch (condition_.op) {
      case FilterOperator::kLt:
        found = {range.first, first};
        break;
      case FilterOperator::kLte:
        found = {range.first, end};
        break;
      case FilterOperator::kGt:
        found = {end, range.end};
        break;
      case FilterOperator::kGte:
        found = {first, range.end};
        break;
      default:
        break;
    }
    if (!found.is_empty()) {
      found_.push_back(found);
    }
  }

  // Adds what compares with the value of such bytes, within those of its type.
  void AddOrdered(const Range& range, const std::string& bytes) {
    const uint32_t first = metadata_.LowerBound(range, bytes);
    const bool is_there = first < range.end && metadata_.value(first) == bytes;
    AddCompared(range, first, first + (is_there ? 1 : 0));
  }

  absl::Status AddText(const std::string& text) {
    if (condition_.op == FilterOperator::kContains) {
      FOOTNOTE_RETURN_IF_ERROR(AddByText(strings_));
      return AddByText(times_);
    }
    const std::string bytes = index::EncodeString(text);
    if (condition_.op == FilterOperator::kStartsWith) {
      AddCompared(strings_, metadata_.LowerBound(strings_, bytes),
                  metadata_.LowerBound(strings_, After(bytes)));
      return AddByText(times_);
    }
    AddOrdered(strings_, bytes);
    if (const std::optional<Period> period = ParsePeriod(text)) {
      const auto bound = [&](int64_t time) {
        return metadata_.LowerBound(times_, index::EncodeTime(time, ""));
      };
      AddCompared(times_, bound(period->first), bound(period->end));
      return absl::OkStatus();
    }
    // Another text is none of the times, but comes before or after each.
    return TakesMany(condition_.op) || condition_.op == FilterOperator::kEq ||
                   condition_.op == FilterOperator::kNe
               ? absl::OkStatus()
               : AddByText(times_);
  }

  // Adds the values of a range whose texts meet the condition as strings.
  absl::Status AddByText(const Range& range) {
    const StringCondition is_wanted(condition_);
    for (uint32_t i = range.first; i < range.end; ++i) {
      if (i % kValuesPerLook == 0 && deadline_.Passed()) {
        return DeadlineError();
      }
      if (!is_wanted.IsMetBy(index::DecodeValue(metadata_.value(i)).text)) {
        continue;
      }
      if (!found_.empty() && found_.back().end == i) {
        ++found_.back().end;
      } else {
        found_.push_back({i, i + 1});
      }
    }
    return absl::OkStatus();
  }

  const MetadataColumns& metadata_;
  const Filter& condition_;
  const Deadline& deadline_;
  const Range field_;
  const Range strings_;  // of the field, as are the next
  const Range times_;
  std::vector<Range> found_;
};

}  // namespace

absl::StatusOr<bool> IsFieldSeen(const View& view, std::string_view field,
                                 const Deadline& deadline) {
  const auto& segments = view.generation().segments();
  uint32_t seen = 0;
  for (size_t i = 0; i < segments.size(); ++i) {
    const MetadataColumns& metadata = segments[i]->metadata();
    const auto values = metadata.ValuesOf(MetadataFieldOf(field));
    for (uint32_t value = values.first; value < values.end; ++value) {
      bool is_seen = false;
      metadata.ForEachDocument(value, [&](uint32_t document) {
        is_seen = is_seen || !view.hidden_documents(i).contains(document);
      });
      if (is_seen) {
        return true;
      }
      if (++seen % kValuesPerLook == 0 && deadline.Passed()) {
        return DeadlineError();
      }
    }
  }
  return false;
}

absl::StatusOr<std::vector<MetadataColumns::Range>> FindValues(
    const MetadataColumns& metadata, const Filter& condition,
    const Deadline& deadline) {
  return ValueFinder(metadata, condition, deadline).Find();
}

}  // namespace footnote::search
