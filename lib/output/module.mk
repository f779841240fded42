LIB += lib/output/document_journal.c
LIB += lib/output/document_list.c
LIB += lib/output/document_recover.c
LIB += lib/output/document_reach.c
LIB += lib/output/document_row.c
LIB += lib/output/document_show.c
LIB += lib/output/document_status.c
UNIT += tests/unit/output/document_test.c
