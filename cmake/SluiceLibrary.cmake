# SPDX-License-Identifier: Apache-2.0

# One library per folder of src/, with its tests and its place in the layers, in one call:
#
#   sluice_library(kql
#     HEADERS  lexer.hpp parser.hpp        # each is compiled alone by `all_verify_interface_header_sets`
#     SOURCES  lexer.cpp parser.cpp
#     TESTS    lexer_test.cpp              # become the test binary and the ctest `kql`
#     USES     base                        # our libraries that our files may include
#     LINKS    simdjson::simdjson)         # foreign libraries, for our sources only
function(sluice_library name)
  cmake_parse_arguments(PARSE_ARGV 1 lib "" "" "HEADERS;SOURCES;TESTS;USES;LINKS")
  if(lib_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "sluice_library(${name}): unknown arguments ${lib_UNPARSED_ARGUMENTS}")
  endif()
  string(REPLACE ";" "," uses "${lib_USES}")
  set_property(GLOBAL APPEND PROPERTY SLUICE_LAYER_ROWS "${name}:${uses}")
  if(NOT lib_SOURCES)
    add_library(${name} INTERFACE)
    target_include_directories(${name} INTERFACE ${PROJECT_SOURCE_DIR}/src)
    return()
  endif()
  add_library(${name} STATIC ${lib_SOURCES})
  target_sources(${name} PUBLIC FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR}/src
                                FILES ${lib_HEADERS})
  target_link_libraries(${name} PUBLIC ${lib_USES} tl::expected
                                PRIVATE ${lib_LINKS} fmt::fmt sluice_flags)
  if(lib_TESTS)
    add_executable(${name}_test ${lib_TESTS})
    target_link_libraries(${name}_test
      PRIVATE ${name} ${lib_LINKS} fmt::fmt sluice_flags GTest::gmock_main)
    add_test(NAME ${name} COMMAND ${name}_test)
    set_tests_properties(${name} PROPERTIES
      ENVIRONMENT "SLUICE_SOURCE_DIR=${PROJECT_SOURCE_DIR}" LABELS unit)
  endif()
endfunction()

# Registers the ctest `layers`: no file includes a library that its USES does not name.
function(sluice_check_layers)
  get_property(rows GLOBAL PROPERTY SLUICE_LAYER_ROWS)
  list(JOIN rows "\n" text)
  file(WRITE ${CMAKE_BINARY_DIR}/layers.txt "${text}\n")
  add_test(NAME layers
    COMMAND ${CMAKE_COMMAND} -DGRAPH=${CMAKE_BINARY_DIR}/layers.txt -DSRC=${PROJECT_SOURCE_DIR}/src
            -P ${PROJECT_SOURCE_DIR}/cmake/CheckLayers.cmake)
endfunction()
