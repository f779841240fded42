# What is built from what.  A module.mk adds to LIB (lib/), DAEMON, CLI and
# UNIT (test programs) and FUZZ (fuzz targets); MANUAL makes a manual page.
# Every source is named, so a missing file is an error.

LAYERS := base os crypto format model inspect examine worker store judge output

LIB :=
DAEMON :=
CLI :=
UNIT :=
FUZZ :=
MANUAL := doc/manual/keys.c
include $(wildcard $(LAYERS:%=lib/%/module.mk)) $(wildcard daemon/module.mk \
	cli/module.mk)

objects = $(patsubst %.c,$(BUILD)/obj/%.o,$(1))

$(BUILD)/obj/%.o: %.c
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(COMPILE)

$(BUILD)/libhikae.a: $(call objects,$(LIB))
	$(call say,AR,$@)
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$(BUILD)/bin/hikaed: $(call objects,$(DAEMON)) $(BUILD)/libhikae.a
	$(call say,LINK,$@)
	@mkdir -p $(@D)
	$(Q)$(LINK) -o $@ $^ $(HIKAE_LIBS) $(LDLIBS)

$(BUILD)/bin/hikae: $(call objects,$(CLI)) $(BUILD)/libhikae.a
	$(call say,LINK,$@)
	@mkdir -p $(@D)
	$(Q)$(LINK) -o $@ $^ $(HIKAE_LIBS) $(LDLIBS)

-include $(patsubst %.o,%.d,$(call objects,$(LIB) $(DAEMON) $(CLI) $(UNIT) \
	$(FUZZ) $(MANUAL) tests/fuzz/replay.c))
