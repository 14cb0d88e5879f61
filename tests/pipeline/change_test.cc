#include "indexer/pipeline/change.h"

#include <random>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "indexer/pipeline/prepare.h"
#include "tests/testing/status_matchers.h"

namespace footnote::pipeline {
namespace {

using absl::StatusCode;
using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

sources::SourceDocument Example() {
  sources::SourceDocument document;
  document.document_id = "a/b";
  document.text = "# One\n\nSome text.";
  document.title = "One";
  document.uri = "https://example.org/";
  document.filename = "b.md";
  document.media_type = "text/markdown";
  document.source_type = "news";
  document.language = "en";
  document.create_time = -1;
  document.expire_time = 1798761600;
  document.access_labels = {"board", "staff"};
  document.metadata = {{"k", {1, 2.5, "x"}}, {"n", nullptr}};
  document.headings = {{0, 5, 1, "One"}};
  return document;
}

Digest Etag(const sources::SourceDocument& document) {
  return EtagOf(document, "analyzer", "entities");
}

TEST(Change, OfADocumentComesBackAsItWas) {
  const auto change = DecodeChange(EncodePut(Example()));
  ASSERT_THAT(change, IsOk());
  EXPECT_EQ(change->kind, Change::Kind::kPut);
  EXPECT_EQ(Etag(change->document), Etag(Example()));
  ASSERT_EQ(change->document.headings.size(), 1U);
  EXPECT_EQ(change->document.headings[0].end, 5U);
  EXPECT_EQ(change->document.headings[0].text, "One");
  EXPECT_EQ(EncodePut(change->document), EncodePut(Example()));
}

TEST(Change, OfADeletionComesBackAsItWas) {
  const auto change = DecodeChange(EncodeDelete("a/b"));
  ASSERT_THAT(change, IsOk());
  EXPECT_EQ(change->kind, Change::Kind::kDelete);
  EXPECT_EQ(change->document.document_id, "a/b");
}

TEST(Change, OfMetadataComesBackAsItWas) {
  MetadataUpdate update;
  update.title = "";
  update.create_time = std::optional<int64_t>();
  update.expire_time = -5;
  update.access_labels = {"x"};
  update.metadata = {{"m", 1}};
  update.set = {{"k", "v"}};
  update.remove = {"gone"};
  const std::string bytes = EncodeUpdate("a/b", update);
  const auto change = DecodeChange(bytes);
  ASSERT_THAT(change, IsOk());
  EXPECT_EQ(change->kind, Change::Kind::kUpdate);
  EXPECT_EQ(change->update.title, "");
  EXPECT_FALSE(change->update.uri);
  ASSERT_TRUE(change->update.create_time);
  EXPECT_FALSE(*change->update.create_time);
  EXPECT_FALSE(change->update.embargo_time);
  EXPECT_EQ(EncodeUpdate("a/b", change->update), bytes);
}

// Bytes that are cut or changed are another change or an error, never a crash.
TEST(Change, OfDamagedBytesIsAnErrorOrAnother) {
  MetadataUpdate update;
  update.title = "t";
  std::mt19937 random(1);
  for (const std::string& whole :
       {EncodePut(Example()), EncodeDelete("a"), EncodeUpdate("a", update)}) {
    for (size_t size = 0; size < whole.size(); ++size) {
      EXPECT_THAT(DecodeChange(whole.substr(0, size)),
                  FailsWith(StatusCode::kDataLoss, "INDEX_CORRUPT"))
          << size;
    }
    for (int i = 0; i < 2000; ++i) {
      std::string damaged = whole;
      damaged[random() % damaged.size()] = static_cast<char>(random());
      if (const auto change = DecodeChange(damaged); !change.ok()) {
        EXPECT_EQ(ErrorReason(change.status()), "INDEX_CORRUPT");
      }
    }
  }
}

TEST(SourceOf, IsWhatTheRecordWasMadeFrom) {
  for (const bool given : {true, false}) {
    sources::SourceDocument document = Example();
    if (!given) {
      document.title.clear();
      document.uri.clear();
      document.language.clear();
    }
    index::DocumentRecord record;
    FillMetadata(document, &record);
    record.language = "en";
    sources::SourceDocument source = SourceOf(record);
    EXPECT_THAT(source.text, IsEmpty());
    source.text = document.text;
    EXPECT_EQ(Etag(source), Etag(document));
  }
}

TEST(ApplyUpdate, ChangesWhatIsSet) {
  sources::SourceDocument document = Example();
  MetadataUpdate update;
  update.title = "Two";
  update.create_time = std::optional<int64_t>();
  update.embargo_time = 7;
  update.access_labels = std::vector<std::string>();
  update.set = {{"uri", "u"}, {"published", "1970-01-02"}};
  update.remove = {"n"};
  ASSERT_THAT(ApplyUpdate(update, &document), IsOk());
  EXPECT_EQ(document.title, "Two");
  EXPECT_EQ(document.uri, "u");        // as the metadata state it now
  EXPECT_FALSE(document.create_time);  // set, so not as the metadata state it
  EXPECT_EQ(document.embargo_time, 7);
  EXPECT_EQ(document.expire_time, 1798761600);
  EXPECT_THAT(document.access_labels, IsEmpty());
  EXPECT_EQ(document.source_type, "news");
  EXPECT_EQ(document.language, "en");
  EXPECT_EQ(
      document.metadata,
      json({{"k", {1, 2.5, "x"}}, {"uri", "u"}, {"published", "1970-01-02"}}));
}

TEST(ApplyUpdate, LetsFieldsGoWithTheMetadataThatStatedThem) {
  sources::SourceDocument document = Example();
  document.metadata = {{"uri", document.uri},
                       {"expire_time", "2027-01-01"},
                       {"source_type", "news"}};
  MetadataUpdate update;
  update.metadata = json::object();
  ASSERT_THAT(ApplyUpdate(update, &document), IsOk());
  EXPECT_EQ(document.uri, "");
  EXPECT_EQ(document.source_type, "FILE");
  EXPECT_FALSE(document.expire_time);
  EXPECT_EQ(document.create_time, -1);  // they never stated it
}

TEST(ApplyUpdate, RefusesWhatCannotBeTaken) {
  sources::SourceDocument document = Example();
  MetadataUpdate large;
  large.set = {{"k", std::string(kMaxRecordBytes, 'x')}};
  EXPECT_THAT(ApplyUpdate(large, &document),
              FailsWith(StatusCode::kInvalidArgument, "METADATA_TOO_LARGE"));
  document = Example();
  MetadataUpdate no_time;
  no_time.set = {{"expire_time", "soon"}};
  EXPECT_THAT(ApplyUpdate(no_time, &document),
              FailsWith(StatusCode::kInvalidArgument, "FIELD_TYPE"));
}

TEST(ParseMetadataUpdate, ReadsEveryMember) {
  const auto update = ParseMetadataUpdate(
      R"({"title":"T","uri":null,"source_type":"blog","create_time":null,)"
      R"("update_time":"1970-01-01T00:00:09Z","access_labels":["b","a"],)"
      R"("metadata":{"k":[1],"gone":null}})");
  ASSERT_THAT(update, IsOk());
  EXPECT_EQ(update->title, "T");
  EXPECT_EQ(update->uri, "");
  EXPECT_EQ(update->source_type, "blog");
  EXPECT_FALSE(*update->create_time);
  EXPECT_EQ(**update->update_time, 9);
  EXPECT_FALSE(update->expire_time);
  EXPECT_THAT(*update->access_labels, ElementsAre("a", "b"));
  EXPECT_EQ(update->set, json({{"k", {1}}}));
  EXPECT_THAT(update->remove, ElementsAre("gone"));
}

TEST(ParseMetadataUpdate, NamesWhatIsWrong) {
  EXPECT_THAT(ParseMetadataUpdate("{"),
              FailsWith(StatusCode::kInvalidArgument, "JSON_SYNTAX"));
  for (const char* bad :
       {R"({"title":1})", R"({"expire_time":"soon"})", R"({"metadata":[]})",
        R"({"access_labels":"a"})", R"({"text":"a"})", R"({"language":"de"})",
        R"({"create_time":5})"}) {
    EXPECT_THAT(ParseMetadataUpdate(bad),
                FailsWith(StatusCode::kInvalidArgument, "FIELD_TYPE"))
        << bad;
  }
}

TEST(CheckDocument, RefusesWhatCannotBeTaken) {
  struct Case {
    void (*change)(sources::SourceDocument*);
    const char* reason;
  };
  const Case cases[] = {
      {[](auto* d) { d->document_id = ""; }, "DOCUMENT_ID_INVALID"},
      {[](auto* d) { d->document_id = "a\n"; }, "DOCUMENT_ID_INVALID"},
      {[](auto* d) { d->document_id = "\xFF"; }, "DOCUMENT_ID_INVALID"},
      {[](auto* d) { d->text = ""; }, "TEXT_EMPTY"},
      {[](auto* d) { d->text = " \n"; }, "TEXT_EMPTY"},
      {[](auto* d) { d->text = "a\xFF"; }, "ENCODING_UNKNOWN"},
      {[](auto* d) { d->text = std::string(101, 'a'); }, "DOCUMENT_TOO_LARGE"},
      {[](auto* d) { d->title = std::string(kMaxRecordBytes, 'a'); },
       "METADATA_TOO_LARGE"},
      {[](auto* d) { d->access_labels = {std::string(kMaxRecordBytes, 'a')}; },
       "METADATA_TOO_LARGE"},
      {[](auto* d) { d->language = "a:b"; }, "FIELD_TYPE"},
      {[](auto* d) { d->language = "en-US"; }, "FIELD_TYPE"},
  };
  EXPECT_THAT(CheckDocument(Example(), 100), IsOk());
  for (const Case& test : cases) {
    sources::SourceDocument document = Example();
    test.change(&document);
    EXPECT_THAT(CheckDocument(document, 100),
                FailsWith(StatusCode::kInvalidArgument, test.reason));
  }
}

}  // namespace
}  // namespace footnote::pipeline
