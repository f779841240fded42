# The requirement packs become part of the library: conf/requirements.d as
# bytes in a generated source (lib/model/requirement_shipped.h).

PACKS := $(addprefix conf/requirements.d/,law.conf guideline-7.0.conf \
	guideline-6.0.conf checklist-r8.conf checklist-r7.conf fee-r8.conf \
	fee-r6.conf bcp.conf best-practice.conf international.conf \
	product-default.conf)
PACKS_SOURCE := $(BUILD)/packs/requirement_shipped.c
PACKS_OBJECT := $(BUILD)/obj/packs/requirement_shipped.o

$(PACKS_SOURCE): $(PACKS) mk/packs.mk
	$(call say,PACKS,$@)
	@mkdir -p $(@D)
	$(Q)for pack in $(PACKS); do \
		printf 'static const unsigned char pack_%d[] = {\n' \
			$$((n += 1)); \
		od -An -v -tx1 "$$pack" | sed 's/ \(..\)/0x\1,/g'; \
		printf '};\n'; \
	done >$@
	$(Q){ printf '#include "lib/model/requirement_shipped.h"\n'; \
		printf 'const struct requirement_shipped %s[] = {\n' \
			requirement_shipped_packs; \
		for pack in $(PACKS); do \
			printf '{"%s", pack_%d, sizeof(pack_%d)},\n' \
				"$${pack##*/}" $$((n += 1)) $$n; \
		done; \
		printf '{NULL, NULL, 0}};\n'; } >>$@

$(PACKS_OBJECT): $(PACKS_SOURCE)
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(COMPILE)

$(BUILD)/libhikae.a: $(PACKS_OBJECT)

-include $(PACKS_OBJECT:.o=.d)
