#include "indexer/index/frequent_terms.h"

#include <vector>

#include <xapian.h>

#include "indexer/index/schema.h"
#include "indexer/index/xapian_errors.h"

namespace footnote::index {
namespace {

// Adds the terms of `database` that are frequent, and their sets.
void AppendTerms(const Xapian::Database& database, ColumnWriter* terms,
                 ColumnWriter* sets) {
  const Xapian::doccount passages = database.get_doccount();
  if (passages < kMinPassagesForSets) {
    return;
  }
  const std::string prefix(PrefixOf(TermField::kStem));
  for (auto term = database.allterms_begin(prefix);
       term != database.allterms_end(prefix); ++term) {
    if (uint64_t{term.get_termfreq()} * kFrequentOneIn < passages) {
      continue;
    }
    std::vector<uint64_t> set(SetWords(passages));
    for (auto posting = database.postlist_begin(*term);
         posting != database.postlist_end(*term); ++posting) {
      const Xapian::docid passage = *posting - 1;
      set[passage / 64] |= uint64_t{1} << (passage % 64);
    }
    terms->Append(*term);
    for (const uint64_t word : set) {
      sets->AppendValue(word);
    }
  }
}

}  // namespace

absl::Status WriteFrequentTerms(const std::string& postings_path,
                                const std::string& terms_path,
                                const std::string& sets_path) {
  ColumnWriter terms(terms_path, 0);
  ColumnWriter sets(sets_path, sizeof(uint64_t));
  FOOTNOTE_RETURN_IF_ERROR(CatchXapian([&]() -> absl::Status {
    AppendTerms(Xapian::Database(postings_path), &terms, &sets);
    return absl::OkStatus();
  }));
  FOOTNOTE_RETURN_IF_ERROR(terms.Finish());
  return sets.Finish();
}

absl::StatusOr<FrequentTerms> FrequentTerms::Open(const std::string& terms_path,
                                                  const std::string& sets_path,
                                                  uint32_t passages) {
  FrequentTerms frequent;
  FOOTNOTE_ASSIGN_OR_RETURN(frequent.terms_, BlobColumn::Open(terms_path));
  FOOTNOTE_ASSIGN_OR_RETURN(frequent.sets_,
                            ValueColumn<uint64_t>::Open(sets_path));
  frequent.words_ = SetWords(passages);
  if (frequent.sets_.size() != frequent.terms_.size() * frequent.words_) {
    return MakeError(absl::StatusCode::kDataLoss, "INDEX_CORRUPT",
                     sets_path + ": size does not fit its terms",
                     {{"path", sets_path}});
  }
  return frequent;
}

const uint64_t* FrequentTerms::Find(std::string_view term) const {
  uint64_t low = 0;
  uint64_t high = terms_.size();
  while (low < high) {
    const uint64_t middle = low + (high - low) / 2;
    if (terms_[middle] < term) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low < terms_.size() && terms_[low] == term ? &sets_[low * words_]
                                                    : nullptr;
}

}  // namespace footnote::index
