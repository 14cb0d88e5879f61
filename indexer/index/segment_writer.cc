#include "indexer/index/segment_writer.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <numeric>
#include <utility>

#include "indexer/base/file.h"
#include "indexer/base/parallel.h"
#include "indexer/base/varint.h"
#include "indexer/index/column.h"
#include "indexer/index/frequent_terms.h"
#include "indexer/index/lexeme_columns.h"
#include "indexer/index/passage_marks.h"
#include "indexer/index/segment_id.h"
#include "indexer/index/text_column.h"
#include "indexer/index/word_list.h"

namespace footnote::index {
namespace {

std::string PathOf(const std::string& folder, std::string_view name) {
  return folder + "/" + std::string(name);
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
  FOOTNOTE_ASSIGN_OR_RETURN(const FileDigest digest,
                            DigestFile(PathOf(folder, name)));
  return FileEntry{std::string(name), digest.bytes, digest.sha256};
}

}  // namespace

std::string SegmentIdOf(const std::vector<FileEntry>& files) {
  Sha256 sha;
  for (const FileEntry& file : files) {
    sha.UpdateField(ToBytes(file.sha256));
  }
  return ToHex(sha.Finish()).substr(0, kSegmentIdDigits);
}

struct SegmentWriter::Columns {
  Columns(const std::string& folder, const LexemeTable& lexeme_table)
      : texts(PathOf(folder, kTextsFile)),
        documents(PathOf(folder, kDocumentsFile), 0),
        places(PathOf(folder, kPlacesFile), sizeof(DocumentPlace)),
        document_facets(PathOf(folder, kDocumentFacetsFile),
                        sizeof(DocumentFacets)),
        passages(PathOf(folder, kPassagesFile), sizeof(PassagePlace)),
        sentences(PathOf(folder, kSentencesFile), 0),
        lexemes(folder, PathOf(folder, "scratch"), lexeme_table),
        mentions(PathOf(folder, kMentionsFile), 0),
        passage_facets(PathOf(folder, kPassageFacetsFile), 0),
        quantities(PathOf(folder, kQuantitiesFile), 0) {}

