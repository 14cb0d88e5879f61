#include "indexer/index/lexeme_columns.h"

#include <algorithm>
#include <cstring>
#include <functional>
#include <numeric>
#include <string_view>
#include <utility>

#include "indexer/base/parallel.h"
#include "indexer/base/varint.h"
#include "indexer/index/schema.h"
#include "indexer/index/token_codec.h"

namespace footnote::index {
namespace {

// Each range leaves pieces of posting lists of its own, which take room: ranges
// are large, and there are not many. Their size must not depend on the number
// of threads, nor then do the files.
constexpr uint64_t kPassagesPerRange = 64 << 10;

// Scratch columns are read once, and given back after so many passages.
constexpr uint64_t kPassagesPerRelease = 4 << 10;
constexpr uint64_t kMaxRanges = 32;

std::string PathIn(const std::string& folder, std::string_view name) {
  return folder + "/" + std::string(name);
}

// Elements as they stand in memory, for scratch columns.
template <typename T>
std::string_view BytesOf(const std::vector<T>& elements) {
  return {reinterpret_cast<const char*>(elements.data()),
          elements.size() * sizeof(T)};
}

template <typename T>
std::vector<T> ElementsOf(std::string_view bytes) {
  std::vector<T> elements(bytes.size() / sizeof(T));
  if (!elements.empty()) {  // else their data may be null
    std::memcpy(elements.data(), bytes.data(), elements.size() * sizeof(T));
  }
  return elements;
}

// Rewrites a scratch column of sets of lexemes with their final numbers.
absl::Status WriteSets(const std::string& from, const std::string& to,
                       const std::vector<uint32_t>& numbers) {
  FOOTNOTE_ASSIGN_OR_RETURN(const BlobColumn column, BlobColumn::Open(from));
  ColumnWriter out(to, 0);
  for (uint64_t i = 0; i < column.size(); ++i) {
    auto lexemes = ElementsOf<uint32_t>(column[i]);
    for (uint32_t& lexeme : lexemes) {
      lexeme = numbers[lexeme];
    }
    std::sort(lexemes.begin(), lexemes.end());
    lexemes.erase(std::unique(lexemes.begin(), lexemes.end()), lexemes.end());
    out.Append(EncodeVarints(lexemes));
  }
  return out.Finish();
}

}  // namespace

// What the threads of Finish() share.
struct LexemeColumns::Work {
  const TermTable& terms;
  const std::vector<uint32_t>& numbers;  // the final ones, by provisional ones
  const BlobColumn& tokens;
  const BlobColumn& passage_entities;
  const BlobColumn& passage_quantities;
};

LexemeColumns::LexemeColumns(std::string folder, std::string scratch,
                             const LexemeTable& lexemes)
    : folder_(std::move(folder)),
      scratch_(std::move(scratch)),
      lexemes_(lexemes),
      tokens_(PathIn(scratch_, kTokensFile), 0),
      titles_(PathIn(scratch_, kTitlesFile), 0),
      headings_(PathIn(scratch_, kHeadingsFile), 0) {}

void LexemeColumns::AddDocument(const std::vector<uint32_t>& title) {
  titles_.Append(BytesOf(title));
}

void LexemeColumns::AddPassage(const std::vector<PassageToken>& tokens,
                               uint8_t last_words,
                               const std::vector<uint32_t>& headings) {
  for (const PassageToken& token : tokens) {
    for (auto next = static_cast<uint32_t>(counts_.size());
         next <= token.lexeme; ++next) {
      counts_.push_back(0);
      word_bytes_.push_back(
          static_cast<uint8_t>(WordOf(lexemes_.entry(next)).size()));
    }
    ++counts_[token.lexeme];
  }
  tokens_.Append(
      EncodeTokens(tokens, last_words, SameNumbers(),
                   [this](uint32_t lexeme) { return word_bytes_[lexeme]; }));
  headings_.Append(BytesOf(headings));
}

uint64_t LexemeColumns::memory_bytes() const {
  // Finish() takes more for a lexeme: the terms of its word and stem, numbers
  // and orders.
  constexpr uint64_t kBytesPerLexeme = 140;
  constexpr uint64_t kOffsets = 3;
  return counts_.size() * kBytesPerLexeme +
         tokens_.count() * kOffsets * sizeof(uint64_t);
}

absl::Status LexemeColumns::Finish(const std::vector<std::string>& entities,
                                   const std::vector<std::string>& quantities,
                                   int threads) {
  for (ColumnWriter* column : {&tokens_, &titles_, &headings_}) {
    FOOTNOTE_RETURN_IF_ERROR(column->FinishScratch());
  }
  const std::vector<Range> ranges = MakeRanges(tokens_.count());
  FOOTNOTE_RETURN_IF_ERROR(
      WriteParts(ranges, TermTable(lexemes_, entities, quantities), threads));
  std::vector<std::string> parts;
  parts.reserve(ranges.size());
  for (const Range& range : ranges) {
    parts.push_back(range.postings_path);
  }
  return RunTasks(
      {[&] { return MergePostings(parts, PathIn(folder_, kPostingsFile)); },
       [&] { return JoinTokens(ranges); }},
      threads);
}

absl::Status LexemeColumns::WriteParts(const std::vector<Range>& ranges,
                                       const TermTable& terms, int threads) {
  counts_.resize(lexemes_.size());
  std::vector<uint32_t> order(lexemes_.size());  // provisional numbers
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(), [this](uint32_t a, uint32_t b) {
    return counts_[a] > counts_[b];
  });
  std::vector<uint32_t> numbers(order.size());
  for (uint32_t i = 0; i < order.size(); ++i) {
    numbers[order[i]] = i;
  }
  FOOTNOTE_ASSIGN_OR_RETURN(const BlobColumn tokens,
                            BlobColumn::Open(PathIn(scratch_, kTokensFile)));
  FOOTNOTE_ASSIGN_OR_RETURN(
      const BlobColumn passage_entities,
      BlobColumn::Open(PathIn(folder_, kPassageFacetsFile)));
  FOOTNOTE_ASSIGN_OR_RETURN(const BlobColumn passage_quantities,
                            BlobColumn::Open(PathIn(folder_, kQuantitiesFile)));
  const Work work{terms, numbers, tokens, passage_entities, passage_quantities};
  std::vector<std::function<absl::Status()>> tasks;
  tasks.reserve(ranges.size() + 3);
  for (const Range& range : ranges) {
    tasks.emplace_back([&] { return WriteRange(range, work); });
  }
  for (const std::string_view name : {kTitlesFile, kHeadingsFile}) {
    tasks.emplace_back([&, name] {
      return WriteSets(PathIn(scratch_, name), PathIn(folder_, name), numbers);
    });
  }
  tasks.emplace_back([&] { return WriteLexemes(order, terms); });
  return RunTasks(tasks, threads);
}

