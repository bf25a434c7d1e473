// SPDX-License-Identifier: Apache-2.0
#include "proto/contract/config_text.h"

#include <google/protobuf/descriptor.h>
#include <yaml-cpp/depthguard.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "proto/contract/config_rule.h"
#include "proto/contract/field_text.h"

namespace kansoku {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

std::string Keys(const Descriptor& type) {
  std::vector<std::string> keys;
  for (int i = 0; i < type.field_count(); ++i) keys.push_back(type.field(i)->name());
  return absl::StrJoin(keys, ", ");
}

std::string Join(const std::string& path, const std::string& key) {
  return path.empty() ? key : absl::StrCat(path, ".", key);
}

// Depth is bounded by the schema, which nests no message in itself, and never by the file: aliases cannot
// make the loader visit more than (keys of the file) x (fields of the schema) nodes.
class Loader {
 public:
  explicit Loader(ConfigPlaces& places) : places_(places) {}

  absl::Status Fill(const YAML::Node& node, const std::string& path, Message& message) {
    const Descriptor& type = *message.GetDescriptor();
    if (!node.IsMap() && !node.IsNull()) {
      return places_.At(path, absl::StrCat("expected keys and values; known keys: ", Keys(type)));
    }
    std::set<std::string> seen;
    for (const auto& entry : node) {
      if (!entry.first.IsScalar()) return places_.At(path, "a key must be a word");
      const std::string& key = entry.first.Scalar();
      const std::string inner = Join(path, key);
      places_.Remember(inner, entry.first.Mark().line + 1);
      const FieldDescriptor* field = type.FindFieldByName(key);
      if (field == nullptr) return places_.At(inner, absl::StrCat("unknown key; known here: ", Keys(type)));
      if (!seen.insert(key).second) return places_.At(inner, "this key is given twice");
      const absl::Status status = field->is_repeated() ? FillList(entry.second, inner, *field, message)
                                                       : FillOne(entry.second, inner, *field, message);
      if (!status.ok()) return status;
    }
    return Complete(path, seen, message);
  }

 private:
  absl::Status FillList(const YAML::Node& node, const std::string& path, const FieldDescriptor& field,
                        Message& message) {
    if (!node.IsSequence() && !node.IsNull()) {
      return places_.At(path, "expected a list (lines that begin with a dash)");
    }
    if (RuleOf(field).required() && node.size() == 0) return places_.At(path, "expected at least one entry");
    for (size_t i = 0; i < node.size(); ++i) {
      const std::string inner = absl::StrCat(path, "[", i, "]");
      places_.Remember(inner, node[i].Mark().line + 1);
      if (absl::Status status = FillOne(node[i], inner, field, message); !status.ok()) return status;
    }
    return absl::OkStatus();
  }

  absl::Status FillOne(const YAML::Node& node, const std::string& path, const FieldDescriptor& field,
                       Message& message) {
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      const auto& reflection = *message.GetReflection();
      return Fill(node, path,
                  field.is_repeated() ? *reflection.AddMessage(&message, &field)
                                      : *reflection.MutableMessage(&message, &field));
    }
    if (!node.IsScalar()) return places_.At(path, "expected one value");
    return FillScalar(node.Scalar(), path, field, message);
  }

  absl::Status FillScalar(const std::string& text, const std::string& path, const FieldDescriptor& field,
                          Message& message) {
    const std::string complaint = SetFieldFromText(text, field, message);
    return complaint.empty() ? absl::OkStatus() : places_.At(path, complaint);
  }

  // Defaults for the absent keys, and a complaint for the required ones.
  absl::Status Complete(const std::string& path, const std::set<std::string>& seen, Message& message) {
    const Descriptor& type = *message.GetDescriptor();
    for (int i = 0; i < type.field_count(); ++i) {
      const FieldDescriptor& field = *type.field(i);
      if (seen.contains(field.name())) continue;
      const v1::Rule& rule = RuleOf(field);
      const std::string inner = Join(path, field.name());
      absl::Status status;
      if (rule.required()) {
        status = places_.At(inner, "this key is missing");
      } else if (!rule.default_value().empty()) {
        status = FillScalar(rule.default_value(), inner, field, message);
      } else if (IsSectionOfDefaults(field)) {
        status = Complete(inner, {}, *message.GetReflection()->MutableMessage(&message, &field));
      }
      if (!status.ok()) return status;
    }
    return absl::OkStatus();
  }

  // Whether a section can be made up from nothing.
  static bool IsSectionOfDefaults(const FieldDescriptor& field) {
    if (field.is_repeated() || field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) return false;
    const Descriptor& type = *field.message_type();
    for (int i = 0; i < type.field_count(); ++i) {
      if (RuleOf(*type.field(i)).required()) return false;
    }
    return true;
  }

  ConfigPlaces& places_;
};

absl::Status NotYaml(const std::string& file, int line, const std::string& why) {
  return absl::InvalidArgumentError(
      absl::StrCat(file, line > 0 ? absl::StrCat(":", line) : "", ": not YAML: ", why));
}

class IgnoredEvents final : public YAML::EventHandler {
  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
  void OnAlias(const YAML::Mark&, YAML::anchor_t) override {}
  void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t, const std::string&) override {}
  void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {}
  void OnSequenceEnd() override {}
  void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {
  }
  void OnMapEnd() override {}
};

// YAML::LoadAll would never end on text that begins with a comma: to the library each try finds one more
// empty document there.
bool HasSecondDocument(const std::string& text) {
  std::istringstream stream(text);
  YAML::Parser parser(stream);
  IgnoredEvents ignored;
  return parser.HandleNextDocument(ignored) && parser.HandleNextDocument(ignored);
}

}  // namespace

absl::Status ConfigPlaces::At(std::string_view path, std::string_view what) const {
  std::string nearest(path);
  auto line = lines_.find(nearest);
  while (line == lines_.end() && !nearest.empty()) {
    const size_t cut = nearest.find_last_of(".[");
    nearest.resize(cut == std::string::npos ? 0 : cut);
    line = lines_.find(nearest);
  }
  std::string message = file_;
  if (line != lines_.end()) absl::StrAppend(&message, ":", line->second);
  if (!path.empty()) absl::StrAppend(&message, ": ", std::string(path));
  return absl::InvalidArgumentError(absl::StrCat(message, ": ", std::string(what)));
}

absl::StatusOr<ConfigPlaces> ParseConfig(std::string_view yaml, std::string_view file, Message& config) {
  config.Clear();
  ConfigPlaces places{std::string(file)};
  try {
    const std::string text(yaml);
    if (HasSecondDocument(text)) return places.At("", "expected one document; a line of --- begins another");
    const YAML::Node root = YAML::Load(text);
    if (absl::Status status = Loader(places).Fill(root, "", config); !status.ok()) return status;
  } catch (const YAML::DeepRecursion& error) {
    return NotYaml(std::string(file), error.mark.line + 1, "nested too deeply");
  } catch (const YAML::Exception& error) {
    return NotYaml(std::string(file), error.mark.line + 1, error.msg);
  }
  return places;
}

}  // namespace kansoku
