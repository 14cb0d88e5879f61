// Runs a fuzzer's function over the files of a corpus, as a test.

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <gtest/gtest.h>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace {

TEST(Corpus, HoldsWhatTheFuzzerExpects) {
  size_t files = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(FOOTNOTE_CORPUS_DIR)) {
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file),
                            std::istreambuf_iterator<char>()};
    SCOPED_TRACE(entry.path());
    // Aborts where something does not hold.
    EXPECT_EQ(LLVMFuzzerTestOneInput(
                  reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()),
              0);
    ++files;
  }
  EXPECT_GT(files, 10U);
}

}  // namespace
