// Segments of a few words, put together by hand.

#pragma once

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>

#include "indexer/index/manifest.h"
#include "indexer/index/prepared_document.h"
#include "indexer/index/segment.h"
#include "indexer/index/segment_writer.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_folder.h"

namespace footnote::index {

// A document of ASCII passages. Words stand between single spaces; "@x" is a
// mention of the entity X/x besides being the word "x".
struct SmallDocument {
  std::string id;
  std::vector<std::string> passages;
};

// Writes segments into a collection folder of its own.
class SmallSegments {
 public:
  explicit SmallSegments(std::string analyzer = "test")
      : analyzer_(std::move(analyzer)) {
    std::filesystem::create_directories(folder() + "/generations");
  }

  std::string folder() const { return folder_.path(); }

  SegmentEntry Write(const std::vector<SmallDocument>& documents) {
    auto writer = SegmentWriter::Create(folder(), analyzer_);
    EXPECT_THAT(writer, IsOk());
    for (const SmallDocument& document : documents) {
      EXPECT_THAT((*writer)->Add(Prepare(document, writer->get())), IsOk());
    }
    EXPECT_EQ((*writer)->document_count(), documents.size());
    auto summary = (*writer)->Finish();
    EXPECT_THAT(summary, IsOk());
    return {summary.ok() ? *std::move(summary) : SegmentSummary(), {}};
  }

  std::unique_ptr<Segment> Open(const SegmentEntry& entry) {
    auto segment = OpenSegment(folder(), entry);
    EXPECT_THAT(segment, IsOk());
    return segment.ok() ? *std::move(segment) : nullptr;
  }

  static PreparedDocument Prepare(const SmallDocument& document,
                                  SegmentWriter* writer) {
    PreparedDocument prepared;
    for (const std::string& text : document.passages) {
      PreparedPassage passage;
      const uint64_t start = prepared.text.size();
      prepared.text += text;
      const uint64_t end = prepared.text.size();
      passage.span = {{start, start, start}, {end, end, end}};
      passage.sentence_bytes = {static_cast<uint32_t>(text.size())};
      for (size_t at = 0; at < text.size();) {
        const size_t stop = std::min(text.find(' ', at), text.size());
        AddWord(std::string_view(text).substr(at, stop - at),
                static_cast<uint32_t>(at), writer, &passage);
        at = stop + 1;
      }
      prepared.passages.push_back(std::move(passage));
    }
    DocumentRecord& record = prepared.record;
    record.document_id = document.id;
    record.title = "Title of " + document.id;
    record.uri = "test:" + document.id;
    record.language = "en";
    record.source_type = "FILE";
    record.metadata_json = "{}";
    record.revision = Sha256Of(prepared.text);
    record.size = prepared.passages.back().span.end;
    return prepared;
  }

 private:
  static void AddWord(std::string_view word, uint32_t at, SegmentWriter* writer,
                      PreparedPassage* passage) {
    const auto end = at + static_cast<uint32_t>(word.size());
    if (!word.empty() && word.front() == '@') {
      word.remove_prefix(1);
      passage->mentions.push_back(
          {writer->InternEntity("X", word, "Entity " + std::string(word)), at,
           end});
      ++at;
    }
    if (!word.empty() && word != ".") {
      const std::string stem(word.substr(0, 4));
      passage->tokens.push_back(
          {writer->lexemes()->Intern({word, "", StemKey("en", stem)}), at,
           end});
    }
  }

  TempFolder folder_;
  std::string analyzer_;
};

}  // namespace footnote::index
