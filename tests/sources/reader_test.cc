#include "indexer/sources/reader.h"

#include <ostream>
#include <string>
#include <vector>

#include <sys/stat.h>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/sources/reading.h"

namespace footnote::sources {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr int64_t kApril2026 = 1775001600;  // 2026-04-01

TEST(DocumentIdOfPath, EncodesAllButUnreservedCharacters) {
  EXPECT_EQ(DocumentIdOfPath("a/b-c_d.e~f/G9.md"), "a/b-c_d.e~f/G9.md");
  EXPECT_EQ(DocumentIdOfPath("a b#c?%"), "a%20b%23c%3F%25");
  EXPECT_EQ(DocumentIdOfPath("\u00E9\xFF\n"), "%C3%A9%FF%0A");
}

TEST(ReadSourceFile, ReadsPlainText) {
  const Reading reading =
      ReadBytes("a b.txt", "\xEF\xBB\xBF\n A title \r\n\r\nSome text.\n");
  ASSERT_THAT(reading.documents, SizeIs(1));
  const SourceDocument& document = reading.documents[0];
  EXPECT_EQ(document.document_id, "a%20b.txt");
  EXPECT_EQ(document.text, "\n A title \r\n\r\nSome text.\n");
  EXPECT_EQ(document.title, "A title");
  EXPECT_EQ(document.filename, "a b.txt");
  EXPECT_EQ(document.media_type, "text/plain");
  EXPECT_EQ(document.source_type, "FILE");
  EXPECT_EQ(document.uri, "");
  EXPECT_EQ(document.language, "");
  EXPECT_EQ(document.create_time, std::nullopt);
  EXPECT_EQ(document.update_time, std::nullopt);
  EXPECT_THAT(document.metadata, IsEmpty());
  EXPECT_THAT(document.headings, IsEmpty());
  EXPECT_THAT(reading.skipped, IsEmpty());
}

struct TitleCase {
  const char* name;
  std::string text;
  std::string title;
};

std::ostream& operator<<(std::ostream& out, const TitleCase& c) {
  return out << c.name;
}

class PlainTextTitle : public testing::TestWithParam<TitleCase> {};

TEST_P(PlainTextTitle, IsAShortFirstLine) {
  const Reading reading = ReadBytes("a.txt", GetParam().text);
  ASSERT_THAT(reading.documents, SizeIs(1));
  EXPECT_EQ(reading.documents[0].title, GetParam().title);
  EXPECT_EQ(reading.documents[0].text, GetParam().text);
}

const TitleCase kTitleCases[] = {
    {"blank_line", "Title\n\nText.", "Title"},
    {"line_break", "Title\nText.", "Title"},
    {"carriage_return", "Title\rText.", "Title"},
    {"spaces", "\n\t \u00A0\n\u3000Title \u00A0 \nText.", "Title"},
    {"only_line", "Title", ""},
    {"only_line_with_break", "Title\n \n", ""},
    {"sentence", "It rained.\n\nText.", ""},
    {"sentence_in_quotes", "\"It rained.\"\n\nText.", ""},
    {"question", "Why?\nText.", ""},
    {"chinese_sentence", "\u4E0B\u96E8\u4E86\u3002\nText.", ""},
    {"prose_goes_on", "It rained in the\nnight.", ""},
    {"clause", "When it rained,\nJohn slept.", ""},
    {"long", std::string(121, 'x') + "\nText.", ""},
    {"longest", std::string(120, 'x') + "\nText.", std::string(120, 'x')},
    {"many_bytes",
     "\u4E2D\u4E2D\u4E2D\u4E2D\u4E2D\u4E2D\u4E2D\u4E2D\u4E2D\u4E2D"
     "\u4E2D\u4E2D\u4E2D\u4E2D\u4E2D\u4E2D\u4E2D\u4E2D\u4E2D\u4E2D"
     "\u4E2D\u4E2D\u4E2D\u4E2D\u4E2D\u4E2D\u4E2D\u4E2D\u4E2D\u4E2D"
     "\u4E2D\u4E2D\u4E2D\u4E2D\u4E2D\u4E2D\u4E2D\u4E2D\u4E2D\u4E2D"
     "\u4E2D\nText.",
     "\u4E2D\u4E2D\u4E2D\u4E2D\u4E2D\u4E2D\u4E2D\u4E2D\u4E2D\u4E2D"
     "\u4E2D\u4E2D\u4E2D\u4E2D\u4E2D\u4E2D\u4E2D\u4E2D\u4E2D\u4E2D"
     "\u4E2D\u4E2D\u4E2D\u4E2D\u4E2D\u4E2D\u4E2D\u4E2D\u4E2D\u4E2D"
     "\u4E2D\u4E2D\u4E2D\u4E2D\u4E2D\u4E2D\u4E2D\u4E2D\u4E2D\u4E2D"
     "\u4E2D"},
};

INSTANTIATE_TEST_SUITE_P(Cases, PlainTextTitle, testing::ValuesIn(kTitleCases),
                         [](const auto& test) {
                           return std::string(test.param.name);
                         });

TEST(ReadSourceFile, ReadsMarkdownWithFrontMatter) {
  const Reading reading = ReadBytes(
      "note.MD",
      "---\r\ntitle: 1.10\r\ndocument_id: notes/1\r\nurl: https://e.org/\r\n"
      "source_type: news\r\nlang: en-GB\r\npublished: 2026-04-01\r\n"
      "updated: 2026-04-01T00:00:05Z\r\ntags: [a, 2]\r\n---\r\n"
      "# Head\r\nText.\r\n");
  ASSERT_THAT(reading.documents, SizeIs(1));
  const SourceDocument& document = reading.documents[0];
  EXPECT_EQ(document.document_id, "notes/1");
  EXPECT_EQ(document.text, "# Head\r\nText.\r\n");
  EXPECT_EQ(document.title, "1.10");
  EXPECT_EQ(document.uri, "https://e.org/");
  EXPECT_EQ(document.source_type, "news");
  EXPECT_EQ(document.language, "en");
  EXPECT_EQ(document.create_time, kApril2026);
  EXPECT_EQ(document.update_time, kApril2026 + 5);
  EXPECT_EQ(document.media_type, "text/markdown");
  EXPECT_EQ(document.filename, "note.MD");
  EXPECT_EQ(document.metadata["tags"], nlohmann::json::parse("[\"a\",2]"));
  EXPECT_EQ(document.metadata["source_type"], "news");
  ASSERT_THAT(document.headings, SizeIs(1));
  EXPECT_EQ(document.headings[0].start, 0U);
  EXPECT_EQ(document.headings[0].end, 6U);
}

TEST(ReadSourceFile, TakesAccessLabelsFromFrontMatter) {
  const Reading reading =
      ReadBytes("a.md",
                "---\naccess_labels: [staff, board]\nexpire_time: 2027-01-01\n"
                "---\nText.\n");
  ASSERT_THAT(reading.documents, SizeIs(1));
  const SourceDocument& document = reading.documents[0];
  EXPECT_THAT(document.access_labels, ElementsAre("board", "staff"));
  EXPECT_FALSE(document.metadata.contains("access_labels"));
  EXPECT_EQ(document.expire_time, 1798761600);
  const Reading bad =
      ReadBytes("b.md", "---\naccess_labels: staff\n---\nText.\n");
  ASSERT_THAT(bad.skipped, SizeIs(1));
  EXPECT_EQ(ErrorReason(bad.skipped[0].status), "FIELD_TYPE");
}

TEST(ReadSourceFile, TakesTheFirstLargestHeadingAsTitle) {
  const Reading reading =
      ReadBytes("a.md", "## Small\n\n# *Large* one\n\n# Next\n");
  ASSERT_THAT(reading.documents, SizeIs(1));
  EXPECT_EQ(reading.documents[0].title, "Large one");
  EXPECT_EQ(ReadBytes("a.md", "## Small\n").documents[0].title, "");
}

TEST(ReadSourceFile, KeepsUnusableStatementsInTheMetadataOnly) {
  const Reading reading = ReadBytes(
      "a.md",
      "---\nid: 7\n_id: 8\ndate: last spring\nlanguage: 12\nurl: [a]\n"
      "title: [a]\n---\ntext");
  ASSERT_THAT(reading.documents, SizeIs(1));
  const SourceDocument& document = reading.documents[0];
  EXPECT_EQ(document.document_id, "a.md");
  EXPECT_EQ(document.create_time, std::nullopt);
  EXPECT_EQ(document.language, "");
  EXPECT_EQ(document.uri, "");
  EXPECT_EQ(document.title, "");
  EXPECT_EQ(document.metadata["date"], "last spring");
  EXPECT_EQ(document.metadata["id"], 7);
}

struct SkipCase {
  const char* name;
  const char* file;
  std::string bytes;
  const char* reason;
};

std::ostream& operator<<(std::ostream& out, const SkipCase& c) {
  return out << c.name;
}

class SkippedFile : public testing::TestWithParam<SkipCase> {};

TEST_P(SkippedFile, HasAReason) {
  const Reading reading = ReadBytes(GetParam().file, GetParam().bytes,
                                    {.max_document_bytes = 1000});
  EXPECT_THAT(reading.documents, IsEmpty());
  ASSERT_THAT(reading.skipped, SizeIs(1));
  EXPECT_EQ(reading.skipped[0].path, GetParam().file);
  EXPECT_EQ(ErrorReason(reading.skipped[0].status), GetParam().reason);
  EXPECT_NE(GetErrorDetails(reading.skipped[0].status)["path"], "");
}

const SkipCase kSkipCases[] = {
    {"empty", "a.txt", "", "FILE_EMPTY"},
    {"empty_markdown", "a.md", "", "FILE_EMPTY"},
    {"blank", "a.txt", " \n\t\u00A0\u3000\n", "TEXT_EMPTY"},
    {"bom_alone", "a.txt", "\xEF\xBB\xBF", "TEXT_EMPTY"},
    {"front_matter_alone", "a.md", "---\na: b\n---\n", "TEXT_EMPTY"},
    {"binary", "a.bin", std::string("\0\1\2\3PNG\0\0\5", 10), "BINARY_CONTENT"},
    {"binary_markdown", "a.md", std::string(50, '\1'), "BINARY_CONTENT"},
    {"front_matter", "a.md", "---\na: b\n c: d\n---\nText",
     "FRONT_MATTER_SYNTAX"},
    {"id_empty", "a.md", "---\ndocument_id: ''\n---\nText",
     "DOCUMENT_ID_INVALID"},
    {"id_with_control", "a.md", "---\ndocument_id: \"a\\tb\"\n---\nText",
     "DOCUMENT_ID_INVALID"},
    {"id_no_scalar", "a.md", "---\ndocument_id: [a]\n---\nText", "FIELD_TYPE"},
    {"too_large", "a.txt", std::string(1001, 'a'), "DOCUMENT_TOO_LARGE"},
    {"too_large_in_utf8", "a.txt", "\xFF\xFE" + std::string(996, '\x4E'),
     "DOCUMENT_TOO_LARGE"},
};

INSTANTIATE_TEST_SUITE_P(Cases, SkippedFile, testing::ValuesIn(kSkipCases),
                         [](const auto& test) {
                           return std::string(test.param.name);
                         });

TEST(ReadSourceFile, NamesTheLineOfBadFrontMatter) {
  const Reading reading = ReadBytes("a.md", "---\na: b\n\nbad\n---\nText");
  ASSERT_THAT(reading.skipped, SizeIs(1));
  EXPECT_EQ(GetErrorDetails(reading.skipped[0].status)["line"], "4");
}

TEST(ReadSourceFile, TakesADocumentOfTheLargestSize) {
  const Reading reading =
      ReadBytes("a.txt", std::string(1000, 'a'), {.max_document_bytes = 1000});
  EXPECT_THAT(reading.documents, SizeIs(1));
}

TEST(ReadSourceFile, RefusesALargeFileWithoutReadingIt) {
  const TempFolder folder;
  Write(folder / "a.txt", "");
  ASSERT_EQ(truncate((folder / "a.txt").c_str(), off_t{1} << 40), 0);
  EXPECT_THAT(ReadPath(folder / "a.txt", "a.txt").SkippedReasons(folder.path()),
              ElementsAre("a.txt DOCUMENT_TOO_LARGE"));
}

TEST(ReadSourceFile, SkipsWhatIsNoFile) {
  const TempFolder folder;
  ASSERT_EQ(mkfifo((folder / "pipe.txt").c_str(), 0600), 0);
  ASSERT_EQ(mkdir((folder / "folder.md").c_str(), 0700), 0);
  EXPECT_THAT(ReadPath(folder / "pipe.txt", "a").SkippedReasons(folder.path()),
              ElementsAre("pipe.txt FILE_NOT_REGULAR"));
  EXPECT_THAT(ReadPath(folder / "folder.md", "a").SkippedReasons(folder.path()),
              ElementsAre("folder.md FILE_NOT_REGULAR"));
  EXPECT_THAT(ReadPath(folder / "none.md", "a").SkippedReasons(folder.path()),
              ElementsAre("none.md FILE_NOT_FOUND"));
}

TEST(ReadSourceFile, SkipsAnUnreadableFile) {
  const TempFolder folder;
  Write(folder / "a.txt", "text");
  Write(folder / "a.jsonl", "{}");
  ASSERT_EQ(chmod((folder / "a.txt").c_str(), 0), 0);
  ASSERT_EQ(chmod((folder / "a.jsonl").c_str(), 0), 0);
  ASSERT_EQ(chmod(folder.path().c_str(), 0755), 0);
  const auto is_skipped = [&](const std::string& name) {
    return ReadPath(folder / name, name).SkippedReasons(folder.path()) ==
           std::vector<std::string>{name + " FILE_UNREADABLE"};
  };
  EXPECT_TRUE(RunAsNobody([&] { return is_skipped("a.txt"); }));
  EXPECT_TRUE(RunAsNobody([&] { return is_skipped("a.jsonl"); }));
}

TEST(ReadSourceFile, ReturnsTheErrorOfTheSink) {
  const TempFolder folder;
  Write(folder / "a.txt", "text");
  Write(folder / "a.jsonl", "{\"text\":\"a\"}\n{\"text\":\"b\"}\n");
  for (const char* name : {"a.txt", "a.jsonl"}) {
    int calls = 0;
    const Sink sink = {[&](const SourceDocument& /*document*/) {
                         ++calls;
                         return absl::AbortedError("full");
                       },
                       [](const Skipped& /*skipped*/) {}};
    EXPECT_EQ(ReadSourceFile({folder / name, name}, {}, sink),
              absl::AbortedError("full"));
    EXPECT_EQ(calls, 1);
  }
}

TEST(ReadSourceFile, TakesTheLongestPathInAnyScript) {
  const TempFolder folder;
  Write(folder / "a.txt", "text");
  const std::string longest(4096, '\xE6');
  const Reading reading = ReadPath(folder / "a.txt", longest);
  ASSERT_THAT(reading.documents, SizeIs(1));
  EXPECT_EQ(reading.documents[0].document_id.size(), 3 * 4096U);
  EXPECT_THAT(
      ReadPath(folder / "a.txt", longest + "a").SkippedReasons(folder.path()),
      ElementsAre("a.txt DOCUMENT_ID_INVALID"));
}

TEST(ReadSourceFile, SkipsAGivenIdThatIsTooLong) {
  const std::string id(3 * 4096 + 1, 'a');
  EXPECT_THAT(ReadBytes("a.md", "---\ndocument_id: " + id + "\n---\nText")
                  .SkippedReasons(""),
              ElementsAre("a.md DOCUMENT_ID_INVALID"));
}

}  // namespace
}  // namespace footnote::sources
