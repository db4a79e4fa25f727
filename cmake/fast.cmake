# gatehouse_fast(NAME ROOMS … [FILES …] NEEDS …)
# One static library NAME of whole rooms, and of single files of others: optimised and without
# sanitizers, whatever the rest of the build is. For the seeded world, whose worth is the number of
# seeds that it runs. Where nothing is sanitized the rooms themselves are fast, and NAME is they.
add_library(gatehouse_fast_options INTERFACE)
target_compile_definitions(gatehouse_fast_options INTERFACE GATEHOUSE_VERSION="${PROJECT_VERSION}"
                                                            _GLIBCXX_ASSERTIONS)
# Most of a seed's time goes by in SQLite, which is as fast as Debian made it: -O1 compiles sooner.
# No -g: a seed that fails is replayed by the sanitized program.
target_compile_options(gatehouse_fast_options INTERFACE -O1 -g0)

function(gatehouse_fast name)
  cmake_parse_arguments(FAST "" "" "ROOMS;FILES;NEEDS" ${ARGN})
  if(NOT GATEHOUSE_SANITIZE)
    list(TRANSFORM FAST_ROOMS PREPEND gatehouse_)
    add_library(${name} INTERFACE)
    target_link_libraries(${name} INTERFACE ${FAST_ROOMS})
    return()
  endif()
  set(files "")
  foreach(room IN LISTS FAST_ROOMS)
    get_target_property(sources gatehouse_${room} SOURCES)
    get_target_property(folder gatehouse_${room} SOURCE_DIR)
    foreach(source IN LISTS sources)
      cmake_path(ABSOLUTE_PATH source BASE_DIRECTORY "${folder}")
      list(APPEND files "${source}")
    endforeach()
  endforeach()
  list(TRANSFORM FAST_FILES PREPEND "${PROJECT_SOURCE_DIR}/")
  add_library(${name} STATIC EXCLUDE_FROM_ALL ${files} ${FAST_FILES})
  target_include_directories(${name} PUBLIC "${PROJECT_SOURCE_DIR}")
  # A third less to compile. Whether every file includes what it needs shows where it is compiled
  # the first time, and so do warnings.
  target_precompile_headers(${name} PRIVATE
    <algorithm> <array> <charconv> <chrono> <expected> <functional> <map> <memory> <optional>
    <ranges> <set> <span> <string> <unordered_map> <utility> <variant> <vector>)
  target_link_libraries(${name} PUBLIC gatehouse_fast_options ${FAST_NEEDS})
endfunction()
