// SPDX-License-Identifier: Apache-2.0
#include "collector/reload.h"

#include <google/protobuf/util/message_differencer.h>

#include <algorithm>
#include <memory>

#include "absl/strings/str_cat.h"
#include "proto/contract/config_rule.h"

namespace kansoku::collector {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::util::MessageDifferencer;

// A message with nothing but this field.
std::unique_ptr<Message> Only(const FieldDescriptor& field, const Message& message) {
  const std::unique_ptr<Message> whole(message.New());
  whole->CopyFrom(message);
  std::unique_ptr<Message> only(message.New());
  only->GetReflection()->SwapFields(only.get(), whole.get(), {&field});
  return only;
}

bool IsSection(const FieldDescriptor& field) {
  return field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && !field.is_repeated();
}

bool IsSame(const v1::LinkConfig& a, const v1::LinkConfig& b) {
  return a.point() == b.point() && a.interface() == b.interface() && a.file() == b.file();
}

// Which sides are captured, and how, was settled when the link was opened.
bool WatchesTheSame(const v1::LinkConfig& a, const v1::LinkConfig& b) {
  const auto is_given = [](v1::Direction direction) { return direction != v1::DIRECTION_UNSPECIFIED; };
  return a.has_side() && b.has_side() && is_given(a.side().received()) == is_given(b.side().received()) &&
         is_given(a.side().sent()) == is_given(b.side().sent());
}

bool IsTaken(const FieldDescriptor& field, const Message& wanted, const Message& running) {
  if (field.containing_type() == v1::LinkConfig::descriptor() &&
      field.number() == v1::LinkConfig::kSideFieldNumber) {
    return WatchesTheSame(static_cast<const v1::LinkConfig&>(wanted),
                          static_cast<const v1::LinkConfig&>(running));
  }
  return RuleOf(field).reloads();
}

class Planning {
 public:
  explicit Planning(ReloadPlan& plan) : plan_(plan) {}

  void Links(const v1::CollectorConfig& wanted) {
    auto& running = *plan_.config.mutable_links();
    for (int i = 0; i < wanted.links_size(); ++i) {
      const v1::LinkConfig& link = wanted.links(i);
      const std::string path = absl::StrCat("links[", i, "]");
      const auto same = std::find_if(running.begin(), running.end(),
                                     [&](const v1::LinkConfig& other) { return IsSame(link, other); });
      if (same == running.end()) {
        plan_.awaiting_restart.push_back(path);
      } else {
        Section(link, path + ".", *same);
      }
    }
    for (const v1::LinkConfig& link : running) {
      const bool stays = std::any_of(wanted.links().begin(), wanted.links().end(),
                                     [&](const v1::LinkConfig& other) { return IsSame(link, other); });
      if (!stays) plan_.awaiting_restart.push_back(absl::StrCat("links (", link.point(), ")"));
    }
  }

  void Section(const Message& wanted, const std::string& path, Message& running) {
    for (int i = 0; i < wanted.GetDescriptor()->field_count(); ++i) {
      const FieldDescriptor& field = *wanted.GetDescriptor()->field(i);
      if (field.number() == v1::CollectorConfig::kLinksFieldNumber &&
          wanted.GetDescriptor() == v1::CollectorConfig::descriptor()) {
        continue;
      }
      Field(field, wanted, path, running);
    }
  }

 private:
  void Field(const FieldDescriptor& field, const Message& wanted, const std::string& path, Message& running) {
    const std::unique_ptr<Message> next = Only(field, wanted);
    if (MessageDifferencer::Equals(*next, *Only(field, running))) return;
    const std::string key = path + field.name();
    const google::protobuf::Reflection& reflection = *wanted.GetReflection();
    if (IsTaken(field, wanted, running)) {
      plan_.taken.push_back(key);
      reflection.SwapFields(&running, next.get(), {&field});
    } else if (IsSection(field) && reflection.HasField(running, &field) &&
               reflection.HasField(wanted, &field)) {
      Section(reflection.GetMessage(wanted, &field), key + ".", *reflection.MutableMessage(&running, &field));
    } else {
      plan_.awaiting_restart.push_back(key);
    }
  }

  ReloadPlan& plan_;
};

}  // namespace

ReloadPlan PlanReload(const v1::CollectorConfig& running, const v1::CollectorConfig& wanted) {
  ReloadPlan plan{.config = running};
  Planning planning(plan);
  planning.Section(wanted, "", plan.config);
  planning.Links(wanted);
  return plan;
}

}  // namespace kansoku::collector
