LIB += lib/base/bytes.c lib/base/clock.c lib/base/error.c lib/base/i18n.c
UNIT += tests/unit/base/bytes_test.c
FUZZ += tests/fuzz/fuzz_bytes.c
