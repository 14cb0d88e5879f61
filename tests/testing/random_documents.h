// Random documents of few words, so that many score alike.

#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace footnote {

// Makes documents and queries from a seed, the same on every machine.
class RandomDocuments {
 public:
  explicit RandomDocuments(uint32_t seed) : random_(seed) {}

  size_t Below(size_t bound) { return random_() % bound; }

  // A word; those first in the list come most often. Some are stop words, some
  // share a stem, some are names (see Gazetteer()), some have no spaces between
  // them.
  std::string Word() {
    static const std::vector<std::string> kWords = {
        "the",     "fox",    "foxes",  "running", "runs",   "river", "Amazon",
        "of",      "market", "prices", "price",   "search", "AWS",   "bank",
        "banking", "und",    "Preise", "Markt",   "laden",  "lade",  "東京",
        "漢字",    "字",     "タワー", "река",    "реки",   "café",  "zebra"};
    const double share = static_cast<double>(random_()) / 4294967296.0;
    return kWords[static_cast<size_t>(share * share *
                                      static_cast<double>(kWords.size()))];
  }

  std::string Words(size_t count) {
    std::string text;
    for (size_t i = 0; i < count; ++i) {
      text += (i == 0 ? "" : " ") + Word();
    }
    return text;
  }

  // A text of up to so many paragraphs of one to nine short sentences.
  std::string Text(size_t max_paragraphs) {
    std::string text;
    for (size_t paragraphs = 1 + Below(max_paragraphs); paragraphs > 0;
         --paragraphs) {
      for (size_t sentences = 1 + Below(9); sentences > 0; --sentences) {
        text += "So " + Words(3 + Below(12)) + ". ";
      }
      text += "\n\n";
    }
    return text;
  }

  // A source: Markdown with a heading, or one line of JSON Lines with metadata.
  std::string Markdown() {
    return "# " + Words(3) + "\n\n" + Text(4) + "## " + Words(2) + "\n\n" +
           Text(8);
  }
  std::string Line(const std::string& id) {
    static constexpr const char* kLanguages[] = {"en", "de", "ja", "ru"};
    nlohmann::json json = {{"_id", id},
                           {"title", Words(2)},
                           {"text", Text(5)},
                           {"language", kLanguages[Below(4)]},
                           {"source_type", Below(3) == 0 ? "news" : "blog"}};
    if (Below(4) > 0) {
      json["date"] = "202" + std::to_string(Below(7)) + "-0" +
                     std::to_string(1 + Below(9)) + "-1" +
                     std::to_string(Below(10));
    }
    return json.dump() + "\n";
  }

  static const char* Gazetteer() {
    return "ORG\tamazon\tAmazon\t\nORG\taws\tAWS\t\n"
           "PLACE\ttokyo\t東京\tRiver|river\nANIMAL\tfox\tfox\tfoxes\n";
  }

 private:
  std::mt19937 random_;
};

}  // namespace footnote
