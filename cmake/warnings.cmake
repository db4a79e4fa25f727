# Two interface targets that every room links: how we are warned, and how we are hardened.
add_library(gatehouse_warnings INTERFACE)
target_compile_options(gatehouse_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Werror -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast
  -Wnon-virtual-dtor -Woverloaded-virtual -Wcast-align -Wnull-dereference -Wformat=2
  # -Wall is silent when a `default` hides a new enumerator; a life cycle must not be.
  -Wswitch-enum
  # Members left out of a designated initialiser have their defaults: that is what it is for.
  -Wno-missing-field-initializers)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(gatehouse_warnings INTERFACE -Wduplicated-cond -Wlogical-op)
  # g++ 12 reports null dereferences and restricted copies inside inlined standard headers
  # once it optimises or instruments, and unset values of empty optionals; clang-tidy looks for the
  # real ones.
  target_compile_options(gatehouse_warnings INTERFACE -Wno-null-dereference -Wno-restrict
    $<$<CONFIG:RelWithDebInfo>:-Wno-maybe-uninitialized>)
endif()

add_library(gatehouse_options INTERFACE)
target_compile_definitions(gatehouse_options INTERFACE GATEHOUSE_VERSION="${PROJECT_VERSION}")
target_compile_options(gatehouse_options INTERFACE
  $<$<CONFIG:RelWithDebInfo>:-O2>
  -fstack-protector-strong -fstack-clash-protection)
target_compile_definitions(gatehouse_options INTERFACE _GLIBCXX_ASSERTIONS)
target_link_options(gatehouse_options INTERFACE -Wl,-z,relro,-z,now,-z,noexecstack)
if(GATEHOUSE_SANITIZE)
  target_compile_options(gatehouse_options INTERFACE
    -fsanitize=${GATEHOUSE_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all
    # File and line in every report, at two thirds of the time that all of -g takes to compile.
    -g1
    # Compiled once and run once: optimising instrumented code takes longer than running it.
    -O0)
  # Some sixty programs of 200 MB each: GNU's linker takes ten times as long for them as LLVM's.
  target_link_options(gatehouse_options INTERFACE -fsanitize=${GATEHOUSE_SANITIZE} -fuse-ld=lld)
else()
  target_compile_definitions(gatehouse_options INTERFACE $<$<CONFIG:RelWithDebInfo>:_FORTIFY_SOURCE=2>)
endif()
