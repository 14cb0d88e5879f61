#include "indexer/index/word_list.h"

#include <xapian.h>

#include "indexer/index/schema.h"
#include "indexer/index/xapian_errors.h"

namespace footnote::index {
namespace {

std::string PathIn(const std::string& folder, std::string_view name) {
  return folder + "/" + std::string(name);
}

}  // namespace

absl::StatusOr<WordList> WordList::Open(const std::string& folder) {
  WordList list;
  FOOTNOTE_ASSIGN_OR_RETURN(list.words_,
                            BlobColumn::Open(PathIn(folder, kWordsFile)));
  FOOTNOTE_ASSIGN_OR_RETURN(list.passages_, ValueColumn<uint32_t>::Open(PathIn(
                                                folder, kWordPassagesFile)));
  if (list.words_.size() != list.passages_.size()) {
    return MakeError(absl::StatusCode::kDataLoss, "INDEX_CORRUPT",
                     folder + ": columns of words differ in length",
                     {{"path", folder}});
  }
  return list;
}

uint32_t WordList::LowerBound(std::string_view text) const {
  uint32_t low = 0;
  uint32_t high = size();
  while (low < high) {
    const uint32_t middle = low + (high - low) / 2;
    if (word(middle) < text) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

absl::Status WriteWordList(const std::string& folder) {
  ColumnWriter words(PathIn(folder, kWordsFile), 0);
  ColumnWriter passages(PathIn(folder, kWordPassagesFile), sizeof(uint32_t));
  const auto append_all = [&]() -> absl::Status {
    const Xapian::Database database(PathIn(folder, kPostingsFile));
    for (auto term = database.allterms_begin(); term != database.allterms_end();
         ++term) {
      if (IsWordTerm(*term)) {
        words.Append(*term);
        passages.AppendValue(static_cast<uint32_t>(term.get_termfreq()));
      }
    }
    return absl::OkStatus();
  };
  FOOTNOTE_RETURN_IF_ERROR(CatchXapian(append_all));
  FOOTNOTE_RETURN_IF_ERROR(words.Finish());
  return passages.Finish();
}

}  // namespace footnote::index
