#include "server/search/documents.h"

#include <algorithm>
#include <optional>
#include <queue>
#include <utility>

#include "indexer/index/segment.h"
#include "indexer/text/utf8.h"
#include "server/search/assemble.h"
#include "server/search/document_text.h"

namespace footnote::search {
namespace {

absl::Status CheckRange(uint64_t start, uint64_t end, uint64_t size) {
  if (start <= end && start <= size) {
    return absl::OkStatus();
  }
  return MakeError(absl::StatusCode::kOutOfRange, "SPAN_OUT_OF_RANGE",
                   "bytes " + std::to_string(start) + "-" +
                       std::to_string(end) + " do not lie in a document of " +
                       std::to_string(size) + " bytes",
                   {{"start", std::to_string(start)},
                    {"end", std::to_string(end)},
                    {"size", std::to_string(size)}});
}

// Collects the starts of the units (sentences or passages) of a document near
// a place, and the document's end.
class UnitStarts {
 public:
  UnitStarts(const Place& place, ContextUnit unit)
      : segment_(*place.segment),
        places_(segment_.document_place(place.document)),
        unit_(unit) {}

  // Returns where the context of `count` units before `at` starts: the start
  // of the unit that holds at - 1, and of count - 1 units before it.
  uint64_t Before(uint64_t at, uint32_t count, uint32_t passage) const {
    std::vector<uint64_t> starts;
    for (uint32_t i = passage + 1; i-- > places_.first_passage;) {
      std::vector<uint64_t> in_passage = StartsOf(i);
      while (!in_passage.empty()) {
        if (in_passage.back() < at) {
          starts.push_back(in_passage.back());
        }
        in_passage.pop_back();
      }
      if (starts.size() >= count) {
        break;
      }
    }
    return starts.empty() ? at
                          : starts[std::min<size_t>(count, starts.size()) - 1];
  }

  // Returns where the context of `count` units after `at` ends.
  uint64_t After(uint64_t at, uint32_t count, uint32_t passage) const {
    const uint32_t last = places_.first_passage + places_.passage_count;
    uint32_t found = 0;
    for (uint32_t i = passage; i < last; ++i) {
      std::vector<uint64_t> ends = StartsOf(i);
      ends.erase(ends.begin());
      ends.push_back(segment_.passage_place(i).end);
      for (const uint64_t end : ends) {
        found += end > at ? 1 : 0;
        if (found == count) {
          return end;
        }
      }
    }
    return places_.text_bytes;
  }

 private:
  std::vector<uint64_t> StartsOf(uint32_t passage) const {
    std::vector<uint64_t> starts = {segment_.passage_place(passage).start};
    if (unit_ == ContextUnit::kSentence) {
      for (const uint32_t bytes : segment_.ReadSentenceBytes(passage)) {
        starts.push_back(starts.back() + bytes);
      }
      starts.pop_back();  // the end of the last sentence
    }
    return starts;
  }

