LIB += lib/format/json.c
UNIT += tests/unit/format/json_test.c
LIB += lib/format/frame.c
UNIT += tests/unit/format/frame_test.c
