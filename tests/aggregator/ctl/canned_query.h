// SPDX-License-Identifier: Apache-2.0
//
// A real gRPC server on loopback whose Query service answers with literals and remembers what it was asked.
#pragma once

#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>

#include <memory>
#include <string>
#include <vector>

#include "kansoku/v1/query.grpc.pb.h"

namespace kansoku::testing {

class CannedQuery final : public v1::Query::Service {
 public:
  CannedQuery() {
    grpc::EnableDefaultHealthCheckService(true);  // a switch of the whole process
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
    builder.RegisterService(this);
    server_ = builder.BuildAndStart();
    TellHealth(true);
  }

  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

  // Whether the aggregator could keep reports.
  void TellHealth(bool serving) {
    server_->GetHealthCheckService()->SetServingStatus("kansoku.v1.Ingest", serving);
  }

  // Set before the program is started.
  v1::ListPointsResponse points;
  v1::GetTrafficResponse traffic;
  v1::GetDarknetResponse darknet;
  v1::GetFiguresResponse figures;
  v1::GetFiguresResponse telescope;
  grpc::Status telescope_status;  // of it alone
  v1::ListFigureKindsResponse kinds;
  v1::ListVintagesResponse vintages;
  v1::RecomputeVintageResponse recomputed;
  v1::GetMatchedPanelResponse panel;
  v1::GetLedgerResponse ledger;
  std::vector<v1::ListFlowRecordsResponse> records;  // page by page
  grpc::Status status;

  // Read after it has ended.
  v1::GetTrafficRequest traffic_asked;
  v1::GetDarknetRequest darknet_asked;
  std::vector<v1::GetFiguresRequest> figures_asked;
  v1::ListVintagesRequest vintages_asked;
  v1::RecomputeVintageRequest recompute_asked;
  v1::GetMatchedPanelRequest panel_asked;
  v1::GetLedgerRequest ledger_asked;
  std::vector<v1::ListFlowRecordsRequest> records_asked;

 private:
  template <typename Message>
  grpc::Status Give(const Message& canned, Message* response) {
    *response = canned;
    return status;
  }

  grpc::Status ListPoints(grpc::ServerContext*, const v1::ListPointsRequest*,
                          v1::ListPointsResponse* out) override {
    return Give(points, out);
  }
  grpc::Status GetTraffic(grpc::ServerContext*, const v1::GetTrafficRequest* in,
                          v1::GetTrafficResponse* out) override {
    traffic_asked = *in;
    return Give(traffic, out);
  }
  grpc::Status GetDarknet(grpc::ServerContext*, const v1::GetDarknetRequest* in,
                          v1::GetDarknetResponse* out) override {
    darknet_asked = *in;
    return Give(darknet, out);
  }
  grpc::Status GetFigures(grpc::ServerContext*, const v1::GetFiguresRequest* in,
                          v1::GetFiguresResponse* out) override {
    figures_asked.push_back(*in);
    if (in->has_telescope() && !telescope_status.ok()) return telescope_status;
    if (in->has_telescope()) return Give(telescope, out);
    if (!in->has_months()) return Give(figures, out);
    const std::string& first = in->months().first();
    const std::string& last = in->months().last().empty() ? first : in->months().last();
    for (const v1::Figure& figure : figures.figures()) {
      if (first <= figure.month() && figure.month() <= last) *out->add_figures() = figure;
    }
    return status;
  }
  grpc::Status ListFigureKinds(grpc::ServerContext*, const v1::ListFigureKindsRequest*,
                               v1::ListFigureKindsResponse* out) override {
    return Give(kinds, out);
  }
  grpc::Status ListVintages(grpc::ServerContext*, const v1::ListVintagesRequest* in,
                            v1::ListVintagesResponse* out) override {
    vintages_asked = *in;
    return Give(vintages, out);
  }
  grpc::Status RecomputeVintage(grpc::ServerContext*, const v1::RecomputeVintageRequest* in,
                                v1::RecomputeVintageResponse* out) override {
    recompute_asked = *in;
    return Give(recomputed, out);
  }
  grpc::Status GetMatchedPanel(grpc::ServerContext*, const v1::GetMatchedPanelRequest* in,
                               v1::GetMatchedPanelResponse* out) override {
    panel_asked = *in;
    return Give(panel, out);
  }
  grpc::Status GetLedger(grpc::ServerContext*, const v1::GetLedgerRequest* in,
                         v1::GetLedgerResponse* out) override {
    ledger_asked = *in;
    return Give(ledger, out);
  }
  grpc::Status ListFlowRecords(grpc::ServerContext*, const v1::ListFlowRecordsRequest* in,
                               v1::ListFlowRecordsResponse* out) override {
    records_asked.push_back(*in);
    return Give(records.at(records_asked.size() - 1), out);
  }

  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace kansoku::testing
