// Takes changes to the collections of a data folder while they are served.

#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "indexer/base/status.h"
#include "indexer/pipeline/collection_writer.h"

namespace footnote::pipeline {

struct IngestorOptions {
  std::string data_dir;
  // Changes are published this long after the first that waits, but not sooner
  // than publish_interval after the last time.
  std::chrono::milliseconds publish_delay{200};
  std::chrono::milliseconds publish_interval{500};
  // The writer of a collection, and with it its lock, is given up when nothing
  // came for so long.
  std::chrono::milliseconds idle_time{2000};
  WriterOptions writer;
  // Called after each publication, on any thread; may be empty.
  std::function<void()> published;
};

// Keeps a writer open for each collection that changes come to, publishes what
// waits in it a moment later, and merges segments beside that. What the log of
// a killed program left is published at the start. Opening a collection may
// take long (a long log, an unfinished purge): threads for it alone do that, so
// that nothing waits for it but what needs that collection. Thread-safe.
class Ingestor {
 public:
  using WriterOr = absl::StatusOr<std::shared_ptr<CollectionWriter>>;
  using UseWriter = std::function<void(WriterOr writer)>;

  explicit Ingestor(IngestorOptions options);
  // Publishes what waits. Writers must no longer be in use.
  ~Ingestor();
  Ingestor(const Ingestor&) = delete;
  Ingestor& operator=(const Ingestor&) = delete;

  // Calls `use`, once, with the writer of a collection, which is made where it
  // is missing: at once where it is open, else when it is, on another thread.
  // Never waits. Errors: those of CollectionWriter::Open().
  void WithWriter(const std::string& collection, UseWriter use);

  // Likewise, of a collection that is there. Errors besides: kNotFound
  // COLLECTION_NOT_FOUND.
  void WithExistingWriter(const std::string& collection, UseWriter use);

  // Waits for, and returns, what WithWriter() would give.
  WriterOr Writer(const std::string& collection);

  // Says that changes of a collection wait to be published.
  void NoteChange(const std::string& collection);

  // Gives up a writer whose log failed; the next one takes up what is durable.
  // Whoever has it should let it go.
  void GiveUp(const std::string& collection);

  uint64_t max_document_bytes() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace footnote::pipeline
