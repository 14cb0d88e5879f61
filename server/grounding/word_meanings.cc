#include "server/grounding/word_meanings.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <span>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "indexer/text/stemmer.h"
#include "server/grounding/word_lists.h"

namespace footnote::grounding {
namespace {

using Groups = std::unordered_map<std::string, std::vector<uint16_t>>;

// Calls `f` with each word of a list.
template <typename F>
void ForEachWord(std::string_view words, F&& f) {
  while (!words.empty()) {
    const size_t end = std::min(words.find(' '), words.size());
    f(words.substr(0, end));
    words.remove_prefix(std::min(end + 1, words.size()));
  }
}

// Returns the irregular verb, with its forms, that a word is the first of; ""
// where there is none.
std::string_view FormsOf(std::string_view word) {
  static const auto* const kForms = [] {
    auto* made = new std::unordered_map<std::string_view, std::string_view>;
    for (const std::string_view forms : IrregularVerbs()) {
      made->emplace(forms.substr(0, forms.find(' ')), forms);
    }
    return made;
  }();
  const auto found = kForms->find(word);
  return found == kForms->end() ? std::string_view() : found->second;
}

// Calls `f` with the stem of each word of a list, and of its irregular forms.
template <typename F>
void ForEachStem(std::string_view words, text::Stemmer* stemmer, F&& f) {
  ForEachWord(words, [&](std::string_view word) {
    f(stemmer->Stem(word));
    ForEachWord(FormsOf(word),
                [&](std::string_view form) { f(stemmer->Stem(form)); });
  });
}

// Adds to `groups` that the words of a list are in a group.
void AddGroup(std::string_view words, size_t group, text::Stemmer* stemmer,
              Groups* groups) {
  ForEachStem(words, stemmer, [&](const std::string& stem) {
    (*groups)[stem].push_back(static_cast<uint16_t>(group));
  });
}

// Numbers groups from `first` on.
Groups* MakeGroups(std::span<const std::string_view> lists, size_t first) {
  auto* made = new Groups;
  text::Stemmer stemmer("en");
  for (const std::string_view list : lists) {
    AddGroup(list, first++, &stemmer, made);
  }
  return made;
}

const Groups& SameGroups() {
  static const Groups* const kGroups = [] {
    Groups* made = MakeGroups(SameWords(), 0);
    text::Stemmer stemmer("en");
    size_t group = SameWords().size();
    for (const std::string_view forms : IrregularVerbs()) {
      AddGroup(forms, group++, &stemmer, made);
    }
    return made;
  }();
  return *kGroups;
}

// Groups of names have numbers after those of other words.
const Groups& NameGroups() {
  static const Groups* const kGroups =
      MakeGroups(SameNames(), SameWords().size() + IrregularVerbs().size());
  return *kGroups;
}

// Opposites have the numbers 2n and 2n + 1.
const Groups& OppositeGroups() {
  static const auto* const kGroups = [] {
    auto* made = new Groups;
    text::Stemmer stemmer("en");
    size_t group = 0;
    for (const Opposites& words : OppositeWords()) {
      AddGroup(words.one, group++, &stemmer, made);
      AddGroup(words.other, group++, &stemmer, made);
    }
    return made;
  }();
  return *kGroups;
}

const std::vector<uint16_t>& GroupsOf(const Groups& groups,
                                      std::string_view stem) {
  static const auto* const kNone = new std::vector<uint16_t>;
  const auto found = groups.find(std::string(stem));
  return found == groups.end() ? *kNone : found->second;
}

// Whether one word is the other with a prefix that turns it round.
bool HasTurningPrefix(std::string_view longer, std::string_view shorter) {
  constexpr size_t kLeast = 4;
  constexpr std::string_view kPrefixes[] = {"un", "in",  "im",  "il",
                                            "ir", "dis", "non", "de"};
  return shorter.size() >= kLeast && longer.ends_with(shorter) &&
         std::any_of(std::begin(kPrefixes), std::end(kPrefixes),
                     [&](std::string_view prefix) {
                       return longer.size() == prefix.size() + shorter.size() &&
                              longer.starts_with(prefix);
                     });
}

}  // namespace

const std::vector<uint16_t>& MeaningsOf(std::string_view stem, bool is_name,
                                        std::string_view language) {
  return GroupsOf(is_name ? NameGroups() : SameGroups(),
                  language == "en" ? stem : std::string_view());
}

bool AreOpposites(std::string_view a, std::string_view b,
                  std::string_view language) {
  if (language != "en") {
    return false;
  }
  if (HasTurningPrefix(a, b) || HasTurningPrefix(b, a)) {
    return true;
  }
  const std::vector<uint16_t>& of_a = GroupsOf(OppositeGroups(), a);
  const std::vector<uint16_t>& of_b = GroupsOf(OppositeGroups(), b);
  return std::any_of(of_a.begin(), of_a.end(), [&](uint16_t group) {
    return std::find(of_b.begin(), of_b.end(), group ^ 1U) != of_b.end();
  });
}

bool IsLight(std::string_view stem, std::string_view language) {
  static const auto* const kStems = [] {
    auto* made = new std::unordered_set<std::string>;
    text::Stemmer stemmer("en");
    ForEachStem(LightWords(), &stemmer,
                [&](const std::string& light) { made->insert(light); });
    return made;
  }();
  return language == "en" && kStems->contains(std::string(stem));
}

bool IsIrregularForm(std::string_view word) {
  static const auto* const kForms = [] {
    auto* made = new std::unordered_set<std::string_view>;
    for (const std::string_view forms : IrregularVerbs()) {
      const size_t first = forms.find(' ');
      ForEachWord(
          first == std::string_view::npos ? forms : forms.substr(first + 1),
          [&](std::string_view form) { made->insert(form); });
    }
    return made;
  }();
  return kForms->contains(word);
}

}  // namespace footnote::grounding
