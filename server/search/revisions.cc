#include "server/search/revisions.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <functional>
#include <map>
#include <utility>

#include "indexer/index/manifest.h"
#include "indexer/index/segment.h"
#include "server/search/document_text.h"
#include "server/search/moved_text.h"

namespace footnote::search {
namespace {

// Returns the numbers of the generations before `current` whose manifests are
// there, from the last to the first.
std::vector<uint64_t> RetainedBefore(const std::string& folder,
                                     uint64_t current) {
  std::vector<uint64_t> numbers;
  std::error_code error;
  for (const auto& entry :
       std::filesystem::directory_iterator(folder + "/generations", error)) {
    const std::string name = entry.path().filename().string();
    uint64_t number = 0;
    const char* const last = name.data() + name.size();
    const auto parsed = std::from_chars(name.data(), last, number);
    if (parsed.ec == std::errc() && std::string_view(parsed.ptr) == ".json" &&
        number < current) {
      numbers.push_back(number);
    }
  }
  std::sort(numbers.rbegin(), numbers.rend());
  return numbers;
}

// Returns the index of a document of a segment, also one that is gone.
std::optional<uint32_t> FindEvenGone(const index::Segment& segment,
                                     std::string_view document_id) {
  const auto& order = segment.document_order();
  const auto* const at =
      std::lower_bound(order.begin(), order.end(), document_id,
                       [&](uint32_t document, std::string_view id) {
                         return segment.document_id(document) < id;
                       });
  if (at == order.end() || segment.document_id(*at) != document_id) {
    return std::nullopt;
  }
  return *at;
}

// Looks for a revision of a document in the generations of a collection.
class RevisionFinder {
 public:
  RevisionFinder(std::string folder, const CitedSpan& cited,
                 const index::Generation& current)
      : folder_(std::move(folder)), cited_(cited) {
    for (const auto& segment : current.segments()) {
      const auto id = std::filesystem::path(segment->folder()).filename();
      known_[id.string()] = FindIn(*segment);
    }
  }

  // Returns whether a generation has the revision; false where it cannot be
  // read, for it may be removed at any time.
  bool IsIn(uint64_t generation) {
    const auto manifest = index::ReadManifest(folder_, generation);
    if (!manifest.ok()) {
      return false;
    }
    return std::any_of(
        manifest->segments.begin(), manifest->segments.end(),
        [&](const index::SegmentEntry& entry) { return IsIn(entry); });
  }

 private:
  bool IsIn(const index::SegmentEntry& entry) {
    const auto known = known_.find(entry.segment.id);
    const std::optional<uint32_t> document =
        known != known_.end() ? known->second : OpenAndFind(entry);
    if (!document || !entry.tombstones) {
      return document.has_value();
    }
    const auto tombstones = index::Tombstones::Read(
        index::GenerationFilePath(folder_, entry.tombstones->file.name));
    return tombstones.ok() && !tombstones->documents.contains(*document);
  }

  std::optional<uint32_t> OpenAndFind(const index::SegmentEntry& entry) {
    index::SegmentEntry whole = entry;
    whole.tombstones.reset();
    const auto segment = index::OpenSegment(folder_, whole);
    return known_[entry.segment.id] =
               segment.ok() ? FindIn(**segment) : std::nullopt;
  }

  std::optional<uint32_t> FindIn(const index::Segment& segment) const {
    const auto document = FindEvenGone(segment, cited_.document_id);
    if (!document) {
      return std::nullopt;
    }
    const auto record = segment.ReadDocument(*document);
    return record.ok() && record->revision == cited_.revision ? document
                                                              : std::nullopt;
  }

  const std::string folder_;
  const CitedSpan& cited_;
  // The document in each segment that was looked at, where it has the revision.
  std::map<std::string, std::optional<uint32_t>> known_;
};

absl::StatusOr<SpanText> ReadSpan(const View& view, const CitedSpan& cited) {
  return GetSpan(view, cited.document_id, cited.start, cited.end,
                 cited.context);
}

// One cited span, step by step.
class Citation {
 public:
  Citation(const Catalog& catalog, const CitedSpan& cited,
           const Deadline& deadline)
      : catalog_(catalog), cited_(cited), deadline_(deadline) {}

