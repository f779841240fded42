deps:

.PHONY: deps
