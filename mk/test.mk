# Tests.  `make unit T=os/file` runs one program, `make scenario T=03` one
# scenario.  WRAP_<test> in a module.mk names the functions a test replaces
# through the linker, with the reason beside it.

unit_binaries := $(patsubst tests/unit/%_test.c,$(BUILD)/unit/%,$(UNIT))

$(BUILD)/unit/%: $(BUILD)/obj/tests/unit/%_test.o $(BUILD)/libhikae.a
	$(call say,LINK,$@)
	@mkdir -p $(@D)
	$(Q)$(LINK) -o $@ $^ $(foreach f,$(WRAP_$*),-Wl,--wrap=$(f)) \
		$(HIKAE_LIBS) -lcmocka $(LDLIBS)

#: check       unit tests and scenarios (T=name runs one)
check: deps all unit scenario

#: unit        unit tests (T=os/file runs one)
unit: $(unit_binaries)
	$(Q)tests/run-unit.sh $(BUILD)/unit $(if $(T),$(T),\
		$(patsubst $(BUILD)/unit/%,%,$(unit_binaries)))

#: scenario    the real programs against real media and formats (T=03)
scenario: all
	$(Q)tests/run-scenario.sh $(BUILD) $(T)

.PHONY: check unit scenario
