#include "server/search/documents.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "server/search/searcher.h"
#include "tests/search/span_checks.h"
#include "tests/testing/growing_collection.h"
#include "tests/testing/status_matchers.h"

namespace footnote::search {
namespace {

using absl::StatusCode;
using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> IdsAfter(const index::Generation& generation,
                                  const std::string& after, uint32_t limit) {
  std::vector<std::string> ids;
  const auto documents = ListDocuments(View(generation), after, limit);
  EXPECT_THAT(documents, IsOk());
  for (const index::DocumentRecord& document : *documents) {
    ids.push_back(document.document_id);
  }
  return ids;
}

// A text of three passages, four sentences of 25 words each.
std::string ThreePassages() {
  std::string text;
  for (int passage = 0; passage < 3; ++passage) {
    for (int sentence = 0; sentence < 4; ++sentence) {
      text += "Sentence" + std::to_string(passage) + std::to_string(sentence);
      for (int word = 0; word < 24; ++word) {
        text += " word";
      }
      text += sentence == 3 ? ".\n\n" : ". ";
    }
  }
  return text;
}

class Documents : public testing::Test {
 protected:
  Documents() {
    collection_.Write("a.txt", "A\r\ne\u0301👩🏽‍🚀z");
    collection_.Write("long.txt", ThreePassages());
    generation_ = collection_.BuildAndOpen();
  }

  std::string Range(uint64_t start, uint64_t end) {
    const auto range = GetDocument(View(*generation_), "a.txt", start, end);
    return range.ok() ? range->content.text : ErrorReason(range.status());
  }

  // Returns "before|content|after" of a span.
  std::string SpanOf(const std::string& document, uint64_t start, uint64_t end,
                     ContextUnit unit, uint32_t count) {
    const auto span =
        GetSpan(View(*generation_), document, start, end, {unit, count});
    return span.ok() ? span->before.text + "|" + span->content.text + "|" +
                           span->after.text
                     : ErrorReason(span.status());
  }

