LIB += lib/format/json.c
UNIT += tests/unit/format/json_test.c
LIB += lib/format/frame.c
UNIT += tests/unit/format/frame_test.c
LIB += lib/format/mtree.c
UNIT += tests/unit/format/mtree_test.c
UNIT += tests/unit/format/mtree_tools_test.c
