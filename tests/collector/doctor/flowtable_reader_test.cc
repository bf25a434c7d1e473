// SPDX-License-Identifier: Apache-2.0
#include "collector/doctor/flowtable_reader.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>

#include <string>

namespace kansoku::collector {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

template <typename T>
std::string Bytes(const T& value) {
  return std::string(reinterpret_cast<const char*>(&value), sizeof value);
}

// As the kernel writes one, filled up to four octets.
std::string Attribute(uint16_t type, const std::string& value) {
  const nlattr header{.nla_len = static_cast<uint16_t>(NLA_HDRLEN + value.size()), .nla_type = type};
  std::string written = Bytes(header) + value;
  written.resize(NLA_ALIGN(written.size()));
  return written;
}

std::string Text(const char* text) { return std::string(text) + '\0'; }

std::string Message(uint32_t flags) {
  const std::string devices =
      Attribute(NFTA_DEVICE_NAME, Text("lan1")) + Attribute(NFTA_DEVICE_NAME, Text("wan"));
  const std::string hook = Attribute(NFTA_FLOWTABLE_HOOK_NUM, Bytes(uint32_t{0})) +
                           Attribute(NFTA_FLOWTABLE_HOOK_DEVS | NLA_F_NESTED, devices);
  return Bytes(nfgenmsg{.nfgen_family = NFPROTO_INET, .version = 0, .res_id = 0}) +
         Attribute(NFTA_FLOWTABLE_TABLE, Text("fw4")) + Attribute(NFTA_FLOWTABLE_NAME, Text("ft")) +
         Attribute(NFTA_FLOWTABLE_HOOK | NLA_F_NESTED, hook) +
         Attribute(NFTA_FLOWTABLE_FLAGS, Bytes(htonl(flags)));
}

TEST(FlowtableReader, ReadsNameDevicesAndFlags) {
  const std::string soft = Message(0), hard = Message(NFT_FLOWTABLE_HW_OFFLOAD | NFT_FLOWTABLE_COUNTER);
  EXPECT_EQ(FlowtableOf(soft).name, "inet fw4 ft");
  EXPECT_THAT(FlowtableOf(soft).devices, ElementsAre("lan1", "wan"));
  EXPECT_FALSE(FlowtableOf(soft).is_in_hardware);
  EXPECT_TRUE(FlowtableOf(hard).is_in_hardware);
}

TEST(FlowtableReader, StopsWhereAMessageDoes) {
  const std::string whole = Message(NFT_FLOWTABLE_HW_OFFLOAD);
  for (size_t octets = 0; octets < whole.size(); ++octets)
    EXPECT_FALSE(FlowtableOf({whole.data(), octets}).is_in_hardware) << octets;
  EXPECT_THAT(FlowtableOf({whole.data(), 4}).devices, IsEmpty());
}

}  // namespace
}  // namespace kansoku::collector
