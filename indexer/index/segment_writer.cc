#include "indexer/index/segment_writer.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <numeric>
#include <utility>

#include "indexer/base/file.h"
#include "indexer/base/varint.h"
#include "indexer/index/column.h"
#include "indexer/index/frequent_terms.h"
#include "indexer/index/lexeme_columns.h"
#include "indexer/index/occurrence.h"
#include "indexer/index/postings_writer.h"
#include "indexer/index/text_column.h"

namespace footnote::index {
namespace {

std::string PathOf(const std::string& folder, std::string_view name) {
  return folder + "/" + std::string(name);
}

// Counts the lexemes of a passage by stem and word, and adds the terms.
class TermCounter {
 public:
  explicit TermCounter(const LexemeTable& lexemes) : lexemes_(lexemes) {}

  void AddPassageWords(const std::vector<PassageToken>& tokens) {
    std::vector<uint32_t> order;
    order.reserve(tokens.size());
    for (const PassageToken& token : tokens) {
      order.push_back(token.lexeme);
    }
    std::sort(order.begin(), order.end());
    for (size_t i = 0; i < order.size();) {
      size_t next = i;
      while (next < order.size() && order[next] == order[i]) {
        ++next;
      }
      const std::string_view entry = lexemes_.entry(order[i]);
      const auto count = static_cast<uint32_t>(next - i);
      Add(TermField::kStem, StemKeyOf(entry), count);
      Add(TermField::kWord, WordOf(entry), 0);
      i = next;
    }
  }

  void Add(TermField field, std::string_view key, uint32_t count) {
    terms_.push_back({MakeTerm(field, key), count});
  }

  // Returns the terms of a passage of so many tokens, sorted, each once; those
  // that were counted carry an Occurrence.
  std::vector<TermFrequency> Finish(uint32_t words) {
    std::sort(terms_.begin(), terms_.end(),
              [](const TermFrequency& a, const TermFrequency& b) {
                return a.term < b.term;
              });
    std::vector<TermFrequency> merged;
    for (TermFrequency& entry : terms_) {
      if (!merged.empty() && merged.back().term == entry.term) {
        merged.back().frequency += entry.frequency;
      } else {
        merged.push_back(std::move(entry));
      }
    }
    const uint32_t length_class = LengthClassOf(words);
    for (TermFrequency& entry : merged) {
      if (entry.frequency > 0) {
        entry.frequency = Occurrence{entry.frequency, length_class}.Encode();
      }
    }
    return merged;
  }

 private:
  const LexemeTable& lexemes_;
  std::vector<TermFrequency> terms_;
};

std::string EncodeMentions(const std::vector<PassageMention>& mentions) {
  std::string out;
  uint32_t at = 0;
  for (const PassageMention& mention : mentions) {
    AppendVarint(&out, mention.entity);
    AppendVarint(&out, mention.start - at);
    AppendVarint(&out, mention.end - mention.start);
    at = mention.end;
  }
  return out;
}

// Returns each number once, ascending.
std::vector<uint32_t> Distinct(std::vector<uint32_t> numbers) {
  std::sort(numbers.begin(), numbers.end());
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
  return numbers;
}

// Counts the tokens of a passage, and those of the sentences at its ends. A
// passage has so few bytes that they cannot be too many.
void SetWords(const PreparedPassage& passage, PassagePlace* place) {
  constexpr ptrdiff_t kMost = UINT8_MAX;
  const auto& tokens = passage.tokens;
  const auto starts_before = [](uint32_t at) {
    return [at](const PassageToken& token) { return token.start < at; };
  };
  const uint32_t bytes = place->end - place->start;
  const auto first_end =
      std::partition_point(tokens.begin(), tokens.end(),
                           starts_before(passage.sentence_bytes.front()));
  const auto last_begin = std::partition_point(
      tokens.begin(), tokens.end(),
      starts_before(bytes - passage.sentence_bytes.back()));
  place->words = static_cast<uint16_t>(tokens.size());
  place->first_words =
      static_cast<uint8_t>(std::min(first_end - tokens.begin(), kMost));
  place->last_words =
      static_cast<uint8_t>(std::min(tokens.end() - last_begin, kMost));
}

std::vector<uint32_t> EntitiesOf(const PreparedPassage& passage) {
  std::vector<uint32_t> entities;
  for (const PassageMention& mention : passage.mentions) {
    entities.push_back(mention.entity);
  }
  return Distinct(std::move(entities));
}

// Returns 0, 1, …, count - 1 in the order of `less`.
template <typename Less>
std::vector<uint32_t> OrderBy(size_t count, Less less) {
  std::vector<uint32_t> order(count);
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(), less);
  return order;
}

absl::StatusOr<FileEntry> DescribeFile(const std::string& folder,
                                       std::string_view name) {
  FOOTNOTE_ASSIGN_OR_RETURN(const MappedFile file,
                            MappedFile::Open(PathOf(folder, name)));
  return FileEntry{std::string(name), file.bytes().size(),
                   Sha256Of(file.bytes())};
}

}  // namespace

