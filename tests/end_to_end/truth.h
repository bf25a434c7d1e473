// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "kansoku/v1/query.grpc.pb.h"

namespace kansoku::testing {

// Fails the test unless all that the aggregator holds is what the generator wrote: traffic by class, packets
// at dark addresses by class and port, refusals by reason, and the sums of frames and octets.
void ExpectEqualsTruth(v1::Query::Stub& query, const std::string& truth_file);

// The same for the number of flows. Only for a link whose flow table was large enough and never expired one.
void ExpectFlowsEqualTruth(v1::Query::Stub& query, const std::string& truth_file);

// IP octets of the truth's traffic with this access and direction, over all other dimensions.
uint64_t IpOctets(const std::string& truth_file, const std::string& access, const std::string& direction);

}  // namespace kansoku::testing
