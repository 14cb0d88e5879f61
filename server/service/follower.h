// Keeps a data folder up to date with a store of generations.

#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "indexer/base/status.h"
#include "indexer/store/store.h"

namespace footnote::service {

struct FollowOptions {
  std::string source;  // address of a store; empty for none
  std::chrono::milliseconds interval{5000};
};

// Pulls all collections of a store, again and again, on a thread of its own,
// until destroyed.
class Follower {
 public:
  // What is told, from the follower's thread; both may be called at any time.
  struct Events {
    std::function<void()> pulled;  // a generation is new in the data folder
    std::function<void()> round;   // every collection was tried
  };

  // Errors: kInvalidArgument STORE_ADDRESS_INVALID.
  static absl::StatusOr<std::unique_ptr<Follower>> Start(
      const FollowOptions& options, std::string data_dir, Events events);

  ~Follower();
  Follower(const Follower&) = delete;
  Follower& operator=(const Follower&) = delete;

 private:
  Follower(std::string data_dir, std::chrono::milliseconds interval,
           Events events);
  void Run();
  void PullAll();
  void PullCollection(const std::string& name);
  // Logs an error of a collection, or of the store (""), unless it is the last
  // one again.
  void Note(const std::string& name, const absl::Status& status);

  const std::string data_dir_;
  const std::chrono::milliseconds interval_;
  const Events events_;
  std::unique_ptr<store::Store> store_;
  std::map<std::string, absl::Status> noted_;  // by collection
  std::atomic<bool> stopping_ = false;
  std::mutex mutex_;  // for stop_
  std::condition_variable stop_;
  std::thread thread_;
};

}  // namespace footnote::service
