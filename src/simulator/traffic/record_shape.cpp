// SPDX-License-Identifier: Apache-2.0
#include "simulator/traffic/record_shape.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "base/check.hpp"
#include "simulator/traffic/text.hpp"

namespace sluice::simulator {

/// A `Draw` with what follows from it. `random` is drawn from in the order of the places.
struct RecordShape::Drawn {
  const Draw& draw;
  std::uint64_t bits;
  const Person& person;
  Random& random;
};

struct RecordShape::Place {
  std::string_view name;
  Filler filler;
};

namespace {

constexpr std::array<std::string_view, 6> agents{
    "Mozilla\\/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit\\/537.36 (KHTML, like Gecko) "
    "Chrome\\/126.0.0.0 Safari\\/537.36 Edg\\/126.0.0.0",
    "Mozilla\\/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit\\/605.1.15 (KHTML, like Gecko) "
    "Version\\/17.5 Safari\\/605.1.15",
    "Microsoft Office\\/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17628; Pro)",
    "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0",
    "Microsoft SkyDriveSync 24.116.0609.0005 ship; Windows NT 10.0 (22631)",
    "python-requests/2.32.3"};

constexpr std::array<std::string_view, 8> file_names{"plan",
                                                     "Angebot für Müller",
                                                     "budget_2026 (final)",
                                                     "会議メモ",
                                                     "résumé",
                                                     "contract-draft-v3",
                                                     "team photo \xF0\x9F\x93\xB7",
                                                     "Q3 figures & notes"};

constexpr std::array<std::string_view, 6> workstations{"desktop-7f3k2.contoso.example",
                                                       "laptop-0042",
                                                       "FIN-WS-11",
                                                       "mac-book-ana",
                                                       "srv-files01",
                                                       "kiosk-3"};

/// Chance in a thousand that an integer is written as a string (observed now and then).
constexpr std::uint64_t quoted_integers_per_mille = 4;

} // namespace

auto record_id(std::uint64_t number) -> std::string {
  return Guid::of(number).text();
}

/// All names that a shape may use, each with what it writes.
auto RecordShape::places() -> std::span<const Place> {
  using In = const Drawn&;
  using Of = const Piece&;
  using Out = std::string&;
  static constexpr auto table = std::to_array<Place>({
      {"id", [](Out out, In in, Of) { append_guid(out, Guid::of(in.draw.number)); }},
      {"created", [](Out out, In in, Of) { append_seconds(out, in.draw.created); }},
      // A time with seven digits, up to N seconds before the record.
      {"before",
       [](Out out, In in, Of of) {
         const auto distance = static_cast<std::int64_t>(in.random.below(of.number * 10'000'000));
         append_ticks(out, in.draw.created - Ticks{distance});
       }},
      {"tenant", [](Out out, In in, Of) { out += in.draw.tenant_id; }},
      {"user", [](Out out, In in, Of) { out += in.person.upn; }},
      {"user_id", [](Out out, In in, Of) { out += in.person.object_id; }},
      {"puid", [](Out out, In in, Of) { out += in.person.puid; }},
      {"name", [](Out out, In in, Of) { out += in.person.display_name; }},
      {"folder", [](Out out, In in, Of) { out += in.person.folder; }},
      {"sid", [](Out out, In in, Of) { out += in.person.sid; }},
      {"mailbox", [](Out out, In in, Of) { out += in.person.mailbox_guid; }},
      {"other_user",
       [](Out out, In in, Of) {
         out += in.draw.people[in.random.below(in.draw.people.size())].upn;
       }},
      {"outside", [](Out out, In in, Of) { out += outside_address(in.random.next()); }},
      {"subject", [](Out out, In in, Of) { out += subject_line(in.random.next()); }},
      {"ip", [](Out out, In in, Of) { append_ip(out, in.bits); }},
      // The ClientIP field in all its states: an address, with a port, null, empty, absent.
      {"client_ip",
       [](Out out, In in, Of) {
         const auto state = in.random.below(100);
         if (state < 4) {
           return;
         }
         out += state < 7 ? R"("ClientIP":null,)" : state < 11 ? R"("ClientIP":"",)" : R"("ClientIP":")";
         if (state >= 11) {
           const bool port = state < 20;
           const bool version_six = in.bits % 16 == 0;
           out += port && version_six ? "[" : "";
           append_ip(out, in.bits);
           out += port && version_six ? "]:50123" : port ? ":50123" : "";
           out += R"(",)";
         }
       }},
      // GUID number N of this record.
      {"guid",
       [](Out out, In in, Of of) { append_guid(out, Guid::of(in.bits + of.number)); }},
      // One of N GUIDs that the whole tenant shares: a site, an application, a device.
      {"shared",
       [](Out out, In in, Of of) {
         append_guid(out, Guid::of(0x5AED'0000U + in.bits % of.number));
       }},
      // The integer N, now and then as a string.
      {"int",
       [](Out out, In in, Of of) {
         const bool quoted = in.random.below(1000) < quoted_integers_per_mille;
         out += quoted ? "\"" : "";
         append_number(out, of.number);
         out += quoted ? "\"" : "";
       }},
      {"below", [](Out out, In in, Of of) { append_number(out, in.random.below(of.number)); }},
      // Mostly a file's size; sometimes as big as 64 bits allow.
      {"big",
       [](Out out, In in, Of) {
         const auto bits = in.random.next();
         append_number(out, bits % 64 == 0 ? bits | (1ULL << 62U) : bits % 9'000'000'000U);
       }},
      {"hex", [](Out out, In in, Of of) { append_hex(out, in.random.next(), static_cast<int>(of.number)); }},
      {"agent", [](Out out, In in, Of) { out += agents.at((in.bits >> 40U) % agents.size()); }},
      {"file", [](Out out, In in, Of) { out += file_names.at((in.bits >> 20U) % file_names.size()); }},
      {"device", [](Out out, In in, Of) { out += workstations.at((in.bits >> 30U) % workstations.size()); }},
  });
  return table;
}

auto RecordShape::piece_for(std::string_view before, std::string_view place) -> Piece {
  static constexpr Filler choose = [](std::string& out, const Drawn& in, const Piece& of) {
    out += of.choices[in.random.below(of.choices.size())];
  };

  Piece piece{before};
  if (place.find('|') != std::string_view::npos) {
    piece.filler = choose;
    for (auto bar = place.find('|'); bar != std::string_view::npos; bar = place.find('|')) {
      piece.choices.push_back(place.substr(0, bar));
      place.remove_prefix(bar + 1);
    }
    piece.choices.push_back(place);
    return piece;
  }
  const auto colon = std::min(place.find(':'), place.size());
  const auto row = std::ranges::find(places(), place.substr(0, colon), &Place::name);
  CHECK(row != places().end());
  piece.filler = row->filler;
  if (colon < place.size()) {
    std::from_chars(place.data() + colon + 1, place.data() + place.size(), piece.number);
    CHECK(piece.number > 0);
  }
  return piece;
}

RecordShape::RecordShape(const ShapeText& shape)
    : record_type_{shape.record_type},
      after_{shape.text} {
  for (auto start = after_.find('%'); start != std::string_view::npos; start = after_.find('%')) {
    const auto end = after_.find('%', start + 1);
    CHECK(end != std::string_view::npos);
    pieces_.push_back(
        piece_for(after_.substr(0, start), after_.substr(start + 1, end - start - 1)));
    after_.remove_prefix(end + 1);
  }
}

void RecordShape::append(std::string& out, const Draw& draw) const {
  const auto bits = scrambled(draw.number ^ 0xD1B54A32D192ED03U);
  Random random{bits};
  const Drawn drawn{draw, bits, draw.people[(bits >> 12U) % draw.people.size()], random};
  for (const auto& piece : pieces_) {
    out += piece.before;
    piece.filler(out, drawn, piece);
  }
  out += after_;
}

} // namespace sluice::simulator
