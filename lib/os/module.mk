LIB += lib/os/spawn.c lib/os/spawn_exec.c
LIB += lib/os/wire.c
UNIT += tests/unit/os/spawn_test.c
UNIT += tests/unit/os/wire_test.c
