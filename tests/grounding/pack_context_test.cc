// Contexts keep to their budgets, and their spans are exact.

#include "server/grounding/pack_context.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "server/grounding/context_text.h"
#include "server/search/documents.h"
#include "server/search/searcher.h"
#include "tests/search/nasty_texts.h"
#include "tests/search/span_checks.h"
#include "tests/testing/growing_collection.h"
#include "tests/testing/random_documents.h"
#include "tests/testing/status_matchers.h"

namespace footnote::grounding {
namespace {

using search::Passage;

// Random cases that are tried; FOOTNOTE_CONTEXTS gives another number.
size_t CasesWanted() {
  constexpr size_t kCases = 150;
  const char* given = std::getenv("FOOTNOTE_CONTEXTS");
  return given != nullptr ? std::strtoull(given, nullptr, 10) : kCases;
}

// Nasty texts and random ones, with all their passages.
class PackContextTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    collection_ = new GrowingCollection;
    search::WriteNastyTexts(collection_);
    RandomDocuments documents(5);
    for (int i = 0; i < 12; ++i) {
      collection_->Write(
          "random/" + std::to_string(i) + ".md",
          (i % 2 == 0 ? "---\ndate: 2026-0" + std::to_string(1 + i % 9) +
                            "-11\ntitle: <b> & \"c\"\\\n---\n"
                      : "") +
              documents.Markdown());
    }
    generation_ = collection_->BuildAndOpen();
    view_ = new search::View(*generation_);
    ReadAll();
  }
  static void TearDownTestSuite() {
    delete view_;
    generation_.reset();
    delete collection_;
    documents_.clear();
    passages_.clear();
  }

  static void ReadAll() {
    const auto documents = search::ListDocuments(*view_, "", 1000);
    ASSERT_THAT(documents, IsOk());
    for (const index::DocumentRecord& document : *documents) {
      std::string text;
      for (const std::string& id :
           search::PassageIds(*generation_, document.document_id)) {
        const auto passage = search::GetPassage(*view_, id, 0, 0);
        ASSERT_THAT(passage, IsOk());
        text += passage->text;
        passages_.push_back(*passage);
      }
      documents_.emplace(document.document_id, SlicedText(text));
    }
  }

  static GrowingCollection* collection_;
  static std::shared_ptr<const index::Generation> generation_;
  static search::View* view_;
  static std::map<std::string, SlicedText> documents_;
  static std::vector<Passage> passages_;
};

GrowingCollection* PackContextTest::collection_ = nullptr;
std::shared_ptr<const index::Generation> PackContextTest::generation_;
search::View* PackContextTest::view_ = nullptr;
std::map<std::string, SlicedText> PackContextTest::documents_;
std::vector<Passage> PackContextTest::passages_;

// One of the random cases.
struct Case {
  std::vector<Passage> passages;
  ContextOptions options;
};

Case MakeCase(const std::vector<Passage>& all, std::mt19937& random) {
  const auto below = [&](size_t end) {
    return std::uniform_int_distribution<size_t>(0, end - 1)(random);
  };
  Case made;
  const size_t count = 1 + below(30);
  while (made.passages.size() < count) {
    size_t at = below(all.size());
    // Neighbours often come together.
    for (size_t run = 1 + below(3); run > 0 && at < all.size(); --run) {
      made.passages.push_back(all[at++]);
    }
  }
  std::shuffle(made.passages.begin(), made.passages.end(), random);
  made.options.unit = static_cast<ContextUnit>(below(3));
  made.options.order = static_cast<ContextOrder>(below(4));
  made.options.format = static_cast<ContextFormat>(below(3));
  made.options.budget = 1 + below(size_t{1} << (4 + below(12)));
  return made;
}

// The length of a text, counted by other code.
uint64_t SizeIn(const std::string& text, ContextUnit unit) {
  if (unit == ContextUnit::kBytes) {
    return text.size();
  }
  return unit == ContextUnit::kChars ? SlicedText(text).chars()
                                     : EstimateTokens(text);
}

