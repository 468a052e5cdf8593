# SPDX-License-Identifier: Apache-2.0
# Fails when a file under src/<library>/ includes a library that its CMake USES does not name.
# GRAPH: lines `library:use,use`; SRC: the src folder.
cmake_minimum_required(VERSION 3.25)
file(STRINGS ${GRAPH} rows)
foreach(row IN LISTS rows)
  string(REGEX MATCH "^([a-z0-9_]+):(.*)$" _ "${row}")
  set(library ${CMAKE_MATCH_1})
  string(REPLACE "," ";" uses "${CMAKE_MATCH_2}")
  list(APPEND known ${library})
  file(GLOB_RECURSE files ${SRC}/${library}/*.hpp ${SRC}/${library}/*.cpp)
  foreach(file IN LISTS files)
    file(STRINGS ${file} includes REGEX "^#include \"[a-z0-9_]+/")
    foreach(line IN LISTS includes)
      string(REGEX REPLACE "^#include \"([a-z0-9_]+)/.*" "\\1" used "${line}")
      if(NOT used STREQUAL library AND NOT used IN_LIST uses)
        message(SEND_ERROR "${file}: ${library} may not include ${used}/ (allowed: ${uses})")
      endif()
    endforeach()
  endforeach()
endforeach()

# A folder that no sluice_library() claims would escape the check.
file(GLOB folders RELATIVE ${SRC} ${SRC}/*)
foreach(folder IN LISTS folders)
  if(IS_DIRECTORY ${SRC}/${folder} AND NOT folder IN_LIST known)
    message(SEND_ERROR "${SRC}/${folder} has no sluice_library(${folder} ...)")
  endif()
endforeach()
