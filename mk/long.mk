# Proofs that take too long, or too much room, for `make check`.

#: check-fresh the README's lines in a Debian that has nothing, as root (30 min)
FRESH ?= build/fresh
check-fresh:
	$(Q)mk/deps.sh fresh
	$(Q)tests/fresh/run.sh $(FRESH) $(if $(COMMAND),'$(COMMAND)')

.PHONY: check-fresh
