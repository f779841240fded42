LIB += lib/crypto/digest.c
LIB += lib/crypto/digest_any.c
LIB += lib/crypto/merkle.c
LIB += lib/crypto/note.c
LIB += lib/crypto/signature.c
LIB += lib/crypto/signature_key.c
LIB += lib/crypto/signature_text.c
UNIT += tests/unit/crypto/digest_test.c
UNIT += tests/unit/crypto/digest_any_test.c
UNIT += tests/unit/crypto/merkle_test.c
UNIT += tests/unit/crypto/merkle_altered_test.c
UNIT += tests/unit/crypto/note_test.c
UNIT += tests/unit/crypto/signature_test.c
UNIT += tests/unit/crypto/signature_minisign_test.c
UNIT += tests/unit/crypto/signature_passphrase_test.c
# scrypt at minisign's cost takes seconds and 1 GiB: the cost is lowered.
WRAP_crypto/signature_passphrase = crypto_pwhash_scryptsalsa208sha256
FUZZ += tests/fuzz/fuzz_signature.c
FUZZ += tests/fuzz/fuzz_note.c
LIB += lib/crypto/keyring.c
LIB += lib/crypto/keyring_chain.c
LIB += lib/crypto/keyring_change.c
LIB += lib/crypto/keyring_folder.c
LIB += lib/crypto/keyring_statement.c
UNIT += tests/unit/crypto/keyring_test.c
UNIT += tests/unit/crypto/keyring_interrupted_test.c
# A process that dies at every call that changes the disk.
WRAP_crypto/keyring_interrupted = fsync mkdirat renameat renameat2 unlinkat
