// SPDX-License-Identifier: Apache-2.0
#include "tests/proto/breaking_changes.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace kansoku::testing {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::DescriptorPool;
using google::protobuf::EnumDescriptor;
using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::FileDescriptor;
using google::protobuf::FileDescriptorSet;
using google::protobuf::MethodDescriptor;
using google::protobuf::ServiceDescriptor;

// Everything about a field that is seen on the wire, or in text: "repeated kansoku.v1.Cell cells = 3".
std::string Declaration(const FieldDescriptor& field) {
  std::string type = field.type_name();
  if (field.message_type() != nullptr) type = field.message_type()->full_name();
  if (field.enum_type() != nullptr) type = field.enum_type()->full_name();
  std::string text = absl::StrCat(field.is_repeated()    ? "repeated "
                                  : field.has_presence() ? "optional "
                                                         : "",
                                  type, " ", field.name(), " = ", field.number());
  if (field.json_name() != field.camelcase_name()) absl::StrAppend(&text, " json ", field.json_name());
  if (field.is_packable() && !field.is_packed()) absl::StrAppend(&text, " not packed");
  if (field.real_containing_oneof() != nullptr)
    absl::StrAppend(&text, " in oneof ", field.real_containing_oneof()->name());
  return text;
}

std::string Declaration(const EnumValueDescriptor& value) {
  return absl::StrCat(value.name(), " = ", value.number());
}

std::string Declaration(const MethodDescriptor& method) {
  const auto stream = [](bool streams) { return streams ? "stream " : ""; };
  return absl::StrCat(method.name(), "(", stream(method.client_streaming()), method.input_type()->full_name(),
                      ") returns (", stream(method.server_streaming()), method.output_type()->full_name(),
                      ")");
}

class Comparison {
 public:
  explicit Comparison(const DescriptorPool& now) : now_(now) {}

  void Compare(const FileDescriptor& file) {
    for (int i = 0; i < file.message_type_count(); ++i) Compare(*file.message_type(i));
    for (int i = 0; i < file.enum_type_count(); ++i) Compare(*file.enum_type(i));
    for (int i = 0; i < file.service_count(); ++i) Compare(*file.service(i));
    for (int i = 0; i < file.extension_count(); ++i) {
      const FieldDescriptor& extension = *file.extension(i);
      Judge(extension.full_name(), Declaration(extension), now_.FindExtensionByName(extension.full_name()));
    }
  }

  std::vector<std::string> Take() { return std::move(changes_); }

 private:
  // Deleted things must stay reserved.
  template <typename Thing, typename Owner>
  void JudgeNumbered(const Thing& released, const Thing* now, const Owner& owner) {
    const std::string declaration = Declaration(released);
    if (now != nullptr) {
      Judge(owner.full_name(), declaration, now);
      return;
    }
    if (!owner.IsReservedNumber(released.number()))
      Add(owner.full_name(), declaration, absl::StrCat("is gone: say reserved ", released.number()));
    if (!owner.IsReservedName(released.name()))
      Add(owner.full_name(), declaration, absl::StrCat("is gone: say reserved \"", released.name(), "\""));
  }

  template <typename Thing>
  void Judge(const std::string& where, const std::string& declaration, const Thing* now) {
    if (now == nullptr) return Add(where, declaration, "is gone");
    if (Declaration(*now) != declaration) Add(where, declaration, absl::StrCat("is now ", Declaration(*now)));
  }

  template <typename Owner>
  void CompareReserved(const Owner& released, const Owner& now) {
    for (int i = 0; i < released.reserved_name_count(); ++i) {
      if (!now.IsReservedName(released.reserved_name(i)))
        Add(released.full_name(), absl::StrCat("reserved \"", released.reserved_name(i), "\""), "is gone");
    }
  }

  void Compare(const Descriptor& released) {
    const Descriptor* const now = now_.FindMessageTypeByName(released.full_name());
    if (now == nullptr) return Add(released.full_name(), "the message", "is gone");
    for (int i = 0; i < released.field_count(); ++i) {
      const FieldDescriptor& field = *released.field(i);
      JudgeNumbered(field, now->FindFieldByNumber(field.number()), *now);
    }
    CompareReserved(released, *now);
    for (int i = 0; i < released.reserved_range_count(); ++i) {
      const Descriptor::ReservedRange& range = *released.reserved_range(i);
      for (int number = range.start; number < range.end; ++number) {
        if (!now->IsReservedNumber(number))
          Add(released.full_name(), absl::StrCat("reserved ", number), "is gone");
      }
    }
    for (int i = 0; i < released.nested_type_count(); ++i) Compare(*released.nested_type(i));
    for (int i = 0; i < released.enum_type_count(); ++i) Compare(*released.enum_type(i));
  }

  void Compare(const EnumDescriptor& released) {
    const EnumDescriptor* const now = now_.FindEnumTypeByName(released.full_name());
    if (now == nullptr) return Add(released.full_name(), "the enum", "is gone");
    for (int i = 0; i < released.value_count(); ++i) {
      const EnumValueDescriptor& value = *released.value(i);
      JudgeNumbered(value, now->FindValueByNumber(value.number()), *now);
    }
    CompareReserved(released, *now);
    for (int i = 0; i < released.reserved_range_count(); ++i) {
      const EnumDescriptor::ReservedRange& range = *released.reserved_range(i);
      for (int number = range.start; number <= range.end; ++number) {
        if (!now->IsReservedNumber(number))
          Add(released.full_name(), absl::StrCat("reserved ", number), "is gone");
      }
    }
  }

  void Compare(const ServiceDescriptor& released) {
    const ServiceDescriptor* const now = now_.FindServiceByName(released.full_name());
    if (now == nullptr) return Add(released.full_name(), "the service", "is gone");
    for (int i = 0; i < released.method_count(); ++i) {
      const MethodDescriptor& method = *released.method(i);
      Judge(released.full_name(), Declaration(method), now->FindMethodByName(method.name()));
    }
  }

  void Add(const std::string& where, const std::string& what, const std::string& change) {
    changes_.push_back(absl::StrCat(where, ": ", what, " ", change));
  }

  const DescriptorPool& now_;
  std::vector<std::string> changes_;
};

// The set has what is imported before what imports it.
std::vector<const FileDescriptor*> Build(const FileDescriptorSet& files, DescriptorPool& pool) {
  std::vector<const FileDescriptor*> built;
  for (const auto& file : files.file()) built.push_back(pool.BuildFile(file));
  return built;
}

}  // namespace

std::vector<std::string> BreakingChanges(const FileDescriptorSet& released, const FileDescriptorSet& now) {
  DescriptorPool released_pool, now_pool;
  std::vector<std::string> unreadable;
  for (const auto& [files, pool, name] :
       {std::tuple(&released, &released_pool, "released"), std::tuple(&now, &now_pool, "new")}) {
    for (const FileDescriptor* file : Build(*files, *pool)) {
      if (file == nullptr) unreadable.push_back(absl::StrCat("the ", name, " schema cannot be read"));
    }
  }
  if (!unreadable.empty()) return unreadable;
  Comparison comparison(now_pool);
  for (const auto& file : released.file()) {
    if (!absl::StartsWith(file.name(), "google/"))
      comparison.Compare(*released_pool.FindFileByName(file.name()));
  }
  return comparison.Take();
}

}  // namespace kansoku::testing
