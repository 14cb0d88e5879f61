// How long quotes take to be verified.
//
// Usage: quote_speed DATA_DIR COLLECTION [QUOTES [WORDS]]
// Takes quotes of so many words (15) from passages anywhere in the collection,
// so many (200) of each kind: exact, with one word changed, with a fifth
// changed, stitched of two, and the words of one in another order, which is
// absent or nearly so; all with nothing claimed. Prints the median, the 99th
// percentile and the longest of each kind, in milliseconds of one thread's CPU
// (what a busy machine leaves comparable), and how many had the verdict that
// they should have.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "indexer/index/generation.h"
#include "indexer/index/segment.h"
#include "indexer/text/quote_words.h"
#include "server/grounding/verify_quotes.h"
#include "server/search/assemble.h"

namespace footnote::grounding {
namespace {

// Takes stretches of words from passages of a generation.
class Sampler {
 public:
  Sampler(const index::Generation& generation, size_t words)
      : generation_(generation), words_(words) {}

  // Returns the text of so many words, from anywhere.
  std::string Next(size_t words) {
    while (true) {
      const index::Segment& segment =
          *generation_.segments()[Below(generation_.segments().size())];
      const auto passage =
          static_cast<uint32_t>(Below(segment.passage_count()));
      const index::PassagePlace& place = segment.passage_place(passage);
      const auto text =
          segment.ReadText(place.document, place.start, place.end);
      if (!text.ok()) {
        continue;
      }
      const auto found = text::ReadQuoteWords(*text);
      if (found.size() > words) {
        const size_t first = Below(found.size() - words);
        const uint32_t start = found[first].start;
        return text->substr(start, found[first + words - 1].end - start);
      }
    }
  }

  std::string Exact() { return Next(words_); }
  std::string OneChanged() { return Change(Next(words_), 1); }
  std::string FifthChanged() { return Change(Next(words_), words_ / 5); }
  std::string Stitched() {
    return Next(words_ / 2) + " " + Next(words_ - words_ / 2);
  }
  std::string Shuffled() {
    const std::string text = Next(words_);
    std::vector<text::QuoteWord> words = text::ReadQuoteWords(text);
    std::shuffle(words.begin(), words.end(), random_);
    std::string shuffled;
    for (const text::QuoteWord& word : words) {
      shuffled += word.word + " ";
    }
    return shuffled;
  }

 private:
  size_t Below(size_t end) {
    return std::uniform_int_distribution<size_t>(0, end - 1)(random_);
  }

  std::string Change(std::string text, size_t count) {
    for (size_t i = 0; i < count; ++i) {
      const auto words = text::ReadQuoteWords(text);
      const text::QuoteWord& word = words[Below(words.size())];
      text.replace(word.start, word.end - word.start, "zebra");
    }
    return text;
  }

  const index::Generation& generation_;
  const size_t words_;
  std::mt19937_64 random_{1};
};

double ThreadMilliseconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e3 +
         static_cast<double>(time.tv_nsec) / 1e6;
}

void Measure(const search::View& view, const char* kind, Verdict wanted,
             int quotes, const std::function<std::string()>& next) {
  std::vector<double> times;
  int right = 0;
  for (int i = 0; i < quotes; ++i) {
    const std::vector<Quote> quote = {{next(), {}}};
    search::MemoryBudget memory(256 << 20);
    const double start = ThreadMilliseconds();
    const auto checks = VerifyQuotes(view, quote, {}, memory);
    times.push_back(ThreadMilliseconds() - start);
    right += checks.ok() && checks->front().verdict == wanted ? 1 : 0;
  }
  std::sort(times.begin(), times.end());
  std::printf("%-14s %8.2f %8.2f %8.2f %8d of %d\n", kind,
              times[times.size() / 2], times[times.size() * 99 / 100],
              times.back(), right, quotes);
}

int Run(const std::string& folder, int quotes, size_t words) {
  const auto generation = index::Generation::Open(folder, 0);
  if (!generation.ok()) {
    std::fprintf(stderr, "%s\n", generation.status().ToString().c_str());
    return 1;
  }
  const search::View view(**generation);
  Sampler sampler(**generation, words);
  std::printf("%llu passages, quotes of %zu words\n",
              static_cast<unsigned long long>(view.passages()), words);
  std::printf("%-14s %8s %8s %8s %8s\n", "kind", "median", "p99", "longest",
              "as it is");
  Measure(view, "exact", Verdict::kExact, quotes,
          [&] { return sampler.Exact(); });
  Measure(view, "one changed", Verdict::kFuzzy, quotes,
          [&] { return sampler.OneChanged(); });
  Measure(view, "fifth changed", Verdict::kFuzzy, quotes,
          [&] { return sampler.FifthChanged(); });
  Measure(view, "stitched", Verdict::kStitched, quotes,
          [&] { return sampler.Stitched(); });
  Measure(view, "shuffled", Verdict::kAbsent, quotes,
          [&] { return sampler.Shuffled(); });
  return 0;
}

}  // namespace
}  // namespace footnote::grounding

int main(int argc, char** argv) {
  if (argc < 3 || argc > 5) {
    std::fprintf(stderr,
                 "usage: quote_speed DATA_DIR COLLECTION [QUOTES [WORDS]]\n");
    return 2;
  }
  return footnote::grounding::Run(
      std::string(argv[1]) + "/" + argv[2],
      argc > 3 ? std::max(1, std::atoi(argv[3])) : 200,
      argc > 4 ? std::max<size_t>(4, std::strtoull(argv[4], nullptr, 10)) : 15);
}
