# SPDX-License-Identifier: Apache-2.0
# Debian's package brings no CMake file.
find_path(S2_INCLUDE_DIR s2/s2polygon.h REQUIRED)
find_library(S2_LIBRARY s2 REQUIRED)
add_library(S2::S2 UNKNOWN IMPORTED)
set_target_properties(S2::S2 PROPERTIES IMPORTED_LOCATION "${S2_LIBRARY}"
                                        INTERFACE_INCLUDE_DIRECTORIES "${S2_INCLUDE_DIR}")
