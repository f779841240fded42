/*
 * config_choice: the words that keys of a configuration offer (config_key.c).
 *
 * Layer 3.  Uses: nothing.
 */
#ifndef HIKAE_MODEL_CONFIG_CHOICE_H
#define HIKAE_MODEL_CONFIG_CHOICE_H

enum config_sandbox {
	CONFIG_SANDBOX_REQUIRED,
	CONFIG_SANDBOX_BEST_EFFORT,
};

enum config_facility_kind {
	CONFIG_FACILITY_HOSPITAL,
	CONFIG_FACILITY_CLINIC,
};

enum config_system_kind {
	CONFIG_SYSTEM_EHR,
	CONFIG_SYSTEM_ORDER,
	CONFIG_SYSTEM_RECEIPT,
	CONFIG_SYSTEM_IMAGING,
	CONFIG_SYSTEM_OTHER,
};

enum config_medium_kind {
	CONFIG_MEDIUM_DISK,
	CONFIG_MEDIUM_NAS,
	CONFIG_MEDIUM_REMOVABLE,
	CONFIG_MEDIUM_TAPE,
	CONFIG_MEDIUM_OPTICAL,
	CONFIG_MEDIUM_CLOUD,
	CONFIG_MEDIUM_OTHER,
};

/* How a medium is kept out of an attacker's reach (DESIGN section 6). */
enum config_offline {
	CONFIG_OFFLINE_NONE,
	CONFIG_OFFLINE_DETACHED,
	CONFIG_OFFLINE_NETWORK_PARTITION,
	CONFIG_OFFLINE_APPEND_ONLY,
	CONFIG_OFFLINE_CONNECT_WINDOW,
	CONFIG_OFFLINE_CLOUD_ISOLATED,
};

enum config_mount {
	CONFIG_MOUNT_NEVER,
	CONFIG_MOUNT_HIKAE,
};

enum config_layout {
	CONFIG_LAYOUT_DIRECTORY, /* a generation is a directory */
	CONFIG_LAYOUT_ARCHIVE,	 /* ... an archive file */
	CONFIG_LAYOUT_FILE,	 /* ... an opaque file */
	CONFIG_LAYOUT_TREE,	 /* one living directory */
};

enum config_foreign {
	CONFIG_FOREIGN_AUTO,
	CONFIG_FOREIGN_NONE,
};

/* How somebody is told (config_key.c: [notify]). */
enum config_method {
	CONFIG_METHOD_MAIL,
	CONFIG_METHOD_COMMAND,
	CONFIG_METHOD_HEARTBEAT,
};

/* In what language (base/i18n). */
enum config_language {
	CONFIG_LANGUAGE_AUTO, /* hikaed's own */
	CONFIG_LANGUAGE_JA,
	CONFIG_LANGUAGE_EN,
};

#endif
