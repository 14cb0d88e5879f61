#include "indexer/store/http_store.h"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <functional>
#include <thread>
#include <utility>

#include <curl/curl.h>
#include <strings.h>

#include "indexer/base/sha256.h"

namespace footnote::store {
namespace {

constexpr long kConnectSeconds = 10;
constexpr long kStalledSeconds = 30;  // without a byte
constexpr long kExpectMs = 100;  // for a server to say that a body may come
constexpr int kTries = 4;
constexpr std::chrono::milliseconds kFirstPause{100};

constexpr long kOk = 200;
constexpr long kPartial = 206;
constexpr long kNotFound = 404;
constexpr long kConflict = 409;
constexpr long kConditionFailed = 412;
constexpr long kTooMany = 429;
constexpr long kServerError = 500;

// curl's functions count on being initialised once, before threads use them.
void InitialiseCurl() {
  static const CURLcode kDone = curl_global_init(CURL_GLOBAL_DEFAULT);
  static_cast<void>(kDone);
}

bool IsForTheMoment(CURLcode code, long answer) {
  return code == CURLE_OK ? answer >= kServerError || answer == kTooMany
                          : code != CURLE_URL_MALFORMAT &&
                                code != CURLE_UNSUPPORTED_PROTOCOL &&
                                code != CURLE_PEER_FAILED_VERIFICATION;
}

}  // namespace

struct HttpStore::Connection {
  Connection() {
    InitialiseCurl();
    handle = curl_easy_init();
  }
  ~Connection() { curl_easy_cleanup(handle); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  CURL* handle;
};

// One request and its answer.
class HttpStore::Exchange {
 public:
  Exchange(const char* method, const HttpStore& store, const std::string& key)
      : method_(method), store_(store), url_(store.url_ + "/" + key) {}

  void SetBody(std::string_view body) { body_ = body; }
  // Adds a header that says when the request holds. Where it does not, Try()
  // returns kAborted.
  void SetCondition(std::string header) { condition_ = std::move(header); }
  // Says where the answer goes, but for its first `offset` bytes.
  void SetSink(uint64_t offset, const Sink& sink) {
    offset_ = offset;
    sink_ = &sink;
  }

  // Sends the request, and takes the answer.
  absl::Status Try();

  // Of what is read, where the next byte stands.
  uint64_t offset() const { return offset_; }
  // The bytes that the answer has or, of HEAD, would have.
  uint64_t length() const { return length_; }
  // The answer's version of the object; "" where it does not say one.
  const std::string& etag() const { return etag_; }

 private:
  static size_t Receive(char* data, size_t size, size_t count, void* self);
  static size_t ReceiveHeader(char* data, size_t size, size_t count,
                              void* self);
  static size_t Send(char* data, size_t size, size_t count, void* self);
  static int Seek(void* self, curl_off_t offset, int origin);
  static int Progress(void* self, curl_off_t, curl_off_t, curl_off_t,
                      curl_off_t);
  absl::Status Take(std::string_view bytes);
  void SetUp(CURL* handle);
  void SetHeader(const std::string& header) {
    headers_.reset(curl_slist_append(headers_.release(), header.c_str()));
  }
  void Sign(CURL* handle);
  absl::Status StatusOf(CURLcode code, long answer) const;

