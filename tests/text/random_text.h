// Random texts from chosen characters, the same on every machine.

#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace footnote::text {

// Makes random texts from a seed.
class RandomText {
 public:
  explicit RandomText(uint32_t seed) : engine_(seed) {}

  // Returns a number below `bound` > 0.
  size_t Below(size_t bound) { return engine_() % bound; }

  // Returns up to `max_pieces` of `pieces` in a row; pieces near each other in
  // the list come together more often.
  std::string Make(const std::vector<std::string_view>& pieces,
                   size_t max_pieces) {
    std::string text;
    const size_t from = Below(pieces.size());
    const size_t near = 1 + Below(pieces.size());
    for (size_t count = Below(max_pieces + 1); count > 0; --count) {
      text += pieces[(from + Below(near)) % pieces.size()];
    }
    return text;
  }

 private:
  std::mt19937 engine_;
};

// Characters that word, grapheme and sentence rules treat in different ways.
inline const std::vector<std::string_view>& MixedPieces() {
  static const std::vector<std::string_view> kPieces = {
      "a",          "B",         "s",      "t",      "it",     "1",
      "23",         "000",       " ",      "  ",     "\n",     "\r\n",
      "\r",         "\t",        ".",      ",",      "'",      "’",
      "s ",         "!",         "?",      ":",      ";",      "\"",
      "_",          "-",         "(",      ")",      "[",      "]",
      "é",          "e\u0301",   "\u0301", "\u0308", "ß",      "İ",
      "ı",          "\u00ad",    "\u200b", "\u200c", "\u200d", "\ufeff",
      "\u2060",     "\ufe0f",    "l'",     "D’",     "U.S.",   "Mr. ",
      "1,400",      "x²",        "½",      "①",      "ﬁ",      "Ａ",
      "·",          "Ж",         "й",      "ё",      "Σ",      "ς",
      "ά",          "א",         "שׁ",      "״",      "׳",      "ع",
      "عَ",          "ـ",         "\u0600", "\u06dd", "क",      "्",
      "ष",          "ि",         "ं",       "।",      "ক",      "্",
      "க",          "ா",         "ไ",      "ท",      "ย",      "ำ",
      "่",           "ក",         "្",       "မ",      "ြ",      "ກ",
      "漢",         "字",        "。",     "、",     "か",     "カ",
      "ー",         "ｶ",         "ﾞ",      "\u3099", "한",     "각",
      "\u1100",     "\u1161",    "\u11a8", "👍",      "🏽",   "👩",
      "❤",          "🇩",         "🇪",      "🇫",      "©",      "𝒳",
      "𐐀",          "〇",        "㍿",     "\u180e", "\u2028", "\u2029",
      "\u0085",     "\u00a0",    "\u202f", "\u0e33", "\u0903", "\U000e0061",
      "\U0001d165", "\U000110bd"};
  return kPieces;
}

}  // namespace footnote::text
