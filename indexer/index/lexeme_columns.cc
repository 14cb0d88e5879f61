#include "indexer/index/lexeme_columns.h"

#include <algorithm>
#include <cstring>
#include <numeric>
#include <string_view>
#include <utility>

#include "indexer/base/varint.h"
#include "indexer/index/schema.h"
#include "indexer/index/token_codec.h"

namespace footnote::index {
namespace {

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

LexemeColumns::LexemeColumns(std::string folder, const std::string& scratch)
    : folder_(std::move(folder)),
      tokens_path_(PathIn(scratch, kTokensFile)),
      titles_path_(PathIn(scratch, kTitlesFile)),
      headings_path_(PathIn(scratch, kHeadingsFile)),
      tokens_(tokens_path_, 0),
      titles_(titles_path_, 0),
      headings_(headings_path_, 0) {}

void LexemeColumns::AddDocument(const std::vector<uint32_t>& title) {
  titles_.Append(BytesOf(title));
}

void LexemeColumns::AddPassage(const std::vector<PassageToken>& tokens,
                               uint8_t last_words,
                               const std::vector<uint32_t>& headings) {
  for (const PassageToken& token : tokens) {
    if (token.lexeme >= counts_.size()) {
      counts_.resize(token.lexeme + 1);
    }
    ++counts_[token.lexeme];
  }
  last_words_.push_back(last_words);
  tokens_.Append(BytesOf(tokens));
  headings_.Append(BytesOf(headings));
}

absl::Status LexemeColumns::Finish(const LexemeTable& lexemes) {
  for (ColumnWriter* column : {&tokens_, &titles_, &headings_}) {
    FOOTNOTE_RETURN_IF_ERROR(column->Finish());
  }
  counts_.resize(lexemes.size());
  std::vector<uint32_t> order(lexemes.size());  // old numbers
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(), [this](uint32_t a, uint32_t b) {
    return counts_[a] > counts_[b];
  });
  std::vector<uint32_t> numbers(order.size());  // new ones, by old ones
  for (uint32_t i = 0; i < order.size(); ++i) {
    numbers[order[i]] = i;
  }
  FOOTNOTE_RETURN_IF_ERROR(WriteTokens(lexemes, numbers));
  FOOTNOTE_RETURN_IF_ERROR(
      WriteSets(titles_path_, PathIn(folder_, kTitlesFile), numbers));
  FOOTNOTE_RETURN_IF_ERROR(
      WriteSets(headings_path_, PathIn(folder_, kHeadingsFile), numbers));
  return WriteLexemes(lexemes, order);
}

absl::Status LexemeColumns::WriteTokens(const LexemeTable& lexemes,
                                        const std::vector<uint32_t>& numbers) {
  FOOTNOTE_ASSIGN_OR_RETURN(const BlobColumn column,
                            BlobColumn::Open(tokens_path_));
  ColumnWriter out(PathIn(folder_, kTokensFile), 0);
  for (uint64_t i = 0; i < column.size(); ++i) {
    out.Append(EncodeTokens(
        ElementsOf<PassageToken>(column[i]), last_words_[i], numbers,
        [&](uint32_t lexeme) { return WordOf(lexemes.entry(lexeme)).size(); }));
  }
  return out.Finish();
}

absl::Status LexemeColumns::WriteLexemes(const LexemeTable& lexemes,
                                         const std::vector<uint32_t>& order) {
  ColumnWriter entries(PathIn(folder_, kLexemesFile), 0);
  for (const uint32_t lexeme : order) {
    entries.Append(lexemes.entry(lexeme));
  }
  FOOTNOTE_RETURN_IF_ERROR(entries.Finish());
  std::vector<uint32_t> by_stem(order.size());
  std::iota(by_stem.begin(), by_stem.end(), 0U);
  std::sort(by_stem.begin(), by_stem.end(), [&](uint32_t a, uint32_t b) {
    const int compared = StemKeyOf(lexemes.entry(order[a]))
                             .compare(StemKeyOf(lexemes.entry(order[b])));
    return compared != 0 ? compared < 0 : a < b;
  });
  ColumnWriter stem_order(PathIn(folder_, kStemOrderFile), sizeof(uint32_t));
  for (const uint32_t lexeme : by_stem) {
    stem_order.AppendValue(lexeme);
  }
  return stem_order.Finish();
}

}  // namespace footnote::index