  GrowingCollection collection_;
  std::shared_ptr<const index::Generation> generation_;
};

TEST_F(Documents, ComeWhole) {
  EXPECT_EQ(Range(0, 0), "A\r\ne\u0301👩🏽‍🚀z");
  EXPECT_EQ(Range(0, 22), "A\r\ne\u0301👩🏽‍🚀z");
  EXPECT_EQ(Range(0, 1000000), "A\r\ne\u0301👩🏽‍🚀z");
}

TEST_F(Documents, ComeInRangesWidenedToGraphemes) {
  EXPECT_EQ(Range(0, 1), "A");
  EXPECT_EQ(Range(1, 2), "\r\n");
  EXPECT_EQ(Range(2, 3), "\r\n");
  EXPECT_EQ(Range(4, 5), "e\u0301");
  EXPECT_EQ(Range(5, 7), "e\u0301👩🏽‍🚀");
  EXPECT_EQ(Range(15, 16), "👩🏽‍🚀");
  EXPECT_EQ(Range(21, 22), "z");
  EXPECT_EQ(Range(21, 0), "z");
  EXPECT_EQ(Range(22, 22), "");
  EXPECT_EQ(Range(22, 0), "");
  EXPECT_EQ(Range(1, 1), "");
}

TEST_F(Documents, RefuseRangesOutside) {
  EXPECT_EQ(Range(23, 0), "SPAN_OUT_OF_RANGE");
  EXPECT_EQ(Range(5, 4), "SPAN_OUT_OF_RANGE");
  EXPECT_EQ(Range(UINT64_MAX, UINT64_MAX), "SPAN_OUT_OF_RANGE");
  const auto range = GetDocument(View(*generation_), "a.txt", 23, 0);
  EXPECT_THAT(range, FailsWith(StatusCode::kOutOfRange, "SPAN_OUT_OF_RANGE"));
  EXPECT_EQ(GetErrorDetails(range.status()).at("size"), "22");
}

TEST_F(Documents, ThatAreNoneAreNotFound) {
  for (const char* id : {"", "b.txt", "a.txt ", "A.TXT"}) {
    EXPECT_THAT(GetDocument(View(*generation_), id, 0, 0),
                FailsWith(StatusCode::kNotFound, "DOCUMENT_NOT_FOUND"));
    EXPECT_THAT(
        GetSpan(View(*generation_), id, 0, 1, {ContextUnit::kPassage, 1}),
        FailsWith(StatusCode::kNotFound, "DOCUMENT_NOT_FOUND"));
  }
}

TEST_F(Documents, PassagesThatAreNoneAreNotFound) {
  const std::string id = PassageIds(*generation_, "a.txt")[0];
  EXPECT_THAT(GetPassage(View(*generation_), id, 0, 0), IsOk());
  std::string other = id;
  other[0] = other[0] == 'A' ? 'B' : 'A';
  for (const std::string& bad :
       {std::string(), std::string("x"), other, id + "A", id + "=",
        id.substr(1), std::string("!!!!!!!!!!!!!!!!!!!!!!"),
        std::string(1000, 'A')}) {
    EXPECT_THAT(GetPassage(View(*generation_), bad, 0, 0),
                FailsWith(StatusCode::kNotFound, "PASSAGE_NOT_FOUND"))
        << bad;
  }
}

TEST_F(Documents, NeighboursEndWithTheDocument) {
  const auto ids = PassageIds(*generation_, "long.txt");
  ASSERT_EQ(ids.size(), 3U);
  const auto middle = GetPassage(View(*generation_), ids[1], 5, UINT32_MAX);
  ASSERT_THAT(middle, IsOk());
  ASSERT_EQ(middle->previous.size(), 1U);
  ASSERT_EQ(middle->next.size(), 1U);
  EXPECT_EQ(middle->previous[0].text + middle->text + middle->next[0].text,
            ThreePassages());
}

TEST_F(Documents, SpansHaveContextBySentences) {
  const std::string text = ThreePassages();
  const auto sentence = [&](const std::string& name) {
    const size_t start = text.find("Sentence" + name);
    const size_t end = text.find("Sentence", start + 1);
    return text.substr(start, std::min(end, text.size()) - start);
  };
  const size_t start = text.find("Sentence11");
  const size_t end = start + sentence("11").size();
  const std::string content = sentence("11");
  using Unit = ContextUnit;
  EXPECT_EQ(SpanOf("long.txt", start, end, Unit::kSentence, 0),
            "|" + content + "|");
  EXPECT_EQ(SpanOf("long.txt", start, end, Unit::kSentence, 1),
            sentence("10") + "|" + content + "|" + sentence("12"));
  // Over the borders of passages.
  EXPECT_EQ(SpanOf("long.txt", start, end, Unit::kSentence, 3),
            sentence("02") + sentence("03") + sentence("10") + "|" + content +
                "|" + sentence("12") + sentence("13") + sentence("20"));
  EXPECT_EQ(SpanOf("long.txt", start, end, Unit::kSentence, 1000),
            text.substr(0, start) + "|" + content + "|" + text.substr(end));
  // The rest of the sentence that a span begins or ends in counts as one.
  EXPECT_EQ(SpanOf("long.txt", start + 10, start + 15, Unit::kSentence, 1),
            content.substr(0, 10) + "|" + content.substr(10, 5) + "|" +
                content.substr(15));
  EXPECT_EQ(SpanOf("long.txt", start + 10, start + 15, Unit::kSentence, 2),
            sentence("10") + content.substr(0, 10) + "|" +
                content.substr(10, 5) + "|" + content.substr(15) +
                sentence("12"));
}

TEST_F(Documents, SpansHaveContextByPassages) {
  const std::string text = ThreePassages();
  const size_t second = text.find("Sentence10");
  const size_t third = text.find("Sentence20");
  using Unit = ContextUnit;
  EXPECT_EQ(SpanOf("long.txt", second, third, Unit::kPassage, 1),
            text.substr(0, second) + "|" + text.substr(second, third - second) +
                "|" + text.substr(third));
  EXPECT_EQ(SpanOf("long.txt", second + 5, second + 6, Unit::kPassage, 1),
            text.substr(second, 5) + "|" + text.substr(second + 5, 1) + "|" +
                text.substr(second + 6, third - second - 6));
  EXPECT_EQ(SpanOf("long.txt", 0, text.size(), Unit::kPassage, 9),
            "|" + text + "|");
}

TEST_F(Documents, SpansOfNothingHaveContextToo) {
  const std::string text = ThreePassages();
  const size_t second = text.find("Sentence10");
  EXPECT_EQ(SpanOf("long.txt", second, second, ContextUnit::kPassage, 0), "||");
  EXPECT_EQ(SpanOf("long.txt", second, second, ContextUnit::kPassage, 1),
            text.substr(0, second) + "||" +
                text.substr(second, text.find("Sentence20") - second));
  EXPECT_EQ(SpanOf("long.txt", 0, 0, ContextUnit::kSentence, 1),
            "||" + text.substr(0, text.find("Sentence01")));
  EXPECT_EQ(
      SpanOf("long.txt", text.size(), text.size(), ContextUnit::kPassage, 1),
      text.substr(text.find("Sentence20")) + "||");
}

TEST_F(Documents, SpansOutsideAreRefused) {
  using Unit = ContextUnit;
  EXPECT_EQ(SpanOf("a.txt", 23, 24, Unit::kSentence, 0), "SPAN_OUT_OF_RANGE");
  EXPECT_EQ(SpanOf("a.txt", 3, 2, Unit::kSentence, 0), "SPAN_OUT_OF_RANGE");
  EXPECT_EQ(SpanOf("a.txt", 21, 1000, Unit::kSentence, 0), "|z|");
  EXPECT_EQ(SpanOf("a.txt", 0, UINT64_MAX, Unit::kSentence, 0),
            "|A\r\ne\u0301👩🏽‍🚀z|");
}

TEST(LongDocuments, ComeInPiecesThatJoin) {
  GrowingCollection collection;
  std::string text;
  while (text.size() < 2 * kMaxTextBytes + 1000) {
    text += "Ein Satz über e\u0301 und 👩🏽‍🚀. ";
  }
  collection.Write("long.txt", text);
  const auto generation = collection.BuildAndOpen();
  std::string joined;
  int pieces = 0;
  while (joined.size() < text.size() && pieces < 10) {
    const auto piece =
        GetDocument(View(*generation), "long.txt", joined.size(), 0);
    ASSERT_THAT(piece, IsOk());
    EXPECT_EQ(piece->content.span.start.bytes, joined.size());
    EXPECT_LE(piece->content.text.size(), kMaxTextBytes);
    EXPECT_TRUE(text::IsGraphemeBoundary(text, piece->content.span.end.bytes));
    joined += piece->content.text;
    EXPECT_EQ(piece->content.span.end.bytes, joined.size());
    ++pieces;
  }
  EXPECT_TRUE(joined == text);
  EXPECT_EQ(pieces, 3);
  EXPECT_THAT(
      GetSpan(View(*generation), "long.txt", 0, kMaxTextBytes + 100, {}),
      FailsWith(StatusCode::kInvalidArgument, "SPAN_TOO_LONG"));
  EXPECT_THAT(GetSpan(View(*generation), "long.txt", 0, 100,
                      {ContextUnit::kPassage, UINT32_MAX}),
              FailsWith(StatusCode::kInvalidArgument, "SPAN_TOO_LONG"));
}

TEST(ListDocuments, GoesOverSegmentsInOrder) {
  GrowingCollection collection;
  std::vector<std::string> all;
  for (int i = 0; i < 40; ++i) {
    const std::string name = std::to_string(100 + i * 7 % 40);
    collection.Write(name, "Text " + name);
    if (i % 10 == 9) {
      ASSERT_THAT(collection.Build(), IsOk());
    }
    all.push_back(std::to_string(100 + i));
  }
  auto generation = collection.Open();
  ASSERT_EQ(generation->segments().size(), 4U);
  EXPECT_EQ(IdsAfter(*generation, "", 100), all);
  EXPECT_THAT(IdsAfter(*generation, "", 0), IsEmpty());
  EXPECT_THAT(IdsAfter(*generation, "101", 2), ElementsAre("102", "103"));
  EXPECT_THAT(IdsAfter(*generation, "1015", 1), ElementsAre("102"));
  EXPECT_THAT(IdsAfter(*generation, "139", 5), IsEmpty());
  for (const uint32_t size : {1U, 3U, 7U}) {
    std::vector<std::string> joined;
    std::vector<std::string> page = IdsAfter(*generation, "", size);
    while (!page.empty()) {
      joined.insert(joined.end(), page.begin(), page.end());
      page = IdsAfter(*generation, joined.back(), size);
    }
    EXPECT_EQ(joined, all);
  }
}

TEST(ListDocuments, SaysThatARecordIsDamaged) {
  GrowingCollection collection;
  collection.Write("first", "one");
  collection.Write("second", "two");
  ASSERT_THAT(collection.Build(), IsOk());
  const std::string segments = collection.folder() + "/segments";
  const std::string path =
      std::filesystem::directory_iterator(segments)->path().string() +
      "/documents.col";
  std::string bytes = *ReadFile(path);
  // The length of the title, which follows the id.
  bytes[bytes.find("second") + 6] = 0x7F;
  ASSERT_THAT(WriteFileDurably(path, bytes), IsOk());
  const auto generation = collection.Open();
  EXPECT_THAT(ListDocuments(View(*generation), "", 10),
              FailsWith(StatusCode::kDataLoss, "INDEX_CORRUPT"));
  EXPECT_THAT(IdsAfter(*generation, "", 1), ElementsAre("first"));
}

TEST(Tombstones, HideDocumentsEverywhere) {
  GrowingCollection collection;
  collection.Write("entities.tsv", "X\tfox\tFox\t\nX\twhale\tWhale\t\n");
  collection.Write("a", "The red Fox runs");
  collection.Write("b", "The blue Whale swims");
  collection.Write("c", "The green Fox sleeps");
  const auto before = collection.BuildAndOpen();
  const std::string passage = PassageIds(*before, "a")[0];
  const std::string changed = PassageIds(*before, "c")[0];
  collection.Remove("a");
  collection.Write("c", "The green Whale sleeps");
  const auto after = collection.BuildAndOpen();
  ASSERT_EQ(after->segments().size(), 2U);

  EXPECT_THAT(IdsAfter(*after, "", 10), ElementsAre("b", "c"));
  EXPECT_THAT(GetDocument(View(*after), "a", 0, 0),
              FailsWith(StatusCode::kNotFound, "DOCUMENT_NOT_FOUND"));
  EXPECT_EQ(GetDocument(View(*after), "c", 0, 0)->content.text,
            "The green Whale sleeps");
  for (const std::string& id : {passage, changed}) {
    EXPECT_THAT(GetPassage(View(*after), id, 0, 0),
                FailsWith(StatusCode::kNotFound, "PASSAGE_NOT_FOUND"));
    EXPECT_THAT(GetPassage(View(*before), id, 0, 0), IsOk());
  }
  SearchOptions options;
  options.query = "red fox green runs";
  options.facets = {{"entity"}};
  const auto result = Search(View(*after), options, {});
  ASSERT_THAT(result, IsOk());
  ASSERT_EQ(result->passages.size(), 1U);
  EXPECT_EQ(result->passages[0].text, "The green Whale sleeps");
  EXPECT_EQ(result->count->passages, 1U);
  EXPECT_EQ(result->count->documents, 1U);
  ASSERT_EQ(result->facets[0].values.size(), 1U);
  EXPECT_EQ(result->facets[0].values[0].value, "X/whale");
  EXPECT_EQ(Search(View(*before), options, {})->count->documents, 2U);
}

}  // namespace
}  // namespace footnote::search
