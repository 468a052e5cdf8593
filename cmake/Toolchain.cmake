# SPDX-License-Identifier: Apache-2.0
# What holds for every target: warnings (per target, see sluice_flags), hardening, sanitizers, speed of
# the build itself.
find_program(CCACHE ccache)
if(CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE})
endif()

find_program(MOLD mold)
if(MOLD)
  add_link_options(-fuse-ld=mold)
endif()

include(CheckPIESupported)
check_pie_supported()

add_library(sluice_flags INTERFACE)
target_compile_options(sluice_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Wold-style-cast
  -Wcast-qual -Woverloaded-virtual -Wformat=2 -Werror
  -fstack-protector-strong -fstack-clash-protection
  $<$<STREQUAL:${CMAKE_SYSTEM_PROCESSOR},x86_64>:-fcf-protection>
  # libstdc++ 12's stable_sort calls a function that it deprecates; clang sees through to it.
  # And what -Wconversion means is the same for both: without signs.
  $<$<CXX_COMPILER_ID:Clang>:-Wno-deprecated-declarations$<SEMICOLON>-Wno-sign-conversion>
  # g++ 12 sees overlapping copies in string appends where there are none, once it optimises.
  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<VERSION_LESS:$<CXX_COMPILER_VERSION>,13>>:-Wno-restrict>
  -ffile-prefix-map=${PROJECT_SOURCE_DIR}=.)
target_compile_definitions(sluice_flags INTERFACE
  _GLIBCXX_ASSERTIONS
  $<$<CONFIG:Release>:_FORTIFY_SOURCE=3>
  $<$<BOOL:${SLUICE_FAILPOINTS}>:SLUICE_FAILPOINTS>)
target_link_options(sluice_flags INTERFACE -Wl,-z,relro,-z,now)

if(SLUICE_SANITIZE)
  add_compile_options(-fsanitize=${SLUICE_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${SLUICE_SANITIZE})
endif()
