# hikae: one non-recursive makefile.  `make help` lists the targets.
#
# Every folder lists its own sources in module.mk; objects and generated
# dependencies live under build/VARIANT/, so variants never mix.
#
#   make VARIANT=asan check     the same tests with sanitizers
#   make V=1                    show the commands
#   make WERROR=1               warnings are errors

.DELETE_ON_ERROR:
.SUFFIXES:
.SECONDARY:
MAKEFLAGS += --no-builtin-rules

VARIANT ?= release
BUILD := build/$(VARIANT)

# GNU directory variables.
prefix ?= /usr/local
exec_prefix ?= $(prefix)
bindir ?= $(exec_prefix)/bin
sbindir ?= $(exec_prefix)/sbin
datarootdir ?= $(prefix)/share
mandir ?= $(datarootdir)/man
docdir ?= $(datarootdir)/doc/hikae
localedir ?= $(datarootdir)/locale
sysconfdir ?= $(if $(filter /usr,$(prefix)),/etc,$(prefix)/etc)
INSTALL ?= install

all:

include mk/flags.mk
include mk/modules.mk
include mk/packs.mk
include mk/po.mk
include mk/manual.mk
include mk/test.mk
include mk/quality.mk
include mk/demo.mk
include mk/bench.mk
include mk/vm.mk
include mk/long.mk
include mk/install.mk

#: all         the programs, their translations and manual (the default)
all: $(BUILD)/bin/hikaed $(BUILD)/bin/hikae translations manual

help:
	@sed -n 's/^#: //p' Makefile mk/*.mk | sort

#: clean       remove build/
clean:
	rm -rf build

.PHONY: all help clean
