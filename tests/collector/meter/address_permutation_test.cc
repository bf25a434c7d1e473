// SPDX-License-Identifier: Apache-2.0
#include "collector/meter/address_permutation.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>

#include <bit>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/collector/meter/permutation_key.h"

namespace kansoku::collector {
namespace {

uint8_t VersionOf(const std::string& text) { return text.find(':') == std::string::npos ? 4 : 6; }

IpAddress Parse(const std::string& text) {
  uint8_t octets[16];
  const int family = VersionOf(text) == 4 ? AF_INET : AF_INET6;
  EXPECT_EQ(inet_pton(family, text.c_str(), octets), 1) << text;
  if (family == AF_INET) {
    return IpAddress::Ipv4(uint32_t{octets[0]} << 24 | uint32_t{octets[1]} << 16 | uint32_t{octets[2]} << 8 |
                           octets[3]);
  }
  IpAddress address;
  for (int i = 0; i < 8; ++i) address.high = address.high << 8 | octets[i];
  for (int i = 8; i < 16; ++i) address.low = address.low << 8 | octets[i];
  return address;
}

AddressPermutation Permutation(const AddressPermutationKey& key = kReferenceKey) {
  auto permutation = AddressPermutation::FromKey(key);
  EXPECT_TRUE(permutation.ok()) << permutation.status();
  return *std::move(permutation);
}

// Random bits, IPv4 in its mapped form.
IpAddress RandomAddress(std::mt19937_64& random, uint8_t ip_version) {
  return ip_version == 4 ? IpAddress::Ipv4(static_cast<uint32_t>(random())) : IpAddress{random(), random()};
}

int SharedBits(const IpAddress& a, const IpAddress& b) {
  const uint64_t high = a.high ^ b.high;
  return high != 0 ? std::countl_zero(high) : 64 + std::countl_zero(a.low ^ b.low);
}

// The distinct addresses of sample_trace_raw.dat and sample_trace_sanitized.dat of the authors' distribution.
TEST(AddressPermutation, GivesTheReferenceImplementationsIpv4Addresses) {
  const std::vector<std::pair<std::string, std::string>> vectors = {
      {"128.11.68.132", "135.242.180.132"},   {"129.118.74.4", "134.136.186.123"},
      {"130.132.252.244", "133.68.164.234"},  {"141.223.7.43", "141.167.8.160"},
      {"141.233.145.108", "141.129.237.235"}, {"152.163.225.39", "151.140.114.167"},
      {"156.29.3.236", "147.225.12.42"},      {"165.247.96.84", "162.9.99.234"},
      {"166.107.77.190", "160.132.178.185"},  {"192.102.249.13", "252.138.62.131"},
      {"192.215.32.125", "252.43.47.189"},    {"192.233.80.103", "252.25.108.8"},
      {"192.41.57.43", "252.222.221.184"},    {"193.150.244.223", "253.169.52.216"},
      {"195.205.63.100", "255.186.223.5"},    {"198.200.171.101", "249.199.68.213"},
      {"198.26.132.101", "249.36.123.202"},   {"198.36.213.5", "249.7.21.132"},
      {"198.51.77.238", "249.18.186.254"},    {"199.217.79.101", "248.38.184.213"},
      {"202.49.198.20", "245.206.7.234"},     {"203.12.160.252", "244.248.163.4"},
      {"204.184.162.189", "243.192.77.90"},   {"204.202.136.230", "243.178.4.198"},
      {"204.29.20.4", "243.33.20.123"},       {"205.178.38.67", "242.108.198.51"},
      {"205.188.147.153", "242.96.16.101"},   {"205.188.248.25", "242.96.88.27"},
      {"205.245.121.43", "242.21.121.163"},   {"207.105.49.5", "241.118.205.138"},
      {"207.135.65.238", "241.202.129.222"},  {"207.155.9.214", "241.220.250.22"},
      {"207.188.7.45", "241.255.249.220"},    {"207.25.71.27", "241.33.119.156"},
      {"207.33.151.131", "241.1.233.131"},    {"208.147.89.59", "227.237.98.191"},
      {"208.234.120.210", "227.154.67.17"},   {"208.28.185.184", "227.39.94.90"},
      {"208.52.56.122", "227.8.63.165"},      {"209.12.231.7", "226.243.167.8"},
      {"209.238.72.3", "226.6.119.243"},      {"209.246.74.109", "226.22.124.76"},
      {"209.68.60.238", "226.184.220.233"},   {"209.85.249.6", "226.170.70.6"},
      {"212.120.124.31", "228.135.163.231"},  {"212.146.8.236", "228.19.4.234"},
      {"212.186.227.154", "228.59.98.98"},    {"212.204.172.118", "228.71.195.169"},
      {"212.206.130.201", "228.69.242.193"},  {"216.148.237.145", "235.84.194.111"},
      {"216.157.30.252", "235.89.31.26"},     {"216.184.159.48", "235.96.225.78"},
      {"216.227.10.221", "235.28.253.36"},    {"216.254.18.172", "235.7.16.162"},
      {"216.32.132.250", "235.192.139.38"},   {"216.35.217.178", "235.195.157.81"},
      {"24.0.250.221", "100.15.198.226"},     {"24.13.62.231", "100.2.192.247"},
      {"24.14.213.138", "100.1.42.141"},      {"24.5.0.80", "100.9.15.210"},
      {"24.7.198.88", "100.10.6.25"},         {"24.94.26.44", "100.88.228.35"},
      {"38.15.67.68", "64.3.66.187"},         {"4.3.88.225", "124.60.155.63"},
      {"63.14.55.111", "95.9.215.7"},         {"63.195.241.44", "95.179.238.44"},
      {"63.97.7.140", "95.97.9.123"},         {"64.14.118.196", "0.255.183.58"},
      {"64.34.154.117", "0.221.154.117"},     {"64.39.15.238", "0.219.7.41"},
  };
  AddressPermutation permutation = Permutation();
  for (const auto& [plain, permuted] : vectors) {
    EXPECT_EQ(permutation.Permute(Parse(plain), 4), Parse(permuted)) << plain;
  }
}

// As later implementations with IPv6 publish and agree on (Yawning/cryptopan, yacryptopan, node-cryptopan).
TEST(AddressPermutation, GivesTheIpv6AddressesThatOtherImplementationsGive) {
  const std::vector<std::pair<std::string, std::string>> vectors = {
      {"::1", "78ff:f001:9fc0:20df:8380:b1f1:704:ed"},
      {"::2", "78ff:f001:9fc0:20df:8380:b1f1:704:ef"},
      {"::ffff", "78ff:f001:9fc0:20df:8380:b1f1:704:f838"},
      {"2001:db8::1", "4401:2bc:603f:d91d:27f:ff8e:e6f1:dc1e"},
      {"2001:db8::2", "4401:2bc:603f:d91d:27f:ff8e:e6f1:dc1c"},
  };
  AddressPermutation permutation = Permutation();
  for (const auto& [plain, permuted] : vectors) {
    EXPECT_EQ(permutation.Permute(Parse(plain), 6), Parse(permuted)) << plain;
  }
}

class AddressPermutationOf : public ::testing::TestWithParam<uint8_t> {};

TEST_P(AddressPermutationOf, KeepsExactlyTheSharedPrefix) {
  AddressPermutation permutation = Permutation();
  std::mt19937_64 random(1);
  const int first = GetParam() == 4 ? 96 : 0;
  for (int shared = first; shared < 128; ++shared) {
    const IpAddress a = RandomAddress(random, GetParam());
    // Bit `shared` differs, those after it are random.
    IpAddress b = RandomAddress(random, GetParam());
    for (int bit = 0; bit <= shared; ++bit) {
      const uint64_t mask = uint64_t{1} << (63 - bit % 64);
      uint64_t& half = bit < 64 ? b.high : b.low;
      const uint64_t of_a = (bit < 64 ? a.high : a.low) & mask;
      half = (half & ~mask) | (bit == shared ? of_a ^ mask : of_a);
    }
    ASSERT_EQ(SharedBits(a, b), shared);
    EXPECT_EQ(SharedBits(*permutation.Permute(a, GetParam()), *permutation.Permute(b, GetParam())), shared);
  }
}

TEST_P(AddressPermutationOf, GivesEachAddressAnotherOfItsFamily) {
  AddressPermutation permutation = Permutation();
  std::mt19937_64 random(2);
  std::set<IpAddress> plain, permuted;
  for (int i = 0; i < 5000; ++i) {
    const IpAddress address = RandomAddress(random, GetParam());
    plain.insert(address);
    const auto given = permutation.Permute(address, GetParam());
    ASSERT_TRUE(given.has_value());
    EXPECT_EQ(given->is_ipv4(), GetParam() == 4);
    permuted.insert(*given);
  }
  EXPECT_EQ(permuted.size(), plain.size());
}

TEST_P(AddressPermutationOf, DependsOnEveryBitOfTheKeyAndOnNothingElse) {
  const IpAddress address = GetParam() == 4 ? IpAddress::Ipv4(0xc0000201) : IpAddress{0x20010db8'00000000, 1};
  const auto given = Permutation().Permute(address, GetParam());
  EXPECT_EQ(Permutation().Permute(address, GetParam()), given);
  std::set<IpAddress> others;
  for (size_t bit = 0; bit < 256; ++bit) {
    AddressPermutationKey key = kReferenceKey;
    key[bit / 8] ^= static_cast<uint8_t>(1 << bit % 8);
    others.insert(*Permutation(key).Permute(address, GetParam()));
  }
  EXPECT_EQ(others.size(), 256u);
  EXPECT_FALSE(others.contains(*given));
}

INSTANTIATE_TEST_SUITE_P(Families, AddressPermutationOf, ::testing::Values(4, 6),
                         [](const auto& family) { return "Ipv" + std::to_string(family.param); });

TEST(AddressPermutation, TellsAnIpv6PacketWithAMappedAddressFromIpv4) {
  AddressPermutation permutation = Permutation();
  const IpAddress mapped = IpAddress::Ipv4(0xc0000201);
  EXPECT_TRUE(permutation.Permute(mapped, 4)->is_ipv4());
  EXPECT_FALSE(permutation.Permute(mapped, 6)->is_ipv4());
}

}  // namespace
}  // namespace kansoku::collector
