#include "indexer/sources/json_lines.h"

#include <ostream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "indexer/sources/json_object.h"
#include "tests/sources/reading.h"

namespace footnote::sources {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// Returns the reasons of the parts skipped, with their paths.
std::vector<std::string> Reasons(const Reading& reading) {
  return reading.SkippedReasons("");
}

TEST(JsonLines, ReadsADocument) {
  const Reading reading = ReadBytes(
      "c.jsonl",
      R"({"_id":"d1","title":"T","text":"Some\ntext.","metadata":{"a":[1],)"
      R"("url":"u0"},"url":"u1","language":"de-AT","source_type":"news",)"
      R"("date":"2026-04-01","extra":{"b":null}})");
  EXPECT_THAT(reading.skipped, IsEmpty());
  ASSERT_THAT(reading.documents, SizeIs(1));
  const SourceDocument& document = reading.documents[0];
  EXPECT_EQ(document.document_id, "d1");
  EXPECT_EQ(document.title, "T");
  EXPECT_EQ(document.text, "Some\ntext.");
  EXPECT_EQ(document.uri, "u1");
  EXPECT_EQ(document.language, "de");
  EXPECT_EQ(document.source_type, "news");
  EXPECT_EQ(document.create_time, 1775001600);
  EXPECT_EQ(document.media_type, "text/plain");
  EXPECT_EQ(document.filename, "");  // the file is of many documents
  EXPECT_EQ(document.metadata,
            json::parse(R"({"a":[1],"url":"u1","language":"de-AT",)"
                        R"("source_type":"news","date":"2026-04-01",)"
                        R"("extra":{"b":null}})"));
}

TEST(JsonLines, TakesFieldsFromTheMetadata) {
  const Reading reading = ReadBytes(
      "c.ndjson",
      R"({"id":-7,"text":"a","title":null,"metadata":{"uri":"u","lang":"fr"}})");
  ASSERT_THAT(reading.documents, SizeIs(1));
  EXPECT_EQ(reading.documents[0].document_id, "-7");
  EXPECT_EQ(reading.documents[0].uri, "u");
  EXPECT_EQ(reading.documents[0].language, "fr");
  EXPECT_EQ(reading.documents[0].title, "");
  EXPECT_EQ(reading.documents[0].source_type, "FILE");
}

TEST(JsonLines, TakesWhoMaySeeADocumentAndWhen) {
  const Reading reading =
      ReadBytes("c.jsonl",
                R"({"text":"a","access_labels":["b","a","b"],"metadata":{)"
                R"("embargo_time":"2026-04-01T00:00:00Z","expire_time":"2027",)"
                R"("access_labels":7}})"
                "\n"
                R"({"text":"b","access_labels":null,"expire_time":null})");
  EXPECT_THAT(reading.skipped, IsEmpty());
  ASSERT_THAT(reading.documents, SizeIs(2));
  const SourceDocument& document = reading.documents[0];
  EXPECT_THAT(document.access_labels, ElementsAre("a", "b"));
  EXPECT_EQ(document.embargo_time, 1775001600);
  EXPECT_EQ(document.expire_time, 1798761600);
  EXPECT_EQ(document.metadata["access_labels"], 7);  // says nothing there
  EXPECT_THAT(reading.documents[1].access_labels, IsEmpty());
  EXPECT_FALSE(reading.documents[1].embargo_time);
  EXPECT_FALSE(reading.documents[1].expire_time);
}

TEST(JsonLines, PrefersUnderscoreIdAndKeepsTheOther) {
  const Reading reading =
      ReadBytes("c.jsonl", R"({"_id":"x","id":"y","text":"a"})");
  ASSERT_THAT(reading.documents, SizeIs(1));
  EXPECT_EQ(reading.documents[0].document_id, "x");
  EXPECT_EQ(reading.documents[0].metadata, json::parse(R"({"id":"y"})"));
}

TEST(JsonLines, CallsALineWithoutIdByItsNumber) {
  const TempFolder folder;
  Write(folder / "c.jsonl", "\n{\"text\":\"a\"}\n");
  const Reading reading = ReadPath(folder / "c.jsonl", "my dir/c#.jsonl");
  ASSERT_THAT(reading.documents, SizeIs(1));
  EXPECT_EQ(reading.documents[0].document_id, "my%20dir/c%23.jsonl#L2");
}

TEST(JsonLines, SkipsBrokenLinesAndReadsAllOthers) {
  const Reading reading =
      ReadBytes("c.jsonl",
                "\xEF\xBB\xBF{\"_id\":\"1\",\"text\":\"a\"}\r\n"
                "\n"
                "{\"_id\":\"3\",\"text\":\"a\"\n"
                "{\"_id\":\"4\"}\n"
                "{\"_id\":\"5\",\"text\":5}\n"
                " \t\r\n"
                "[7]\n"
                "{\"_id\":\"8\",\"text\":\" \\u00a0\\n\"}\n"
                "{\"_id\":\"\",\"text\":\"a\"}\n"
                "{\"_id\":\"10\",\"text\":\"a\"}");
  ASSERT_THAT(reading.documents, SizeIs(2));
  EXPECT_EQ(reading.documents[0].document_id, "1");
  EXPECT_EQ(reading.documents[1].document_id, "10");
  EXPECT_THAT(
      Reasons(reading),
      ElementsAre("c.jsonl:3 JSON_SYNTAX", "c.jsonl:4 FIELD_MISSING",
                  "c.jsonl:5 FIELD_TYPE", "c.jsonl:7 JSON_SYNTAX",
                  "c.jsonl:8 TEXT_EMPTY", "c.jsonl:9 DOCUMENT_ID_INVALID"));
}

struct LineCase {
  const char* name;
  std::string line;
  const char* reason;
};

std::ostream& operator<<(std::ostream& out, const LineCase& c) {
  return out << c.name;
}

class BadLine : public testing::TestWithParam<LineCase> {};

TEST_P(BadLine, IsSkipped) {
  const Reading reading = ReadBytes("c.jsonl", GetParam().line);
  EXPECT_THAT(reading.documents, IsEmpty());
  ASSERT_THAT(reading.skipped, SizeIs(1));
  EXPECT_EQ(reading.skipped[0].path, "c.jsonl:1");
  EXPECT_EQ(ErrorReason(reading.skipped[0].status), GetParam().reason);
  EXPECT_EQ(GetErrorDetails(reading.skipped[0].status)["line"], "1");
}

const LineCase kBadLines[] = {
    {"text_null", R"({"text":null})", "FIELD_MISSING"},
    {"text_list", R"({"text":["a"]})", "FIELD_TYPE"},
    {"text_empty", R"({"text":""})", "TEXT_EMPTY"},
    {"title_number", R"({"text":"a","title":1})", "FIELD_TYPE"},
    {"metadata_list", R"({"text":"a","metadata":[]})", "FIELD_TYPE"},
    {"url_number", R"({"text":"a","url":1})", "FIELD_TYPE"},
    {"language_list", R"({"text":"a","language":[]})", "FIELD_TYPE"},
    {"date_object", R"({"text":"a","date":{}})", "FIELD_TYPE"},
    {"labels_text", R"({"text":"a","access_labels":"b"})", "FIELD_TYPE"},
    {"labels_object", R"({"text":"a","access_labels":{}})", "FIELD_TYPE"},
    {"labels_number", R"({"text":"a","access_labels":["b",1]})", "FIELD_TYPE"},
    {"labels_empty", R"({"text":"a","access_labels":[""]})", "FIELD_TYPE"},
    {"expire_number", R"({"text":"a","expire_time":1775001600})", "FIELD_TYPE"},
    {"embargo_words", R"({"text":"a","metadata":{"embargo_time":"soon"}})",
     "FIELD_TYPE"},
    {"id_fraction", R"({"text":"a","_id":1.5})", "FIELD_TYPE"},
    {"id_boolean", R"({"text":"a","_id":true})", "FIELD_TYPE"},
    {"id_control", R"({"text":"a","_id":"a\nb"})", "DOCUMENT_ID_INVALID"},
    {"id_c1_control", R"({"text":"a","_id":"\u0085"})", "DOCUMENT_ID_INVALID"},
    {"string", R"("a")", "JSON_SYNTAX"},
    {"two_values", R"({"text":"a"}{"text":"b"})", "JSON_SYNTAX"},
    {"control_in_string", "{\"text\":\"a\tb\"}", "JSON_SYNTAX"},
    {"huge_number", R"({"text":"a","n":1e999})", "JSON_SYNTAX"},
    {"bad_escape", R"({"text":"\ud8"})", "JSON_SYNTAX"},
    {"nul", std::string("{\"text\":\"a\"}\0", 13), "JSON_SYNTAX"},
};

INSTANTIATE_TEST_SUITE_P(Cases, BadLine, testing::ValuesIn(kBadLines),
                         [](const auto& test) {
                           return std::string(test.param.name);
                         });

TEST(JsonLines, RefusesDeepNestingInBoundedStack) {
  const Reading reading = ReadBytes(
      "c.jsonl", R"({"text":"a","m":)" + std::string(500000, '[') +
                     std::string(500000, ']') + "}\n" + R"({"text":"b"})");
  EXPECT_THAT(reading.documents, SizeIs(1));
  EXPECT_THAT(Reasons(reading), ElementsAre("c.jsonl:1 JSON_SYNTAX"));
}

TEST(JsonLines, SkipsALongLineAndReadsTheNext) {
  const std::string longest = R"({"text":")" + std::string(89, 'a') + "\"}";
  ASSERT_EQ(longest.size(), 100U);
  const Reading reading =
      ReadBytes("c.jsonl",
                longest + "\n" + std::string(700000, 'x') + "\n" + longest +
                    "\n" + std::string(101, 'x'),
                {.max_document_bytes = 100});
  EXPECT_THAT(reading.documents, SizeIs(2));
  EXPECT_THAT(Reasons(reading), ElementsAre("c.jsonl:2 DOCUMENT_TOO_LARGE",
                                            "c.jsonl:4 DOCUMENT_TOO_LARGE"));
}