std::string Unescape(std::string text) {
  for (const auto& [escaped, plain] :
       std::vector<std::pair<std::string, std::string>>{
           {"&lt;", "<"}, {"&gt;", ">"}, {"&#13;", "\r"}, {"&amp;", "&"}}) {
    for (size_t at = text.find(escaped); at != std::string::npos;
         at = text.find(escaped, at + plain.size())) {
      text.replace(at, escaped.size(), plain);
    }
  }
  return text;
}

bool IsSpace(std::string_view text) {
  return text.find_first_not_of(" \t\r\n\f\v") == std::string_view::npos;
}

// Returns the ends of all sentences of a document's passages.
std::set<uint64_t> BordersOf(const std::vector<Passage>& passages,
                             const std::string& document_id) {
  std::set<uint64_t> borders;
  for (const Passage& passage : passages) {
    if (passage.document.document_id == document_id) {
      for (const search::TextBlock& block : passage.blocks) {
        borders.insert(block.span.start.bytes);
        borders.insert(block.span.end.bytes);
      }
    }
  }
  return borders;
}

// A block begins and ends where sentences do, but for white space.
void ExpectWholeSentences(const SlicedText& document,
                          const std::set<uint64_t>& borders, const Span& span) {
  const auto after = borders.lower_bound(span.end.bytes);
  ASSERT_NE(after, borders.end());
  EXPECT_TRUE(IsSpace(document.Bytes(span.end.bytes, *after)));
  auto before = borders.upper_bound(span.start.bytes);
  ASSERT_NE(before, borders.begin());
  --before;
  EXPECT_TRUE(IsSpace(document.Bytes(*before, span.start.bytes)));
}

void ExpectBlock(const ContextBlock& block, const std::string& text,
                 ContextFormat format, const SlicedText& document) {
  search::ExpectProvenance(document, block.provenance, block.content.text);
  EXPECT_EQ(block.provenance.span, block.content.span);
  EXPECT_FALSE(IsSpace(block.content.text));
  const std::string rendered = text.substr(
      block.rendered_start, block.rendered_end - block.rendered_start);
  if (format == ContextFormat::kXml) {
    const bool is_plain = std::all_of(
        block.content.text.begin(), block.content.text.end(), [](char c) {
          return static_cast<unsigned char>(c) >= ' ' || c == '\n' ||
                 c == '\r' || c == '\t';
        });
    EXPECT_TRUE(!is_plain || Unescape(rendered) == block.content.text ||
                rendered.find("\uFFFD") != std::string::npos);
    EXPECT_EQ(rendered.find('<'), std::string::npos);
  } else {
    EXPECT_EQ(rendered, block.content.text);
  }
}

// Every passage is in the context, or it is said why not.
void ExpectAllTold(const std::vector<Passage>& passages,
                   const PackedContext& context) {
  std::multiset<std::string> in;
  for (const ContextBlock& block : context.blocks) {
    in.insert(block.passage_ids.begin(), block.passage_ids.end());
  }
  std::set<uint32_t> out;
  size_t cut = 0;
  for (const LeftOut& left_out : context.left_out) {
    EXPECT_TRUE(out.insert(left_out.rank).second);
    EXPECT_EQ(passages[left_out.rank - 1].passage_id, left_out.passage_id);
    cut += left_out.reason == LeftOutReason::kCut ? 1 : 0;
  }
  EXPECT_EQ(in.size() + out.size(), passages.size() + cut);
}

