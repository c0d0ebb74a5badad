# With KITH_UNITY, the sources of a target are compiled together: those of each folder, or so many at a time.

# kith_unity_by_folder(target)
function(kith_unity_by_folder target)
    if(NOT KITH_UNITY)
        return()
    endif()
    kith_unity(${target} 0)
    set_target_properties(${target} PROPERTIES UNITY_BUILD_MODE GROUP)
    get_target_property(sources ${target} SOURCES)
    foreach(source IN LISTS sources)
        cmake_path(GET source PARENT_PATH folder)
        cmake_path(IS_PREFIX CMAKE_CURRENT_BINARY_DIR "${folder}" is_generated)
        if(NOT is_generated)
            string(REPLACE "/" "_" group "${folder}")
            set_property(SOURCE "${source}" PROPERTY UNITY_GROUP "${group}")
        endif()
    endforeach()
endfunction()

# kith_unity(target files)
function(kith_unity target files)
    if(NOT KITH_UNITY)
        return()
    endif()
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE ${files})
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        target_compile_options(${target} PRIVATE
            # It takes each file for a header, whose private types other files could see.
            -Wno-subobject-linkage
            # It lets a file grow by two fifths when it inlines, which is little for many files in one.
            --param=inline-unit-growth=400)
    endif()
endfunction()
