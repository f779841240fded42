LIB += lib/crypto/digest.c
UNIT += tests/unit/crypto/digest_test.c
