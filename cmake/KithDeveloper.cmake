# For our own builds only. With KITH_DEVELOPER off, nothing here changes how kith is compiled.

# kith_warnings(target): our warnings, as errors. Private to the target: a program that links kith inherits none.
function(kith_warnings target)
    if(NOT KITH_DEVELOPER)
        return()
    endif()
    target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror)
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        # GCC 12 sees overlaps inside std::string's own operator+ (its bug 105651).
        target_compile_options(${target} PRIVATE -Wno-restrict)
        if(CMAKE_CXX_FLAGS MATCHES "-fsanitize")
            # This warning cannot follow instrumented code; the manual says so.
            target_compile_options(${target} PRIVATE -Wno-maybe-uninitialized)
        endif()
    endif()
endfunction()

# kith_precompile(target header...): reads the headers once for all sources of the target.
function(kith_precompile target)
    target_precompile_headers(${target} PRIVATE ${ARGN})
    # For ccache: the name of what was included, and no time in the precompiled header.
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        target_compile_options(${target} PRIVATE -fpch-preprocess)
    else()
        target_compile_options(${target} PRIVATE "SHELL:-Xclang -fno-pch-timestamp")
    endif()
endfunction()

# kith_precompile_standard(target header...): the standard headers that half of the files of the library include, and
# further ones. What a file misses of them, structure.headers sees.
function(kith_precompile_standard target)
    kith_precompile(${target} <algorithm> <array> <atomic> <chrono> <compare> <concepts> <cstddef> <cstdint> <functional>
        <iterator> <map> <memory> <mutex> <optional> <span> <string> <string_view> <tuple> <type_traits> <unordered_map>
        <utility> <variant> <vector> <fmt/format.h> ${ARGN})
endfunction()

if(KITH_DEVELOPER AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
    find_program(KITH_CCACHE ccache)
    mark_as_advanced(KITH_CCACHE)
    if(KITH_CCACHE)
        # Precompiled headers are compared by content.
        set(CMAKE_CXX_COMPILER_LAUNCHER "${CMAKE_COMMAND}" -E env CCACHE_SLOPPINESS=pch_defines,time_macros "${KITH_CCACHE}")
        # Debug information without the clone's own path: with CCACHE_BASEDIR, which ./dev sets, clones share results.
        add_compile_options("-ffile-prefix-map=${PROJECT_SOURCE_DIR}=.")
    endif()
endif()
