#include "server/search/kin_words.h"

#include <algorithm>
#include <cmath>

#include "server/search/ranking.h"

namespace footnote::search {
namespace {

bool StartsLetter(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U;
}

}  // namespace

std::string_view KinStart(std::string_view stem_key) {
  const size_t start = stem_key.find(':') + 1;
  const auto letters = static_cast<uint32_t>(
      std::count_if(stem_key.begin() + static_cast<ptrdiff_t>(start),
                    stem_key.end(), StartsLetter));
  if (letters < kKinFewestLetters) {
    return "";
  }
  const uint32_t kept = KinLetters(letters);
  size_t end = start;
  for (uint32_t seen = 0; end < stem_key.size(); ++end) {
    seen += StartsLetter(stem_key[end]) ? 1 : 0;
    if (seen > kept) {
      break;
    }
  }
  return stem_key.substr(0, end);
}

KinWords::KinWords(const index::Segment& segment, const Query& query)
    : segment_(segment) {
  if (query.words.size() < 2) {
    return;  // what is looked at again has the only word
  }
  const size_t words = std::min<size_t>(query.words.size(), kKinMostWords);
  for (uint32_t i = 0; i < words; ++i) {
    for (const std::string& stem_key : query.words[i].stems) {
      Add(stem_key, i);
    }
  }
}

void KinWords::Add(std::string_view stem_key, uint32_t word) {
  const std::string_view start = KinStart(stem_key);
  if (start.empty()) {
    return;
  }
  const index::RankRange kin = segment_.RanksOfStems(start);
  const index::RankRange same = segment_.RanksOfStem(stem_key, kin);
  if (kin.count == same.count) {
    return;
  }
  ranges_.push_back({kin.first, kin.count, same.first, same.count, word});
  blocks_.resize(segment_.lexeme_count() / kRanksInBlock / 64 + 1);
  const uint32_t last = (kin.first + kin.count - 1) / kRanksInBlock;
  for (uint32_t block = kin.first / kRanksInBlock; block <= last; ++block) {
    blocks_[block / 64] |= uint64_t{1} << (block % 64);
  }
}

}  // namespace footnote::search