TEST_F(PackContextTest, NeverExceedsItsBudgetAndIsExact) {
  ASSERT_GT(passages_.size(), 100U);
  std::map<std::string, std::set<uint64_t>> borders;
  for (const auto& [id, text] : documents_) {
    borders[id] = BordersOf(passages_, id);
  }
  std::mt19937 random(7);
  size_t blocks = 0;
  for (size_t i = 0, cases = CasesWanted(); i < cases; ++i) {
    SCOPED_TRACE(i);
    const Case made = MakeCase(passages_, random);
    const auto context = PackContext(*view_, made.passages, made.options, {});
    ASSERT_THAT(context, IsOk());
    const uint64_t size = SizeIn(context->text, made.options.unit);
    ASSERT_LE(size, made.options.budget);
    EXPECT_EQ(size, context->size.In(made.options.unit));
    for (size_t k = 0; k < context->blocks.size(); ++k) {
      const ContextBlock& block = context->blocks[k];
      const std::string& id = block.document.document_id;
      EXPECT_EQ(block.key, std::to_string(k + 1));
      ExpectBlock(block, context->text, made.options.format, documents_.at(id));
      ExpectWholeSentences(documents_.at(id), borders[id], block.content.span);
    }
    ExpectAllTold(made.passages, *context);
    blocks += context->blocks.size();
  }
  EXPECT_GT(blocks, CasesWanted());
}

// Returns all passages of documents, in their order.
std::vector<Passage> PassagesOf(const search::View& view,
                                const std::vector<std::string>& ids) {
  std::vector<Passage> passages;
  for (const std::string& id : ids) {
    for (const std::string& passage :
         search::PassageIds(view.generation(), id)) {
      passages.push_back(*search::GetPassage(view, passage, 0, 0));
    }
  }
  return passages;
}

TEST_F(PackContextTest, JoinsNeighboursAndOrdersThem) {
  std::vector<Passage> passages =
      PassagesOf(*view_, {"random/3.md", "random/2.md", "random/4.md"});
  std::reverse(passages.begin(), passages.end());
  ContextOptions options;
  options.budget = 1 << 20;
  options.order = ContextOrder::kNewest;
  const auto context = PackContext(*view_, passages, options, {});
  ASSERT_THAT(context, IsOk());
  ASSERT_EQ(context->blocks.size(), 3U);
  EXPECT_TRUE(context->left_out.empty());
  EXPECT_EQ(context->blocks[0].document.document_id, "random/4.md");
  EXPECT_EQ(context->blocks[1].document.document_id, "random/2.md");
  EXPECT_EQ(context->blocks[2].document.document_id, "random/3.md");
  EXPECT_EQ(context->blocks[1].content.span.end.bytes + 3,
            documents_.at("random/2.md").text().size());
}

TEST_F(PackContextTest, LeavesOutDuplicatesAndSaysOfWhat) {
  std::vector<Passage> passages = PassagesOf(*view_, {"random/2.md"});
  passages.push_back(passages.front());
  ContextOptions options;
  options.budget = 1 << 20;
  const auto context = PackContext(*view_, passages, options, {});
  ASSERT_THAT(context, IsOk());
  ASSERT_EQ(context->left_out.size(), 1U);
  EXPECT_EQ(context->left_out[0].reason, LeftOutReason::kDuplicate);
  EXPECT_EQ(context->left_out[0].rank, passages.size());
  EXPECT_EQ(context->left_out[0].duplicate_of, passages[0].passage_id);
}

TEST_F(PackContextTest, CutsAtSentences) {
  const std::vector<Passage> passages = PassagesOf(*view_, {"random/1.md"});
  ContextOptions options;
  options.unit = ContextUnit::kBytes;
  options.budget = passages.front().text.size() / 2;
  const auto context = PackContext(*view_, {passages.front()}, options, {});
  ASSERT_THAT(context, IsOk());
  ASSERT_EQ(context->blocks.size(), 1U);
  EXPECT_LT(context->blocks[0].content.text.size(), options.budget);
  ASSERT_EQ(context->left_out.size(), 1U);
  EXPECT_EQ(context->left_out[0].reason, LeftOutReason::kCut);
}

TEST(EstimateTokens, CountsAsItSays) {
  EXPECT_EQ(EstimateTokens(""), 0U);
  EXPECT_EQ(EstimateTokens("The quickest fox"), 4U);
  EXPECT_EQ(EstimateTokens("12 1234"), 3U);
  EXPECT_EQ(EstimateTokens("a  b\n"), 4U);
  EXPECT_EQ(EstimateTokens("\u6771\u4eac \U0001F98A."), 5U);
}

}  // namespace
}  // namespace footnote::grounding
