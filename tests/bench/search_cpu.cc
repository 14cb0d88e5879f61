// CPU per search of a whole server, over that of bare Xapian on the same
// passages: a warm handle, the same terms, get_mset(0, 10) and ten texts; and
// how long searches take, with one client and with several.
//
// Usage: search_cpu SERVER_PROGRAM DATA_DIR COLLECTION QUERIES.jsonl [ROUNDS]
// QUERIES has {"query": "..."} a line.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

#include <xapian.h>

#include "client/client.h"
#include "indexer/index/generation.h"
#include "indexer/index/lexeme_table.h"
#include "indexer/index/schema.h"
#include "indexer/index/segment.h"
#include "server/search/query.h"
#include "server/search/ranking.h"
#include "tests/bench/queries.h"
#include "tests/bench/server_process.h"
#include "tests/testing/temp_folder.h"

namespace footnote {
namespace {

constexpr uint32_t kPageSize = 10;

enum class Counting { kOff, kOn };

double ProcessCpuSeconds() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) +
         static_cast<double>(time.tv_nsec) / 1e9;
}

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

// Bare Xapian over the passages of a generation, as its users have them: an
// index of the same stems with their plain frequencies, compacted, the texts as
// the data of documents. Keeps what it reads, so that nothing is optimised
// away.
class BareXapian {
 public:
  explicit BareXapian(const index::Generation& generation) {
    const std::string growing = folder_ / "growing";
    const std::string compact = folder_ / "compact";
    {
      Xapian::WritableDatabase database(
          growing, Xapian::DB_CREATE | Xapian::DB_NO_TERMLIST);
      for (const auto& segment : generation.segments()) {
        for (uint32_t i = 0; i < segment->passage_count(); ++i) {
          database.add_document(DocumentOf(*segment, i));
        }
      }
      database.commit();
      database.compact(compact);
    }
    database_ = Xapian::Database(compact);
  }

  void Prepare(const search::Query& query) {
    std::vector<std::string> terms;
    for (const search::QueryWord& word : query.words) {
      for (const std::string& stem : word.stems) {
        const std::string term = index::MakeTerm(index::TermField::kStem, stem);
        if (database_.term_exists(term)) {
          terms.push_back(term);
        }
      }
    }
    queries_.emplace_back(Xapian::Query::OP_OR, terms.begin(), terms.end());
  }

  void Run() {
    for (const Xapian::Query& query : queries_) {
      Xapian::Enquire enquire(database_);
      enquire.set_query(query);
      enquire.set_weighting_scheme(Xapian::BM25Weight(
          search::kPassageBm25.k1, 0, 1, search::kPassageBm25.b, 0));
      const Xapian::MSet matches = enquire.get_mset(0, kPageSize);
      for (auto match = matches.begin(); match != matches.end(); ++match) {
        bytes_ += match.get_document().get_data().size();
      }
    }
  }

  uint64_t bytes() const { return bytes_; }

 private:
  static Xapian::Document DocumentOf(const index::Segment& segment,
                                     uint32_t passage) {
    Xapian::Document document;
    for (const index::PassageToken& token : segment.ReadTokens(passage)) {
      document.add_term(
          index::MakeTerm(index::TermField::kStem,
                          index::StemKeyOf(segment.lexeme(token.lexeme))));
    }
    const index::PassagePlace& place = segment.passage_place(passage);
    document.set_data(
        *segment.ReadText(place.document, place.start, place.end));
    return document;
  }

  TempFolder folder_;
  Xapian::Database database_;
  std::vector<Xapian::Query> queries_;
  uint64_t bytes_ = 0;
};

// What is searched for, and where.
struct Task {
  std::string address;
  std::string collection;
  std::vector<std::string> queries;
};

// Searches for each query, but for every `step`th from `first` on alone.
// Returns the seconds that each search took.
std::vector<double> SearchAll(const Task& task, Counting counting, size_t first,
                              size_t step) {
  using std::chrono::steady_clock;
  const client::Client client(client::ClientOptions{task.address});
  std::vector<double> seconds;
  for (size_t i = first; i < task.queries.size(); i += step) {
    v1::SearchRequest request;
    request.set_collection(task.collection);
    request.set_query(task.queries[i]);
    request.set_page_size(kPageSize);
    request.set_omit_counts(counting == Counting::kOff);
    request.set_omit_facets(counting == Counting::kOff);
    const auto start = steady_clock::now();
    const auto response = client.Search(request);
    seconds.push_back(
        std::chrono::duration<double>(steady_clock::now() - start).count());
    if (!response.ok()) {
      std::fprintf(stderr, "%s: %s\n", task.queries[i].c_str(),
                   response.status().ToString().c_str());
      std::exit(1);
    }
  }
  return seconds;
}

