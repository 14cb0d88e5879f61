// One set of documents, indexed in as many segments as a test likes.

#pragma once

#include <functional>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "tests/testing/growing_collection.h"
#include "tests/testing/random_documents.h"

namespace footnote {

// Random sources with many equal and nearly equal passages.
class SplitCorpus {
 public:
  // `files` decides the size: about four passages each.
  SplitCorpus(uint32_t seed, int files) : random_(seed) {
    for (int i = 0; i < files; ++i) {
      // Names sort in another order than they come in.
      const std::string name = "s" + std::to_string(i * 7919 % 10007);
      const std::string file = name + (i % 3 == 0 ? ".md" : ".jsonl");
      sources_[file] = Content(name, i);
      if (random_.Below(3) == 0) {
        older_[file] = Content(name, i);
      }
      if (random_.Below(6) == 0) {
        gone_["gone-" + file] = Content("gone-" + name, i);
      }
    }
  }

  // Adds a source.
  void Add(const std::string& file, const std::string& bytes) {
    sources_[file] = bytes;
  }

  // Builds `collection` until it has so many segments; all but the last build
  // leave tombstones, of changed documents and of removed ones.
  std::shared_ptr<const index::Generation> BuildSplit(
      size_t segments, GrowingCollection* collection) const {
    collection->Write("entities.tsv", RandomDocuments::Gazetteer());
    for (const auto& [file, bytes] : gone_) {
      collection->Write(file, bytes);
    }
    for (size_t build = 0; build < segments; ++build) {
      size_t i = 0;
      for (const auto& [file, bytes] : sources_) {
        const size_t turn = i++ % segments;
        const auto older = older_.find(file);
        if (turn == build) {
          collection->Write(file, bytes);
        } else if (build == 0 && older != older_.end()) {
          collection->Write(file, older->second);
        }
      }
      EXPECT_THAT(collection->Build(), IsOk());
    }
    for (const auto& [file, bytes] : gone_) {
      collection->Remove(file);
    }
    auto generation = collection->BuildAndOpen();
    EXPECT_EQ(generation->segments().size(), segments);
    return generation;
  }

  // Builds `collection` at once, of the documents that `keeps` likes.
  std::shared_ptr<const index::Generation> BuildWhole(
      GrowingCollection* collection,
      const std::function<bool(const std::string& document_id)>& keeps =
          [](const std::string&) { return true; }) const {
    collection->Write("entities.tsv", RandomDocuments::Gazetteer());
    for (const auto& [file, bytes] : sources_) {
      if (file.find(".md") != std::string::npos) {
        if (keeps(file)) {
          collection->Write(file, bytes);
        }
        continue;
      }
      std::string kept;
      std::istringstream lines(bytes);
      for (std::string line; std::getline(lines, line);) {
        if (keeps(nlohmann::json::parse(line)["_id"])) {
          kept += line + "\n";
        }
      }
      collection->Write(file, kept);
    }
    return collection->BuildAndOpen();
  }

  // A query of one to seven words, frequent and rare ones.
  std::string Query(RandomDocuments* random) const {
    std::string query;
    for (size_t words = 1 + random->Below(7); words > 0; --words) {
      query += random->Below(3) == 0
                   ? "rare" + std::to_string(random->Below(40))
                   : random->Word();
      query += words > 1 ? " " : "";
    }
    return query;
  }

 private:
  std::string Content(const std::string& name, int i) {
    if (i % 3 == 0) {
      return random_.Markdown();
    }
    std::string lines = random_.Line(name + "/a");
    for (const char* id : {"/z", "/m", "/c"}) {
      std::string text = random_.Words(2 + random_.Below(3)) + ".";
      if (random_.Below(2) == 0) {
        text += " Rare" + std::to_string(random_.Below(40)) + " fox.";
      }
      lines += JsonLine(name + id, text);
    }
    return lines;
  }

  RandomDocuments random_;
  std::map<std::string, std::string> sources_;  // bytes by file
  std::map<std::string, std::string> older_;    // what some files had before
  std::map<std::string, std::string> gone_;     // files that are removed
};

}  // namespace footnote
