// Snowball stemmers by language.

#pragma once

#include <memory>
#include <string>
#include <string_view>

struct sb_stemmer;

namespace footnote::text {

// Stems words of one language; without a stemmer for it, leaves them alone.
// Not thread-safe.
class Stemmer {
 public:
  // Returns whether there is a stemmer for a language.
  static bool Knows(std::string_view language);

  // `language` is a BCP 47 primary subtag.
  explicit Stemmer(std::string_view language);

  // Returns the stem of a case-folded word with its accents; never empty for
  // a word that is not.
  std::string Stem(std::string_view word);

  bool has_algorithm() const { return stemmer_ != nullptr; }

 private:
  struct Delete {
    void operator()(sb_stemmer* stemmer) const;
  };
  std::unique_ptr<sb_stemmer, Delete> stemmer_;
  bool is_romanian_ = false;
};

}  // namespace footnote::text
