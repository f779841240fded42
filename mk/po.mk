# Translations: po/hikae.pot from the sources, po/ja.po by hand, .mo built.
translations:

.PHONY: translations
