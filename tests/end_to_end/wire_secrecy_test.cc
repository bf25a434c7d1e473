// SPDX-License-Identifier: Apache-2.0
//
// Every open capture through the whole way: none of the addresses that TShark saw in them is among the octets
// that left the collector. Of IPv4, only as text: any four octets are somewhere among so many by chance.
// tests/collector/secrecy_test.cc shows that what is reported does not depend on them.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <future>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "collector/collector.h"
#include "collector/config.h"
#include "tests/collector/truth.h"
#include "tests/end_to_end/harness.h"
#include "tests/end_to_end/recording_relay.h"
#include "tests/testing/skip_or_fail.h"
#include "tests/testing/temp_dir.h"

namespace kansoku::testing {
namespace {

using collector::kTruthFolders;

std::string ConfigOfAllCaptures(const TempDir& dir, const std::string& aggregator,
                                const std::string& section) {
  std::string config =
      absl::StrCat("collector: edge-1\nisp: example\naggregator: {address: \"", aggregator,
                   "\"}\nspool: {path: ", dir.File("spool.db"),
                   "}\nsubscribers: [{prefix: 192.168.0.0/16, access: fixed}]\n", section, "links:\n");
  size_t links = 0;
  for (const std::string& folder : kTruthFolders) {
    for (const collector::Row& row : collector::ReadCsv(collector::TruthFolder(folder) / "TRUTH.csv")) {
      absl::StrAppend(&config, "  - {point: link-", ++links, ", file: \"",
                      (collector::TruthFolder(folder) / row.at("file")).string(), "\"}\n");
    }
  }
  return config;
}

// Reads every capture to its end; what the collector sent meanwhile.
std::string SentOfAllCaptures(const TempDir& dir, const std::string& section) {
  auto aggregator = aggregator::Aggregator::Start(AggregatorConfigIn(dir.path()));
  EXPECT_TRUE(aggregator.ok()) << aggregator.status();
  if (!aggregator.ok()) return "";
  RecordingRelay relay((*aggregator)->grpc_address());
  auto config =
      collector::CompileConfig(ConfigOfAllCaptures(dir, relay.address(), section), "collector.yaml");
  EXPECT_TRUE(config.ok()) << config.status();
  if (!config.ok()) return "";
  std::promise<void> finished;
  auto opened = collector::Collector::Open(
      *config, {.say = [](const std::string&) {}, .finished = [&finished] { finished.set_value(); }});
  EXPECT_TRUE(opened.ok()) << opened.status();
  if (!opened.ok()) return "";
  (*opened)->Start();
  EXPECT_EQ(finished.get_future().wait_for(std::chrono::seconds(120)), std::future_status::ready);
  (*opened)->Stop(absl::Seconds(10));
  (*aggregator)->Stop();
  return relay.Sent();
}

std::set<std::string> AddressesOfAllCaptures() {
  std::set<std::string> addresses;
  for (const std::string& folder : kTruthFolders) {
    for (const auto& row : collector::ReadGzippedCsv(collector::TruthFolder(folder) / "TRUTH_FLOWS.csv.gz")) {
      addresses.insert({row.at("src"), row.at("dst")});
    }
  }
  addresses.erase("127.0.0.1");  // the aggregator's, whom HTTP/2 names
  // Shorter text than 1.2.3.45 or 2001:db8::1 is there by chance.
  std::erase_if(addresses, [](const std::string& address) { return address.size() < 8; });
  return addresses;
}

// Texts, and octets of IPv6 in both orders.
std::vector<std::string> Forms(const std::string& address) {
  std::string octets(address.find(':') == std::string::npos ? 4 : 16, '\0');
  EXPECT_EQ(inet_pton(octets.size() == 4 ? AF_INET : AF_INET6, address.c_str(), octets.data()), 1) << address;
  const std::string hexadecimal = absl::BytesToHexString(octets);
  std::vector<std::string> forms = {address, hexadecimal, absl::AsciiStrToUpper(hexadecimal)};
  if (octets.size() == 16) {
    forms.push_back(octets);
    forms.emplace_back(octets.rbegin(), octets.rend());
  }
  return forms;
}

// Finds any of many strings in one pass for each of their lengths.
class Search {
 public:
  explicit Search(std::string bytes) : bytes_(std::move(bytes)) {}
  bool Finds(const std::string& form) {
    auto [of_length, is_new] = pieces_.try_emplace(form.size());
    for (size_t at = 0; is_new && at + form.size() <= bytes_.size(); ++at)
      of_length->second.insert(std::string_view(bytes_).substr(at, form.size()));
    return of_length->second.contains(form);
  }

 private:
  const std::string bytes_;
  std::map<size_t, absl::flat_hash_set<std::string_view>> pieces_;
};

void ExpectNoAddressIsSent(const TempDir& dir, const std::string& section) {
  for (const std::string& folder : kTruthFolders)
    if (!collector::HasTruth(folder)) return SkipOrFail("no captures in ../shared/captures");
  const std::string sent = SentOfAllCaptures(dir, section);
  Search search(sent);
  EXPECT_TRUE(search.Finds("edge-1") && search.Finds("link-56")) << "not what was meant to be read";
  const std::set<std::string> addresses = AddressesOfAllCaptures();
  EXPECT_GT(addresses.size(), 1000u);
  for (const std::string& address : addresses)
    for (const std::string& form : Forms(address))
      EXPECT_FALSE(search.Finds(form)) << address << " as " << absl::CHexEscape(form);
}

TEST(WireSecrecy, NoAddressOfAnyCaptureIsAmongTheOctetsSent) { ExpectNoAddressIsSent(TempDir(), ""); }

// Every address is dark but the subscribers', and whoever sent to one is told apart.
TEST(WireSecrecy, NeitherWhereSourcesAreToldApart) {
  const TempDir dir;
  std::ofstream(dir.File("key"), std::ios::binary) << std::string(32, 'k');
  chmod(dir.File("key").c_str(), 0600);
  ExpectNoAddressIsSent(dir, absl::StrCat("telescopes:\n  - {sensor: low, prefix: 0.0.0.0/1}\n"
                                          "  - {sensor: six, prefix: \"::/0\"}\n",
                                          "darknet_sources: {key_path: ", dir.File("key"), "}\n"));
}

}  // namespace
}  // namespace kansoku::testing
