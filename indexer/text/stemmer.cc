#include "indexer/text/stemmer.h"

#include <libstemmer.h>

namespace footnote::text {
namespace {

// The languages of libstemmer, which knows them by the same codes; Norwegian
// has two more.
constexpr std::string_view kLanguages[] = {
    "ar", "ca", "da", "de", "el", "en", "es", "eu", "fi", "fr",
    "ga", "hi", "hu", "hy", "id", "it", "lt", "nb", "ne", "nl",
    "nn", "no", "pt", "ro", "ru", "sr", "sv", "ta", "tr", "yi"};

std::string AlgorithmOf(std::string_view language) {
  for (const std::string_view known : kLanguages) {
    if (known == language) {
      const bool is_norwegian = language == "nb" || language == "nn";
      return is_norwegian ? "no" : std::string(language);
    }
  }
  return "";
}

// Returns `word` with s and t with comma below, which Romanian is written
// with, as the letters with cedilla, which its stemmer knows.
std::string ToCedilla(std::string_view word) {
  std::string spelled(word);
  for (size_t i = 1; i < spelled.size(); ++i) {
    if (spelled[i - 1] == '\xC8' && spelled[i] == '\x99') {
      spelled.replace(i - 1, 2, "\xC5\x9F");
    } else if (spelled[i - 1] == '\xC8' && spelled[i] == '\x9B') {
      spelled.replace(i - 1, 2, "\xC5\xA3");
    }
  }
  return spelled;
}

}  // namespace

void Stemmer::Delete::operator()(sb_stemmer* stemmer) const {
  sb_stemmer_delete(stemmer);
}

bool Stemmer::Knows(std::string_view language) {
  return !AlgorithmOf(language).empty();
}

Stemmer::Stemmer(std::string_view language) : is_romanian_(language == "ro") {
  const std::string algorithm = AlgorithmOf(language);
  if (!algorithm.empty()) {
    stemmer_.reset(sb_stemmer_new(algorithm.c_str(), nullptr));
  }
}

std::string Stemmer::Stem(std::string_view word) {
  if (stemmer_ == nullptr) {
    return std::string(word);
  }
  const std::string spelled =
      is_romanian_ ? ToCedilla(word) : std::string(word);
  const sb_symbol* stem = sb_stemmer_stem(
      stemmer_.get(), reinterpret_cast<const sb_symbol*>(spelled.data()),
      static_cast<int>(spelled.size()));
  const int length = sb_stemmer_length(stemmer_.get());
  if (stem == nullptr || length <= 0) {
    return std::string(word);
  }
  return {reinterpret_cast<const char*>(stem), static_cast<size_t>(length)};
}

}  // namespace footnote::text
