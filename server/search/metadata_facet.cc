#include "server/search/metadata_facet.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "indexer/base/time.h"
#include "indexer/index/metadata_columns.h"
#include "server/search/filter.h"

namespace footnote::search {
namespace {

using index::MetadataColumns;
using index::MetadataType;
using index::MetadataValue;

constexpr uint32_t kDocumentsPerLook = 8192;
// Of one value: its text twice, its counts, and what maps need.
constexpr uint64_t kBytesOfValue = 256;
constexpr char kValuesOfFacet[] = "the values of a facet";

// Returns the day of a time.
int32_t DayOf(int64_t time) {
  constexpr int64_t kSecondsPerDay = 86400;
  return static_cast<int32_t>((time >= 0 ? time : time - kSecondsPerDay + 1) /
                              kSecondsPerDay);
}

// Returns the start of the interval that a number is in. What lies a rounding
// error below the next start belongs there: 0.3 / 0.1 is less than 3.
double StartOfInterval(double value, double interval) {
  constexpr double kNearly = 1e-9;
  const double quotient = value / interval;
  const double nearest = std::round(quotient);
  const double steps =
      std::fabs(quotient - nearest) < kNearly ? nearest : std::floor(quotient);
  // 3 / 10 is written "0.3", 3 * 0.1 is not.
  const double in_one = std::round(1 / interval);
  const bool divides_one =
      interval < 1 && std::fabs(in_one * interval - 1) < kNearly;
  return divides_one ? steps / in_one : steps * interval;
}

// Returns what a value is counted as.
std::string LabelOf(MetadataValue value, const FacetSpec& spec) {
  if (value.type == MetadataType::kNumber && spec.number_interval > 0) {
    value.number = StartOfInterval(value.number, spec.number_interval);
  }
  if (value.type == MetadataType::kTime &&
      spec.date_interval != DateInterval::kDefault) {
    return FormatInterval(DayOf(value.time), spec.date_interval);
  }
  return index::TextOf(value);
}

// The values of one field in one segment, by what they are counted as. One gets
// its number when it is met: those that no match has cost nothing.
class CountedValues {
 public:
  CountedValues(const MetadataColumns& metadata,
                const MetadataColumns::Range& range, const FacetSpec& spec)
      : metadata_(metadata),
        first_(range.first),
        spec_(spec),
        numbers_(range.end - range.first, kNone) {}

  uint32_t NumberOf(uint32_t value) {
    uint32_t& number = numbers_[value - first_];
    if (number == kNone) {
      const auto next = static_cast<uint32_t>(labels_.size());
      std::string label =
          LabelOf(index::DecodeValue(metadata_.value(value)), spec_);
      const auto [at, inserted] = by_label_.try_emplace(label, next);
      if (inserted) {
        labels_.emplace_back(std::move(label), MatchCount());
      }
      number = at->second;
    }
    return number;
  }

  // What values are counted as, with their counts, by number.
  std::vector<std::pair<std::string, MatchCount>>& labels() { return labels_; }

 private:
  static constexpr uint32_t kNone = UINT32_MAX;

  const MetadataColumns& metadata_;
  const uint32_t first_;
  const FacetSpec& spec_;
  std::vector<uint32_t> numbers_;  // by value, from the first
  std::unordered_map<std::string, uint32_t> by_label_;
  std::vector<std::pair<std::string, MatchCount>> labels_;
};

class MetadataCounter : public FacetCounter {
 public:
  explicit MetadataCounter(FacetSpec spec) : FacetCounter(std::move(spec)) {}

  absl::Status Add(const SegmentMatches& matches, const Deadline& deadline,
                   MemoryBudget* memory) override {
    const MetadataColumns& metadata = matches.segment.metadata();
    const MetadataColumns::Range range =
        metadata.ValuesOf(MetadataFieldOf(spec_.field));
    MemoryUse in_segment(*memory);
    FOOTNOTE_RETURN_IF_ERROR(in_segment.Take(
        sizeof(uint32_t) * (range.end - range.first), kValuesOfFacet));
    CountedValues values(metadata, range, spec_);
    size_t taken = 0;
    uint32_t seen = 0;
    for (const DocumentMatches& match : matches.documents) {
      CountDocument(metadata, range, match, &values);
      if (++seen % kDocumentsPerLook != 0) {
        continue;
      }
      const size_t met = values.labels().size();
      FOOTNOTE_RETURN_IF_ERROR(
          in_segment.Take((met - taken) * kBytesOfValue, kValuesOfFacet));
      taken = met;
      if (deadline.Passed()) {
        return DeadlineError();
      }
    }
    const size_t known = totals_.size();
    for (const auto& [label, count] : values.labels()) {
      AddTotal(label, label, count);
    }
    return memory->Take((totals_.size() - known) * kBytesOfValue,
                        kValuesOfFacet);
  }

 private:
  // Counts each value of a document once.
  void CountDocument(const MetadataColumns& metadata,
                     const MetadataColumns::Range& range,
                     const DocumentMatches& match, CountedValues* values) {
    numbers_.clear();
    metadata.ForEachValue(match.document, range, [&](uint32_t value) {
      numbers_.push_back(values->NumberOf(value));
    });
    std::sort(numbers_.begin(), numbers_.end());
    numbers_.erase(std::unique(numbers_.begin(), numbers_.end()),
                   numbers_.end());
    for (const uint32_t number : numbers_) {
      AddTo({match.passages, 1}, &values->labels()[number].second);
    }
    if (numbers_.empty()) {
      AddTo({match.passages, 1}, &missing_);
    }
  }

  std::vector<uint32_t> numbers_;  // of the document under way
};

}  // namespace

std::unique_ptr<FacetCounter> MakeMetadataCounter(const FacetSpec& spec) {
  return std::make_unique<MetadataCounter>(spec);
}

}  // namespace footnote::search
