# gatehouse_embed_migrations(OUTPUT DIRECTORY): a .cpp that holds every NNNN_name.sql of a directory,
# in order. Numbers are zero-padded to four digits and have no gap; anything else fails here.
function(gatehouse_embed_migrations output directory)
  file(GLOB files CONFIGURE_DEPENDS RELATIVE "${directory}" "${directory}/*")
  list(SORT files)
  set(entries "")
  set(expected 1)
  foreach(file IN LISTS files)
    if(NOT file MATCHES "^([0-9][0-9][0-9][0-9])_([a-z0-9_]+)\\.sql$")
      message(FATAL_ERROR "${directory}/${file}: a migration is called NNNN_name.sql")
    endif()
    set(number "${CMAKE_MATCH_1}")
    set(name "${CMAKE_MATCH_2}")
    string(REGEX REPLACE "^0+" "" number "${number}")
    if(NOT number EQUAL expected)
      message(FATAL_ERROR "${directory}/${file}: expected number ${expected}")
    endif()
    math(EXPR expected "${expected} + 1")
    file(READ "${directory}/${file}" sql)
    string(APPEND entries "    Migration{${number}, \"${name}\", R\"sql(${sql})sql\"},\n")
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${directory}/${file}")
  endforeach()
  file(CONFIGURE OUTPUT "${output}" CONTENT "// Made from edge/store/migrations by cmake/embed.cmake.
#include \"edge/store/migrate.hpp\"

namespace gatehouse::store {

std::span<const Migration> migrations() {
  static constexpr Migration all[] = {
${entries}  };
  return all;
}

}  // namespace gatehouse::store
" @ONLY)
endfunction()