TEST(JsonLines, ReadsLinesAcrossChunks) {
  std::string file;
  for (int i = 0; i < 3000; ++i) {
    file += R"({"text":")" + std::string(i % 517 + 1, 'a') + "\"}\n";
  }
  const Reading reading = ReadBytes("c.jsonl", file);
  EXPECT_THAT(reading.skipped, IsEmpty());
  ASSERT_THAT(reading.documents, SizeIs(3000));
  size_t number = 0;
  for (const SourceDocument& document : reading.documents) {
    EXPECT_EQ(document.text, std::string(number % 517 + 1, 'a'));
    ++number;
    EXPECT_EQ(document.document_id, "c.jsonl#L" + std::to_string(number));
  }
}

TEST(JsonLines, SkipsAFileWithoutLines) {
  for (const char* bytes : {"", "\xEF\xBB\xBF", "\n\n \r\n"}) {
    EXPECT_THAT(Reasons(ReadBytes("c.jsonl", bytes)),
                ElementsAre("c.jsonl FILE_EMPTY"));
  }
}

TEST(JsonLines, SkipsUtf16AsAWhole) {
  EXPECT_THAT(
      Reasons(ReadBytes("c.jsonl", std::string("\xFF\xFE{\0\n\0}\0", 8))),
      ElementsAre("c.jsonl ENCODING_UNKNOWN"));
}

