# `cmake --install`: headers, library, a package for find_package(kith) and one for pkg-config.

include(CMakePackageConfigHelpers)

set(kith_package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/kith")
set(kith_pkgconfig_dir "${CMAKE_INSTALL_LIBDIR}/pkgconfig")

install(DIRECTORY include/kith DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" FILES_MATCHING PATTERN "*.hpp")
install(TARGETS kith EXPORT kithTargets)
install(EXPORT kithTargets NAMESPACE kith:: DESTINATION "${kith_package_dir}")

# A shared kith is already linked with SQLite and PCRE2; a project that links a static one must find them.
if(BUILD_SHARED_LIBS)
    set(kith_static OFF)
else()
    set(kith_static ON)
endif()
configure_package_config_file(cmake/kithConfig.cmake.in kithConfig.cmake INSTALL_DESTINATION "${kith_package_dir}")
write_basic_package_version_file(kithConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES
    cmake/FindPCRE2.cmake
    cmake/FindLibMariaDB.cmake
    cmake/FindLibPQ.cmake
    "${CMAKE_CURRENT_BINARY_DIR}/kithConfig.cmake"
    "${CMAKE_CURRENT_BINARY_DIR}/kithConfigVersion.cmake"
    DESTINATION "${kith_package_dir}")

# By library, not by package: the dependencies of those packages with --static exist only for static client libraries.
set(kith_pc_clients "")
if(KITH_WITH_MARIADB)
    string(APPEND kith_pc_clients " -lmariadb")
endif()
if(KITH_WITH_POSTGRESQL)
    string(APPEND kith_pc_clients " -lpq")
endif()

# The prefix is derived from the location of kith.pc, so an installed tree can be moved.
file(RELATIVE_PATH kith_pc_to_prefix "/prefix/${kith_pkgconfig_dir}" "/prefix")
configure_file(cmake/kith.pc.in kith.pc @ONLY)
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/kith.pc" DESTINATION "${kith_pkgconfig_dir}")
