// SPDX-License-Identifier: Apache-2.0
#include "aggregator/ingest/parsed_size.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>

#include <limits>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

namespace kansoku::aggregator {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::internal::WireFormatLite;

// A message with its pointer and the allocator's own; a string; a number of a list; a field that this version
// does not know, and keeps. Not below what Protobuf takes on a 64-bit machine, growth of lists included.
constexpr uint64_t kMessageOctets = 160, kStringOctets = 64, kNumberOctets = 16, kUnknownOctets = 64;
// Deeper than any message of ours. Protobuf itself goes to 100.
constexpr int kMostDepth = 16;

// What the fields of a message are, by number: descriptors are too slow to be asked for each field.
struct Shape {
  enum class Kind { kUnknown, kNumber, kNumbers, kString, kMessage };
  struct Field {
    Kind kind = Kind::kUnknown;
    const Shape* message = nullptr;
  };
  std::vector<Field> fields;
};

Shape::Kind KindOf(const FieldDescriptor& field) {
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return Shape::Kind::kMessage;
    case FieldDescriptor::CPPTYPE_STRING:
      return Shape::Kind::kString;
    default:
      return field.is_repeated() ? Shape::Kind::kNumbers : Shape::Kind::kNumber;
  }
}

const Shape& ShapeOf(const Descriptor& type, std::map<const Descriptor*, std::unique_ptr<Shape>>& shapes) {
  std::unique_ptr<Shape>& shape = shapes[&type];
  if (shape != nullptr) return *shape;
  shape = std::make_unique<Shape>();
  Shape& made = *shape;
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    const auto number = static_cast<size_t>(field.number());
    if (made.fields.size() <= number) made.fields.resize(number + 1);
    const Shape* message =
        KindOf(field) == Shape::Kind::kMessage ? &ShapeOf(*field.message_type(), shapes) : nullptr;
    made.fields[number] = {KindOf(field), message};
  }
  return made;
}

const Shape& ShapeOf(const Descriptor& type) {
  static std::mutex mutex;
  static auto& shapes = *new std::map<const Descriptor*, std::unique_ptr<Shape>>;
  const std::lock_guard lock(mutex);
  return ShapeOf(type, shapes);
}

class Walk {
 public:
  Walk(google::protobuf::io::ZeroCopyInputStream& wire, uint64_t most) : input_(&wire), most_(most) {
    input_.SetTotalBytesLimit(std::numeric_limits<int>::max());
  }

  bool Message(const Shape& shape, int depth) {
    octets_ += kMessageOctets;
    if (depth > kMostDepth) return false;
    while (octets_ <= most_) {
      const uint32_t tag = input_.ReadTag();
      // 0 is the end, or damage.
      if (tag == 0) return input_.ConsumedEntireMessage();
      const auto number = static_cast<size_t>(WireFormatLite::GetTagFieldNumber(tag));
      const Shape::Field field = number < shape.fields.size() ? shape.fields[number] : Shape::Field{};
      if (!Value(WireFormatLite::GetTagWireType(tag), field, depth)) return false;
    }
    return true;
  }

  uint64_t octets() const { return octets_; }

 private:
  bool Value(WireFormatLite::WireType type, const Shape::Field& field, int depth) {
    if (field.kind == Shape::Kind::kUnknown) octets_ += kUnknownOctets;
    const bool is_packed = type == WireFormatLite::WIRETYPE_LENGTH_DELIMITED;
    if (field.kind == Shape::Kind::kNumbers && !is_packed) octets_ += kNumberOctets;
    uint64_t number = 0;
    uint32_t number32 = 0;
    switch (type) {
      case WireFormatLite::WIRETYPE_VARINT:
        return input_.ReadVarint64(&number);
      case WireFormatLite::WIRETYPE_FIXED64:
        return input_.ReadLittleEndian64(&number);
      case WireFormatLite::WIRETYPE_FIXED32:
        return input_.ReadLittleEndian32(&number32);
      case WireFormatLite::WIRETYPE_LENGTH_DELIMITED:
        return Lengthy(field, depth);
      default:
        return false;  // groups, which no version of ours has
    }
  }

  bool Lengthy(const Shape::Field& field, int depth) {
    int length = 0;
    if (!input_.ReadVarintSizeAsInt(&length)) return false;
    const auto octets = static_cast<uint64_t>(length);
    if (field.kind != Shape::Kind::kMessage) {
      // A list's numbers have an octet each at least.
      octets_ += field.kind == Shape::Kind::kNumbers ? octets * kNumberOctets : octets + kStringOctets;
      return input_.Skip(length);
    }
    const auto outer = input_.PushLimit(length);
    const bool is_whole = Message(*field.message, depth + 1);
    if (octets_ > most_) return true;
    const bool is_read = input_.BytesUntilLimit() == 0;
    input_.PopLimit(outer);
    return is_whole && is_read;
  }

  google::protobuf::io::CodedInputStream input_;
  const uint64_t most_;
  uint64_t octets_ = 0;
};

}  // namespace

std::optional<uint64_t> ParsedOctets(google::protobuf::io::ZeroCopyInputStream& wire, const Descriptor& type,
                                     uint64_t most) {
  Walk walk(wire, most);
  if (!walk.Message(ShapeOf(type), 0)) return std::nullopt;
  return walk.octets();
}

}  // namespace kansoku::aggregator
