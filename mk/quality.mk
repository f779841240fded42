# What a reader would find, found by machine: tests/lint/ has the rules.

product = $(LIB) $(DAEMON) $(CLI)
stamps = $(patsubst %.c,build/analyze/%.ok,$(product))

#: lint        house rules: layers, owners, names, sizes, format, texts
lint:
	$(Q)mk/deps.sh build lint
	$(Q)$(MAKE) --no-print-directory $(parallel) lint-run

lint-run: export LISTED = $(product) $(UNIT) $(FUZZ)
lint-run: export OBJECTS = $(call objects,$(product))
lint-run: export PO = $(LINGUAS:%=po/%.po)
lint-run: $(call objects,$(product)) $(POT)
	$(Q)tests/lint/self.sh build/lint-self
	$(Q)POT=$(POT) tests/lint/run.sh build/lint \
		text objects format shell tree translation

#: analyze     gcc's analyzer, cppcheck and clang-tidy, on what changed
analyze:
	$(Q)mk/deps.sh build lint
	$(Q)$(MAKE) --no-print-directory -k $(parallel) analyze-run || :
	@passed=$$(ls $(stamps) 2>/dev/null | wc -l) && \
		failed=$$(($(words $(stamps)) - passed)) && \
		printf 'analyze: %d passed, %d failed, 0 skipped\n' \
			"$$passed" "$$failed" && [ "$$failed" -eq 0 ]

analyze-run: $(stamps)

# Without the quotes that only a recipe's shell would take away.
build/analyze/%.ok: export CPPFLAGS := $(subst ',,$(HIKAE_CPPFLAGS)) $(CPPFLAGS)
build/analyze/%.ok: export CC := $(CC)
build/analyze/%.ok: export WARNINGS := $(WARNINGS)
build/analyze/%.ok: %.c tests/lint/analyze.sh .clang-tidy
	$(call say,ANALYZE,$<)
	$(Q)rm -f $@
	$(Q)tests/lint/analyze.sh $< $@

-include $(wildcard $(stamps:.ok=.d))

.PHONY: lint lint-run analyze analyze-run
