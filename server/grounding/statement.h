// A sentence made ready to be compared with others.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "indexer/text/analyzer.h"
#include "server/grounding/pieces.h"

namespace footnote::grounding {

// A word of a statement.
struct Word {
  uint32_t start = 0;  // bytes
  uint32_t end = 0;    // exclusive
  std::string word;    // folded
  std::string stem;
  double weight = 0;     // of its part in the statement; 0 of function words
  uint16_t meaning = 0;  // of the cues that govern it, bits of Meaning
  uint16_t clause = 0;   // between commas and the like, from 0
  bool is_cue = false;
  bool is_name = false;
  bool is_amount = false;   // of a number or date
  bool is_acronym = false;  // "NSA"
};

// A cue where it stands.
struct CueAt {
  uint32_t first = 0;  // word
  uint32_t last = 0;   // exclusive
  uint16_t meaning = 0;
  uint32_t reach_first = 0;  // the words that it governs; it may be among them
  uint32_t reach_last = 0;
};

// A text of one sentence, or of a question with what follows it.
struct Statement {
  std::vector<Word> words;
  std::vector<Piece> pieces;  // tokens of a piece are words here
  std::vector<CueAt> cues;
  double weight = 0;  // of all words
};

// Makes statements. Not thread-safe: it has an analyzer.
class StatementReader {
 public:
  // Returns the statement that valid UTF-8 `text` makes. Bytes in `left_out`
  // ([start, end), sorted), citation marks, are no words.
  struct Bytes {
    uint32_t start = 0;
    uint32_t end = 0;
  };
  Statement Read(std::string_view text, std::string_view language,
                 const std::vector<Bytes>& left_out = {});

 private:
  text::Analyzer analyzer_;
};

}  // namespace footnote::grounding
