# The small hospital of demo/.

#: demo        install what is missing, build, watch a hospital be damaged
demo:
	$(Q)mk/deps.sh build demo
	$(Q)$(MAKE) --no-print-directory $(parallel) all
	$(Q)demo/run.sh $(BUILD) build/demo

.PHONY: demo
