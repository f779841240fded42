LIB += lib/model/finding.c
LIB += lib/model/pattern.c
LIB += lib/model/schedule.c
LIB += lib/model/verdict.c
UNIT += tests/unit/model/finding_test.c
UNIT += tests/unit/model/pattern_test.c
UNIT += tests/unit/model/schedule_test.c
UNIT += tests/unit/model/verdict_test.c
