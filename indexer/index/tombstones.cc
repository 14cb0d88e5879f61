#include "indexer/index/tombstones.h"

#include <algorithm>
#include <utility>

#include "indexer/base/varint.h"
#include "indexer/index/column.h"
#include "indexer/index/lexeme_table.h"
#include "indexer/index/schema.h"
#include "indexer/index/segment.h"

namespace footnote::index {
namespace {

// Blobs of the file, in this order.
enum Blob : uint64_t { kDocuments, kPassages, kCounts, kBlobCount };

std::string ToBlob(const Roaring& bitmap) {
  std::string bytes(bitmap.getSizeInBytes(), '\0');
  bitmap.write(bytes.data());
  return bytes;
}

// Adds what one passage takes out: each of its terms once.
void CountPassage(const Segment& segment, uint32_t passage,
                  std::unordered_map<std::string, uint32_t>* frequencies) {
  std::vector<std::string> terms;
  for (const PassageToken& token : segment.ReadTokens(passage)) {
    const std::string_view entry = segment.lexeme(token.lexeme);
    terms.push_back(MakeTerm(TermField::kWord, WordOf(entry)));
    terms.push_back(MakeTerm(TermField::kStem, StemKeyOf(entry)));
  }
  for (const PassageQuantity& one : segment.ReadQuantities(passage)) {
    terms.push_back(
        MakeTerm(TermField::kQuantity, segment.quantity(one.quantity)));
  }
  std::sort(terms.begin(), terms.end());
  terms.erase(std::unique(terms.begin(), terms.end()), terms.end());
  for (std::string& term : terms) {
    ++(*frequencies)[std::move(term)];
  }
}

}  // namespace

Tombstones Tombstones::Of(const Segment& segment, const Roaring& documents) {
  Tombstones tombstones;
  tombstones.Add(segment, documents);
  return tombstones;
}

void Tombstones::Add(const Segment& segment, const Roaring& more) {
  documents |= more;
  for (const uint32_t document : more) {
    const DocumentPlace& place = segment.document_place(document);
    for (uint32_t i = 0; i < place.passage_count; ++i) {
      const uint32_t passage = place.first_passage + i;
      passages.add(passage);
      words += segment.passage_place(passage).words;
      CountPassage(segment, passage, &frequencies);
    }
  }
}

absl::Status Tombstones::Write(const std::string& path) const {
  std::vector<std::pair<std::string, uint32_t>> sorted(frequencies.begin(),
                                                       frequencies.end());
  std::sort(sorted.begin(), sorted.end());
  std::string counts;
  AppendVarint(&counts, words);
  for (const auto& [term, count] : sorted) {
    AppendField(&counts, term);
    AppendVarint(&counts, count);
  }
  ColumnWriter file(path, 0);
  file.Append(ToBlob(documents));
  file.Append(ToBlob(passages));
  file.Append(counts);
  return file.Finish();
}

absl::StatusOr<Tombstones> Tombstones::Read(const std::string& path) {
  FOOTNOTE_ASSIGN_OR_RETURN(const BlobColumn file, BlobColumn::Open(path));
  const absl::Status corrupt =
      MakeError(absl::StatusCode::kDataLoss, "INDEX_CORRUPT",
                path + ": tombstones are damaged", {{"path", path}});
  if (file.size() != kBlobCount) {
    return corrupt;
  }
  Tombstones tombstones;
  try {
    tombstones.documents =
        Roaring::readSafe(file[kDocuments].data(), file[kDocuments].size());
    tombstones.passages =
        Roaring::readSafe(file[kPassages].data(), file[kPassages].size());
  } catch (const std::runtime_error&) {  // how CRoaring says it
    return corrupt;
  }
  FieldReader counts(file[kCounts]);
  tombstones.words = counts.Varint();
  while (counts.ok() && !counts.AtEnd()) {
    std::string term(counts.Field());
    tombstones.frequencies[std::move(term)] =
        static_cast<uint32_t>(counts.Varint());
  }
  return counts.ok() ? absl::StatusOr<Tombstones>(std::move(tombstones))
                     : corrupt;
}

}  // namespace footnote::index
