# The databases that need their own client library, each with an option that is ON, OFF or AUTO.

# kith_backend(target NAME package library source...): adds the sources to the target and links the library, if
# KITH_<NAME> asks for it or the package is installed. Sets KITH_WITH_<NAME>, here and for the compiler.
function(kith_backend target name package library)
    set(KITH_WITH_${name} OFF PARENT_SCOPE)
    if(NOT KITH_${name})
        return()
    endif()
    if(KITH_${name} STREQUAL "AUTO")
        find_package(${package})
    else()
        find_package(${package} REQUIRED)
    endif()
    if(${package}_FOUND)
        set(KITH_WITH_${name} ON PARENT_SCOPE)
        target_sources(${target} PRIVATE ${ARGN})
        target_link_libraries(${target} PRIVATE ${library})
        target_compile_definitions(${target} PRIVATE KITH_WITH_${name})
    endif()
endfunction()