  absl::StatusOr<CitedText> Read() {
    FOOTNOTE_ASSIGN_OR_RETURN(current_, catalog_.Get(cited_.collection, 0));
    place_ = FindDocument(*current_, cited_.document_id);
    if (place_.ok()) {
      FOOTNOTE_ASSIGN_OR_RETURN(
          const index::DocumentRecord record,
          place_->segment->ReadDocument(place_->document));
      current_revision_ = record.revision;
    }
    const uint64_t number = current_->generation().info().number;
    const bool may_be_current =
        cited_.generation == 0 || cited_.generation == number;
    if (may_be_current && current_revision_ == cited_.revision) {
      FOOTNOTE_ASSIGN_OR_RETURN(SpanText span, ReadSpan(*current_, cited_));
      return CitedText{current_, std::move(span), std::nullopt, {}};
    }
    FOOTNOTE_ASSIGN_OR_RETURN(std::optional<CitedText> retained,
                              ReadRetained(number));
    if (retained) {
      return *std::move(retained);
    }
    return ReadMoved();
  }

 private:
  std::vector<uint64_t> Candidates(uint64_t current) const {
    if (cited_.generation != 0) {
      return {cited_.generation};
    }
    return RetainedBefore(catalog_.FolderOf(cited_.collection), current);
  }

  // Reads the span from a retained generation; nothing where none has it.
  absl::StatusOr<std::optional<CitedText>> ReadRetained(uint64_t current) {
    RevisionFinder finder(catalog_.FolderOf(cited_.collection), cited_,
                          current_->generation());
    for (const uint64_t number : Candidates(current)) {
      if (deadline_.Passed()) {
        return DeadlineError();
      }
      if (!finder.IsIn(number)) {
        continue;
      }
      const auto view = catalog_.Get(cited_.collection, number);
      if (!view.ok() || !FindDocument(**view, cited_.document_id).ok()) {
        continue;  // removed meanwhile, or not to be seen
      }
      FOOTNOTE_ASSIGN_OR_RETURN(SpanText span, ReadSpan(**view, cited_));
      CitedText text{*view, std::move(span), MakeSuperseded(), {}};
      if (place_.ok()) {
        FOOTNOTE_ASSIGN_OR_RETURN(
            text.moved_to,
            FindText(*place_, text.span.content.text, deadline_));
      }
      return text;
    }
    return std::nullopt;
  }

  // Reads the text where it stands in the current revision.
  absl::StatusOr<CitedText> ReadMoved() {
    FOOTNOTE_RETURN_IF_ERROR(place_.status());
    std::vector<Span> places;
    if (!cited_.quote.empty()) {
      FOOTNOTE_ASSIGN_OR_RETURN(places,
                                FindText(*place_, cited_.quote, deadline_));
    } else if (cited_.text_sha256 && cited_.start < cited_.end) {
      FOOTNOTE_ASSIGN_OR_RETURN(places,
                                FindDigest(*place_, cited_.end - cited_.start,
                                           *cited_.text_sha256, deadline_));
    }
    if (places.empty()) {
      return GoneError();
    }
    CitedSpan moved = cited_;
    moved.start = places.front().start.bytes;
    moved.end = places.front().end.bytes;
    FOOTNOTE_ASSIGN_OR_RETURN(SpanText span, ReadSpan(*current_, moved));
    return CitedText{current_, std::move(span), MakeSuperseded(),
                     std::move(places)};
  }

  Superseded MakeSuperseded() const {
    return {current_->generation().info().number, current_revision_};
  }

  absl::Status GoneError() const {
    return MakeError(absl::StatusCode::kFailedPrecondition, "REVISION_GONE",
                     "no generation has revision " + ToHex(cited_.revision) +
                         " of \"" + cited_.document_id +
                         "\" any more; now it has revision " +
                         ToHex(*current_revision_),
                     {{"document_id", cited_.document_id},
                      {"revision", ToHex(cited_.revision)},
                      {"current_revision", ToHex(*current_revision_)},
                      {"current_generation",
                       std::to_string(current_->generation().info().number)}});
  }

  const Catalog& catalog_;
  const CitedSpan& cited_;
  const Deadline& deadline_;
  std::shared_ptr<const View> current_;
  absl::StatusOr<Place> place_ = absl::UnknownError("");
  std::optional<Digest> current_revision_;
};

}  // namespace

absl::StatusOr<CitedText> GetCitedSpan(const Catalog& catalog,
                                       const CitedSpan& cited,
                                       const Deadline& deadline) {
  return Citation(catalog, cited, deadline).Read();
}

}  // namespace footnote::search
