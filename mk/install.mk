# Getting what is needed, installing, packing.

unitdir ?= $(prefix)/lib/systemd/system
sysusersdir ?= $(prefix)/lib/sysusers.d
tmpfilesdir ?= $(prefix)/lib/tmpfiles.d
udevrulesdir ?= $(prefix)/lib/udev/rules.d
INSTALL_PROGRAM ?= $(INSTALL)
INSTALL_DATA ?= $(INSTALL) -m 644

#: deps        install the Debian packages that building and testing need
deps:
	$(Q)mk/deps.sh build test

# What is installed: $(1) from folder/file patterns, as "KIND SOURCE TARGET".
# KIND: program, data, text (@variables@ are filled in), config (text that is
# not overwritten where it exists).
files = $(foreach f,$(wildcard $(2)),$(1) $(f) $(3)/$(notdir $(f:.in=));)
man_section = $(subst .,,$(suffix $(1)))

INSTALLED = \
	program $(BUILD)/bin/hikae $(bindir)/hikae; \
	program $(BUILD)/bin/hikaed $(sbindir)/hikaed; \
	$(foreach l,$(LINGUAS),data $(BUILD)/share/locale/$(l)/LC_MESSAGES/$\
		hikae.mo $(localedir)/$(l)/LC_MESSAGES/hikae.mo;) \
	$(foreach s,1 5 7 8,$(call files,data,doc/*.$(s),$(mandir)/man$(s))) \
	$(foreach l,$(LINGUAS),$(foreach s,1 5 7 8,$(call files,data,$\
		doc/$(l)/*.$(s),$(mandir)/$(l)/man$(s)))) \
	data $(BUILD)/man/hikae.conf.5 $(mandir)/man5/hikae.conf.5; \
	$(foreach l,$(LINGUAS),data $(BUILD)/man/$(l)/hikae.conf.5 \
		$(mandir)/$(l)/man5/hikae.conf.5;) \
	$(call files,data,doc/*.md,$(docdir)) \
	$(call files,data,conf/prometheus/*.yml,$(docdir)/examples) \
	$(call files,config,conf/hikae.conf,$(sysconfdir)/hikae) \
	$(call files,data,conf/requirements.d/*.conf,$\
		$(datarootdir)/hikae/requirements.d) \
	$(foreach p,$(filter-out %.d,$(wildcard conf/drill.d/*)),program $(p) $\
		$(datarootdir)/hikae/drill.d/$(notdir $(p));) \
	$(call files,data,conf/drill.d/postgresql.d/*,$\
		$(datarootdir)/hikae/drill.d/postgresql.d) \
	$(foreach k,service socket timer path target,$\
		$(call files,text,systemd/*.$(k),$(unitdir))) \
	$(call files,data,systemd/sysusers.d/*.conf,$(sysusersdir)) \
	$(call files,data,systemd/tmpfiles.d/*.conf,$(tmpfilesdir)) \
	$(call files,data,systemd/rules.d/*.rules,$(udevrulesdir))

installed_lines = printf '%s\n' '$(INSTALLED)' | tr ';' '\n' | sed 's/^ *//'

#: install     install below $(DESTDIR)$(prefix)
install: all
	$(Q)$(installed_lines) | while read -r kind source target; do \
		[ -n "$$kind" ] || continue; \
		target="$(DESTDIR)$$target"; \
		$(INSTALL) -d "$${target%/*}" || exit 1; \
		case $$kind in \
		program) $(INSTALL_PROGRAM) "$$source" "$$target" ;; \
		data) $(INSTALL_DATA) "$$source" "$$target" ;; \
		config) [ -e "$$target" ] || \
			$(INSTALL_DATA) "$$source" "$$target" ;; \
		text) sed -e 's|@sbindir@|$(sbindir)|g' \
			-e 's|@bindir@|$(bindir)|g' \
			-e 's|@sysconfdir@|$(sysconfdir)|g' \
			"$$source" >"$$target" && chmod 644 "$$target" ;; \
		esac || exit 1; \
	done

# Folders of hikae's own, deepest first: those that are empty go.
OWN_FOLDERS := $(docdir)/examples $(docdir) \
	$(datarootdir)/hikae/requirements.d \
	$(datarootdir)/hikae/drill.d/postgresql.d $(datarootdir)/hikae/drill.d \
	$(datarootdir)/hikae

#: uninstall   remove what install put there; configuration and state stay
uninstall:
	$(Q)$(installed_lines) | while read -r kind source target; do \
		case $$kind in \
		program | data | text) rm -f "$(DESTDIR)$$target" ;; \
		esac || exit 1; \
	done
	$(Q)for folder in $(OWN_FOLDERS); do \
		[ ! -d "$(DESTDIR)$$folder" ] || \
			rmdir --ignore-fail-on-non-empty "$(DESTDIR)$$folder" || \
			exit 1; \
	done

#: dist        build/hikae-VERSION.tar.gz from the last commit, reproducible
dist:
	@mkdir -p build
	$(Q)git archive --format=tar --prefix=hikae-$(VERSION)/ HEAD | \
		gzip -n -9 >build/hikae-$(VERSION).tar.gz
	$(Q)sha256sum build/hikae-$(VERSION).tar.gz

#: deb         build/hikae_VERSION_ARCH.deb, looked at by lintian
deb:
	$(Q)mk/deps.sh build deb
	$(Q)mk/deb.sh

.PHONY: deps install uninstall dist deb