  const std::string method_;
  const HttpStore& store_;
  const std::string url_;
  std::string_view body_;
  std::string condition_;
  std::string etag_;
  size_t sent_ = 0;
  const Sink* sink_ = nullptr;
  uint64_t offset_ = 0;  // that the sink has had, or does not want
  uint64_t skip_ = 0;    // of the answer at hand
  bool answered_ = false;
  absl::Status taken_;
  uint64_t length_ = 0;
  std::unique_ptr<curl_slist, void (*)(curl_slist*)> headers_{
      nullptr, curl_slist_free_all};
  char message_[CURL_ERROR_SIZE] = {};
};

size_t HttpStore::Exchange::Receive(char* data, size_t size, size_t count,
                                    void* self) {
  auto* exchange = static_cast<Exchange*>(self);
  exchange->taken_ = exchange->Take({data, size * count});
  return exchange->taken_.ok() ? size * count : 0;
}

size_t HttpStore::Exchange::ReceiveHeader(char* data, size_t size, size_t count,
                                          void* self) {
  constexpr std::string_view kName = "etag:";
  const std::string_view line(data, size * count);
  if (line.size() > kName.size() &&
      strncasecmp(line.data(), kName.data(), kName.size()) == 0) {
    const size_t from = line.find('"');
    const size_t to = line.rfind('"');
    // A weak one (W/"…") is no condition.
    const bool is_strong =
        from != std::string_view::npos && from < to &&
        line.substr(kName.size(), from - kName.size())
                .find_first_not_of(" \t") == std::string_view::npos;
    static_cast<Exchange*>(self)->etag_ =
        is_strong ? line.substr(from, to - from + 1) : std::string_view();
  }
  return line.size();
}

absl::Status HttpStore::Exchange::Take(std::string_view bytes) {
  if (!answered_) {
    answered_ = true;
    long answer = 0;
    curl_easy_getinfo(store_.connection_->handle, CURLINFO_RESPONSE_CODE,
                      &answer);
    if (answer != kOk && answer != kPartial) {
      sink_ = nullptr;  // a page that says what is wrong
    }
    // A server that knows no ranges begins at the beginning.
    skip_ = answer == kOk ? offset_ : 0;
  }
  const size_t skipped = std::min<uint64_t>(skip_, bytes.size());
  skip_ -= skipped;
  bytes.remove_prefix(skipped);
  if (sink_ == nullptr || bytes.empty()) {
    return absl::OkStatus();
  }
  offset_ += bytes.size();
  return (*sink_)(bytes);
}

size_t HttpStore::Exchange::Send(char* data, size_t size, size_t count,
                                 void* self) {
  auto* exchange = static_cast<Exchange*>(self);
  const std::string_view rest = exchange->body_.substr(exchange->sent_);
  const size_t bytes = std::min(rest.size(), size * count);
  std::memcpy(data, rest.data(), bytes);
  exchange->sent_ += bytes;
  return bytes;
}

int HttpStore::Exchange::Seek(void* self, curl_off_t offset, int origin) {
  if (origin != SEEK_SET) {
    return CURL_SEEKFUNC_CANTSEEK;
  }
  static_cast<Exchange*>(self)->sent_ = static_cast<size_t>(offset);
  return CURL_SEEKFUNC_OK;
}

int HttpStore::Exchange::Progress(void* self, curl_off_t, curl_off_t,
                                  curl_off_t, curl_off_t) {
  const Cancelled& cancelled = static_cast<Exchange*>(self)->store_.cancelled_;
  return cancelled && cancelled() ? 1 : 0;
}

void HttpStore::Exchange::SetUp(CURL* handle) {
  curl_easy_reset(handle);
  curl_easy_setopt(handle, CURLOPT_URL, url_.c_str());
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, message_);
  curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT, kConnectSeconds);
  curl_easy_setopt(handle, CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl_easy_setopt(handle, CURLOPT_LOW_SPEED_TIME, kStalledSeconds);
  curl_easy_setopt(handle, CURLOPT_USERAGENT, "footnote/" FOOTNOTE_VERSION);
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, &Exchange::Receive);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, this);
  curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, &Exchange::ReceiveHeader);
  curl_easy_setopt(handle, CURLOPT_HEADERDATA, this);
  curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, &Exchange::Progress);
  curl_easy_setopt(handle, CURLOPT_XFERINFODATA, this);
  if (method_ == "PUT") {
    curl_easy_setopt(handle, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(handle, CURLOPT_READFUNCTION, &Exchange::Send);
    curl_easy_setopt(handle, CURLOPT_READDATA, this);
    curl_easy_setopt(handle, CURLOPT_SEEKFUNCTION, &Exchange::Seek);
    curl_easy_setopt(handle, CURLOPT_SEEKDATA, this);
    curl_easy_setopt(handle, CURLOPT_EXPECT_100_TIMEOUT_MS, kExpectMs);
    curl_easy_setopt(handle, CURLOPT_INFILESIZE_LARGE,
                     static_cast<curl_off_t>(body_.size()));
  } else if (method_ == "HEAD") {
    curl_easy_setopt(handle, CURLOPT_NOBODY, 1L);
  } else if (method_ == "DELETE") {
    curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, "DELETE");
  }
  const std::string range = std::to_string(offset_) + "-";
  if (offset_ > 0) {
    curl_easy_setopt(handle, CURLOPT_RANGE, range.c_str());
  }
  if (!condition_.empty()) {
    SetHeader(condition_);
  }
  if (!store_.credentials_.key_id.empty()) {
    Sign(handle);
  }
  curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers_.get());
}

void HttpStore::Exchange::Sign(CURL* handle) {
  const S3Credentials& by = store_.credentials_;
  const std::string scheme = "aws:amz:" + by.region + ":s3";
  curl_easy_setopt(handle, CURLOPT_AWS_SIGV4, scheme.c_str());
  curl_easy_setopt(handle, CURLOPT_USERNAME, by.key_id.c_str());
  curl_easy_setopt(handle, CURLOPT_PASSWORD, by.secret.c_str());
  SetHeader("x-amz-content-sha256: " + ToHex(Sha256Of(body_)));
  if (!by.session_token.empty()) {
    SetHeader("x-amz-security-token: " + by.session_token);
  }
}

