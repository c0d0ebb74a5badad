#include "faults/injection.hpp"

#include <sqlite3.h>

#include <cstddef>
#include <new>
#include <stdexcept>

/// A file system for SQLite over its own, whose calls fail on demand.
namespace faults {
namespace {

/// SQLite provides the memory: the real file follows this one.
struct File : sqlite3_file {
    sqlite3_file* real() noexcept { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

sqlite3_file* real(sqlite3_file* file) noexcept { return static_cast<File*>(file)->real(); }

template <Kind kind, auto method, int code, class... A>
int call(sqlite3_file* file, A... arguments) {
    if (fails(kind)) return code;
    auto* below = real(file);
    return (below->pMethods->*method)(below, arguments...);
}
template <auto method, class... A>
int pass(sqlite3_file* file, A... arguments) {
    auto* below = real(file);
    return (below->pMethods->*method)(below, arguments...);
}

using Methods = sqlite3_io_methods;

int close(sqlite3_file* file) {
    const int code = pass<&Methods::xClose>(file);
    static_cast<File*>(file)->~File();
    return code;
}

int write(sqlite3_file* file, const void* data, int bytes, sqlite3_int64 at) {
    if (fails(Kind::write)) return SQLITE_IOERR_WRITE;
    if (fails(Kind::torn_write)) {
        (void)pass<&Methods::xWrite>(file, data, bytes / 2, at);
        return SQLITE_FULL;
    }
    return pass<&Methods::xWrite>(file, data, bytes, at);
}

/// The machine stays up, so nothing is lost without the real one, which takes most of the time.
int sync(sqlite3_file*, int) { return fails(Kind::sync) ? SQLITE_IOERR_FSYNC : SQLITE_OK; }

/// Unlocking does not fail: nobody would look.
int lock_map(sqlite3_file* file, int first, int count, int flags) {
    if ((flags & SQLITE_SHM_LOCK) != 0 && fails(Kind::map_lock)) return SQLITE_IOERR_SHMLOCK;
    return pass<&Methods::xShmLock>(file, first, count, flags);
}

void barrier(sqlite3_file* file) { real(file)->pMethods->xShmBarrier(real(file)); }

const sqlite3_io_methods methods = [] {
    sqlite3_io_methods m{};
    m.iVersion = 2; // with shared memory, without mapped files
    m.xClose = close;
    m.xRead = call<Kind::read, &Methods::xRead, SQLITE_IOERR_READ, void*, int, sqlite3_int64>;
    m.xWrite = write;
    m.xTruncate = call<Kind::truncate, &Methods::xTruncate, SQLITE_IOERR_TRUNCATE, sqlite3_int64>;
    m.xSync = sync;
    m.xFileSize = call<Kind::size, &Methods::xFileSize, SQLITE_IOERR_FSTAT, sqlite3_int64*>;
    m.xLock = call<Kind::lock, &Methods::xLock, SQLITE_IOERR_LOCK, int>;
    m.xUnlock = pass<&Methods::xUnlock, int>;
    m.xCheckReservedLock = call<Kind::lock, &Methods::xCheckReservedLock, SQLITE_IOERR_CHECKRESERVEDLOCK, int*>;
    m.xFileControl = pass<&Methods::xFileControl, int, void*>;
    m.xSectorSize = pass<&Methods::xSectorSize>;
    m.xDeviceCharacteristics = pass<&Methods::xDeviceCharacteristics>;
    m.xShmMap = call<Kind::map, &Methods::xShmMap, SQLITE_IOERR_SHMMAP, int, int, int, volatile void**>;
    m.xShmLock = lock_map;
    m.xShmBarrier = barrier;
    m.xShmUnmap = pass<&Methods::xShmUnmap, int>;
    return m;
}();

sqlite3_vfs* below(sqlite3_vfs* vfs) noexcept { return static_cast<sqlite3_vfs*>(vfs->pAppData); }

int open(sqlite3_vfs* vfs, const char* name, sqlite3_file* memory, int flags, int* opened) {
    auto* file = new (memory) File;
    file->pMethods = nullptr; // nothing to close
    if (fails(Kind::open)) return SQLITE_CANTOPEN;
    const int code = below(vfs)->xOpen(below(vfs), name, file->real(), flags, opened);
    if (file->real()->pMethods != nullptr) file->pMethods = &methods;
    return code;
}
int remove(sqlite3_vfs* vfs, const char* name, int) {
    return fails(Kind::remove) ? SQLITE_IOERR_DELETE : below(vfs)->xDelete(below(vfs), name, 0);
}
int access(sqlite3_vfs* vfs, const char* name, int flags, int* result) {
    return fails(Kind::access) ? SQLITE_IOERR_ACCESS : below(vfs)->xAccess(below(vfs), name, flags, result);
}
int full_path(sqlite3_vfs* vfs, const char* name, int bytes, char* path) {
    return below(vfs)->xFullPathname(below(vfs), name, bytes, path);
}

} // namespace

void install_sqlite_files() {
    static sqlite3_vfs vfs;
    auto* usual = sqlite3_vfs_find(nullptr);
    if (usual == nullptr) throw std::runtime_error("SQLite has no file system");
    vfs = *usual; // what does not touch files is its own
    vfs.szOsFile = static_cast<int>(sizeof(File)) + usual->szOsFile;
    vfs.zName = "kith-faults";
    vfs.pNext = nullptr;
    vfs.pAppData = usual;
    vfs.xOpen = open;
    vfs.xDelete = remove;
    vfs.xAccess = access;
    vfs.xFullPathname = full_path;
    if (sqlite3_vfs_register(&vfs, 1) != SQLITE_OK) throw std::runtime_error("SQLite refuses the file system");
}

} // namespace faults
