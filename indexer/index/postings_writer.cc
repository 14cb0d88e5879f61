#include "indexer/index/postings_writer.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include <xapian.h>

#include "indexer/base/file.h"
#include "indexer/index/occurrence.h"
#include "indexer/index/schema.h"
#include "indexer/index/xapian_errors.h"

namespace footnote::index {
namespace {

// Xapian's maps are fastest while they fit the processor's cache. Committed to
// one growing database, the postings of a term stay together: merging keeps the
// pieces of lists as they are, and small pieces take three times the space.
constexpr uint32_t kPassagesPerCommit = 600;

// Scratch databases need no sync: a build that is cut short starts again.
constexpr int kPartFlags = Xapian::DB_CREATE_OR_OVERWRITE |
                           Xapian::DB_NO_TERMLIST | Xapian::DB_NO_SYNC |
                           Xapian::DB_DANGEROUS;

// Numbers the keys that lexemes have, in the order of their bytes, and makes
// the terms of a field.
template <typename KeyOf>
void NumberTerms(TermField field, uint32_t lexemes, const KeyOf& key_of,
                 std::vector<uint32_t>* number_of,
                 std::vector<std::string>* terms) {
  std::vector<uint32_t> order(lexemes);
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(),
            [&](uint32_t a, uint32_t b) { return key_of(a) < key_of(b); });
  number_of->resize(lexemes);
  for (size_t i = 0; i < order.size(); ++i) {
    const std::string_view key = key_of(order[i]);
    if (i == 0 || key_of(order[i - 1]) != key) {
      terms->push_back(MakeTerm(field, key));
    }
    (*number_of)[order[i]] = static_cast<uint32_t>(terms->size() - 1);
  }
}

}  // namespace

TermTable::TermTable(const LexemeTable& lexemes,
                     const std::vector<std::string>& entities,
                     const std::vector<std::string>& quantities) {
  NumberTerms(
      TermField::kStem, lexemes.size(),
      [&](uint32_t lexeme) { return StemKeyOf(lexemes.entry(lexeme)); },
      &stem_of_, &stems_);
  NumberTerms(
      TermField::kWord, lexemes.size(),
      [&](uint32_t lexeme) { return WordOf(lexemes.entry(lexeme)); }, &word_of_,
      &words_);
  for (const std::string& entry : entities) {
    const size_t type_end = entry.find(kEntrySeparator);
    const size_t id_end = entry.find(kEntrySeparator, type_end + 1);
    std::string key = entry.substr(0, id_end);  // "type/id"
    key[type_end] = '/';
    entities_.push_back(MakeTerm(TermField::kEntity, key));
    entity_types_.push_back(
        MakeTerm(TermField::kEntityType, key.substr(0, type_end)));
  }
  for (const std::string& key : quantities) {
    quantities_.push_back(MakeTerm(TermField::kQuantity, key));
  }
}

struct PostingsPart::State {
  State(const TermTable& table, std::string database_path)
      : terms(table), path(std::move(database_path)) {}

  void Open() { database = Xapian::WritableDatabase(path, kPartFlags); }
  void AddStems(const std::vector<uint32_t>& lexemes,
                Xapian::Document* passage);
  void AddWords(const std::vector<uint32_t>& lexemes,
                Xapian::Document* passage);

  const TermTable& terms;
  std::string path;
  Xapian::WritableDatabase database;
  uint32_t passages = 0;
  std::vector<uint32_t> numbers;  // of the terms of one passage
};

void PostingsPart::State::AddStems(const std::vector<uint32_t>& lexemes,
                                   Xapian::Document* passage) {
  numbers.clear();
  for (const uint32_t lexeme : lexemes) {
    numbers.push_back(terms.stem_of(lexeme));
  }
  std::sort(numbers.begin(), numbers.end());
  const uint32_t length_class =
      LengthClassOf(static_cast<uint32_t>(lexemes.size()));
  for (auto at = numbers.begin(); at != numbers.end();) {
    const auto next = std::upper_bound(at, numbers.end(), *at);
    const auto frequency = static_cast<uint32_t>(next - at);
    passage->add_term(terms.stem(*at),
                      Occurrence{frequency, length_class}.Encode());
    at = next;
  }
}

void PostingsPart::State::AddWords(const std::vector<uint32_t>& lexemes,
                                   Xapian::Document* passage) {
  numbers.clear();
  for (const uint32_t lexeme : lexemes) {
    numbers.push_back(terms.word_of(lexeme));
  }
  std::sort(numbers.begin(), numbers.end());
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
  for (const uint32_t number : numbers) {
    passage->add_term(terms.word(number), 0);
  }
}

PostingsPart::PostingsPart(const TermTable& terms, std::string path)
    : state_(std::make_unique<State>(terms, std::move(path))) {}

PostingsPart::~PostingsPart() = default;

absl::Status PostingsPart::Add(const std::vector<uint32_t>& lexemes,
                               const std::vector<uint32_t>& entities,
                               const std::vector<uint32_t>& quantities) {
  return CatchXapian([&]() -> absl::Status {
    if (state_->passages == 0) {
      state_->Open();
    }
    Xapian::Document passage;
    for (const uint32_t entity : entities) {
      passage.add_term(state_->terms.entity(entity), 0);
      passage.add_term(state_->terms.entity_type(entity), 0);
    }
    for (const uint32_t quantity : quantities) {
      passage.add_term(state_->terms.quantity(quantity), 0);
    }
    state_->AddStems(lexemes, &passage);
    state_->AddWords(lexemes, &passage);
    state_->database.add_document(passage);
    if (++state_->passages % kPassagesPerCommit == 0) {
      state_->database.commit();
    }
    return absl::OkStatus();
  });
}

absl::Status PostingsPart::Finish() {
  return CatchXapian([&]() -> absl::Status {
    if (state_->passages == 0) {
      state_->Open();  // a segment without passages
    }
    state_->database.commit();
    state_->database.close();
    return absl::OkStatus();
  });
}

absl::Status MergePostings(const std::vector<std::string>& parts,
                           const std::string& path) {
  return CatchXapian([&]() -> absl::Status {
    Xapian::Database all;
    for (const std::string& part : parts) {
      all.add_database(Xapian::Database(part));
    }
    all.compact(path, Xapian::DBCOMPACT_SINGLE_FILE);
    return SyncPath(path);
  });
}

}  // namespace footnote::index
