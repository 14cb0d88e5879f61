#include "indexer/text/icu_breaks.h"

#include <algorithm>
#include <memory>

#include <unicode/brkiter.h>
#include <unicode/utext.h>

namespace footnote::text {
namespace {

// One break iterator. Not thread-safe: keep it thread_local.
class Breaks {
 public:
  using Factory = icu::BreakIterator* (*)(const icu::Locale&, UErrorCode&);

  explicit Breaks(Factory make) {
    UErrorCode error = U_ZERO_ERROR;
    iterator_.reset(make(icu::Locale::getRoot(), error));
    if (U_FAILURE(error) != 0) {
      iterator_.reset();
    }
  }
  ~Breaks() { utext_close(&utext_); }
  Breaks(const Breaks&) = delete;
  Breaks& operator=(const Breaks&) = delete;

  // Returns the iterator set to `text`, which must outlive its use; null only
  // where ICU's data is missing.
  icu::BreakIterator* Over(std::string_view text) {
    UErrorCode error = U_ZERO_ERROR;
    utext_openUTF8(&utext_, text.data(), static_cast<int64_t>(text.size()),
                   &error);
    if (iterator_ != nullptr) {
      iterator_->setText(&utext_, error);
    }
    return U_SUCCESS(error) != 0 ? iterator_.get() : nullptr;
  }

 private:
  std::unique_ptr<icu::BreakIterator> iterator_;
  UText utext_ = UTEXT_INITIALIZER;
};

}  // namespace

size_t FloorToIcuGrapheme(std::string_view text, size_t at) {
  thread_local Breaks graphemes(icu::BreakIterator::createCharacterInstance);
  icu::BreakIterator* iterator = graphemes.Over(text);
  if (iterator == nullptr) {
    return 0;
  }
  const auto target = static_cast<int32_t>(at);
  const int32_t floor =
      iterator->isBoundary(target) != 0 ? target : iterator->preceding(target);
  return static_cast<size_t>(std::max(floor, 0));
}

std::vector<size_t> FindWordEnds(std::string_view text) {
  thread_local Breaks words(icu::BreakIterator::createWordInstance);
  std::vector<size_t> ends;
  icu::BreakIterator* iterator = words.Over(text);
  if (iterator != nullptr) {
    iterator->first();
    for (int32_t end = iterator->next(); end != icu::BreakIterator::DONE;
         end = iterator->next()) {
      ends.push_back(static_cast<size_t>(end));
    }
  }
  if (ends.empty() || ends.back() < text.size()) {
    ends.push_back(text.size());
  }
  return ends;
}

}  // namespace footnote::text
