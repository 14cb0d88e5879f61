#include "indexer/index/token_codec.h"

#include <algorithm>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace footnote::index {
namespace {

constexpr uint32_t kLexemes = 1000;

// Lengths of folded words, by lexeme.
size_t WordBytes(uint32_t lexeme) { return 1 + lexeme % 13; }

// Reads tokens back as the format has it.
std::vector<PassageToken> Decode(std::string_view bytes) {
  std::vector<PassageToken> tokens;
  TokenReader reader(bytes, TokenReader::Part::kAll);
  uint64_t end = 0;
  while (reader.Next()) {
    const uint64_t gap =
        reader.has_gap() ? reader.gap() : (tokens.empty() ? 0 : 1);
    PassageToken token;
    token.lexeme = reader.lexeme();
    token.start = static_cast<uint32_t>(end + gap);
    end = end + gap +
          (reader.has_length() ? reader.length() : WordBytes(token.lexeme));
    token.end = static_cast<uint32_t>(end);
    tokens.push_back(token);
  }
  return tokens;
}

// Tokens of a passage: most one byte apart and as long as their words.
std::vector<PassageToken> RandomTokens(std::mt19937* random, size_t count) {
  std::vector<PassageToken> tokens;
  uint32_t at = (*random)() % 3 == 0 ? (*random)() % 200 : 0;
  for (size_t i = 0; i < count; ++i) {
    PassageToken token;
    token.lexeme = (*random)() % kLexemes;
    token.start = at;
    const bool is_odd = (*random)() % 4 == 0;
    token.end = at + static_cast<uint32_t>(is_odd ? 1 + (*random)() % 300
                                                  : WordBytes(token.lexeme));
    const uint32_t gaps[] = {1, 1, 1, 0, 2, 5, 100, 20000};
    at = token.end + gaps[(*random)() % 8];
    tokens.push_back(token);
  }
  return tokens;
}

std::vector<uint32_t> SameNumbers() {
  std::vector<uint32_t> numbers(kLexemes);
  std::iota(numbers.begin(), numbers.end(), 0U);
  return numbers;
}

void ExpectSame(const std::vector<PassageToken>& a,
                const std::vector<PassageToken>& b) {
  ASSERT_EQ(a.size(), b.size());
  for (size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(a[i].lexeme, b[i].lexeme);
    EXPECT_EQ(a[i].start, b[i].start);
    EXPECT_EQ(a[i].end, b[i].end);
  }
}

TEST(TokenCodec, GivesBackRandomTokens) {
  std::mt19937 random(71);
  for (int i = 0; i < 2000; ++i) {
    const auto tokens = RandomTokens(&random, random() % 60);
    ExpectSame(Decode(EncodeTokens(tokens, 0, SameNumbers(), WordBytes)),
               tokens);
    ASSERT_FALSE(HasFailure());
  }
}

TEST(TokenCodec, FindsTheLastSentence) {
  std::mt19937 random(74);
  for (int i = 0; i < 300; ++i) {
    const auto tokens = RandomTokens(&random, random() % 60);
    const size_t last = tokens.empty() ? 0 : random() % (tokens.size() + 1);
    const std::string bytes =
        EncodeTokens(tokens, last, SameNumbers(), WordBytes);
    ExpectSame(Decode(bytes), tokens);
    TokenReader reader(bytes, TokenReader::Part::kLastSentence);
    for (size_t k = tokens.size() - last; k < tokens.size(); ++k) {
      ASSERT_TRUE(reader.Next());
      EXPECT_EQ(reader.lexeme(), tokens[k].lexeme);
    }
    EXPECT_FALSE(reader.Next());
  }
}

TEST(TokenCodec, NamesLexemesByTheirNewNumbers) {
  std::mt19937 random(72);
  std::vector<uint32_t> numbers = SameNumbers();
  std::shuffle(numbers.begin(), numbers.end(), random);
  const auto tokens = RandomTokens(&random, 50);
  const std::string bytes = EncodeTokens(tokens, 0, numbers, WordBytes);
  TokenReader reader(bytes, TokenReader::Part::kAll);
  for (const PassageToken& token : tokens) {
    ASSERT_TRUE(reader.Next());
    EXPECT_EQ(reader.lexeme(), numbers[token.lexeme]);
  }
  EXPECT_FALSE(reader.Next());
}

TEST(TokenCodec, TakesAByteForAnOrdinaryTokenOfAFrequentWord) {
  std::vector<PassageToken> tokens;
  uint32_t at = 0;
  for (uint32_t lexeme = 0; lexeme < 64; ++lexeme) {
    const auto end = at + static_cast<uint32_t>(WordBytes(lexeme));
    tokens.push_back({lexeme, at, end});
    at = end + 1;
  }
  // Before them stands where the last sentence begins.
  EXPECT_EQ(EncodeTokens(tokens, 0, SameNumbers(), WordBytes).size(),
            1 + tokens.size());
  EXPECT_EQ(EncodeTokens({}, 0, SameNumbers(), WordBytes).size(), 1U);
}

TEST(TokenCodec, GivesBackTheLargestNumbers) {
  const std::vector<uint32_t> numbers = {UINT32_MAX};
  const std::vector<PassageToken> tokens = {{0, 5, UINT32_MAX - 1}};
  const std::string bytes =
      EncodeTokens(tokens, 0, numbers, [](uint32_t) { return size_t{3}; });
  TokenReader reader(bytes, TokenReader::Part::kAll);
  ASSERT_TRUE(reader.Next());
  EXPECT_EQ(reader.lexeme(), UINT32_MAX);
  EXPECT_EQ(reader.gap(), 5U);
  EXPECT_EQ(reader.length(), uint64_t{UINT32_MAX} - 6);
  EXPECT_FALSE(reader.Next());
}

// Cut anywhere, what is left reads as the tokens before the cut.
TEST(TokenReader, EndsWhereBytesAreMissing) {
  std::mt19937 random(73);
  const auto tokens = RandomTokens(&random, 40);
  const std::string bytes = EncodeTokens(tokens, 0, SameNumbers(), WordBytes);
  size_t last = 0;
  for (size_t cut = 0; cut <= bytes.size(); ++cut) {
    // A copy of just these bytes, so that reading on would be noticed.
    const std::vector<char> copy(bytes.begin(),
                                 bytes.begin() + static_cast<ptrdiff_t>(cut));
    auto read = Decode({copy.data(), copy.size()});
    ASSERT_GE(read.size(), last);
    ASSERT_LE(read.size(), tokens.size());
    last = read.size();
    ExpectSame(read, {tokens.begin(),
                      tokens.begin() + static_cast<ptrdiff_t>(read.size())});
    ASSERT_FALSE(HasFailure()) << cut;
  }
  EXPECT_EQ(last, tokens.size());
}

TEST(TokenReader, EndsWithDamagedBytesToo) {
  EXPECT_TRUE(Decode(std::string(100, '\xFF')).empty());
  EXPECT_TRUE(Decode("\x80").empty());
  std::mt19937 random(74);
  for (int i = 0; i < 2000; ++i) {
    std::string bytes(random() % 200, '\0');
    for (char& byte : bytes) {
      byte = static_cast<char>(random());
    }
    EXPECT_LE(Decode(bytes).size(), bytes.size());
  }
}

}  // namespace
}  // namespace footnote::index
