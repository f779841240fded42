LIB += lib/os/sandbox.c lib/os/sandbox_landlock.c lib/os/sandbox_seccomp.c
LIB += lib/os/spawn.c lib/os/spawn_exec.c
LIB += lib/os/wire.c
UNIT += tests/unit/os/sandbox_calls_test.c
UNIT += tests/unit/os/sandbox_files_test.c
UNIT += tests/unit/os/sandbox_limits_test.c
UNIT += tests/unit/os/spawn_test.c
UNIT += tests/unit/os/wire_test.c
LIB += lib/os/block.c
LIB += lib/os/direct.c
LIB += lib/os/stream.c
LIB += lib/os/stream_aio.c
UNIT += tests/unit/os/stream_fault_test.c tests/unit/os/stream_test.c
# A failing medium and a kernel without room cannot be had otherwise; pread64 is
# what pread is called with 64-bit offsets.
WRAP_os/stream_fault = pread64 io_setup io_submit io_getevents
LIB += lib/os/arena.c lib/os/merge.c lib/os/sorter.c lib/os/spill.c
UNIT += tests/unit/os/sorter_test.c
# The disk that fills up, and fails, at every call.
WRAP_os/sorter = pwrite64 pread64
LIB += lib/os/file.c lib/os/descend.c
UNIT += tests/unit/os/file_test.c tests/unit/os/file_fault_test.c
# Each system call of an atomic replacement fails in turn; openat2 has no
# wrapper in the C library, so its faults go through syscall.
WRAP_os/file_fault = read write fsync fchmod mkdirat renameat openat64 syscall
LIB += lib/os/lines.c
LIB += lib/os/listing.c lib/os/trail.c lib/os/walk.c
UNIT += tests/unit/os/walk_test.c tests/unit/os/walk_change_test.c \
	tests/unit/os/walk_size_test.c
# A folder that stops giving names, and what happens between two looks.
WRAP_os/walk_change = getdents64 statx
LIB += lib/os/device.c
LIB += lib/os/mountinfo.c
LIB += lib/os/sysfs.c
UNIT += tests/unit/os/device_test.c
UNIT += tests/unit/os/mountinfo_test.c
LIB += lib/os/identity.c lib/os/identity_disk.c lib/os/identity_match.c \
	lib/os/identity_network.c
LIB += lib/os/host.c
UNIT += tests/unit/os/host_test.c
LIB += lib/os/udevdb.c
LIB += lib/os/presence.c
UNIT += tests/unit/os/presence_test.c
LIB += lib/os/uevent.c
LIB += lib/os/superblock.c lib/os/superblock_linux.c lib/os/superblock_optical.c \
	lib/os/superblock_windows.c lib/os/superblock_xfs.c
UNIT += tests/unit/os/identity_test.c
UNIT += tests/unit/os/uevent_test.c
UNIT += tests/unit/os/superblock_test.c
FUZZ += tests/fuzz/fuzz_udevdb.c tests/fuzz/fuzz_uevent.c
UNIT += tests/unit/os/sandbox_connect_test.c
LIB += lib/os/remove.c
LIB += lib/os/jail.c lib/os/sandbox_program.c
UNIT += tests/unit/os/remove_test.c
LIB += lib/os/spot.c
UNIT += tests/unit/os/spot_test.c
