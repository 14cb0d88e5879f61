// A server of a small collection, in this process, for tests.

#pragma once

#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "client/client.h"
#include "indexer/pipeline/build.h"
#include "server/service/server.h"
#include "tests/testing/temp_folder.h"

namespace footnote::service {

// Serves the collection "animals" on a port of its own. Lines of the server's
// log are kept, not printed.
class TestServer {
 public:
  // Called with each line before it is kept, on the thread that logs it.
  using LogHook = std::function<void(const nlohmann::json& fields)>;

  explicit TestServer(ServerOptions options = {}, LogHook hook = nullptr)
      : hook_(std::move(hook)) {
    Publish({{"fox.md", "# Foxes\n\nThe red fox runs. It hunts at night.\n"},
             {"dog.md", "# Dogs\n\nThe dog sleeps. A fox wakes it.\n"},
             {"bird/owl.txt", "The owl sees the fox. Owls fly.\n"}});
    options.data_dir = data_.path();
    options.listen = "127.0.0.1:0";
    options.log = [this](Severity, std::string_view,
                         const nlohmann::json& fields) { Keep(fields); };
    options_ = std::move(options);
    Restart();
  }

  // Stops the server, if it runs, and starts it over the same data, on another
  // port.
  void Restart() {
    client_.reset();
    server_.reset();
    auto server = Server::Start(options_);
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    client_ = MakeClient(std::chrono::seconds(20));
  }

  // Publishes a generation that holds these files, by path, besides those of
  // the generations before.
  void Publish(const std::map<std::string, std::string>& files) {
    for (const auto& [path, text] : files) {
      const std::filesystem::path full = sources_ / path;
      std::filesystem::create_directories(full.parent_path());
      std::ofstream(full) << text;
    }
    pipeline::BuildOptions build;
    build.data_dir = data_.path();
    build.collection = "animals";
    build.paths = {sources_.path()};
    const auto built = pipeline::BuildCollection(build);
    EXPECT_TRUE(built.ok()) << built.status();
  }

  std::unique_ptr<client::Client> MakeClient(
      std::chrono::milliseconds timeout) const {
    return std::make_unique<client::Client>(
        client::ClientOptions{address(), timeout});
  }

  std::string address() const {
    return "127.0.0.1:" + std::to_string(server_->port());
  }
  std::string data_dir() const { return data_.path(); }
  Server& server() { return *server_; }
  const client::Client& client() const { return *client_; }

  std::vector<nlohmann::json> log() {
    const std::lock_guard lock(mutex_);
    return log_;
  }

 private:
  void Keep(const nlohmann::json& fields) {
    if (hook_) {
      hook_(fields);
    }
    const std::lock_guard lock(mutex_);
    log_.push_back(fields);
  }

  TempFolder data_;
  TempFolder sources_;
  LogHook hook_;
  ServerOptions options_;
  std::mutex mutex_;  // guards log_
  std::vector<nlohmann::json> log_;
  std::unique_ptr<Server> server_;
  std::unique_ptr<client::Client> client_;
};

}  // namespace footnote::service
