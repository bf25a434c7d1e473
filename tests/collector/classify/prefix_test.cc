// SPDX-License-Identifier: Apache-2.0
#include "collector/classify/prefix.h"

#include <gtest/gtest.h>

#include "tests/collector/classify/addresses.h"

namespace kansoku::collector {
namespace {

std::string ErrorOf(std::string_view text) {
  const auto prefix = ParsePrefix(text);
  if (prefix.ok()) return "read as " + ToString(*prefix);
  EXPECT_EQ(prefix.status().code(), absl::StatusCode::kInvalidArgument);
  return std::string(prefix.status().message());
}

TEST(ParsePrefix, ReadsIpv4) {
  const Prefix prefix = PrefixOf("192.0.2.0/24");
  EXPECT_EQ(prefix.address, IpAddress::Ipv4(0xc0000200));
  EXPECT_EQ(prefix.length, 96 + 24);
  EXPECT_TRUE(prefix.is_ipv4());
  EXPECT_EQ(prefix.first(), IpAddress::Ipv4(0xc0000200));
  EXPECT_EQ(prefix.last(), IpAddress::Ipv4(0xc00002ff));
}

TEST(ParsePrefix, ReadsIpv6) {
  const Prefix prefix = PrefixOf("2001:db8::/32");
  EXPECT_EQ(prefix.address, (IpAddress{0x20010db8'00000000, 0}));
  EXPECT_EQ(prefix.length, 32);
  EXPECT_FALSE(prefix.is_ipv4());
  EXPECT_EQ(prefix.last(), (IpAddress{0x20010db8'ffffffff, ~uint64_t{0}}));
}

TEST(ParsePrefix, PrintsWhatItReads) {
  for (const char* text :
       {"0.0.0.0/0", "10.0.0.0/8", "192.0.2.128/25", "255.255.255.255/32", "::/0", "::1/128", "2001:db8::/32",
        "2001:db8:0:1::/64", "2001:db8:0:0:8000::/65", "fe80::1:2:3:4/128"}) {
    EXPECT_EQ(ToString(PrefixOf(text)), text);
  }
}

TEST(ParsePrefix, SaysWhichRangeWasProbablyMeant) {
  EXPECT_EQ(ErrorOf("192.0.2.1/24"),
            "\"192.0.2.1/24\" is not an address range: bits are set after its length; 192.0.2.0/24 was "
            "probably meant");
  EXPECT_EQ(
      ErrorOf("2001:db8::1/64"),
      "\"2001:db8::1/64\" is not an address range: bits are set after its length; 2001:db8::/64 was probably "
      "meant");
  EXPECT_EQ(
      ErrorOf("10.0.0.0/0"),
      "\"10.0.0.0/0\" is not an address range: bits are set after its length; 0.0.0.0/0 was probably meant");
}

TEST(ParsePrefix, RefusesAMissingLength) {
  for (const std::string text : {"", "192.0.2.0", "2001:db8::"}) {
    EXPECT_EQ(ErrorOf(text),
              "\"" + text +
                  "\" is not an address range: its length is missing; write it as 192.0.2.0/24 or "
                  "2001:db8::/32");
  }
}

TEST(ParsePrefix, RefusesABadLength) {
  for (const std::string length : {"", "33", "129", "1000", "-1", "+8", "08", " 8", "8 ", "8/8", "x"}) {
    EXPECT_EQ(ErrorOf("0.0.0.0/" + length),
              "\"0.0.0.0/" + length + "\" is not an address range: the length after the / goes from 0 to 32");
  }
  for (const std::string length : {"", "129", "1000", "-1", "+8", "08", " 8", "8 ", "8/8", "x"}) {
    EXPECT_EQ(ErrorOf("::/" + length),
              "\"::/" + length + "\" is not an address range: the length after the / goes from 0 to 128");
  }
}

TEST(ParsePrefix, RefusesABadAddress) {
  for (const std::string address :
       {"", "192.0.2", "192.0.2.256", "192.0.2.0.0", " 192.0.2.0", "host", "0x7f.0.0.1"}) {
    EXPECT_EQ(ErrorOf(address + "/8"),
              "\"" + address +
                  "/8\" is not an address range: expected an IPv4 address before the /, such as 192.0.2.0");
  }
  for (const std::string address :
       {":", "2001:db8", "2001:db8:::", "1::2::3", "fe80::1%eth0", "[::1]", "12345::"}) {
    EXPECT_EQ(ErrorOf(address + "/8"),
              "\"" + address +
                  "/8\" is not an address range: expected an IPv6 address before the /, "
                  "such as 2001:db8::");
  }
}

TEST(ParsePrefix, RefusesIpv4WrittenAsIpv6) {
  EXPECT_EQ(
      ErrorOf("::ffff:192.0.2.0/120"),
      "\"::ffff:192.0.2.0/120\" is not an address range: write an IPv4 range as IPv4, such as 192.0.2.0/24");
}

TEST(Prefix, ContainsItselfAndWhatIsInside) {
  const Prefix net4 = PrefixOf("192.0.2.0/24"), net6 = PrefixOf("2001:db8::/32");
  EXPECT_TRUE(net4.Contains(net4));
  EXPECT_TRUE(net4.Contains(PrefixOf("192.0.2.255/32")));
  EXPECT_FALSE(net4.Contains(PrefixOf("192.0.3.0/32")));
  EXPECT_FALSE(net4.Contains(PrefixOf("192.0.2.0/23")));
  EXPECT_TRUE(net6.Contains(net6));
  EXPECT_TRUE(net6.Contains(PrefixOf("2001:db8:ffff:ffff:ffff:ffff:ffff:ffff/128")));
  EXPECT_FALSE(net6.Contains(PrefixOf("2001:db9::/128")));
  EXPECT_FALSE(net6.Contains(PrefixOf("2001:db8::/31")));
}

TEST(Prefix, KeepsTheFamiliesApart) {
  EXPECT_FALSE(PrefixOf("::/0").Contains(PrefixOf("192.0.2.0/24")));
  EXPECT_FALSE(PrefixOf("0.0.0.0/0").Contains(PrefixOf("::/128")));
}

TEST(Prefix, MasksEveryLength) {
  EXPECT_EQ(Prefix{.length = 0}.Mask(), (IpAddress{0, 0}));
  EXPECT_EQ(Prefix{.length = 1}.Mask(), (IpAddress{uint64_t{1} << 63, 0}));
  EXPECT_EQ(Prefix{.length = 64}.Mask(), (IpAddress{~uint64_t{0}, 0}));
  EXPECT_EQ(Prefix{.length = 65}.Mask(), (IpAddress{~uint64_t{0}, uint64_t{1} << 63}));
  EXPECT_EQ(Prefix{.length = 128}.Mask(), (IpAddress{~uint64_t{0}, ~uint64_t{0}}));
}

}  // namespace
}  // namespace kansoku::collector
