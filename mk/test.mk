# Tests.  `make unit T=os/file` runs one program, `make scenario T=03` one
# scenario.  WRAP_<test> in a module.mk names the functions a test replaces
# through the linker, with the reason beside it.

unit_binaries := $(patsubst tests/unit/%_test.c,$(BUILD)/unit/%,$(UNIT))
fuzz_binaries := $(patsubst tests/fuzz/fuzz_%.c,$(BUILD)/fuzz/%,$(FUZZ))

# In the fuzz variant clang's driver makes inputs up; in every other one a
# plain main replays the files that it is given.
fuzz_driver := $(if $(filter fuzz,$(VARIANT)),,tests/fuzz/replay.c)
fuzz_flags := $(if $(filter fuzz,$(VARIANT)),-fsanitize=fuzzer)

$(BUILD)/unit/%: $(BUILD)/obj/tests/unit/%_test.o $(BUILD)/libhikae.a
	$(call say,LINK,$@)
	@mkdir -p $(@D)
	$(Q)$(LINK) -o $@ $^ $(foreach f,$(WRAP_$*),-Wl,--wrap=$(f)) \
		$(HIKAE_LIBS) -lcmocka $(LDLIBS)

# The daemon's parts, for the tests of it; main.o is the program's alone.
$(BUILD)/libdaemon.a: $(filter-out %/main.o,$(call objects,$(DAEMON)))
	$(call say,AR,$@)
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$(BUILD)/unit/daemon/%: $(BUILD)/obj/tests/unit/daemon/%_test.o \
		$(BUILD)/libdaemon.a $(BUILD)/libhikae.a
	$(call say,LINK,$@)
	@mkdir -p $(@D)
	$(Q)$(LINK) -o $@ $^ $(foreach f,$(WRAP_daemon/$*),-Wl,--wrap=$(f)) \
		$(HIKAE_LIBS) -lcmocka $(LDLIBS)

# The same for the command line's.
$(BUILD)/libcli.a: $(filter-out %/main.o,$(call objects,$(CLI)))
	$(call say,AR,$@)
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$(BUILD)/unit/cli/%: $(BUILD)/obj/tests/unit/cli/%_test.o \
		$(BUILD)/libcli.a $(BUILD)/libhikae.a
	$(call say,LINK,$@)
	@mkdir -p $(@D)
	$(Q)$(LINK) -o $@ $^ $(foreach f,$(WRAP_cli/$*),-Wl,--wrap=$(f)) \
		$(HIKAE_LIBS) -lcmocka $(LDLIBS)

$(BUILD)/fuzz/%: $(BUILD)/obj/tests/fuzz/fuzz_%.o \
		$(call objects,$(fuzz_driver)) $(BUILD)/libhikae.a
	$(call say,LINK,$@)
	@mkdir -p $(@D)
	$(Q)$(LINK) $(fuzz_flags) -o $@ $^ $(HIKAE_LIBS) $(LDLIBS)

# As many jobs as processors, unless the caller said how many.
parallel = $(if $(filter -j% --jobserver%,$(MAKEFLAGS)),,-j$(shell nproc))

#: check       install what is missing, run every test (VARIANT=asan)
check:
	$(Q)mk/deps.sh build test
	$(Q)$(MAKE) --no-print-directory $(parallel) all \
		$(unit_binaries) $(fuzz_binaries)
	$(Q)$(MAKE) --no-print-directory -k unit replay scenario

#: unit        unit tests (T=os/file runs one)
unit: $(if $(T),$(T:%=$(BUILD)/unit/%),$(unit_binaries))
	$(Q)tests/run-unit.sh $(BUILD)/unit $(if $(T),$(T),\
		$(patsubst $(BUILD)/unit/%,%,$(unit_binaries)))

# What scenarios use beside the programs that are installed.
$(BUILD)/tool/%: $(BUILD)/obj/tests/tool/%.o $(BUILD)/libhikae.a
	$(call say,LINK,$@)
	@mkdir -p $(@D)
	$(Q)$(LINK) -o $@ $^ $(HIKAE_LIBS) $(LDLIBS) $(TOOL_LIBS)
fuse = $(shell pkg-config $(1) fuse3)
$(BUILD)/obj/tests/tool/faulty.o: CPPFLAGS += \
	$(patsubst -I%,-isystem %,$(call fuse,--cflags))
$(BUILD)/tool/faulty: TOOL_LIBS = $(call fuse,--libs)

#: scenario    the real programs against real media and formats (T=03)
scenario: all $(patsubst %,$(BUILD)/tool/%,inspect faulty peaks)
	$(Q)tests/run-scenario.sh $(BUILD) $(T)

#: replay      the fuzzers' corpus under this variant (T=mtree)
replay: $(fuzz_binaries)
	$(Q)tests/run-fuzz.sh replay $(BUILD) $(if $(T),$(T),\
		$(patsubst $(BUILD)/fuzz/%,%,$(fuzz_binaries)))

#: fuzz        make up inputs with clang (T=mtree FUZZ_SECONDS=60)
fuzz:
	$(Q)mk/deps.sh build fuzz
	$(Q)$(MAKE) --no-print-directory $(parallel) VARIANT=fuzz CC=clang \
		fuzz-run

fuzz-run: $(fuzz_binaries)
	$(Q)tests/run-fuzz.sh fuzz $(BUILD) $(if $(T),$(T),\
		$(patsubst $(BUILD)/fuzz/%,%,$(fuzz_binaries)))

#: coverage    which lines the tests reach (build/coverage/report.html; TESTS=unit)
TESTS := check
coverage:
	$(Q)mk/deps.sh build test coverage
	$(Q)find build/coverage -name '*.gcda' -delete 2>/dev/null || :
	$(Q)$(MAKE) --no-print-directory VARIANT=coverage $(TESTS)
	$(Q)gcovr --root . --object-directory build/coverage/obj \
		--exclude tests/ --html-details build/coverage/report.html \
		--print-summary build/coverage/obj

.PHONY: check unit scenario replay fuzz fuzz-run coverage
