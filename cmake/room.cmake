# gatehouse_room(NAME SOURCES … [USES …] [NEEDS …])
# One room of the house: a static library gatehouse_NAME.
# USES: what its headers show (PUBLIC). NEEDS: what only its .cpp files touch (PRIVATE).
function(gatehouse_room name)
  cmake_parse_arguments(ROOM "" "" "SOURCES;USES;NEEDS" ${ARGN})
  add_library(gatehouse_${name} STATIC ${ROOM_SOURCES})
  target_include_directories(gatehouse_${name} PUBLIC "${PROJECT_SOURCE_DIR}")
  target_link_libraries(gatehouse_${name}
    PUBLIC gatehouse_options ${ROOM_USES}
    PRIVATE gatehouse_warnings ${ROOM_NEEDS})
  gatehouse_precompile(gatehouse_${name})
endfunction()
