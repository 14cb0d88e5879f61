#include "indexer/pipeline/verify_passage.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "indexer/base/varint.h"
#include "indexer/index/prepared_document.h"
#include "indexer/index/schema.h"
#include "indexer/index/token_codec.h"
#include "indexer/text/utf8.h"

namespace footnote::pipeline {
namespace {

using index::DocumentRecord;
using index::PassagePlace;
using index::PassageToken;
using index::TokenReader;

// Returns the numbers of a blob of varints, each below `limit`, ascending
// strictly; nothing where it is anything else.
std::optional<std::vector<uint32_t>> ReadAscending(std::string_view blob,
                                                   uint64_t limit) {
  std::vector<uint32_t> numbers;
  FieldReader reader(blob);
  while (!reader.AtEnd()) {
    const uint64_t number = reader.Varint();
    if (!reader.ok() || number >= limit ||
        (!numbers.empty() && number <= numbers.back())) {
      return std::nullopt;
    }
    numbers.push_back(static_cast<uint32_t>(number));
  }
  return numbers;
}

bool IsInsideCodePoint(std::string_view text, uint64_t at) {
  constexpr unsigned char kContinuation = 0x80;
  constexpr unsigned char kMask = 0xC0;
  return at < text.size() &&
         (static_cast<unsigned char>(text[at]) & kMask) == kContinuation;
}

}  // namespace

PassageCheck::PassageCheck(const index::Segment& segment, std::string prefix,
                           std::string passage_stamp, index::Findings* findings)
    : segment_(segment),
      prefix_(std::move(prefix)),
      passage_stamp_(std::move(passage_stamp)),
      findings_(findings) {}

void PassageCheck::Add(const Passage& passage, std::string_view file,
                       std::string what) {
  findings_->Add({prefix_ + std::string(file), std::move(what),
                  passage.record->document_id, passage.ordinal});
}

bool PassageCheck::OpenBlobs(index::BlobColumn* column, std::string_view name) {
  auto opened =
      index::BlobColumn::Open(segment_.folder() + "/" + std::string(name));
  if (!opened.ok() || !opened->IsWhole()) {
    findings_->Add(prefix_ + std::string(name), "its offsets are damaged");
    return false;
  }
  *column = *std::move(opened);
  return true;
}

bool PassageCheck::Open() {
  index::BlobColumn others;
  bool all = true;
  for (const auto& [column, name] :
       {std::pair(&sentences_, index::kSentencesFile),
        {&tokens_, index::kTokensFile},
        {&titles_, index::kTitlesFile},
        {&headings_, index::kHeadingsFile},
        {&mentions_, index::kMentionsFile},
        {&passage_facets_, index::kPassageFacetsFile},
        {&quantities_, index::kQuantitiesFile},
        {&lexemes_, index::kLexemesFile},
        {&others, index::kDocumentsFile},
        {&others, index::kTextsFile},
        {&others, index::kEntitiesFile},
        {&others, index::kFacetValuesFile},
        {&others, index::kQuantityKeysFile},
        {&others, index::kWordsFile},
        {&others, index::kMetadataValuesFile},
        {&others, index::kDocumentMetadataFile},
        {&others, index::kMetadataDocumentsFile},
        {&others, index::kFrequentTermsFile}}) {
    all = OpenBlobs(column, name) && all;
  }
  return all;
}

void PassageCheck::CheckTitle(uint32_t document, const DocumentRecord& record) {
  if (!ReadAscending(titles_[document], lexemes_.size())) {
    findings_->Add({prefix_ + std::string(index::kTitlesFile),
                    "the lexemes of the title are damaged", record.document_id,
                    std::nullopt});
  }
}

void PassageCheck::CheckDocument(uint32_t document,
                                 const DocumentRecord& record,
                                 std::string_view text) {
  const index::DocumentPlace& where = segment_.document_place(document);
  TextOffset start;
  uint32_t line = 1;
  for (uint32_t i = 0; i < where.passage_count; ++i) {
    Passage passage;
    passage.number = where.first_passage + i;
    passage.ordinal = i;
    passage.place = &segment_.passage_place(passage.number);
    passage.record = &record;
    const PassagePlace& place = *passage.place;
    // That passages tile their document is known since the segment was opened.
    const std::string_view part = text.substr(
        std::min<size_t>(place.start, text.size()), place.end - place.start);
    if (!text.empty()) {
      CheckText(passage, text, start, line);
      start += text::MeasureText(part);
      line += static_cast<uint32_t>(std::count(part.begin(), part.end(), '\n'));
    }
    CheckId(passage);
    CheckTokens(passage, CheckSentences(passage));
    CheckMentions(passage);
    CheckQuantities(passage);
    if (!ReadAscending(headings_[passage.number], lexemes_.size())) {
      Add(passage, index::kHeadingsFile,
          "the lexemes of the headings are damaged");
    }
  }
}

void PassageCheck::CheckText(const Passage& passage, std::string_view text,
                             const TextOffset& start, uint32_t line) {
  const PassagePlace& place = *passage.place;
  if (!text::IsGraphemeBoundary(text, place.start)) {
    Add(passage, index::kPassagesFile,
        "it does not begin on a grapheme boundary");
  }
  if (place.start_chars != start.chars || place.start_utf16 != start.utf16) {
    Add(passage, index::kPassagesFile,
        "its start in code points or UTF-16 units is not that in bytes");
  }
  if (place.line != line) {
    Add(passage, index::kPassagesFile, "its line is wrong");
  }
  for (const PassageToken& token : segment_.ReadTokens(passage.number)) {
    if (IsInsideCodePoint(text, place.start + token.start) ||
        IsInsideCodePoint(text, place.start + token.end)) {
      return Add(passage, index::kTokensFile,
                 "a token begins or ends inside a character");
    }
  }
  const auto is_whole = [&](const auto& part) {
    return text::IsGraphemeBoundary(text, place.start + part.start) &&
           text::IsGraphemeBoundary(text, place.start + part.end);
  };
  const auto mentions = segment_.ReadMentions(passage.number);
  if (!std::all_of(mentions.begin(), mentions.end(), is_whole)) {
    Add(passage, index::kMentionsFile,
        "a mention is not on grapheme boundaries");
  }
  const auto quantities = segment_.ReadQuantities(passage.number);
  if (!std::all_of(quantities.begin(), quantities.end(), is_whole)) {
    Add(passage, index::kQuantitiesFile,
        "a quantity is not on grapheme boundaries");
  }
}

void PassageCheck::CheckId(const Passage& passage) {
  if (!passage_stamp_.empty() &&
      segment_.passage_id(passage.number) !=
          index::MakePassageId(passage.record->document_id,
                               passage.record->revision, passage.ordinal,
                               passage_stamp_)) {
    Add(passage, index::kPassageIdsFile,
        "its id is not made of document, revision and ordinal");
  }
}

std::vector<uint32_t> PassageCheck::CheckSentences(const Passage& passage) {
  std::vector<uint32_t> sizes;
  FieldReader reader(sentences_[passage.number]);
  uint64_t left = passage.bytes();
  while (!reader.AtEnd()) {
    const uint64_t size = reader.Varint();
    if (!reader.ok() || size == 0 || size > left) {
      left = UINT64_MAX;
      break;
    }
    left -= size;
    sizes.push_back(static_cast<uint32_t>(size));
  }
  if (left != 0) {
    Add(passage, index::kSentencesFile,
        "its sentences do not add up to its text");
    sizes.clear();
  }
  return sizes;
}

void PassageCheck::CheckTokens(const Passage& passage,
                               const std::vector<uint32_t>& sentences) {
  const auto bad = [&](std::string what) {
    Add(passage, index::kTokensFile, std::move(what));
  };
  TokenReader reader(tokens_[passage.number], TokenReader::Part::kAll);
  uint64_t count = 0;
  for (; reader.Next(); ++count) {
    if (reader.lexeme() >= lexemes_.size()) {
      return bad("a token has no lexeme");
    }
  }
  if (count != passage.place->words) {
    return bad("it has " + std::to_string(count) + " tokens; its place says " +
               std::to_string(passage.place->words));
  }
  const std::vector<PassageToken> tokens = segment_.ReadTokens(passage.number);
  if (tokens.size() != count) {
    return bad("a token lies outside of it");
  }
  if (!sentences.empty()) {
    CheckWordCounts(passage, tokens, sentences);
  }
}

void PassageCheck::CheckWordCounts(const Passage& passage,
                                   const std::vector<PassageToken>& tokens,
                                   const std::vector<uint32_t>& sentences) {
  const auto starting_before = [&](uint32_t at) {
    return std::count_if(
        tokens.begin(), tokens.end(),
        [at](const PassageToken& token) { return token.start < at; });
  };
  constexpr ptrdiff_t kMost = UINT8_MAX;
  const PassagePlace& place = *passage.place;
  const auto count = static_cast<ptrdiff_t>(tokens.size());
  if (place.first_words !=
          std::min(starting_before(sentences.front()), kMost) ||
      place.last_words !=
          std::min(count - starting_before(passage.bytes() - sentences.back()),
                   kMost)) {
    Add(passage, index::kPassagesFile,
        "the tokens of its first or last sentence are miscounted");
    return;
  }
  TokenReader reader(tokens_[passage.number], TokenReader::Part::kLastSentence);
  uint32_t last = 0;
  while (reader.Next()) {
    ++last;
  }
  if (last != place.last_words) {
    Add(passage, index::kTokensFile,
        "its last sentence does not begin where it says");
  }
}

void PassageCheck::CheckQuantities(const Passage& passage) {
  FieldReader reader(quantities_[passage.number]);
  uint64_t at = 0;
  while (!reader.AtEnd()) {
    const uint64_t quantity = reader.Varint();
    const uint64_t gap = reader.Varint();
    const uint64_t length = reader.Varint();
    if (!reader.ok() || quantity >= segment_.quantity_count() || length == 0 ||
        gap > passage.bytes() || length > passage.bytes() ||
        at + gap + length > passage.bytes()) {
      return Add(passage, index::kQuantitiesFile,
                 "a quantity is damaged or lies outside of it");
    }
    at += gap + length;
  }
}

void PassageCheck::CheckMentions(const Passage& passage) {
  std::vector<uint32_t> entities;
  FieldReader reader(mentions_[passage.number]);
  uint64_t at = 0;
  while (!reader.AtEnd()) {
    const uint64_t entity = reader.Varint();
    const uint64_t gap = reader.Varint();
    const uint64_t length = reader.Varint();
    if (!reader.ok() || entity >= segment_.entity_count() || length == 0 ||
        gap > passage.bytes() || length > passage.bytes() ||
        at + gap + length > passage.bytes()) {
      return Add(passage, index::kMentionsFile,
                 "a mention is damaged or lies outside of it");
    }
    at += gap + length;
    entities.push_back(static_cast<uint32_t>(entity));
  }
  std::sort(entities.begin(), entities.end());
  entities.erase(std::unique(entities.begin(), entities.end()), entities.end());
  if (ReadAscending(passage_facets_[passage.number], segment_.entity_count()) !=
      entities) {
    Add(passage, index::kPassageFacetsFile,
        "its entities are not those of its mentions");
  }
}

}  // namespace footnote::pipeline
