# gatehouse_embed_console(OUTPUT): has OUTPUT, a .cpp, made from the pages of edge/console: a table
# of bytes (edge/api/assets.hpp), made anew whenever a page changes. Run as a script it makes it.
if(CMAKE_SCRIPT_MODE_FILE)
  set(type_of_html "text/html; charset=utf-8")
  set(type_of_css "text/css; charset=utf-8")
  set(type_of_js "text/javascript; charset=utf-8")
  set(type_of_svg "image/svg+xml")
  set(type_of_png "image/png")
  set(arrays "")
  set(rows "")
  set(number 0)
  foreach(file IN LISTS FILES)
    get_filename_component(extension "${file}" LAST_EXT)
    string(SUBSTRING "${extension}" 1 -1 extension)
    if(NOT DEFINED type_of_${extension})
      message(FATAL_ERROR "${file}: no content type is known for .${extension}")
    endif()
    file(SHA256 "${ROOT}/${file}" hash)
    string(SUBSTRING "${hash}" 0 16 tag)
    file(SIZE "${ROOT}/${file}" size)
    file(READ "${ROOT}/${file}" hex HEX)
    string(REGEX REPLACE "(..)" "'\\\\x\\1'," bytes "${hex}")
    string(REGEX REPLACE "('[^']*',)('[^']*',)('[^']*',)('[^']*',)('[^']*',)('[^']*',)('[^']*',)('[^']*',)"
           "\\1\\2\\3\\4\\5\\6\\7\\8\n" bytes "${bytes}")
    string(APPEND arrays "// ${file}\nconstexpr char bytes_${number}[] = {\n${bytes}};\n")
    string(APPEND rows "    Asset{\"${file}\", \"${type_of_${extension}}\", \"\\\"${tag}\\\"\", {bytes_${number}, ${size}}},\n")
    math(EXPR number "${number} + 1")
  endforeach()
  file(WRITE "${OUTPUT}" "// Made from edge/console by edge/console/embed.cmake.
#include \"edge/api/assets.hpp\"

namespace gatehouse::api {
namespace {

${arrays}
}  // namespace

std::span<const Asset> console_assets() {
  static constexpr Asset all[] = {
${rows}  };
  return all;
}

}  // namespace gatehouse::api
")
  return()
endif()

set(GATEHOUSE_CONSOLE_DIR "${CMAKE_CURRENT_LIST_DIR}")
function(gatehouse_embed_console output)
  file(GLOB_RECURSE files CONFIGURE_DEPENDS RELATIVE "${GATEHOUSE_CONSOLE_DIR}"
       "${GATEHOUSE_CONSOLE_DIR}/*/*")
  list(SORT files)
  list(TRANSFORM files PREPEND "${GATEHOUSE_CONSOLE_DIR}/" OUTPUT_VARIABLE paths)
  add_custom_command(
    OUTPUT "${output}"
    COMMAND "${CMAKE_COMMAND}" "-DFILES=${files}" "-DROOT=${GATEHOUSE_CONSOLE_DIR}"
            "-DOUTPUT=${output}" -P "${GATEHOUSE_CONSOLE_DIR}/embed.cmake"
    DEPENDS ${paths} "${GATEHOUSE_CONSOLE_DIR}/embed.cmake"
    VERBATIM)
endfunction()
