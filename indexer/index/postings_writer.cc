#include "indexer/index/postings_writer.h"

#include <utility>

#include <xapian.h>

#include "indexer/base/file.h"
#include "indexer/index/xapian_errors.h"

namespace footnote::index {
namespace {

constexpr uint32_t kPassagesPerPart = 2000;

// Scratch databases need no sync: a build that is cut short starts again.
constexpr int kPartFlags = Xapian::DB_CREATE_OR_OVERWRITE |
                           Xapian::DB_NO_TERMLIST | Xapian::DB_NO_SYNC |
                           Xapian::DB_DANGEROUS;

}  // namespace

struct PostingsWriter::State {
  std::string path;
  std::string scratch;
  std::vector<std::string> parts;
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
      state_->parts.push_back(state_->scratch + "/part-" +
                              std::to_string(state_->parts.size()));
      state_->open_part =
          Xapian::WritableDatabase(state_->parts.back(), kPartFlags);
    }
    Xapian::Document document;
    for (const TermFrequency& entry : terms) {
      document.add_term(entry.term, entry.frequency);
    }
    state_->open_part.add_document(document);
    if (++state_->passages_in_part == kPassagesPerPart) {
      FinishPart();
    }
    return absl::OkStatus();
  });
}

void PostingsWriter::FinishPart() {
  state_->open_part.commit();
  state_->open_part.close();
  state_->passages_in_part = 0;
}

absl::Status PostingsWriter::MergeParts() {
  if (state_->parts.empty()) {  // a segment without passages
    state_->parts.push_back(state_->scratch + "/part-0");
    state_->open_part =
        Xapian::WritableDatabase(state_->parts.back(), kPartFlags);
    state_->passages_in_part = 1;
  }
  if (state_->passages_in_part != 0) {
    FinishPart();
  }
  Xapian::Database all;
  for (const std::string& part : state_->parts) {
    all.add_database(Xapian::Database(part));
  }
  all.compact(state_->path, Xapian::DBCOMPACT_SINGLE_FILE);
  return SyncPath(state_->path);
}

absl::Status PostingsWriter::Finish() {
  return CatchXapian([&] { return MergeParts(); });
}

}  // namespace footnote::index
