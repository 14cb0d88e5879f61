#include "indexer/sources/json_line.h"

#include <random>
#include <string>
#include <vector>

#include <gmock/gmock.h>

#include "indexer/sources/body.h"
#include "indexer/sources/fields.h"
#include "tests/testing/status_matchers.h"

namespace footnote::sources {
namespace {

using absl::StatusCode;
using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

// Checks that the line of a document gives the document.
void ExpectComesBack(const SourceDocument& document) {
  const std::string line = FormatJsonLine(document);
  ASSERT_EQ(line.find('\n'), std::string::npos);
  const auto read = ParseJsonLine(line, "fallback");
  ASSERT_THAT(read, IsOk()) << line;
  EXPECT_EQ(read->document_id, document.document_id);
  EXPECT_EQ(read->text, document.text);
  EXPECT_EQ(read->title, document.title) << line;
  EXPECT_EQ(read->uri, document.uri) << line;
  EXPECT_EQ(read->filename, document.filename);
  EXPECT_EQ(read->media_type, document.media_type);
  EXPECT_EQ(read->source_type, document.source_type);
  EXPECT_EQ(read->language, document.language);
  EXPECT_EQ(read->create_time, document.create_time);
  EXPECT_EQ(read->update_time, document.update_time);
  EXPECT_EQ(read->embargo_time, document.embargo_time);
  EXPECT_EQ(read->expire_time, document.expire_time);
  EXPECT_EQ(read->access_labels, document.access_labels);
  EXPECT_EQ(read->metadata.dump(), document.metadata.dump());
  ASSERT_EQ(read->headings.size(), document.headings.size());
  for (size_t i = 0; i < read->headings.size(); ++i) {
    EXPECT_EQ(read->headings[i].start, document.headings[i].start);
    EXPECT_EQ(read->headings[i].text, document.headings[i].text);
  }
}

SourceDocument FromBody(std::string_view bytes, bool is_markdown) {
  SourceDocument document;
  document.document_id = "a/b%20c";
  document.filename = "b c.md";
  EXPECT_THAT(FillFromBody(bytes, is_markdown, UINT64_MAX, &document), IsOk());
  return document;
}

TEST(JsonLine, WritesFilesSoThatTheyComeBack) {
  ExpectComesBack(FromBody("A title\n\nSome text.", false));
  ExpectComesBack(FromBody("only lower-case prose.", false));
  ExpectComesBack(
      FromBody("---\ntitle: T\nurl: u\nlang: de\ndate: 2026-04-21\n"
               "embargo_time: 2026-05-01\naccess_labels: [b, a]\n---\n"
               "# One\n\nText.\n\nTwo\n---\n",
               true));
  ExpectComesBack(FromBody("# The title\n\nText.\n", true));
}

TEST(JsonLine, StatesNoMoreThanMetadataLeaveOpen) {
  SourceDocument document;
  document.document_id = "d";
  document.text = "text";
  document.media_type = "text/plain";
  document.metadata = {{"url", "u"}, {"date", "2026"}};
  ASSERT_THAT(FillFields(&document), IsOk());
  EXPECT_THAT(FormatJsonLine(document), Not(HasSubstr("_footnote")));
  document.uri = "";
  document.expire_time = -5;
  EXPECT_THAT(FormatJsonLine(document),
              HasSubstr(R"("_footnote":{"expire_time":-5,"uri":null})"));
}

// Makes documents of what is hard to write.
class HardDocuments {
 public:
  SourceDocument Make() {
    SourceDocument document;
    document.document_id = "d" + std::to_string(random_());
    document.text = Text(8) + "x";
    document.title = Text(2);
    document.uri = Text(2);
    document.filename = Text(2);
    document.media_type = OneOf("text/plain", "text/markdown");
    document.source_type = OneOf("FILE", Text(2) + "y");
    document.language = OneOf("", "de");
    document.create_time = Time();
    document.update_time = Time();
    document.embargo_time = Time();
    document.expire_time = Time();
    document.metadata[Text(2)] = Text(3);
    document.metadata["lang"] = OneOf("de", "fr");
    document.metadata["uri"] = OneOf("", document.uri);
    document.metadata["n"] = {static_cast<double>(random_()) / 7, nullptr};
    if (random_() % 2 == 0) {
      document.access_labels = {"a", "b\""};
    }
    if (document.media_type == "text/markdown") {
      const std::string title = document.title;
      FillHeadings(&document);
      document.title = title;
    }
    return document;
  }

 private:
  // Of `most` pieces at most.
  std::string Text(uint32_t most) {
    std::string made;
    for (auto i = random_() % (most + 1); i > 0; --i) {
      made += pieces_[random_() % pieces_.size()];
    }
    return made;
  }

  std::string OneOf(std::string first, std::string second) {
    return random_() % 2 == 0 ? std::move(first) : std::move(second);
  }

  std::optional<int64_t> Time() {
    return random_() % 2 == 0 ? std::optional<int64_t>()
                              : static_cast<int64_t>(random_()) - 3000000000;
  }

  std::mt19937 random_{20261126};
  const std::vector<std::string> pieces_ = {"a",
                                            "\"",
                                            "\\",
                                            "\\ud800",
                                            "\xEF\xBB\xBF",
                                            "\n",
                                            "\r",
                                            "\t",
                                            "\xE2\x80\xA8",
                                            "é",
                                            "𝔘",
                                            "# H\n",
                                            "{",
                                            "}",
                                            std::string(1, '\0'),
                                            "\x7F",
                                            "null",
                                            "_id",
                                            "x y",
                                            "2026-04-21"};
};

TEST(JsonLine, WritesAnyDocumentSoThatItComesBack) {
  HardDocuments documents;
  for (int i = 0; i < 2000; ++i) {
    ExpectComesBack(documents.Make());
  }
}

TEST(JsonLine, SaysWhatIsWrongWithStatedFields) {
  for (const char* stated :
       {R"("text")", R"([])", R"({"uri":3})", R"({"create_time":"2026"})",
        R"({"create_time":1.5})", R"({"unknown":"x"})"}) {
    EXPECT_THAT(ParseJsonLine(std::string(R"({"_id":"d","text":"t",)") +
                                  R"("_footnote":)" + stated + "}",
                              "x"),
                FailsWith(StatusCode::kInvalidArgument, "FIELD_TYPE"))
        << stated;
  }
  const auto read =
      ParseJsonLine(R"({"text":"t","_footnote":null,"a":1})", "x");
  ASSERT_THAT(read, IsOk());
  EXPECT_EQ(read->metadata, json({{"a", 1}}));
  EXPECT_EQ(read->document_id, "x");
}

TEST(JsonLine, ReadsMarkdownWhereTheMediaTypeSaysSo) {
  const auto read = ParseJsonLine(
      R"({"text":"# Top\n\nText.","_footnote":{"media_type":"text/markdown"}})",
      "x");
  ASSERT_THAT(read, IsOk());
  EXPECT_EQ(read->title, "Top");
  ASSERT_EQ(read->headings.size(), 1U);
}

}  // namespace
}  // namespace footnote::sources
