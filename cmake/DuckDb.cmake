# SPDX-License-Identifier: Apache-2.0
# The target duckdb::duckdb: a system libduckdb of the 1.4 line when there is one, else what
# scripts/bootstrap put under third_party/duckdb. The header says nothing about its version, so it is
# read from beside it, and compared with what the library answers.
set(SLUICE_DUCKDB_ROOT ${PROJECT_SOURCE_DIR}/third_party/duckdb CACHE PATH
    "Where lib/libduckdb.so and include/duckdb.h are, when the system has no libduckdb")

# Sets `out` to the version that the files beside duckdb.h name ("v1.4.4"), or to "".
function(duckdb_header_version include_dir out)
  set(version "")
  foreach(file duckdb_header_version.txt duckdb.hpp)
    if(NOT version AND EXISTS ${include_dir}/${file})
      file(STRINGS ${include_dir}/${file} lines REGEX "^#define DUCKDB_VERSION " LIMIT_COUNT 1)
      if(lines MATCHES "\"(v[^\"]+)\"")
        set(version ${CMAKE_MATCH_1})
      endif()
    endif()
  endforeach()
  set(${out} "${version}" PARENT_SCOPE)
endfunction()

# Sets `out` to what duckdb_library_version() answers, or to "" when no program links or runs.
function(duckdb_library_version include_dir library out)
  try_run(exit_code compiled
    SOURCE_FROM_CONTENT duckdb_version.cpp
      "#include <cstdio>\n#include <duckdb.h>\nint main() { std::fputs(duckdb_library_version(), stdout); }\n"
    LINK_LIBRARIES ${library}
    CMAKE_FLAGS "-DINCLUDE_DIRECTORIES=${include_dir}"
    COMPILE_OUTPUT_VARIABLE compile_output
    RUN_OUTPUT_VARIABLE answer)
  if(compiled AND exit_code EQUAL 0)
    set(${out} "${answer}" PARENT_SCOPE)
  else()
    set(${out} "" PARENT_SCOPE)
    set(duckdb_problem "${compile_output}" PARENT_SCOPE)
  endif()
endfunction()

find_library(duckdb_system_library duckdb)
find_path(duckdb_system_include duckdb.h)
mark_as_advanced(duckdb_system_library duckdb_system_include)
set(duckdb_library ${SLUICE_DUCKDB_ROOT}/lib/libduckdb.so)
set(duckdb_include ${SLUICE_DUCKDB_ROOT}/include)
if(duckdb_system_library AND duckdb_system_include)
  duckdb_library_version(${duckdb_system_include} ${duckdb_system_library} duckdb_system_version)
  if(duckdb_system_version MATCHES "^v1\\.4\\.")
    set(duckdb_library ${duckdb_system_library})
    set(duckdb_include ${duckdb_system_include})
  else()
    message(STATUS "Passing over ${duckdb_system_library}: ${duckdb_system_version}, not the 1.4 line")
  endif()
endif()

if(NOT EXISTS ${duckdb_library} OR NOT EXISTS ${duckdb_include}/duckdb.h)
  message(FATAL_ERROR "DuckDB is missing (${duckdb_library}, ${duckdb_include}/duckdb.h).\n"
                      "Run scripts/bootstrap.")
endif()
duckdb_library_version(${duckdb_include} ${duckdb_library} duckdb_version)
duckdb_header_version(${duckdb_include} duckdb_header)
if(NOT duckdb_version)
  message(FATAL_ERROR "${duckdb_library} does not link or run with ${duckdb_include}/duckdb.h.\n"
                      "Remove third_party/ and run scripts/bootstrap again.\n${duckdb_problem}")
endif()
if(duckdb_header AND NOT duckdb_header STREQUAL duckdb_version)
  message(FATAL_ERROR "DuckDB's header and library differ:\n"
                      "  ${duckdb_include}/duckdb.h is ${duckdb_header}\n"
                      "  ${duckdb_library} is ${duckdb_version}\n"
                      "Remove third_party/ and run scripts/bootstrap again.")
endif()
message(STATUS "DuckDB ${duckdb_version}: ${duckdb_library}")

# The full path makes CMake write the folder into the RPATH of what is built.
add_library(duckdb::duckdb SHARED IMPORTED)
set_target_properties(duckdb::duckdb PROPERTIES
  IMPORTED_LOCATION ${duckdb_library}
  INTERFACE_INCLUDE_DIRECTORIES ${duckdb_include})
