// SPDX-License-Identifier: Apache-2.0
#include "simulator/dlp_names.hpp"

#include <algorithm>

namespace sluice::simulator {
namespace {

auto is_letter(char c) -> bool {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

auto is_language(std::string_view text) -> bool {
  const auto dash = std::min(text.find('-'), text.size());
  const auto region = text.substr(dash);
  return dash >= 2 && dash <= 3 && std::ranges::all_of(text.substr(0, dash), is_letter) &&
         (region.empty() || (region.size() == 3 && is_letter(region[1]) && is_letter(region[2])));
}

} // namespace

auto dlp_names(std::string_view accept_language) -> ApiResult<std::string> {
  if (accept_language.find(',') != std::string_view::npos) {
    return refuse("AF20053");
  }
  if (!accept_language.empty() && !is_language(accept_language)) {
    return refuse("AF20054");
  }
  return R"json([{"id":"50842eb7-edc8-4019-85dd-5a5c1f2bb085","name":"Credit Card Number"},)json"
         R"json({"id":"a44669fe-0d48-453d-a9b1-2cc83f2cba77",)json"
         R"json("name":"U.S. Social Security Number (SSN)"},)json"
         R"json({"id":"e7dc4711-11b7-4cb0-b88b-2c394a771f0e",)json"
         R"json("name":"International Banking Account Number (IBAN)"}])json";
}

} // namespace sluice::simulator
