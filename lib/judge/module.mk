LIB += lib/judge/health.c
LIB += lib/judge/health_rules.c
LIB += lib/judge/reason.c
UNIT += tests/unit/judge/health_test.c
UNIT += tests/unit/judge/reason_test.c
LIB += lib/judge/suspicion.c
UNIT += tests/unit/judge/suspicion_test.c
