#include "server/service/conversion.h"

#include <string>

#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "footnote/v1/search_service.pb.h"
#include "server/service/metadata_conversion.h"
#include "tests/testing/growing_collection.h"

namespace footnote::service {
namespace {

constexpr OutputFormat kFormat{"seeds", false};
constexpr OutputFormat kUtf16Format{"seeds", true};

constexpr Span kSpan = {{1, 2, 3}, {4, 5, 6}};

std::string ToJson(const google::protobuf::Message& message) {
  std::string json;
  EXPECT_TRUE(google::protobuf::util::MessageToJsonString(message, &json).ok());
  return json;
}

std::string MetadataOf(const std::string& json) {
  google::protobuf::Struct out;
  SetMetadata(json, &out);
  return ToJson(out);
}

search::Passage MakePassage(const std::string& id) {
  search::Passage passage;
  passage.passage_id = id;
  passage.rank = 3;
  passage.score = 2.5;
  passage.relevance = 0.5;
  passage.text = "Red fox.";
  passage.blocks = {{"Red fox.", kSpan}};
  passage.document.document_id = "a/b.md";
  passage.document.title = "Title";
  passage.provenance.span = kSpan;
  passage.provenance.ordinal = 4;
  passage.provenance.heading_path = {"One", "Two"};
  passage.highlights = {{kSpan, "fox"}};
  passage.mentions = {{"ANIMAL", "fox", "Fox", kSpan}};
  return passage;
}

TEST(Conversion, SpanHasUtf16OnlyWhereAskedFor) {
  v1::Span span;
  Convert(kSpan, kFormat, &span);
  EXPECT_EQ(span.start_byte(), 1U);
  EXPECT_EQ(span.end_byte(), 4U);
  EXPECT_EQ(span.start_char(), 2U);
  EXPECT_EQ(span.end_char(), 5U);
  EXPECT_FALSE(span.has_start_utf16());
  Convert(Span{}, kUtf16Format, &span);
  EXPECT_TRUE(span.has_start_utf16());
  EXPECT_TRUE(span.has_end_utf16());
}

TEST(Conversion, PassageHasNamesAndEverythingElse) {
  v1::Passage passage;
  Convert(MakePassage("p1"), kUtf16Format, &passage);
  EXPECT_EQ(passage.name(), "collections/seeds/passages/p1");
  EXPECT_EQ(passage.passage_id(), "p1");
  EXPECT_EQ(passage.rank(), 3);
  EXPECT_EQ(passage.score(), 2.5);
  EXPECT_EQ(passage.relevance(), 0.5);
  EXPECT_EQ(passage.text(), "Red fox.");
  ASSERT_EQ(passage.blocks_size(), 1);
  EXPECT_EQ(passage.blocks(0).text(), "Red fox.");
  EXPECT_EQ(passage.document().name(), "collections/seeds/documents/a/b.md");
  EXPECT_EQ(passage.provenance().ordinal(), 4);
  EXPECT_EQ(passage.provenance().heading_path(1), "Two");
  EXPECT_EQ(passage.highlights(0).term(), "fox");
  EXPECT_EQ(passage.highlights(0).span().end_utf16(), 6U);
  EXPECT_EQ(passage.mentions(0).id(), "fox");
}

TEST(Conversion, NeighboursHaveNoDocument) {
  search::Passage passage = MakePassage("p1");
  passage.previous = {MakePassage("p0")};
  passage.next = {MakePassage("p2"), MakePassage("p3")};
  v1::Passage converted;
  Convert(std::move(passage), kFormat, &converted);
  EXPECT_TRUE(converted.has_document());
  ASSERT_EQ(converted.previous_size(), 1);
  ASSERT_EQ(converted.next_size(), 2);
  EXPECT_FALSE(converted.previous(0).has_document());
  EXPECT_EQ(converted.next(1).name(), "collections/seeds/passages/p3");
}

TEST(Conversion, DocumentHasDigestInBothForms) {
  index::DocumentRecord record;
  record.document_id = "a.md";
  record.revision = Sha256Of("text");
  record.create_time = 1776000000;
  v1::DocumentRef document;
  Convert(std::move(record), kFormat, &document);
  EXPECT_EQ(document.sha256().size(), 32U);
  EXPECT_EQ(document.revision(), ToHex(document.sha256()));
  EXPECT_EQ(document.create_time().seconds(), 1776000000);
  EXPECT_FALSE(document.has_update_time());
}

// A Timestamp outside the years 1 to 9999 has no JSON form.
TEST(Conversion, LeavesOutTimesThatTimestampsCannotHold) {
  index::DocumentRecord record;
  record.create_time = -62135596801;
  record.update_time = 253402300800;
  v1::DocumentRef document;
  Convert(std::move(record), kFormat, &document);
  EXPECT_FALSE(document.has_create_time());
  EXPECT_FALSE(document.has_update_time());
}

TEST(Conversion, GenerationHasItsTime) {
  index::GenerationInfo info;
  info.collection = "seeds";
  info.number = 7;
  info.build_time = "2026-04-21T09:30:00.125Z";
  v1::GenerationRef generation;
  Convert(info, &generation);
  EXPECT_EQ(generation.collection(), "collections/seeds");
  EXPECT_EQ(generation.generation(), 7U);
  EXPECT_EQ(generation.build_time().seconds(), 1776763800);
}

TEST(Conversion, CollectionListsLanguagesByDocuments) {
  GrowingCollection built;
  std::string lines;
  for (const char* language : {"de", "en", "zh", "ar", "zh", "de", "en"}) {
    lines += nlohmann::json{{"_id", std::to_string(lines.size())},
                            {"language", language},
                            {"text", "word"}}
                 .dump() +
             "\n";
  }
  built.Write("a.jsonl", lines);
  v1::Collection collection;
  Convert(search::View(built.BuildAndOpen()), &collection);
  EXPECT_EQ(collection.name(), "collections/test");
  EXPECT_EQ(collection.generation().generation(), 1U);
  EXPECT_EQ(collection.document_count(), 7U);
  EXPECT_EQ(collection.word_count(), 7U);
  EXPECT_EQ(collection.text_bytes(), 28U);
  ASSERT_EQ(collection.languages_size(), 4);
  EXPECT_EQ(collection.languages(0).language(), "de");
  EXPECT_EQ(collection.languages(1).language(), "en");
  EXPECT_EQ(collection.languages(2).language(), "zh");
  EXPECT_EQ(collection.languages(3).language(), "ar");
}

TEST(Conversion, KnowsTheEnginesWarnings) {
  v1::Warning warning;
  Convert(search::Warning{"NO_WORDS", "nothing"}, &warning);
  EXPECT_EQ(warning.code(), v1::Warning::CODE_NO_WORDS);
}

TEST(SetMetadata, TakesEveryKindOfValue) {
  const std::string json =
      R"({"a":[1,2.5,-3],"b":{"c":"x"},"d":null,"e":true,"f":[],"g":{}})";
  EXPECT_EQ(nlohmann::json::parse(MetadataOf(json)),
            nlohmann::json::parse(json));
}

TEST(SetMetadata, IsEmptyForWhatIsNoObject) {
  for (const char* json : {"", "{}", "[1,2]", "null", "{broken", "\"text\""}) {
    EXPECT_EQ(MetadataOf(json), "{}") << json;
  }
}

TEST(SetMetadata, DeepValuesBecomeText) {
  std::string json;
  for (int i = 0; i < 500; ++i) {
    json += R"({"x":)";
  }
  json += "1" + std::string(500, '}');
  v1::SearchResponse response;
  SetMetadata(json,
              response.add_passages()->mutable_document()->mutable_metadata());
  v1::SearchResponse read;
  EXPECT_TRUE(read.ParseFromString(response.SerializeAsString()));
  EXPECT_FALSE(read.passages(0).document().metadata().fields().empty());
}

}  // namespace
}  // namespace footnote::service
