// SPDX-License-Identifier: Apache-2.0
#include "simulator/traffic/people.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/random.hpp"
#include "simulator/traffic/text.hpp"

namespace sluice::simulator {
namespace {

using std::string_view;

struct Name {
  string_view login, written;
};

constexpr std::array<Name, 20> given{
    {{"ana", "Ana"},         {"bjorn", "Björn"}, {"chloe", "Chloé"}, {"dmitri", "Дмитрий"},
     {"elif", "Elif"},       {"femi", "Femi"},   {"grace", "Grace"}, {"hana", "花"},
     {"ines", "Inês"},       {"jan", "Jan"},     {"kofi", "Kofi"},   {"lea", "Léa"},
     {"mei", "梅"},          {"nils", "Nils"},   {"olga", "Ольга"},  {"priya", "Priya"},
     {"quentin", "Quentin"}, {"rosa", "Rosa"},   {"sofia", "Σοφία"}, {"tom", "Tom"}}};

constexpr std::array<Name, 16> family{{{"silva", "Silva"},
                                       {"muller", "Müller"},
                                       {"okafor", "Okafor"},
                                       {"garcia", "García"},
                                       {"nowak", "Nowak"},
                                       {"obrien", "O'Brien"},
                                       {"tanaka", "田中"},
                                       {"larsen", "Larsen"},
                                       {"rossi", "Rossi"},
                                       {"dubois", "Dubois"},
                                       {"kowalska", "Kowalska"},
                                       {"santos", "Santos"},
                                       {"yilmaz", "Yılmaz"},
                                       {"patel", "Patel"},
                                       {"berg", "Berg"},
                                       {"moreau", "Moreau"}}};

constexpr std::array<string_view, 12> subjects{"Your mailbox is almost full",
                                               "Invoice 20931 overdue",
                                               "Action required: password expires today",
                                               "Re: contract draft",
                                               "Parcel held at customs \xF0\x9F\x93\xA6",
                                               "Gehaltsabrechnung prüfen",
                                               "Shared document: Q3 \\\"final\\\" figures",
                                               "Votre compte sera fermé",
                                               "Team lunch on Friday",
                                               "重要なお知らせ",
                                               "Voicemail from +1 555 0100",
                                               "Fwd: wire transfer\\ttoday"};

constexpr std::array<string_view, 8> outside{"billing@example.net",
                                             "no-reply@example.org",
                                             "it-support@login.example.com",
                                             "courier@parcels.example.net",
                                             "newsletter@shop.example.org",
                                             "jan@partner.example.com",
                                             "ceo@contoso-mail.example.net",
                                             "voicemail@pbx.example.org"};

} // namespace

auto make_people(std::uint64_t seed, std::uint32_t count) -> std::vector<Person> {
  std::vector<Person> people(std::max(count, 1U));
  Random random{seed ^ 0x50454F504C45U};
  std::uint32_t number = 0;
  for (auto& person : people) {
    const auto& first = given.at(random.below(given.size()));
    const auto& last = family.at(random.below(family.size()));
    ++number;
    person.upn = fmt::format("{}.{}{}@contoso.example", first.login, last.login, number);
    person.folder = fmt::format("{}_{}{}_contoso_example", first.login, last.login, number);
    person.display_name = fmt::format("{} {}", first.written, last.written);
    person.object_id = Guid::of(random.next()).text();
    person.puid = fmt::format("10032{:011X}", random.next() >> 20U);
    person.sid = fmt::format("S-1-5-21-{}-{}-{}-{}",
                             random.below(4'000'000'000U),
                             random.below(4'000'000'000U),
                             random.below(4'000'000'000U),
                             random.below(90'000'000U));
    person.mailbox_guid = Guid::of(random.next()).text();
  }
  return people;
}

auto subject_line(std::uint64_t choice) -> string_view {
  return subjects.at(choice % subjects.size());
}

auto outside_address(std::uint64_t choice) -> string_view {
  return outside.at(choice % outside.size());
}

void append_ip(std::string& out, std::uint64_t choice) {
  constexpr std::array<string_view, 3> networks{"192.0.2.", "198.51.100.", "203.0.113."};
  if (choice % 16 == 0) {
    out += "2001:db8:";
    append_hex(out, choice >> 8U, 4);
    out += "::";
    append_hex(out, (choice >> 24U) | 1U, 2);
    return;
  }
  out += networks.at((choice >> 8U) % networks.size());
  append_number(out, 1 + (choice >> 16U) % 254);
}

} // namespace sluice::simulator
