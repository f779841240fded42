# Translations: po/hikae.pot from the sources, po/LANGUAGE.po by hand, .mo built.

LINGUAS := ja
POT := build/hikae.pot
po_sources = $(sort $(LIB) $(DAEMON) $(CLI) $(MANUAL) $(wildcard lib/*/*.h daemon/*.h \
	cli/*.h))

XGETTEXT := xgettext --force-po --language=C --from-code=UTF-8 --keyword=_ --keyword=N_ \
	--flag=_:1:pass-c-format --flag=N_:1:pass-c-format \
	--flag=error_set:3:c-format --flag=error_set_errno:3:c-format \
	--flag=error_prefix:2:c-format --add-comments=TRANSLATORS: \
	--package-name=hikae --package-version=$(VERSION) \
	--sort-by-file --no-wrap

#: translations  the catalogues of the programs (part of all)
translations: $(LINGUAS:%=$(BUILD)/share/locale/%/LC_MESSAGES/hikae.mo)

# Fragments that wait for po-merge count already.
$(BUILD)/share/locale/%/LC_MESSAGES/hikae.mo: po/%.po $(wildcard po/parts/*.po)
	$(call say,MSGFMT,$<)
	@mkdir -p $(@D)
	$(Q)msgcat --use-first --force-po --no-wrap $< \
		$(wildcard po/parts/*.$*.po) | msgfmt -c -o $@ -

#: pot         build/hikae.pot, the texts of the sources
pot: $(POT)

$(POT): $(po_sources) mk/po.mk
	$(call say,POT,$@)
	@mkdir -p $(@D)
	$(Q)$(XGETTEXT) -o - $(po_sources) | sed '/POT-Creation-Date/d' >$@

#: po-merge    put po/parts/*.LANGUAGE.po into po/LANGUAGE.po, in source order
po-merge: $(POT)
	$(Q)$(foreach l,$(LINGUAS),mk/po-merge.sh $(l) $(POT) &&) :

.PHONY: translations pot po-merge
