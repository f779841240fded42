# Compiler and linker flags.  The user's CPPFLAGS, CFLAGS and LDFLAGS come last.

PACKAGES := libarchive libsodium sqlite3 libcrypto libzstd zlib jansson \
	libseccomp blkid libqrencode
PKG_CONFIG ?= pkg-config

WARNINGS := -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow \
	-Wformat=2 -Wstrict-prototypes -Wmissing-prototypes -Wundef \
	-Wcast-qual -Wvla -Wswitch-enum -Wwrite-strings -Wpointer-arith \
	-Wimplicit-fallthrough $(if $(WERROR),-Werror)

# Bytes of address space that one sandboxed child may use.  A sanitizer maps
# terabytes of shadow memory, so its variants cannot have the limit.
CHILD_MEMORY_BYTES := 536870912

OPTIMIZE := -O2 -g -D_FORTIFY_SOURCE=2
HARDEN := -fstack-protector-strong -fPIE
HARDEN_LD := -pie -Wl,-z,relro,-z,now
ifeq ($(VARIANT),debug)
OPTIMIZE := -O0 -g3
else ifeq ($(VARIANT),asan)
OPTIMIZE := -O1 -g -fno-omit-frame-pointer
HARDEN := -fsanitize=address,undefined -fno-sanitize-recover=all
HARDEN_LD := -fsanitize=address,undefined
CHILD_MEMORY_BYTES := 0
else ifeq ($(VARIANT),coverage)
OPTIMIZE := -O0 -g --coverage
HARDEN_LD := --coverage
else ifeq ($(VARIANT),fuzz)
OPTIMIZE := -O1 -g -fno-omit-frame-pointer
HARDEN := -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
HARDEN_LD := -fsanitize=address,undefined
CHILD_MEMORY_BYTES := 0
endif

VERSION := 0.1.0
HIKAE_CPPFLAGS := -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -I. \
	-DHIKAE_VERSION='"$(VERSION)"' \
	-DHIKAE_CHILD_MEMORY_BYTES=$(CHILD_MEMORY_BYTES)ull
HIKAE_CFLAGS := -std=c17 $(OPTIMIZE) $(HARDEN) $(WARNINGS)
HIKAE_LDFLAGS := $(HARDEN_LD) -Wl,--as-needed
# A missing library is reported by `make deps`, not by every other target.
HIKAE_LIBS = $(shell $(PKG_CONFIG) --libs $(PACKAGES) 2>/dev/null) -laio

COMPILE = $(CC) $(HIKAE_CPPFLAGS) $(CPPFLAGS) $(HIKAE_CFLAGS) $(CFLAGS) \
	-MMD -MP -c -o $@ $<
LINK = $(CC) $(HIKAE_CFLAGS) $(CFLAGS) $(HIKAE_LDFLAGS) $(LDFLAGS)

Q := $(if $(V),,@)
say = $(if $(V),,@printf '  %-8s%s\n' '$(1)' '$(2)')
