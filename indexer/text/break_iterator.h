// ICU's break iterators over pieces of UTF-8. Included by .cc files only.

#pragma once

#include <memory>
#include <string_view>

#include <unicode/brkiter.h>
#include <unicode/utext.h>

namespace footnote::text {

// One break iterator of the root locale; offsets are bytes. Not thread-safe:
// keep it thread_local.
class RootBreakIterator {
 public:
  using Factory = icu::BreakIterator* (*)(const icu::Locale&, UErrorCode&);

  explicit RootBreakIterator(Factory make);
  ~RootBreakIterator();
  RootBreakIterator(const RootBreakIterator&) = delete;
  RootBreakIterator& operator=(const RootBreakIterator&) = delete;

  // Returns the iterator set to `text`, which must outlive its use; null only
  // where ICU's data is missing.
  icu::BreakIterator* Over(std::string_view text);

 private:
  std::unique_ptr<icu::BreakIterator> iterator_;
  UText utext_ = UTEXT_INITIALIZER;
};

}  // namespace footnote::text
