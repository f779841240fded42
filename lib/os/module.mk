LIB += lib/os/wire.c
UNIT += tests/unit/os/wire_test.c