struct SegmentWriter::Columns {
  explicit Columns(const std::string& folder)
      : postings(PathOf(folder, kPostingsFile), PathOf(folder, "scratch")),
        texts(PathOf(folder, kTextsFile)),
        documents(PathOf(folder, kDocumentsFile), 0),
        places(PathOf(folder, kPlacesFile), sizeof(DocumentPlace)),
        document_facets(PathOf(folder, kDocumentFacetsFile),
                        sizeof(DocumentFacets)),
        passages(PathOf(folder, kPassagesFile), sizeof(PassagePlace)),
        sentences(PathOf(folder, kSentencesFile), 0),
        lexemes(folder, PathOf(folder, "scratch")),
        mentions(PathOf(folder, kMentionsFile), 0),
        passage_facets(PathOf(folder, kPassageFacetsFile), 0) {}

  PostingsWriter postings;
  TextColumnWriter texts;
  ColumnWriter documents;
  ColumnWriter places;
  ColumnWriter document_facets;
  ColumnWriter passages;
  ColumnWriter sentences;
  LexemeColumns lexemes;
  ColumnWriter mentions;
  ColumnWriter passage_facets;
};

// Numbers the values of document fields that facets count.
struct SegmentWriter::FacetValues {
  std::map<std::string, uint32_t> numbers;
  std::vector<std::string> entries;

  uint32_t Intern(std::string_view field, std::string_view value) {
    std::string entry(field);
    entry += kEntrySeparator;
    entry += value;
    const auto next = static_cast<uint32_t>(entries.size());
    const auto [at, inserted] = numbers.try_emplace(entry, next);
    if (inserted) {
      entries.push_back(std::move(entry));
    }
    return at->second;
  }
};

absl::StatusOr<std::unique_ptr<SegmentWriter>> SegmentWriter::Create(
    const std::string& collection, std::string analyzer_stamp) {
  std::string parent = collection + "/segments";
  std::error_code error;
  std::filesystem::create_directories(parent, error);
  std::string folder = parent + "/" + std::string(kUnfinishedPrefix) + "XXXXXX";
  if (error || mkdtemp(folder.data()) == nullptr) {
    return FileError(error ? error.value() : errno, "create a folder in",
                     parent);
  }
  std::filesystem::permissions(folder, std::filesystem::perms(0755), error);
  std::filesystem::create_directory(folder + "/scratch", error);
  return std::unique_ptr<SegmentWriter>(new SegmentWriter(
      std::move(folder), std::move(parent), std::move(analyzer_stamp)));
}

