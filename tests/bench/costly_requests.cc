#include "tests/bench/costly_requests.h"

#include <algorithm>
#include <map>
#include <utility>

#include <xapian.h>

#include "indexer/index/segment.h"
#include "indexer/text/analyzer.h"
#include "server/search/searcher.h"

namespace footnote {
namespace {

constexpr size_t kFrequentWords = 500;
constexpr size_t kMostFacets = 20;
constexpr int kMostFacetValues = 1000;
constexpr int kMostNeighbours = 10;
constexpr int kLargestPage = 100;
constexpr size_t kFilterValues = 990;

// Returns the words of Latin letters that most passages have.
std::vector<std::string> FrequentWords(const index::Generation& generation) {
  std::map<std::string, uint64_t> frequencies;
  for (const auto& segment : generation.segments()) {
    index::DatabasePool::Lease database = segment->databases().Get();
    for (auto term = database->allterms_begin("a");
         term != database->allterms_end(); ++term) {
      if (term.get_termfreq() > 1000) {
        frequencies[*term] += term.get_termfreq();
      }
    }
  }
  std::vector<std::pair<uint64_t, std::string>> ordered;
  for (const auto& [word, frequency] : frequencies) {
    if (word.front() >= 'a' && word.front() <= 'z') {
      ordered.emplace_back(frequency, word);
    }
  }
  std::sort(ordered.rbegin(), ordered.rend());
  std::vector<std::string> words;
  words.reserve(ordered.size());
  for (const auto& [frequency, word] : ordered) {
    words.push_back(word);
  }
  return words;
}

std::string Join(const std::vector<std::string>& words, size_t count) {
  std::string text;
  for (size_t i = 0; i < std::min(count, words.size()); ++i) {
    text += words[i] + " ";
  }
  return text;
}

std::string StopWords(const std::vector<std::string>& words) {
  std::vector<std::string> found;
  for (const std::string& word : words) {
    if (text::IsStopWord(word, "en")) {
      found.push_back(word);
    }
  }
  return Join(found, found.size());
}

// Returns as much of a text as a query may have.
std::string Longest(const std::string& text) {
  return text.substr(0, search::kMaxQueryChars);
}

// Returns words of three letters, each followed by `end`.
std::string ShortWords(const std::string& end) {
  std::string text;
  for (char a = 'a'; a <= 'z'; ++a) {
    for (char b = 'a'; b <= 'z'; ++b) {
      for (char c = 'a'; c <= 'z'; ++c) {
        text += {a, b, c};
        text += end;
      }
    }
  }
  return text;
}

// Returns Chinese characters, each a word together with the next.
std::string ManyCharacters() {
  std::string text;
  for (uint32_t i = 0; i < search::kMaxQueryChars; ++i) {
    const uint32_t character = 0x4E00 + i * 7919 % 20000;
    text += static_cast<char>(0xE0 | character >> 12);
    text += static_cast<char>(0x80 | (character >> 6 & 0x3F));
    text += static_cast<char>(0x80 | (character & 0x3F));
  }
  return text;
}

// One document_id against many values that none has.
v1::Filter LongList() {
  v1::Filter filter;
  auto* condition = filter.mutable_condition();
  condition->set_field("document_id");
  condition->set_op(v1::Condition::OPERATOR_NIN);
  auto* values = condition->mutable_value()->mutable_list_value();
  for (size_t i = 0; i < kFilterValues; ++i) {
    values->add_values()->set_string_value("no-such-document-" +
                                           std::to_string(i));
  }
  return filter;
}

// Many conditions, each on all documents.
v1::Filter ManyConditions() {
  v1::Filter filter;
  auto* any = filter.mutable_or_();
  for (size_t i = 0; i < kFilterValues / 2; ++i) {
    auto* condition = any->add_filters()->mutable_condition();
    condition->set_field("document_id");
    condition->set_op(v1::Condition::OPERATOR_CONTAINS);
    condition->mutable_value()->set_string_value(std::to_string(i));
  }
  return filter;
}

void AddAllFacets(v1::SearchRequest* request) {
  static const char* const kFields[] = {"entity", "entity_type", "source_type",
                                        "language", "date"};
  for (size_t i = 0; i < kMostFacets; ++i) {
    auto* facet = request->add_facets();
    facet->set_field(kFields[i % std::size(kFields)]);
    facet->set_limit(kMostFacetValues);
    facet->set_date_interval(v1::FacetSpec::DATE_INTERVAL_DAY);
  }
}

}  // namespace

std::vector<CostlyRequest> CostlyRequests(const index::Generation& generation,
                                          const std::string& collection) {
  std::vector<CostlyRequest> requests;
  const auto add = [&](const char* kind, const std::string& query) {
    requests.push_back({kind, {}});
    v1::SearchRequest& request = requests.back().request;
    request.set_collection(collection);
    request.set_query(query);
    return &request;
  };
  const std::vector<std::string> words = FrequentWords(generation);
  const std::string frequent = Join(words, kFrequentWords);
  const std::string stop_words = StopWords(words);
  std::string prefixes;
  for (char letter = 'a'; letter <= 'z'; ++letter) {
    const std::string prefix = std::string(1, letter) + "*";
    add("one-letter prefix", prefix);
    prefixes += prefix + " ";
  }
  add("all one-letter prefixes", prefixes);
  add("all stop words", stop_words);
  add("one frequent word", words.front());
  add("500 frequent words", frequent);
  const std::string everything = frequent + prefixes;
  add("words and prefixes", everything);
  AddAllFacets(add("words, prefixes, 20 facets", everything));
  *add("words, long filter", frequent)->mutable_filter() = LongList();
  *add("prefixes, many filters", prefixes)->mutable_filter() = ManyConditions();
  *add("stop words, many filters", stop_words)->mutable_filter() =
      ManyConditions();
  add("20,000 characters of prefixes", Longest(ShortWords("* ")));
  add("20,000 characters of words", Longest(Join(words, words.size())));
  add("20,000 Chinese characters", ManyCharacters());
  v1::SearchRequest* page = add("words, 2,100 passages", frequent);
  page->set_page_size(kLargestPage);
  page->set_previous_passages(kMostNeighbours);
  page->set_next_passages(kMostNeighbours);
  AddAllFacets(page);
  return requests;
}

}  // namespace footnote