struct RepairCase {
  const char* name;
  std::string in_quotes;  // between the quotes of a JSON string
  std::string expected;
};

std::ostream& operator<<(std::ostream& out, const RepairCase& c) {
  return out << c.name;
}

class JsonText : public testing::TestWithParam<RepairCase> {};

TEST_P(JsonText, IsDecodedWithReplacementCharacters) {
  const auto object =
      ParseJsonObject(R"({"text":")" + GetParam().in_quotes + "\"}");
  ASSERT_THAT(object, IsOk());
  EXPECT_EQ((*object)["text"].get<std::string>(), GetParam().expected);
}

const RepairCase kRepairCases[] = {
    {"pair", R"(\ud83d\ude00)", "\U0001F600"},
    {"pair_in_capitals", R"(\uD83D\uDE00)", "\U0001F600"},
    {"lone_high", R"(a\ud83db)", "a\uFFFDb"},
    {"lone_low", R"(a\ude00b)", "a\uFFFDb"},
    {"lone_at_end", R"(a\ud83d)", "a\uFFFD"},
    {"swapped", R"(\ude00\ud83d)", "\uFFFD\uFFFD"},
    {"high_then_pair", R"(\ud83d\ud83d\ude00)", "\uFFFD\U0001F600"},
    {"high_then_letter", R"(\ud83d\u0041)", "\uFFFDA"},
    {"high_then_newline", R"(\ud83d\n)", "\uFFFD\n"},
    {"escaped_backslash", R"(\\ud83d)", R"(\ud83d)"},
    {"escaped_backslash_then_lone", R"(\\\ud83d)", "\\\uFFFD"},
    {"escaped_quote", R"(\"\ud83d[[{\")", "\"\uFFFD[[{\""},
    {"invalid_byte", "a\xFF\xC3", "a\uFFFD\uFFFD"},
    {"raw_surrogate", "\xED\xA0\x80", "\uFFFD\uFFFD\uFFFD"},
    {"nul", R"(a\u0000b)", std::string("a\0b", 3)},
    {"letters_kept", "\u00E9\u2028", "\u00E9\u2028"},
};

INSTANTIATE_TEST_SUITE_P(Cases, JsonText, testing::ValuesIn(kRepairCases),
                         [](const auto& test) {
                           return std::string(test.param.name);
                         });

TEST(JsonObject, NamesTheByteOfAnError) {
  struct Case {
    std::string text;
    const char* offset;
  };
  for (const Case& c :
       {Case{"{\"a\":}", "5"}, Case{"{\"a\":1", "6"}, Case{"nope", "1"},
        Case{"[1]", "0"}, Case{"{\"\xFF\xFF\":}", "6"},
        Case{"{\"\xFF\":" + std::string(64, '['), "68"}}) {
    const auto result = ParseJsonObject(c.text);
    ASSERT_THAT(result,
                FailsWith(absl::StatusCode::kInvalidArgument, "JSON_SYNTAX"));
    EXPECT_EQ(GetErrorDetails(result.status())["offset"], c.offset) << c.text;
  }
}

TEST(JsonLines, DropsABomFromTheTextAndKeepsNul) {
  const Reading reading =
      ReadBytes("c.jsonl", R"({"text":"\ufeffa\u0000\r\n b"})");
  ASSERT_THAT(reading.documents, SizeIs(1));
  EXPECT_EQ(reading.documents[0].text, std::string("a\0\r\n b", 6));
}

}  // namespace
}  // namespace footnote::sources
