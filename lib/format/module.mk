LIB += lib/format/json.c
UNIT += tests/unit/format/json_test.c
