#include "indexer/pipeline/passage_splitter.h"

#include <ctime>
#include <ostream>
#include <random>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace footnote::pipeline {
namespace {

// Sentences written as one letter each with their words: "s20" goes on in its
// paragraph, "l20" ends a line, "p20" a paragraph, "h3" is a heading, and what
// stands before a heading ends at it.
std::vector<SentenceSize> Sentences(const std::string& text) {
  std::vector<SentenceSize> sentences;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find(' ', at), text.size());
    SentenceSize sentence;
    sentence.words = std::stod(text.substr(at + 1, end - at - 1));
    sentence.bytes = static_cast<uint32_t>(6 * sentence.words) + 1;
    sentence.is_heading = text[at] == 'h';
    sentence.after = text[at] == 's'   ? Border::kSentence
                     : text[at] == 'l' ? Border::kLine
                                       : Border::kParagraph;
    if (sentence.is_heading && !sentences.empty()) {
      sentences.back().after = Border::kHeading;
    }
    sentences.push_back(sentence);
    at = end + 1;
  }
  return sentences;
}

// "2 5": two passages, of the first two sentences and the next three.
std::string Ends(const std::vector<SentenceSize>& sentences) {
  std::string text;
  for (const uint32_t end : SplitPassages(sentences, PassageLimits())) {
    text += (text.empty() ? "" : " ") + std::to_string(end);
  }
  return text;
}

struct Case {
  const char* name;
  const char* sentences;
  const char* ends;
};

void PrintTo(const Case& test, std::ostream* out) { *out << test.name; }

class SplitPassagesTest : public testing::TestWithParam<Case> {};

TEST_P(SplitPassagesTest, Splits) {
  EXPECT_EQ(Ends(Sentences(GetParam().sentences)), GetParam().ends);
}

INSTANTIATE_TEST_SUITE_P(
    All, SplitPassagesTest,
    testing::Values(Case{"Nothing", "", ""}, Case{"OneWord", "s1", "1"},
                    Case{"NoWord", "s0", "1"},
                    Case{"ShortStaysTogether", "s20 s20 p20 s20", "4"},
                    Case{"UpToTheTarget", "s60 s60 s60 s60", "2 4"},
                    Case{"AtTheParagraph", "s40 s40 p40 s40 s40 p40", "3 6"},
                    Case{"ParagraphBeatsLine", "s60 l20 p30 s60 s30 p20",
                         "3 6"},
                    Case{"AtTheHeading", "s50 p50 h3 s50 p50", "2 5"},
                    Case{"HeadingNotLast", "s100 p20 h3 s100", "2 4"},
                    Case{"RunOfHeadings", "s60 p60 h3 h3 h3 s100", "2 6"},
                    Case{"OnlyHeadings", "h3 h3 h3", "3"},
                    Case{"HugeSentenceAlone", "s60 s900 s60", "1 2 3"},
                    Case{"HugeFirst", "s900 s30", "1 2"},
                    Case{"HugeLast", "s60 s50 s900", "2 3"}),
    [](const auto& test) { return std::string(test.param.name); });

// Whatever the sentences are: the ends ascend to the last, and no passage of
// several sentences is over a limit.
TEST(SplitPassages, KeepsItsLimits) {
  std::mt19937 random(1);
  const PassageLimits limits;
  for (int i = 0; i < 300; ++i) {
    std::vector<SentenceSize> sentences(random() % 400);
    const uint32_t most = 1 + random() % 300;
    for (SentenceSize& sentence : sentences) {
      sentence.words = static_cast<double>(random() % most) / 2;
      sentence.bytes = 1 + random() % (uint64_t{most} * 20);
      sentence.after = static_cast<Border>(random() % 4);
      sentence.is_heading = random() % 8 == 0;
    }
    uint32_t start = 0;
    for (const uint32_t end : SplitPassages(sentences, limits)) {
      ASSERT_GT(end, start);
      ASSERT_LE(end, sentences.size());
      double words = 0;
      uint64_t bytes = 0;
      for (uint32_t k = start; k < end; ++k) {
        words += sentences[k].words;
        bytes += sentences[k].bytes;
      }
      if (end - start > 1) {
        EXPECT_LE(words, limits.max_words);
        EXPECT_LE(bytes, limits.max_bytes);
        EXPECT_LE(end - start, limits.max_sentences);
      }
      start = end;
    }
    ASSERT_EQ(start, sentences.size());
  }
}

// Ordinary prose comes out within the usual 60 to 180 words, but for a few
// passages that a paragraph makes a little shorter.
TEST(SplitPassages, KeepsProseNearItsTarget) {
  std::mt19937 random(2);
  const PassageLimits limits;
  int passages = 0;
  int short_ones = 0;
  for (int i = 0; i < 100; ++i) {
    std::vector<SentenceSize> sentences(100);
    for (SentenceSize& sentence : sentences) {
      sentence.words = static_cast<double>(5 + random() % 30);
      sentence.bytes = static_cast<uint32_t>(6 * sentence.words);
      sentence.after =
          random() % 6 == 0 ? Border::kParagraph : Border::kSentence;
    }
    uint32_t start = 0;
    for (const uint32_t end : SplitPassages(sentences, limits)) {
      double words = 0;
      for (; start < end; ++start) {
        words += sentences[start].words;
      }
      EXPECT_GE(words, limits.min_words / 2);
      EXPECT_LE(words, limits.max_words);
      ++passages;
      short_ones += words < limits.min_words ? 1 : 0;
    }
  }
  EXPECT_LT(short_ones, passages / 50);
}

TEST(SplitPassages, TakesLinearTime) {
  for (const double words : {0.0, 0.5, 1.0, 20.0, 1000.0}) {
    const std::vector<SentenceSize> sentences(
        50000, {words, 2, Border::kLine, /*is_heading=*/false});
    const std::clock_t start = std::clock();
    SplitPassages(sentences, PassageLimits());
    EXPECT_LT(std::clock() - start, 5 * CLOCKS_PER_SEC) << words;
  }
}

}  // namespace
}  // namespace footnote::pipeline
