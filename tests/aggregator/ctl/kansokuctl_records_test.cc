// SPDX-License-Identifier: Apache-2.0
//
// `kansokuctl records`, the real program against a real server.
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/aggregator/ctl/canned_query.h"
#include "tests/testing/child_process.h"

namespace kansoku::testing {
namespace {

constexpr char kBothFamilies[] = R"(
  windows {
    point: "uplink" window_start_unix_seconds: 1730419200 window_seconds: 10
    flow_records {
      source_address: "\300\000\002\001" destination_address: "\306\063\144\007" source_port: 40000
      destination_port: 443 protocol: 6
      traffic_class { group: GROUP_A1 access: ACCESS_FIXED technology: TECHNOLOGY_FTTH direction: DIRECTION_UPLOAD
                      family: FAMILY_IPV4 carrier: CARRIER_PPPOE transport: TRANSPORT_TCP }
      octets: 1234 packets: 5 reverse_octets: 1234567 reverse_packets: 900
      start_unix_milliseconds: 1730419195250 end_unix_milliseconds: 1730419209999
      tcp_control_bits: 27 end_reason: END_REASON_ACTIVE_TIMEOUT }
    flow_records {
      source_address: "\040\001\015\270\000\000\000\000\000\000\000\000\000\000\000\001"
      destination_address: "\040\001\015\270\000\000\000\000\000\000\000\000\000\000\000\002"
      source_port: 53 destination_port: 5353 protocol: 17
      traffic_class { direction: DIRECTION_TRANSIT family: FAMILY_IPV6 carrier: CARRIER_NATIVE
                      transport: TRANSPORT_UDP }
      octets: 80 packets: 1 start_unix_milliseconds: 1730419200000 end_unix_milliseconds: 1730419200000
      end_reason: END_REASON_IDLE_TIMEOUT addresses_are_plain: true } })";

v1::ListFlowRecordsResponse Page(const char* text, const std::string& next_page_token = "") {
  v1::ListFlowRecordsResponse page;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &page)) << text;
  page.set_next_page_token(next_page_token);
  return page;
}

class KansokuctlRecords : public ::testing::Test {
 protected:
  // Runs it and expects success and silence on standard error.
  std::string Output(std::vector<std::string> words) {
    words.insert(words.begin(), {KANSOKU_CTL, "--aggregator", server_.address(), "records"});
    const Finished finished = RunProgram(words);
    EXPECT_EQ(finished.exit_status, 0);
    EXPECT_EQ(finished.err, "");
    return finished.out;
  }

  CannedQuery server_;
};

TEST_F(KansokuctlRecords, ShowsBothFamiliesForPeople) {
  server_.records = {Page(kBothFamilies)};
  EXPECT_EQ(Output({}),
            "window (UTC)         point   first         last          from              to                  "
            "protocol  "
            "direction  octets  packets  octets back  packets back  ended by\n"
            "2024-11-01 00:00:00  uplink  23:59:55.250  00:00:09.999  192.0.2.1:40000   198.51.100.7:443     "
            "      6  "
            "upload      1,234        5    1,234,567           900  active_timeout\n"
            "2024-11-01 00:00:00  uplink  00:00:00.000  00:00:00.000  [2001:db8::1]:53  [2001:db8::2]:5353   "
            "     17  "
            "transit        80        1            0             0  idle_timeout\n");
}

TEST_F(KansokuctlRecords, SaysAllThatIsKnownAsCsv) {
  server_.records = {Page(kBothFamilies)};
  EXPECT_EQ(
      Output({"--csv"}),
      "window_start,window_seconds,point,sampling_interval,start,end,source_address,source_port,"
      "destination_address,destination_port,protocol,group,access,technology,direction,family,carrier,"
      "transport,"
      "octets,packets,reverse_octets,reverse_packets,tcp_control_bits,end_reason,addresses_are_plain\n"
      "2024-11-01T00:00:00Z,10,uplink,1,2024-10-31T23:59:55.250Z,2024-11-01T00:00:09.999Z,192.0.2.1,40000,"
      "198.51.100.7,443,6,a1,fixed,ftth,upload,ipv4,pppoe,tcp,1234,5,1234567,900,0x1b,active_timeout,false\n"
      "2024-11-01T00:00:00Z,10,uplink,1,2024-11-01T00:00:00.000Z,2024-11-01T00:00:00.000Z,2001:db8::1,53,"
      "2001:db8::2,5353,17,none,none,none,transit,ipv6,native,udp,80,1,0,0,0x00,idle_timeout,true\n");
}

TEST_F(KansokuctlRecords, WritesAddressesAsTextInJson) {
  server_.records = {Page(kBothFamilies)};
  const auto json = nlohmann::json::parse(Output({"--json"}), nullptr, /*allow_exceptions=*/false);
  ASSERT_FALSE(json.is_discarded());
  const auto& records = json["windows"][0]["flow_records"];
  ASSERT_EQ(records.size(), 2);
  EXPECT_EQ(json["windows"][0]["point"], "uplink");
  EXPECT_EQ(records[0]["source_address"], "192.0.2.1");
  EXPECT_EQ(records[0]["reverse_octets"], "1234567");
  EXPECT_EQ(records[1]["destination_address"], "2001:db8::2");
  EXPECT_EQ(records[1]["end_reason"], "END_REASON_IDLE_TIMEOUT");
}

TEST_F(KansokuctlRecords, ReadsPageAfterPage) {
  server_.records = {Page(kBothFamilies, "second"), Page(kBothFamilies)};
  const std::string out =
      Output({"--csv", "--from", "2024-11-01", "--to", "2024-11-02", "--point", "uplink,tap"});
  EXPECT_EQ(std::count(out.begin(), out.end(), '\n'), 1 + 4);
  ASSERT_EQ(server_.records_asked.size(), 2u);
  v1::ListFlowRecordsRequest expected;
  expected.mutable_range()->set_start_unix_seconds(1'730'419'200);
  expected.mutable_range()->set_end_unix_seconds(1'730'505'600);
  expected.add_points("uplink");
  expected.add_points("tap");
  EXPECT_EQ(server_.records_asked[0].SerializeAsString(), expected.SerializeAsString());
  expected.set_page_token("second");
  EXPECT_EQ(server_.records_asked[1].SerializeAsString(), expected.SerializeAsString());
}

TEST_F(KansokuctlRecords, StopsAtTheLimitAndSaysSo) {
  server_.records = {Page(kBothFamilies, "second"), Page(kBothFamilies, "third")};
  const std::string out = Output({"--limit", "4"});
  EXPECT_EQ(std::count(out.begin(), out.end(), '\n'), 1 + 4 + 1);
  EXPECT_TRUE(out.ends_with("(and more; see --limit)\n")) << out;
  ASSERT_EQ(server_.records_asked.size(), 2u);
  EXPECT_EQ(server_.records_asked[0].page_size(), 4u);
  EXPECT_EQ(server_.records_asked[1].page_size(), 2u);
}

}  // namespace
}  // namespace kansoku::testing
