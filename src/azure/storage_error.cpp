// SPDX-License-Identifier: Apache-2.0
#include "azure/storage_error.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <pugixml.hpp>
#include <simdjson.h>

#include "base/json_text.hpp"
#include "http/http_date.hpp"
#include "http/status_kind.hpp"

namespace sluice::azure {
namespace {

constexpr std::size_t max_sentence_bytes = 300;

struct CodeRow {
  std::string_view code;
  ErrorKind kind;
  std::string_view hint;
};

constexpr auto again = ErrorKind::unavailable;

/// Codes whose status says too little (documented).
constexpr std::array code_rows{
    CodeRow{"AuthenticationFailed",
            ErrorKind::unauthorized,
            "the key or signature is wrong or has ended, or the clock of this machine is off by "
            "more than 15 minutes"},
    CodeRow{"InvalidAuthenticationInfo",
            ErrorKind::unauthorized,
            "the token is for another tenant or service, or has ended"},
    CodeRow{"AuthorizationPermissionMismatch",
            ErrorKind::forbidden,
            "give the identity a data role on the container, queue or table, such as Storage Blob "
            "Data Contributor; a new role takes up to ten minutes"},
    CodeRow{"AuthorizationFailure",
            ErrorKind::forbidden,
            "the account's firewall or the signature's rights do not allow it"},
    CodeRow{"KeyBasedAuthenticationNotPermitted",
            ErrorKind::forbidden,
            "the account refuses keys: sign in with an identity instead"},
    CodeRow{"ServerBusy", ErrorKind::throttled, ""},
    CodeRow{"TooManyRequests", ErrorKind::throttled, ""},
    CodeRow{"ContainerBeingDeleted", again, ""},
    CodeRow{"QueueBeingDeleted", again, ""},
    CodeRow{"TableBeingDeleted", again, ""},
    CodeRow{"Md5Mismatch", again, ""},
    CodeRow{"Crc64Mismatch", again, ""},
    CodeRow{"PopReceiptMismatch", ErrorKind::gone, ""},
};

constexpr std::array conflicts{"ConditionNotMet",
                               "TargetConditionNotMet",
                               "UpdateConditionNotSatisfied",
                               "BlobAlreadyExists",
                               "ContainerAlreadyExists",
                               "QueueAlreadyExists",
                               "TableAlreadyExists",
                               "EntityAlreadyExists",
                               "AppendPositionConditionNotMet",
                               "MaxBlobSizeConditionNotMet",
                               "InvalidBlockList",
                               "LeaseAlreadyPresent",
                               "LeaseAlreadyBroken",
                               "LeaseIdMissing",
                               "LeaseIsBreakingAndCannotBeAcquired",
                               "LeaseIsBrokenAndCannotBeRenewed",
                               "LeaseIsBreakingAndCannotBeChanged",
                               "LeaseLost",
                               "LeaseNotPresentWithBlobOperation",
                               "LeaseNotPresentWithLeaseOperation",
                               "LeaseIdMismatchWithBlobOperation",
                               "LeaseIdMismatchWithLeaseOperation"};

struct Said {
  std::string code;
  std::string sentence;
};

auto read_xml(std::string_view body) -> Said {
  pugi::xml_document document;
  if (!document.load_buffer(body.data(), body.size())) {
    return {};
  }
  const auto error = document.child("Error");
  return {error.child_value("Code"), error.child_value("Message")};
}

auto read_json(std::string_view body) -> Said {
  simdjson::dom::parser parser;
  simdjson::dom::object error;
  std::string_view code;
  std::string_view sentence;
  if (parser.parse(body.data(), body.size())["odata.error"].get(error) != simdjson::SUCCESS ||
      error["code"].get(code) != simdjson::SUCCESS ||
      error["message"]["value"].get(sentence) != simdjson::SUCCESS) {
    return {};
  }
  return {std::string{code}, std::string{sentence}};
}

auto read_refusal(const http::Response& response) -> Said {
  auto said = response.body.starts_with('{') ? read_json(response.body) : read_xml(response.body);
  if (const auto code = response.head.headers.find("x-ms-error-code")) {
    said.code = *code;
  }
  said.code = escape_control(std::string_view{said.code}.substr(0, 64));
  const auto line = std::string_view{said.sentence}.substr(0, said.sentence.find_first_of("\r\n"));
  said.sentence = escape_control(line.substr(0, max_sentence_bytes));
  return said;
}

auto kind_of_status(int status) -> ErrorKind {
  return http::kind_of_status(status).value_or(status >= 400 ? ErrorKind::invalid_input
                                                             : ErrorKind::malformed);
}

} // namespace

auto storage_error(const http::Response& response, DateTime now) -> Error {
  auto said = read_refusal(response);
  const auto* row = std::ranges::find(code_rows, said.code, &CodeRow::code);
  const bool known = row != code_rows.end();
  auto message = fmt::format("storage answered HTTP {}{}{}{}{}",
                             response.head.status,
                             said.code.empty() ? "" : " ",
                             said.code,
                             said.sentence.empty() ? "" : ": ",
                             said.sentence);
  auto error = Error{known ? row->kind : kind_of_status(response.head.status), std::move(message)}
                   .with_code(std::move(said.code))
                   .with_hint(known ? std::string{row->hint} : std::string{});
  const auto wait = http::retry_after(response.head.headers, now);
  return wait ? std::move(error).with_retry_after(*wait) : error;
}

auto is_conflict(const Error& error) -> bool {
  return std::ranges::find(conflicts, error.code()) != conflicts.end();
}

} // namespace sluice::azure