  const index::Segment& segment_;
  const index::DocumentPlace& places_;
  ContextUnit unit_;
};

}  // namespace

absl::StatusOr<DocumentText> GetDocument(const View& view,
                                         std::string_view document_id,
                                         uint64_t start, uint64_t end) {
  FOOTNOTE_ASSIGN_OR_RETURN(const Place place, FindDocument(view, document_id));
  const uint64_t size = place.text_bytes();
  end = end == 0 ? size : std::min(end, size);
  FOOTNOTE_RETURN_IF_ERROR(CheckRange(start, end, size));
  FOOTNOTE_RETURN_IF_ERROR(Widen(place, &start, &end));
  if (end - start > kMaxTextBytes) {
    end = start + kMaxTextBytes - kGraphemeReach;
    uint64_t ignored = start;
    FOOTNOTE_RETURN_IF_ERROR(Widen(place, &ignored, &end));
  }
  DocumentText result;
  FOOTNOTE_ASSIGN_OR_RETURN(result.document,
                            place.segment->ReadDocument(place.document));
  FOOTNOTE_ASSIGN_OR_RETURN(result.content, ReadBlock(place, start, end));
  return result;
}

absl::StatusOr<Passage> GetPassage(const View& view,
                                   std::string_view passage_id,
                                   uint32_t previous_count,
                                   uint32_t next_count) {
  const auto& segments = view.generation().segments();
  for (size_t i = 0; i < segments.size(); ++i) {
    const index::Segment& segment = *segments[i];
    const auto passage = FindPassageByText(segment, passage_id);
    if (!passage || view.hidden(i).contains(*passage)) {
      continue;
    }
    FOOTNOTE_ASSIGN_OR_RETURN(Passage assembled,
                              AssemblePassage(segment, *passage));
    FOOTNOTE_RETURN_IF_ERROR(AddNeighbours(segment, *passage, previous_count,
                                           next_count, &assembled));
    return assembled;
  }
  const std::string id(passage_id);
  return MakeError(absl::StatusCode::kNotFound, "PASSAGE_NOT_FOUND",
                   "there is no passage \"" + id + "\"", {{"passage_id", id}});
}

absl::StatusOr<SpanText> GetSpan(const View& view, std::string_view document_id,
                                 uint64_t start, uint64_t end,
                                 const SpanContext& context) {
  FOOTNOTE_ASSIGN_OR_RETURN(const Place place, FindDocument(view, document_id));
  const uint64_t size = place.text_bytes();
  FOOTNOTE_RETURN_IF_ERROR(CheckRange(start, end, size));
  end = std::min(end, size);
  FOOTNOTE_RETURN_IF_ERROR(Widen(place, &start, &end));
  uint64_t before = start;
  uint64_t after = end;
  if (context.count > 0) {
    const UnitStarts units(place, context.unit);
    before = units.Before(start, context.count,
                          PassageAt(*place.segment, place.document, start));
    after = units.After(end, context.count,
                        PassageAt(*place.segment, place.document, end));
  }
  if (after - before > kMaxTextBytes) {
    return MakeError(absl::StatusCode::kInvalidArgument, "SPAN_TOO_LONG",
                     "the span with its context has " +
                         std::to_string(after - before) + " bytes; at most " +
                         std::to_string(kMaxTextBytes) +
                         " are returned at once",
                     {{"limit", std::to_string(kMaxTextBytes)}});
  }
  SpanText result;
  FOOTNOTE_ASSIGN_OR_RETURN(result.document,
                            place.segment->ReadDocument(place.document));
  FOOTNOTE_ASSIGN_OR_RETURN(result.content, ReadBlock(place, start, end));
  FOOTNOTE_ASSIGN_OR_RETURN(result.before, ReadBlock(place, before, start));
  FOOTNOTE_ASSIGN_OR_RETURN(result.after, ReadBlock(place, end, after));
  FOOTNOTE_ASSIGN_OR_RETURN(
      result.provenance,
      AssembleProvenance(*place.segment, place.document, result.document,
                         result.content.span));
  return result;
}

absl::StatusOr<std::vector<index::DocumentRecord>> ListDocuments(
    const View& view, std::string_view after_document_id, uint32_t limit) {
  // Each segment has its documents in order; take the least of all heads.
  struct Head {
    const index::Segment* segment;
    const Roaring* hidden;
    uint64_t next;  // in document_order()
  };
  const auto id_of = [](const Head& head) {
    return head.segment->document_id(head.segment->document_order()[head.next]);
  };
  const auto later = [&](const Head& a, const Head& b) {
    return id_of(a) > id_of(b);
  };
  std::priority_queue<Head, std::vector<Head>, decltype(later)> heads(later);
  const auto& segments = view.generation().segments();
  for (size_t i = 0; i < segments.size(); ++i) {
    const index::Segment& segment = *segments[i];
    const auto& order = segment.document_order();
    const auto* const at =
        std::upper_bound(order.begin(), order.end(), after_document_id,
                         [&](std::string_view id, uint32_t document) {
                           return id < segment.document_id(document);
                         });
    if (at != order.end()) {
      heads.push({&segment, &view.hidden_documents(i),
                  static_cast<uint64_t>(at - order.begin())});
    }
  }
  std::vector<index::DocumentRecord> documents;
  while (!heads.empty() && documents.size() < limit) {
    Head head = heads.top();
    heads.pop();
    const uint32_t document = head.segment->document_order()[head.next];
    if (!head.hidden->contains(document)) {
      FOOTNOTE_ASSIGN_OR_RETURN(index::DocumentRecord record,
                                head.segment->ReadDocument(document));
      documents.push_back(std::move(record));
    }
    if (++head.next < head.segment->document_order().size()) {
      heads.push(head);
    }
  }
  return documents;
}

}  // namespace footnote::search
