// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "absl/status/status.h"
#include "aggregator/register/register_text.h"
#include "aggregator/store/store.h"
#include "aggregator/vintage/month_method.h"

namespace kansoku::aggregator {

// Whether a register may take the place of those that the vintages in the store were computed with. Of every
// final or revised latest vintage the figures are computed from its stored inputs with its register and with
// this one. FAILED_PRECONDITION: they differ, or other points are asked for, and no new revision of the
// series and month is meant; the message lists what would change and says how to mean it.
absl::Status CheckRegisterChange(const StoreReader& store, const Register& wanted, const MonthMethod& method);

}  // namespace kansoku::aggregator
