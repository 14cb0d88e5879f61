#include "server/search/hiding.h"

#include <string>

#include "indexer/index/segment.h"

namespace footnote::search {
namespace {

// A print, its first runs in the finder and what maps need.
constexpr uint64_t kBytesOfRun = 24;
constexpr uint64_t kBytesOfPrint = 512;

}  // namespace

void Hiding::Begin() {
  finder_.emplace(options_.collapse);
  shown_.clear();
  repeats_.clear();
  taken_.clear();
  hidden_ = {};
}

absl::Status Hiding::AddPinned(const Place& place, const Deadline& limit) {
  if (options_.collapse == Collapse::kNone) {
    return absl::OkStatus();
  }
  cut_short_ |= limit.Passed();
  if (cut_short_) {
    return absl::OkStatus();
  }
  FOOTNOTE_ASSIGN_OR_RETURN(const TextPrint* print, Read(place));
  AddShown(place, *print);
  return absl::OkStatus();
}

absl::StatusOr<bool> Hiding::Shows(const Place& place, const Deadline& limit) {
  if (!options_.hides()) {
    return true;
  }
  const bool is_looked_at = hidden_.looked_at < kHidingDepth;
  hidden_.looked_at += is_looked_at ? 1 : 0;
  const uint32_t most = options_.max_passages_per_document;
  const uint32_t document = view_.generation()
                                .segments()[place.first]
                                ->passage_place(place.second)
                                .document;
  const bool is_full = most > 0 && taken_[{place.first, document}] >= most;
  if (is_looked_at && options_.collapse != Collapse::kNone) {
    FOOTNOTE_ASSIGN_OR_RETURN(const bool is_repeat, IsRepeat(place, limit));
    if (is_repeat) {
      ++hidden_.duplicates;
      return false;
    }
  }
  if (is_full) {
    hidden_.beyond_document += is_looked_at ? 1 : 0;
    return false;
  }
  if (most > 0) {
    ++taken_[{place.first, document}];
  }
  if (const auto print = prints_.find(place); print != prints_.end()) {
    AddShown(place, print->second);
  }
  return true;
}

const Hiding::Repeats& Hiding::RepeatsOf(const Place& place) const {
  static const Repeats kNone;
  const auto found = repeats_.find(place);
  return found == repeats_.end() ? kNone : found->second;
}

// Returns whether a result repeats one that is shown, and notes that there.
absl::StatusOr<bool> Hiding::IsRepeat(const Place& place,
                                      const Deadline& limit) {
  cut_short_ |= limit.Passed();
  if (cut_short_) {
    return false;
  }
  FOOTNOTE_ASSIGN_OR_RETURN(const TextPrint* print, Read(place));
  const std::optional<RepeatFinder::Found> found = finder_->Find(*print);
  if (!found) {
    return false;
  }
  Repeats& repeats = repeats_[shown_[found->index]];
  ++repeats.count;
  if (repeats.named.size() < kMostNamedDuplicates) {
    repeats.named.push_back({place, found->resemblance});
  }
  return true;
}

void Hiding::AddShown(const Place& place, const TextPrint& print) {
  finder_->Add(print);
  shown_.push_back(place);
}

absl::StatusOr<const TextPrint*> Hiding::Read(const Place& place) {
  if (const auto known = prints_.find(place); known != prints_.end()) {
    return &known->second;
  }
  const index::Segment& segment = *view_.generation().segments()[place.first];
  const index::PassagePlace& at = segment.passage_place(place.second);
  FOOTNOTE_ASSIGN_OR_RETURN(const std::string text,
                            segment.ReadText(at.document, at.start, at.end));
  TextPrint print = PrintOf(text, options_.collapse);
  FOOTNOTE_RETURN_IF_ERROR(
      memory_.Take(kBytesOfPrint + kBytesOfRun * print.size(), "duplicates"));
  return &prints_.emplace(place, std::move(print)).first->second;
}

}  // namespace footnote::search
