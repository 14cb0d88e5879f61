#include "server/search/memory_estimates.h"

#include <algorithm>
#include <string>

#include "indexer/index/segment.h"
#include "server/search/match.h"
#include "server/search/passage_set.h"
#include "server/search/word_lexemes.h"
#include "server/search/word_postings.h"

namespace footnote::search {
namespace {

// A posting list holds the blocks of 8 KiB that lead to it, three in a database
// of a million passages.
constexpr uint64_t kPostingList = 24 << 10;
constexpr uint64_t kString = sizeof(std::string);  // besides its bytes
// A lexeme of a segment that has the stem of a word, and its word.
constexpr uint64_t kLexeme = 2 * sizeof(uint32_t);
constexpr uint64_t kLexemesOfStem = 8;  // more than usual

uint64_t LargestSet(const index::Generation& generation) {
  uint64_t largest = 0;
  for (const auto& segment : generation.segments()) {
    largest = std::max(largest, PassageSet::BytesOf(segment->passage_count()));
  }
  return largest;
}

// NOLINTNEXTLINE(misc-no-recursion): at most kMaxFilterDepth deep.
uint64_t LevelsOf(const Filter& filter) {
  uint64_t levels = 0;
  for (const Filter& part : filter.parts) {
    levels = std::max(levels, LevelsOf(part));
  }
  return levels + 1;
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as the query's groups.
uint64_t LevelsOf(const Constraint& constraint) {
  uint64_t levels = constraint.kind == Constraint::Kind::kFilter
                        ? LevelsOf(constraint.filter)
                        : 0;
  for (const Constraint& part : constraint.parts) {
    levels = std::max(levels, LevelsOf(part));
  }
  return levels + 1;
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as the query's groups.
uint64_t SlotsOf(const Constraint& constraint) {
  uint64_t slots = constraint.phrase.slots.size();
  for (const Constraint& part : constraint.parts) {
    slots += SlotsOf(part);
  }
  return slots;
}

uint64_t SetsOf(const index::Generation& generation) {
  uint64_t bytes = 0;
  for (const auto& segment : generation.segments()) {
    bytes += PassageSet::BytesOf(segment->passage_count());
  }
  return bytes;
}

uint64_t MemoryOf(const std::vector<QueryWord>& words) {
  uint64_t bytes = 0;
  for (const QueryWord& word : words) {
    bytes += sizeof(word) + word.word.size();
    for (const std::string& stem : word.stems) {
      bytes += kString + stem.size() + kLexemesOfStem * kLexeme;
    }
  }
  return bytes;
}

uint64_t MemoryOf(const std::vector<WordTerms>& words) {
  uint64_t bytes = 0;
  for (const WordTerms& word : words) {
    bytes += sizeof(word);
    bytes += word.terms.empty() ? 0 : sizeof(WordScorer);
    for (const std::string& term : word.terms) {
      bytes += kString + term.size() + kPostingList;
    }
  }
  return bytes;
}

}  // namespace

uint64_t MemoryOf(const Query& query) {
  return MemoryOf(query.words) + MemoryOf(query.others);
}

uint64_t MemoryOf(const Statistics& statistics) {
  return MemoryOf(statistics.words) + MemoryOf(statistics.others);
}

uint64_t MemoryOf(const Filter& filter, const index::Generation& generation) {
  return 2 * LevelsOf(filter) * LargestSet(generation) + SetsOf(generation);
}

uint64_t MemoryOf(const Constraint& constraint,
                  const index::Generation& generation) {
  // What is left of them for passages that score nothing, too; and the words of
  // phrases, which highlights keep for each segment.
  return 3 * LevelsOf(constraint) * LargestSet(generation) +
         2 * SetsOf(generation) +
         SlotsOf(constraint) * WordLexemes::kBytes *
             generation.segments().size();
}

uint64_t MemoryOfBest(uint32_t wanted, const index::Generation& generation) {
  // Vectors grow to twice their size, and the scores are kept by themselves.
  return 2 * (uint64_t{kMostTied} + wanted) * sizeof(Candidate) +
         2 * uint64_t{wanted} * sizeof(double) + sizeof(ScoreWindow) +
         LargestSet(generation);
}

}  // namespace footnote::search
