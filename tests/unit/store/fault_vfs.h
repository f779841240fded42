/*
 * fault_vfs: an SQLite VFS whose n-th write, sync or truncation fails, once or
 * from then on, or is where the process dies; everything else is the real VFS.
 */
#ifndef HIKAE_TESTS_STORE_FAULT_VFS_H
#define HIKAE_TESTS_STORE_FAULT_VFS_H

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/store/fault.h"

struct fault_file {
	sqlite3_file base;
	sqlite3_file *real;
};

static sqlite3_file *
real_of(sqlite3_file *file)
{
	return ((struct fault_file *)(void *)file)->real;
}

#define FORWARD(name, parameters, ...)                                         \
	static int fault_##name parameters                                     \
	{                                                                      \
		return real_of(f)->pMethods->x##name(real_of(f), __VA_ARGS__); \
	}
#define FORWARD_NOTHING(name)                                     \
	static int fault_##name(sqlite3_file *f)                  \
	{                                                         \
		return real_of(f)->pMethods->x##name(real_of(f)); \
	}
#define FAILING(name, parameters, ...)                                         \
	static int fault_##name parameters                                     \
	{                                                                      \
		if (fault_is_here())                                           \
			return fault.code;                                     \
		return real_of(f)->pMethods->x##name(real_of(f), __VA_ARGS__); \
	}

FORWARD_NOTHING(Close)
FORWARD(
    Read, (sqlite3_file * f, void *data, int n, sqlite3_int64 at), data, n, at)

/* Torn, half of it is there. */
static int
fault_Write(sqlite3_file *f, const void *data, int n, sqlite3_int64 at)
{
	if (fault.way == FAULT_TORN && fault.countdown == 1)
		(void)real_of(f)->pMethods->xWrite(real_of(f), data, n / 2, at);
	if (fault_is_here())
		return fault.code;
	return real_of(f)->pMethods->xWrite(real_of(f), data, n, at);
}

FAILING(Truncate, (sqlite3_file * f, sqlite3_int64 size), size)
FAILING(Sync, (sqlite3_file * f, int flags), flags)
FORWARD(FileSize, (sqlite3_file * f, sqlite3_int64 *size), size)
FORWARD(Lock, (sqlite3_file * f, int level), level)
FORWARD(Unlock, (sqlite3_file * f, int level), level)
FORWARD(CheckReservedLock, (sqlite3_file * f, int *out), out)
FORWARD(FileControl, (sqlite3_file * f, int op, void *arg), op, arg)
FORWARD_NOTHING(SectorSize)
FORWARD_NOTHING(DeviceCharacteristics)
FORWARD(ShmMap,
    (sqlite3_file * f, int page, int size, int extend, void volatile **out),
    page, size, extend, out)
FORWARD(ShmLock, (sqlite3_file * f, int at, int n, int flags), at, n, flags)
FORWARD(ShmUnmap, (sqlite3_file * f, int delete), delete)

static void
fault_ShmBarrier(sqlite3_file *f)
{
	real_of(f)->pMethods->xShmBarrier(real_of(f));
}

static sqlite3_vfs *real_vfs;

static int
fault_Open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags,
    int *ret_flags)
{
	static const sqlite3_io_methods methods = {
	    .iVersion = 2,
	    .xClose = fault_Close,
	    .xRead = fault_Read,
	    .xWrite = fault_Write,
	    .xTruncate = fault_Truncate,
	    .xSync = fault_Sync,
	    .xFileSize = fault_FileSize,
	    .xLock = fault_Lock,
	    .xUnlock = fault_Unlock,
	    .xCheckReservedLock = fault_CheckReservedLock,
	    .xFileControl = fault_FileControl,
	    .xSectorSize = fault_SectorSize,
	    .xDeviceCharacteristics = fault_DeviceCharacteristics,
	    .xShmMap = fault_ShmMap,
	    .xShmLock = fault_ShmLock,
	    .xShmBarrier = fault_ShmBarrier,
	    .xShmUnmap = fault_ShmUnmap,
	};
	struct fault_file *f = (struct fault_file *)(void *)file;
	int code;

	(void)vfs;
	f->real = (sqlite3_file *)(void *)(f + 1);
	f->base.pMethods = NULL;
	code = real_vfs->xOpen(real_vfs, name, f->real, flags, ret_flags);
	if (f->real->pMethods != NULL)
		f->base.pMethods = &methods;
	return code;
}

/* Every connection opened after this goes through it. */
static void
fault_vfs_install(void)
{
	static sqlite3_vfs vfs;

	real_vfs = sqlite3_vfs_find(NULL);
	vfs = *real_vfs;
	vfs.zName = "fault";
	vfs.szOsFile = (int)sizeof(struct fault_file) + real_vfs->szOsFile;
	vfs.xOpen = fault_Open;
	(void)sqlite3_vfs_register(&vfs, 1);
}

#endif
