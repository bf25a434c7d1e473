// SPDX-License-Identifier: Apache-2.0
//
// The table of port categories in a running aggregator, asked over gRPC: as SIGHUP has it read again.
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <fstream>
#include <mutex>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "aggregator/aggregator.h"
#include "aggregator/store/sqlite_store.h"
#include "kansoku/v1/query.grpc.pb.h"
#include "proto/contract/config_text.h"
#include "tests/aggregator/serve/sample_telescope.h"
#include "tests/testing/temp_dir.h"

namespace kansoku::aggregator {
namespace {

constexpr char kDay[] = "2024-10-31";
constexpr char kOfNoTable[] =
    "the aggregator has no table of port categories; name one as port_categories_path in its configuration";

class PortCategoriesReload : public ::testing::Test {
 protected:
  void Write(const std::string& text) { std::ofstream(path_) << text; }

  void Start(const std::string& more) {
    const std::string store_path = folder_.File("store");
    {
      const auto store = SqliteStore::Open({.path = store_path});
      ASSERT_TRUE(store.ok()) << store.status();
      ASSERT_TRUE((*store)->AddTelescopeDay(SampleDay(kDay, 16)).ok());
    }
    v1::AggregatorConfig config;
    const auto places =
        ParseConfig(absl::StrCat("listen: 127.0.0.1:0\nmetrics_listen: 127.0.0.1:0\nstore_path: ", store_path,
                                 "\n", more),
                    "aggregator.yaml", config);
    ASSERT_TRUE(places.ok()) << places.status();
    auto started = Aggregator::Start(config, [this](const std::string& line) {
      const std::lock_guard lock(mutex_);
      said_.push_back(line);
    });
    ASSERT_TRUE(started.ok()) << started.status();
    aggregator_ = *std::move(started);
  }

  // The share of 23/TCP's category, or why there is none.
  std::string Share() {
    const auto stub = v1::Query::NewStub(
        grpc::CreateChannel(aggregator_->grpc_address(), grpc::InsecureChannelCredentials()));
    grpc::ClientContext context;
    v1::GetFiguresRequest request;
    request.mutable_telescope()->set_first_day(kDay);
    request.mutable_telescope()->add_ids("darknet_category_share");
    v1::GetFiguresResponse response;
    const grpc::Status status = stub->GetFigures(&context, request, &response);
    if (!status.ok() || response.figures().empty()) return status.error_message();
    const v1::Figure& first = response.figures(0);
    return first.value().empty() ? first.withheld_because()
                                 : first.labels().at("category") + " " + first.value();
  }

  std::vector<std::string> said() {
    const std::lock_guard lock(mutex_);
    return said_;
  }

  testing::TempDir folder_;
  const std::string path_ = folder_.File("ports.csv");
  const std::string key_ = absl::StrCat("port_categories_path: ", path_, "\n");
  std::mutex mutex_;
  std::vector<std::string> said_;  // guarded by mutex_
  std::unique_ptr<Aggregator> aggregator_;
};

TEST_F(PortCategoriesReload, ANewTableIsTakenAndAWrongOneIsNot) {
  Write(kSampleCategories);
  Start(key_);
  EXPECT_EQ(Share(), "iot 0.7500");
  Write(
      "protocol,port,category,also,valid_from,source\ntcp,23,windows,,2015-01-01,s\ntcp,80,http,,2015-01-01,"
      "s\n");
  EXPECT_TRUE(aggregator_->ReadPortCategoriesAgain().ok());
  EXPECT_EQ(Share(), "iot 0.0000");
  Write("protocol,port\n");
  EXPECT_FALSE(aggregator_->ReadPortCategoriesAgain().ok());
  EXPECT_EQ(Share(), "iot 0.0000");
  ASSERT_EQ(said().size(), 1u);
  EXPECT_EQ(said()[0],
            absl::StrCat(
                "the table of port categories is not taken: ", path_,
                ":1: the header must be protocol,port,category,also,valid_from,source; the one before stays "
                "in force, without one shares of categories are withheld"));
}

// Measuring must not wait for it.
TEST_F(PortCategoriesReload, AnAggregatorWithoutATableRunsAndSaysSo) {
  Start(key_);
  EXPECT_EQ(Share(), kOfNoTable);
  ASSERT_EQ(said().size(), 1u);
  EXPECT_TRUE(said()[0].starts_with(absl::StrCat(
      "the table of port categories is not taken: port_categories_path: ", path_, ": No such file")))
      << said()[0];
  Write(kSampleCategories);
  EXPECT_TRUE(aggregator_->ReadPortCategoriesAgain().ok());
  EXPECT_EQ(Share(), "iot 0.7500");
}

TEST_F(PortCategoriesReload, ATableIsNamedAtTheStartOrNotAtAll) {
  Start("");
  EXPECT_EQ(Share(), kOfNoTable);
  EXPECT_EQ(aggregator_->ReadPortCategoriesAgain().message(),
            "port_categories_path cannot be given while the program runs; start it anew");
}

}  // namespace
}  // namespace kansoku::aggregator
