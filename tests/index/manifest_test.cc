#include "indexer/index/manifest.h"

#include <ostream>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "indexer/index/schema.h"
#include "tests/testing/status_matchers.h"

namespace footnote::index {
namespace {

using absl::StatusCode;

Manifest Example() {
  Manifest manifest;
  manifest.info.collection = "news";
  manifest.info.number = 42;
  manifest.info.build_time = "2026-04-21T09:30:00.125Z";
  manifest.info.analyzer = "analyzer \"1\" é";
  manifest.info.documents = 3;
  manifest.info.passages = 7;
  manifest.info.text_bytes = UINT64_MAX;
  manifest.info.total_words = 900;
  manifest.info.languages = {{"en", 2}, {"und", 1}};
  manifest.parent = 41;
  manifest.entities = "stamp";
  manifest.entities_file = FileEntry{"40.entities", 77, Sha256Of("e")};
  manifest.wal_sequence = 12;
  manifest.info.content_sha256 = Sha256Of("content");
  SegmentEntry entry;
  entry.segment = {
      "0123456789abcdef",
      4,
      8,
      1000,
      {{"texts.zst", 123, Sha256Of("texts")}, {"places.col", 0, Sha256Of("")}}};
  manifest.segments.push_back(entry);
  entry.segment.id = "fedcba9876543210";
  entry.tombstones =
      TombstonesEntry{{"42-x.tombstones", 9, Sha256Of("t")}, 1, 1, 100};
  manifest.segments.push_back(entry);
  return manifest;
}

TEST(Manifest, ComesBackAsItWas) {
  const Manifest manifest = Example();
  const std::string text = EncodeManifest(manifest);
  const auto decoded = DecodeManifest(text, "path");
  ASSERT_THAT(decoded, IsOk());
  const GenerationInfo& info = decoded->info;
  EXPECT_EQ(info.collection, "news");
  EXPECT_EQ(info.number, 42U);
  EXPECT_EQ(info.build_time, manifest.info.build_time);
  EXPECT_EQ(info.analyzer, manifest.info.analyzer);
  EXPECT_EQ(info.documents, 3U);
  EXPECT_EQ(info.passages, 7U);
  EXPECT_EQ(info.text_bytes, UINT64_MAX);
  EXPECT_EQ(info.total_words, 900U);
  EXPECT_EQ(info.languages, manifest.info.languages);
  EXPECT_EQ(info.manifest_sha256, Sha256Of(text));
  EXPECT_EQ(decoded->parent, 41U);
  EXPECT_EQ(decoded->entities, "stamp");
  ASSERT_TRUE(decoded->entities_file);
  EXPECT_EQ(decoded->entities_file->name, "40.entities");
  EXPECT_EQ(decoded->entities_file->sha256, Sha256Of("e"));
  EXPECT_EQ(decoded->wal_sequence, 12U);
  EXPECT_EQ(info.content_sha256, Sha256Of("content"));
  ASSERT_EQ(decoded->segments.size(), 2U);
  const SegmentEntry& first = decoded->segments[0];
  EXPECT_EQ(first.segment.id, "0123456789abcdef");
  EXPECT_EQ(first.segment.documents, 4U);
  EXPECT_EQ(first.segment.passages, 8U);
  EXPECT_EQ(first.segment.words, 1000U);
  ASSERT_EQ(first.segment.files.size(), 2U);
  EXPECT_EQ(first.segment.files[0].name, "texts.zst");
  EXPECT_EQ(first.segment.files[0].bytes, 123U);
  EXPECT_EQ(first.segment.files[0].sha256, Sha256Of("texts"));
  EXPECT_FALSE(first.tombstones);
  ASSERT_TRUE(decoded->segments[1].tombstones);
  EXPECT_EQ(decoded->segments[1].tombstones->words, 100U);
  EXPECT_EQ(EncodeManifest(*decoded), text);
}

struct Case {
  const char* name;
  const char* pointer;  // JSON Pointer to what is replaced; "" for all
  const char* value;    // JSON; null to erase
};

void PrintTo(const Case& test, std::ostream* out) { *out << test.name; }

class BadManifest : public testing::TestWithParam<Case> {};

TEST_P(BadManifest, IsCorrupt) {
  using Json = nlohmann::ordered_json;
  Json json = Json::parse(EncodeManifest(Example()));
  const Json::json_pointer pointer(GetParam().pointer);
  const Json value = Json::parse(GetParam().value);
  if (value.is_null()) {
    json[pointer.parent_pointer()].erase(pointer.back());
  } else {
    json[pointer] = value;
  }
  const auto decoded = DecodeManifest(json.dump(), "the/path");
  ASSERT_THAT(decoded, FailsWith(StatusCode::kDataLoss, "INDEX_CORRUPT"));
  EXPECT_EQ(GetErrorDetails(decoded.status()).at("path"), "the/path");
}

INSTANTIATE_TEST_SUITE_P(
    All, BadManifest,
    testing::Values(
        Case{"Array", "", "[]"}, Case{"Number", "", "5"},
        Case{"NoVersion", "/format_version", "null"},
        Case{"TextVersion", "/format_version", "\"1\""},
        Case{"NoCollection", "/collection", "null"},
        Case{"TextGeneration", "/generation", "\"42\""},
        Case{"NegativeGeneration", "/generation", "-1"},
        Case{"FractionOfDocuments", "/documents", "1.5"},
        Case{"NoParent", "/parent", "null"},
        Case{"NoAnalyzer", "/analyzer", "null"},
        Case{"ArrayOfLanguages", "/languages", "[]"},
        Case{"TextInLanguages", "/languages/en", "\"2\""},
        Case{"NoContentDigest", "/content_sha256", "null"},
        Case{"ShortContentDigest", "/content_sha256", "\"ab\""},
        Case{"NoWalSequence", "/wal_sequence", "null"},
        Case{"PathAsEntitiesFile", "/entities_file/name", "\"../x\""},
        Case{"TextAsEntitiesFile", "/entities_file", "\"x\""},
        Case{"NoSegments", "/segments", "null"},
        Case{"ObjectOfSegments", "/segments", "{}"},
        Case{"NumberAsSegment", "/segments/0", "1"},
        Case{"NoSegmentId", "/segments/0/id", "null"},
        Case{"PathAsSegmentId", "/segments/0/id", "\"../../x\""},
        Case{"ParentAsSegmentId", "/segments/0/id", "\"..\""},
        Case{"NoWords", "/segments/0/words", "null"},
        Case{"NoFiles", "/segments/0/files", "null"},
        Case{"NumberAsFile", "/segments/0/files/0", "1"},
        Case{"NoFileName", "/segments/0/files/0/name", "null"},
        Case{"PathAsFileName", "/segments/0/files/0/name", "\"../x\""},
        Case{"ShortDigest", "/segments/0/files/0/sha256", "\"ab\""},
        Case{"DigestNotHex", "/segments/0/files/0/sha256",
             "\"zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz"
             "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz\""},
        Case{"TextAsTombstones", "/segments/1/tombstones", "\"x\""},
        Case{"NoTombstonesFile", "/segments/1/tombstones/file", "null"}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(Manifest, RefusesEveryTruncation) {
  const std::string text = EncodeManifest(Example());
  for (size_t size = 0; size + 2 < text.size(); ++size) {
    EXPECT_THAT(DecodeManifest(text.substr(0, size), "path"),
                FailsWith(StatusCode::kDataLoss, "INDEX_CORRUPT"))
        << size;
  }
}

TEST(Manifest, OfAnotherVersionSaysSo) {
  for (const int64_t version : {int64_t{kFormatVersion} + 1, int64_t{0},
                                int64_t{-1}, int64_t{1} << 40}) {
    auto json = nlohmann::ordered_json::parse(EncodeManifest(Example()));
    json["format_version"] = version;
    const auto decoded = DecodeManifest(json.dump(), "path");
    EXPECT_THAT(decoded,
                FailsWith(StatusCode::kFailedPrecondition, "INDEX_VERSION"));
    EXPECT_EQ(GetErrorDetails(decoded.status()).at("version"),
              std::to_string(version));
  }
  // What else a newer one holds does not matter.
  EXPECT_THAT(DecodeManifest("{\"format_version\": 9}", "path"),
              FailsWith(StatusCode::kFailedPrecondition, "INDEX_VERSION"));
}

}  // namespace
}  // namespace footnote::index
