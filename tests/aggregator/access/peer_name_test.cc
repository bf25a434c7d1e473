// SPDX-License-Identifier: Apache-2.0
#include "aggregator/access/peer_name.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace kansoku::aggregator {
namespace {

void ExpectRefused(const std::vector<std::string>& uris, const std::string& complaint) {
  const absl::StatusOr<PeerName> peer = PeerNameOf(uris);
  EXPECT_EQ(peer.status().code(), absl::StatusCode::kUnauthenticated);
  EXPECT_NE(peer.status().message().find(complaint), absl::string_view::npos) << peer.status();
}

TEST(PeerName, IsReadFromTheOneUriThatIsOurs) {
  const absl::StatusOr<PeerName> collector =
      PeerNameOf(std::vector<std::string>{"spiffe://example/x", "kansoku:collector/router-1"});
  ASSERT_TRUE(collector.ok()) << collector.status();
  EXPECT_EQ(collector->kind, PeerName::Kind::kCollector);
  EXPECT_EQ(collector->name, "router-1");
  const absl::StatusOr<PeerName> client = PeerNameOf(std::vector<std::string>{"kansoku:client/a.b_c"});
  ASSERT_TRUE(client.ok()) << client.status();
  EXPECT_EQ(client->kind, PeerName::Kind::kClient);
  EXPECT_EQ(client->name, "a.b_c");
}

TEST(PeerName, IsWrittenAsItWasRead) {
  for (const std::string uri : {"kansoku:collector/router-1", "kansoku:client/grafana"}) {
    EXPECT_EQ(ToUri(*PeerNameOf(std::vector{uri})), uri);
  }
}

TEST(PeerName, ACertificateWithoutOneIsNobodys) {
  ExpectRefused({}, "does not say whose it is; it needs exactly one URI kansoku:collector/NAME");
  ExpectRefused({"spiffe://kansoku:client/x", "https://kansoku.example"}, "does not say whose it is");
}

TEST(PeerName, ACertificateWithTwoIsNobodys) {
  ExpectRefused({"kansoku:client/a", "kansoku:collector/a"},
                "names several: kansoku:client/a, kansoku:collector/a");
  ExpectRefused({"kansoku:client/a", "kansoku:client/a"}, "names several");
  // One that is not well formed hides none.
  ExpectRefused({"kansoku:client/a", "kansoku:other"}, "names several");
}

TEST(PeerName, OnlyWholeNamesOfTheTwoKindsAreTaken) {
  for (const std::string uri :
       {"kansoku:client/", "kansoku:client", "kansoku:admin/x", "kansoku:", "kansoku:client/x/y",
        "kansoku:client/X", "kansoku:collector/a b", "kansoku:client/../x", "kansoku:Client/x"}) {
    ExpectRefused({uri}, "says \"" + uri + "\"");
  }
  ExpectRefused({std::string("kansoku:client/x\0y", 18)}, "says \"kansoku:client/x\\x00y\"");
}

}  // namespace
}  // namespace kansoku::aggregator
