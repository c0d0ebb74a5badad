# Finds the client library of MariaDB, Connector/C: LibMariaDB::LibMariaDB. MySQL's library does not work.

find_path(LibMariaDB_INCLUDE_DIR mariadb_version.h PATH_SUFFIXES mariadb)
find_library(LibMariaDB_LIBRARY mariadb)
mark_as_advanced(LibMariaDB_INCLUDE_DIR LibMariaDB_LIBRARY)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(LibMariaDB REQUIRED_VARS LibMariaDB_LIBRARY LibMariaDB_INCLUDE_DIR)

if(LibMariaDB_FOUND AND NOT TARGET LibMariaDB::LibMariaDB)
    add_library(LibMariaDB::LibMariaDB UNKNOWN IMPORTED)
    set_target_properties(LibMariaDB::LibMariaDB PROPERTIES
        IMPORTED_LOCATION "${LibMariaDB_LIBRARY}"
        INTERFACE_INCLUDE_DIRECTORIES "${LibMariaDB_INCLUDE_DIR}")
endif()
