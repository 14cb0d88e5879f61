#include "indexer/pipeline/document_copier.h"

#include <numeric>
#include <string>
#include <string_view>
#include <utility>

#include "indexer/base/sha256.h"
#include "indexer/index/lexeme_table.h"
#include "indexer/index/schema.h"

namespace footnote::pipeline {
namespace {

constexpr uint32_t kUnknown = UINT32_MAX;

// Returns the place of `number` in a table that grows as it is asked.
uint32_t* Slot(std::vector<uint32_t>* table, uint32_t number) {
  if (number >= table->size()) {
    table->resize(number + size_t{1}, kUnknown);
  }
  return &(*table)[number];
}

absl::Status Corrupt(const index::Segment& segment, uint32_t document) {
  const std::string id(segment.document_id(document));
  return MakeError(absl::StatusCode::kDataLoss, "INDEX_CORRUPT",
                   segment.folder() + ": document \"" + id + "\" is damaged",
                   {{"path", segment.folder()}, {"document_id", id}});
}

}  // namespace

uint32_t DocumentCopier::LexemeOf(uint32_t lexeme) {
  uint32_t* number = Slot(&lexemes_, lexeme);
  if (*number == kUnknown) {
    *number = writer_.lexemes()->Intern(segment_.lexeme(lexeme));
  }
  return *number;
}

uint32_t DocumentCopier::EntityOf(uint32_t entity) {
  uint32_t* number = Slot(&entities_, entity);
  if (*number == kUnknown) {
    const std::string_view entry = segment_.entity(entity);
    const size_t type_end = entry.find(index::kEntrySeparator);
    const size_t id_end = entry.find(index::kEntrySeparator, type_end + 1);
    *number =
        writer_.InternEntity(entry.substr(0, type_end),
                             entry.substr(type_end + 1, id_end - type_end - 1),
                             entry.substr(id_end + 1));
  }
  return *number;
}

uint32_t DocumentCopier::QuantityOf(uint32_t quantity) {
  uint32_t* number = Slot(&quantities_, quantity);
  if (*number == kUnknown) {
    *number = writer_.InternQuantity(segment_.quantity(quantity));
  }
  return *number;
}

std::vector<uint32_t> DocumentCopier::Renumber(std::vector<uint32_t> lexemes) {
  for (uint32_t& lexeme : lexemes) {
    lexeme = LexemeOf(lexeme);
  }
  return lexemes;
}

// Leaves the end of the span to the caller.
index::PreparedPassage DocumentCopier::ReadPassage(uint32_t passage) {
  const index::PassagePlace& place = segment_.passage_place(passage);
  index::PreparedPassage read;
  read.span.start = {place.start, place.start_chars, place.start_utf16};
  read.line = place.line;
  read.sentence_bytes = segment_.ReadSentenceBytes(passage);
  read.tokens = segment_.ReadTokens(passage);
  for (index::PassageToken& token : read.tokens) {
    token.lexeme = LexemeOf(token.lexeme);
  }
  read.headings = Renumber(segment_.ReadHeadings(passage));
  for (index::PassageMention mention : segment_.ReadMentions(passage)) {
    if (mention.entity < segment_.entity_count()) {
      mention.entity = EntityOf(mention.entity);
      read.mentions.push_back(mention);
    }
  }
  for (index::PassageQuantity quantity : segment_.ReadQuantities(passage)) {
    if (quantity.quantity < segment_.quantity_count()) {
      quantity.quantity = QuantityOf(quantity.quantity);
      read.quantities.push_back(quantity);
    }
  }
  return read;
}

absl::StatusOr<index::PreparedDocument> DocumentCopier::Read(
    uint32_t document) {
  const index::DocumentPlace& place = segment_.document_place(document);
  index::PreparedDocument copy;
  FOOTNOTE_ASSIGN_OR_RETURN(copy.record, segment_.ReadDocument(document));
  FOOTNOTE_ASSIGN_OR_RETURN(copy.text,
                            segment_.ReadText(document, 0, place.text_bytes));
  if (Sha256Of(copy.text) != copy.record.revision) {
    return Corrupt(segment_, document);
  }
  copy.title = Renumber(segment_.ReadTitle(document));
  for (uint32_t i = 0; i < place.passage_count; ++i) {
    const uint32_t passage = place.first_passage + i;
    const index::PassagePlace& of = segment_.passage_place(passage);
    index::PreparedPassage read = ReadPassage(passage);
    if (read.tokens.size() != of.words || read.sentence_bytes.empty() ||
        std::accumulate(read.sentence_bytes.begin(), read.sentence_bytes.end(),
                        uint64_t{0}) != of.end - of.start) {
      return Corrupt(segment_, document);
    }
    if (!copy.passages.empty()) {
      copy.passages.back().span.end = read.span.start;
    }
    copy.passages.push_back(std::move(read));
  }
  copy.passages.back().span.end = copy.record.size;
  return copy;
}

}  // namespace footnote::pipeline
