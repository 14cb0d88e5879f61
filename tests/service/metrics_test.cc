// What Prometheus reads of a server.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include <gtest/gtest.h>

#include "tests/service/test_server.h"
#include "tests/testing/status_matchers.h"

namespace footnote::service {
namespace {

using testing::HasSubstr;
using testing::Not;

// Returns the answer to an HTTP request of /metrics on a local port.
std::string Scrape(int port) {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
  std::string answer;
  if (connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) ==
      0) {
    const std::string request =
        "GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    EXPECT_EQ(write(fd, request.data(), request.size()),
              static_cast<ssize_t>(request.size()));
    char buffer[4096];
    for (ssize_t got = 0; (got = read(fd, buffer, sizeof(buffer))) > 0;) {
      answer.append(buffer, static_cast<size_t>(got));
    }
  }
  close(fd);
  return answer;
}

// Scrapes until `text` is there, or for a while.
std::string ScrapeFor(int port, const std::string& text) {
  std::string answer;
  for (int tries = 0; tries < 500; ++tries) {
    answer = Scrape(port);
    if (answer.find(text) != std::string::npos) {
      break;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return answer;
}

ServerOptions WithMetrics() {
  ServerOptions options;
  options.metrics_listen = "127.0.0.1:0";
  return options;
}

TEST(Metrics, CountCallsByMethodAndCode) {
  TestServer server(WithMetrics());
  v1::SearchRequest request;
  request.set_collection("animals");
  request.set_query("fox");
  for (int i = 0; i < 3; ++i) {
    EXPECT_THAT(server.client().Search(request), IsOk());
  }
  request.set_collection("nothing");
  EXPECT_FALSE(server.client().Search(request).ok());
  const std::string labels =
      "{grpc_method=\"Search\",grpc_service=\"footnote.v1.SearchService\","
      "grpc_type=\"unary\"";
  const int port = server.server().metrics_port();
  const std::string text = ScrapeFor(port, "grpc_code=\"NotFound\"");
  EXPECT_THAT(text, HasSubstr("HTTP/1.1 200"));
  EXPECT_THAT(text, HasSubstr("grpc_server_started_total" + labels + "} 4"));
  EXPECT_THAT(text,
              HasSubstr("grpc_server_handling_seconds_count" + labels + "} 4"));
  const std::string by_code =
      "grpc_method=\"Search\",grpc_service=\"footnote.v1.SearchService\","
      "grpc_type=\"unary\"}";
  EXPECT_THAT(text, HasSubstr("grpc_server_handled_total{grpc_code=\"OK\"," +
                              by_code + " 3"));
  EXPECT_THAT(text,
              HasSubstr("grpc_server_handled_total{grpc_code=\"NotFound\"," +
                        by_code + " 1"));
  EXPECT_THAT(text, HasSubstr("footnote_cache_hits_total 1"));
  EXPECT_THAT(text, HasSubstr("footnote_cache_misses_total 2"));
  // Nobody's query, and no name that is not ours.
  EXPECT_THAT(text, Not(HasSubstr("nothing")));
  EXPECT_THAT(text, Not(HasSubstr("fox")));
}

TEST(Metrics, CountStreams) {
  TestServer server(WithMetrics());
  bool sent = false;
  EXPECT_THAT(server.client().PutDocuments(
                  "animals",
                  [&]() -> std::optional<v1::InputDocument> {
                    v1::InputDocument document;
                    document.set_document_id("wolf");
                    document.set_text("The wolf howls.");
                    return std::exchange(sent, true) ? std::nullopt
                                                     : std::optional(document);
                  },
                  [](const v1::PutDocumentsResponse&) {}),
              IsOk());
  EXPECT_FALSE(server.client()
                   .PutDocuments(
                       "No", [] { return v1::InputDocument(); },
                       [](const v1::PutDocumentsResponse&) {})
                   .ok());
  const std::string labels =
      "grpc_method=\"PutDocuments\",grpc_service=\"footnote.v1.IngestService"
      "\",grpc_type=\"bidi_stream\"}";
  const std::string text = ScrapeFor(server.server().metrics_port(),
                                     "grpc_code=\"InvalidArgument\"");
  EXPECT_THAT(text, HasSubstr("grpc_server_started_total{" + labels + " 2"));
  EXPECT_THAT(text, HasSubstr("grpc_server_handled_total{grpc_code=\"OK\"," +
                              labels + " 1"));
  EXPECT_THAT(
      text,
      HasSubstr("grpc_server_handled_total{grpc_code=\"InvalidArgument\"," +
                labels + " 1"));
  EXPECT_THAT(text,
              HasSubstr("grpc_server_handling_seconds_count{" + labels + " 2"));
}

TEST(Metrics, DescribeWhatIsServed) {
  TestServer server(WithMetrics());
  const int port = server.server().metrics_port();
  const std::string text = ScrapeFor(port, "footnote_scrub_rounds_total 1");
  EXPECT_THAT(text, HasSubstr("footnote_scrub_rounds_total 1"));
  const std::string label = "{collection=\"animals\"} ";
  EXPECT_THAT(text, HasSubstr("footnote_index_generation" + label + "1"));
  EXPECT_THAT(text, HasSubstr("footnote_index_documents" + label + "3"));
  EXPECT_THAT(text, HasSubstr("footnote_index_passages" + label));
  EXPECT_THAT(text, HasSubstr("footnote_quarantined_segments" + label + "0"));
  EXPECT_THAT(text, HasSubstr("footnote_missing_documents" + label + "0"));
  EXPECT_THAT(text, HasSubstr("footnote_queue_length 0"));
  EXPECT_THAT(text, HasSubstr("footnote_scrub_damaged_segments_total 0"));
  EXPECT_THAT(text, HasSubstr("footnote_build_info{version="));
  server.Publish({{"new.txt", "A fox among foxes."}});
  EXPECT_THAT(ScrapeFor(port, "footnote_index_generation" + label + "2"),
              HasSubstr("footnote_index_documents" + label + "4"));
}

TEST(Metrics, AreOffByDefault) {
  TestServer server;
  EXPECT_EQ(server.server().metrics_port(), 0);
}

TEST(Metrics, NeedAnAddressThatIsFree) {
  TestServer server(WithMetrics());
  ServerOptions options;
  options.data_dir = server.data_dir();
  options.listen = "127.0.0.1:0";
  options.metrics_listen =
      "127.0.0.1:" + std::to_string(server.server().metrics_port());
  EXPECT_THAT(Server::Start(options),
              FailsWith(absl::StatusCode::kUnavailable, "LISTEN_FAILED"));
}

}  // namespace
}  // namespace footnote::service
