# Proofs that take too long, or too much room, for `make check`.

#: check-fresh the README's lines in a Debian that has nothing, as root (30 min)
FRESH ?= build/fresh
check-fresh:
	$(Q)mk/deps.sh fresh
	$(Q)tests/fresh/run.sh $(FRESH) $(if $(COMMAND),'$(COMMAND)')

#: check-large 30 x 100,000 linked files, memory of 2,000,000 (30 min, 5 GB)
check-large:
	$(Q)mk/deps.sh build test
	$(Q)$(MAKE) --no-print-directory $(parallel) all $(BUILD)/tool/peaks
	$(Q)tests/large.sh $(BUILD)

.PHONY: check-fresh check-large
