// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>
#include <linux/bpf.h>
#include <linux/if_link.h>
#include <net/if.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <string>

namespace kansoku::testing {

// Drops everything that the interface receives before a capture can see it, as hardware forwarding does.
class XdpDrop {
 public:
  explicit XdpDrop(const std::string& interface) {
    const std::array<bpf_insn, 2> program = {
        {{BPF_ALU64 | BPF_MOV | BPF_K, 0, 0, 0, XDP_DROP}, {BPF_JMP | BPF_EXIT, 0, 0, 0, 0}}};
    bpf_attr load{};
    load.prog_type = BPF_PROG_TYPE_XDP;
    load.insns = reinterpret_cast<uint64_t>(program.data());
    load.insn_cnt = program.size();
    load.license = reinterpret_cast<uint64_t>("Apache-2.0");
    program_ = static_cast<int>(syscall(SYS_bpf, BPF_PROG_LOAD, &load, sizeof load));
    bpf_attr attach{};
    attach.link_create.prog_fd = static_cast<uint32_t>(program_);
    attach.link_create.target_ifindex = if_nametoindex(interface.c_str());
    attach.link_create.attach_type = BPF_XDP;
    attach.link_create.flags = XDP_FLAGS_SKB_MODE;
    link_ = static_cast<int>(syscall(SYS_bpf, BPF_LINK_CREATE, &attach, sizeof attach));
    EXPECT_GE(link_, 0);
  }
  ~XdpDrop() {
    close(link_);
    close(program_);
  }

 private:
  int program_ = -1, link_ = -1;
};

}  // namespace kansoku::testing
