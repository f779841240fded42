# The manual pages that are made: hikae.conf(5) has its keys from the table
# that hikae reads them by.

PAGES := $(BUILD)/man/hikae.conf.5 $(LINGUAS:%=$(BUILD)/man/%/hikae.conf.5)

#: manual      the pages that are made (part of all)
manual: $(PAGES)

# Two folders below $(BUILD), as the programs: it finds the translations so.
$(BUILD)/tool/keys: $(call objects,$(MANUAL)) $(BUILD)/libhikae.a
	$(call say,LINK,$@)
	@mkdir -p $(@D)
	$(Q)$(LINK) -o $@ $^ $(HIKAE_LIBS) $(LDLIBS)

$(BUILD)/man/hikae.conf.5: doc/hikae.conf.5.in $(BUILD)/tool/keys
	$(call say,MANUAL,$@)
	@mkdir -p $(@D)
	$(Q)LC_ALL=C.UTF-8 LANGUAGE= $(BUILD)/tool/keys $< >$@

$(BUILD)/man/%/hikae.conf.5: doc/%/hikae.conf.5.in $(BUILD)/tool/keys \
		$(BUILD)/share/locale/%/LC_MESSAGES/hikae.mo
	$(call say,MANUAL,$@)
	@mkdir -p $(@D)
	$(Q)LC_ALL=C.UTF-8 LANGUAGE=$* $(BUILD)/tool/keys $< >$@

.PHONY: manual
