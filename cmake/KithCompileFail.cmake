# Tests of programs that must not compile. They share one precompiled <kith/kith.hpp>, since reading the headers takes
# longer than finding what is wrong.

# The same include directories as a program that links kith: fmt may live outside the compiler's own.
get_target_property(fmt_include fmt::fmt INTERFACE_INCLUDE_DIRECTORIES)
if(NOT fmt_include)
    set(fmt_include)
endif()
list(REMOVE_ITEM fmt_include ${CMAKE_CXX_IMPLICIT_INCLUDE_DIRECTORIES})
list(TRANSFORM fmt_include PREPEND "-isystem;" OUTPUT_VARIABLE fmt_flags)
set(kith_compile_fail_flags -std=c++20 "-I${PROJECT_SOURCE_DIR}/include" ${fmt_flags})

set(precompiled "${PROJECT_BINARY_DIR}/compile_fail")
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    set(precompiled_header "${precompiled}/kith.hpp.gch") # beside a kith.hpp, which GCC looks for by that name
    set(kith_compile_fail_use -include "${precompiled}/kith.hpp")
else()
    set(precompiled_header "${precompiled}/kith.pch")
    list(APPEND kith_compile_fail_flags -fpch-instantiate-templates) # there, instead of in each program
    set(kith_compile_fail_use -include-pch "${precompiled_header}")
endif()

if(NOT TARGET kith_compile_fail)
    file(CONFIGURE OUTPUT "${precompiled}/kith.hpp" CONTENT "#include <kith/kith.hpp>\n")
    file(GLOB_RECURSE headers CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/include/kith/*.hpp")
    add_custom_command(OUTPUT "${precompiled_header}"
        COMMAND "${CMAKE_CXX_COMPILER}" ${kith_compile_fail_flags} -x c++-header "${precompiled}/kith.hpp"
            -o "${precompiled_header}"
        DEPENDS "${precompiled}/kith.hpp" ${headers}
        COMMENT "Precompiling kith.hpp for the programs that must not compile"
        VERBATIM)
    add_custom_target(kith_compile_fail ALL DEPENDS "${precompiled_header}")
endif()

# kith_compile_fail(name program [flag...]): a test by check.sh, which has the rules.
function(kith_compile_fail name program)
    add_test(NAME ${name}
        COMMAND "${PROJECT_SOURCE_DIR}/tests/compile_fail/check.sh" "${program}" "${CMAKE_CXX_COMPILER}"
            ${kith_compile_fail_flags} -fsyntax-only ${kith_compile_fail_use} ${ARGN})
    set_tests_properties(${name} PROPERTIES LABELS compile_fail TIMEOUT 120)
endfunction()
