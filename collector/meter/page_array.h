// SPDX-License-Identifier: Apache-2.0
//
// A large array that is in memory from its first use on: no page is missing when a packet needs it.
#pragma once

#include <sys/mman.h>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <new>
#include <type_traits>

namespace kansoku::collector {

// Of fixed size. Every element is value-initialised, which touches its memory; a large array asks Linux for
// huge pages first, because a table that is read at random otherwise misses the translation cache each time.
template <typename T>
class PageArray {
 public:
  explicit PageArray(size_t size) : elements_(Allocate(size), Free{size}), size_(size) {
    std::uninitialized_value_construct_n(elements_.get(), size);
  }

  T& operator[](size_t i) { return elements_.get()[i]; }
  const T& operator[](size_t i) const { return elements_.get()[i]; }
  size_t size() const { return size_; }
  T* begin() { return elements_.get(); }
  T* end() { return begin() + size_; }
  const T* begin() const { return elements_.get(); }

 private:
  static_assert(std::is_trivially_destructible_v<T>);
  static constexpr size_t kHugePageOctets = size_t{2} << 20;

  static std::align_val_t Alignment(size_t size) {
    const bool is_large = size * sizeof(T) >= kHugePageOctets;
    return std::align_val_t(is_large ? kHugePageOctets : std::max<size_t>(alignof(T), 64));
  }
  static T* Allocate(size_t size) {
    void* memory = ::operator new(size * sizeof(T), Alignment(size));
    // A kernel without huge pages refuses; the array is then only slower.
    if (Alignment(size) == std::align_val_t(kHugePageOctets)) {
      madvise(memory, size * sizeof(T), MADV_HUGEPAGE);
    }
    return static_cast<T*>(memory);
  }
  struct Free {
    size_t size;
    void operator()(T* elements) const { ::operator delete(elements, Alignment(size)); }
  };

  std::unique_ptr<T, Free> elements_;
  size_t size_;
};

}  // namespace kansoku::collector
