#include "indexer/index/postings_writer.h"

#include <filesystem>
#include <utility>

#include <xapian.h>

#include "indexer/base/file.h"
#include "indexer/index/xapian_errors.h"

namespace footnote::index {
namespace {

// Xapian's maps are fastest while they fit the processor's cache. Committed to
// one growing database, the postings of a term stay together: merging keeps the
// pieces of lists as they are, and small pieces take three times the space.
constexpr uint32_t kPassagesPerCommit = 1000;
constexpr uint32_t kPassagesPerPart = 128 << 10;

// Parts are merged in groups as they come: all are open during a merge, and a
// process may open only so many files.
constexpr size_t kPartsPerGroup = 64;

// Scratch databases need no sync: a build that is cut short starts again.
constexpr int kPartFlags = Xapian::DB_CREATE_OR_OVERWRITE |
                           Xapian::DB_NO_TERMLIST | Xapian::DB_NO_SYNC |
                           Xapian::DB_DANGEROUS;

// Merges databases into a single-file one; documents follow each other in the
// order of `parts`.
void Merge(const std::vector<std::string>& parts, const std::string& path) {
  Xapian::Database all;
  for (const std::string& part : parts) {
    all.add_database(Xapian::Database(part));
  }
  all.compact(path, Xapian::DBCOMPACT_SINGLE_FILE);
}

}  // namespace

struct PostingsWriter::State {
  std::string path;
  std::string scratch;
  std::vector<std::string> groups;  // merged parts, in order
  std::vector<std::string> parts;   // those after the last group
  Xapian::WritableDatabase open_part;
  uint32_t passages_in_part = 0;
};

PostingsWriter::PostingsWriter(std::string path, std::string scratch)
    : state_(std::make_unique<State>()) {
  state_->path = std::move(path);
  state_->scratch = std::move(scratch);
}

PostingsWriter::~PostingsWriter() = default;

absl::Status PostingsWriter::Add(const std::vector<TermFrequency>& terms) {
  return CatchXapian([&]() -> absl::Status {
    if (state_->passages_in_part == 0) {
      StartPart();
    }
    Xapian::Document document;
    for (const TermFrequency& entry : terms) {
      document.add_term(entry.term, entry.frequency);
    }
    state_->open_part.add_document(document);
    if (++state_->passages_in_part == kPassagesPerPart) {
      FinishPart();
    } else if (state_->passages_in_part % kPassagesPerCommit == 0) {
      state_->open_part.commit();
    }
    return absl::OkStatus();
  });
}

void PostingsWriter::StartPart() {
  state_->parts.push_back(state_->scratch + "/part-" +
                          std::to_string(state_->parts.size()));
  state_->open_part =
      Xapian::WritableDatabase(state_->parts.back(), kPartFlags);
}

void PostingsWriter::FinishPart() {
  state_->open_part.commit();
  state_->open_part.close();
  state_->passages_in_part = 0;
  if (state_->parts.size() == kPartsPerGroup) {
    std::string group =
        state_->scratch + "/group-" + std::to_string(state_->groups.size());
    Merge(state_->parts, group);
    state_->groups.push_back(std::move(group));
    for (const std::string& part : state_->parts) {
      std::error_code ignored;
      std::filesystem::remove_all(part, ignored);
    }
    state_->parts.clear();
  }
}

absl::Status PostingsWriter::MergeAll() {
  if (state_->groups.empty() && state_->parts.empty()) {
    StartPart();  // a segment without passages
    FinishPart();
  } else if (state_->passages_in_part != 0) {
    FinishPart();
  }
  std::vector<std::string> all = std::move(state_->groups);
  all.insert(all.end(), state_->parts.begin(), state_->parts.end());
  Merge(all, state_->path);
  return SyncPath(state_->path);
}

absl::Status PostingsWriter::Finish() {
  return CatchXapian([&] { return MergeAll(); });
}

}  // namespace footnote::index
