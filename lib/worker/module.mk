LIB += lib/worker/handle.c
LIB += lib/worker/job.c
LIB += lib/worker/reader.c
LIB += lib/worker/reply.c
