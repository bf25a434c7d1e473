# SPDX-License-Identifier: Apache-2.0
#
# usage: cmake -D FOLDER=... -D NAMES=a;b -D OUT=FILE -P embed.cmake
#
# Writes the files as constants of C++ (assets.h).
cmake_minimum_required(VERSION 3.25)

set(constants "")
set(rows "")
set(number 0)
foreach(name IN LISTS NAMES)
  file(READ "${FOLDER}/${name}" hex HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," octets "${hex}")
  string(APPEND constants "constexpr char kFile${number}[] = {${octets}'\\0'};\n")
  string(APPEND rows "    {\"${name}\", {kFile${number}, sizeof(kFile${number}) - 1}},\n")
  math(EXPR number "${number} + 1")
endforeach()
file(WRITE "${OUT}" "#include \"aggregator/publish/assets.h\"

#include <array>

namespace kansoku::aggregator {
namespace {
${constants}
constexpr auto kAssets = std::to_array<Asset>({
${rows}});
}  // namespace

std::span<const Asset> Assets() { return kAssets; }

}  // namespace kansoku::aggregator
")