absl::Status HttpStore::Exchange::Try() {
  CURL* handle = store_.connection_->handle;
  answered_ = false;
  sent_ = 0;
  headers_.reset();
  etag_.clear();
  SetUp(handle);
  const CURLcode code = curl_easy_perform(handle);
  long answer = 0;
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &answer);
  curl_off_t length = 0;
  curl_easy_getinfo(handle, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
  length_ = static_cast<uint64_t>(std::max<curl_off_t>(length, 0));
  return taken_.ok() ? StatusOf(code, answer) : taken_;
}

absl::Status HttpStore::Exchange::StatusOf(CURLcode code, long answer) const {
  // Without what stands before '@': it may be a password.
  const size_t scheme = url_.find("://") + 3;
  const size_t at = url_.rfind('@');
  const std::string shown = at == std::string::npos
                                ? url_
                                : url_.substr(0, scheme) + url_.substr(at + 1);
  const std::string what = method_ + " " + shown + ": ";
  if (code == CURLE_ABORTED_BY_CALLBACK) {
    return MakeError(absl::StatusCode::kCancelled, "CANCELLED",
                     what + "was given up");
  }
  const std::string why =
      code != CURLE_OK
          ? (*message_ != '\0' ? message_ : curl_easy_strerror(code))
          : "the answer was " + std::to_string(answer);
  if (code == CURLE_OK && !condition_.empty() &&
      (answer == kConflict || answer == kConditionFailed)) {
    return MakeError(absl::StatusCode::kAborted, "STORE_REFUSED", what + why,
                     {{"url", shown}});
  }
  if (IsForTheMoment(code, answer)) {
    return MakeError(absl::StatusCode::kUnavailable, "STORE_UNAVAILABLE",
                     what + why, {{"url", shown}});
  }
  if (code == CURLE_OK && answer == kNotFound) {
    return MissingObjectError(shown);
  }
  constexpr long kClassOfOk = 2;
  if (code == CURLE_OK && answer / 100 == kClassOfOk) {
    return absl::OkStatus();
  }
  return MakeError(absl::StatusCode::kFailedPrecondition, "STORE_REFUSED",
                   what + why, {{"url", shown}});
}

HttpStore::HttpStore(std::string url, S3Credentials credentials,
                     Cancelled cancelled)
    : url_(std::move(url)),
      credentials_(std::move(credentials)),
      cancelled_(std::move(cancelled)),
      connection_(std::make_unique<Connection>()) {}

HttpStore::~HttpStore() = default;

absl::Status HttpStore::Run(Exchange* exchange) {
  auto pause = kFirstPause;
  for (int tries = 1;; ++tries) {
    const uint64_t before = exchange->offset();
    absl::Status status = exchange->Try();
    if (exchange->offset() > before) {  // it goes on
      tries = 1;
      pause = kFirstPause;
    }
    if (!absl::IsUnavailable(status) || tries == kTries) {
      return status;
    }
    std::this_thread::sleep_for(pause);
    pause *= 3;
  }
}

absl::Status HttpStore::Read(const std::string& key, uint64_t offset,
                             const Sink& sink) {
  Exchange exchange("GET", *this, key);
  exchange.SetSink(offset, sink);
  absl::Status status = Run(&exchange);
  last_etag_ = exchange.etag();
  return status;
}

absl::Status HttpStore::Write(const std::string& key, std::string_view bytes) {
  Exchange exchange("PUT", *this, key);
  exchange.SetBody(bytes);
  return Run(&exchange);
}

absl::StatusOr<bool> HttpStore::Replace(
    const std::string& key, const std::optional<std::string>& before,
    std::string_view bytes) {
  absl::Status status = absl::UnimplementedError("");
  if (!before || !last_etag_.empty()) {
    Exchange exchange("PUT", *this, key);
    exchange.SetBody(bytes);
    exchange.SetCondition(before ? "If-Match: " + last_etag_
                                 : std::string("If-None-Match: *"));
    status = Run(&exchange);
  }
  if (absl::IsAborted(status)) {
    return false;
  }
  if (!status.ok() && !absl::IsCancelled(status)) {  // it knows no conditions
    status = Write(key, bytes);
  }
  FOOTNOTE_RETURN_IF_ERROR(status);
  return true;
}

absl::StatusOr<bool> HttpStore::Has(const std::string& key, uint64_t bytes) {
  Exchange exchange("HEAD", *this, key);
  const absl::Status status = Run(&exchange);
  if (absl::IsNotFound(status)) {
    return false;
  }
  FOOTNOTE_RETURN_IF_ERROR(status);
  return exchange.length() == bytes;
}

absl::Status HttpStore::Remove(const std::string& key) {
  Exchange exchange("DELETE", *this, key);
  const absl::Status status = Run(&exchange);
  return absl::IsNotFound(status) ? absl::OkStatus() : status;
}

}  // namespace footnote::store
