// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"

namespace kansoku::aggregator {

// How many of something each peer may have at a time, so that none takes what is there for all. Any thread.
class PeerShare {
 private:
  struct State {
    std::mutex mutex;
    absl::flat_hash_map<std::string, int> taken;  // guarded by mutex
  };

 public:
  explicit PeerShare(int most) : most_(most), state_(std::make_shared<State>()) {}

  // Held by whoever took a place, for as long as it does; may outlive the PeerShare.
  class Place {
   public:
    Place() = default;
    Place(Place&& other) noexcept
        : state_(std::exchange(other.state_, nullptr)), peer_(std::move(other.peer_)) {}
    Place& operator=(Place&& other) noexcept {
      std::swap(state_, other.state_);
      std::swap(peer_, other.peer_);
      return *this;
    }
    ~Place() {
      if (state_ == nullptr) return;
      const std::lock_guard lock(state_->mutex);
      const auto taken = state_->taken.find(peer_);
      if (--taken->second == 0) state_->taken.erase(taken);
    }

   private:
    friend class PeerShare;
    Place(std::shared_ptr<State> state, std::string peer)
        : state_(std::move(state)), peer_(std::move(peer)) {}

    std::shared_ptr<State> state_;
    std::string peer_;
  };

  // Nothing if the peer has all of its share.
  std::optional<Place> TryTake(const std::string& peer) {
    const std::lock_guard lock(state_->mutex);
    int& taken = state_->taken[peer];
    if (taken >= most_) return std::nullopt;
    ++taken;
    return Place(state_, peer);
  }

 private:
  const int most_;
  const std::shared_ptr<State> state_;
};

}  // namespace kansoku::aggregator
