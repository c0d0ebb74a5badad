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

# With KITH_UNITY, the sources of a target are compiled together: those of each folder, or so many at a time.
if(KITH_UNITY MATCHES "^([Oo][Nn]|[Yy][Ee][Ss]|[Tt][Rr][Uu][Ee]|[Yy]|1)$")
    set(KITH_UNITY ON)
elseif(KITH_UNITY)
    foreach(folder IN LISTS KITH_UNITY)
        if(NOT IS_DIRECTORY "${PROJECT_SOURCE_DIR}/src/${folder}")
            message(FATAL_ERROR "KITH_UNITY is ON, OFF or a list of folders of src/, which has no ${folder}")
        endif()
    endforeach()
endif()

# kith_unity_by_folder(target): all folders, or those that KITH_UNITY lists.
function(kith_unity_by_folder target)
    if(NOT KITH_UNITY)
        return()
    endif()
    kith_compile_together(${target} 0)
    set_target_properties(${target} PROPERTIES UNITY_BUILD_MODE GROUP)
    get_target_property(sources ${target} SOURCES)
    foreach(source IN LISTS sources)
        cmake_path(GET source PARENT_PATH folder)
        cmake_path(IS_PREFIX CMAKE_CURRENT_BINARY_DIR "${folder}" is_generated)
        string(REGEX REPLACE "^src/" "" name "${folder}")
        if(NOT is_generated AND (KITH_UNITY STREQUAL "ON" OR name IN_LIST KITH_UNITY))
            string(REPLACE "/" "_" group "${folder}")
            set_property(SOURCE "${source}" PROPERTY UNITY_GROUP "${group}")
        endif()
    endforeach()
endfunction()

# kith_unity(target files)
function(kith_unity target files)
    if(KITH_UNITY STREQUAL "ON")
        kith_compile_together(${target} ${files})
    endif()
endfunction()

function(kith_compile_together target files)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE ${files})
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        # It takes each file for a header, whose private types other files could see.
        target_compile_options(${target} PRIVATE -Wno-subobject-linkage)
    endif()
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
