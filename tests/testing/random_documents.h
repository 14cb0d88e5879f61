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
    AddMetadata(id, &json);
    return json.dump() + "\n";
  }

  // Adds fields of every type, some of them missing: by the document's id and
  // text, so that the other random choices stay as they are.
  static void AddMetadata(const std::string& id, nlohmann::json* json) {
    std::mt19937 random(Hash(id + json->at("text").get<std::string>()));
    const auto one_in = [&](uint32_t count) { return random() % count == 0; };
    const auto pick = [&](std::vector<nlohmann::json> values) {
      return values[random() % values.size()];
    };
    if (!one_in(4)) {
      (*json)["year"] = 2019 + random() % 9;
    }
    if (!one_in(3)) {
      (*json)["rating"] = static_cast<double>(random() % 41) / 4 - 5;
    }
    if (!one_in(3)) {
      (*json)["open"] = one_in(2);
    }
    if (!one_in(3)) {
      (*json)["tags"] = nlohmann::json::array();
      for (uint32_t tags = random() % 4; tags > 0; --tags) {
        (*json)["tags"].push_back(pick(
            {"red", "red wine", "Blue", "", "naïve", 7, "7", true, nullptr}));
      }
    }
    if (!one_in(3)) {
      (*json)["author"] = {{"name", pick({"Ann", "Bob", "Änne", "ann"})}};
    }
    if (!one_in(3)) {
      (*json)["author"]["born"] =
          pick({"1970-05-01", "1970-05-02", "1971-05-01", "unknown", 1970});
    }
    if (!one_in(3)) {
      (*json)["seen"] = pick({"2026-04-21T09:30:00Z", "2026-04-21T23:59:59Z",
                              "2026-04-22", "2025-12-31", "2026", "never"});
    }
  }

  static const char* Gazetteer() {
    return "ORG\tamazon\tAmazon\t\nORG\taws\tAWS\t\n"
           "PLACE\ttokyo\t東京\tRiver|river\nANIMAL\tfox\tfox\tfoxes\n";
  }

 private:
  // FNV-1a: the same on every machine.
  static uint32_t Hash(const std::string& text) {
    uint32_t hash = 2166136261U;
    for (const char c : text) {
      hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
    }
    return hash;
  }

  std::mt19937 random_;
};

}  // namespace footnote
