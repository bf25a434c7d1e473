// SPDX-License-Identifier: Apache-2.0
//
// A TCP relay on loopback that fails as a link does: it cuts, refuses, stalls, delays and chops, leaves one
// end believing in a connection whose other end is gone, and says again what was said on an earlier
// connection.
#pragma once

#include <netinet/in.h>

#include <chrono>
#include <cstdint>
#include <deque>
#include <list>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <thread>

namespace kansoku::testing {

class FaultyRelay {
 public:
  using Clock = std::chrono::steady_clock;

  struct Faults {
    bool refuses = false;                        // new connections are reset
    bool stalls = false;                         // nothing is read or written
    std::chrono::milliseconds longest_delay{0};  // each piece waits up to so long; their order stays
    size_t largest_piece = 65536;                // octets handed on at a time
  };

  // Aborts if it cannot listen. Until ForwardTo() connections are reset.
  explicit FaultyRelay(uint64_t seed);
  ~FaultyRelay();

  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

  // What follows: any thread.
  void ForwardTo(const std::string& address);  // "IPv4:port"; empty: nowhere
  void Set(const Faults& faults);
  // These three tell whether they met anything.
  bool Reset();  // every connection, both ends at once; what it held is gone

  // Every connection loses its far end; what the near one sends vanishes. It learns of it from silence alone.
  bool Forget();

  // Opens a connection of its own and sends, from the first octet on, what the client sent on one of the
  // connections before: a duplicate of the whole stream, behind or in between of newer ones. Answers vanish.
  bool Replay();

 private:
  struct Piece {
    Clock::time_point due;
    std::string octets;
  };
  struct Direction {
    std::deque<Piece> pieces;
    Clock::time_point last_due;
  };
  struct Connection {
    int client = -1;  // -1: a replay
    int server = -1;  // -1: forgotten
    Direction up, down;
    bool ends = false;  // one end has closed: closed once the other has all that was underway
    std::string said;   // by the client, since the beginning
  };

  void Run(const std::stop_token& stop);
  void Accept();
  void Move(Connection& connection);
  bool Read(int from, Direction& direction, std::string* said);
  bool Write(int to, Direction& direction);
  static void Close(Connection& connection, bool reset);
  int Connect() const;
  Clock::time_point NextDue() const;
  void Wake();

  int listener_ = -1;
  int wake_[2] = {-1, -1};  // a pipe: a byte in it ends the wait
  uint16_t port_ = 0;

  std::mutex mutex_;
  std::optional<sockaddr_in> destination_;  // this and what follows: guarded by mutex_
  Faults faults_;
  std::mt19937_64 random_;
  std::list<Connection> connections_;
  std::deque<std::string> heard_;  // what clients said on connections that have ended

  std::jthread thread_;
};

}  // namespace kansoku::testing
