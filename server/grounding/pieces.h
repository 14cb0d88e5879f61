// The pieces of a text that a claim must not change: amounts, dates, names.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "indexer/text/analyzer.h"

namespace footnote::grounding {

enum class PieceKind : uint8_t {
  kNumber,  // "five" or "1,400", of what is counted
  kMoney,
  kPercent,
  kUnit,  // "5 GW", "12 hours"
  kDate,
  kName,
};

// What side of its value an amount lies on.
enum class Bound : uint8_t { kNone, kMore, kLess };

// A date as far as a text says it; 0 for what it leaves open.
struct PartialDate {
  int year = 0;
  int decade = 0;   // 2020: "the 2020s"
  int month = 0;    // 1 to 12
  int day = 0;      // 1 to 31
  int weekday = 0;  // 1 (Monday) to 7
  int quarter = 0;  // 1 to 4
  int part = 0;     // of what else is there: 1 early, 2 middle, 3 late

  bool operator==(const PartialDate&) const = default;
};

// One piece and where it stands.
struct Piece {
  PieceKind kind = PieceKind::kNumber;
  uint32_t start = 0;  // bytes of the text
  uint32_t end = 0;    // exclusive
  uint32_t first = 0;  // token
  uint32_t last = 0;   // token, exclusive
  // Of amounts: as of text::Quantity; "ordinal/3". Of a date that is a year
  // alone: the number that it may be instead.
  std::string key;
  PartialDate date;
  Bound bound = Bound::kNone;
  // Of names: no other word has its look. Of amounts: not only an article.
  bool is_sure = true;
};

// Returns the pieces of valid UTF-8 `text`, by start; `tokens` are its own.
// Names are runs of words with a capital, where the language writes names alone
// so; one that begins a sentence and is one word alone is not sure.
// Thread-safe.
std::vector<Piece> FindPieces(std::string_view text,
                              const std::vector<text::Token>& tokens,
                              std::string_view language);

// Returns whether two amounts are the same: a number by itself is the same as
// one of a unit, and so is one of a currency that could be several. "1400" is
// an amount too.
bool IsSameAmount(const Piece& a, const Piece& b);

// Returns whether a date says all that another does, or nothing against it:
// kSame, kOther where both say the same thing differently, kLess where it
// leaves open what the other says.
enum class DateRelation : uint8_t { kSame, kLess, kOther };
DateRelation CompareDates(const PartialDate& stated, const PartialDate& asked);

}  // namespace footnote::grounding
