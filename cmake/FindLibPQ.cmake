# Finds the client library of PostgreSQL: LibPQ::LibPQ. CMake's own module also requires the headers of the server.

find_path(LibPQ_INCLUDE_DIR libpq-fe.h PATH_SUFFIXES postgresql)
find_library(LibPQ_LIBRARY pq)
mark_as_advanced(LibPQ_INCLUDE_DIR LibPQ_LIBRARY)

# Pipelines need version 14.
if(LibPQ_INCLUDE_DIR)
    file(STRINGS "${LibPQ_INCLUDE_DIR}/libpq-fe.h" LibPQ_pipelines REGEX "LIBPQ_HAS_PIPELINING")
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(LibPQ
    REQUIRED_VARS LibPQ_LIBRARY LibPQ_INCLUDE_DIR LibPQ_pipelines
    REASON_FAILURE_MESSAGE "libpq 14 or newer is needed")

if(LibPQ_FOUND AND NOT TARGET LibPQ::LibPQ)
    add_library(LibPQ::LibPQ UNKNOWN IMPORTED)
    set_target_properties(LibPQ::LibPQ PROPERTIES
        IMPORTED_LOCATION "${LibPQ_LIBRARY}"
        INTERFACE_INCLUDE_DIRECTORIES "${LibPQ_INCLUDE_DIR}")
endif()
