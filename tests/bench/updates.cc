// How soon changes are found, how many documents are taken a second, and what
// that costs the searches beside it.
//
// Usage: updates SERVER_PROGRAM DATA_DIR COLLECTION QUERIES.jsonl [SECONDS]
// Changes the collection: give it a copy. QUERIES has {"query": "..."} a line.

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "client/client.h"
#include "tests/bench/queries.h"
#include "tests/bench/server_process.h"

namespace footnote {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kRounds = 10;
constexpr int kStreams = 4;

double SecondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

void Check(const absl::Status& status) {
  if (!status.ok()) {
    std::fprintf(stderr, "%s\n", status.ToString().c_str());
    std::exit(1);
  }
}

void Print(const char* name, const char* unit, std::vector<double> values) {
  if (values.empty()) {
    return;
  }
  std::sort(values.begin(), values.end());
  const auto at = [&](double part) {
    return values[static_cast<size_t>(part *
                                      static_cast<double>(values.size() - 1))];
  };
  std::printf("%-44s median %8.2f  p99 %8.2f  max %8.2f %s\n", name, at(0.5),
              at(0.99), values.back(), unit);
}

// A collection that changes.
class Changing {
 public:
  Changing(const client::Client& client, std::string collection)
      : client_(client), collection_(std::move(collection)) {}

  void Put(const std::string& id, const std::string& text) const {
    std::optional<v1::InputDocument> document(std::in_place);
    document->set_document_id(id);
    document->set_text(text);
    Check(client_.PutDocuments(
        collection_, [&] { return std::exchange(document, std::nullopt); },
        [](const v1::PutDocumentsResponse& answer) {
          if (answer.has_error()) {
            std::fprintf(stderr, "%s\n", answer.error().message().c_str());
            std::exit(1);
          }
        }));
  }

  void Delete(const std::string& id) const {
    v1::DeleteDocumentsRequest request;
    request.set_collection(collection_);
    request.add_document_ids(id);
    Check(client_.DeleteDocuments(request).status());
  }

  // Returns the seconds until a search finds so many passages.
  double SecondsUntil(const std::string& query, uint64_t passages) const {
    const auto start = Clock::now();
    while (Search(query) != passages) {
      std::this_thread::yield();
    }
    return SecondsSince(start);
  }

  // Returns how many passages match.
  uint64_t Search(const std::string& query) const {
    v1::SearchRequest request;
    request.set_collection(collection_);
    request.set_query(query);
    request.set_omit_facets(true);
    const auto response = client_.Search(request);
    Check(response.status());
    return response->count().passages();
  }

 private:
  const client::Client& client_;
  const std::string collection_;
};

// A word that stands in no other document.
std::string RareWord(int number) {
  return "qzx" + std::to_string(number) + "yvw";
}

void MeasureOne(const Changing& changing) {
  std::vector<double> added;
  std::vector<double> changed;
  std::vector<double> deleted;
  for (int i = 0; i < kRounds; ++i) {
    const std::string id = "updates-one-" + std::to_string(i);
    changing.Put(id, "A document with " + RareWord(2 * i) + ".");
    added.push_back(changing.SecondsUntil(RareWord(2 * i), 1));
    changing.Put(id, "A document with " + RareWord(2 * i + 1) + ".");
    changed.push_back(changing.SecondsUntil(RareWord(2 * i + 1), 1));
    changing.Delete(id);
    deleted.push_back(changing.SecondsUntil(RareWord(2 * i + 1), 0));
  }
  Print("acknowledged to found, added", "s", added);
  Print("acknowledged to found, changed", "s", changed);
  Print("acknowledged to gone, deleted", "s", deleted);
}

// Searches until told to stop; keeps the milliseconds of each.
class Searcher {
 public:
  Searcher(const Changing& changing, const std::vector<std::string>& queries)
      : thread_([&] {
          for (size_t i = 0; !stop_; ++i) {
            const auto start = Clock::now();
            changing.Search(queries[i % queries.size()]);
            milliseconds_.push_back(SecondsSince(start) * 1000);
          }
        }) {}

  std::vector<double> Stop() {
    stop_ = true;
    thread_.join();
    return milliseconds_;
  }

 private:
  std::atomic<bool> stop_ = false;
  std::vector<double> milliseconds_;
  std::thread thread_;
};

// Puts documents on some streams, `rate` of them a second in all, or as many as
// are taken for 0; returns how many a second were acknowledged.
double PutFor(const client::Client& client, const std::string& collection,
              double rate, double seconds) {
  std::atomic<uint64_t> acknowledged = 0;
  std::atomic<uint64_t> number = 0;
  std::vector<std::thread> streams;
  const auto start = Clock::now();
  streams.reserve(kStreams);
  for (int i = 0; i < kStreams; ++i) {
    streams.emplace_back([&] {
      Check(client.PutDocuments(
          collection,
          [&]() -> std::optional<v1::InputDocument> {
            const uint64_t mine = number++;
            if (rate > 0) {
              std::this_thread::sleep_until(
                  start + std::chrono::duration_cast<Clock::duration>(
                              std::chrono::duration<double>(
                                  static_cast<double>(mine) / rate)));
            }
            if (SecondsSince(start) > seconds) {
              return std::nullopt;
            }
            v1::InputDocument document;
            document.set_document_id("updates-many-" + std::to_string(mine));
            document.set_text("Notice " + std::to_string(mine) +
                              ": the committee met in the old town hall and "
                              "agreed on the budget of the coming year. Its " +
                              "next session is on day " +
                              std::to_string(mine % 365) + ".");
            return document;
          },
          [&](const v1::PutDocumentsResponse& answer) {
            acknowledged += answer.has_result() ? 1 : 0;
          }));
    });
  }
  for (std::thread& stream : streams) {
    stream.join();
  }
  return static_cast<double>(acknowledged) / SecondsSince(start);
}

int Run(char** argv, double seconds) {
  const std::string collection = argv[3];
  const std::vector<std::string> queries = ReadQueries(argv[4]);
  const ServerProcess server(argv[1], argv[2]);
  const client::Client client({server.address(), std::chrono::seconds(60)});
  const Changing changing(client, collection);
  MeasureOne(changing);

  Searcher alone(changing, queries);
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
  Print("a search, nothing beside it", "ms", alone.Stop());
  Searcher beside(changing, queries);
  const double paced = PutFor(client, collection, 1000, seconds);
  Print("a search, 1,000 documents a second beside it", "ms", beside.Stop());
  std::printf("%-44s %.0f a second\n", "acknowledged then", paced);
  std::printf("%-44s %.0f a second\n", "acknowledged at most, nothing beside",
              PutFor(client, collection, 0, seconds));
  return 0;
}

}  // namespace
}  // namespace footnote

int main(int argc, char** argv) {
  constexpr double kDefaultSeconds = 10;
  if (argc != 5 && argc != 6) {
    std::fprintf(stderr,
                 "usage: updates SERVER_PROGRAM DATA_DIR COLLECTION "
                 "QUERIES.jsonl [SECONDS]\n");
    return 2;
  }
  return footnote::Run(argv, argc == 6 ? std::atof(argv[5]) : kDefaultSeconds);
}
