// The one analyzer: what a text becomes, for documents and for queries alike.

#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace footnote::text {

// One word of a text. An acronym that would pass for a function word of the
// language, "US" in English, has its word with a full stop as its stem, so that
// it is told from "us". In scripts written without spaces between words whose
// unit is the character (Han, Hiragana, Katakana, Hangul) a token is one
// character, and its stem is that character with the next one of the same run
// (a bigram), or the character alone at the run's end.
struct Token {
  uint32_t start = 0;       // bytes in the analysed text
  uint32_t end = 0;         // exclusive
  std::string word;         // folded: NFKC, case and accents gone; never empty
  std::string spelling;     // `word` with its accents; empty where it has none
  std::string stem;         // in the text's language, accents gone; never empty
  bool is_acronym = false;  // in capitals, "US", or with full stops, "u.s."
  bool is_character = false;  // one character of a run, as above
  bool is_emoji = false;
  bool joins_next = false;  // the stem reaches into the next token (a bigram)
};

// Splits texts into tokens. Splitting depends on the text alone; only stems
// depend on the language. Not thread-safe: one a thread.
class Analyzer {
 public:
  Analyzer();
  ~Analyzer();
  Analyzer(const Analyzer&) = delete;
  Analyzer& operator=(const Analyzer&) = delete;

  // Returns the tokens of valid UTF-8 `text` in order; their spans do not
  // overlap and lie on grapheme boundaries. `language` is a BCP 47 primary
  // subtag ("en"), "und" for unknown; in a language without a stemmer stems are
  // the words. Vietnamese stems keep their accents, which tell words apart.
  // Words longer than kMaxWordBytes once folded are cut there, on a character.
  std::vector<Token> Analyze(std::string_view text, std::string_view language);

  // Likewise, but nothing where `stops`, which is asked now and then, says that
  // there is no time for the rest.
  std::optional<std::vector<Token>> Analyze(std::string_view text,
                                            std::string_view language,
                                            const std::function<bool()>& stops);

  // Returns the stems that the tokens of `text`, which Analyze() gave, have in
  // another language.
  std::vector<std::string> Stems(std::string_view text,
                                 const std::vector<Token>& tokens,
                                 std::string_view language);

  // Names everything that decides what Analyze() returns: our version, ICU's,
  // libstemmer's. Equal stamps mean equal tokens.
  static std::string Stamp();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Folded words are at most this long; it fits a Xapian term with its prefix.
inline constexpr size_t kMaxWordBytes = 200;

// Returns whether `word`, folded, is a function word of `language`.
bool IsStopWord(std::string_view word, std::string_view language);

}  // namespace footnote::text