SegmentWriter::SegmentWriter(std::string folder, std::string final_parent,
                             std::string analyzer_stamp)
    : folder_(std::move(folder)),
      final_parent_(std::move(final_parent)),
      analyzer_stamp_(std::move(analyzer_stamp)),
      columns_(std::make_unique<Columns>(folder_)),
      facet_values_(std::make_unique<FacetValues>()) {}

SegmentWriter::~SegmentWriter() {
  columns_.reset();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

uint32_t SegmentWriter::InternEntity(std::string_view type, std::string_view id,
                                     std::string_view name) {
  std::string entry(type);
  entry += kEntrySeparator;
  entry += id;
  entry += kEntrySeparator;
  entry += name;
  const auto next = static_cast<uint32_t>(entities_.size());
  const auto [at, inserted] = entity_numbers_.try_emplace(entry, next);
  if (inserted) {
    entities_.push_back(std::move(entry));
  }
  return at->second;
}

absl::Status SegmentWriter::Add(const PreparedDocument& document) {
  AppendDocument(document);
  for (uint32_t i = 0; i < document.passages.size(); ++i) {
    FOOTNOTE_RETURN_IF_ERROR(AddPassage(document, i));
  }
  ++document_count_;
  return absl::OkStatus();
}

void SegmentWriter::AppendDocument(const PreparedDocument& document) {
  DocumentRecord record = document.record;
  record.first_passage = static_cast<uint32_t>(passage_ids_.size());
  record.passage_count = static_cast<uint32_t>(document.passages.size());
  DocumentPlace place;
  place.text_start = columns_->texts.Append(document.text);
  place.text_bytes = document.text.size();
  place.first_passage = record.first_passage;
  place.passage_count = record.passage_count;
  columns_->places.AppendValue(place);
  DocumentFacets facets;
  facets.source_type = facet_values_->Intern("source_type", record.source_type);
  facets.language = facet_values_->Intern("language", record.language);
  facets.day = DayOf(record);
  facets.embargo_time = record.embargo_time.value_or(facets.embargo_time);
  facets.expire_time = record.expire_time.value_or(facets.expire_time);
  columns_->document_facets.AppendValue(facets);
  columns_->documents.Append(EncodeDocumentRecord(record));
  columns_->lexemes.AddDocument(document.title);
  document_ids_.push_back(record.document_id);
}

absl::Status SegmentWriter::AddPassage(const PreparedDocument& document,
                                       uint32_t ordinal) {
  const PreparedPassage& passage = document.passages[ordinal];
  PassagePlace place;
  place.document = static_cast<uint32_t>(document_count_);
  place.ordinal = ordinal;
  place.start = static_cast<uint32_t>(passage.span.start.bytes);
  place.end = static_cast<uint32_t>(passage.span.end.bytes);
  place.start_chars = static_cast<uint32_t>(passage.span.start.chars);
  place.start_utf16 = static_cast<uint32_t>(passage.span.start.utf16);
  place.line = passage.line;
  SetWords(passage, &place);
  columns_->passages.AppendValue(place);
  words_ += place.words;
  passage_ids_.push_back(MakePassageId(document.record.document_id,
                                       document.record.revision, ordinal,
                                       analyzer_stamp_));
  const std::vector<uint32_t> entities = EntitiesOf(passage);
  columns_->sentences.Append(EncodeVarints(passage.sentence_bytes));
  columns_->lexemes.AddPassage(passage.tokens, place.last_words,
                               passage.headings);
  columns_->mentions.Append(EncodeMentions(passage.mentions));
  columns_->passage_facets.Append(EncodeVarints(entities));

  TermCounter terms(lexemes_);
  terms.AddPassageWords(passage.tokens);
  for (const uint32_t entity : entities) {
    const std::string& entry = entities_[entity];
    const size_t type_end = entry.find(kEntrySeparator);
    const size_t id_end = entry.find(kEntrySeparator, type_end + 1);
    std::string key = entry.substr(0, id_end);  // "type/id"
    key[type_end] = '/';
    terms.Add(TermField::kEntityType, key.substr(0, type_end), 0);
    terms.Add(TermField::kEntity, key, 0);
  }
  return columns_->postings.Add(terms.Finish(place.words));
}

absl::Status SegmentWriter::WriteDictionaries() {
  ColumnWriter entities(PathOf(folder_, kEntitiesFile), 0);
  for (const std::string& entry : entities_) {
    entities.Append(entry);
  }
  ColumnWriter facet_values(PathOf(folder_, kFacetValuesFile), 0);
  for (const std::string& entry : facet_values_->entries) {
    facet_values.Append(entry);
  }
  ColumnWriter ids(PathOf(folder_, kPassageIdsFile), sizeof(PassageId));
  for (const PassageId& id : passage_ids_) {
    ids.AppendValue(id);
  }
  ColumnWriter document_order(PathOf(folder_, kDocumentOrderFile),
                              sizeof(uint32_t));
  for (const uint32_t i :
       OrderBy(document_ids_.size(), [this](uint32_t a, uint32_t b) {
         return document_ids_[a] < document_ids_[b];
       })) {
    document_order.AppendValue(i);
  }
  ColumnWriter id_order(PathOf(folder_, kPassageIdOrderFile), sizeof(uint32_t));
  for (const uint32_t i :
       OrderBy(passage_ids_.size(), [this](uint32_t a, uint32_t b) {
         return passage_ids_[a] < passage_ids_[b];
       })) {
    id_order.AppendValue(i);
  }
  for (ColumnWriter* column :
       {&entities, &facet_values, &ids, &document_order, &id_order}) {
    FOOTNOTE_RETURN_IF_ERROR(column->Finish());
  }
  return absl::OkStatus();
}

absl::Status SegmentWriter::FinishColumns() {
  FOOTNOTE_RETURN_IF_ERROR(columns_->postings.Finish());
  FOOTNOTE_RETURN_IF_ERROR(columns_->texts.Finish());
  FOOTNOTE_RETURN_IF_ERROR(columns_->lexemes.Finish(lexemes_));
  for (ColumnWriter* column :
       {&columns_->documents, &columns_->places, &columns_->document_facets,
        &columns_->passages, &columns_->sentences, &columns_->mentions,
        &columns_->passage_facets}) {
    FOOTNOTE_RETURN_IF_ERROR(column->Finish());
  }
  FOOTNOTE_RETURN_IF_ERROR(WriteFrequentTerms(
      PathOf(folder_, kPostingsFile), PathOf(folder_, kFrequentTermsFile),
      PathOf(folder_, kFrequentSetsFile)));
  return WriteDictionaries();
}

absl::StatusOr<SegmentSummary> SegmentWriter::Finish() {
  FOOTNOTE_RETURN_IF_ERROR(FinishColumns());
  SegmentSummary summary;
  summary.documents = document_count_;
  summary.passages = passage_ids_.size();
  summary.words = words_;
  Sha256 sha;
  for (const std::string_view name : kSegmentFiles) {
    FOOTNOTE_ASSIGN_OR_RETURN(FileEntry entry, DescribeFile(folder_, name));
    sha.UpdateField(ToBytes(entry.sha256));
    summary.files.push_back(std::move(entry));
  }
  summary.id = ToHex(sha.Finish()).substr(0, kSegmentIdDigits);
  std::error_code error;
  std::filesystem::remove_all(folder_ + "/scratch", error);
  FOOTNOTE_RETURN_IF_ERROR(SyncPath(folder_));
  const std::string final_folder = final_parent_ + "/" + summary.id;
  std::filesystem::rename(folder_, final_folder, error);
  if (error && !std::filesystem::exists(final_folder)) {
    return FileError(error.value(), "rename", folder_);
  }
  FOOTNOTE_RETURN_IF_ERROR(SyncPath(final_parent_));
  return summary;
}

}  // namespace footnote::index