std::vector<LexemeColumns::Range> LexemeColumns::MakeRanges(
    uint64_t passages) const {
  const uint64_t most =
      std::max(kPassagesPerRange, (passages + kMaxRanges - 1) / kMaxRanges);
  const uint64_t count = std::max<uint64_t>(1, (passages + most - 1) / most);
  std::vector<Range> ranges(count);
  for (uint64_t i = 0; i < count; ++i) {
    const std::string number = std::to_string(i);
    ranges[i] = {passages * i / count, passages * (i + 1) / count,
                 PathIn(scratch_, "tokens-" + number),
                 PathIn(scratch_, "postings-" + number)};
  }
  return ranges;
}

absl::Status LexemeColumns::WriteRange(const Range& range, const Work& work) {
  ColumnWriter tokens(range.tokens_path, 0);
  PostingsPart postings(work.terms, range.postings_path);
  std::vector<uint32_t> lexemes;
  std::vector<uint32_t> entities;
  std::vector<uint32_t> quantities;
  uint64_t read = range.first;  // released before it
  for (uint64_t i = range.first; i < range.end; ++i) {
    lexemes.clear();
    tokens.Append(RenumberTokens(work.tokens[i], work.numbers, &lexemes));
    entities.clear();
    FieldReader reader(work.passage_entities[i]);
    while (!reader.AtEnd()) {
      entities.push_back(static_cast<uint32_t>(reader.Varint()));
    }
    quantities.clear();
    FieldReader marks(work.passage_quantities[i]);
    while (!marks.AtEnd()) {
      quantities.push_back(static_cast<uint32_t>(marks.Varint()));
      marks.Varint();  // bytes since the last one
      marks.Varint();  // its length
    }
    FOOTNOTE_RETURN_IF_ERROR(postings.Add(lexemes, entities, quantities));
    if (i + 1 - read == kPassagesPerRelease) {
      work.tokens.Release(read, i + 1);
      read = i + 1;
    }
  }
  FOOTNOTE_RETURN_IF_ERROR(tokens.FinishScratch());
  return postings.Finish();
}

absl::Status LexemeColumns::JoinTokens(const std::vector<Range>& ranges) const {
  ColumnWriter out(PathIn(folder_, kTokensFile), 0);
  for (const Range& range : ranges) {
    FOOTNOTE_ASSIGN_OR_RETURN(const BlobColumn part,
                              BlobColumn::Open(range.tokens_path));
    for (uint64_t i = 0; i < part.size(); ++i) {
      out.Append(part[i]);
      if ((i + 1) % kPassagesPerRelease == 0) {
        part.Release(i + 1 - kPassagesPerRelease, i + 1);
      }
    }
  }
  return out.Finish();
}

absl::Status LexemeColumns::WriteLexemes(const std::vector<uint32_t>& order,
                                         const TermTable& terms) const {
  ColumnWriter entries(PathIn(folder_, kLexemesFile), 0);
  for (const uint32_t lexeme : order) {
    entries.Append(lexemes_.entry(lexeme));
  }
  FOOTNOTE_RETURN_IF_ERROR(entries.Finish());
  std::vector<uint32_t> by_stem(order.size());
  std::iota(by_stem.begin(), by_stem.end(), 0U);
  std::stable_sort(by_stem.begin(), by_stem.end(), [&](uint32_t a, uint32_t b) {
    return terms.stem_of(order[a]) < terms.stem_of(order[b]);
  });
  ColumnWriter stem_order(PathIn(folder_, kStemOrderFile), sizeof(uint32_t));
  std::vector<uint32_t> ranks(order.size());
  for (uint32_t rank = 0; rank < by_stem.size(); ++rank) {
    stem_order.AppendValue(by_stem[rank]);
    ranks[by_stem[rank]] = rank;
  }
  FOOTNOTE_RETURN_IF_ERROR(stem_order.Finish());
  ColumnWriter stem_ranks(PathIn(folder_, kStemRanksFile), sizeof(uint32_t));
  for (const uint32_t rank : ranks) {
    stem_ranks.AppendValue(rank);
  }
  return stem_ranks.Finish();
}

}  // namespace footnote::index
