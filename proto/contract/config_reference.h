// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <google/protobuf/descriptor.h>

#include <string>

namespace kansoku {

// A table in Markdown of every key that a configuration may hold: what it accepts, its default, its meaning.
// The meanings are the schema's comments, so `config` must come from a descriptor set with source
// information; a generated descriptor has none. Any thread.
std::string ConfigReferenceMarkdown(const google::protobuf::Descriptor& config);

}  // namespace kansoku
