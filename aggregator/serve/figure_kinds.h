// SPDX-License-Identifier: Apache-2.0
//
// The kinds of figures that there are, and the words by which one asks for them. Pure; any thread.
#pragma once

#include <google/protobuf/repeated_field.h>

#include <string>

#include "absl/status/status.h"
#include "kansoku/v1/query.pb.h"

namespace kansoku::aggregator {

// Query.ListFigureKinds, in the order of the catalogue.
v1::ListFigureKindsResponse ListFigureKinds();

// Whether each of them is a figure of the series' months. INVALID_ARGUMENT says what comes nearest.
absl::Status CheckFigureIds(const google::protobuf::RepeatedPtrField<std::string>& ids, v1::Series series);

// Whether each of them is a figure of telescopes' days. INVALID_ARGUMENT as above.
absl::Status CheckTelescopeIds(const google::protobuf::RepeatedPtrField<std::string>& ids);

}  // namespace kansoku::aggregator
