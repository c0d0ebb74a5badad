# The databases that need a client library of their own, each behind an option that is ON, OFF or AUTO.

# kith_backend(target NAME folder package library): compiles src/backend/<folder> into the target and links the library,
# when KITH_<NAME> asks for it or the package is there. Sets KITH_WITH_<NAME>, here and for the compiler.
function(kith_backend target name folder package library)
    set(KITH_WITH_${name} OFF PARENT_SCOPE)
    if(KITH_${name})
        if(KITH_${name} STREQUAL "AUTO")
            find_package(${package})
        else()
            find_package(${package} REQUIRED)
        endif()
        if(${package}_FOUND)
            set(KITH_WITH_${name} ON PARENT_SCOPE)
            target_link_libraries(${target} PRIVATE ${library})
            target_compile_definitions(${target} PRIVATE KITH_WITH_${name})
            return()
        endif()
    endif()
    get_target_property(sources ${target} SOURCES)
    list(FILTER sources EXCLUDE REGEX "/src/backend/${folder}/")
    set_property(TARGET ${target} PROPERTY SOURCES ${sources})
endfunction()