  TextColumnWriter texts;
  ColumnWriter documents;
  ColumnWriter places;
  ColumnWriter document_facets;
  ColumnWriter passages;
  ColumnWriter sentences;
  LexemeColumns lexemes;
  ColumnWriter mentions;
  ColumnWriter passage_facets;
  ColumnWriter quantities;
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
      columns_(std::make_unique<Columns>(folder_, lexemes_)),
      facet_values_(std::make_unique<FacetValues>()) {}

SegmentWriter::~SegmentWriter() {
  columns_.reset();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

uint32_t SegmentWriter::InternEntity(std::string_view type, std::string_view id,
                                     std::string_view name) {
  return InternEntity(EncodeEntity(type, id, name));
}

uint32_t SegmentWriter::InternEntity(const std::string& entry) {
  const auto next = static_cast<uint32_t>(entities_.size());
  const auto [at, inserted] = entity_numbers_.try_emplace(entry, next);
  if (inserted) {
    entities_.push_back(entry);
  }
  return at->second;
}

uint32_t SegmentWriter::InternQuantity(std::string_view key) {
  const auto next = static_cast<uint32_t>(quantities_.size());
  const auto [at, inserted] =
      quantity_numbers_.try_emplace(std::string(key), next);
  if (inserted) {
    quantities_.emplace_back(key);
  }
  return at->second;
}

// Gives the names of a document the numbers of the segment.
void SegmentWriter::TakeNames(PreparedDocument* document) {
  const DocumentNames& names = *document->names;
  std::vector<uint32_t> lexemes(names.lexeme_count());
  for (size_t i = 0; i < lexemes.size(); ++i) {
    lexemes[i] = lexemes_.Intern(names.lexeme(i));
  }
  std::vector<uint32_t> entities;
  for (const std::string& entry : names.entities()) {
    entities.push_back(InternEntity(entry));
  }
  std::vector<uint32_t> quantities;
  for (const std::string& key : names.quantities()) {
    quantities.push_back(InternQuantity(key));
  }
  const auto renumber = [&](uint32_t& lexeme) { lexeme = lexemes[lexeme]; };
  std::for_each(document->title.begin(), document->title.end(), renumber);
  for (PreparedPassage& passage : document->passages) {
    std::for_each(passage.headings.begin(), passage.headings.end(), renumber);
    for (PassageToken& token : passage.tokens) {
      renumber(token.lexeme);
    }
    for (PassageMention& mention : passage.mentions) {
      mention.entity = entities[mention.entity];
    }
    for (PassageQuantity& quantity : passage.quantities) {
      quantity.quantity = quantities[quantity.quantity];
    }
  }
  document->names.reset();
}

absl::Status SegmentWriter::Add(PreparedDocument document) {
  if (document.names) {
    TakeNames(&document);
  }
  AppendDocument(document);
  for (uint32_t i = 0; i < document.passages.size(); ++i) {
    AddPassage(document, i);
  }
  ++document_count_;
  return absl::OkStatus();
}

uint64_t SegmentWriter::memory_bytes() const {
  constexpr uint64_t kBlobsOfPassage = 4;
  constexpr uint64_t kBytesPerPassage =
      sizeof(PassageId) + kBlobsOfPassage * sizeof(uint64_t);
  constexpr uint64_t kBytesPerDocument = 64;  // id's string, offsets, orders
  constexpr uint64_t kBytesPerEntity = 160;   // two strings, a node of a map
  return lexemes_.memory_bytes() + columns_->lexemes.memory_bytes() +
         metadata_.memory_bytes() + passage_ids_.size() * kBytesPerPassage +
         id_bytes_ + document_count_ * kBytesPerDocument +
         (entities_.size() + quantities_.size()) * kBytesPerEntity;
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
  metadata_.Add(record.metadata_json);
  columns_->documents.Append(EncodeDocumentRecord(record));
  columns_->lexemes.AddDocument(document.title);
  document_ids_.push_back(record.document_id);
  id_bytes_ += record.document_id.size();
  if (record.title_given) {
    titles_.emplace_back(TitleKey(record.title),
                         static_cast<uint32_t>(document_count_));
    id_bytes_ += record.title.size() + sizeof(titles_.front());
  }
  text_bytes_ += document.text.size();
}

void SegmentWriter::AddPassage(const PreparedDocument& document,
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
  columns_->quantities.Append(EncodeQuantities(passage.quantities));
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
  ColumnWriter quantities(PathOf(folder_, kQuantityKeysFile), 0);
  for (const std::string& key : quantities_) {
    quantities.Append(key);
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
  std::sort(titles_.begin(), titles_.end());
  ColumnWriter title_order(PathOf(folder_, kTitleOrderFile), sizeof(uint32_t));
  for (const auto& [title, document] : titles_) {
    title_order.AppendValue(document);
  }
  ColumnWriter id_order(PathOf(folder_, kPassageIdOrderFile), sizeof(uint32_t));
  for (const uint32_t i :
       OrderBy(passage_ids_.size(), [this](uint32_t a, uint32_t b) {
         return passage_ids_[a] < passage_ids_[b];
       })) {
    id_order.AppendValue(i);
  }
  for (ColumnWriter* column : {&entities, &facet_values, &quantities, &ids,
                               &document_order, &title_order, &id_order}) {
    FOOTNOTE_RETURN_IF_ERROR(column->Finish());
  }
  return metadata_.Finish(folder_);
}

absl::Status SegmentWriter::FinishColumns(int threads) {
  for (ColumnWriter* column :
       {&columns_->documents, &columns_->places, &columns_->document_facets,
        &columns_->passages, &columns_->sentences, &columns_->mentions,
        &columns_->passage_facets, &columns_->quantities}) {
    FOOTNOTE_RETURN_IF_ERROR(column->Finish());
  }
  FOOTNOTE_RETURN_IF_ERROR(columns_->texts.Finish(threads));
  FOOTNOTE_RETURN_IF_ERROR(
      columns_->lexemes.Finish(entities_, quantities_, threads));
  return RunTasks({[this] {
                     return WriteFrequentTerms(
                         PathOf(folder_, kPostingsFile),
                         PathOf(folder_, kFrequentTermsFile),
                         PathOf(folder_, kFrequentSetsFile));
                   },
                   [this] { return WriteWordList(folder_); },
                   [this] { return WriteDictionaries(); }},
                  threads);
}

absl::StatusOr<SegmentSummary> SegmentWriter::Finish(int threads) {
  FOOTNOTE_RETURN_IF_ERROR(FinishColumns(threads));
  SegmentSummary summary;
  summary.documents = document_count_;
  summary.passages = passage_ids_.size();
  summary.words = words_;
  for (const std::string_view name : kSegmentFiles) {
    FOOTNOTE_ASSIGN_OR_RETURN(summary.files.emplace_back(),
                              DescribeFile(folder_, name));
  }
  summary.id = SegmentIdOf(summary.files);
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
