# Speed against the machine's limits and against other tools, as ratios.

bench_programs := $(patsubst %,$(BUILD)/bench/%,generate plain floor \
	readers archive)

$(BUILD)/bench/%: $(BUILD)/obj/bench/%.o $(BUILD)/libhikae.a
	$(call say,LINK,$@)
	@mkdir -p $(@D)
	$(Q)$(LINK) -o $@ $^ $(HIKAE_LIBS) $(LDLIBS)

#: bench       speed as ratios to limits and peers (BENCH=full: large data)
bench: $(bench_programs)
	$(Q)mk/deps.sh build bench
	$(Q)bench/run.sh $(BUILD) $(or $(BENCH),small)

-include $(patsubst $(BUILD)/bench/%,$(BUILD)/obj/bench/%.d,$(bench_programs))

.PHONY: bench
