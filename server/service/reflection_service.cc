#include "server/service/reflection_service.h"

#include <algorithm>
#include <deque>
#include <unordered_set>

#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>

namespace footnote::service {
namespace {

using google::protobuf::DescriptorPool;
using google::protobuf::FieldDescriptor;
using google::protobuf::FileDescriptor;
using grpc::reflection::v1::ExtensionRequest;
using Request = grpc::reflection::v1::ServerReflectionRequest;
using Response = grpc::reflection::v1::ServerReflectionResponse;

const DescriptorPool& Pool() { return *DescriptorPool::generated_pool(); }

void SetNotFound(const std::string& what, Response* response) {
  auto* error = response->mutable_error_response();
  error->set_error_code(grpc::StatusCode::NOT_FOUND);
  error->set_error_message(what + " not found");
}

// Sets the answer to `file` and all that it imports, each once.
void SetFile(const FileDescriptor* file, const std::string& what,
             Response* response) {
  if (file == nullptr) {
    SetNotFound(what, response);
    return;
  }
  std::unordered_set<const FileDescriptor*> seen = {file};
  std::deque<const FileDescriptor*> waiting = {file};
  auto* files = response->mutable_file_descriptor_response();
  while (!waiting.empty()) {
    const FileDescriptor* next = waiting.front();
    waiting.pop_front();
    google::protobuf::FileDescriptorProto proto;
    next->CopyTo(&proto);
    proto.SerializeToString(files->add_file_descriptor_proto());
    for (int i = 0; i < next->dependency_count(); ++i) {
      if (seen.insert(next->dependency(i)).second) {
        waiting.push_back(next->dependency(i));
      }
    }
  }
}

void SetExtensionFile(const ExtensionRequest& request, Response* response) {
  const auto* type = Pool().FindMessageTypeByName(request.containing_type());
  const FieldDescriptor* extension =
      type == nullptr
          ? nullptr
          : Pool().FindExtensionByNumber(type, request.extension_number());
  SetFile(extension == nullptr ? nullptr : extension->file(),
          "extension of " + request.containing_type(), response);
}

void SetExtensionNumbers(const std::string& type_name, Response* response) {
  const auto* type = Pool().FindMessageTypeByName(type_name);
  if (type == nullptr) {
    SetNotFound("message type " + type_name, response);
    return;
  }
  std::vector<const FieldDescriptor*> extensions;
  Pool().FindAllExtensions(type, &extensions);
  auto* numbers = response->mutable_all_extension_numbers_response();
  numbers->set_base_type_name(type_name);
  for (const FieldDescriptor* extension : extensions) {
    numbers->add_extension_number(extension->number());
  }
}

// One stream: an answer to each request, in order.
class ReflectionStream final
    : public grpc::ServerBidiReactor<Request, Response> {
 public:
  explicit ReflectionStream(const ReflectionService& service)
      : service_(service) {
    StartRead(&request_);
  }

  void OnReadDone(bool ok) override {
    if (!ok) {
      Finish(grpc::Status::OK);
      return;
    }
    response_ = service_.Answer(request_);
    StartWrite(&response_);
  }

  void OnWriteDone(bool ok) override {
    if (!ok) {
      Finish(grpc::Status::OK);
      return;
    }
    StartRead(&request_);
  }

  void OnDone() override { delete this; }

 private:
  const ReflectionService& service_;
  Request request_;
  Response response_;
};

}  // namespace

grpc::ServerBidiReactor<Request, Response>*
ReflectionService::ServerReflectionInfo(grpc::CallbackServerContext*) {
  return new ReflectionStream(*this);
}

Response ReflectionService::Answer(const Request& request) const {
  Response response;
  response.set_valid_host(request.host());
  *response.mutable_original_request() = request;
  switch (request.message_request_case()) {
    case Request::kFileByFilename:
      SetFile(Pool().FindFileByName(request.file_by_filename()),
              "file " + request.file_by_filename(), &response);
      break;
    case Request::kFileContainingSymbol:
      SetFile(Pool().FindFileContainingSymbol(request.file_containing_symbol()),
              "symbol " + request.file_containing_symbol(), &response);
      break;
    case Request::kFileContainingExtension:
      SetExtensionFile(request.file_containing_extension(), &response);
      break;
    case Request::kAllExtensionNumbersOfType:
      SetExtensionNumbers(request.all_extension_numbers_of_type(), &response);
      break;
    case Request::kListServices:
      for (const std::string& name : services_) {
        response.mutable_list_services_response()->add_service()->set_name(
            name);
      }
      break;
    case Request::MESSAGE_REQUEST_NOT_SET:
      response.mutable_error_response()->set_error_code(
          grpc::StatusCode::INVALID_ARGUMENT);
      response.mutable_error_response()->set_error_message(
          "message_request is not set");
      break;
  }
  return response;
}

}  // namespace footnote::service
