# gatehouse_precompile(TARGET [HEADERS …]): the standard library's headers that nearly every file
# uses, and HEADERS, read once for the whole target: a third less to compile. Only where the build is
# sanitized: `release` and `tidy` compile every file by itself, so that one which does not include
# what it needs is found there.
function(gatehouse_precompile target)
  if(NOT GATEHOUSE_SANITIZE)
    return()
  endif()
  target_precompile_headers(${target} PRIVATE
    <algorithm> <array> <atomic> <charconv> <chrono> <cstdint> <expected> <filesystem> <functional>
    <map> <memory> <mutex> <optional> <set> <span> <string> <string_view> <unordered_map> <utility>
    <variant> <vector> ${ARGN})
endfunction()
