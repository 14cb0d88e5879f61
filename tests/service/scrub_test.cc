// A flipped byte in any file of a segment is found in the background, and the
// segment is not served from then on.

#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "indexer/index/schema.h"
#include "indexer/index/segment.h"
#include "server/search/catalog.h"
#include "server/search/documents.h"
#include "server/service/scrubber.h"
#include "tests/service/test_server.h"
#include "tests/testing/growing_collection.h"
#include "tests/testing/status_matchers.h"

namespace footnote::service {
namespace {

// Returns whether `condition` becomes true within a while.
bool Await(const std::function<bool()>& condition) {
  for (int tries = 0; tries < 2000; ++tries) {
    if (condition()) {
      return true;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

void FlipByte(const std::string& path, uint64_t at) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekg(static_cast<std::streamoff>(at));
  const char byte = static_cast<char>(file.get() ^ 0x10);
  file.seekp(static_cast<std::streamoff>(at));
  file.put(byte);
}

ScrubOptions Fast(std::chrono::milliseconds interval) {
  ScrubOptions options;
  options.mb_per_second = 1000;
  options.interval = interval;
  return options;
}

// Two segments: one with "a", one with "b".
class ScrubberTest : public testing::Test {
 protected:
  ScrubberTest() {
    collection_.Write("a", "The fox hunts at night.");
    EXPECT_THAT(collection_.Build(), IsOk());
    collection_.Write("b", "The owl, too.");
    EXPECT_THAT(collection_.Build(), IsOk());
  }

  GrowingCollection collection_;
};

TEST_F(ScrubberTest, FindsNothingInWhatIsWhole) {
  search::Catalog catalog(collection_.data_dir());
  catalog.Refresh();
  Scrubber scrubber(catalog, Fast(std::chrono::milliseconds(1)));
  EXPECT_TRUE(Await([&] { return scrubber.progress().rounds >= 3; }));
  EXPECT_EQ(scrubber.progress().damaged, 0U);
  EXPECT_GT(scrubber.progress().bytes, 3000U);
  EXPECT_GT(scrubber.progress().ended, 0);
  EXPECT_FALSE(catalog.Refresh());
}

TEST_F(ScrubberTest, FindsAByteInAnyFile) {
  for (const std::string_view file : index::kSegmentFiles) {
    SCOPED_TRACE(file);
    GrowingCollection copy;
    std::filesystem::copy(collection_.folder(), copy.folder(),
                          std::filesystem::copy_options::recursive);
    search::Catalog catalog(copy.data_dir());
    ASSERT_TRUE(catalog.Refresh());
    const std::string folder =
        (*catalog.Get("test", 0))->generation().segments()[0]->folder();
    const std::string path = folder + "/" + std::string(file);
    FlipByte(path, std::filesystem::file_size(path) / 2);
    Scrubber scrubber(catalog, Fast(std::chrono::hours(1)));
    ASSERT_TRUE(Await([&] { return scrubber.progress().rounds == 1; }));
    EXPECT_EQ(scrubber.progress().damaged, 1U);
    EXPECT_TRUE(catalog.Refresh());
    const auto view = *catalog.Get("test", 0);
    ASSERT_EQ(view->generation().missing().size(), 1U);
    EXPECT_NE(ErrorMessage(view->generation().missing()[0].error)
                  .find(std::string(file)),
              std::string::npos);
    EXPECT_EQ(view->documents(), 1U);
    EXPECT_TRUE(std::filesystem::exists(folder + "/QUARANTINE"));
  }
}

TEST_F(ScrubberTest, ReadsNoFasterThanAllowed) {
  search::Catalog catalog(collection_.data_dir());
  catalog.Refresh();
  ScrubOptions options = Fast(std::chrono::hours(1));
  options.mb_per_second = 1;
  uint64_t reads = 0;
  options.verify = [&](const std::string&, const index::SegmentEntry&,
                       const index::Throttle& throttle)
      -> absl::StatusOr<std::vector<index::Finding>> {
    ++reads;
    FOOTNOTE_RETURN_IF_ERROR(throttle(100'000));
    return std::vector<index::Finding>();
  };
  const auto start = std::chrono::steady_clock::now();
  Scrubber scrubber(catalog, options);
  ASSERT_TRUE(Await([&] { return scrubber.progress().rounds == 1; }));
  EXPECT_EQ(reads, 2U);
  EXPECT_EQ(scrubber.progress().bytes, 200'000U);
  EXPECT_GE(std::chrono::steady_clock::now() - start,
            std::chrono::milliseconds(200));
}

TEST_F(ScrubberTest, EndsWhereItStands) {
  search::Catalog catalog(collection_.data_dir());
  catalog.Refresh();
  ScrubOptions options = Fast(std::chrono::hours(1));
  options.mb_per_second = 1;
  options.verify = [](const std::string&, const index::SegmentEntry&,
                      const index::Throttle& throttle)
      -> absl::StatusOr<std::vector<index::Finding>> {
    FOOTNOTE_RETURN_IF_ERROR(throttle(uint64_t{1} << 40));  // twelve days
    ADD_FAILURE() << "the throttle let go";
    return std::vector<index::Finding>();
  };
  const Scrubber scrubber(catalog, options);
  EXPECT_TRUE(Await([&] { return scrubber.progress().bytes > 0; }));
}

TEST_F(ScrubberTest, IsOffForNoMegabytes) {
  search::Catalog catalog(collection_.data_dir());
  catalog.Refresh();
  ScrubOptions options = Fast(std::chrono::milliseconds(1));
  options.mb_per_second = 0;
  const Scrubber scrubber(catalog, options);
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  EXPECT_EQ(scrubber.progress().rounds, 0U);
}

bool IsQuarantine(const v1::Warning& warning) {
  return warning.code() == v1::Warning::CODE_SEGMENT_QUARANTINED &&
         warning.message().find("with 3 documents") != std::string::npos;
}

// The whole way: every answer says what is missing, health too.
TEST(Scrub, OfAServerTakesDamagedSegmentsOut) {
  ServerOptions options;
  options.scrub = Fast(std::chrono::milliseconds(20));
  TestServer server(options);
  server.Publish({{"new.txt", "A fox among foxes."}});
  v1::SearchRequest search;
  search.set_collection("animals");
  search.set_query("fox");
  const auto documents = [&] {
    return server.client().Search(search)->count().documents();
  };
  ASSERT_TRUE(Await([&] { return documents() == 4; }));
  EXPECT_EQ(*server.client().CheckHealth("collections/animals"), "SERVING");
  std::string segment;
  // The segment with three documents.
  for (const auto& entry : std::filesystem::directory_iterator(
           server.data_dir() + "/animals/segments")) {
    const std::string order = entry.path().string() + "/document_order.col";
    if (std::filesystem::file_size(order) > 32 + 2 * sizeof(uint32_t)) {
      segment = entry.path().string();
    }
  }
  FlipByte(segment + "/tokens.col", 40);
  ASSERT_TRUE(Await([&] { return documents() == 1; }));
  for (int i = 0; i < 3; ++i) {  // also from the cache
    const auto response = server.client().Search(search);
    ASSERT_THAT(response, IsOk());
    ASSERT_EQ(response->warnings_size(), 1);
    EXPECT_TRUE(IsQuarantine(response->warnings(0)))
        << response->warnings(0).message();
  }
  v1::ListDocumentsRequest list;
  list.set_collection("animals");
  const auto listed = server.client().ListDocuments(list);
  ASSERT_THAT(listed, IsOk());
  EXPECT_EQ(listed->documents_size(), 1);
  ASSERT_EQ(listed->warnings_size(), 1);
  EXPECT_TRUE(IsQuarantine(listed->warnings(0)));
  v1::GetDocumentRequest get;
  get.set_name("collections/animals/documents/new.txt");
  EXPECT_EQ(server.client().GetDocument(get)->warnings_size(), 1);
  ASSERT_TRUE(Await([&] {
    return *server.client().CheckHealth("collections/animals") == "NOT_SERVING";
  }));
  EXPECT_EQ(*server.client().CheckHealth(""), "SERVING");
  EXPECT_EQ(*server.client().CheckHealth("footnote.v1.SearchService"),
            "SERVING");
  server.Restart();
  EXPECT_EQ(documents(), 1U);
  EXPECT_EQ(*server.client().CheckHealth("collections/animals"), "NOT_SERVING");
}

}  // namespace
}  // namespace footnote::service
