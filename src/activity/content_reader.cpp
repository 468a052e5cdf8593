// SPDX-License-Identifier: Apache-2.0
#include "activity/content_reader.hpp"

namespace sluice::activity {

auto ContentReader::retrieve(const ContentId& id, http::BodySink& sink, const std::stop_token& stop)
    -> Result<http::ResponseHead> {
  return connection_.retrieve(connection_.address().content(id), sink, stop)
      .while_doing("retrieving content " + id.text());
}

} // namespace sluice::activity
