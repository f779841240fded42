LIB += lib/worker/handle.c
LIB += lib/worker/job.c
LIB += lib/worker/pace.c
LIB += lib/worker/reader.c
LIB += lib/worker/reply.c
UNIT += tests/unit/worker/codec_test.c
FUZZ += tests/fuzz/fuzz_reply.c
UNIT += tests/unit/worker/reader_test.c