// Lets so many clients search, each for its share of the queries, and prints
// how that goes.
void PrintLatency(const char* name, const Task& task, Counting counting,
                  size_t clients) {
  using std::chrono::steady_clock;
  std::vector<std::vector<double>> shares(clients);
  std::vector<std::thread> threads;
  const auto start = steady_clock::now();
  threads.reserve(clients);
  for (size_t i = 0; i < clients; ++i) {
    threads.emplace_back(
        [&, i] { shares[i] = SearchAll(task, counting, i, clients); });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  const std::chrono::duration<double> taken = steady_clock::now() - start;
  std::vector<double> all;
  for (const std::vector<double>& share : shares) {
    all.insert(all.end(), share.begin(), share.end());
  }
  std::sort(all.begin(), all.end());
  const auto milliseconds_at = [&](double share) {
    return 1e3 * all[static_cast<size_t>(share *
                                         static_cast<double>(all.size() - 1))];
  };
  std::printf("%-34s %zu clients: %7.1f a second, p50 %.2f ms, p99 %.2f ms\n",
              name, clients, static_cast<double>(all.size()) / taken.count(),
              milliseconds_at(0.5), milliseconds_at(0.99));
}

void Print(const char* name, const std::vector<double>& seconds,
           const std::vector<double>& bare, size_t queries) {
  std::vector<double> ratios;
  ratios.reserve(seconds.size());
  for (size_t i = 0; i < seconds.size(); ++i) {
    ratios.push_back(seconds[i] / bare[i]);
  }
  std::printf("%-34s %7.3f ms CPU a search, %.2f x bare Xapian\n", name,
              Median(seconds) * 1e3 / static_cast<double>(queries),
              Median(ratios));
}

int Run(char** argv, int rounds) {
  const std::string data_dir = argv[2];
  const std::string collection = argv[3];
  const auto generation =
      index::Generation::Open(data_dir + "/" + collection, 0);
  if (!generation.ok()) {
    std::fprintf(stderr, "%s: %s\n", collection.c_str(),
                 ErrorMessage(generation.status()).c_str());
    return 1;
  }
  const ServerProcess server(argv[1], data_dir);
  const Task task{server.address(), collection, ReadQueries(argv[4])};
  BareXapian bare(**generation);
  for (const std::string& text : task.queries) {
    const auto query =
        search::ParseQuery(text, (*generation)->info().languages);
    bare.Prepare(query.ok() ? *query : search::Query());
  }
  std::vector<double> alone;
  std::vector<double> counts_off;
  std::vector<double> counts_on;
  for (int round = -1; round < rounds; ++round) {  // the first warms up
    const double bare_start = ProcessCpuSeconds();
    bare.Run();
    const double bare_taken = ProcessCpuSeconds() - bare_start;
    const double start = server.CpuSeconds();
    SearchAll(task, Counting::kOff, 0, 1);
    const double middle = server.CpuSeconds();
    SearchAll(task, Counting::kOn, 0, 1);
    const double end = server.CpuSeconds();
    if (round >= 0) {
      alone.push_back(bare_taken);
      counts_off.push_back(middle - start);
      counts_on.push_back(end - middle);
    }
  }
  std::printf("%zu queries, %d rounds, medians; %llu passages\n",
              task.queries.size(), rounds,
              static_cast<unsigned long long>((*generation)->info().passages));
  Print("bare Xapian", alone, alone, task.queries.size());
  Print("server, facets and counts off", counts_off, alone,
        task.queries.size());
  Print("server, exact facets and counts", counts_on, alone,
        task.queries.size());
  for (const size_t clients : {1, 4}) {
    PrintLatency("facets and counts off", task, Counting::kOff, clients);
    PrintLatency("exact facets and counts", task, Counting::kOn, clients);
  }
  return bare.bytes() > 0 ? 0 : 1;
}

}  // namespace
}  // namespace footnote

int main(int argc, char** argv) {
  constexpr int kDefaultRounds = 5;
  if (argc != 5 && argc != 6) {
    std::fprintf(stderr,
                 "usage: search_cpu SERVER_PROGRAM DATA_DIR COLLECTION "
                 "QUERIES.jsonl [ROUNDS]\n");
    return 2;
  }
  return footnote::Run(argv, argc == 6 ? std::atoi(argv[5]) : kDefaultRounds);
}
