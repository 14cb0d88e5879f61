// Compares Gazetteer::Find() with a slow, obvious search on random texts.

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "indexer/entities/gazetteer.h"
#include "indexer/text/names.h"
#include "indexer/text/utf8.h"

namespace footnote::entities {
namespace {

constexpr char kList[] =
    "ORG\tab\tAb\tAb c|A\n"
    "ORG\tabc\tAb c d\tb-a|d\u00E9\n"
    "ORG\tcjk\t\u4E2D\u6587\t\u4E2D\n"
    "ORG\tq\tO'a\tU.S.\n"
    "ORG\thangul\t\uAC00\uB098\n";

const std::vector<std::string> kPieces = {
    "A",      "b",      "c",      "d",         "B",      "C",      "D",
    "Ab",     "de",     " ",      "  ",        "\n",     "\n\n",   "-",
    "\u2013", "'",      "\u2019", "O",         "a",      ".",      "U",
    "S",      "\u0301", "\u00E9", "\u00C9",    "\u00AD", "\u200B", "\u4E2D",
    "\u6587", "\uAC00", "\uB098", "\u11A8",    "\uFF21", "1",      "_",
    "\u00A0", "\r\n",   "\u200D", "\U0001F600"};

struct Found {
  size_t start;
  size_t end;
  uint32_t entity;
  bool operator==(const Found&) const = default;
};

std::map<std::string, uint32_t> FoldedNames() {
  const std::vector<std::vector<std::string>> names = {
      {"Ab", "Ab c", "A"},
      {"Ab c d", "b-a", "d\u00E9"},
      {"\u4E2D\u6587", "\u4E2D"},
      {"O'a", "U.S."},
      {"\uAC00\uB098"}};
  std::map<std::string, uint32_t> folded;
  for (const bool in_capitals : {false, true}) {
    for (uint32_t i = 0; i < names.size(); ++i) {
      for (const std::string& name : names[i]) {
        folded.try_emplace(
            text::FoldName(in_capitals ? text::ToCapitals(name) : name), i);
      }
    }
  }
  return folded;
}

bool HasSpaceAround(std::string_view name) {
  std::string first;
  text::FoldNameCharacter(name, 0, &first);
  std::string last;
  for (size_t at = 0; at < name.size();) {
    last.clear();
    at = text::FoldNameCharacter(name, at, &last);
  }
  return first.empty() || first == " " || first == "\n" || last == " " ||
         last == "\n";
}

// Returns where the names stand: at each place all ends are tried.
std::vector<Found> FindSlowly(const std::map<std::string, uint32_t>& names,
                              std::string_view text) {
  std::vector<Found> found;
  for (size_t start = 0; start < text.size(); ++start) {
    std::map<std::string, size_t> ends;  // the first end of each name
    for (size_t end = start + 1; end <= text.size(); ++end) {
      if (text::FloorToCodePoint(text, start) != start ||
          text::FloorToCodePoint(text, end) != end ||
          !text::IsNameStart(text, start) || !text::IsNameEnd(text, end)) {
        continue;
      }
      const std::string_view piece = text.substr(start, end - start);
      const std::string folded = text::FoldName(piece);
      if (names.contains(folded) && !HasSpaceAround(piece)) {
        ends.try_emplace(folded, end);
      }
    }
    const auto longest = std::max_element(
        ends.begin(), ends.end(), [](const auto& a, const auto& b) {
          return a.first.size() < b.first.size();
        });
    if (longest != ends.end()) {
      found.push_back({start, longest->second, names.at(longest->first)});
      start = longest->second - 1;
    }
  }
  return found;
}

std::string RandomText(std::mt19937* random) {
  std::string text;
  for (size_t length = (*random)() % 12; length > 0; --length) {
    text += kPieces[(*random)() % kPieces.size()];
  }
  return text;
}

std::vector<Found> FindFast(const Gazetteer& gazetteer, std::string_view text) {
  std::vector<Found> found;
  for (const Mention& mention : gazetteer.Find(text)) {
    found.push_back({mention.start, mention.end, mention.entity});
  }
  return found;
}

bool LieOnGraphemes(const std::vector<Found>& found, std::string_view text) {
  return std::all_of(found.begin(), found.end(), [&](const Found& mention) {
    return text::IsGraphemeBoundary(text, mention.start) &&
           text::IsGraphemeBoundary(text, mention.end);
  });
}

TEST(GazetteerProperty, FindsWhatASlowSearchFinds) {
  std::vector<BadLine> bad_lines;
  const Gazetteer gazetteer = Gazetteer::Parse(kList, &bad_lines);
  ASSERT_TRUE(bad_lines.empty());
  const auto names = FoldedNames();
  std::mt19937 random(20260421);
  size_t mention_count = 0;
  std::vector<std::string> wrong;
  for (int round = 0; round < 20000; ++round) {
    const std::string text = RandomText(&random);
    const std::vector<Found> found = FindFast(gazetteer, text);
    mention_count += found.size();
    if (found != FindSlowly(names, text) || !LieOnGraphemes(found, text)) {
      wrong.push_back(text);
    }
  }
  EXPECT_EQ(wrong, std::vector<std::string>());
  EXPECT_GT(mention_count, 5000U);
}

}  // namespace
}  // namespace footnote::entities
