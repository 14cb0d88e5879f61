// Calls a server for tests, over one connection: reads calls from standard
// input, a JSON object a line, and writes what came of them, likewise.
//
//   api_driver HOST:PORT
//   <- {"call": "Search", "request": {...}}
//   -> {"response": {...}}  or  {"error": {"reason": ..., "message": ...}}
//   <- {"call": "PutDocuments", "collection": "c", "documents": [{...}, ...]}
//   -> {"answer": {...}} for each document as soon as it is answered, then
//      as above
//
// Requests, responses and documents are those of the API as protobuf's JSON.

#include <cstdio>
#include <exception>
#include <functional>
#include <iostream>
#include <map>
#include <string>

#include <google/protobuf/util/json_util.h>
#include <nlohmann/json.hpp>

#include "client/client.h"

namespace footnote::client {
namespace {

using Json = nlohmann::json;
using Method = std::function<void(const Client&, const Json&)>;

void Print(const char* key, const Json& value) {
  std::puts(Json({{key, value}})
                .dump(-1, ' ', false, Json::error_handler_t::replace)
                .c_str());
  std::fflush(stdout);
}

void PrintError(const absl::Status& status) {
  Print("error", {{"reason", ErrorReason(status)},
                  {"message", std::string(status.message())}});
}

Json ToJson(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.always_print_primitive_fields = true;
  std::string json;
  const auto status =
      google::protobuf::util::MessageToJsonString(message, &json, options);
  return status.ok() ? Json::parse(json) : Json(status.ToString());
}

template <typename Message>
Message FromJson(const Json& json) {
  Message message;
  const auto status =
      google::protobuf::util::JsonStringToMessage(json.dump(), &message);
  if (!status.ok()) {
    std::cerr << "api_driver: " << status.ToString() << ": " << json << "\n";
    std::exit(2);
  }
  return message;
}

template <typename Request, typename Response>
Method Unary(absl::StatusOr<Response> (Client::*call)(const Request&) const) {
  return [call](const Client& client, const Json& line) {
    const auto response = (client.*call)(FromJson<Request>(line["request"]));
    if (response.ok()) {
      Print("response", ToJson(*response));
    } else {
      PrintError(response.status());
    }
  };
}

void PutDocuments(const Client& client, const Json& line) {
  const Json& documents = line["documents"];
  size_t next = 0;
  const absl::Status status = client.PutDocuments(
      line["collection"].get<std::string>(),
      [&]() -> std::optional<v1::InputDocument> {
        if (next == documents.size()) {
          return std::nullopt;
        }
        return FromJson<v1::InputDocument>(documents[next++]);
      },
      [](const v1::PutDocumentsResponse& answer) {
        Print("answer", ToJson(answer));
      });
  if (status.ok()) {
    Print("response", Json::object());
  } else {
    PrintError(status);
  }
}

int Run(const char* server) {
  const std::map<std::string, Method> methods = {
      {"Search", Unary(&Client::Search)},
      {"GetDocument", Unary(&Client::GetDocument)},
      {"GetSpan", Unary(&Client::GetSpan)},
      {"ListDocuments", Unary(&Client::ListDocuments)},
      {"ListCollections", Unary(&Client::ListCollections)},
      {"GetCollection", Unary(&Client::GetCollection)},
      {"PutDocuments", PutDocuments},
      {"UpdateMetadata", Unary(&Client::UpdateMetadata)},
      {"DeleteDocuments", Unary(&Client::DeleteDocuments)},
      {"Publish", Unary(&Client::Publish)},
  };
  ClientOptions options;
  options.server = server;
  options.timeout = std::chrono::seconds(60);
  const Client client(options);
  std::string text;
  while (std::getline(std::cin, text)) {
    const Json line = Json::parse(text);
    methods.at(line["call"].get<std::string>())(client, line);
  }
  return 0;
}

}  // namespace
}  // namespace footnote::client

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("Usage: api_driver HOST:PORT\n", stderr);
    return 2;
  }
  try {
    return footnote::client::Run(argv[1]);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "api_driver: %s\n", error.what());
    return 1;
  }
}
