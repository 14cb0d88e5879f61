#include "indexer/index/document_record.h"

#include <limits>
#include <random>
#include <string>

#include <gtest/gtest.h>

#include "tests/testing/status_matchers.h"

namespace footnote::index {
namespace {

using absl::StatusCode;

class RandomRecord {
 public:
  explicit RandomRecord(uint32_t seed) : random_(seed) {}

  DocumentRecord Make() {
    DocumentRecord record;
    for (std::string* field :
         {&record.document_id, &record.title, &record.uri, &record.filename,
          &record.media_type, &record.language, &record.source_type,
          &record.metadata_json}) {
      *field = Bytes(200);
    }
    if (random_() % 2 == 0) {
      record.create_time = Time();
    }
    if (random_() % 2 == 0) {
      record.update_time = Time();
    }
    if (random_() % 2 == 0) {
      record.embargo_time = Time();
    }
    if (random_() % 2 == 0) {
      record.expire_time = Time();
    }
    for (size_t i = random_() % 4; i > 0; --i) {
      record.access_labels.push_back(Bytes(30));
    }
    record.title_given = random_() % 2 == 0;
    record.uri_given = random_() % 2 == 0;
    record.language_given = random_() % 2 == 0;
    record.index_time = Time();
    for (Digest* digest : {&record.revision, &record.etag}) {
      for (uint8_t& byte : *digest) {
        byte = static_cast<uint8_t>(random_());
      }
    }
    record.size = {Number(), Number(), Number()};
    record.first_passage = static_cast<uint32_t>(random_());
    record.passage_count = static_cast<uint32_t>(random_());
    for (size_t i = random_() % 5; i > 0; --i) {
      record.headings.push_back({static_cast<uint32_t>(random_()),
                                 static_cast<uint32_t>(1 + random_() % 6),
                                 Bytes(50)});
    }
    return record;
  }

 private:
  std::string Bytes(size_t limit) {
    std::string bytes(random_() % limit, '\0');
    for (char& c : bytes) {
      c = static_cast<char>(random_());
    }
    return bytes;
  }
  uint64_t Number() { return random_() >> (random_() % 64); }
  int64_t Time() {
    constexpr int64_t kEdges[] = {0, -1, std::numeric_limits<int64_t>::min(),
                                  std::numeric_limits<int64_t>::max()};
    const uint64_t choice = random_() % 8;
    return choice < 4 ? kEdges[choice] : static_cast<int64_t>(random_());
  }

  std::mt19937_64 random_;
};

void ExpectSame(const DocumentRecord& a, const DocumentRecord& b) {
  EXPECT_EQ(a.document_id, b.document_id);
  EXPECT_EQ(a.title, b.title);
  EXPECT_EQ(a.uri, b.uri);
  EXPECT_EQ(a.filename, b.filename);
  EXPECT_EQ(a.media_type, b.media_type);
  EXPECT_EQ(a.language, b.language);
  EXPECT_EQ(a.source_type, b.source_type);
  EXPECT_EQ(a.create_time, b.create_time);
  EXPECT_EQ(a.update_time, b.update_time);
  EXPECT_EQ(a.embargo_time, b.embargo_time);
  EXPECT_EQ(a.expire_time, b.expire_time);
  EXPECT_EQ(a.access_labels, b.access_labels);
  EXPECT_EQ(a.title_given, b.title_given);
  EXPECT_EQ(a.uri_given, b.uri_given);
  EXPECT_EQ(a.language_given, b.language_given);
  EXPECT_EQ(a.index_time, b.index_time);
  EXPECT_EQ(a.metadata_json, b.metadata_json);
  EXPECT_EQ(a.revision, b.revision);
  EXPECT_EQ(a.etag, b.etag);
  EXPECT_EQ(a.size, b.size);
  EXPECT_EQ(a.first_passage, b.first_passage);
  EXPECT_EQ(a.passage_count, b.passage_count);
  ASSERT_EQ(a.headings.size(), b.headings.size());
  for (size_t i = 0; i < a.headings.size(); ++i) {
    EXPECT_EQ(a.headings[i].start, b.headings[i].start);
    EXPECT_EQ(a.headings[i].level, b.headings[i].level);
    EXPECT_EQ(a.headings[i].text, b.headings[i].text);
  }
}

TEST(DocumentRecord, ComesBackAsItWas) {
  RandomRecord random(11);
  for (int i = 0; i < 500; ++i) {
    const DocumentRecord record = random.Make();
    const auto decoded = DecodeDocumentRecord(EncodeDocumentRecord(record));
    ASSERT_THAT(decoded, IsOk());
    ExpectSame(*decoded, record);
  }
  const auto empty = DecodeDocumentRecord(EncodeDocumentRecord({}));
  ASSERT_THAT(empty, IsOk());
  ExpectSame(*empty, {});
}

TEST(DocumentRecord, RefusesEveryTruncation) {
  RandomRecord random(12);
  for (int i = 0; i < 20; ++i) {
    const std::string bytes = EncodeDocumentRecord(random.Make());
    for (size_t size = 0; size < bytes.size(); ++size) {
      EXPECT_THAT(DecodeDocumentRecord(bytes.substr(0, size)),
                  FailsWith(StatusCode::kDataLoss, "INDEX_CORRUPT"));
    }
    EXPECT_THAT(DecodeDocumentRecord(bytes + "x"),
                FailsWith(StatusCode::kDataLoss, "INDEX_CORRUPT"));
  }
}

TEST(DocumentRecord, SurvivesDamage) {
  RandomRecord random(13);
  std::mt19937 places(14);
  for (int i = 0; i < 5000; ++i) {
    std::string bytes = EncodeDocumentRecord(random.Make());
    bytes[places() % bytes.size()] = static_cast<char>(places());
    const auto decoded = DecodeDocumentRecord(bytes);
    if (!decoded.ok()) {
      EXPECT_EQ(ErrorReason(decoded.status()), "INDEX_CORRUPT");
    }
  }
}

}  // namespace
}  // namespace footnote::index
